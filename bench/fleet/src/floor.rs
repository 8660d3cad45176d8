//! The floor: no run can be faster with these answers of AWS and these bounds on calls in flight.

use std::time::Duration;

use serde::Serialize;

use crate::fleet::Fleet;
use crate::formula::Formula;

/// The administrator's calls in flight in a Region, and AssumeRole calls in a second: what the function allows itself.
const ADMINISTRATORS_CALLS: u64 = 2;
const ASSUME_ROLE_PACE: u64 = 500;

/// Calls of the chain: GetObject; until the first call into a member, ListDetectors, GetDetector or CreateDetector, and
/// GetMembers; after the last one, GetMembers, HeadObject and PutObject.
const LIST: u64 = 1;
const UNTIL_MEMBERS: u64 = LIST + 3;
const REPORT: u64 = 2;
const AFTER_MEMBERS: u64 = 1 + REPORT;

/// One reason why a run takes its time.
#[derive(Debug, Clone, Serialize)]
pub struct Bound {
    pub what: &'static str,
    /// How it was computed.
    pub how: String,
    pub seconds: f64,
    /// With what can only happen before the first or after the last of these calls. No run can be faster than any of
    /// these.
    pub least: f64,
}

/// All of them, the longest first. They overlap: the longest is the floor.
pub fn bounds(fleet: &Fleet, formula: &Formula) -> Vec<Bound> {
    let latency = Duration::from_millis(fleet.latency_ms).as_secs_f64();
    let verification = if formula.verification { fleet.verification_ms } else { 0 };
    let verification = Duration::from_millis(verification).as_secs_f64();
    let per = |calls: u64, at_once: u64| float(calls) / float(at_once);
    let into_members = formula.members + formula.assume_role;
    let concurrency = u64::from(fleet.concurrency);
    let around = |calls: u64| float(calls) * latency;
    let mut bounds = vec![
        Bound {
            what: "the longest chain of calls",
            how: format!("{} calls × {latency} s + {verification} s of verification", formula.chain),
            seconds: float(formula.chain) * latency + verification,
            least: 0.0,
        },
        Bound {
            what: "calls into members",
            how: format!("{into_members} calls × {latency} s ÷ {concurrency} at a time"),
            seconds: per(into_members, concurrency) * latency,
            least: around(UNTIL_MEMBERS + AFTER_MEMBERS),
        },
        Bound {
            what: "the administrator's calls in the busiest Region",
            how: format!("{} calls × {latency} s ÷ {ADMINISTRATORS_CALLS} at a time", formula.administrator),
            seconds: per(formula.administrator, ADMINISTRATORS_CALLS) * latency,
            least: around(LIST + REPORT),
        },
        Bound {
            what: "the administrator's first looks, before the last account is found",
            how: format!("{} calls × {latency} s ÷ {ADMINISTRATORS_CALLS} at a time", formula.looks),
            seconds: per(formula.looks, ADMINISTRATORS_CALLS) * latency,
            least: around(LIST + formula.afterwards) + verification,
        },
        Bound {
            what: "AssumeRole's pace",
            how: format!("{} calls ÷ {ASSUME_ROLE_PACE} a second", formula.assume_role),
            seconds: per(formula.assume_role, ASSUME_ROLE_PACE),
            least: around(formula.chain - LIST) + verification,
        },
    ];
    // Calls that are not made take no time.
    bounds.retain(|bound| bound.seconds > 0.0);
    for bound in &mut bounds {
        bound.least += bound.seconds;
    }
    bounds.sort_by(|one, other| other.seconds.total_cmp(&one.seconds));
    bounds
}

/// Exact for counts as small as these.
#[expect(clippy::cast_precision_loss, reason = "fewer than 2^53 calls")]
pub fn float(count: u64) -> f64 {
    count as f64
}
