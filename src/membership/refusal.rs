//! How AWS says no. Refusals are distinguished by stable fragments of their texts, call errors by what can be done
//! about them.

use super::{Denial, quoted};
use crate::account::Region;

/// Why a call, or one account in a batch, did not go through.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CallError {
    /// GuardDuty understood and refused: HTTP 400, or an entry of `unprocessedAccounts` (AWS W1, W2).
    Refused(Refusal),
    /// The credentials are not known there: 403 `UnrecognizedClientException` or `InvalidClientTokenId`, quoted. AWS
    /// says the same about a token that is wrong, an account that is still being set up and, in an opt-in Region, an
    /// account that has not enabled the Region (AWS R3, R4).
    Token(String),
    /// The same error in an opt-in Region.
    RegionOff(String),
    /// The Region has no such service: its host name does not resolve (AWS R10).
    NoEndpoint,
    /// The action is not allowed: 403 `AccessDeniedException`.
    Denied(Denial),
    /// The credentials expired.
    Expired,
    /// Throttling, server errors, time-outs and broken connections that outlasted the retries. Passes by itself.
    Transient(String),
    /// It was not made: the run was stopped before.
    Interrupted,
}

impl CallError {
    /// What the error means for a call in `region`. No account can disable the older Regions
    /// (AWS R1), so there it is the token.
    #[must_use]
    pub fn in_region(self, region: &Region) -> Self {
        match self {
            Self::Token(quoted) if !region.is_always_on() => Self::RegionOff(quoted),
            other => other,
        }
    }
}

/// In AWS's words, if it gave any.
impl std::fmt::Display for CallError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(refusal) => write!(f, "AWS refused: {refusal}"),
            Self::Token(quoted) | Self::RegionOff(quoted) => {
                write!(f, "AWS does not accept the security token: {quoted}")
            }
            Self::NoEndpoint => f.write_str("the host name does not resolve"),
            Self::Denied(denial) => write!(f, "not allowed: {}", denial.quoted),
            Self::Expired => f.write_str("the credentials expired"),
            Self::Transient(quoted) => write!(f, "AWS could not answer: {quoted}"),
            Self::Interrupted => f.write_str("the run was interrupted before the call"),
        }
    }
}

/// What GuardDuty refused, by its texts (AWS W3). The service may say "administrator" instead of their "master"
/// (AWS W4), so only fragments without either word are compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// CreateMembers: the account is already a member (AWS M7).
    AlreadyMember,
    /// InviteMembers: the account is already invited or associated (AWS I10).
    AlreadyInvited,
    /// InviteMembers: the account is not a member (any more), so GuardDuty has no e-mail for it.
    EmailMissing,
    /// DeleteMembers: the account is still associated (AWS L2).
    StillAssociated,
    /// Start- and StopMonitoringMembers: the account is not associated (any more; AWS M20).
    NotAssociated,
    /// CreateMembers: GuardDuty's quota is reached.
    Quota,
    /// The administrator is itself a member of another administrator.
    AdministratorIsMember,
    /// An account cannot be its own member.
    Itself,
    /// GuardDuty cannot assume its service-linked role in the member (AWS M19).
    ServiceRole,
    /// Accept: the account is already a member, of us or of another administrator (AWS I18).
    MemberAlready,
    /// Accept: there is no such invitation, or the account is a member of another administrator.
    NoInvitation,
    /// Accept: the account is an administrator with members of its own.
    HasMembers,
    /// CreateDetector: the account has one.
    DetectorExists,
    /// The detector does not exist (any more).
    DetectorGone,
    /// UpdateDetector in a member: it is a member by now, and may not (AWS D8).
    MemberMayNot,
    /// Another call changes members' protection plans at the moment (AWS P6).
    Busy,
    /// An internal error of GuardDuty's, worth another try (AWS W6). Quoted.
    Internal(String),
    /// A text that is newer than this program. Quoted.
    Unknown(String),
}

/// In AWS's words where they are kept, else in ours.
impl std::fmt::Display for Refusal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::AlreadyMember => "the account is already a member",
            Self::AlreadyInvited => "the account is already invited or associated",
            Self::EmailMissing => "GuardDuty has no e-mail for the account",
            Self::StillAssociated => "the account is still associated",
            Self::NotAssociated => "the account is not an associated member",
            Self::Quota => "the quota of members is reached",
            Self::AdministratorIsMember => "the administrator is itself a member of another administrator",
            Self::Itself => "an account cannot be its own member",
            Self::ServiceRole => "GuardDuty cannot assume its service-linked role in the account",
            Self::MemberAlready => "the account is already a member of an administrator",
            Self::NoInvitation => "the account has no such invitation, or has another administrator",
            Self::HasMembers => "the account is an administrator with members of its own",
            Self::DetectorExists => "the account already has a detector",
            Self::DetectorGone => "the detector does not exist any more",
            Self::MemberMayNot => "the account is a member and may not change its own detector",
            Self::Busy => "another call is changing members' protection plans",
            Self::Internal(quoted) | Self::Unknown(quoted) => quoted,
        })
    }
}

impl Refusal {
    /// Parses a refusal's text.
    ///
    /// ```
    /// use guardduty_onboarding::membership::Refusal;
    ///
    /// let text = "The request is rejected because a detector already exists for the current account.";
    /// assert_eq!(Refusal::parse(text), Refusal::DetectorExists);
    /// assert_eq!(Refusal::parse("The moon is full."), Refusal::Unknown("The moon is full.".into()));
    /// ```
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let says = |fragment: &str| text.to_ascii_lowercase().contains(fragment);
        // The order matters twice: "cannot accept invitations since it is already" is more than
        // "since it is already an associated member", and so is "no pending invitation".
        if says("already a member or associated member") {
            Self::AlreadyMember
        } else if says("already invited or is already") {
            Self::AlreadyInvited
        } else if says("email address is missing") {
            Self::EmailMissing
        } else if says("no pending invitation") {
            Self::NoInvitation
        } else if says("cannot accept invitations since it is already") {
            Self::MemberAlready
        } else if says("created, invited or associated members") {
            Self::HasMembers
        } else if says("since it is already an associated member") || says("since the latter is an associated member") {
            Self::AdministratorIsMember
        } else if says("still associated to it") {
            Self::StillAssociated
        } else if says("not yet associated") || says("not an associated member") || says("is not a member") {
            Self::NotAssociated
        } else if says("maximum number of allowed members") {
            Self::Quota
        } else if says("cannot become a member of itself") || says("cannot invite itself") {
            Self::Itself
        } else if says("handshake role") {
            Self::ServiceRole
        } else if says("detector already exists") {
            Self::DetectorExists
        } else if says("not owned by the current account") {
            Self::DetectorGone
        } else if says("member accounts cannot manage") {
            Self::MemberMayNot
        } else if says("concurrent") || says("update") && says("in progress") {
            Self::Busy
        } else if says("internal") && (says("error") || says("failure")) {
            Self::Internal(quoted(text))
        } else {
            Self::Unknown(quoted(text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_text_is_known_whichever_word_it_has_for_the_administrator() {
        for (text, refusal) in [
            (
                "the given account ID is already a member or associated member of the current account.",
                Refusal::AlreadyMember,
            ),
            (
                "the current account has already invited or is already the GuardDuty master of the given member account ID.",
                Refusal::AlreadyInvited,
            ),
            ("member account's email address is missing.", Refusal::EmailMissing),
            (
                "the current account cannot delete the given member account ID since it is still associated to it.",
                Refusal::StillAssociated,
            ),
            (
                "the given account ID is not an associated member of account the current account.",
                Refusal::NotAssociated,
            ),
            ("since the latter is not yet associated to it.", Refusal::NotAssociated),
            ("the given account ID is not a member of the current account.", Refusal::NotAssociated),
            (
                "the current account cannot create anymore members since it cannot exceed the maximum number of allowed members.",
                Refusal::Quota,
            ),
            (
                "the current account cannot create members since it is already an associated member of another master account.",
                Refusal::AdministratorIsMember,
            ),
            (
                "the current account cannot invite other accounts since it is already an associated member of another master account.",
                Refusal::AdministratorIsMember,
            ),
            (
                "the current account cannot accept invitation from the given account ID since the latter is an associated member of another master account.",
                Refusal::AdministratorIsMember,
            ),
            ("an account cannot become a member of itself.", Refusal::Itself),
            ("the current account cannot invite itself.", Refusal::Itself),
            (
                "the given handshake role of the given member account ID cannot be assumed by GuardDuty on behalf of the given master account ID.",
                Refusal::ServiceRole,
            ),
            (
                "the current account cannot accept invitations since it is already an associated member of some master account.",
                Refusal::MemberAlready,
            ),
            (
                "the current account has no pending invitation from the given master account ID or is already an associated member of another master account.",
                Refusal::NoInvitation,
            ),
            (
                "the current account cannot accept invitations since it still has created, invited or associated members.",
                Refusal::HasMembers,
            ),
            ("member accounts cannot manage specified resources or properties.", Refusal::MemberMayNot),
            ("a detector already exists for the current account.", Refusal::DetectorExists),
            ("the input detectorId is not owned by the current account.", Refusal::DetectorGone),
        ] {
            let text = format!("The request is rejected because {text}");
            assert_eq!(Refusal::parse(&text), refusal, "{text}");
            assert_eq!(Refusal::parse(&text.replace("master", "administrator")), refusal, "{text}");
        }
        assert_eq!(Refusal::parse("Internal server error."), Refusal::Internal("Internal server error.".into()));
    }

    #[test]
    fn an_unknown_text_is_quoted_without_an_email() {
        let refusal = Refusal::parse("The moon\nis full for user@example.com today");
        assert_eq!(refusal, Refusal::Unknown("The moon is full for (e-mail) today".into()));
    }
}
