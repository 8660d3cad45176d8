//! Decides the next step of one membership from what the list declares, what GuardDuty shows and what this run did.

mod after;
mod forecast;

pub use after::after;
pub use forecast::{forecast, preview};

use strum::EnumCount as _;

use crate::action::Action;
use crate::declared::{Declared, Goal};
use crate::membership::Status;
use crate::membership::{Actual, Member, MemberEmail};
use crate::outcome::{Outcome, Reason, Wait};

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
/// let declared = Declared { account: Account { id, email, line: Some(2) }, goal: Goal::Monitored };
///
/// // GuardDuty does not know the account: its detector comes before everything else.
/// let step = next(&declared, &Actual::default(), &Done::default());
/// assert_eq!(step, Step::Do(Action::EnableDetector));
/// ```
#[must_use]
pub fn next(declared: &Declared, actual: &Actual, done: &Done) -> Step {
    match declared.goal {
        Goal::Monitored => monitored(declared, actual, done),
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
        Status::Enabled => Step::Done(Outcome::Settled(Goal::Monitored)),
        Status::Disabled => once(Action::StartMonitoring, done),
        Status::EmailVerificationFailed => replace(declared, member, done),
        Status::RegionDisabled => Step::Done(Outcome::Skipped(Reason::MemberRegion)),
        Status::AccountSuspended => Step::Done(Outcome::Failed(Reason::Suspended)),
        Status::CannotCreateDetector => Step::Done(Outcome::Failed(Reason::CannotCreateDetector)),
        Status::Other(_) => Step::Done(Outcome::Failed(Reason::UnknownStatus(member.status.clone()))),
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
    if declared.account.email.is_same_as(known) {
        Step::Done(Outcome::Failed(Reason::WrongEmail))
    } else if done.has(Action::DeleteMember) {
        Step::Wait(Wait::Write(Action::DeleteMember))
    } else if done.has(Action::CreateMember) || done.has(Action::InviteMember) {
        // This run created or invited it, so the e-mail that failed is from another list: two lists must not fight.
        Step::Done(Outcome::Pending(Wait::Replacement))
    } else {
        once(Action::DeleteMember, done)
    }
}

/// Members that joined through an Organization have no e-mail (AWS M13). An empty one differs from every declared one.
static NO_EMAIL: MemberEmail = MemberEmail(String::new());

#[cfg(test)]
mod tests;
