//! How a membership ended, and the sentence that tells the operator what to do about it.

mod role;
mod sentence;

pub use role::{Role, cure};
pub use sentence::LAST_TRY;

use crate::account::{AccountId, EmailProblem, Region};
use crate::membership::{CallError, Denial, DeniedBy, NotAssumed, Refusal, RoleRefusal, Status, WhyNot};

/// How a membership ended in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A monitored member.
    Enabled,
    /// Not yet; it will be tried again.
    Pending(Wait),
    /// A person must act.
    Failed(Reason),
    /// Nothing to do here.
    Skipped(Reason),
    /// A dry run's step, as a sentence in future tense.
    Planned(String),
}

/// Why a membership is not enabled yet, though nothing is wrong for good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    /// The role can't be assumed.
    Role(RoleRefusal),
    /// None of the role's own policies allows an action, quoted. A new role's policy takes a while to spread.
    Policy(String),
    /// The role's token is not accepted, quoted. The account may still be being set up.
    Token(String),
    /// The function's own token is not accepted, quoted.
    OwnToken(String),
    /// GuardDuty is verifying the e-mail.
    Verification,
    /// Invited, but the member does not see the invitation yet.
    Invitation,
    /// A write went through, but GuardDuty does not show it yet.
    Write(&'static str),
    /// The e-mail failed verification after an invitation of this run; the new one is for the next run.
    Replacement,
    /// The run had no time left.
    Time,
    /// AWS could not answer, quoting why.
    Unanswered(String),
    /// The credentials expired.
    Credentials,
    /// The administrator's detector vanished during the run.
    Detector,
    /// The organization has not activated the account yet.
    Activation,
}

/// Why a membership will not be enabled without a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
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
    /// An action was denied to the assumed role.
    Denied(Denial),
    /// An action was denied to the function's own role.
    AdministratorDenied(Denial),
    /// GuardDuty will neither invite the member, for want of its e-mail, nor create it, since it exists.
    Stuck,
    /// Organizations says that the account is suspended, closed or about to be; its word for it.
    NotActive(String),
    /// Organizations does not find the account.
    NotInOrganization,
    /// GuardDuty would refuse the e-mail that Organizations has.
    Email(EmailProblem),
    /// The function's own role may not assume the account's.
    OwnRole(RoleRefusal),
    /// The account has so many invitations that ours is not among those that were looked through.
    TooManyInvitations,
    /// GuardDuty refused.
    Refused(Refusal),
}

impl Reason {
    /// Its name in metrics.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::WrongEmail => "WrongEmail",
            Self::MemberRegion => "MemberRegion",
            Self::AdministratorRegion => "AdministratorRegion",
            Self::Suspended => "Suspended",
            Self::CannotCreateDetector => "CannotCreateDetector",
            Self::UnknownStatus(_) => "UnknownStatus",
            Self::OtherAdministrator(_) => "OtherAdministrator",
            Self::Denied(_) => "Denied",
            Self::AdministratorDenied(_) => "AdministratorDenied",
            Self::Stuck => "Stuck",
            Self::NotActive(_) => "NotActive",
            Self::NotInOrganization => "NotInOrganization",
            Self::Email(_) => "Email",
            Self::OwnRole(_) => "OwnRole",
            Self::TooManyInvitations => "TooManyInvitations",
            Self::Refused(_) => "Refused",
        }
    }
}

/// Who tries again what is pending: nobody is promised more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    /// Lambda or SQS delivers again.
    ByItself,
    /// SQS delivered for the last time.
    Never,
    /// Whoever asked directly.
    OnRequest,
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

    /// What it means for a membership in `region` that the role could not be assumed.
    #[must_use]
    pub fn from_assume_role(not_assumed: NotAssumed, region: &Region) -> Self {
        match not_assumed {
            // Nothing in that account will change it.
            NotAssumed::Refused(refusal) if refusal.why == WhyNot::OwnPolicy => Self::Failed(Reason::OwnRole(refusal)),
            NotAssumed::Refused(refusal) => Self::Pending(Wait::Role(refusal)),
            // AssumeRole is called with the function's own token, in a Region that is always on.
            NotAssumed::Call(CallError::Token(quoted)) => Self::Pending(Wait::OwnToken(quoted)),
            NotAssumed::Call(other) => Self::from_member_call(other, region),
        }
    }

    /// What trouble with a call in the member account means for its membership in `region`.
    #[must_use]
    pub fn from_member_call(trouble: CallError, region: &Region) -> Self {
        let denied = |denial: Denial| match denial.by {
            DeniedBy::NoIdentityPolicy => Self::Pending(Wait::Policy(denial.quoted)),
            DeniedBy::Organization | DeniedBy::Other | DeniedBy::Unsaid => Self::Failed(Reason::Denied(denial)),
        };
        let token = |quoted| {
            if region.is_always_on() { Self::Pending(Wait::Token(quoted)) } else { Self::Skipped(Reason::MemberRegion) }
        };
        Self::of(trouble, denied, token, Wait::Unanswered("the detector was deleted meanwhile".into()))
    }

    /// What trouble with a call in the administrator account means for a membership.
    #[must_use]
    pub fn from_administrator_call(trouble: CallError) -> Self {
        let denied = |denial: Denial| Self::Failed(Reason::AdministratorDenied(denial));
        // The Region was on when the run began, so even in an opt-in Region it is the token.
        let token = |quoted| Self::Pending(Wait::OwnToken(quoted));
        Self::of(trouble, denied, token, Wait::Detector)
    }

    fn of(
        trouble: CallError,
        denied: impl FnOnce(Denial) -> Self,
        token: impl FnOnce(String) -> Self,
        detector_gone: Wait,
    ) -> Self {
        match trouble {
            CallError::Denied(denial) => denied(denial),
            CallError::Token(quoted) => token(quoted),
            CallError::Refused(Refusal::DetectorGone) => Self::Pending(detector_gone),
            CallError::Refused(Refusal::Internal(quoted)) | CallError::Transient(quoted) => {
                Self::Pending(Wait::Unanswered(quoted))
            }
            CallError::Refused(refusal) => Self::Failed(Reason::Refused(refusal)),
            CallError::Expired => Self::Pending(Wait::Credentials),
            // The Region's host name did resolve when the run began.
            CallError::NoEndpoint => Self::Pending(Wait::Unanswered("the host name did not resolve".into())),
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

    /// One sentence that says what to do; none where all is well. `line` is where the list names the account, none where
    /// an event does.
    #[must_use]
    pub fn detail(&self, id: AccountId, line: Option<usize>, region: &Region, next: Retry) -> Option<String> {
        match self {
            Self::Enabled => None,
            Self::Pending(wait) => {
                let (what, promise) = sentence::waiting(wait, id, region);
                let next = match next {
                    Retry::ByItself => promise,
                    Retry::Never => LAST_TRY,
                    Retry::OnRequest => "ask again",
                };
                Some(format!("{what}; {next}"))
            }
            Self::Failed(reason) | Self::Skipped(reason) => Some(sentence::because(reason, id, line, region)),
            Self::Planned(step) => Some(step.clone()),
        }
    }
}
