//! What a story says about individual accounts.

use std::time::SystemTime;

use super::World;
use crate::state::account::Role;
use crate::state::organization::OrganizationAccount;
use crate::state::status;

impl World {
    /// The e-mail address of the account's root user. A member created with another one ends in
    /// `EmailVerificationFailed`. Unless this is called, any address is right.
    pub fn email_is(&self, account: &str, email: &str) {
        self.state().settings_mut(account).email = Some(email.into());
    }

    /// Roles in this account can be assumed from `at` on.
    pub fn role_ready_at(&self, account: &str, at: SystemTime) {
        self.state().settings_mut(account).role = Role::ReadyAt(at);
    }

    /// No role in this account can be assumed.
    pub fn role_missing(&self, account: &str) {
        self.state().settings_mut(account).role = Role::Missing;
    }

    /// Roles in this account can be assumed only with this external id.
    pub fn external_id_is(&self, account: &str, id: &str) {
        self.state().settings_mut(account).external_id = Some(id.into());
    }

    /// This account belongs to that organization, as policies see it (`aws:ResourceOrgID`). Unless a story says so, an
    /// account belongs to no organization.
    pub fn belongs_to_organization(&self, account: &str, organization: &str) {
        self.state().settings_mut(account).organization = Some(organization.into());
    }

    /// The Region is off in this account: GuardDuty does not accept the account's credentials there, and administrators
    /// that have invited it see `RegionDisabled`.
    pub fn region_off(&self, account: &str, region: &str) {
        let now = self.now();
        let mut state = self.state();
        state.settings_mut(account).regions_off.insert(region.into());
        state.region_mut(region).put_out_of_reach(account, status::REGION_DISABLED, now);
    }

    /// The status of a Region in ListRegions: `ENABLED`, `ENABLING`, `DISABLING` or `DISABLED`.
    /// `ENABLED` also ends [`World::region_off`].
    pub fn opt_in(&self, account: &str, region: &str, status: &str) {
        let mut state = self.state();
        let settings = state.settings_mut(account);
        if status == "ENABLED" {
            settings.regions_off.remove(region);
        }
        settings.opt_in.insert(region.into(), status.into());
    }

    /// Calls by this account that need this action (`*` is a wildcard) are refused. The message ends in `suffix`, for
    /// example "with an explicit deny in a service control policy".
    pub fn deny(&self, account: &str, action: &str, suffix: &str) {
        self.state().settings_mut(account).denied.push((action.into(), suffix.into()));
    }

    /// Reverts [`World::deny`] for this action.
    pub fn allow(&self, account: &str, action: &str) {
        self.state().settings_mut(account).denied.retain(|(pattern, _)| pattern != action);
    }

    /// Nobody in this account may create GuardDuty's service-linked role, which its first detector needs.
    pub fn service_linked_role_missing_permission(&self, account: &str) {
        self.state().settings_mut(account).service_linked_role_denied = true;
    }

    /// GuardDuty cannot assume its role in this account: it can neither accept an invitation nor be monitored.
    pub fn handshake_role_broken(&self, account: &str) {
        self.state().settings_mut(account).handshake_role_broken = true;
    }

    /// AWS has suspended the account: administrators that have invited it see `AccountSuspended`.
    pub fn suspended(&self, account: &str) {
        let now = self.now();
        let mut state = self.state();
        state.settings_mut(account).suspended = true;
        for region in state.guardduty.values_mut() {
            region.put_out_of_reach(account, status::ACCOUNT_SUSPENDED, now);
        }
    }

    /// The operation leaves the account out, with this text in `unprocessedAccounts`.
    pub fn refuse(&self, operation: &str, account: &str, text: &str) {
        self.state().refused.insert((operation.into(), account.into()), text.into());
    }

    /// The operation refuses every batch with this account as a whole.
    pub fn poison(&self, operation: &str, account: &str) {
        self.state().poisoned.insert((operation.into(), account.into()));
    }

    /// Reverts [`World::refuse`] and [`World::poison`].
    pub fn relent(&self, operation: &str, account: &str) {
        let key = (operation.to_owned(), account.to_owned());
        let mut state = self.state();
        state.refused.remove(&key);
        state.poisoned.remove(&key);
    }

    /// An account of the organization; `state` is one of `PENDING_ACTIVATION`, `ACTIVE`, `SUSPENDED`, `PENDING_CLOSURE`
    /// and `CLOSED`.
    pub fn organization_account(&self, id: &str, email: &str, state: &str) {
        let joined = self.now();
        let account = OrganizationAccount { email: email.into(), state: state.into(), joined };
        self.state().organization.accounts.insert(id.into(), account);
    }

    /// This account is the organization's management account, instead of the administrator. From now on DescribeAccount
    /// and ListAccounts are refused to every other account, and DescribeOrganization to accounts outside the
    /// organization. There are no delegated administrators.
    pub fn management_account_is(&self, account: &str) {
        self.state().organization.named_management = Some(account.into());
    }

    /// The account does not belong to the organization: DescribeAccount does not find it.
    pub fn outside_organization(&self, id: &str) {
        self.state().organization.outside.insert(id.into());
    }
}
