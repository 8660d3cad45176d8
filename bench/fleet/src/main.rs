//! The fleet: what onboarding thousands of accounts costs, measured so that others can repeat it.
//!
//! Three processes: this one prints; a simulator of AWS serves each of AWS's hosts on a loopback address of its own;
//! and the function runs with Lambda's number of descriptors. The latter two are this program again, in another role.

mod budget;
mod child;
mod flags;
mod fleet;
mod floor;
mod formula;
mod function;
mod growth;
mod loopback;
mod measure;
mod measured;
mod page;
mod plot;
mod print;
mod run;
mod simulator;
mod talk;

use std::io::Write;
use std::process::ExitCode;

use clap::Parser;
use flags::{Flags, Role, Run};
use fleet::Fleet;
use serde_json::json;
use talk::Failure;

/// How many calls the simulator must answer in a second of one core. A slower one would be what is measured.
const SIMULATORS_SPEED: f64 = 10_000.0;

fn main() -> ExitCode {
    let flags = Flags::parse();
    let ended = match flags.role {
        Some(Role::Simulator) => simulator::run(),
        Some(Role::Function) => function::run(),
        None => measure(&flags),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn measure(flags: &Flags) -> Result<(), Failure> {
    if cfg!(debug_assertions) {
        eprintln!("this is no release build: its times are worth nothing");
    }
    if flags.simulator_speed {
        return simulators_speed(&flags.fleet);
    }
    if let Some(folder) = &flags.growth {
        return growth::write(&flags.fleet, folder, flags.quick);
    }
    let runs = run::runs(&flags.fleet, flags.until)?;
    if flags.json {
        let runs: Vec<_> = runs.iter().map(print::json).collect();
        let all = json!({"machine": measure::described(), "tls": false, "runs": runs});
        say(&format!("{}\n", serde_json::to_string_pretty(&all)?));
    } else {
        say(&print::heading());
        for run in &runs {
            say(&print::run(run));
        }
    }
    Ok(())
}

/// The simulator runs on one thread, so its processor time is that of one core.
fn simulators_speed(fleet: &Fleet) -> Result<(), Failure> {
    let fleet = Fleet { latency_ms: 0, verification_ms: 0, ..fleet.clone() };
    let runs = run::runs(&fleet, Run::First)?;
    for measured in &runs {
        let speed = measured.simulators_speed();
        let met = if speed >= SIMULATORS_SPEED { "met" } else { "NOT met" };
        say(&format!(
            "{} calls of a first run over TCP, {:.2} s of the simulator's processor time: {speed:.0} calls a second on one core; at least {SIMULATORS_SPEED:.0}: {met}\n",
            measured.calls(),
            measured.simulator.as_secs_f64()
        ));
    }
    Ok(())
}

/// Prints. A reader that has closed the pipe is no error.
fn say(text: &str) {
    let _ = std::io::stdout().write_all(text.as_bytes());
}
