//! The role in each member account: assumed once per run, shared by all Regions, cut down to what onboarding needs.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_guardduty::config::Credentials;
use aws_sdk_guardduty::config::retry::RetryPartition;
use aws_sdk_sts::config::Builder;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role::{AssumeRoleError, AssumeRoleOutput};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::sync::{OnceCell, Semaphore};

use super::line::Line;
use super::pace::Pace;
use super::trouble::trouble;
use super::{Aws, Home, retries};
use crate::account::{AccountId, Region};
use crate::config::Config;
use crate::membership::{NotAssumed, Refusal, RoleRefusal, Trouble};

/// The only actions the assumed role is good for, whatever else it may do: those that `aws::member` calls, and what
/// CreateDetector does on the caller's behalf. iam:GetRole has no `iam:AWSServiceName`, so it has a statement of its
/// own. At most 2,048 characters (STS API reference).
const SESSION_POLICY: &str = concat!(
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["#,
    r#""guardduty:CreateDetector","guardduty:ListDetectors","guardduty:GetDetector","guardduty:UpdateDetector","#,
    r#""guardduty:ListInvitations","guardduty:AcceptAdministratorInvitation","guardduty:GetAdministratorAccount"],"#,
    r#""Resource":"*"},{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*","#,
    r#""Condition":{"StringLike":{"iam:AWSServiceName":["guardduty.amazonaws.com","#,
    r#""malware-protection.guardduty.amazonaws.com"]}}},{"Effect":"Allow","Action":"iam:GetRole","Resource":"#,
    r#""arn:*:iam::*:role/aws-service-role/malware-protection.guardduty.amazonaws.com/"#,
    r#"AWSServiceRoleForAmazonGuardDutyMalwareProtection"}]}"#
);

/// What CloudTrail shows of who assumed a role.
pub(super) const SESSION_NAME: &str = "guardduty-onboarding";

/// Credentials in one member account.
#[derive(Debug, Clone)]
pub struct Session {
    /// Of the assumed role.
    pub(super) credentials: Credentials,
    /// Retries of this account's calls only: one throttled account must not use up the retries of the others.
    pub(super) retries: RetryPartition,
}

/// What came of assuming the role in one account, once it did.
type Assumed = OnceCell<Result<Session, NotAssumed>>;

/// The sessions of one run.
#[derive(Debug)]
pub struct Sessions {
    sts: aws_sdk_sts::Client,
    home: Home,
    role_name: String,
    external_id: Option<String>,
    pace: Pace,
    line: Line,
    by_account: Mutex<HashMap<AccountId, Arc<Assumed>>>,
}

impl Sessions {
    /// Sessions for one run. `in_flight` bounds all calls to member accounts, AssumeRole among them.
    #[must_use]
    pub fn new(aws: &Aws, config: &Config, home: &Home, in_flight: Arc<Semaphore>) -> Self {
        let pace = Pace::default();
        Self {
            sts: aws_sdk_sts::Client::from_conf(sts(aws, home, config).interceptor(pace.clone()).build()),
            home: home.clone(),
            role_name: config.member_role_name.clone(),
            external_id: config.member_role_external_id.clone(),
            line: Line::paced(in_flight, pace.clone()),
            pace,
            by_account: Mutex::new(HashMap::new()),
        }
    }

    /// The session in `account`; the first who asks assumes the role, all others wait for it.
    pub async fn get(&self, account: AccountId) -> Result<Session, NotAssumed> {
        let cell = {
            let mut by_account = self.by_account.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(by_account.entry(account).or_default())
        };
        cell.get_or_init(|| Box::pin(self.assume(account))).await.clone()
    }

    /// A session in place of one that has expired: whoever else asks with the old one gets the same new one.
    pub async fn renew(&self, account: AccountId, expired: &Session) -> Result<Session, NotAssumed> {
        {
            let mut by_account = self.by_account.lock().unwrap_or_else(PoisonError::into_inner);
            let current = by_account.entry(account).or_default();
            let key = |session: &Session| session.credentials.access_key_id().to_owned();
            if matches!(current.get(), Some(Ok(session)) if key(session) == key(expired)) {
                *current = Arc::default();
            }
        }
        self.get(account).await
    }

    async fn assume(&self, account: AccountId) -> Result<Session, NotAssumed> {
        let _permit = self.line.permit().await;
        let begun = self.pace.begin();
        let retries = RetryPartition::custom(account.to_string()).build();
        let role = format!("arn:{}:iam::{account}:role/{}", self.home.partition, self.role_name);
        let call = self.sts.assume_role().role_arn(role).role_session_name(SESSION_NAME).policy(SESSION_POLICY);
        let call = call.set_external_id(self.external_id.clone()).customize();
        let call = call.config_override(aws_sdk_sts::Config::builder().retry_partition(retries.clone()));
        let assumed = call.send().await.map_err(|error| not_assumed(&error)).and_then(credentials);
        match &assumed {
            Ok(_) => self.pace.succeeded(begun),
            Err(NotAssumed::Refused(_)) => self.pace.refused(),
            Err(NotAssumed::Trouble(_)) => {}
        }
        Ok(Session { credentials: assumed?, retries })
    }
}

/// STS in a Region whose tokens are valid in every Region of every account. An opt-in Region's endpoint would need that
/// Region enabled in the member account (IAM user guide).
pub(super) fn sts(aws: &Aws, home: &Home, config: &Config) -> Builder {
    let sdk = aws.in_region(sts_region(&home.partition, &config.own_region));
    Builder::from(&sdk).interceptor(aws.meter.clone()).retry_partition(retries("sts"))
}

/// What STS's error means for us.
pub(super) fn not_assumed(error: &SdkError<AssumeRoleError, HttpResponse>) -> NotAssumed {
    let quoted = match trouble(error) {
        Trouble::Denied(denial) => denial.quoted,
        Trouble::Refused(Refusal::Unknown(quoted)) => quoted,
        trouble => return NotAssumed::Trouble(trouble),
    };
    let (code, message) = (error.code().unwrap_or(""), error.message().unwrap_or(""));
    NotAssumed::Refused(RoleRefusal::of(code, message, quoted))
}

/// The credentials of a role that was assumed.
pub(super) fn credentials(assumed: AssumeRoleOutput) -> Result<Credentials, NotAssumed> {
    let none = || NotAssumed::Trouble(Trouble::Transient("AssumeRole gave no credentials".into()));
    let keys = assumed.credentials.ok_or_else(none)?;
    let (id, secret, token) = (keys.access_key_id, keys.secret_access_key, keys.session_token);
    Ok(Credentials::new(id, secret, Some(token), keys.expiration.try_into().ok(), "AssumeRole"))
}

fn sts_region<'a>(partition: &str, own: &'a Region) -> &'a str {
    match partition {
        "aws" if !own.is_always_on() => "us-east-1",
        _ => own.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_session_policy_is_json_and_short_enough() {
        let policy: serde_json::Value = serde_json::from_str(SESSION_POLICY).expect("JSON");
        assert_eq!(policy["Version"], "2012-10-17");
        assert!(SESSION_POLICY.len() <= 2048);
    }

    #[test]
    fn roles_are_assumed_from_a_default_region() {
        let region = |code| Region::parse(code).expect("a Region");
        assert_eq!(sts_region("aws", &region("eu-west-1")), "eu-west-1");
        assert_eq!(sts_region("aws", &region("eu-south-1")), "us-east-1");
        assert_eq!(sts_region("aws-cn", &region("cn-north-1")), "cn-north-1");
    }
}
