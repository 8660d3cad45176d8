//! The model of a delivery: whether its list counts, and whom it is about.

use std::collections::BTreeMap;

use crate::lists::{List, MAX_LEAVING};
use crate::operations::{Goal, Place, REGIONS};
use crate::reference::{Course, Model, Reach};

/// How many accounts GuardDuty accepts in a call (AWS T2).
pub const BATCH: usize = 50;

/// ListDetectors and GetDetector of the administrator.
pub const FOR_THE_DETECTOR: usize = 2;

/// What a delivery does.
#[derive(Debug, Default)]
pub struct Run {
    /// Rows of the list.
    pub rows: usize,
    pub rejected_lines: Vec<usize>,
    /// The list would let too many accounts go, so it is refused.
    pub too_long: bool,
    pub courses: BTreeMap<Place, Course>,
}

/// Why a delivery touches nothing and writes no report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nothing {
    /// The list does not count any more, which is found out first.
    Replaced,
    /// The same, found out right before the first account would go.
    Stopped,
    /// Whom it must leave alone is not known, so it is tried again.
    NotKnown,
}

impl Run {
    /// GuardDuty's calls in which a run looks at all memberships once.
    pub fn looks(&self) -> usize {
        let batches = (self.courses.len() / REGIONS.len()).div_ceil(BATCH);
        let in_region = |region| FOR_THE_DETECTOR + batches + batches.min(self.plans_read(region));
        if batches == 0 { 0 } else { (0..REGIONS.len()).map(in_region).sum() }
    }

    /// How many accounts' protection plans are read.
    pub fn plans_read(&self, region: usize) -> usize {
        self.courses.iter().filter(|(at, course)| at.1 == region && course.plans_are_read).count()
    }
}

impl Model {
    /// A delivery of an upload, or why there is no run.
    pub fn run(&self, upload: usize, first: bool) -> Result<Run, Nothing> {
        let list = &self.uploads[upload];
        let goal = list.key.goal();
        let counts = match self.current.get(&list.key) {
            Some(current) if *current == upload => true,
            _ if list.lets_go() => return Err(Nothing::Stopped),
            _ if first => true,
            // S3 says which version is current, not which ones came before. So if the current one is not a list, all
            // older lists are carried out, and not only the last one.
            Some(current) => self.uploads[*current].read().0.is_empty(),
            None => false,
        };
        if !counts {
            return Err(Nothing::Replaced);
        }
        let current = self.current.values().map(|upload| &self.uploads[*upload]);
        // Other lists count against an older will to monitor their accounts.
        let others: Vec<&List> = current.filter(|other| other.lets_go() && !list.lets_go() && !first).collect();
        if others.iter().any(|other| other.rows.is_none()) {
            return Err(Nothing::NotKnown);
        }
        let (mut declared, rejected_lines) = list.read();
        let too_long = list.lets_go() && declared.len() > MAX_LEAVING;
        if too_long {
            declared.clear();
        }
        let everywhere = declared.into_iter().flat_map(|one| (0..REGIONS.len()).map(move |region| (one, region)));
        let courses = everywhere.map(|((account, address), region)| {
            let at = (account, region);
            let course = match goal {
                _ if others.iter().any(|other| other.names(account)) => self.stays(at, Reach::Looked, "skipped"),
                Goal::Monitored => self.joins(at, address),
                Goal::Suspended => self.is_suspended(at),
                Goal::Removed => self.is_removed(at),
            };
            (at, course)
        });
        Ok(Run { rows: list.rows().len(), rejected_lines, too_long, courses: courses.collect() })
    }
}
