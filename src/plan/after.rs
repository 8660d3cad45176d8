//! What the answer to an action means for the membership.

use super::{Done, Kept, Step, once};
use crate::action::{Action, Caller};
use crate::membership::{CallError, NotDone, Refusal};
use crate::outcome::{Outcome, Reason, Wait};

/// Decides what follows from the answer to an action, and records in `done` what counts as done. `None`:
/// [`super::next`] decides, after a new look if the action changed what a look shows.
#[must_use]
pub fn after(action: Action, answer: Result<(), &NotDone>, done: &mut Done) -> Option<Step> {
    match answer {
        Ok(()) => {
            done.insert(action);
            match action {
                Action::DeleteUnverified => Some(once(Action::CreateMember, done)),
                Action::CreateMember => {
                    done.email_missing = false;
                    Some(once(Action::InviteMember, done))
                }
                Action::EnableDetector
                | Action::AcceptInvitation
                | Action::InviteMember
                | Action::StartMonitoring
                | Action::StopMonitoring
                | Action::DisassociateMember
                | Action::DeleteMember
                | Action::DeleteDetector
                | Action::SetPlans => None,
            }
        }
        Err(not_done) if action == Action::DeleteDetector => detector_kept(not_done, done),
        Err(NotDone::Call(CallError::Refused(refusal))) if action == Action::SetPlans => plans_refused(refusal, done),
        Err(NotDone::Call(CallError::Refused(refusal))) => after_refusal(action, refusal, done),
        Err(not_done) => Some(ended(action, not_done)),
    }
}

/// Some refusals mean that somebody else was faster, which counts as done, or that GuardDuty lags.
fn after_refusal(action: Action, refusal: &Refusal, done: &mut Done) -> Option<Step> {
    match (action, refusal) {
        // Already deleted, by a call whose answer was lost or by somebody else.
        (Action::DeleteUnverified, Refusal::NotAssociated) => after(action, Ok(()), done),
        // The member exists without an e-mail, so it can be neither invited nor created (AWS I9, M7).
        (Action::CreateMember, Refusal::AlreadyMember) if done.email_missing => {
            Some(Step::Done(Outcome::Failed(Reason::Stuck)))
        }
        // `MemberMayNot`: it joined since its detector was looked at, through another run.
        // `StillAssociated`: the member joined meanwhile, through another run that had its right e-mail.
        (Action::DeleteUnverified, Refusal::StillAssociated)
        | (Action::EnableDetector, Refusal::MemberMayNot)
        | (Action::CreateMember, Refusal::AlreadyMember)
        | (Action::InviteMember, Refusal::AlreadyInvited)
        | (
            Action::StartMonitoring | Action::StopMonitoring | Action::DisassociateMember | Action::DeleteMember,
            Refusal::NotAssociated,
        ) => {
            done.insert(action);
            None
        }
        // It is disassociated already, but GuardDuty lags.
        (Action::DeleteMember, Refusal::StillAssociated) if done.has(Action::DisassociateMember) => {
            Some(Step::Wait(Wait::Write(Action::DisassociateMember)))
        }
        (Action::DeleteMember, Refusal::StillAssociated) => {
            done.still_associated = true;
            Some(Step::Do(Action::DisassociateMember))
        }
        // Created in this run, but GuardDuty lags (AWS I9); a later round invites it.
        (Action::InviteMember, Refusal::EmailMissing) if done.has(Action::CreateMember) => {
            Some(Step::Wait(Wait::Write(Action::CreateMember)))
        }
        (Action::InviteMember, Refusal::EmailMissing) => {
            done.email_missing = true;
            None
        }
        (Action::AcceptInvitation, Refusal::MemberAlready | Refusal::NoInvitation) => {
            Some(Step::Wait(Wait::Invitation))
        }
        (_, refusal) => Some(ended(action, &NotDone::Call(CallError::Refused(refusal.clone())))),
    }
}

/// The account is monitored, whatever becomes of its protection plans.
fn plans_refused(refusal: &Refusal, done: &mut Done) -> Option<Step> {
    match refusal {
        // GuardDuty may say so at random right after an account has joined (AWS P7), and lets only one call at a time
        // change members' plans (AWS P6): another run may be at it.
        Refusal::NotAssociated | Refusal::Busy => return Some(Step::Wait(Wait::Plans)),
        Refusal::Internal(_) | Refusal::DetectorGone => {
            return Some(Step::Done(Outcome::from_administrator_call(CallError::Refused(refusal.clone()))));
        }
        refusal => done.plans_refused = Some(refusal.to_string().into()),
    }
    None
}

/// The account is no member any more, whatever becomes of its detector.
fn detector_kept(not_done: &NotDone, done: &mut Done) -> Option<Step> {
    done.kept = match not_done {
        NotDone::DetectorStays(why) => Some(Kept::Stays(*why)),
        NotDone::Call(CallError::RegionOff(_)) => Some(Kept::RegionOff),
        NotDone::StillOurs => return Some(Step::Wait(Wait::Write(Action::DeleteMember))),
        other => return Some(Step::Done(Outcome::from_detector_left(other.clone()))),
    };
    None
}

fn ended(action: Action, not_done: &NotDone) -> Step {
    match not_done {
        NotDone::InvitationNotVisible => Step::Wait(Wait::Invitation),
        NotDone::TooManyInvitations => Step::Done(Outcome::Failed(Reason::TooManyInvitations)),
        NotDone::OtherAdministrator(other) => Step::Done(Outcome::Failed(Reason::OtherAdministrator(*other))),
        NotDone::Role(not_assumed) => Step::Done(Outcome::from_assume_role(not_assumed.clone())),
        // Only an errand to delete a detector ends so.
        NotDone::DetectorStays(_) | NotDone::StillOurs => Step::Wait(Wait::Write(action)),
        NotDone::Call(error) => Step::Done(match action.caller() {
            Caller::Administrator(_) => Outcome::from_administrator_call(error.clone()),
            Caller::Member(_) => Outcome::from_member_call(error.clone()),
        }),
    }
}
