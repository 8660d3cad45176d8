//! How many calls there were of each kind: a few numbers instead of one record per call.

use std::collections::BTreeMap;

/// The error codes for too many calls, in all services.
const THROTTLED: [&str; 4] = ["TooManyRequestsException", "Throttling", "SlowDown", "RequestThrottled"];

/// The calls of one kind. See `World::counts`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The Region they were signed for.
    pub region: String,
    /// AWS's name of the operation.
    pub operation: String,
    /// Whether they were made with the administrator's credentials.
    pub by_administrator: bool,
    /// How many there were.
    pub calls: u64,
    /// How many were refused, including throttled ones, or had their connection broken.
    pub refused: u64,
    /// How many were throttled.
    pub throttled: u64,
}

/// By Region, operation, and whether the administrator called: calls, refused and throttled ones.
#[derive(Debug, Default)]
pub(crate) struct Tally(BTreeMap<(String, String, bool), [u64; 3]>);

impl Tally {
    /// Counts a call; `code` is the code of its error.
    pub(crate) fn add(
        &mut self,
        region: &str,
        operation: &str,
        by_administrator: bool,
        done: bool,
        code: Option<&str>,
    ) {
        let key = (region.to_owned(), operation.to_owned(), by_administrator);
        let [calls, refused, throttled] = self.0.entry(key).or_default();
        *calls += 1;
        *refused += u64::from(!done);
        *throttled += u64::from(code.is_some_and(|code| THROTTLED.contains(&code)));
    }

    pub(crate) fn counts(&self) -> Vec<Count> {
        let count = |((region, operation, by_administrator), [calls, refused, throttled]): (
            &(String, String, bool),
            &[u64; 3],
        )| Count {
            region: region.clone(),
            operation: operation.clone(),
            by_administrator: *by_administrator,
            calls: *calls,
            refused: *refused,
            throttled: *throttled,
        };
        self.0.iter().map(count).collect()
    }
}
