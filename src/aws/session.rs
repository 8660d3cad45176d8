//! Sessions in member accounts. Each account's role is assumed once per run, limited to what onboarding needs, and
//! shared by all Regions. It is assumed once more, for that alone, if a detector must be enabled or given other protection
//! plans. To delete a detector is an errand of its own.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_sdk_guardduty::config::Credentials;
use aws_sdk_guardduty::config::retry::RetryPartition;
use aws_sdk_sts::config::Builder;
use aws_sdk_sts::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_sts::operation::assume_role::{AssumeRoleError, AssumeRoleOutput};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::sync::{OnceCell, Semaphore};
use tokio::time::Instant;

use super::call_error::call_error;
use super::lane::Lane;
use super::pace::Pace;
use super::{Aws, Identity, retries};
use crate::account::{AccountId, Region};
use crate::config::Config;
use crate::membership::{CallError, NotAssumed, Refusal, RoleRefusal};
use crate::protection::Plans;

/// How long a session lasts: the shortest time that STS accepts (AWS A5), so that a stolen one is worth little.
pub(super) const LIFETIME_SECONDS: i32 = 900;
/// How long before its end a session is renewed. One use of it takes seconds, retries included.
const MARGIN: Duration = Duration::from_secs(60);

/// What a session is for. It may do nothing else, whatever the role may do (AWS A6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum Access {
    /// Makes the account a member, with the detector that it has or a new one.
    Join,
    /// Deletes the detector of an account that is no member any more.
    DeleteDetector,
    /// Enables a detector that is off, or sets its protection plans before the account joins. An account that is new to
    /// GuardDuty never needs it.
    UpdateDetector,
}

impl Access {
    /// Allows the actions that `aws::member` calls, and those that CreateDetector takes on the caller's behalf
    /// (AWS A7, A9). iam:GetRole has a statement of its own (AWS A8). At most 2,048 characters (AWS A5).
    fn policy(self, enables_malware_protection: bool) -> &'static str {
        match self {
            Self::Join => concat!(
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["#,
                r#""guardduty:CreateDetector","guardduty:TagResource","#,
                r#""guardduty:ListDetectors","guardduty:GetDetector","#,
                r#""guardduty:ListInvitations","guardduty:AcceptAdministratorInvitation","#,
                r#""guardduty:GetAdministratorAccount"],"#,
                r#""Resource":"*"},{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*","#,
                r#""Condition":{"StringLike":{"iam:AWSServiceName":["guardduty.amazonaws.com","#,
                r#""malware-protection.guardduty.amazonaws.com"]}}},{"Effect":"Allow","Action":"iam:GetRole","Resource":"#,
                r#""arn:*:iam::*:role/aws-service-role/malware-protection.guardduty.amazonaws.com/"#,
                r#"AWSServiceRoleForAmazonGuardDutyMalwareProtection"}]}"#
            ),
            Self::DeleteDetector => concat!(
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["#,
                r#""guardduty:ListDetectors","guardduty:GetDetector","guardduty:GetAdministratorAccount","#,
                r#""guardduty:DeleteDetector"],"Resource":"*"}]}"#
            ),
            // Malware protection has a service-linked role of its own.
            Self::UpdateDetector if enables_malware_protection => concat!(
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","#,
                r#""Action":"guardduty:UpdateDetector","Resource":"*"},"#,
                r#"{"Effect":"Allow","Action":"iam:CreateServiceLinkedRole","Resource":"*","Condition":{"StringLike":"#,
                r#"{"iam:AWSServiceName":"malware-protection.guardduty.amazonaws.com"}}},"#,
                r#"{"Effect":"Allow","Action":"iam:GetRole","Resource":"#,
                r#""arn:*:iam::*:role/aws-service-role/malware-protection.guardduty.amazonaws.com/"#,
                r#"AWSServiceRoleForAmazonGuardDutyMalwareProtection"}]}"#
            ),
            Self::UpdateDetector => concat!(
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","#,
                r#""Action":"guardduty:UpdateDetector","Resource":"*"}]}"#
            ),
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(super) credentials: Credentials,
    /// For this account's calls only: one throttled account must not use up the retries of the others.
    pub(super) retries: RetryPartition,
    /// By our own clock.
    fresh_until: Instant,
}

impl Session {
    /// Whether it lasts long enough to be used once more.
    pub(crate) fn is_fresh(&self) -> bool {
        Instant::now() < self.fresh_until
    }
}

/// The result of AssumeRole in one account, once known.
type Assumed = OnceCell<Result<Session, NotAssumed>>;

#[derive(Debug)]
pub(crate) struct Sessions {
    sts: aws_sdk_sts::Client,
    identity: Identity,
    session_name: String,
    role_name: String,
    external_id: Option<String>,
    enables_malware_protection: bool,
    pace: Pace,
    lane: Lane,
    assumed: Mutex<HashMap<(AccountId, Access), Arc<Assumed>>>,
}

impl Sessions {
    /// Sessions for one run. `in_flight` bounds all calls to member accounts, AssumeRole among them.
    #[must_use]
    pub(crate) fn new(aws: &Aws, config: &Config, identity: &Identity, in_flight: Arc<Semaphore>) -> Self {
        let pace = Pace::default();
        Self {
            sts: aws_sdk_sts::Client::from_conf(sts(aws, identity, config).interceptor(pace.clone()).build()),
            identity: identity.clone(),
            session_name: aws.session_name.clone(),
            role_name: config.member_role_name.clone(),
            external_id: config.member_role_external_id.clone(),
            enables_malware_protection: config.plans.as_ref().is_some_and(Plans::enable_malware_protection),
            lane: Lane::paced(in_flight, pace.clone()),
            pace,
            assumed: Mutex::new(HashMap::new()),
        }
    }

    /// A fresh session in `account`. The first caller assumes the role, all others wait for it.
    pub(crate) async fn get(&self, account: AccountId, access: Access) -> Result<Session, NotAssumed> {
        let current = self.unless(account, access, |session| !session.is_fresh());
        // Boxed, so that the many accounts that wait for their sessions are small.
        current.get_or_init(|| Box::pin(self.assume(account, access))).await.clone()
    }

    /// Forgets a session that AWS no longer accepts, so that the next call gets a new one.
    pub(crate) fn forget(&self, account: AccountId, access: Access, expired: &Session) {
        // Another Region may have renewed it by now. That session has another key and stays.
        let key = |session: &Session| session.credentials.access_key_id().to_owned();
        self.unless(account, access, |session| key(session) == key(expired));
    }

    /// The session that exists or is being opened. If it is `spent`, an empty cell replaces it.
    fn unless(&self, account: AccountId, access: Access, spent: impl Fn(&Session) -> bool) -> Arc<Assumed> {
        let mut assumed = self.assumed.lock().unwrap_or_else(PoisonError::into_inner);
        let current = assumed.entry((account, access)).or_default();
        // A refusal stays, so that a run asks for an account's role once and not once per Region.
        if matches!(current.get(), Some(Ok(session)) if spent(session)) {
            *current = Arc::default();
        }
        Arc::clone(current)
    }

    async fn assume(&self, account: AccountId, access: Access) -> Result<Session, NotAssumed> {
        let _permit = self.lane.permit().await.map_err(NotAssumed::Call)?;
        let lifetime = Duration::from_secs(LIFETIME_SECONDS.unsigned_abs().into());
        // The lifetime counts by our own clock and from before the call. So a new session is always fresh: with a
        // skewed clock, STS's expiration could make it look spent each time, and renewing it would never end.
        let (begun, fresh_until) = (self.pace.begin(), Instant::now() + lifetime - MARGIN);
        let retries = RetryPartition::custom(account.to_string()).build();
        let role = format!("arn:{}:iam::{account}:role/{}", self.identity.partition, self.role_name);
        let call = self.sts.assume_role().role_arn(role).role_session_name(&self.session_name);
        let call = call.duration_seconds(LIFETIME_SECONDS).policy(access.policy(self.enables_malware_protection));
        let call = call.set_external_id(self.external_id.clone()).customize();
        let call = call.config_override(aws_sdk_sts::Config::builder().retry_partition(retries.clone()));
        let assumed = call.send().await.map_err(|error| not_assumed(&error)).and_then(credentials);
        match &assumed {
            Ok(_) => self.pace.succeeded(begun),
            Err(NotAssumed::Refused(_)) => self.pace.refused(),
            // The pace has seen a throttled attempt itself, as an interceptor. Other errors say nothing about it.
            Err(NotAssumed::Call(_)) => {}
        }
        Ok(Session { credentials: assumed?, retries, fresh_until })
    }
}

/// STS in a Region whose tokens are valid in every Region of every account. The endpoint of an opt-in Region would need
/// that Region enabled in the member account (AWS R5, R6).
pub(super) fn sts(aws: &Aws, identity: &Identity, config: &Config) -> Builder {
    let sdk = aws.in_region(sts_region(&identity.partition, &config.own_region));
    Builder::from(&sdk).interceptor(aws.meter.clone()).retry_partition(retries("sts"))
}

pub(super) fn not_assumed(error: &SdkError<AssumeRoleError, HttpResponse>) -> NotAssumed {
    let quoted = match call_error(error) {
        CallError::Denied(denial) => denial.quoted,
        CallError::Refused(Refusal::Unknown(quoted)) => quoted,
        other => return NotAssumed::Call(other),
    };
    let (code, message) = (error.code().unwrap_or(""), error.message().unwrap_or(""));
    NotAssumed::Refused(RoleRefusal::parse(code, message, quoted))
}

pub(super) fn credentials(assumed: AssumeRoleOutput) -> Result<Credentials, NotAssumed> {
    let none = || NotAssumed::Call(CallError::Transient("AssumeRole returned no credentials".into()));
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
    fn the_session_policies_are_json_and_short_enough() {
        for access in [Access::Join, Access::UpdateDetector, Access::DeleteDetector] {
            for enables_malware_protection in [true, false] {
                let policy = access.policy(enables_malware_protection);
                let parsed: serde_json::Value = serde_json::from_str(policy).expect("JSON");
                assert_eq!(parsed["Version"], "2012-10-17");
                assert!(policy.len() <= 2048);
            }
        }
    }

    #[test]
    fn roles_are_assumed_from_a_default_region() {
        let region = |code| Region::parse(code).expect("a Region");
        assert_eq!(sts_region("aws", &region("eu-west-1")), "eu-west-1");
        assert_eq!(sts_region("aws", &region("eu-south-1")), "us-east-1");
        assert_eq!(sts_region("aws-cn", &region("cn-north-1")), "cn-north-1");
    }
}
