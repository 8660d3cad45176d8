//! Organizations: DescribeAccount, ListAccounts, DescribeOrganization. The administrator is the management account,
//! unless a story says otherwise.

use serde_json::{Value, json};

use crate::iam::action::Action;
use crate::iam::call::{ApiCall, Authorization};
use crate::state::State;
use crate::state::organization::{ORGANIZATION, Organization, OrganizationAccount};
use crate::wire::page;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;
use crate::wire::timestamp;

/// Precedes the operation in the header `X-Amz-Target`.
const TARGET: &str = "AWSOrganizationsV20161128.";
/// Entries on a page (API model).
const PAGE: usize = 20;

pub(crate) fn authorization(state: &State, call: &ApiCall) -> Result<Authorization, String> {
    let target = call.request.header("x-amz-target").unwrap_or_default();
    let operation = target.strip_prefix(TARGET).unwrap_or(target);
    if !matches!(operation, "DescribeAccount" | "ListAccounts" | "DescribeOrganization") {
        return Err(operation.into());
    }
    let mut authorization = Authorization::plain(Service::Organizations, operation, false);
    if let Some(account) = call.body["AccountId"].as_str() {
        authorization.accounts.push(account.into());
        authorization.actions =
            vec![Action::on(format!("organizations:{operation}"), arn(&state.organization, account))];
    }
    Ok(authorization)
}

pub(crate) fn answer(state: &mut State, call: &ApiCall, operation: &str) -> Result<Reply, Refusal> {
    if !may_ask(&state.organization, &call.caller.account, operation) {
        let message = "You don't have permissions to access this resource.";
        return Err(Refusal::access_denied(Service::Organizations, message.into()));
    }
    let body = match operation {
        "DescribeAccount" => describe(&state.organization, call)?,
        "ListAccounts" => list(state, call)?,
        "DescribeOrganization" => described(&state.organization),
        _ => return Err(Refusal::unknown_operation(operation)),
    };
    Ok(Reply::aws_json("1.1", &body))
}

/// Only the management account may ask about accounts, and any account of the organization about it (AWS E13).
fn may_ask(organization: &Organization, caller: &str, operation: &str) -> bool {
    match &organization.named_management {
        None => true,
        Some(management) if management == caller => true,
        Some(_) => operation == "DescribeOrganization" && !organization.outside.contains(caller),
    }
}

fn described(organization: &Organization) -> Value {
    let management = organization.management();
    json!({"Organization": {
        "Id": ORGANIZATION,
        "Arn": format!("arn:aws:organizations::{management}:organization/{ORGANIZATION}"),
        "FeatureSet": "ALL",
        "MasterAccountId": management,
        "MasterAccountArn": arn(organization, management),
        "MasterAccountEmail": organization.accounts.get(management).map_or("root@example.com", |own| &own.email),
    }})
}

fn describe(organization: &Organization, call: &ApiCall) -> Result<Value, Refusal> {
    let id = call.body["AccountId"].as_str().unwrap_or_default();
    if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid("AccountId"));
    }
    if organization.outside.contains(id) {
        let missing = "You specified an account that doesn't exist.";
        return Err(Refusal::new(400, "AccountNotFoundException", missing));
    }
    // As everywhere in this world, every account exists.
    let unnamed =
        || OrganizationAccount { email: format!("root-{id}@example.com"), state: "ACTIVE".into(), joined: call.now };
    let account = organization.accounts.get(id).cloned().unwrap_or_else(unnamed);
    Ok(json!({"Account": shown(organization, id, &account)}))
}

fn list(state: &State, call: &ApiCall) -> Result<Value, Refusal> {
    let size = page::size(&call.body["MaxResults"], PAGE).ok_or_else(|| invalid("MaxResults"))?;
    let organization = &state.organization;
    let accounts = organization.accounts.iter().map(|(id, account)| (id.as_str(), shown(organization, id, account)));
    let token = call.body["NextToken"].as_str();
    let (accounts, next) =
        page::page(accounts, token, size.min(state.knobs.page_size)).ok_or_else(|| invalid("NextToken"))?;
    let mut body = json!({"Accounts": accounts});
    if let Some(token) = next {
        body["NextToken"] = token.into();
    }
    Ok(body)
}

/// `Status` is the older field and has fewer values than `State` (AWS E14).
fn shown(organization: &Organization, id: &str, account: &OrganizationAccount) -> Value {
    let status = match account.state.as_str() {
        "PENDING_ACTIVATION" | "ACTIVE" => "ACTIVE",
        "PENDING_CLOSURE" => "PENDING_CLOSURE",
        _ => "SUSPENDED",
    };
    json!({
        "Id": id,
        "Arn": arn(organization, id),
        "Email": account.email,
        "Name": format!("account {id}"),
        "Status": status,
        "State": account.state,
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": timestamp::since_epoch(account.joined).as_secs(),
    })
}

fn arn(organization: &Organization, id: &str) -> String {
    let management = organization.management();
    format!("arn:aws:organizations::{management}:account/{ORGANIZATION}/{id}")
}

fn invalid(name: &str) -> Refusal {
    Refusal::new(400, "InvalidInputException", format!("You provided a value for {name} that is not valid."))
}
