//! What was measured of one run, and what can be worked out from it.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::Serialize;

use crate::flags::Run;
use crate::fleet::Fleet;
use crate::floor::{Bound, bounds, float};
use crate::formula::Formula;
use crate::measure::cores;
use crate::talk::{Count, Done};

/// A thread, or all cores, count as the limit when this share of their time is used up.
const BUSY: f64 = 0.85;

/// One run.
#[derive(Debug, Clone)]
pub struct Measured {
    pub run: Run,
    pub fleet: Fleet,
    pub done: Done,
    /// The simulator's.
    pub counts: Vec<Count>,
    /// Monitored members, as the simulator knows.
    pub enabled: u64,
    /// Those that the function made.
    pub connections: u64,
    /// Processor time of the simulator, and of all programs on this machine.
    pub simulator: Duration,
    pub machine: Duration,
    /// The most descriptors that the function was seen with, and what it may have.
    pub descriptors: usize,
    pub descriptors_allowed: u64,
}

/// What a run had to wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Limit {
    /// Its one thread.
    Simulator,
    /// Its one thread.
    Function,
    /// The cores of this machine.
    Machine,
    /// The cores of this machine, and other programs used more of them.
    Others,
    /// Neither: the answers of AWS, as they were asked to be.
    Latency,
}

impl Measured {
    pub fn formula(&self) -> Formula {
        Formula::of(&self.fleet, self.run)
    }

    pub fn calls(&self) -> u64 {
        self.counts.iter().map(|count| count.calls).sum()
    }

    /// Calls of running reports: each looks the list up and writes two files, and the last report writes three.
    pub fn running_reports(&self) -> u64 {
        let puts = self.operations().into_iter().find(|(name, _)| name == "PutObject").map_or(0, |(_, calls)| calls);
        puts.saturating_sub(3) / 2 * 3
    }

    pub fn throttled(&self) -> u64 {
        self.counts.iter().map(|count| count.throttled).sum()
    }

    pub fn refused(&self) -> u64 {
        self.counts.iter().map(|count| count.refused).sum()
    }

    /// Calls by operation, the most frequent first.
    pub fn operations(&self) -> Vec<(String, u64)> {
        let mut calls: BTreeMap<&str, u64> = BTreeMap::new();
        for count in &self.counts {
            *calls.entry(&count.operation).or_default() += count.calls;
        }
        let mut calls: Vec<_> = calls.into_iter().map(|(name, calls)| (name.to_owned(), calls)).collect();
        calls.sort_by_key(|(_, calls)| std::cmp::Reverse(*calls));
        calls
    }

    /// Calls by Region.
    pub fn regions(&self) -> BTreeMap<String, u64> {
        let mut calls = BTreeMap::new();
        for count in &self.counts {
            *calls.entry(count.region.clone()).or_default() += count.calls;
        }
        calls
    }

    pub fn calls_per_membership(&self) -> f64 {
        float(self.calls()) / float(self.fleet.memberships())
    }

    /// The function's processor time for one call, in microseconds.
    pub fn micros_per_call(&self) -> f64 {
        self.done.processor.as_secs_f64() * 1e6 / float(self.calls())
    }

    /// The memory that the invocation added at its peak, in KiB for each membership.
    pub fn kib_per_membership(&self) -> f64 {
        float(self.done.memory_peak.saturating_sub(self.done.memory_before)) / float(self.fleet.memberships())
    }

    pub fn peak_mib(&self) -> f64 {
        float(self.done.memory_peak) / 1024.0
    }

    /// What the floor is the longest of.
    pub fn bounds(&self) -> Vec<Bound> {
        bounds(&self.fleet, &self.formula())
    }

    pub fn floor(&self) -> f64 {
        self.bounds()[0].seconds
    }

    /// Wall clock in floors. `None` if AWS answers at once.
    pub fn ratio(&self) -> Option<f64> {
        (self.floor() > 0.0).then(|| self.done.wall.as_secs_f64() / self.floor())
    }

    /// What no order of the calls could beat: why, and wall clock in it.
    pub fn least(&self) -> (Bound, f64) {
        let least = self.bounds().into_iter().max_by(|one, other| one.least.total_cmp(&other.least));
        let least = least.expect("a chain of calls");
        let ratio = self.done.wall.as_secs_f64() / least.least;
        (least, ratio)
    }

    /// Calls that the simulator answers in a second of its processor time.
    pub fn simulators_speed(&self) -> f64 {
        float(self.calls()) / self.simulator.as_secs_f64()
    }

    /// Processor time of this machine, in seconds: what function and simulator used, what other programs used, and what
    /// there was.
    pub fn machine_seconds(&self) -> [f64; 3] {
        let ours = self.done.processor + self.simulator;
        let others = self.machine.saturating_sub(ours);
        let cores = float(cores() as u64);
        [ours.as_secs_f64(), others.as_secs_f64(), cores * self.done.wall.as_secs_f64()]
    }

    /// The share of this machine's processor time that other programs used: figures are worth something where it is
    /// small.
    pub fn others_percent(&self) -> f64 {
        let [_, others, there_was] = self.machine_seconds();
        others / there_was * 100.0
    }

    pub fn limit(&self) -> Limit {
        let [ours, others, there_was] = self.machine_seconds();
        if self.simulator.as_secs_f64() > BUSY * self.done.wall.as_secs_f64() {
            Limit::Simulator
        } else if self.done.processor.as_secs_f64() > BUSY * self.done.wall.as_secs_f64() {
            Limit::Function
        } else if ours + others > BUSY * there_was {
            if others > ours { Limit::Others } else { Limit::Machine }
        } else {
            Limit::Latency
        }
    }
}
