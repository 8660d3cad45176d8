//! One list in every dialect: whatever program saved it, the same accounts are read, from the lines where they begin.

use std::collections::BTreeMap;

use guardduty_onboarding::roster::{Notice, Rules, read};
use proptest::collection::{btree_map, vec};
use proptest::prelude::*;
use proptest::sample::select;

use crate::check::ensure;
use crate::roster::administrator;

/// How a program saves a list.
#[derive(Debug, Clone)]
pub struct Dialect {
    encoding: Encoding,
    says_delimiter: bool,
    delimiter: char,
    ends: Vec<&'static str>,
    ends_last: bool,
    quotes: Quotes,
    titles: usize,
    header: Option<[&'static str; 3]>,
    order: [usize; 3],
    blanks: Vec<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum Encoding {
    Utf8,
    Utf8Marked,
    Utf16Le,
    Utf16Be,
    Windows1252,
}

#[derive(Debug, Clone, Copy)]
enum Quotes {
    WhereNeeded,
    Everywhere,
    Padded,
}

/// Accounts by id, each with its e-mail and a third cell that holds anything.
pub type Rows = BTreeMap<String, (String, String)>;

pub fn any_rows() -> impl Strategy<Value = Rows> {
    let third = prop_oneof![
        4 => "[A-Za-zé ]{0,10}",
        2 => "[a-z,;|\t\"' =@]{0,12}",
        1 => "[a-z\"]{1,5}(\n|\r|\r\n)[a-z,;|\t]{0,6}((\n|\r\n)[0-9]{3,9}|)",
    ];
    btree_map("00000000[0-9]{4}", ("[a-z]{1,3}[+._]?[a-z]{1,2}@example\\.com", third), 1..20)
}

pub fn any_dialect() -> impl Strategy<Value = Dialect> {
    let encodings =
        vec![Encoding::Utf8, Encoding::Utf8Marked, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252];
    let headers = vec![
        None,
        Some(["Account ID", "Email", "Name"]),
        Some(["account_id", "E-MAIL", "Account name"]),
        Some(["Id", "Root user email", "Arn"]),
        Some(["AWS Account-ID", "email address", "Owner email"]),
        Some(["Account number", "Mail", "State"]),
    ];
    let orders = vec![[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]];
    let ends = vec(select(vec!["\n", "\r\n", "\r"]), 1..3);
    let quotes = select(vec![Quotes::WhereNeeded, Quotes::Everywhere, Quotes::Padded]);
    let form = (select(encodings), any::<bool>(), select(vec![',', ';', '\t', '|']), ends, any::<bool>(), quotes);
    (form, 0..4_usize, select(headers), select(orders), vec(any::<bool>(), 1..4)).prop_map(
        |((encoding, says_delimiter, delimiter, ends, ends_last, quotes), titles, header, order, blanks)| {
            let order = if header.is_some() { order } else { [0, 1, 2] };
            let titles = if header.is_some() { titles } else { 0 };
            Dialect { encoding, says_delimiter, delimiter, ends, ends_last, quotes, titles, header, order, blanks }
        },
    )
}

impl Dialect {
    fn row(&self, cells: [&str; 3]) -> String {
        let delimiter = self.delimiter;
        let written = self.order.map(|index| {
            let cell = cells[index];
            let quoted = format!("\"{}\"", cell.replace('"', "\"\""));
            let needed = cell.contains([delimiter, '"', '\n', '\r']);
            match self.quotes {
                Quotes::WhereNeeded if needed => quoted,
                Quotes::WhereNeeded => cell.to_owned(),
                Quotes::Everywhere => quoted,
                Quotes::Padded => format!(" \u{a0}{quoted} "),
            }
        });
        written.join(&String::from(delimiter))
    }

    /// The list, and the lines where its rows begin.
    fn write(&self, rows: &Rows) -> (Vec<u8>, Vec<usize>) {
        let mut records = Vec::new();
        records.extend(self.says_delimiter.then(|| format!("sep={}", self.delimiter)));
        records.extend((0..self.titles).map(|number| format!("Title {number}")));
        records.extend(self.header.map(|header| self.row(header)));
        let mut begin = Vec::new();
        for (index, (id, (email, third))) in rows.iter().enumerate() {
            if index > 0 && self.blanks[index % self.blanks.len()] {
                records.push(self.row(["", " ", ""]));
            }
            begin.push(records.len());
            records.push(self.row([id, email, third]));
        }
        let mut text = String::new();
        let mut lines = vec![1];
        for (index, record) in records.iter().enumerate() {
            text.push_str(record);
            if index + 1 < records.len() || self.ends_last {
                text.push_str(self.ends[index % self.ends.len()]);
            }
            lines.push(1 + text.replace("\r\n", "\n").matches(['\n', '\r']).count());
        }
        (self.encode(&text), begin.into_iter().map(|index| lines[index]).collect())
    }

    fn encode(&self, text: &str) -> Vec<u8> {
        let units = |bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        match self.encoding {
            Encoding::Utf8 => text.into(),
            Encoding::Utf8Marked => format!("\u{feff}{text}").into(),
            Encoding::Utf16Le => [vec![0xff, 0xfe], units(u16::to_le_bytes)].concat(),
            Encoding::Utf16Be => [vec![0xfe, 0xff], units(u16::to_be_bytes)].concat(),
            // Only é and the no-break space are outside ASCII here, and both have their own number there.
            Encoding::Windows1252 => text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect(),
        }
    }
}

/// The rows are read back, each from the line where it begins, and nothing else.
pub fn reads_back(dialect: &Dialect, rows: &Rows) -> Result<(), String> {
    let (bytes, lines) = dialect.write(rows);
    let roster = read(&bytes, &Rules::monitored(administrator()));
    let shown = || format!("{:?}", String::from_utf8_lossy(&bytes));
    let found: Vec<_> = roster.accounts.iter().map(|one| (one.line, one.id.to_string(), one.expose_email())).collect();
    let written = lines.iter().zip(rows);
    let expected: Vec<_> = written.map(|(line, (id, (email, _)))| (Some(*line), id.clone(), email.as_str())).collect();
    ensure(found == expected, || format!("{found:?} is not {expected:?}: {}", shown()))?;
    ensure(roster.rejected.is_empty(), || format!("rejected: {:?}: {}", roster.rejected, shown()))?;
    let titles = roster.notices.iter().find_map(|notice| match notice {
        Notice::Titles { titles, .. } => Some(titles.len()),
        Notice::Windows1252 => None,
    });
    ensure(titles.unwrap_or(0) == dialect.titles, || format!("{titles:?} titles: {}", shown()))
}
