//! Decides the next step of one membership from what the list declares, what GuardDuty shows and what this run did.

mod after;
mod forecast;
mod withheld;

pub use after::after;
pub use forecast::{forecast, preview};
pub use withheld::{Suspending, withheld};

use strum::EnumCount as _;

use crate::action::Action;
use crate::declared::{Declared, Goal};
use crate::membership::{Actual, Member, MemberEmail, PlansSeen, Status, WhyStays};
use crate::outcome::{Outcome, PlansLeft, Reason, Remark, Wait, WhyLeft};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    Do(Action),
    /// Nothing to do but look again.
    Wait(Wait),
    Done(Outcome),
}

/// What this run did for one membership. Each action is in it once: GuardDuty lags (AWS M6), so after a write the old
/// status means "wait", not "write again".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    actions: [bool; Action::COUNT],
    /// InviteMembers said that GuardDuty has no e-mail for the account, so the member must be created first.
    email_missing: bool,
    /// DeleteMembers said that the account is still associated, whatever its status was.
    still_associated: bool,
    /// Why the member's detector was not deleted, although the account is no member any more.
    kept: Option<Kept>,
    /// Why GuardDuty refused to set the member's protection plans, quoted.
    plans_refused: Option<Box<str>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Stays(WhyStays),
    RegionOff,
}

impl Done {
    #[must_use]
    pub fn has(&self, action: Action) -> bool {
        self.actions[action as usize]
    }

    fn insert(&mut self, action: Action) {
        self.actions[action as usize] = true;
    }
}

/// Decides the next step of one membership.
///
/// ```
/// use guardduty_onboarding::account::{Account, AccountId, Email};
/// use guardduty_onboarding::action::Action;
/// use guardduty_onboarding::declared::{Declared, Goal};
/// use guardduty_onboarding::membership::Actual;
/// use guardduty_onboarding::plan::{Done, Step, next};
///
/// let id = AccountId::parse("111122223333").expect("12 digits");
/// let email = Email::parse("user@example.com").expect("an address");
/// let declared = Declared::new(Account { id, email: Some(email), line: Some(2), list: None }, Goal::Monitored);
///
/// // GuardDuty does not know the account: its detector comes before everything else.
/// let step = next(&declared, &Actual::default(), &Done::default());
/// assert_eq!(step, Step::Do(Action::EnableDetector));
/// ```
#[must_use]
pub fn next(declared: &Declared, actual: &Actual, done: &Done) -> Step {
    match declared.goal {
        Goal::Monitored => monitored(declared, actual, done),
        Goal::Suspended => suspended(actual, done),
        Goal::Removed => removed(declared, actual, done),
    }
}

fn monitored(declared: &Declared, actual: &Actual, done: &Done) -> Step {
    let Some(member) = &actual.member else { return once(Action::CreateMember, done) };
    match &member.status {
        Status::Deleted => once(Action::CreateMember, done),
        Status::Created | Status::Removed | Status::Resigned => invite(done),
        Status::EmailVerificationInProgress => Step::Wait(Wait::Verification),
        Status::Invited if actual.joined => Step::Wait(Wait::Write(Action::AcceptInvitation)),
        Status::Invited => once(Action::AcceptInvitation, done),
        Status::Enabled => with_plans(declared, actual, done),
        Status::Disabled => once(Action::StartMonitoring, done),
        Status::EmailVerificationFailed => replace(declared, member, done),
        Status::RegionDisabled => Step::Done(Outcome::Skipped(Reason::MemberRegion)),
        Status::AccountSuspended => Step::Done(Outcome::Failed(Reason::Suspended)),
        Status::CannotCreateDetector => Step::Done(Outcome::Failed(Reason::CannotCreateDetector)),
        Status::Other(_) => unknown(&member.status),
    }
}

/// The account is a member and monitored.
fn with_plans(declared: &Declared, actual: &Actual, done: &Done) -> Step {
    let (plans, differing) = match (&declared.plans, actual.plans) {
        (None, _) | (_, PlansSeen::AsDeclared) => return settled(Goal::Monitored),
        (Some(_), PlansSeen::NotYet) => return Step::Wait(Wait::Plans),
        (Some(plans), PlansSeen::Differ(differing)) => (plans, differing),
    };
    let left = |differing, why| {
        Step::Done(Outcome::Failed(Reason::PlansDiffer(Box::new(PlansLeft { plans: plans.clone(), differing, why }))))
    };
    if differing.without(plans.only_before_joining()).is_empty() {
        left(differing, WhyLeft::OnlyBeforeJoining)
    } else if let Some(quoted) = &done.plans_refused {
        left(differing, WhyLeft::Refused(quoted.clone()))
    } else if done.has(Action::SetPlans) {
        Step::Wait(Wait::Write(Action::SetPlans))
    } else {
        Step::Do(Action::SetPlans)
    }
}

/// How a membership ends that has waited long enough.
#[must_use]
pub fn overdue(wait: &Wait, declared: &Declared, actual: &Actual) -> Outcome {
    match (wait, &declared.plans, actual.plans) {
        // GuardDuty took the change, and a person has to find out why it does not show.
        (Wait::Write(Action::SetPlans), Some(plans), PlansSeen::Differ(differing)) => {
            let differing = differing.without(plans.only_before_joining());
            let left = PlansLeft { plans: plans.clone(), differing, why: WhyLeft::NotShown };
            Outcome::Failed(Reason::PlansDiffer(Box::new(left)))
        }
        _ => Outcome::Pending(wait.clone()),
    }
}

/// The action, unless this run has done it. The member's detector is enabled before anything else happens to it: AWS
/// requires that before an invitation (AWS I1), and an account that does not trust us must leave no trace in GuardDuty.
fn once(action: Action, done: &Done) -> Step {
    if done.has(action) {
        Step::Wait(Wait::Write(action))
    } else if done.has(Action::EnableDetector) {
        Step::Do(action)
    } else {
        Step::Do(Action::EnableDetector)
    }
}

fn invite(done: &Done) -> Step {
    let create_first = done.email_missing && !done.has(Action::InviteMember);
    once(if create_first { Action::CreateMember } else { Action::InviteMember }, done)
}

fn replace(declared: &Declared, member: &Member, done: &Done) -> Step {
    let MemberEmail(known) = member.email.as_ref().unwrap_or(&NO_EMAIL);
    if declared.account.email.as_ref().is_some_and(|email| email.is_same_as(known)) {
        Step::Done(Outcome::Failed(Reason::WrongEmail))
    } else if done.has(Action::DeleteUnverified) {
        Step::Wait(Wait::Write(Action::DeleteUnverified))
    } else if done.has(Action::CreateMember) || done.has(Action::InviteMember) {
        // This run created or invited it, so the e-mail that failed is from another list: two lists must not fight.
        Step::Done(Outcome::Pending(Wait::Replacement))
    } else {
        once(Action::DeleteUnverified, done)
    }
}

fn suspended(actual: &Actual, done: &Done) -> Step {
    let Some(member) = &actual.member else { return Step::Done(Outcome::Skipped(Reason::NotMonitored)) };
    match &member.status {
        Status::Enabled => let_go(Action::StopMonitoring, done),
        Status::Disabled => settled(Goal::Suspended),
        Status::Deleted
        | Status::Created
        | Status::Invited
        | Status::EmailVerificationInProgress
        | Status::EmailVerificationFailed
        | Status::Removed
        | Status::Resigned
        | Status::RegionDisabled
        | Status::AccountSuspended
        | Status::CannotCreateDetector => Step::Done(Outcome::Skipped(Reason::NotMonitored)),
        Status::Other(_) => unknown(&member.status),
    }
}

fn removed(declared: &Declared, actual: &Actual, done: &Done) -> Step {
    let Some(member) = &actual.member else { return gone(declared, actual, done) };
    match &member.status {
        Status::Deleted => gone(declared, actual, done),
        Status::Enabled | Status::Disabled => let_go(Action::DisassociateMember, done),
        Status::Created
        | Status::Invited
        | Status::EmailVerificationInProgress
        | Status::EmailVerificationFailed
        | Status::Removed
        | Status::Resigned
        | Status::RegionDisabled
        | Status::AccountSuspended
        | Status::CannotCreateDetector => delete(done),
        Status::Other(_) => unknown(&member.status),
    }
}

/// The account is no member. Only now may its detector go, too.
fn gone(declared: &Declared, actual: &Actual, done: &Done) -> Step {
    let off = actual.was_suspended;
    let remark = match done.kept {
        Some(Kept::Stays(why)) => Some(Remark::DetectorStays { why, off }),
        Some(Kept::RegionOff) => Some(Remark::RegionOff),
        None if done.has(Action::DeleteDetector) => None,
        None if declared.delete_detector => return Step::Do(Action::DeleteDetector),
        None => off.then_some(Remark::StaysOff),
    };
    Step::Done(Outcome::Settled(Goal::Removed, remark))
}

fn delete(done: &Done) -> Step {
    // Its status has not shown yet that it joined meanwhile.
    if done.still_associated && !done.has(Action::DisassociateMember) {
        return Step::Do(Action::DisassociateMember);
    }
    let_go(Action::DeleteMember, done)
}

/// The action, unless this run has done it. Nothing is done in the member account before.
fn let_go(action: Action, done: &Done) -> Step {
    if done.has(action) { Step::Wait(Wait::Write(action)) } else { Step::Do(action) }
}

fn settled(goal: Goal) -> Step {
    Step::Done(Outcome::Settled(goal, None))
}

fn unknown(status: &Status) -> Step {
    Step::Done(Outcome::Failed(Reason::UnknownStatus(status.clone())))
}

/// Members that joined through an Organization have no e-mail (AWS M13). An empty one differs from every declared one.
static NO_EMAIL: MemberEmail = MemberEmail(String::new());

#[cfg(test)]
mod tests;
