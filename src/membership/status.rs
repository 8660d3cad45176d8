//! GuardDuty's relationship statuses (AWS M1).

use std::fmt;

use super::quoted;

/// The relationship of a member to its administrator in one Region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Status {
    /// Added by the administrator, not yet invited.
    Created,
    /// Invited, has not accepted yet.
    Invited,
    /// Associated and monitored.
    Enabled,
    /// Associated, not monitored.
    Disabled,
    /// No longer associated: the administrator removed it.
    Removed,
    /// No longer associated: the member left.
    Resigned,
    /// No longer a member in GuardDuty.
    Deleted,
    /// Invited. GuardDuty is comparing the e-mail with the root user's.
    EmailVerificationInProgress,
    /// The e-mail is not the root user's. Stays until the member is deleted (AWS I5, I7).
    EmailVerificationFailed,
    /// The Region is not enabled in the member account.
    RegionDisabled,
    /// The member's AWS account is suspended.
    AccountSuspended,
    /// `CannotCreateDetectorInOrganizationMasterAccount`: a management account without the service-linked role
    /// (AWS M17).
    CannotCreateDetector,
    /// A word that is newer than this program.
    Other(String),
}

const WORDS: [(Status, &str); 12] = [
    (Status::Created, "Created"),
    (Status::Invited, "Invited"),
    (Status::Enabled, "Enabled"),
    (Status::Disabled, "Disabled"),
    (Status::Removed, "Removed"),
    (Status::Resigned, "Resigned"),
    (Status::Deleted, "Deleted"),
    (Status::EmailVerificationInProgress, "EmailVerificationInProgress"),
    (Status::EmailVerificationFailed, "EmailVerificationFailed"),
    (Status::RegionDisabled, "RegionDisabled"),
    (Status::AccountSuspended, "AccountSuspended"),
    (Status::CannotCreateDetector, "CannotCreateDetectorInOrganizationMasterAccount"),
];

impl Status {
    /// Parses GuardDuty's word. The service writes PascalCase, its older documentation writes capitals (AWS M2).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let known = WORDS.into_iter().find(|(_, word)| word.eq_ignore_ascii_case(text));
        match known {
            Some((status, _)) => status,
            None if text.starts_with("CannotCreateDetector") => Self::CannotCreateDetector,
            None => Self::Other(quoted(text)),
        }
    }

    /// GuardDuty's word.
    #[must_use]
    pub fn as_str(&self) -> &str {
        if let Self::Other(text) = self {
            return text;
        }
        WORDS.iter().find(|(status, _)| status == self).map_or("", |(_, word)| word)
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_reads_back() {
        for (status, word) in WORDS {
            assert_eq!(Status::parse(word), status);
            assert_eq!(Status::parse(&word.to_uppercase()), status);
            assert_eq!(status.to_string(), word);
        }
    }

    #[test]
    fn a_new_word_is_kept_as_it_is() {
        assert_eq!(Status::parse("Paused"), Status::Other("Paused".into()));
        assert_eq!(Status::parse("Paused").to_string(), "Paused");
    }
}
