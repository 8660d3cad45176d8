//! Shared by the properties: a broken one is a sentence, and nothing that is shown holds an e-mail address.

/// `Err` with the sentence, unless it holds.
pub fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

/// Fit for a log: no address, no control character, not too long.
pub fn is_fit_to_show(text: &str) -> Result<(), String> {
    shows_no_address(text)?;
    ensure(!text.contains(char::is_control), || format!("a control character is shown: {text:?}"))?;
    ensure(text.len() <= 4_096, || format!("{} bytes are shown: {text:?}", text.len()))
}

/// Nothing like `a@b` is in `text`. An `@` of our own sentences has a space before it or a mark after it.
pub fn shows_no_address(text: &str) -> Result<(), String> {
    let address = text.match_indices(['@', '\u{ff20}']).find(|(at, sign)| {
        text[..*at].ends_with(|c: char| !c.is_whitespace())
            && text[at + sign.len()..].starts_with(char::is_alphanumeric)
    });
    ensure(address.is_none(), || format!("an e-mail address is shown: {text:?}"))
}
