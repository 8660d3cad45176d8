//! What a reconcile says: its answer to the queue, and its report.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::ensure;
use crate::operations::{Key, Place, REGIONS};
use crate::reconciles::Reconcile;
use crate::report::{MESSAGE, Outcomes};
use crate::world::{id, name};

/// What a reconcile said.
pub struct FleetReported {
    /// To the queue.
    pub answer: Value,
    /// The report that it wrote.
    pub json: Option<Value>,
    pub heal: bool,
}

impl FleetReported {
    /// Checks that every declared membership is in the report once, and every member that no list names. Returns the
    /// outcome of each membership, unless there is no report.
    pub fn outcomes(&self, expected: &Reconcile, to_the_end: bool) -> Result<Option<Outcomes>, String> {
        let failures = &self.answer["batchItemFailures"];
        let again = *failures == json!([{"itemIdentifier": MESSAGE}]);
        ensure(again || *failures == json!([]), || format!("the answer is {}", self.answer))?;
        // Time may be over before S3 says that the report is written.
        ensure(!again || !to_the_end, || format!("to be redelivered: {}", self.answer))?;
        let Some(report) = &self.json else {
            return ensure(again, || "no report".into()).map(|()| None);
        };
        let asked = if self.heal { "heal" } else { "report" };
        ensure(report["source"] == json!({"reconcile": asked}), || format!("the source is {}", report["source"]))?;
        ensure(report["dryRun"] == expected.only_reports, || {
            format!("only reports: {}, {expected:?}", report["dryRun"])
        })?;
        self.notices_and_lists_are_right(report, expected)?;

        let mut outcomes = Outcomes::new();
        let mut unlisted = BTreeMap::new();
        for row in report["memberships"].as_array().expect("memberships") {
            let known = expected.run.courses.keys().chain(expected.unlisted.keys());
            let is = |at: &&Place| row["accountId"] == id(at.0) && row["region"] == REGIONS[at.1];
            let at = *known.copied().collect::<Vec<_>>().iter().find(is).ok_or_else(|| format!("unexpected: {row}"))?;
            let outcome = row["outcome"].as_str().expect("an outcome").to_owned();
            let again = if outcome == "unlisted" {
                unlisted.insert(at, row["status"].clone()).is_some()
            } else {
                outcomes.insert(at, outcome).is_some()
            };
            ensure(!again, || format!("twice in the report: {row}"))?;
            let list = expected.listed.get(&at.0).map(|key| name(*key, "", "csv"));
            ensure(row["list"] == json!(list), || format!("of another list than {list:?}: {row}"))?;
        }
        ensure(outcomes.keys().eq(expected.run.courses.keys()), || format!("{outcomes:?} are reported"))?;
        let right: BTreeMap<_, _> =
            expected.unlisted.iter().map(|(at, status)| (*at, json!(format!("{status:?}")))).collect();
        let some = unlisted.iter().all(|(at, status)| right.get(at) == Some(status));
        ensure(if to_the_end { unlisted == right } else { some }, || {
            format!("unlisted are {unlisted:?}, not {right:?}")
        })?;
        Ok(Some(outcomes))
    }

    fn notices_and_lists_are_right(&self, report: &Value, expected: &Reconcile) -> Result<(), String> {
        let notices = report["notices"].to_string();
        let unused = notices.matches("is not used").count();
        ensure(unused == expected.unreadable, || format!("{} cannot be read: {notices}", expected.unreadable))?;
        let unchanged = notices.contains("nothing was changed");
        ensure(unchanged == (self.heal && expected.only_reports), || format!("nothing was changed? {notices}"))?;
        let row = |(key, accounts, rejected): &(Key, usize, usize)| {
            (json!(name(*key, "", "csv")), json!(accounts), json!(rejected))
        };
        let right: Vec<_> = expected.lists.iter().map(row).collect();
        let said = |list: &Value| (list["key"].clone(), list["accounts"].clone(), list["rejectedRows"].clone());
        let lists: Vec<_> = report["lists"].as_array().expect("lists").iter().map(said).collect();
        ensure(lists == right, || format!("the lists are {lists:?}, not {right:?}"))?;
        let rejected = report["rejectedRows"].as_array().expect("rejected rows");
        let rejected: Vec<usize> = rejected.iter().filter_map(|row| row["line"].to_string().parse().ok()).collect();
        let right = &expected.run.rejected_lines;
        ensure(rejected == *right, || format!("rejected lines are {rejected:?}, not {right:?}"))
    }
}
