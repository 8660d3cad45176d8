//! What a delivery says: its answer to the queue, and both files of its report.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::deliveries::{Nothing, Run};
use crate::ensure;
use crate::operations::{Goal, Place, REGIONS};
use crate::world::id;

/// The id of every message.
pub const MESSAGE: &str = "m-1";

/// The report's words for the memberships.
pub type Outcomes = BTreeMap<Place, String>;

/// What a delivery said.
pub struct Reported {
    /// To the queue.
    pub answer: Value,
    /// The report that it wrote.
    pub json: Option<Value>,
    /// The CSV report that is there.
    pub csv: Vec<u8>,
    pub goal: Goal,
}

impl Reported {
    /// Checks that the list's rows are in the report, each once, and that what is pending is redelivered. Returns the
    /// outcome of each membership, unless there is no report.
    pub fn outcomes(
        &self,
        run: Result<&Run, &Nothing>,
        version: &str,
        to_the_end: bool,
    ) -> Result<Option<Outcomes>, String> {
        let again = self.is_to_come_again()?;
        let run = match run {
            Ok(run) => run,
            Err(why) => {
                ensure(self.json.is_none(), || format!("a report, although {why:?}"))?;
                let as_said = again == (*why == Nothing::NotKnown);
                return ensure(as_said || !to_the_end, || format!("{why:?}, redelivered: {again}")).map(|()| None);
            }
        };
        let Some(report) = &self.json else {
            // Where it is not known whether a refused list is the current one, it leaves the report that is there alone.
            let kept = self.goal != Goal::Monitored && run.courses.is_empty();
            ensure((again || kept) && !to_the_end, || "no report".into())?;
            return Ok(None);
        };
        ensure(report["source"]["versionId"] == version, || format!("of another version: {}", report["source"]))?;
        let declared = format!("{:?}", self.goal).to_lowercase();
        ensure(report["declared"] == declared, || format!("{} is declared, not {declared}", report["declared"]))?;
        let too_long = report["notices"].to_string().contains("MAX_LEAVING");
        ensure(too_long == run.too_long, || format!("too long: {}, {}", run.too_long, report["notices"]))?;
        let rejected = report["rejectedRows"].as_array().expect("rejected rows");
        let rejected: Vec<usize> = rejected.iter().filter_map(|row| line(&row["line"].to_string())).collect();
        ensure(rejected == run.rejected_lines, || {
            format!("rejected lines are {rejected:?}, expected {:?}", run.rejected_lines)
        })?;
        let lines = self.csv_lines();
        ensure(lines.iter().copied().eq(2..2 + run.rows), || {
            format!("{} rows, but the CSV has lines {lines:?}", run.rows)
        })?;

        let mut outcomes = Outcomes::new();
        for row in report["memberships"].as_array().expect("memberships") {
            let is = |at: &&Place| row["accountId"] == id(at.0) && row["region"] == REGIONS[at.1];
            let at = run.courses.keys().find(is).ok_or_else(|| format!("in the report, but not on the list: {row}"))?;
            let outcome = row["outcome"].as_str().expect("an outcome").to_owned();
            ensure(outcomes.insert(*at, outcome).is_none(), || format!("twice in the report: {row}"))?;
        }
        let missing = run.courses.keys().find(|at| !outcomes.contains_key(at));
        ensure(missing.is_none(), || format!("{missing:?} is not in the report"))?;
        let pending = outcomes.values().any(|outcome| outcome == "pending");
        // Time may be over before S3 says that the report is written.
        let unsure = again && !to_the_end;
        ensure(again == pending || unsure, || format!("pending: {pending}, to be redelivered: {again}"))?;
        Ok(Some(outcomes))
    }

    fn is_to_come_again(&self) -> Result<bool, String> {
        let failures = &self.answer["batchItemFailures"];
        let again = *failures == json!([{"itemIdentifier": MESSAGE}]);
        ensure(again || *failures == json!([]), || format!("the answer is {}", self.answer)).map(|()| again)
    }

    fn csv_lines(&self) -> Vec<usize> {
        let mut csv = csv::Reader::from_reader(&self.csv[..]);
        csv.records().filter_map(|record| line(&record.expect("a record")[2])).collect()
    }
}

fn line(text: &str) -> Option<usize> {
    text.parse().ok()
}
