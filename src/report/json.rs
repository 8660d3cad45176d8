//! The report as JSON, in parts: a long one is never in memory as a whole. It holds no e-mail address.

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::account::{AccountId, Region};
use crate::declared::Goal;
use crate::membership::Status;
use crate::outcome::Retry;
use crate::roster::RejectedRow;
use crate::run::{ListRead, Membership, Run, Source, Summary, Unlisted};

/// The report's word for a member that no list names.
pub(super) const UNLISTED: &str = "unlisted";

/// Rows of one part: about half a megabyte at most.
const ROWS: usize = 500;

/// What comes before the rows.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Head<'a> {
    version: &'static str,
    source: &'a Source,
    administrator: Option<&'a str>,
    regions: Vec<&'a str>,
    dry_run: bool,
    declared: Option<&'static str>,
    started_at: String,
    /// `None` while the run is under way.
    finished_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    running: Option<bool>,
    notices: Vec<String>,
    summary: Summary,
    #[serde(skip_serializing_if = "Option::is_none")]
    lists: Option<&'a [ListRead]>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MembershipRow<'a> {
    account_id: &'a str,
    region: &'a str,
    outcome: &'static str,
    status: Option<&'a str>,
    detail: Option<String>,
    #[serde(flatten)]
    place: Option<Place<'a>>,
}

/// Where a row stands, if there is more than one list. A member that no list names stands nowhere.
#[derive(Serialize)]
struct Place<'a> {
    list: Option<&'a str>,
    line: Option<usize>,
}

#[derive(Serialize)]
pub struct RejectionRow<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    list: Option<&'a str>,
    line: usize,
    reason: String,
}

/// A part of the JSON report, numbered from 0. `None` past the last one.
#[must_use]
pub fn json_part(run: &Run, number: usize) -> Option<Vec<u8>> {
    let rejected = &run.roster.rejected;
    let unlisted = run.fleet.as_ref().map_or(&[][..], |fleet| &fleet.unlisted);
    let listed = 1 + run.memberships.chunks(ROWS).len();
    let between = listed + unlisted.chunks(ROWS).len();
    let end = between + 1 + rejected.chunks(ROWS).len();
    let mut part = Vec::new();
    if number == 0 {
        begin(run, &mut part);
    } else if number < listed {
        let rows = run.memberships.chunks(ROWS).nth(number - 1)?;
        push_rows(&mut part, number == 1, rows.iter().map(|row| membership_row(row, run.origin.retry)));
    } else if number < between {
        let rows = unlisted.chunks(ROWS).nth(number - listed)?;
        push_rows(&mut part, number == 1, rows.iter().map(unlisted_row));
    } else if number == between {
        part.extend_from_slice(b"\n  ],\n  \"rejectedRows\": [");
    } else if number < end {
        let rows = rejected.chunks(ROWS).nth(number - between - 1)?;
        push_rows(&mut part, number == between + 1, rows.iter().map(rejected_row));
    } else if number == end {
        part.extend_from_slice(b"\n  ]\n}\n");
    } else {
        return None;
    }
    Some(part)
}

fn begin(run: &Run, part: &mut Vec<u8>) {
    let head = Head {
        version: env!("CARGO_PKG_VERSION"),
        source: &run.origin.source,
        administrator: run.administrator.as_ref().map(AccountId::as_str),
        regions: run.regions.iter().map(Region::as_str).collect(),
        dry_run: run.origin.mode.is_plan(),
        declared: run.origin.goal.map(Goal::word),
        started_at: seconds(run.origin.started_at),
        finished_at: (!run.is_running).then(|| seconds(run.finished_at)),
        running: run.is_running.then_some(true),
        notices: run.notices.iter().map(ToString::to_string).collect(),
        summary: run.summary(),
        lists: run.fleet.as_ref().map(|fleet| &*fleet.lists),
    };
    push(part, &head, PrettyFormatter::new());
    part.truncate(part.len() - "\n}".len());
    part.extend_from_slice(b",\n  \"memberships\": [");
}

#[must_use]
pub fn membership_row(membership: &Membership, retry: Retry) -> MembershipRow<'_> {
    MembershipRow {
        account_id: membership.account.as_str(),
        region: membership.region.as_str(),
        outcome: membership.outcome.word(),
        status: membership.status.as_ref().map(Status::as_str),
        detail: membership.detail(retry),
        place: membership.list.as_deref().map(|list| Place { list: Some(list), line: membership.line }),
    }
}

fn unlisted_row(unlisted: &Unlisted) -> MembershipRow<'_> {
    MembershipRow {
        account_id: unlisted.account.as_str(),
        region: unlisted.region.as_str(),
        outcome: UNLISTED,
        status: Some(unlisted.status.as_str()),
        detail: None,
        place: Some(Place { list: None, line: None }),
    }
}

#[must_use]
pub fn rejected_row(row: &RejectedRow) -> RejectionRow<'_> {
    RejectionRow { list: row.list.as_deref(), line: row.line, reason: row.problem.to_string() }
}

/// Appends rows to a JSON list, one a line. Only the list's `first` row has no comma before it.
fn push_rows(part: &mut Vec<u8>, first: bool, rows: impl Iterator<Item = impl Serialize>) {
    for (index, row) in rows.enumerate() {
        part.extend_from_slice(if first && index == 0 { b"\n    " } else { b",\n    " });
        push(part, &row, CompactFormatter);
    }
}

fn push(part: &mut Vec<u8>, value: &impl Serialize, formatter: impl Formatter) {
    // Writing to memory cannot fail.
    let _ = value.serialize(&mut serde_json::Serializer::with_formatter(part, formatter));
}

pub(super) fn seconds(at: OffsetDateTime) -> String {
    at.truncate_to_second().format(&Rfc3339).unwrap_or_default()
}
