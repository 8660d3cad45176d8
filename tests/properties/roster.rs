//! Properties of every roster, from lists and requests: its accounts, its rejected rows, its report.

use std::collections::HashSet;

use csv::Terminator;
use guardduty_onboarding::account::{AccountId, Email, EmailProblem, Region};
use guardduty_onboarding::declared::{Declared, Goal, Mode};
use guardduty_onboarding::outcome::{Outcome, Retry, Wait};
use guardduty_onboarding::report::{CsvReport, json_part, message};
use guardduty_onboarding::roster::{RejectedRow, Roster, RowProblem, Rules, read};
use guardduty_onboarding::run::{Membership, Origin, Run, Source};
use time::OffsetDateTime;

use crate::check::{ensure, is_fit_to_show, shows_no_address};

/// AWS documents with this number, so it is nobody's.
pub fn administrator() -> AccountId {
    AccountId::parse("123456789012").expect("twelve digits")
}

/// Everything that holds for a roster.
pub fn holds(roster: &Roster) -> Result<(), String> {
    accounts_are_good(roster)?;
    for row in &roster.rejected {
        a_rejection_is_right(row, roster)?;
        a_rejection_repeats_no_address(row)?;
    }
    shows_no_address(&format!("{roster:?}"))?;
    let run = run(roster.clone());
    let json: Vec<u8> = (0..).map_while(|number| json_part(&run, number)).flatten().collect();
    serde_json::from_slice::<serde_json::Value>(&json).map_err(|error| format!("the report is no JSON: {error}"))?;
    shows_no_address(&String::from_utf8_lossy(&json))?;
    let (subject, text) = (message::subject(&run), message::text(&run, Some("s3://b/reports/user@example.com.json")));
    shows_no_address(&format!("{subject}\n{text}"))?;
    ensure(subject.is_ascii() && subject.len() <= 100, || format!("no subject: {subject:?}"))?;
    let csv = CsvReport::new(run.into());
    let csv: Vec<u8> = (0..).map_while(|number| csv.part(number)).flatten().collect();
    no_cell_is_a_formula(&csv)?;
    the_report_reads_back(roster, &csv)?;
    let ends = [Terminator::Any(b'\r'), Terminator::CRLF, Terminator::Any(b'\n'), Terminator::Any(b'\r')];
    for (delimiter, end) in [b',', b';', b'\t', b'|'].into_iter().zip(ends) {
        the_report_reads_back(roster, &rewritten(&csv, delimiter, end))?;
    }
    Ok(())
}

/// A row is on each of `lines`, and nowhere else.
pub fn every_line_is_used_or_rejected_once(roster: &Roster, lines: &[usize]) -> Result<(), String> {
    let used: Vec<usize> = roster.accounts.iter().filter_map(|account| account.line).collect();
    let rejected: Vec<usize> = roster.rejected.iter().map(|row| row.line).collect();
    ensure(used.is_sorted() && rejected.is_sorted(), || format!("not in order: {used:?}, {rejected:?}"))?;
    let mut seen = [used, rejected].concat();
    seen.sort_unstable();
    ensure(seen == lines, || format!("lines {lines:?} have rows, but lines {seen:?} were read"))
}

fn accounts_are_good(roster: &Roster) -> Result<(), String> {
    let mut ids = HashSet::new();
    for account in &roster.accounts {
        let (id, email) = (account.id.to_string(), account.expose_email());
        ensure(ids.insert(account.id), || format!("account {id} is there twice"))?;
        ensure(account.id != administrator(), || "the administrator is an account of its own list".into())?;
        ensure(id.len() == 12 && id.bytes().all(|b| b.is_ascii_digit()), || format!("{id:?} is no account id"))?;
        ensure(Email::parse(email).is_ok(), || format!("{email:?} is no e-mail for GuardDuty"))?;
    }
    let right = roster.refused.is_some() == roster.accounts.is_empty();
    ensure(right, || format!("{} accounts, refused as {:?}", roster.accounts.len(), roster.refused))
}

fn a_rejection_is_right(row: &RejectedRow, roster: &Roster) -> Result<(), String> {
    let id = AccountId::parse(&row.account_id);
    let right = match &row.problem {
        RowProblem::Duplicate { first } => {
            let used = roster.accounts.iter().find(|account| account.line == Some(*first) && Some(account.id) == id);
            *first < row.line && used.is_some_and(|account| account.expose_email().eq_ignore_ascii_case(&row.email))
        }
        RowProblem::Conflict { id: shown, other } => {
            let other = roster.rejected.iter().find(|one| one.line == *other && one.account_id == row.account_id);
            Some(*shown) == id
                && other.is_some_and(|other| !other.email.eq_ignore_ascii_case(&row.email))
                && roster.accounts.iter().all(|account| account.id != *shown)
        }
        RowProblem::NotActive { id: shown, .. } => Some(*shown) == id,
        RowProblem::QuotationMark => row.account_id.contains('"'),
        RowProblem::Administrator(shown) => Some(*shown) == id && *shown == administrator(),
        // Any other problem is one of the row alone.
        _ => id.is_none() || Email::parse(&row.email).is_err(),
    };
    ensure(right, || format!("{row:?}, though its columns are {:?} and {:?}", row.account_id, row.email))
}

fn a_rejection_repeats_no_address(row: &RejectedRow) -> Result<(), String> {
    let said = row.problem.to_string();
    is_fit_to_show(&said)?;
    // Nothing is quoted of an id column that holds one.
    ensure(!row.account_id.contains('@') || !said.contains("account id \""), || {
        format!("{:?}: {said}", row.account_id)
    })?;
    let own = [EmailProblem::NoAt, EmailProblem::SeveralAts, EmailProblem::LocalPart].map(|own| own.to_string());
    let repeated = row.email.len() > 5 && row.email.contains('@') && said.contains(&row.email);
    ensure(!repeated || own.iter().any(|own| own.contains(&row.email)), || format!("{:?} stands in: {said}", row.email))
}

/// A run over the roster whose accounts end one way or another.
fn run(roster: Roster) -> Run {
    let region = Region::parse("us-east-1").expect("a Region");
    let memberships = roster.accounts.iter().map(|account| {
        let declared = Declared::new(account.clone(), Goal::Monitored);
        let outcome = match account.line.unwrap_or_default() % 3 {
            0 => Outcome::Settled(Goal::Monitored, None),
            1 => Outcome::Pending(Wait::Verification),
            _ => Outcome::Pending(Wait::Unanswered("one; =1+1,\"two\"\r;three".into())),
        };
        Membership::new(&declared, &region, None, outcome)
    });
    let origin = Origin {
        source: Source::Request { request: "request-1".into() },
        goal: Some(Goal::Monitored),
        requester: None,
        mode: Mode::Apply,
        retry: Retry::ByItself,
        started_at: OffsetDateTime::UNIX_EPOCH,
    };
    let memberships = memberships.collect();
    Run::new(origin, administrator(), vec![region], OffsetDateTime::UNIX_EPOCH, roster, memberships)
}

/// The report as another program saves it.
fn rewritten(report: &[u8], delimiter: u8, terminator: Terminator) -> Vec<u8> {
    let mut writer = csv::WriterBuilder::new().delimiter(delimiter).terminator(terminator).from_writer(Vec::new());
    for record in csv::ReaderBuilder::new().has_headers(false).from_reader(report).records() {
        // Reading and writing memory cannot fail.
        let _ = record.map(|record| writer.write_record(&record));
    }
    writer.into_inner().unwrap_or_default()
}

/// Uploading the report changes nothing, whatever a cell held.
fn the_report_reads_back(roster: &Roster, report: &[u8]) -> Result<(), String> {
    let again = read(report, &Rules::monitored(administrator()));
    let accounts = |roster: &Roster| -> Vec<(AccountId, String)> {
        roster.accounts.iter().map(|account| (account.id, account.expose_email().to_owned())).collect()
    };
    let shown = || String::from_utf8_lossy(report);
    let (expected, found) = (accounts(roster), accounts(&again));
    ensure(expected == found, || format!("the report reads back as {found:?}, not {expected:?}: {:?}", shown()))?;
    let (expected, found) = (roster.rejected.len(), again.rejected.len());
    ensure(expected == found, || format!("{expected} rejected rows read back as {found}: {:?}", shown()))
}

/// Not even if the spreadsheet separates by semicolons or tabs, or takes a full-width sign for the plain one.
fn no_cell_is_a_formula(report: &[u8]) -> Result<(), String> {
    let signs = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    for delimiter in [b',', b';', b'\t'] {
        let mut reader = csv::ReaderBuilder::new();
        for record in reader.has_headers(false).flexible(true).delimiter(delimiter).from_reader(report).records() {
            let record = record.map_err(|error| format!("the report is no CSV: {error}"))?;
            for cell in record.iter().flat_map(|cell| cell.split([',', ';', '\t', '\r', '\n', '\0'])) {
                let runs = cell.trim_start_matches(|c: char| c.is_whitespace() || c == '"').starts_with(signs);
                ensure(!runs, || format!("a spreadsheet would run {cell:?} of {record:?}"))?;
            }
        }
    }
    Ok(())
}
