//! Accounts of a Region that were looked at and are not settled, until enough of them fill a chunk.

use std::collections::BTreeMap;

use super::candidate::Candidate;
use super::own_plans::RegionPlans;
use crate::aws::BATCH;
use crate::protection::Subset;

/// The most that wait in a Region.
const CROWD: usize = 20 * BATCH;

/// By the protection plans to be set, if that is what is left to do: one call sets the same plans for all its accounts.
#[derive(Default)]
pub(super) struct Unsettled(BTreeMap<Subset, Vec<Candidate>>);

impl Unsettled {
    pub(super) fn extend(&mut self, plans: &RegionPlans, candidates: impl IntoIterator<Item = Candidate>) {
        for candidate in candidates {
            self.0.entry(candidate.plans_to_set(plans)).or_default().push(candidate);
        }
    }

    /// Whether nobody waits who is not monitored yet.
    pub(super) fn none_hurries(&self) -> bool {
        self.0.get(&Subset::default()).is_none_or(Vec::is_empty)
    }

    /// A full chunk; or one that is not full if no more accounts will come, or if they come too late for those that are not
    /// monitored yet.
    pub(super) fn next_chunk(&mut self, no_more: bool, late: bool) -> Option<Vec<Candidate>> {
        let (all, most) = (self.0.values().map(Vec::len).sum::<usize>(), self.0.values().map(Vec::len).max());
        // Many ways to differ must not keep a whole list waiting in memory.
        let crowded = |waiting: usize| all > CROWD && Some(waiting) == most;
        let leaves = |(plans, waiting): &(&Subset, &mut Vec<Candidate>)| {
            let enough = waiting.len() >= BATCH || crowded(waiting.len());
            enough || !waiting.is_empty() && (no_more || late && plans.is_empty())
        };
        let (_, waiting) = self.0.iter_mut().find(leaves)?;
        Some(waiting.drain(..waiting.len().min(BATCH)).collect())
    }
}
