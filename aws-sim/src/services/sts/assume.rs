//! AssumeRole: who may assume a role, with which session, for how long.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Duration;

use crate::iam::call::ApiCall;
use crate::iam::caller::Session;
use crate::iam::keys;
use crate::iam::policy::Policy;
use crate::services::query::{self, Form};
use crate::state::State;
use crate::state::account::OPT_IN_REGIONS;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;
use crate::wire::timestamp;
use crate::wire::xml;

/// The duration of a session in seconds: its limits and its default (AWS A5).
const DURATION: std::ops::RangeInclusive<u64> = 900..=43200;
const DEFAULT_DURATION: u64 = 3600;
/// The most characters of a session policy (AWS A5).
const POLICY_LENGTH: usize = 2048;

/// A role's ARN, taken apart.
struct Role<'a> {
    arn: &'a str,
    partition: &'a str,
    account: &'a str,
    /// Without the path, which assumed-role ARNs leave out (IAM user guide).
    name: &'a str,
}

pub(super) fn role(state: &mut State, call: &ApiCall, form: &Form) -> Result<Reply, Refusal> {
    let arn = form.field("RoleArn").unwrap_or_default();
    let role = Role::parse(arn).ok_or_else(|| invalid("roleArn", arn, "is not the ARN of a role"))?;
    let name = form.field("RoleSessionName").unwrap_or_default();
    if !session_name(name) {
        return Err(invalid(
            "roleSessionName",
            name,
            "Member must satisfy regular expression pattern: [\\w+=,.@-]{2,64}",
        ));
    }
    let seconds = form.field("DurationSeconds").unwrap_or("3600");
    let duration = seconds.parse().unwrap_or(if seconds.is_empty() { DEFAULT_DURATION } else { 0 });
    if !DURATION.contains(&duration) {
        return Err(invalid("durationSeconds", seconds, "Member must have a value between 900 and 43200"));
    }
    let policy_text = form.field("Policy");
    let policy = policy_text.map(policy).transpose()?;
    permit(state, call, &role, form.field("ExternalId"))?;

    let role_id = role_id(role.arn);
    let session = Session {
        account: role.account.into(),
        arn: format!("arn:{}:sts::{}:assumed-role/{}/{name}", role.partition, role.account, role.name),
        role_arn: role.arn.into(),
        role_policy: state.roles.policy_of(role.arn),
        user_id: format!("{role_id}:{name}"),
        policy_text: policy_text.map(Into::into),
        policy,
        lifetime: Duration::from_secs(duration),
        expires: call.now + Duration::from_secs(duration),
    };
    let key = keys::issue(role.account, state.ids.bits());
    let (secret, token) = (state.ids.hex32() + "SimulatO", state.ids.hex32().repeat(8));
    let credentials = xml::text("AccessKeyId", &key)
        + &xml::text("SecretAccessKey", &secret)
        + &xml::text("SessionToken", &token)
        + &xml::text("Expiration", &timestamp::seconds(session.expires));
    let user = xml::text("AssumedRoleId", &session.user_id) + &xml::text("Arn", &session.arn);
    state.sessions.insert(key, session);
    let content = xml::element("AssumedRoleUser", &user) + &xml::element("Credentials", &credentials);
    Ok(query::reply(state, xml::STS_NAMESPACE, "AssumeRole", &content))
}

/// The text is the same whether the role does not exist, is not ready, or does not trust the caller (AWS A3).
fn permit(state: &State, call: &ApiCall, role: &Role, external_id: Option<&str>) -> Result<(), Refusal> {
    let settings = state.settings.get(role.account);
    // STS can be inactive only in opt-in Regions (AWS R6).
    let off = settings.is_some_and(|own| own.regions_off.contains(call.region));
    if off && OPT_IN_REGIONS.contains(&call.region) {
        let message = "STS is not activated in this region for the requested account. Your account administrator can activate it in the IAM Console.";
        return Err(Refusal::new(403, "RegionDisabledException", message));
    }
    let wanted = settings.and_then(|own| own.external_id.as_deref());
    let trusted = wanted.is_none_or(|wanted| external_id == Some(wanted))
        && state.roles.trusts(role.arn, call.principal(), external_id);
    if trusted && settings.is_none_or(|own| own.role.ready(call.now)) {
        return Ok(());
    }
    let (caller, arn) = (&call.caller.arn, role.arn);
    let message = format!("User: {caller} is not authorized to perform: sts:AssumeRole on resource: {arn}");
    Err(Refusal::access_denied(Service::Sts, message))
}

fn policy(text: &str) -> Result<Policy, Refusal> {
    if text.chars().count() > POLICY_LENGTH {
        return Err(invalid("policy", text, "Member must have length less than or equal to 2048"));
    }
    let malformed = || Refusal::new(400, "MalformedPolicyDocument", "This policy contains invalid Json");
    Policy::parse(text).ok_or_else(malformed)
}

fn session_name(name: &str) -> bool {
    (2..=64).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte))
}

/// The refusal of a parameter that violates the API model, in STS's words.
fn invalid(name: &str, value: &str, constraint: &str) -> Refusal {
    let message =
        format!("1 validation error detected: Value '{value}' at '{name}' failed to satisfy constraint: {constraint}");
    Refusal::new(400, "ValidationError", message)
}

/// A role always has the same id, as in AWS.
fn role_id(arn: &str) -> String {
    let mut hasher = DefaultHasher::new();
    arn.hash(&mut hasher);
    keys::role_id(hasher.finish())
}

impl<'a> Role<'a> {
    fn parse(arn: &'a str) -> Option<Self> {
        let parts: Vec<&str> = arn.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = parts.as_slice() else { return None };
        let path = resource.strip_prefix("role/")?;
        let name = path.rsplit('/').next().filter(|name| !name.is_empty())?;
        let digits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        digits.then_some(Self { arn, partition, account, name })
    }
}
