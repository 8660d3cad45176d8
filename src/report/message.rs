//! The message that says how a run ended: a subject and a text that read well in a mail. Like the log it holds no e-mail
//! address.

use std::fmt::Write;

use crate::account::AccountId;
use crate::outcome::{Outcome, Retry};
use crate::quote;
use crate::run::{Membership, Run, Source, Summary};

/// The most characters of a subject (SNS).
const SUBJECT: usize = 100;
/// So much of it is left to the name.
const NAME: usize = 20;
/// How many sentences a message has, and as many notices.
const SENTENCES: usize = 10;

/// `team.csv: 118 enabled, 2 failed, 1 row rejected`, in ASCII.
#[must_use]
pub fn subject(run: &Run) -> String {
    let said = if run.refused().is_some() { "refused".into() } else { counts(&run.summary()) };
    // A very long count loses its end rather than the name its place.
    let said: String = said.chars().take(SUBJECT - NAME - 2).collect();
    let room = SUBJECT.saturating_sub(said.len() + 2);
    let name: String = name(run).chars().map(|c| if c.is_ascii_graphic() || c == ' ' { c } else { '?' }).collect();
    // The end of a name says more than its beginning.
    let cut = name.len().saturating_sub(room);
    let name = name[cut..].trim_start();
    // SNS wants it to begin with a letter, a digit or a punctuation mark.
    format!("{}: {said}", if name.is_empty() { "list" } else { name })
}

/// The counts, the first sentences, and where the report is.
#[must_use]
pub fn text(run: &Run, location: Option<&str>) -> String {
    let mut text = String::new();
    let summary = run.summary();
    let what = match &run.origin.source {
        Source::Upload { bucket, key, .. } => format!("The list s3://{bucket}/{}", quote::key(key)),
        Source::Announcement { account, .. } => format!("The new account {account}"),
        Source::Request { request } => format!("The request {request}"),
        Source::Reconcile { .. } => "All lists together".into(),
    };
    if let Some(refused) = run.refused() {
        line(&mut text, format_args!("{what}: refused, and nothing was touched."));
        line(&mut text, format_args!("\n{refused}"));
    } else {
        let Summary { accounts, complete, .. } = summary;
        let regions = run.regions.len();
        line(&mut text, format_args!("{what}: {}.", counts(&summary)));
        line(&mut text, format_args!("Accounts: {accounts}. Regions: {regions}."));
        match run.origin.retry {
            Retry::Never if !complete => line(&mut text, format_args!("This was the last automatic try.")),
            Retry::NextReconcile if !complete => line(&mut text, format_args!("The next reconcile goes on.")),
            _ => {}
        }
        push_sentences(&mut text, run);
    }
    match location {
        Some(json) => {
            let json = quote::key(json);
            let (stem, _) = json.rsplit_once('.').unwrap_or((&json, ""));
            line(&mut text, format_args!("\nThe report:\n{stem}.html\n{stem}.csv\n{json}"));
        }
        None => line(&mut text, format_args!("\nThere is no report: see the function's log.")),
    }
    text
}

/// What is not as declared, each account's sentence once for all Regions in which it is the same; then rejected rows and
/// notices.
fn push_sentences(text: &mut String, run: &Run) {
    let not_well = |one: &&Membership| matches!(one.outcome, Outcome::Failed(_) | Outcome::Pending(_));
    let mut memberships: Vec<&Membership> = run.memberships.iter().map(AsRef::as_ref).filter(not_well).collect();
    // What failed comes first. Accounts stay together.
    memberships.sort_by_key(|one| std::cmp::Reverse(one.outcome.severity()));
    let mut sentences: Vec<Sentence<'_>> = Vec::new();
    let mut more = 0_usize;
    for one in memberships {
        let is_known = sentences.iter().any(|known| known.account == one.account);
        // Sentences are made for those only that are told, of which a large list has very many.
        if !is_known && sentences.len() == SENTENCES {
            more += 1;
            continue;
        }
        let sentence = Sentence::new(one, run);
        let is_full = sentences.len() == SENTENCES;
        match sentences.iter_mut().find(|known| known.without_region == sentence.without_region) {
            Some(known) => known.also.push(one.region.as_str()),
            None if is_full => more += 1,
            None => sentences.push(sentence),
        }
    }
    for Sentence { said, also, .. } in &sentences {
        let also = if also.is_empty() { String::new() } else { format!(" (the same in {})", also.join(", ")) };
        line(text, format_args!("\n{said}{also}"));
    }
    if more > 0 {
        line(text, format_args!("\nand {more} more"));
    }
    let room = SENTENCES.saturating_sub(sentences.len());
    for row in run.roster.rejected.iter().take(room) {
        line(text, format_args!("\nline {}: {}", row.line, row.problem));
    }
    for notice in run.notices.iter().take(SENTENCES) {
        line(text, format_args!("\n{notice}"));
    }
    if run.notices.len() > SENTENCES {
        line(text, format_args!("\nand {} more notices", run.notices.len() - SENTENCES));
    }
}

struct Sentence<'a> {
    account: AccountId,
    said: String,
    /// To find the same one of another Region.
    without_region: String,
    /// The other Regions in which it is the same.
    also: Vec<&'a str>,
}

impl Sentence<'_> {
    fn new(one: &Membership, run: &Run) -> Self {
        let account = one.account;
        let detail = one.detail(run.origin.retry).unwrap_or_default();
        let said = if detail.contains(account.as_str()) { detail } else { format!("{account}: {detail}") };
        let without_region = said.replace(one.region.as_str(), "…");
        Self { account, said, without_region, also: Vec::new() }
    }
}

/// The counts that are not 0.
fn counts(summary: &Summary) -> String {
    let Summary { enabled, suspended, removed, pending, failed, skipped, rejected_rows, .. } = *summary;
    let rows = if rejected_rows == 1 { "row rejected" } else { "rows rejected" };
    let counts = [
        (enabled, "enabled"),
        (suspended, "suspended"),
        (removed, "removed"),
        (pending, "pending"),
        (failed, "failed"),
        (skipped, "skipped"),
        (rejected_rows, rows),
    ];
    let said: Vec<String> =
        counts.into_iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if said.is_empty() { "nothing to do".into() } else { said.join(", ") }
}

/// The list's file name, or what came in its place.
fn name(run: &Run) -> String {
    match &run.origin.source {
        Source::Upload { key, .. } => quote::key(key.rsplit('/').next().unwrap_or(key)),
        Source::Announcement { account, .. } => account.to_string(),
        Source::Request { request } => request.clone(),
        Source::Reconcile { .. } => "fleet".into(),
    }
}

fn line(text: &mut String, said: std::fmt::Arguments<'_>) {
    // Writing to memory cannot fail.
    let _ = writeln!(text, "{said}");
}
