//! GuardDuty: the operation that a request means, the permissions it needs, and the function that answers it.

mod batch;
mod changes;
mod data_sources;
mod detectors;
mod email;
mod invitations;
mod joining;
mod leaving;
mod linked_role;
mod members;
mod monitoring;
mod organization;
mod paging;
mod plans;
mod tags;
mod turn;

use serde_json::Value;

use crate::iam::action::Action;
use crate::iam::arn::partition;
use crate::iam::call::{ApiCall, Authorization};
use crate::state::State;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;
use crate::wire::texts;

pub(crate) fn authorization(state: &State, call: &ApiCall) -> Result<Authorization, String> {
    let segments = call.request.segments();
    let unknown = || format!("{} {}", call.request.method, call.request.path);
    let operation = operation(&call.request.method, &segments).ok_or_else(unknown)?;
    let write = !["Get", "List", "Describe"].iter().any(|verb| operation.starts_with(verb));
    let mut authorization = Authorization::plain(Service::GuardDuty, operation, write);
    authorization.accounts = accounts(call.body);

    let (account, region) = (&call.caller.account, call.region);
    let partition = partition(region);
    let named = segments.get(1).map_or("*", String::as_str);
    // Only these operations can be limited to a detector (AWS A10).
    if matches!(operation, "GetDetector" | "UpdateDetector" | "DeleteDetector") {
        let resource = format!("arn:{partition}:guardduty:{region}:{account}:detector/{named}");
        let action = Action::on(format!("guardduty:{operation}"), resource);
        authorization.actions = vec![tags::of_detector(state, call, named, action)];
    }
    if segments[0] == "tags" {
        let action = tags::requested(call, Action::on(format!("guardduty:{operation}"), named));
        authorization.actions = vec![tags::of_detector(state, call, tags::detector_id(named), action)];
    }
    if operation == "CreateDetector" {
        authorization.actions = vec![tags::requested(call, Action::on("guardduty:CreateDetector", "*"))];
        if call.body["tags"].as_object().is_some_and(|tags| !tags.is_empty()) {
            let resource = format!("arn:{partition}:guardduty:{region}:{account}:detector/*");
            authorization.actions.push(tags::requested(call, Action::on("guardduty:TagResource", resource)));
        }
        // GuardDuty creates its service-linked role with the caller's permissions, once per account (AWS D3, A7).
        if !state.settings.get(account).is_some_and(|own| own.service_linked_role) {
            let action = Action::on("iam:CreateServiceLinkedRole", linked_role::guardduty(account, region));
            authorization.actions.push(action.with("iam:awsservicename", "guardduty.amazonaws.com"));
        }
        // AWS's policies for enabling GuardDuty contain this permission (AWS A8). That every CreateDetector needs it,
        // whatever features it switches on, is inferred (AWS A9).
        authorization.actions.push(Action::on("iam:GetRole", linked_role::malware_protection(account, region)));
    }
    Ok(authorization)
}

pub(crate) fn answer(state: &mut State, call: &ApiCall, operation: &str) -> Result<Reply, Refusal> {
    let segments = call.request.segments();
    if segments[0] == "detector" && segments.len() > 1 {
        own_detector(state, call, &segments[1])?;
    }
    match operation {
        "CreateDetector" => detectors::create(state, call),
        "ListDetectors" => detectors::list(state, call),
        "GetDetector" => detectors::get(state, call),
        "UpdateDetector" => detectors::update(state, call),
        "DeleteDetector" => detectors::delete(state, call),
        "TagResource" => tags::tag(state, call, &segments[1]),
        "UntagResource" => tags::untag(state, call, &segments[1]),
        "ListTagsForResource" => tags::list(state, call, &segments[1]),
        "CreateMembers" => joining::create(state, call),
        "InviteMembers" => joining::invite(state, call),
        "AcceptAdministratorInvitation" => joining::accept(state, call, "administratorId"),
        "AcceptInvitation" => joining::accept(state, call, "masterId"),
        "GetMembers" => members::get(state, call),
        "ListMembers" => members::list(state, call),
        "DeleteMembers" => leaving::delete(state, call),
        "DisassociateMembers" => leaving::disassociate(state, call),
        "DisassociateFromAdministratorAccount" | "DisassociateFromMasterAccount" => leaving::resign(state, call),
        "DeclineInvitations" => leaving::decline(state, call),
        "DeleteInvitations" => leaving::delete_invitations(state, call),
        "StartMonitoringMembers" => monitoring::start(state, call),
        "StopMonitoringMembers" => monitoring::stop(state, call),
        "GetMemberDetectors" => monitoring::get_detectors(state, call),
        "UpdateMemberDetectors" => monitoring::update_detectors(state, call),
        "GetRemainingFreeTrialDays" => monitoring::free_trial(state, call),
        "ListInvitations" => invitations::list(state, call),
        "GetInvitationsCount" => Ok(invitations::count(state, call)),
        "GetAdministratorAccount" => Ok(invitations::administrator(state, call, "administrator")),
        "GetMasterAccount" => Ok(invitations::administrator(state, call, "master")),
        "DescribeOrganizationConfiguration" => organization::describe(state, call),
        "ListOrganizationAdminAccounts" => Ok(organization::administrators(state)),
        _ => Err(Refusal::unknown_operation(operation)),
    }
}

/// The operation of a method and path (API reference).
fn operation(method: &str, segments: &[String]) -> Option<&'static str> {
    let path: Vec<&str> = segments.iter().map(String::as_str).collect();
    Some(match (method, path.as_slice()) {
        ("POST", ["detector"]) => "CreateDetector",
        ("GET", ["detector"]) => "ListDetectors",
        ("GET", ["detector", _]) => "GetDetector",
        ("POST", ["detector", _]) => "UpdateDetector",
        ("DELETE", ["detector", _]) => "DeleteDetector",
        ("POST", ["detector", _, "member"]) => "CreateMembers",
        ("GET", ["detector", _, "member"]) => "ListMembers",
        ("POST", ["detector", _, "member", "invite"]) => "InviteMembers",
        ("POST", ["detector", _, "member", "get"]) => "GetMembers",
        ("POST", ["detector", _, "member", "delete"]) => "DeleteMembers",
        ("POST", ["detector", _, "member", "disassociate"]) => "DisassociateMembers",
        ("POST", ["detector", _, "member", "start"]) => "StartMonitoringMembers",
        ("POST", ["detector", _, "member", "stop"]) => "StopMonitoringMembers",
        ("POST", ["detector", _, "member", "detector", "get"]) => "GetMemberDetectors",
        ("POST", ["detector", _, "member", "detector", "update"]) => "UpdateMemberDetectors",
        ("POST", ["detector", _, "freeTrial", "daysRemaining"]) => "GetRemainingFreeTrialDays",
        ("POST", ["detector", _, "administrator"]) => "AcceptAdministratorInvitation",
        ("GET", ["detector", _, "administrator"]) => "GetAdministratorAccount",
        ("POST", ["detector", _, "administrator", "disassociate"]) => "DisassociateFromAdministratorAccount",
        ("POST", ["detector", _, "master"]) => "AcceptInvitation",
        ("GET", ["detector", _, "master"]) => "GetMasterAccount",
        ("POST", ["detector", _, "master", "disassociate"]) => "DisassociateFromMasterAccount",
        ("GET", ["detector", _, "admin"]) => "DescribeOrganizationConfiguration",
        ("POST", ["tags", _]) => "TagResource",
        ("DELETE", ["tags", _]) => "UntagResource",
        ("GET", ["tags", _]) => "ListTagsForResource",
        ("GET", ["admin"]) => "ListOrganizationAdminAccounts",
        ("GET", ["invitation"]) => "ListInvitations",
        ("GET", ["invitation", "count"]) => "GetInvitationsCount",
        ("POST", ["invitation", "decline"]) => "DeclineInvitations",
        ("POST", ["invitation", "delete"]) => "DeleteInvitations",
        _ => return None,
    })
}

/// The accounts that a body names.
fn accounts(body: &Value) -> Vec<String> {
    let ids = body["accountIds"].as_array().into_iter().flatten();
    let details = body["accountDetails"].as_array().into_iter().flatten().map(|detail| &detail["accountId"]);
    let inviter = [&body["administratorId"], &body["masterId"]];
    ids.chain(details).chain(inviter).filter_map(Value::as_str).map(Into::into).collect()
}

/// The accounts in `unprocessedAccounts` of an answer.
pub(crate) fn left_out(reply: &Reply) -> Vec<String> {
    let body: Value = serde_json::from_slice(&reply.body).unwrap_or_default();
    let unprocessed = body["unprocessedAccounts"].as_array().into_iter().flatten();
    unprocessed.filter_map(|one| one["accountId"].as_str()).map(Into::into).collect()
}

/// Refuses a malformed detector id, and one that is not the caller's in this Region (AWS D5).
fn own_detector(state: &State, call: &ApiCall, id: &str) -> Result<(), Refusal> {
    if id.len() != 32 || !id.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(Refusal::bad_request(texts::DETECTOR_MALFORMED));
    }
    let own = state.region(call.region).detectors.get(&call.caller.account);
    if own.is_some_and(|detector| detector.id == id) {
        return Ok(());
    }
    Err(Refusal::bad_request(texts::DETECTOR_NOT_OWNED))
}
