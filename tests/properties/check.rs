//! What the properties have in common: a broken one is a sentence, and nothing that is shown holds an e-mail address.

/// `Err` with the sentence, unless it holds.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// Nothing like `a@b` stands in `text`. An `@` of our own sentences has a space before it or a mark after it.
pub fn shows_no_address(text: &str) -> Result<(), String> {
    let address = text.match_indices('@').find(|(at, _)| {
        text[..*at].ends_with(|c: char| !c.is_whitespace()) && text[at + 1..].starts_with(char::is_alphanumeric)
    });
    ensure(address.is_none(), || format!("an e-mail address is shown: {text:?}"))
}
