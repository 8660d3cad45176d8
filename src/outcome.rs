//! How a membership ended, and the sentence that tells the operator what to do about it.

use crate::account::{Account, AccountId, Region};
use crate::membership::{Refusal, Status, Trouble};

/// How a membership ended in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A monitored member.
    Enabled,
    /// Not yet; it will be tried again.
    Pending(Wait),
    /// A person must act.
    Failed(Cause),
    /// Nothing to do here.
    Skipped(Cause),
    /// A dry run's step, as a sentence in future tense.
    Planned(String),
}

/// Why a membership is not enabled yet, though nothing is wrong for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// The role can't be assumed, quoting why.
    Role(String),
    /// GuardDuty is verifying the e-mail.
    Verification,
    /// Invited, but the member does not see the invitation yet.
    Invitation,
    /// A write went through, but GuardDuty does not show it yet.
    Write(&'static str),
    /// The e-mail failed verification after an invitation of this run; the list's e-mail is for the next run.
    Replacement,
    /// The run had no time left.
    Time,
    /// AWS could not answer, quoting why.
    Trouble(String),
    /// The credentials expired.
    Credentials,
    /// The administrator's detector vanished during the run.
    Detector,
}

/// Why a membership will not be enabled without a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Cause {
    /// The e-mail is not the root user's.
    WrongEmail,
    /// The Region is off in the member account.
    MemberRegion,
    /// The administrator can't act in the Region; the run's notice says why.
    AdministratorRegion,
    /// The member's AWS account is suspended.
    Suspended,
    /// A management account without GuardDuty's service-linked role.
    CannotCreateDetector,
    /// A status that is newer than this program.
    UnknownStatus(Status),
    /// The account is a member of somebody else.
    OtherAdministrator(AccountId),
    /// An action was denied to the assumed role, quoted.
    Denied(String),
    /// An action was denied to the function's own role, quoted.
    AdministratorDenied(String),
    /// GuardDuty will neither invite the member, for want of its e-mail, nor create it, since it exists.
    Stuck,
    /// GuardDuty refused.
    Refused(Refusal),
}

impl Outcome {
    /// The word of the report.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Pending(_) => "pending",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
            Self::Planned(_) => "planned",
        }
    }

    /// What trouble with assuming the role means.
    #[must_use]
    pub fn of_role(trouble: Trouble) -> Self {
        match trouble {
            // The second is a 400, such as a session policy that became too long together with session tags.
            Trouble::Denied(quoted) | Trouble::Refused(Refusal::Unknown(quoted)) => Self::Pending(Wait::Role(quoted)),
            // STS is on in every default Region: this can only be a token of ours.
            Trouble::RegionOff => Self::Pending(Wait::Credentials),
            other => Self::of_member(other),
        }
    }

    /// What trouble with a call in the member account means.
    #[must_use]
    pub fn of_member(trouble: Trouble) -> Self {
        let gone = Wait::Trouble("the detector was deleted meanwhile".into());
        Self::of(trouble, Self::Skipped(Cause::MemberRegion), Cause::Denied, gone)
    }

    /// What trouble with a call in the administrator account means for a membership.
    #[must_use]
    pub fn of_administrator(trouble: Trouble) -> Self {
        // The Region was on when the run began: if it seems off, that can only be a token of ours.
        Self::of(trouble, Self::Pending(Wait::Credentials), Cause::AdministratorDenied, Wait::Detector)
    }

    fn of(trouble: Trouble, region_off: Self, denied: fn(String) -> Cause, detector_gone: Wait) -> Self {
        match trouble {
            Trouble::RegionOff => region_off,
            Trouble::Denied(quoted) => Self::Failed(denied(quoted)),
            Trouble::Refused(Refusal::DetectorGone) => Self::Pending(detector_gone),
            Trouble::Refused(Refusal::Internal(quoted)) | Trouble::Transient(quoted) => {
                Self::Pending(Wait::Trouble(quoted))
            }
            Trouble::Refused(refusal) => Self::Failed(Cause::Refused(refusal)),
            Trouble::Expired => Self::Pending(Wait::Credentials),
            // The Region's host name did resolve when the run began.
            Trouble::NoEndpoint => Self::Pending(Wait::Trouble("the host name did not resolve".into())),
        }
    }

    /// How much an operator should care: the worst outcome of an account stands for it.
    #[must_use]
    pub fn severity(&self) -> u8 {
        match self {
            Self::Enabled => 0,
            Self::Skipped(_) => 1,
            Self::Planned(_) => 2,
            Self::Pending(_) => 3,
            Self::Failed(_) => 4,
        }
    }

    /// One sentence that says what to do; none where all is well.
    #[must_use]
    pub fn detail(&self, account: &Account, region: &Region) -> Option<String> {
        match self {
            Self::Enabled => None,
            Self::Pending(wait) => Some(waiting(wait, account, region)),
            Self::Failed(cause) | Self::Skipped(cause) => Some(because(cause, account, region)),
            Self::Planned(step) => Some(step.clone()),
        }
    }
}

fn waiting(wait: &Wait, Account { id, .. }: &Account, region: &Region) -> String {
    match wait {
        Wait::Role(quoted) => format!(
            "the role in account {id} can not be assumed: create it, or correct its trust policy and external id; \
             a new account's may come later by itself, so it is tried again (AWS says: {quoted})"
        ),
        Wait::Verification => {
            format!("GuardDuty is still verifying the e-mail of account {id} in {region}; it is looked at again")
        }
        Wait::Invitation => {
            format!(
                "account {id} is invited in {region} but has no invitation to accept yet; it is accepted when it shows"
            )
        }
        Wait::Write(what) => {
            format!("GuardDuty does not show yet that account {id} was {what} in {region}; it is looked at again")
        }
        Wait::Replacement => format!(
            "the e-mail that GuardDuty had for account {id} in {region} failed verification; the list's e-mail is tried next time"
        ),
        Wait::Time => format!("time ran out before account {id} was settled in {region}; it goes on at the next try"),
        Wait::Trouble(quoted) => {
            format!("AWS could not answer for account {id} in {region}; it is tried again ({quoted})")
        }
        Wait::Credentials => {
            format!("the credentials expired before account {id} was settled in {region}; it is tried again")
        }
        Wait::Detector => {
            format!(
                "the administrator's detector in {region} was deleted during the run; it is made again at the next try"
            )
        }
    }
}

fn because(cause: &Cause, Account { id, line, .. }: &Account, region: &Region) -> String {
    match cause {
        Cause::WrongEmail => format!(
            "the e-mail on line {line} is not the root user's of {id}; correct column Email and upload again; \
             if it is right, delete the member in GuardDuty and upload again"
        ),
        Cause::MemberRegion => format!("Region {region} is not enabled in account {id}; enable it there, or leave it"),
        Cause::AdministratorRegion => format!("the administrator account can not act in Region {region}; see notices"),
        Cause::Suspended => {
            format!("AWS suspended account {id}; take it off the list, or have AWS reactivate it and upload again")
        }
        Cause::CannotCreateDetector => format!(
            "account {id} is an organization's management account without GuardDuty's service-linked role; \
             switch GuardDuty on there by hand in {region}, then upload again"
        ),
        Cause::UnknownStatus(status) => {
            format!(
                "GuardDuty says \"{status}\", which this version does not know; account {id} was left alone in {region}"
            )
        }
        Cause::OtherAdministrator(other) => format!(
            "account {id} is a member of another administrator, {other}, in {region}; it must leave that one first, then upload again"
        ),
        Cause::Denied(quoted) => format!(
            "the role in account {id} may not do what onboarding needs in {region}; allow it and upload again (AWS says: {quoted})"
        ),
        Cause::AdministratorDenied(quoted) => format!(
            "the function's own role may not do what onboarding needs in {region}; allow it and upload again (AWS says: {quoted})"
        ),
        Cause::Stuck => format!(
            "GuardDuty has member {id} in {region} without an e-mail and takes none; delete the member in GuardDuty and upload again"
        ),
        Cause::Refused(refusal) => refused(refusal, id, region),
    }
}

fn refused(refusal: &Refusal, id: &AccountId, region: &Region) -> String {
    match refusal {
        Refusal::Quota => {
            format!(
                "GuardDuty's quota of members is reached in {region}; remove members that are no longer needed and upload again"
            )
        }
        Refusal::AdministratorIsMember => format!(
            "the administrator account is itself a member of another administrator in {region}; it must leave that one first"
        ),
        Refusal::HasMembers => format!(
            "account {id} is an administrator with members of its own in {region}; \
             disassociate and delete them there, then upload again"
        ),
        Refusal::ServiceRole => format!(
            "GuardDuty can not assume its service-linked role in account {id}; \
             create AWSServiceRoleForAmazonGuardDuty there and upload again"
        ),
        Refusal::NoInvitation | Refusal::MemberAlready => format!(
            "account {id} can not accept in {region}: the invitation is gone or it has another administrator; \
             look at its GuardDuty console, then upload again"
        ),
        Refusal::StillAssociated => {
            format!(
                "GuardDuty would not delete member {id} in {region} since it is still associated; disassociate it and upload again"
            )
        }
        Refusal::Itself => {
            format!("account {id} is the administrator itself, which can not be its own member; remove the row")
        }
        Refusal::Unknown(quoted) | Refusal::Internal(quoted) => {
            format!("GuardDuty refused account {id} in {region}, in its words: {quoted}")
        }
        Refusal::AlreadyMember
        | Refusal::AlreadyInvited
        | Refusal::EmailMissing
        | Refusal::NotAssociated
        | Refusal::DetectorExists
        | Refusal::DetectorGone => format!("GuardDuty refused account {id} in {region} ({refusal:?}); upload again"),
    }
}
