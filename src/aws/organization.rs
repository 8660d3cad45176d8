//! Organizations: what it knows of an account that an event names.

use aws_sdk_organizations::Client;
use aws_sdk_organizations::config::Builder;
use aws_sdk_organizations::operation::describe_account::DescribeAccountError;
use aws_sdk_organizations::types::{AccountState, AccountStatus};

use super::session::{SESSION_NAME, credentials, sts};
use super::trouble::trouble;
use super::{Aws, Home, retries};
use crate::account::AccountId;
use crate::config::Config;
use crate::membership::Trouble;

/// All that the reader role is good for, whatever else it may do.
const SESSION_POLICY: &str = concat!(
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","#,
    r#""Action":"organizations:DescribeAccount","Resource":"*"}]}"#
);

/// An account as its organization describes it.
#[derive(Clone, PartialEq, Eq)]
pub enum Described {
    /// In use; the root user's e-mail, which is personal.
    Active(String),
    /// Created, but not in use yet.
    Activating,
    /// Suspended, closed or about to be, in AWS's word.
    Inactive(String),
    /// Not an account of the organization.
    NotFound,
}

impl Aws {
    /// DescribeAccount, with the role of `ORGANIZATION_ROLE_ARN` where it is set: only the management account and
    /// delegated administrators may call it (Organizations API reference).
    pub async fn describe_account(&self, home: &Home, config: &Config, id: AccountId) -> Result<Described, Trouble> {
        let mut settings = Builder::from(&self.sdk).interceptor(self.meter.clone());
        settings = settings.retry_partition(retries("organizations"));
        if let Some(role) = &config.organization_role_arn {
            let call = sts(self, home, config).assume_role().role_arn(role).role_session_name(SESSION_NAME);
            let assumed = call.policy(SESSION_POLICY).send().await.map_err(|error| trouble(&error))?;
            settings = settings.credentials_provider(credentials(assumed)?);
        }
        let described = Client::from_conf(settings.build()).describe_account().account_id(id.as_str()).send().await;
        let account = match described {
            Ok(described) => described.account,
            Err(error)
                if error.as_service_error().is_some_and(DescribeAccountError::is_account_not_found_exception) =>
            {
                return Ok(Described::NotFound);
            }
            Err(error) => return Err(trouble(&error)),
        };
        let account = account.ok_or_else(|| Trouble::Transient("an answer without the account".into()))?;
        // `Status` is what `State` was called before; some partitions may know only one of them.
        let state = account.state().map(AccountState::as_str).or(account.status().map(AccountStatus::as_str));
        match state {
            None | Some("ACTIVE") => {
                let email = account.email.filter(|email| !email.is_empty());
                email.map(Described::Active).ok_or_else(|| Trouble::Transient("an account without an e-mail".into()))
            }
            Some("PENDING_ACTIVATION") => Ok(Described::Activating),
            Some(other) => Ok(Described::Inactive(other.into())),
        }
    }
}
