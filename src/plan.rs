//! The next step of one membership: what the list declares, what GuardDuty shows and what this run did, put together.

use crate::account::Account;
use crate::membership::{Member, MemberEmail, Status};
use crate::outcome::{Outcome, Reason, Wait};

/// What this run did for one membership. Each write happens at most once: GuardDuty lags, so the status that led to a
/// write is waited for, never written against again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "things that did or did not happen, in any combination")]
pub struct Progress {
    /// CreateMembers was not refused, or said that the member exists.
    pub created: bool,
    /// InviteMembers was not refused, or said that it is invited.
    pub invited: bool,
    /// InviteMembers said that it has no e-mail for the account: it must be created first.
    pub email_missing: bool,
    /// AcceptAdministratorInvitation went through.
    pub accepted: bool,
    /// StartMonitoringMembers went through, or said that it is not associated: the next look decides.
    pub resumed: bool,
    /// DeleteMembers went through, or said that it is no member any more, or that it joined meanwhile.
    pub deleted: bool,
}

/// What to do next. All but `Wait` and `Done` need the member's detector to be on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// CreateMembers, then InviteMembers.
    Create,
    /// InviteMembers.
    Invite,
    /// AcceptAdministratorInvitation, in the member.
    Accept,
    /// StartMonitoringMembers.
    Resume,
    /// DeleteMembers, then as `Create`: GuardDuty has another e-mail than the list, and it failed verification.
    Replace,
    /// Nothing but to look again.
    Wait(Wait),
    /// Settled.
    Done(Outcome),
}

/// Decides the next step. `actual` is none where GetMembers has no entry.
#[must_use]
pub fn next(account: &Account, actual: Option<&Member>, done: &Progress) -> Step {
    let Some(member) = actual else { return create(done) };
    match &member.status {
        Status::Deleted => create(done),
        Status::Created | Status::Removed | Status::Resigned => invite(done),
        Status::EmailVerificationInProgress => Step::Wait(Wait::Verification),
        Status::Invited if done.accepted => Step::Wait(Wait::Write("accepted")),
        Status::Invited => Step::Accept,
        Status::Enabled => Step::Done(Outcome::Enabled),
        Status::Disabled if done.resumed => Step::Wait(Wait::Write("resumed")),
        Status::Disabled => Step::Resume,
        Status::EmailVerificationFailed => replace(account, member, done),
        Status::RegionDisabled => Step::Done(Outcome::Skipped(Reason::MemberRegion)),
        Status::AccountSuspended => Step::Done(Outcome::Failed(Reason::Suspended)),
        Status::CannotCreateDetector => Step::Done(Outcome::Failed(Reason::CannotCreateDetector)),
        Status::Other(_) => Step::Done(Outcome::Failed(Reason::UnknownStatus(member.status.clone()))),
    }
}

fn create(done: &Progress) -> Step {
    if done.created { Step::Wait(Wait::Write("added")) } else { Step::Create }
}

fn invite(done: &Progress) -> Step {
    if done.invited {
        Step::Wait(Wait::Write("invited"))
    } else if done.email_missing {
        create(done)
    } else {
        Step::Invite
    }
}

fn replace(account: &Account, member: &Member, done: &Progress) -> Step {
    let MemberEmail(known) = member.email.as_ref().unwrap_or(&NO_EMAIL);
    if account.email.is_same_as(known) {
        Step::Done(Outcome::Failed(Reason::WrongEmail))
    } else if done.deleted {
        Step::Wait(Wait::Write("deleted and added anew"))
    } else if done.created || done.invited {
        Step::Done(Outcome::Pending(Wait::Replacement))
    } else {
        Step::Replace
    }
}

/// Members that joined through an Organization have no e-mail: it differs from any.
static NO_EMAIL: MemberEmail = MemberEmail(String::new());

impl Step {
    /// What a dry run says of this step: its word, why, and what would be done.
    #[must_use]
    pub fn planned(self, actual: Option<&Member>) -> Outcome {
        let status = actual.map_or_else(|| "new".into(), |member| member.status.to_string());
        Outcome::Planned(match self {
            Self::Done(outcome) => return outcome,
            Self::Create => format!("create: {status}; would switch GuardDuty on in the account, create and invite the member and accept"),
            Self::Invite if status == "Created" => "invite: created, not yet invited; would switch GuardDuty on in the account, invite it and accept".into(),
            Self::Invite => format!("invite: {}; would invite it again and accept", status.to_lowercase()),
            Self::Accept => {
                let date = actual.and_then(|member| member.invited_at.as_deref()).and_then(|at| at.get(..10));
                let since = date.map(|date| format!(" on {date}")).unwrap_or_default();
                format!("accept: invited{since}; would accept the invitation in the account")
            }
            Self::Resume => "resume: a member, not monitored; would resume monitoring".into(),
            Self::Replace => "replace: its e-mail failed verification and the list has another; would delete the member, create it with the list's and invite it".into(),
            Self::Wait(_) => "wait: e-mail verification in progress; would wait for it and accept".into(),
        })
    }
}

#[cfg(test)]
mod tests;
