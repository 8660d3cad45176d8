//! How a membership ended, as data; [`words`] has the sentences.

mod calls;
mod notice;
pub mod words;

pub use notice::{Blocked, Notice, Refused};

use std::sync::Arc;

use strum::IntoStaticStr;

use crate::account::{AccountId, EmailProblem};
use crate::action::Action;
use crate::declared::Goal;
use crate::membership::{Denial, Refusal, RoleRefusal, Status, WhyStays};
use crate::protection::{Plans, Subset};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The membership is as declared. A remark says what is left of it.
    Settled(Goal, Option<Remark>),
    /// Not as declared yet. It will be retried.
    Pending(Wait),
    /// A person must act.
    Failed(Reason),
    /// There is nothing to do here.
    Skipped(Reason),
    /// What a real run would do.
    /// Boxed, so that the outcomes of a large list are small.
    Planned(Box<Forecast>),
}

/// What is left in an account that is no member any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remark {
    /// It was suspended when it was removed. GuardDuty stays off there.
    StaysOff,
    /// Its detector is not deleted. `off`: it was suspended when the account was removed, and stays so.
    DetectorStays { why: WhyStays, off: bool },
    /// Its detector could not be looked at, because the Region is off there.
    RegionOff,
}

/// What a dry run foresees.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forecast {
    pub actions: Vec<Action>,
    /// When GuardDuty invited the account, as GuardDuty writes it.
    pub invited_at: Option<String>,
    pub plans: Option<PlansToSet>,
}

/// Protection plans that a dry run would set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlansToSet {
    pub plans: Plans,
    pub these: Subset,
    /// Those that differ, too, and can be set only before an account joins.
    pub too_late: Subset,
}

/// Protection plans that are not as declared, although the account is monitored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlansLeft {
    pub plans: Plans,
    pub differing: Subset,
    pub why: WhyLeft,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhyLeft {
    /// GuardDuty lets nobody set them while the account is a member.
    OnlyBeforeJoining,
    /// Quotes why.
    Refused(Box<str>),
    /// GuardDuty accepted the change.
    NotShown,
}

/// Why a membership is not as declared yet, although nothing is permanently wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wait {
    Role(RoleRefusal),
    /// No policy of the role allows an action, quoted. A new role's policy takes a while to spread.
    Policy(String),
    /// The role's token is not accepted, quoted. AWS may still be setting the account up.
    Token(String),
    /// The administrator's own token is not accepted, quoted.
    OwnToken(String),
    /// GuardDuty is verifying the e-mail.
    Verification,
    /// Invited, but the member does not see the invitation yet.
    Invitation,
    /// The action went through, but GuardDuty does not show it yet.
    Write(Action),
    /// The e-mail of another list failed verification during this run. The next run tries the declared one.
    Replacement,
    Time,
    /// The run was stopped from outside.
    Interrupted,
    /// AWS could not answer. Quotes why.
    Unanswered(String),
    Credentials,
    /// The administrator's detector was deleted during the run.
    Detector,
    /// The account is monitored, but GuardDuty does not let its protection plans be seen or set yet.
    Plans,
    /// The organization has not activated the account yet.
    Activation,
}

/// Why a membership will not become as declared without a person. A variant's name is its name in metrics.
#[derive(Debug, Clone, PartialEq, Eq, IntoStaticStr)]
pub enum Reason {
    /// The e-mail is not the root user's.
    WrongEmail,
    /// The Region is off in the member account.
    MemberRegion,
    /// The administrator cannot act in the Region. A notice of the run says why.
    AdministratorRegion,
    Suspended,
    /// A management account without GuardDuty's service-linked role.
    CannotCreateDetector,
    /// A status that is newer than this program.
    UnknownStatus(Status),
    OtherAdministrator(AccountId),
    /// An action was denied to the assumed role.
    Denied(Denial),
    /// An action was denied to the administrator's own role.
    AdministratorDenied(Denial),
    /// GuardDuty will neither invite the member, since it lacks the e-mail, nor create it, since it exists.
    Stuck,
    /// In Organizations' word: suspended, closed or about to be.
    NotActive(String),
    NotInOrganization,
    /// GuardDuty would refuse the e-mail that Organizations has.
    Email(EmailProblem),
    /// Our own role may not assume the account's.
    OwnRole(RoleRefusal),
    /// Our invitation is not among those that were read, and there are more.
    TooManyInvitations,
    Refused(Refusal),
    /// Not a member, so there is nothing to suspend.
    NotMonitored,
    /// The account is no member any more, but its detector could not be deleted.
    DetectorLeft(DetectorLeft),
    /// The account is monitored, but not with the protection plans that are declared.
    PlansDiffer(Box<PlansLeft>),
    /// A list that lets the account go names it.
    Leaving(Box<Mention>),
    /// Lists contradict each other about the account.
    Contradiction(Box<Contradiction>),
    /// It is declared removed, but still a member. No schedule removes anybody.
    StillMember,
    /// It left by itself. A schedule does not take it back.
    LeftByItself,
    /// Lists may not suspend anybody.
    SuspendingIsOff,
    /// More accounts would be suspended at once than is allowed.
    TooManyLeaving {
        accounts: usize,
        most: usize,
    },
}

/// What kept a detector from being deleted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DetectorLeft {
    Role(RoleRefusal),
    /// Quotes AWS.
    Refused(String),
}

/// Where a current list names an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention {
    pub goal: Goal,
    pub key: Arc<str>,
    pub line: usize,
}

/// Two rows that declare different things of one account, or have two e-mails for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    pub one: Mention,
    pub other: Mention,
}

/// Who retries what is pending. The report promises no more than that.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Retry {
    ByItself,
    /// This was the last automatic try.
    Never,
    /// The caller has to ask again.
    OnRequest,
    /// The next time that all lists are reconciled.
    NextReconcile,
    /// Somebody has to apply the list again.
    ByHand,
}

impl Reason {
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.into()
    }
}

impl Outcome {
    /// The report's word for it.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Settled(Goal::Monitored, _) => "enabled",
            Self::Settled(Goal::Suspended, _) => "suspended",
            Self::Settled(Goal::Removed, _) => "removed",
            Self::Pending(_) => "pending",
            Self::Failed(_) => "failed",
            Self::Skipped(_) => "skipped",
            Self::Planned(_) => "planned",
        }
    }

    /// Ranks outcomes; the CSV report shows each account's worst one.
    #[must_use]
    pub fn severity(&self) -> u8 {
        match self {
            Self::Settled(..) => 0,
            Self::Skipped(_) => 1,
            Self::Planned(_) => 2,
            Self::Pending(_) => 3,
            Self::Failed(_) => 4,
        }
    }
}
