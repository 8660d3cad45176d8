//! Every sentence that an operator reads about a membership or a run: what happened, and what to do about it.

mod about;
mod notices;
mod planned;
mod reasons;
mod remarks;
mod role;

pub use about::About;
pub use planned::PlannedStep;
pub use role::{Role, cure};

use self::about::caller;
use super::{Outcome, Retry, Wait};
use crate::action::Action;
use crate::membership::WhyNot;

/// Ends every pending sentence if nothing will retry it automatically.
pub const LAST_TRY: &str =
    "last automatic try; when it is mended, redrive the dead-letter queue or upload the list again";

/// One sentence that says what to do. `None` if the membership is as declared and nothing is left of it.
#[must_use]
pub fn detail(outcome: &Outcome, about: &About<'_>, retry: Retry) -> Option<String> {
    match outcome {
        Outcome::Settled(_, remark) => remark.map(|remark| remarks::left(remark, about)),
        Outcome::Pending(wait) => {
            let (what, promise) = waiting(wait, about, retry);
            let next = match retry {
                Retry::ByItself => promise,
                Retry::Never => LAST_TRY,
                Retry::OnRequest => "send the request again",
                Retry::NextReconcile => "the next reconcile goes on",
                Retry::ByHand => "apply the list again",
            };
            Some(format!("{what}; {next}"))
        }
        Outcome::Failed(reason) | Outcome::Skipped(reason) => Some(reasons::because(reason, about, retry)),
        Outcome::Planned(forecast) => Some(PlannedStep::new(forecast, about).sentence()),
    }
}

/// Why a membership is pending, and what happens next if there is a next try.
fn waiting(wait: &Wait, about: &About<'_>, retry: Retry) -> (String, &'static str) {
    let About { account: id, region, .. } = about;
    let again = "it will be retried";
    let look = "it will be checked again";
    match wait {
        Wait::Role(refusal) => (
            format!(
                "the role in account {id} cannot be assumed (AWS says: {}): {}",
                refusal.quoted,
                cure(refusal, Role::Member)
            ),
            if refusal.why == WhyNot::Trust {
                "a new account's role may appear later by itself, so it will be retried"
            } else {
                again
            },
        ),
        Wait::Policy(quoted) => (
            format!(
                "the role in account {id} has no policy yet that allows what onboarding needs in {region} \
                 (AWS says: {quoted}): if this persists, allow the action in the role's policy"
            ),
            "a new role's policy takes minutes to spread, so it will be retried",
        ),
        Wait::Token(quoted) => (
            format!(
                "AWS does not accept the role's token in account {id} in {region} yet (AWS says: {quoted}): \
                 if this persists, check that the account is active"
            ),
            "a new account takes minutes to be set up, so it will be retried",
        ),
        Wait::OwnToken(quoted) => (
            format!(
                "AWS does not accept {}'s own token, so account {id} is not settled in {region} \
                 (AWS says: {quoted}): if this persists, check that the administrator account is active",
                caller(retry)
            ),
            again,
        ),
        Wait::Verification => (format!("GuardDuty is still verifying the e-mail of account {id} in {region}"), look),
        Wait::Invitation => (
            format!("account {id} is invited in {region} but does not see the invitation yet"),
            "it will be accepted once it appears",
        ),
        Wait::Write(action) => {
            (format!("GuardDuty does not yet show that account {id} was {} in {region}", participle(*action)), look)
        }
        Wait::Replacement => (
            format!("the e-mail that GuardDuty had for account {id} in {region} failed verification"),
            "the next run tries the new one",
        ),
        Wait::Time => (format!("time ran out before account {id} was settled in {region}"), "the next try continues"),
        Wait::Interrupted => {
            (format!("the run was interrupted before account {id} was settled in {region}"), "the next run continues")
        }
        Wait::Unanswered(quoted) => (format!("AWS could not answer for account {id} in {region} ({quoted})"), again),
        Wait::Plans => (
            format!(
                "account {id} is monitored in {region}, but GuardDuty does not let its protection plans be set yet"
            ),
            again,
        ),
        Wait::Credentials => (format!("the credentials expired before account {id} was settled in {region}"), again),
        Wait::Activation => (format!("account {id} is not active yet in its organization"), again),
        Wait::Detector => (
            format!("the administrator's detector in {region} was deleted during the run"),
            "the next try looks for it again",
        ),
    }
}

/// What has been done to the account, though GuardDuty does not show it yet.
fn participle(action: Action) -> &'static str {
    match action {
        Action::EnableDetector => "switched on",
        Action::CreateMember => "added",
        Action::InviteMember => "invited",
        Action::AcceptInvitation => "accepted",
        Action::StartMonitoring => "resumed",
        Action::DeleteUnverified => "deleted and added again",
        Action::SetPlans => "given the declared protection plans",
        Action::StopMonitoring => "suspended",
        Action::DisassociateMember => "disassociated",
        Action::DeleteMember => "removed",
        // Not waited for: no look shows it.
        Action::DeleteDetector => "switched off",
    }
}
