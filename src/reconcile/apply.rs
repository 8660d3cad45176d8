//! The administrator's writes: one batch call for all accounts that are ready for an action.

use tracing::info;

use super::administrator::AdministratorRegion;
use crate::account::Account;
use crate::action::Action;
use crate::aws::Refusals;

/// Carries out one of the administrator's actions. Returns what was refused, by account.
pub(super) async fn write(region: &AdministratorRegion, action: Action, accounts: &[&Account]) -> Refusals {
    let (administrator, detector) = (&region.administrator, region.detector.as_str());
    let refusals = match action {
        Action::DeleteMember => administrator.delete_members(detector, accounts).await,
        Action::CreateMember => administrator.create_members(detector, accounts).await,
        Action::InviteMember => administrator.invite_members(detector, accounts).await,
        Action::StartMonitoring => administrator.start_monitoring_members(detector, accounts).await,
        // Member tasks carry these out.
        Action::EnableDetector | Action::AcceptInvitation => Refusals::default(),
    };
    let refused = accounts.iter().filter(|account| refusals.get(account.id).is_some()).count();
    let members = accounts.len() - refused;
    info!(region = %region.region, write = action.api_name(), members, refused, "batch written");
    refusals
}
