//! What holds for every account list, whatever its bytes. The fuzz target `list` and the tests here share this file.

use guardduty_onboarding::roster::{MAX_BYTES, MAX_ROWS, Refused, Roster, read};

use crate::check::ensure;
use crate::roster::{self, administrator};

/// Everything that holds for a list.
pub fn holds(bytes: &[u8]) -> Result<(), String> {
    let roster = read(bytes, administrator());
    a_refusal_is_right(bytes, &roster)?;
    if roster.accounts.is_empty() && roster.rejected.is_empty() {
        return roster::holds(&roster, &[]);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| "rows were read from what is not UTF-8".to_owned())?;
    let text = without_mark(text);
    roster::holds(&roster, &rows(text, &roster)?)?;
    accounts_stand_in_their_lines(text, &roster)
}

fn without_mark(text: &str) -> &str {
    text.strip_prefix('\u{feff}').unwrap_or(text)
}

fn is_blank(line: &str) -> bool {
    line.trim().is_empty()
}

fn a_refusal_is_right(bytes: &[u8], roster: &Roster) -> Result<(), String> {
    let rows = roster.accounts.len() + roster.rejected.len();
    let right = match &roster.refused {
        None => !roster.accounts.is_empty(),
        Some(Refused::NoValidRow) => rows > 0,
        // The one line that is not blank may be a header.
        Some(Refused::Empty) => {
            let text = std::str::from_utf8(bytes).map(without_mark);
            rows == 0 && text.is_ok_and(|text| text.split('\n').filter(|line| !is_blank(line)).count() <= 1)
        }
        Some(Refused::Utf16) => bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") || bytes.contains(&0),
        Some(Refused::NotUtf8(at)) => {
            rows == 0 && std::str::from_utf8(bytes).is_err_and(|error| error.valid_up_to() + 1 == *at)
        }
        Some(Refused::TooLarge(size)) => rows == 0 && *size == bytes.len() as u64 && *size > MAX_BYTES,
        Some(Refused::TooManyRows(count)) => rows == 0 && *count > MAX_ROWS,
        Some(_) => false,
    };
    ensure(right, || format!("a list of {rows} rows is refused as {:?}", roster.refused))
}

/// The lines that have rows: those that are not blank, without the header if there was one.
fn rows(text: &str, roster: &Roster) -> Result<Vec<usize>, String> {
    let lines = text.split('\n').enumerate().map(|(index, line)| (index + 1, line));
    let mut lines = lines.filter(|(_, line)| !is_blank(line)).peekable();
    let (number, first) = *lines.peek().ok_or("rows were read where every line is blank")?;
    let mut read = roster.accounts.iter().filter_map(|one| one.line).chain(roster.rejected.iter().map(|row| row.line));
    let has_header = !read.any(|line| line == number);

    let plain = first.replace('"', "").to_ascii_lowercase();
    let has_names = plain.contains("account id") && plain.contains("email");
    ensure(!has_header || has_names, || format!("the first line was left out: {first:?}"))?;
    let consoles = first.trim().eq_ignore_ascii_case("Account ID,Email");
    ensure(has_header || !consoles, || "the header was taken for a row".into())?;
    Ok(lines.skip(usize::from(has_header)).map(|(number, _)| number).collect())
}

fn accounts_stand_in_their_lines(text: &str, roster: &Roster) -> Result<(), String> {
    let lines: Vec<&str> = text.split('\n').collect();
    for account in &roster.accounts {
        let (id, email) = (account.id.to_string(), account.email.expose());
        let line = account.line.and_then(|line| lines.get(line - 1)).ok_or("an account without a line")?;
        // A quotation mark may stand within either, where it begins the field but does not end it.
        let mut plain = line.replace('"', "");
        // So may an apostrophe of our own report.
        if email.contains(';') {
            plain.retain(|c| c != '\'');
        }
        ensure(plain.contains(&id) && plain.contains(email), || format!("{id} with {email:?} is not in {line:?}"))?;
    }
    Ok(())
}
