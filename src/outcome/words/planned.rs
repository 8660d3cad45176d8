//! What a dry run says of a membership: the step's word, why it is due, and what would be done.

use super::About;
use crate::action::Action;
use crate::membership::Status;
use crate::outcome::Forecast;

pub(super) fn planned(forecast: &Forecast, about: &About<'_>) -> String {
    let status = about.status.map_or("new", Status::as_str);
    let relationship = forecast.actions.iter().find(|action| **action != Action::EnableDetector);
    match relationship {
        Some(Action::CreateMember) => {
            format!(
                "create: {status}; would switch GuardDuty on in the account, create and invite the member and accept"
            )
        }
        Some(Action::InviteMember) if about.status == Some(&Status::Created) => {
            "invite: created, not yet invited; would switch GuardDuty on in the account, invite it and accept".into()
        }
        Some(Action::InviteMember) => {
            format!("invite: {}; would invite it again and accept", status.to_lowercase())
        }
        Some(Action::AcceptInvitation) if about.status == Some(&Status::EmailVerificationInProgress) => {
            "wait: e-mail verification in progress; would wait for it and accept".into()
        }
        Some(Action::AcceptInvitation) => {
            let date = forecast.invited_at.as_deref().and_then(|at| at.get(..10));
            let since = date.map(|date| format!(" on {date}")).unwrap_or_default();
            format!("accept: invited{since}; would accept the invitation in the account")
        }
        Some(Action::StartMonitoring) => "resume: a member, not monitored; would resume monitoring".into(),
        Some(Action::DeleteMember) => "replace: its e-mail failed verification and the list has another; \
             would delete the member, create it with the list's and invite it"
            .into(),
        Some(Action::EnableDetector) | None => format!("wait: {status}; would look again"),
    }
}
