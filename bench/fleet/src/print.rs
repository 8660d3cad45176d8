//! A run in words, and as JSON.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::budget::budgets;
use crate::flags::Run;
use crate::floor::float;
use crate::measure;
use crate::measured::{Limit, Measured};

/// The heading of all figures.
pub fn heading() -> String {
    format!("{}\nThe function talks HTTP here: TLS's share of its processor time is missing.\n", measure::described())
}

/// One run.
pub fn run(measured: &Measured) -> String {
    let mut out = String::new();
    // Writing to memory cannot fail.
    let _ = write(&mut out, measured);
    out
}

fn write(out: &mut String, measured: &Measured) -> std::fmt::Result {
    let (fleet, done) = (&measured.fleet, &measured.done);
    let memberships = fleet.memberships();
    writeln!(
        out,
        "\n{} run: {} accounts × {} Regions, {} ms a call, {} ms of verification, {} calls in flight, {} % of calls in trouble",
        name(measured.run),
        fleet.accounts,
        fleet.regions,
        fleet.latency_ms,
        fleet.verification_ms,
        fleet.concurrency,
        fleet.faults
    )?;
    writeln!(
        out,
        "  report       {} enabled, {} pending, {} failed; GuardDuty has {} of {memberships} monitored",
        done.enabled, done.pending, done.failed, measured.enabled
    )?;
    if let Some(drift) = done.drift {
        writeln!(out, "               {drift} not as declared")?;
    }
    if let Some(error) = &done.error {
        writeln!(out, "               the function says: {error}")?;
    }
    let (calls, needed) = (measured.calls(), measured.formula().all());
    writeln!(
        out,
        "  calls        {calls}, {:.3} per membership; by the formula {needed}, {} more; {} refused, {} of them throttled",
        measured.calls_per_membership(),
        i128::from(calls) - i128::from(needed),
        measured.refused(),
        measured.throttled()
    )?;
    if done.calls != calls {
        writeln!(out, "               the function counts {}", done.calls)?;
    }
    for (operation, calls) in measured.operations() {
        writeln!(out, "               {calls:>7} {operation} ({:.3})", float(calls) / float(memberships))?;
    }
    writeln!(out, "  wall clock   {:.2} s", done.wall.as_secs_f64())?;
    for (place, bound) in measured.bounds().iter().enumerate() {
        let word = if place == 0 { "floor" } else { "" };
        writeln!(out, "  {word:<13}{:.2} s: {} ({})", bound.seconds, bound.what, bound.how)?;
    }
    if let Some(ratio) = measured.ratio() {
        let (least, of_least) = measured.least();
        writeln!(out, "  ratio        {ratio:.2}")?;
        writeln!(
            out,
            "  least        {:.2} s: no order of calls could beat {} and what must come before and after; {of_least:.2} times that",
            least.least, least.what
        )?;
    }
    writeln!(
        out,
        "  processor    {:.2} s, {:.0} µs per call ({:.2} s user, {:.2} s system)",
        done.processor.as_secs_f64(),
        measured.micros_per_call(),
        done.user.as_secs_f64(),
        done.system.as_secs_f64()
    )?;
    writeln!(
        out,
        "  memory       {:.1} MiB at the peak, {:.1} MiB before; {:.2} KiB per membership",
        measured.peak_mib(),
        float(done.memory_before) / 1024.0,
        measured.kib_per_membership()
    )?;
    writeln!(out, "  connections  {} made", measured.connections)?;
    writeln!(out, "  descriptors  {} of {}", measured.descriptors, measured.descriptors_allowed)?;
    writeln!(
        out,
        "  simulator    {:.2} s of processor time: {:.0} calls per second of it",
        measured.simulator.as_secs_f64(),
        measured.simulators_speed()
    )?;
    writeln!(out, "  limit        {}", limit(measured))?;
    for budget in budgets(measured) {
        writeln!(
            out,
            "  budget       {}: {:.2} of at most {:.2} {}: {}",
            budget.what,
            budget.measured,
            budget.at_most,
            budget.unit,
            budget.margin()
        )?;
    }
    Ok(())
}

pub fn name(run: Run) -> &'static str {
    match run {
        Run::First => "first",
        Run::Unchanged => "unchanged",
        Run::Report => "fleet report",
        Run::Drifted => "drifted",
        Run::Removal => "removal",
    }
}

/// What the run had to wait for, in a sentence.
pub fn limit(measured: &Measured) -> String {
    let [_, others, there_was] = measured.machine_seconds();
    format!(
        "the limit was {}: {} cores, function used {:.1} s, simulator {:.1} s, other programs {others:.1} s of {there_was:.1} s ({:.1} s wall)",
        waited_for(measured),
        measure::cores(),
        measured.done.processor.as_secs_f64(),
        measured.simulator.as_secs_f64(),
        measured.done.wall.as_secs_f64()
    )
}

/// What that was, in two words.
pub fn waited_for(measured: &Measured) -> &'static str {
    match measured.limit() {
        Limit::Simulator => "the simulator",
        Limit::Function => "the function's one thread",
        Limit::Machine => "this machine",
        Limit::Others => "other programs on this machine",
        Limit::Latency => "the latency",
    }
}

/// One run for machines.
pub fn json(measured: &Measured) -> Value {
    let [_, others, _] = measured.machine_seconds();
    json!({
        "run": measured.run,
        "fleet": measured.fleet,
        "report": {"enabled": measured.done.enabled, "pending": measured.done.pending, "failed": measured.done.failed,
            "drift": measured.done.drift, "error": measured.done.error},
        "enabledInSimulator": measured.enabled,
        "calls": measured.calls(),
        "callsByFormula": measured.formula().all(),
        "callsPerMembership": measured.calls_per_membership(),
        "callsByOperation": measured.operations().into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        "callsByRegion": measured.regions(),
        "refused": measured.refused(),
        "throttled": measured.throttled(),
        "wallSeconds": measured.done.wall.as_secs_f64(),
        "floor": measured.bounds(),
        "ratio": measured.ratio(),
        "least": measured.ratio().map(|_| measured.least().0),
        "processorSeconds": measured.done.processor.as_secs_f64(),
        "processorSecondsUser": measured.done.user.as_secs_f64(),
        "processorSecondsSystem": measured.done.system.as_secs_f64(),
        "processorMicrosPerCall": measured.micros_per_call(),
        "memoryPeakKib": measured.done.memory_peak,
        "memoryBeforeKib": measured.done.memory_before,
        "memoryKibPerMembership": measured.kib_per_membership(),
        "connections": measured.connections,
        "descriptors": measured.descriptors,
        "descriptorsAllowed": measured.descriptors_allowed,
        "simulatorSeconds": measured.simulator.as_secs_f64(),
        "simulatorCallsPerSecond": measured.simulators_speed(),
        "otherProgramsSeconds": others,
        "otherProgramsPercent": measured.others_percent(),
        "cores": measure::cores(),
        "limit": measured.limit(),
        "budgets": budgets(measured),
    })
}
