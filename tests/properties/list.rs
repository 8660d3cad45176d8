//! Properties of every account list, whatever its bytes. The fuzz target `list` and the tests here share this file.

use guardduty_onboarding::account::AccountId;
use guardduty_onboarding::roster::{ListError, MAX_BYTES, MAX_ROWS, Notice, Roster, Rules, read};

use crate::check::ensure;
use crate::roster::{self, administrator};

/// Everything that holds for a list.
pub fn holds(bytes: &[u8]) -> Result<(), String> {
    let roster = read(bytes, &Rules::monitored(administrator()));
    a_refusal_is_right(bytes, &roster)?;
    roster::holds(&roster)?;
    let text = text(bytes);
    let lines = lines(&text);
    let accounted = accounted(&roster);
    let once =
        accounted.windows(2).all(|pair| pair[0] < pair[1]) && accounted.last().is_none_or(|last| *last <= lines.len());
    ensure(once, || format!("of {} lines, records begin on {accounted:?}", lines.len()))?;
    no_account_is_lost(&lines, &roster, &accounted)?;
    accounts_stand_in_their_records(&lines, &roster, &accounted)
}

/// The lines where used records, rejected records and titles begin.
fn accounted(roster: &Roster) -> Vec<usize> {
    let titles = roster.notices.iter().flat_map(|notice| match notice {
        Notice::Titles { titles, .. } => titles.clone(),
        Notice::Windows1252 => Vec::new(),
    });
    let used = roster.accounts.iter().filter_map(|account| account.line);
    let mut accounted: Vec<usize> = used.chain(roster.rejected.iter().map(|row| row.line)).chain(titles).collect();
    accounted.sort_unstable();
    accounted
}

/// Right for ASCII, which is all that is looked at here.
fn text(bytes: &[u8]) -> String {
    let units = |unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xff, 0xfe, ..] => units(u16::from_le_bytes),
        [0xfe, 0xff, ..] => units(u16::from_be_bytes),
        _ => String::from_utf8(bytes.to_vec()).unwrap_or_else(|_| bytes.iter().copied().map(char::from).collect()),
    };
    text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned)
}

fn lines(text: &str) -> Vec<String> {
    text.replace("\r\n", "\n").split(['\n', '\r']).map(str::to_owned).collect()
}

fn a_refusal_is_right(bytes: &[u8], roster: &Roster) -> Result<(), String> {
    let rows = roster.accounts.len() + roster.rejected.len();
    let right = match &roster.refused {
        None => !roster.accounts.is_empty(),
        Some(ListError::NoValidRow) => rows > 0,
        Some(ListError::Utf16) => rows > 0 && bytes.contains(&0),
        Some(ListError::TooLarge(size)) => rows == 0 && *size == bytes.len() as u64 && *size > MAX_BYTES,
        Some(ListError::TooManyRows(count)) => rows == 0 && *count > MAX_ROWS,
        Some(_) => rows == 0,
    };
    ensure(right, || format!("a list of {rows} rows is refused as {:?}", roster.refused))
}

/// A line that by itself begins with an account id is never swallowed by a quotation mark further up. Lists with
/// several delimiters or a header are left out: here it is not known which lines are cells of their own.
fn no_account_is_lost(lines: &[String], roster: &Roster, accounted: &[usize]) -> Result<(), String> {
    let rows = roster.refused.is_none() || roster.refused == Some(ListError::NoValidRow);
    let delimiters = [',', ';', '\t', '|'].into_iter().filter(|c| lines.iter().any(|line| line.contains(*c))).count();
    if !rows || delimiters != 1 || lines[0].to_ascii_lowercase().contains("sep=") {
        return Ok(());
    }
    let has_account = |line: &String| {
        let id = line.get(..12).and_then(AccountId::parse).is_some();
        id && line[12..].starts_with([',', ';', '\t', '|']) && line.matches('"').count().is_multiple_of(2)
    };
    let lost = (1..=lines.len()).find(|line| has_account(&lines[line - 1]) && !accounted.contains(line));
    ensure(lost.is_none(), || format!("the account on line {lost:?} is nowhere, records begin on {accounted:?}"))
}

fn accounts_stand_in_their_records(lines: &[String], roster: &Roster, accounted: &[usize]) -> Result<(), String> {
    for account in &roster.accounts {
        let (id, email) = (account.id.to_string(), account.expose_email());
        let begins = account.line.ok_or("an account without a line")?;
        let ends = accounted.iter().find(|line| **line > begins).map_or(lines.len(), |next| next - 1);
        let mut record = lines[begins - 1..ends].concat();
        // Either may contain quotation marks, invisible characters, and our own report's apostrophes.
        record.retain(|c| c != '"' && c != '\'' && (c.is_ascii_graphic() || c == ' '));
        let email: String = email.chars().filter(|c| *c != '\'').collect();
        ensure(record.contains(&id) && record.contains(&email), || format!("{id} is not in {record:?}"))?;
    }
    Ok(())
}
