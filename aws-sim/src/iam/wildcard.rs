//! Patterns of IAM policies: `*` is any text, `?` any one character.

/// Whether `pattern` matches the whole of `text`.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    matches_by(pattern, text, u8::eq)
}

/// The same for IAM actions, which are not case-sensitive.
pub(crate) fn matches_action(pattern: &str, action: &str) -> bool {
    matches_by(pattern, action, u8::eq_ignore_ascii_case)
}

fn matches_by(pattern: &str, text: &str, same: fn(&u8, &u8) -> bool) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut at, mut seen) = (0, 0);
    // The place of the last star, and how much of the text it has matched so far.
    let mut star: Option<(usize, usize)> = None;
    while seen < text.len() {
        if at < pattern.len() && pattern[at] == b'*' {
            star = Some((at, seen));
            at += 1;
        } else if at < pattern.len() && (pattern[at] == b'?' || same(&pattern[at], &text[seen])) {
            at += 1;
            // One character, which may be more than one byte.
            seen += 1;
            while pattern[at - 1] == b'?' && seen < text.len() && text[seen] & 0b1100_0000 == 0b1000_0000 {
                seen += 1;
            }
        } else if let Some((stood, taken)) = star {
            star = Some((stood, taken + 1));
            at = stood + 1;
            seen = taken + 1;
        } else {
            return false;
        }
    }
    pattern[at..].iter().all(|&letter| letter == b'*')
}

#[cfg(test)]
mod tests {
    use super::{matches, matches_action};

    #[test]
    fn stars_take_as_much_as_they_need() {
        assert!(matches("*", ""));
        assert!(matches("a*c*e", "abcdce"));
        assert!(matches("arn:aws:iam::*:role/R?le", "arn:aws:iam::111122223333:role/Role"));
        assert!(matches("t?am", "téam") && !matches("t?am", "tééam"));
        assert!(!matches("a*c", "abcd"));
        assert!(!matches("", "a"));
    }

    #[test]
    fn actions_are_compared_without_case() {
        assert!(matches_action("GuardDuty:get*", "guardduty:GetMembers"));
        assert!(!matches_action("guardduty:Get*", "guardduty:ListMembers"));
    }
}
