//! The way of a request: its caller, its operation, a fault that may hit it, its permissions, its effect, its record.

use std::time::{Duration, SystemTime};

use serde_json::Value;

use crate::iam::action::Action;
use crate::iam::call::{ApiCall, Authorization};
use crate::iam::caller::Caller;
use crate::iam::keys::ADMINISTRATOR;
use crate::iam::policy::Policy;
use crate::iam::wildcard;
use crate::services::{self, guardduty};
use crate::state::State;
use crate::state::ledger::Call;
use crate::trouble::fault::{self, Kind, Target};
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::request::Request;
use crate::wire::service::Service;
use crate::wire::texts;

/// The result of a call, whether or not its answer arrived.
struct Outcome {
    done: bool,
    left_out: Vec<String>,
    code: Option<String>,
}

pub(super) fn handle(state: &mut State, request: &Request, now: SystemTime) -> Reply {
    let Some(scope) = request.scope() else {
        let refusal = Refusal::new(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        return refusal.render(Service::Account, false);
    };
    let Some(service) = Service::named(&scope.service) else {
        let operation = format!("{} {} of the service {}", request.method, request.path, scope.service);
        return Refusal::unknown_operation(&operation).render(Service::Account, false);
    };
    let body = match service {
        Service::Sts | Service::Sns | Service::S3 => Value::Null,
        _ => serde_json::from_slice(&request.body).unwrap_or_default(),
    };
    let caller = caller(state, &scope.key, &scope.region);
    let call = ApiCall { request, service, region: &scope.region, caller: &caller, now, body: &body };
    answer(state, &call)
}

/// The principal of an access key id.
fn caller(state: &State, key: &str, region: &str) -> Caller {
    match state.sessions.get(key) {
        Some(session) => Caller::by_session(session),
        None => Caller::by_key(key, region, &state.roles),
    }
}

fn answer(state: &mut State, call: &ApiCall) -> Reply {
    let service = call.service;
    let authorization = services::authorization(state, call);
    let known = authorization.is_ok();
    let authorization = authorization.unwrap_or_else(Authorization::unknown);
    let target = Target {
        service: service.name(),
        operation: &authorization.operation,
        account: &call.caller.account,
        region: call.region,
    };
    // A storm counts every call, even one that a fault hits, so that faults do not change the fate of later calls.
    let storm = state.storm.as_mut().filter(|_| known).and_then(|storm| storm.hit(&target));
    let trouble = fault::hit(&mut state.faults, &target).or(storm);

    let result = match &trouble {
        _ if !known => Err(Refusal::unknown_operation(&authorization.operation)),
        Some(Kind::Throttle) => Err(Refusal::throttled(service)),
        Some(Kind::Internal) => Err(Refusal::internal(service)),
        Some(Kind::ExpiredToken) => Err(Refusal::expired(service)),
        Some(Kind::Reply { status, code, message }) => Err(Refusal::new(*status, code.clone(), message.clone())),
        Some(Kind::Answer(body)) => Ok(Reply::json(body)),
        Some(Kind::Broken) => Ok(Reply::broken()),
        Some(Kind::LostAnswer | Kind::Slow(_)) | None => perform(state, call, &authorization),
    };
    let made_up = matches!(trouble, Some(Kind::Answer(_)));
    let done = result.as_ref().ok().filter(|reply| !reply.broken && !made_up);
    let left_out = done.filter(|_| state.knobs.ledger && service == Service::GuardDuty).map(guardduty::left_out);
    let outcome = Outcome {
        done: done.is_some(),
        left_out: left_out.unwrap_or_default(),
        code: result.as_ref().err().map(|refusal| refusal.code.to_string()),
    };
    let mut reply = match result {
        _ if trouble == Some(Kind::LostAnswer) => Reply::broken(),
        Err(refusal) => refusal.render(service, call.request.method == "HEAD"),
        Ok(reply) => reply,
    };
    let slower = if let Some(Kind::Slow(delay)) = trouble { delay } else { Duration::ZERO };
    reply.delay += state.knobs.latency + slower;
    if !reply.broken {
        let request_id = state.ids.uuid();
        let name = if service == Service::S3 { "x-amz-request-id" } else { "x-amzn-RequestId" };
        reply.headers.push((name.into(), request_id));
    }
    remember(state, call, authorization, &reply, outcome);
    reply
}

fn perform(state: &mut State, call: &ApiCall, authorization: &Authorization) -> Result<Reply, Refusal> {
    if let Some(session) = &call.caller.session
        && session.expires <= call.now
    {
        return Err(Refusal::expired(call.service));
    }
    if call.service == Service::GuardDuty {
        let off = state.settings.get(&call.caller.account).is_some_and(|own| own.regions_off.contains(call.region));
        if off {
            return Err(Refusal::new(403, "UnrecognizedClientException", texts::REGION_OFF));
        }
    }
    for action in &authorization.actions {
        permit(state, call, action)?;
    }
    services::answer(state, call, &authorization.operation)
}

/// Refuses what the account's settings deny, what the policies of the role or session do not allow, and what the
/// bucket's policy denies.
fn permit(state: &State, call: &ApiCall, action: &Action) -> Result<(), Refusal> {
    let denied = state.settings.get(&call.caller.account).and_then(|own| {
        let mut denied = own.denied.iter();
        denied.find(|(pattern, _)| wildcard::matches_action(pattern, &action.name)).map(|(_, suffix)| suffix.clone())
    });
    let refuses = |policy: &Policy| !policy.allows(action, call.principal());
    let session = call.caller.session.as_ref().and_then(|session| session.policy.as_ref());
    let suffix = if let Some(suffix) = denied {
        suffix
    } else if call.caller.role_policy.as_deref().is_some_and(refuses) {
        format!("because no identity-based policy allows the {} action", action.name)
    } else if session.is_some_and(refuses) {
        format!("because no session policy allows the {} action", action.name)
    } else if state.bucket_policy(action).is_some_and(|policy| policy.denies(action, call.principal())) {
        "with an explicit deny in a resource-based policy".into()
    } else {
        return Ok(());
    };
    if action.name == "iam:CreateServiceLinkedRole" {
        // GuardDuty has its own words for it, with status 400 (AWS D4).
        return Err(Refusal::new(400, "AccessDeniedException", texts::NO_SERVICE_LINKED_ROLE));
    }
    let (arn, name, resource) = (&call.caller.arn, &action.name, &action.resource);
    let message = format!("User: {arn} is not authorized to perform: {name} on resource: {resource} {suffix}");
    Err(Refusal::access_denied(call.service, message.trim_end().to_owned()))
}

fn remember(state: &mut State, call: &ApiCall, authorization: Authorization, reply: &Reply, outcome: Outcome) {
    let by_administrator = call.caller.account == ADMINISTRATOR;
    let Outcome { done, code, .. } = &outcome;
    state.tally.add(call.region, &authorization.operation, by_administrator, *done, code.as_deref());
    if !state.knobs.ledger {
        return;
    }
    state.ledger.push(Call {
        at: call.now,
        caller: call.caller.account.clone(),
        principal: call.caller.principal.clone(),
        session_policy: call.caller.session.as_ref().and_then(|session| session.policy_text.clone()),
        session_arn: call.caller.arn.clone(),
        service: call.service.name().into(),
        operation: authorization.operation,
        region: call.region.into(),
        accounts: authorization.accounts,
        status: reply.status,
        code: outcome.code,
        write: authorization.write,
        actions: authorization.actions.into_iter().map(|action| action.name).collect(),
        done: outcome.done,
        answer_after: (!reply.broken).then_some(reply.delay),
        left_out: outcome.left_out,
    });
}
