//! Pages of a list that is sorted by key.

use serde_json::Value;

use crate::wire::ids::hex;

/// The size of a page that a JSON body asks for: `most` if it names none, `None` if it is out of range.
pub(crate) fn size(asked: &Value, most: usize) -> Option<usize> {
    if asked.is_null() {
        return Some(most);
    }
    let size = usize::try_from(asked.as_u64()?).ok()?;
    (1..=most).contains(&size).then_some(size)
}

/// The items after the last page, at most `size` of them, and the token of the next page if there is one.
pub(crate) fn page<'a, T>(
    items: impl Iterator<Item = (&'a str, T)>,
    token: Option<&str>,
    size: usize,
) -> Option<(Vec<T>, Option<String>)> {
    let after = match token {
        Some(token) if !token.is_empty() => Some(key_of(token)?),
        _ => None,
    };
    let mut rest = items.filter(|(key, _)| after.as_ref().is_none_or(|after| *key > after.as_str())).peekable();
    let (mut page, mut last) = (Vec::new(), None);
    while page.len() < size.max(1)
        && let Some((key, item)) = rest.next()
    {
        last = Some(key);
        page.push(item);
    }
    let more = rest.peek().is_some();
    Some((page, last.filter(|_| more).map(token_of)))
}

/// Tokens are opaque, so that no client relies on their content.
fn token_of(key: &str) -> String {
    hex(key.as_bytes())
}

fn key_of(token: &str) -> Option<String> {
    let digits = token.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok()
    });
    String::from_utf8(digits.collect::<Option<_>>()?).ok()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{page, size};

    #[test]
    fn the_size_that_a_body_asks_for_has_bounds() {
        let sizes = [json!(null), json!(1), json!(50), json!(0), json!(51), json!(-1), json!("50")];
        let expected = [Some(50), Some(1), Some(50), None, None, None, None];
        assert_eq!(sizes.map(|asked| size(&asked, 50)), expected);
    }

    #[test]
    fn pages_follow_each_other_until_there_is_no_token() {
        let items = ["a", "b", "c", "d", "e"];
        let turn = |token: Option<&str>| page(items.into_iter().map(|key| (key, key)), token, 2);

        let (first, token) = turn(None).expect("no token is a good one");
        let (second, token) = turn(token.as_deref()).expect("our own token");
        let (third, end) = turn(token.as_deref()).expect("our own token");

        assert_eq!((first, second, third), (vec!["a", "b"], vec!["c", "d"], vec!["e"]));
        assert_eq!(end, None);
        assert_eq!(turn(Some("nonsense")), None);
    }
}
