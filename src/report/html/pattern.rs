//! Sentences without what only their own membership has: thousands of them become one, which can be counted and listed.

use crate::account::AccountId;

/// Stands for the account's id. Sentences have no control characters of their own.
const ACCOUNT: char = '\u{1}';
const REGION: char = '\u{2}';
const LINE: char = '\u{3}';

/// What a sentence is about. What is `None` is left open.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct About<'a> {
    pub(super) account: Option<AccountId>,
    pub(super) region: Option<&'a str>,
    pub(super) line: Option<usize>,
}

/// Part of a sentence to show. A gap names what is left open.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    Text(String),
    Gap(&'static str),
}

/// Takes account, Region and line out of a sentence. [`filled`] puts them back.
pub(super) fn of(sentence: &str, about: &About<'_>) -> String {
    let mut pattern = plain(sentence);
    if let Some(account) = about.account {
        pattern = pattern.replace(account.as_str(), &ACCOUNT.to_string());
    }
    if let Some(region) = about.region {
        pattern = pattern.replace(region, &REGION.to_string());
    }
    match about.line {
        Some(line) => without_line(&pattern, line),
        None => pattern,
    }
}

/// Text without characters that change how the text around them is shown: what stands for them can be seen.
pub(super) fn plain(text: &str) -> String {
    let turns =
        |c| matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { '\u{fffd}' } else { c }).collect()
}

fn without_line(pattern: &str, line: usize) -> String {
    let wanted = format!("line {line}");
    let mut parts = pattern.split(&wanted);
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // `line 7` is not in `line 77`.
        if part.starts_with(|c: char| c.is_ascii_digit()) {
            out += &wanted;
        } else {
            out += "line ";
            out.push(LINE);
        }
        out += part;
    }
    out
}

/// A pattern, without the beginning and the end that it has in common with the one before it, if that is most of it.
/// Their lengths are a script's, in UTF-16.
pub(super) fn shared<'a>(before: &str, pattern: &'a str) -> (usize, &'a str, usize) {
    let head = before.chars().zip(pattern.chars()).take_while(|(one, other)| one == other).map(|(c, _)| c);
    let bytes: usize = head.clone().map(char::len_utf8).sum();
    let (old, new) = (&before[bytes..], &pattern[bytes..]);
    let tail = old.chars().rev().zip(new.chars().rev()).take_while(|(one, other)| one == other).map(|(c, _)| c);
    let text = &new[..new.len() - tail.clone().map(char::len_utf8).sum::<usize>()];
    let units = |chars: &mut dyn Iterator<Item = char>| chars.map(char::len_utf16).sum();
    if text.len() * 2 > pattern.len() {
        (0, pattern, 0)
    } else {
        (units(&mut head.clone()), text, units(&mut tail.clone()))
    }
}

/// Whether the sentence differs from Region to Region.
pub(super) fn names_region(pattern: &str) -> bool {
    pattern.contains(REGION)
}

/// The sentence about one membership.
pub(super) fn filled(pattern: &str, about: &About<'_>) -> String {
    let piece = |piece| match piece {
        Piece::Text(text) => text,
        Piece::Gap(name) => name.to_owned(),
    };
    pieces(pattern, about).into_iter().map(piece).collect()
}

/// The sentence in pieces, with a gap wherever `about` leaves something open.
pub(super) fn pieces(pattern: &str, about: &About<'_>) -> Vec<Piece> {
    let mut pieces = vec![Piece::Text(String::new())];
    for c in pattern.chars() {
        let (value, name) = match c {
            ACCOUNT => (about.account.map(|account| account.to_string()), "‹account›"),
            REGION => (about.region.map(str::to_owned), "‹Region›"),
            LINE => (about.line.map(|line| line.to_string()), "‹line›"),
            other => (Some(other.to_string()), ""),
        };
        match (value, pieces.last_mut()) {
            (Some(value), Some(Piece::Text(text))) => *text += &value,
            (Some(value), _) => pieces.push(Piece::Text(value)),
            (None, _) => pieces.push(Piece::Gap(name)),
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn about<'a>() -> About<'a> {
        About { account: AccountId::parse("111122223333"), region: Some("us-east-1"), line: Some(7) }
    }

    #[test]
    fn a_sentence_comes_back_from_its_pattern() {
        for sentence in [
            "",
            "the e-mail on line 7 is not the root user's of 111122223333 in us-east-1",
            "line 77 of line 7, line 7",
            "us-east-10 and 1111222233334",
            "arn:aws:iam::111122223333:role/R in us-east-1; line 7",
        ] {
            assert_eq!(filled(&of(sentence, &about()), &about()), sentence);
        }
    }

    #[test]
    fn sentences_that_differ_by_account_region_and_line_have_one_pattern() {
        let other = About { account: AccountId::parse("444455556666"), region: Some("eu-west-1"), line: Some(12) };
        let one = of("line 7: 111122223333 is not enabled in us-east-1", &about());
        assert_eq!(one, of("line 12: 444455556666 is not enabled in eu-west-1", &other));
        assert!(names_region(&one));
        let gaps = pieces(&one, &About { region: Some("eu-west-1"), ..About::default() });
        let text = |text: &str| Piece::Text(text.into());
        assert_eq!(
            gaps,
            [
                text("line "),
                Piece::Gap("‹line›"),
                text(": "),
                Piece::Gap("‹account›"),
                text(" is not enabled in eu-west-1")
            ]
        );
    }

    #[test]
    fn a_pattern_has_only_what_the_one_before_it_has_not() {
        assert_eq!(shared("", "a role"), (0, "a role", 0));
        assert_eq!(shared("the role 𝕒 1 is gone", "the role 𝕒 23 is gone"), (12, "23", 8));
        assert_eq!(shared("aaa", "aa"), (2, "", 0));
        assert_eq!(shared("a é long sentence", "a è long sentence"), (2, "è", 14));
        assert_eq!(shared("another one", "and so on"), (0, "and so on", 0), "most of it differs");
    }

    #[test]
    fn characters_of_a_sentence_neither_stand_for_an_account_nor_turn_the_text_around() {
        assert_eq!(of("a\u{1}b\u{2}c\n\u{202e}d", &about()), "a�b�c��d");
    }
}
