//! The e-mail addresses that CreateMembers accepts (AWS N1).

/// 6 to 64 ASCII characters, one `@`, a local part without white space and certain punctuation, a domain with a dot in
/// it.
pub(super) fn is_acceptable(email: &str) -> bool {
    let Some((local, domain)) = email.split_once('@') else { return false };
    let refused = |c: char| c.is_ascii_whitespace() || r#""'()<>[]:,\|%&"#.contains(c);
    let within = |c: char| c.is_ascii_alphanumeric() || c == '.' || c == '-';
    email.is_ascii()
        && (6..=64).contains(&email.len())
        && !local.is_empty()
        && !local.starts_with('.')
        && !local.contains(refused)
        && domain.contains('.')
        && domain.chars().all(within)
        && !domain.starts_with(['.', '-'])
        && !domain.ends_with(['.', '-'])
}

#[cfg(test)]
mod tests {
    use super::is_acceptable;

    #[test]
    fn addresses_are_taken_or_refused_as_documented() {
        assert!(is_acceptable("aws+root@example.com") && is_acceptable("=a@example.com"));
        for email in
            ["example.com", "a@b@example.com", "a b@example.com", ".a@example.com", "a@localhost", "a@-b.co", "a@b"]
        {
            assert!(!is_acceptable(email), "{email}");
        }
    }
}
