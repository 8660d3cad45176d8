//! Organizations: describes an account that an event names.

use aws_sdk_organizations::Client;
use aws_sdk_organizations::config::Builder;
use aws_sdk_organizations::operation::describe_account::DescribeAccountError;
use aws_sdk_organizations::types::{AccountState, AccountStatus};

use super::call_error::call_error;
use super::session::{LIFETIME_SECONDS, credentials, not_assumed, sts};
use super::{Aws, Identity, retries};
use crate::account::AccountId;
use crate::config::Config;
use crate::membership::{CallError, NotAssumed, quoted};

/// Limits the reader role to this one call, whatever else it may do.
const SESSION_POLICY: &str = concat!(
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","#,
    r#""Action":"organizations:DescribeAccount","Resource":"*"}]}"#
);

/// An account as its organization describes it.
#[derive(Clone, PartialEq, Eq)]
pub enum Described {
    /// With the root user's e-mail, which is personal.
    Active(String),
    /// Created, but not active yet (AWS E12).
    Activating,
    /// In AWS's word: suspended, closed or about to be.
    Inactive(String),
    NotFound,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NotDescribed {
    /// The role of `ORGANIZATION_ROLE_ARN` could not be assumed.
    Role(NotAssumed),
    /// The calling account belongs to no organization.
    NoOrganization,
    Call(CallError),
}

impl Aws {
    /// Calls DescribeAccount, with the role of `ORGANIZATION_ROLE_ARN` if it is set: only the management account and
    /// delegated administrators may call it (AWS E13).
    pub async fn describe_account(
        &self,
        identity: &Identity,
        config: &Config,
        id: AccountId,
    ) -> Result<Described, NotDescribed> {
        let mut settings = Builder::from(&self.sdk).interceptor(self.meter.clone());
        settings = settings.retry_partition(retries("organizations"));
        if let Some(role) = &config.organization_role_arn {
            let sts = aws_sdk_sts::Client::from_conf(sts(self, identity, config).build());
            let call = sts.assume_role().role_arn(role).role_session_name(&self.session_name);
            let assumed = call.duration_seconds(LIFETIME_SECONDS).policy(SESSION_POLICY).send().await;
            let assumed = assumed.map_err(|error| not_assumed(&error)).and_then(credentials);
            settings = settings.credentials_provider(assumed.map_err(NotDescribed::Role)?);
        }
        let described = Client::from_conf(settings.build()).describe_account().account_id(id.as_str()).send().await;
        let account = match described {
            Ok(described) => described.account,
            Err(error) => {
                return match error.as_service_error() {
                    Some(DescribeAccountError::AccountNotFoundException(_)) => Ok(Described::NotFound),
                    Some(DescribeAccountError::AwsOrganizationsNotInUseException(_)) => {
                        Err(NotDescribed::NoOrganization)
                    }
                    _ => Err(NotDescribed::Call(call_error(&error))),
                };
            }
        };
        let incomplete = |what: &str| NotDescribed::Call(CallError::Transient(what.into()));
        let account = account.ok_or_else(|| incomplete("an answer without the account"))?;
        // `State` was called `Status` before (AWS E14). Some partitions may know only one of them.
        let state = account.state().map(AccountState::as_str).or(account.status().map(AccountStatus::as_str));
        match state {
            None | Some("ACTIVE") => {
                let email = account.email.filter(|email| !email.is_empty());
                email.map(Described::Active).ok_or_else(|| incomplete("an account without an e-mail"))
            }
            Some("PENDING_ACTIVATION") => Ok(Described::Activating),
            Some(other) => Ok(Described::Inactive(quoted(other))),
        }
    }
}
