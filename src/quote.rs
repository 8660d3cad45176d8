//! Makes text from outside fit for a log, an error or a report: one line, bounded, without an e-mail address. There is
//! one function for each kind of text.

const MASK: &str = "(e-mail)";

/// An id or a name, such as that of a field, an event or a message, or the value of a setting. All of it is masked if
/// any of it may be an address.
#[must_use]
pub fn name(text: &str) -> String {
    if has_address(text) { MASK.into() } else { cut(&on_one_line(text), 120) }
}

/// Any number of names: the first `most` of them, then how many others there are.
#[must_use]
pub fn names<'a>(all: impl Iterator<Item = &'a str>, most: usize) -> String {
    let mut all = all.fuse();
    let mut shown: Vec<String> = all.by_ref().take(most).map(|text| format!("{:?}", name(text))).collect();
    match all.count() {
        0 => {}
        others => shown.push(format!("and {others} more")),
    }
    shown.join(", ")
}

/// The key of an object, or a path that ends in one. Each part between slashes that may hold an address is masked. S3
/// allows 1,024 bytes; a path has prefix and bucket before them.
#[must_use]
pub fn key(text: &str) -> String {
    let part = |part: &str| if has_address(part) { MASK.into() } else { on_one_line(part) };
    cut(&text.split('/').map(part).collect::<Vec<String>>().join("/"), 1_400)
}

/// A sentence of AWS's. Words that hold an address are masked. A denial ends in the name of the policy, so much is
/// kept.
#[must_use]
pub fn sentence(text: &str) -> String {
    let text: String = text.chars().map(|c| if is_unprintable(c) { ' ' } else { c }).collect();
    let words = text.split_whitespace().map(|word| if has_address(word) { MASK } else { word });
    cut(&words.collect::<Vec<_>>().join(" "), 600)
}

/// At most `most` characters, then an ellipsis.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

/// Whether the text may hold an e-mail address, percent-encoded and in wide characters, too.
#[must_use]
pub fn has_address(text: &str) -> bool {
    text.contains(['@', '\u{ff20}', '\u{fe6b}']) || text.contains("%40")
}

fn on_one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_whitespace() || is_unprintable(c) { ' ' } else { c }).collect()
}

/// Control characters, and those that change how the text around them is shown.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}')
        || matches!(c, '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_may_be_an_address_is_left_out_wherever_the_address_stands() {
        for text in ["user@example.com", "x user%40example.com", "user＠example.com", &format!("{}@", "x".repeat(500))]
        {
            assert_eq!(name(text), "(e-mail)");
        }
        assert_eq!(name("One\r\nTwo\u{202e}\0"), "One  Two  ");
        assert_eq!(name(&"é".repeat(200)).chars().count(), 121);
    }

    #[test]
    fn of_many_names_a_few_are_shown_and_the_others_counted() {
        assert_eq!(names(["a", "b"].into_iter(), 2), "\"a\", \"b\"");
        assert_eq!(names(["a", "b@c", "d", "e"].into_iter(), 2), "\"a\", \"(e-mail)\", and 2 more");
        assert_eq!(names([].into_iter(), 2), "");
    }

    #[test]
    fn a_key_keeps_the_parts_without_an_address() {
        assert_eq!(key("accounts/user@example.com.csv"), "accounts/(e-mail)");
        assert_eq!(key("accounts/a b%40example.com/te\nam.csv"), "accounts/(e-mail)/te am.csv");
        assert_eq!(key("s3://amzn-s3-demo-bucket/reports/team.json"), "s3://amzn-s3-demo-bucket/reports/team.json");
    }

    #[test]
    fn a_sentence_loses_addresses_line_breaks_and_what_is_too_long() {
        assert_eq!(sentence("The moon\nis full\0for user@example.com today"), "The moon is full for (e-mail) today");
        assert_eq!(sentence(&"é".repeat(700)).chars().count(), 601);
    }
}
