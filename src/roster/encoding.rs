//! Decodes the bytes of an upload: UTF-8, UTF-16 with a byte order mark, or Windows-1252.

use super::problem::{ListError, Notice};

/// What Windows-1252 has instead of the control characters from 0x80 to 0x9f (WHATWG Encoding Standard). Every other
/// byte is the character of the same number.
const WINDOWS_1252: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// The text without its byte order mark, with a notice if the encoding was guessed.
pub(super) fn decoded(bytes: &[u8]) -> Result<(String, Option<Notice>), ListError> {
    if let Some(refused) = other_format(bytes) {
        return Err(refused);
    }
    let (text, notice) = if let Some(units) = bytes.strip_prefix(&[0xff, 0xfe]) {
        (utf16(units, u16::from_le_bytes), None)
    } else if let Some(units) = bytes.strip_prefix(&[0xfe, 0xff]) {
        (utf16(units, u16::from_be_bytes), None)
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        (text.to_owned(), None)
    } else {
        (windows_1252(bytes), Some(Notice::Windows1252))
    };
    let text = match text.strip_prefix('\u{feff}') {
        Some(text) => text.to_owned(),
        None => text,
    };
    match markup(&text) {
        Some(refused) => Err(refused),
        None => Ok((text, notice)),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    let mut text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    if !rest.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    text
}

fn windows_1252(bytes: &[u8]) -> String {
    let special: Vec<char> = WINDOWS_1252.chars().collect();
    let character = |byte: &u8| match byte {
        0x80..=0x9f => special[usize::from(byte - 0x80)],
        _ => char::from(*byte),
    };
    bytes.iter().map(character).collect()
}

/// Formats that their first bytes give away.
fn other_format(bytes: &[u8]) -> Option<ListError> {
    if bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06") {
        Some(ListError::Zip)
    } else if bytes.starts_with(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1") {
        Some(ListError::OldWorkbook)
    } else if bytes.starts_with(b"%PDF-") {
        Some(ListError::Pdf)
    } else {
        None
    }
}

/// Formats that the beginning of their text gives away. A title may begin with a bracket, so a bracket alone decides
/// nothing.
fn markup(text: &str) -> Option<ListError> {
    let text = text.trim_start();
    let begins_with = |name: &str| text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    if ["<!doctype", "<html", "<head", "<body", "<table", "<meta", "<script", "<?xml"].into_iter().any(begins_with) {
        return Some(ListError::Html);
    }
    let mut characters = text.chars().filter(|c| !c.is_whitespace());
    let json = match (characters.next(), characters.next()) {
        (Some('{'), Some(second)) => matches!(second, '"' | '}'),
        (Some('['), Some(second)) => matches!(second, '{' | '[' | '"' | ']'),
        _ => false,
    };
    json.then_some(ListError::Json)
}
