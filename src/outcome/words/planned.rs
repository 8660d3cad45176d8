//! What a dry run says about a membership.

use super::about::About;
use crate::action::Action;
use crate::membership::Status;
use crate::outcome::{Forecast, PlansToSet};

/// The first change that a real run would make to the relationship.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct PlannedStep {
    pub word: &'static str,
    /// The state that it begins from.
    pub why: String,
    /// Everything that would be done.
    pub would: &'static str,
}

impl PlannedStep {
    #[must_use]
    pub fn new(forecast: &Forecast, about: &About<'_>) -> Self {
        let status = about.status.map_or("new", Status::as_str);
        let change = forecast.actions.iter().find(|action| **action != Action::EnableDetector);
        let deletes_detector = forecast.actions.contains(&Action::DeleteDetector);
        let (word, why, would) = match change {
            Some(Action::CreateMember) => {
                ("create", status.into(), "switch GuardDuty on in the account, create and invite the member and accept")
            }
            Some(Action::InviteMember) if about.status == Some(&Status::Created) => (
                "invite",
                "created, not yet invited".into(),
                "switch GuardDuty on in the account, invite it and accept",
            ),
            Some(Action::InviteMember) => ("invite", status.to_lowercase(), "invite it again and accept"),
            Some(Action::AcceptInvitation) if about.status == Some(&Status::EmailVerificationInProgress) => {
                ("wait", "e-mail verification in progress".into(), "wait for it and accept")
            }
            Some(Action::AcceptInvitation) => {
                let date = forecast.invited_at.as_deref().and_then(|at| at.get(..10));
                let since = date.map(|date| format!(" on {date}")).unwrap_or_default();
                ("accept", format!("invited{since}"), "accept the invitation in the account")
            }
            Some(Action::StartMonitoring) => ("resume", "a member, not monitored".into(), "resume monitoring"),
            Some(Action::DeleteUnverified) => (
                "replace",
                "its e-mail failed verification and the list has another".into(),
                "delete the member, create it with the list's e-mail and invite it",
            ),
            Some(Action::StopMonitoring) => ("suspend", "a member, monitored".into(), "stop monitoring it"),
            Some(Action::DisassociateMember) => {
                let suspended = about.status == Some(&Status::Disabled);
                let why = if suspended { "a member, suspended" } else { "a member, monitored" };
                let would = match (deletes_detector, suspended) {
                    (true, _) => "disassociate and delete the member, then its detector if this function created it",
                    (false, true) => "disassociate and delete the member, whose GuardDuty stays off",
                    (false, false) => "disassociate and delete the member",
                };
                ("disassociate", why.into(), would)
            }
            Some(Action::DeleteMember) if deletes_detector => {
                ("delete", status.to_lowercase(), "delete the member, then its detector if this function created it")
            }
            Some(Action::DeleteMember) => ("delete", status.to_lowercase(), "delete the member"),
            Some(Action::SetPlans) => {
                let why = forecast.plans.as_ref().map(|PlansToSet { plans, these, too_late }| {
                    let differ = plans.as_they_are(*these, "");
                    match plans.names(*too_late) {
                        names if names.is_empty() => differ,
                        names => format!("{differ}, and {names} cannot be set while it is a member"),
                    }
                });
                ("plans", why.unwrap_or_default(), "set what is declared")
            }
            Some(Action::EnableDetector | Action::DeleteDetector) | None => ("wait", status.into(), "check again"),
        };
        Self { word, why, would }
    }

    pub(super) fn sentence(&self) -> String {
        format!("{}: {}; would {}", self.word, self.why, self.would)
    }
}
