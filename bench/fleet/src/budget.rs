//! The budgets: what a run may cost.

use serde::Serialize;

use crate::flags::Run;
use crate::fleet::Fleet;
use crate::floor::float;
use crate::measured::Measured;

/// GuardDuty's quota of members in a Region, in all default Regions.
const QUOTA: (u32, u32) = (5000, 17);
/// Lists that a fleet report reads.
const LISTS: u32 = 1;
/// With fewer, what a process does once would count as if the calls had done it.
const MANY_CALLS: u64 = 1000;

/// One thing that must not be more than it may be.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    pub what: &'static str,
    pub unit: &'static str,
    pub measured: f64,
    pub at_most: f64,
    pub met: bool,
}

/// Those that say something about this run.
pub fn budgets(measured: &Measured) -> Vec<Budget> {
    let Fleet { accounts, regions, .. } = measured.fleet;
    let goes_well = measured.fleet.goes_well();
    let quota = (accounts, regions) == QUOTA;
    let calls = float(measured.calls());
    let mut budgets = Vec::new();
    let mut add = |what, unit, measured, at_most| {
        budgets.push(Budget { what, unit, measured, at_most, met: measured <= at_most });
    };
    match measured.run {
        Run::First if accounts % 50 == 0 && goes_well => {
            let at_most = 3.4 + 1.0 / f64::from(regions);
            add("calls for a new membership", "", measured.calls_per_membership(), at_most);
        }
        Run::Unchanged if goes_well => {
            let at_most = f64::from((accounts.div_ceil(50) + 2) * regions + 8);
            add("calls when nothing changed", "", calls, at_most);
        }
        Run::Report if goes_well => {
            let at_most = f64::from((accounts.div_ceil(50).max(1) + 2) * regions + LISTS + 9);
            add("calls of a fleet report", "", calls, at_most);
        }
        Run::Removal if goes_well => {
            let at_most = f64::from((5 * accounts.div_ceil(50) + 2) * regions + 8);
            add("calls of a removal", "", calls, at_most);
        }
        _ => {}
    }
    // The floor knows of no call that is late.
    if let Some(ratio) = measured.ratio().filter(|_| goes_well) {
        let at_most = if quota && measured.run == Run::First { 1.5 } else { 1.25 };
        add("wall clock", "floors", ratio, at_most);
    }
    add("wall clock", "s", measured.done.wall.as_secs_f64(), 900.0);
    if measured.calls() >= MANY_CALLS {
        add("processor time of a call", "µs", measured.micros_per_call(), 200.0);
    }
    let at_most = if quota && goes_well { 200.0 } else { 256.0 };
    add("resident memory", "MiB", measured.peak_mib(), at_most);
    add("descriptors", "", float(measured.descriptors as u64), 1024.0);
    budgets
}

impl Budget {
    /// By how much it is met or missed.
    pub fn margin(&self) -> String {
        let percent = (self.at_most - self.measured).abs() / self.at_most * 100.0;
        if self.met { format!("met, {percent:.0} % to spare") } else { format!("NOT met, {percent:.0} % over") }
    }
}
