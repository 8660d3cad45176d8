//! Account ids, e-mail addresses and Regions: text that becomes a type at the door and is never checked again.

use std::fmt;
use std::sync::Arc;

/// A twelve-digit AWS account id.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId([u8; 12]);

impl AccountId {
    /// Reads exactly twelve ASCII digits. `+12345678901` and `٣` are not digits.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 12] = text.as_bytes().try_into().ok()?;
        digits.iter().all(u8::is_ascii_digit).then_some(Self(digits))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// An e-mail address that GuardDuty accepts for a member.
///
/// Personal data: it prints as `Email(…)` and has no `Display`, so it gets into a log only by intent.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Email(Arc<str>);

impl Email {
    /// Checks the rules that GuardDuty documents for `AccountDetail.email` (AWS N1): 6 to 64 ASCII characters,
    /// one `@`, a local part without white space and ``"'()<>[]:,\|%&``, a domain of letters, digits, dots and hyphens
    /// that has a dot inside.
    ///
    /// ```
    /// use guardduty_onboarding::account::{Email, EmailProblem};
    ///
    /// let email = Email::parse("user@example.com").expect("an address");
    /// assert_eq!(format!("{email:?} {}", email.expose()), "Email(…) user@example.com");
    /// assert_eq!(Email::parse("user.example.com"), Err(EmailProblem::NoAt));
    /// ```
    pub fn parse(text: &str) -> Result<Self, EmailProblem> {
        if !text.is_ascii() {
            return Err(EmailProblem::NotAscii);
        }
        if !(6..=64).contains(&text.len()) {
            return Err(EmailProblem::Length(text.len()));
        }
        let Some((local, domain)) = text.split_once('@') else {
            return Err(EmailProblem::NoAt);
        };
        if domain.contains('@') {
            return Err(EmailProblem::SeveralAts);
        }
        let forbidden = |c: char| c.is_ascii_whitespace() || c.is_ascii_control() || r#""'()<>[]:,\|%&"#.contains(c);
        if local.is_empty() || local.starts_with('.') || local.contains(forbidden) {
            return Err(EmailProblem::LocalPart);
        }
        let inner = |c: char| c != '.' && c != '-';
        let edges = domain.starts_with(inner) && domain.ends_with(inner);
        let letters = domain.chars().all(|c| c.is_ascii_alphanumeric() || c == '.' || c == '-');
        if !edges || !letters || !domain.contains('.') {
            return Err(EmailProblem::Domain);
        }
        Ok(Self(text.into()))
    }

    /// The address, for GuardDuty and the CSV report only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Compares it with GuardDuty's address, ignoring ASCII case (AWS I6).
    #[must_use]
    pub fn is_same_as(&self, other: &str) -> bool {
        self.0.eq_ignore_ascii_case(other)
    }
}

impl fmt::Debug for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Email(…)")
    }
}

/// Why GuardDuty would refuse an e-mail address, without repeating the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EmailProblem {
    #[error("the e-mail has characters outside ASCII")]
    NotAscii,
    /// Too short or too long. In characters.
    #[error("the e-mail has {0} characters, GuardDuty allows 6 to 64")]
    Length(usize),
    #[error("the e-mail has no @")]
    NoAt,
    #[error("the e-mail has more than one @")]
    SeveralAts,
    #[error("the e-mail's part before the @ is empty, starts with a dot or has a character that GuardDuty refuses")]
    LocalPart,
    #[error("the e-mail's domain is invalid (expected letters, digits and hyphens, with at least one dot inside)")]
    Domain,
}

/// The Regions that no account can disable: in the partition `aws` those that every account has (AWS R1), in the
/// other partitions all, since they have no opt-in Regions (AWS R2).
const ALWAYS_ON: [&str; 29] = [
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
    "ap-south-1",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "eu-north-1",
    "sa-east-1",
    "cn-north-1",
    "cn-northwest-1",
    "us-gov-east-1",
    "us-gov-west-1",
    "eusc-de-east-1",
    "us-iso-east-1",
    "us-iso-west-1",
    "us-isob-east-1",
    "us-isob-west-1",
    "us-isof-east-1",
    "us-isof-south-1",
    "eu-isoe-west-1",
];

/// The code of an AWS Region, such as `us-east-1`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(Arc<str>);

impl Region {
    /// Reads a Region code by its form: lower-case words and a number, joined by hyphens.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split('-').collect();
        let (number, names) = words.split_last()?;
        let worded = names.len() >= 2
            && names.iter().all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()));
        let numbered = matches!(number.as_bytes(), [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9']);
        (worded && numbered).then(|| Self(text.into()))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether no account can disable it. A Region that is newer than this program is opt-in, as all since 2019 are.
    #[must_use]
    pub fn is_always_on(&self) -> bool {
        ALWAYS_ON.contains(&self.as_str())
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An account that the list declares to be a member, and where the list says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    /// The root user's e-mail address, as the list has it.
    /// `None` if it is not needed: the account is to be let go, or cannot be invited at all.
    pub email: Option<Email>,
    /// The 1-based line of the list, or position in a request. `None` if an event names the account.
    pub line: Option<usize>,
    /// The key of the list, where there is more than one.
    pub list: Option<Arc<str>>,
}

impl Account {
    /// The e-mail's text, for AWS and the CSV report. Empty without an e-mail.
    #[must_use]
    pub fn expose_email(&self) -> &str {
        self.email.as_ref().map_or("", Email::expose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_id_is_twelve_ascii_digits() {
        assert_eq!(AccountId::parse("000000000012").map(|id| id.to_string()), Some("000000000012".into()));
        for wrong in ["", "12345678901", "1234567890123", "+12345678901", "1234 5678901", "٣٣٣٣٣٣", "12345678901٣"]
        {
            assert_eq!(AccountId::parse(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn an_email_follows_guarddutys_rules() {
        for right in ["a@b.co", "aws+root@example.com", "x.y@sub-domain.example.com", "=cmd@example.com"] {
            assert!(Email::parse(right).is_ok(), "{right:?}");
        }
        let long = format!("{}@example.com", "x".repeat(53));
        for (wrong, problem) in [
            ("a@b.c", EmailProblem::Length(5)),
            (long.as_str(), EmailProblem::Length(65)),
            ("user.example.com", EmailProblem::NoAt),
            ("a@b@example.com", EmailProblem::SeveralAts),
            (".user@example.com", EmailProblem::LocalPart),
            ("us er@example.com", EmailProblem::LocalPart),
            ("us'er@example.com", EmailProblem::LocalPart),
            ("@example.com", EmailProblem::LocalPart),
            ("user@example", EmailProblem::Domain),
            ("user@-example.com", EmailProblem::Domain),
            ("user@example.com.", EmailProblem::Domain),
            ("user@exa_mple.com", EmailProblem::Domain),
            ("üser@example.com", EmailProblem::NotAscii),
        ] {
            assert_eq!(Email::parse(wrong), Err(problem), "{wrong:?}");
        }
    }

    #[test]
    fn an_email_does_not_print() {
        let email = Email::parse("user@example.com").expect("a good address");
        assert_eq!(format!("{email:?}"), "Email(…)");
    }

    #[test]
    fn a_region_is_known_by_its_form() {
        for right in ["us-east-1", "ap-southeast-7", "us-gov-west-1", "eusc-de-east-1", "us-iso-east-1"] {
            assert!(Region::parse(right).is_some(), "{right:?}");
        }
        for wrong in ["", "all", "us-east", "us-east-", "US-EAST-1", "us east 1", "us-east-1a", "us-east-0", "-east-1"]
        {
            assert!(Region::parse(wrong).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn only_an_opt_in_region_can_be_off() {
        let always_on = |code| Region::parse(code).expect("a Region").is_always_on();
        for code in ["us-east-1", "ap-northeast-3", "sa-east-1", "cn-northwest-1", "us-gov-east-1", "eusc-de-east-1"] {
            assert!(always_on(code), "{code}");
        }
        for code in ["af-south-1", "ap-east-1", "ap-southeast-3", "ca-west-1", "eu-central-2", "eu-south-1", "xx-new-1"]
        {
            assert!(!always_on(code), "{code}");
        }
        let of_aws =
            |code: &&&str| !["cn-", "us-gov-", "eusc-", "us-iso", "eu-iso"].iter().any(|p| code.starts_with(p));
        assert_eq!(ALWAYS_ON.iter().filter(of_aws).count(), 17);
    }
}
