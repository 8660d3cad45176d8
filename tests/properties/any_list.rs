//! Lists as people and spreadsheets write them, and as they break them.

use std::fmt;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

/// Prints as a byte string that can be pasted into a test.
#[derive(Clone)]
pub struct Bytes(pub Vec<u8>);

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "b\"{}\"", self.0.escape_ascii())
    }
}

pub fn any_bytes() -> impl Strategy<Value = Bytes> {
    vec(any::<u8>(), 0..400).prop_map(Bytes)
}

pub fn any_id() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "00000000[0-9]{4}",
        4 => select(vec!["111122223333", "444455556666", "123456789012"]).prop_map(str::to_owned),
        1 => "[0-9]{9,11}",
        1 => "1[.,]?[0-9]{0,5}[eE]\\+?1[0-9]{0,2}",
        1 => Just("1111-2222-3333".to_owned()),
        1 => "[٣0-9]{12}",
        1 => "[0-9a-z@ .'=+\"\\-]{0,16}",
    ]
}

pub fn any_email() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[a-c]{1,2}@example\\.com",
        2 => "[aB+=_.\\-]{1,5}@(EXAMPLE|example)\\.(com|COM)",
        1 => "x{48,55}@example\\.com",
        1 => "[a-c]{1,3}[@.]?example\\.?(com)?",
        1 => "[a@'\"()\\[\\]<>:|%&,;é ]{0,6}@[a.@ _\\-]{0,4}example\\.com",
        1 => "\\PC{0,12}",
    ]
}

/// A field with what a spreadsheet or a person puts around it.
pub fn dressed(field: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    (field, 0..24_u8).prop_map(|(field, clothes)| match clothes {
        0 | 1 => format!("\"{}\"", field.replace('"', "\"\"")),
        2 => format!(" {field} "),
        3 => format!(" \"{field}\" "),
        4 => format!("'{field}"),
        5 => format!("\"{field}"),
        6 => format!("{field}\""),
        7 => format!("\"\"\"{field}\"\"\""),
        8 => format!(" \"\"{field}\"\""),
        9 => format!("\u{feff}{field}\t"),
        10 => format!("{field}\r"),
        11 => format!("a\n{field}"),
        _ => field,
    })
}

fn any_row() -> impl Strategy<Value = String> {
    let separator = prop_oneof![6 => Just(","), 2 => Just(";"), 1 => Just(", "), 1 => Just("\t"), 1 => Just(",;")];
    let more = dressed("[a-z;,=\"' ]{0,8}".boxed());
    (dressed(any_id()), separator, dressed(any_email()), vec(more, 0..3), any::<Index>()).prop_map(
        |(id, separator, email, more, place)| {
            let mut fields = if place.index(8) == 0 { vec![email, id] } else { vec![id, email] };
            let at = if place.index(4) == 0 { place.index(3) } else { 2 };
            fields.splice(at..at, more);
            fields.join(separator)
        },
    )
}

fn any_line() -> impl Strategy<Value = String> {
    prop_oneof![
        12 => any_row(),
        1 => select(vec!["", " ", "\t", "\u{a0}", ",", ";;", "\"", "\"\"", "'", "\0"]).prop_map(str::to_owned),
        1 => "\\PC{0,30}",
    ]
}

fn any_header() -> impl Strategy<Value = Option<String>> {
    let headers = [
        "Account ID,Email",
        "email;ACCOUNT ID;Name",
        "\"Account ID\",\"Email\"",
        "Name, Email , Account ID",
        "Account ID,Email,Line,Outcome,Regions,Detail",
        "Account ID,E-mail",
        "Email,Account ID,Email",
    ];
    proptest::option::weighted(0.6, select(headers.to_vec()).prop_map(str::to_owned))
}

/// A list from parts that are right, nearly right and wrong.
pub fn any_list() -> impl Strategy<Value = Bytes> {
    let ends = select(vec!["\n", "\n", "\r\n", "\n\n"]);
    (any::<bool>(), any_header(), vec(any_line(), 0..20), ends, any::<bool>()).prop_map(
        |(marked, header, lines, end, ended)| {
            let lines: Vec<String> = header.into_iter().chain(lines).collect();
            let (mark, last) = (if marked { "\u{feff}" } else { "" }, if ended { end } else { "" });
            Bytes(format!("{mark}{}{last}", lines.join(end)).into_bytes())
        },
    )
}

/// `list` with some bytes put in, replaced or cut out.
pub fn mangled(list: impl Strategy<Value = Bytes>) -> impl Strategy<Value = Bytes> {
    let byte = prop_oneof![3 => select(b"\",;\n\r'=@ 0\t\0".to_vec()), 1 => any::<u8>()];
    (list, vec((any::<Index>(), 0..3_u8, byte), 1..6)).prop_map(|(Bytes(mut bytes), changes)| {
        for (place, how, byte) in changes {
            let at = place.index(bytes.len() + 1);
            let until = if how == 0 { at } else { bytes.len().min(at + 1) };
            bytes.splice(at..until, (how < 2).then_some(byte));
        }
        Bytes(bytes)
    })
}
