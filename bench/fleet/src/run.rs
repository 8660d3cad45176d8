//! Runs over one fleet, each in a new process of the function, against one simulator.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};

use crate::child::Child;
use crate::flags::Run;
use crate::fleet::{Fleet, KEY, MOST_LEAVING, REMOVAL_KEY};
use crate::measure;
use crate::measured::Measured;
use crate::talk::{Ask, Begun, Done, Doors, Errand, Failure, Order, Seen};

/// How often the function's descriptors are counted, and the bar moves.
const LOOK: Duration = Duration::from_millis(200);

/// Carries out all runs up to that one.
pub fn runs(fleet: &Fleet, until: Run) -> Result<Vec<Measured>, Failure> {
    let mut simulator = Child::simulator()?;
    let doors: Doors = simulator.ask(fleet)?;
    let mut all = Vec::new();
    let possible = |run: &Run| *run != Run::Removal || fleet.accounts <= MOST_LEAVING;
    for run in Run::ALL.into_iter().filter(|run| *run <= until).filter(possible) {
        if run == Run::Report {
            simulator.say(&Ask::Drift(fleet.drifting()))?;
        }
        all.push(one(fleet, run, &mut simulator, &doors)?);
    }
    Ok(all)
}

fn one(fleet: &Fleet, run: Run, simulator: &mut Child, doors: &Doors) -> Result<Measured, Failure> {
    let mut function = Child::function()?;
    let errand = match run {
        Run::First | Run::Unchanged | Run::Drifted => {
            Errand::Upload { key: KEY.into(), version: doors.version.clone() }
        }
        Run::Report => Errand::Report,
        Run::Removal => Errand::Upload { key: REMOVAL_KEY.into(), version: simulator.ask(&Ask::Removal)? },
    };
    let before: Begun = simulator.ask(&Ask::Begin)?;
    let machine_before = measure::machine()?;
    function.say(&Order { fleet: fleet.clone(), errand, doors: doors.clone() })?;

    let bar = Bar::new(fleet, run);
    let (mut descriptors, mut descriptors_allowed) = (0, 0);
    let done: Done = loop {
        if let Some(done) = function.hear_within(LOOK)? {
            break done;
        }
        // It may have ended just now.
        if let Ok((open, allowed)) = measure::descriptors(function.id()) {
            (descriptors, descriptors_allowed) = (descriptors.max(open), allowed);
        }
        bar.0.set_position(simulator.ask(&Ask::Calls)?);
    };
    let machine = measure::machine()?.saturating_sub(machine_before);
    let seen: Seen = simulator.ask(&Ask::Report)?;
    Ok(Measured {
        run,
        fleet: fleet.clone(),
        done,
        counts: seen.counts,
        enabled: seen.enabled,
        connections: seen.connections - before.connections,
        simulator: seen.processor.saturating_sub(before.processor),
        machine,
        descriptors,
        descriptors_allowed,
    })
}

/// A bar that grows with the calls. Draws nothing where there is no terminal.
struct Bar(ProgressBar);

impl Bar {
    fn new(fleet: &Fleet, run: Run) -> Self {
        let bar = ProgressBar::new(crate::formula::Formula::of(fleet, run).all());
        let style = ProgressStyle::with_template("{elapsed} {msg} {wide_bar} {pos} of {len} calls");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar.set_message(format!("{} × {}, {run:?} run", fleet.accounts, fleet.regions));
        Self(bar)
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
