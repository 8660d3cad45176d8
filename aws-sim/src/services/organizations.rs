//! Organizations: DescribeAccount, ListAccounts, DescribeOrganization. The administrator is the management account, unless a
//! story says otherwise.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::ADMINISTRATOR;
use crate::iam::action::Action;
use crate::iam::caller::{Asked, Intent};
use crate::state::State;
use crate::wire::page::page;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;
use crate::wire::timestamp;

/// Names the operation in a header, after this.
const TARGET: &str = "AWSOrganizationsV20161128.";
/// Entries on a page (API model).
const PAGE: usize = 20;
const ORGANIZATION: &str = "o-exampleorgid";

/// An account of the organization.
#[derive(Debug, Clone)]
pub(crate) struct OrganizationAccount {
    pub email: String,
    pub state: String,
    pub joined: SystemTime,
}

impl State {
    /// The id of the organization that an account belongs to, as policies see it.
    pub(crate) fn organization_of(&self, account: &str) -> Option<&str> {
        let own = self.settings.get(account).and_then(|own| own.organization.as_deref());
        let listed = self.organization.contains_key(account) && !self.outside_organization.contains(account);
        own.or(listed.then_some(ORGANIZATION))
    }
}

/// What a request wants of Organizations.
pub(crate) fn intent(state: &State, asked: &Asked) -> Result<Intent, String> {
    let target = asked.request.header("x-amz-target").unwrap_or_default();
    let operation = target.strip_prefix(TARGET).unwrap_or(target);
    if !matches!(operation, "DescribeAccount" | "ListAccounts" | "DescribeOrganization") {
        return Err(operation.into());
    }
    let mut intent = Intent::plain(Service::Organizations, operation, false);
    if let Some(account) = asked.body["AccountId"].as_str() {
        intent.accounts.push(account.into());
        intent.actions = vec![Action::on(format!("organizations:{operation}"), arn(state, account))];
    }
    Ok(intent)
}

/// Does what the request wants.
pub(crate) fn answer(state: &mut State, asked: &Asked, operation: &str) -> Result<Reply, Refusal> {
    if !may_ask(state, &asked.caller.account, operation) {
        let message = "You don't have permissions to access this resource.";
        return Err(Refusal::access_denied(Service::Organizations, message.into()));
    }
    let body = match operation {
        "DescribeAccount" => describe(state, asked)?,
        "ListAccounts" => list(state, asked)?,
        "DescribeOrganization" => organization(state),
        _ => return Err(Refusal::unknown_operation(operation)),
    };
    Ok(Reply::aws_json("1.1", &body))
}

/// About accounts only the management account may ask, about the organization whoever belongs to it (API reference).
fn may_ask(state: &State, caller: &str, operation: &str) -> bool {
    match &state.management {
        None => true,
        Some(management) if management == caller => true,
        Some(_) => operation == "DescribeOrganization" && !state.outside_organization.contains(caller),
    }
}

fn management(state: &State) -> &str {
    state.management.as_deref().unwrap_or(ADMINISTRATOR)
}

fn organization(state: &State) -> Value {
    let management = management(state);
    json!({"Organization": {
        "Id": ORGANIZATION,
        "Arn": format!("arn:aws:organizations::{management}:organization/{ORGANIZATION}"),
        "FeatureSet": "ALL",
        "MasterAccountId": management,
        "MasterAccountArn": arn(state, management),
        "MasterAccountEmail": state.organization.get(management).map_or("root@example.com", |own| &own.email),
    }})
}

fn describe(state: &State, asked: &Asked) -> Result<Value, Refusal> {
    let id = asked.body["AccountId"].as_str().unwrap_or_default();
    if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(invalid("AccountId"));
    }
    if state.outside_organization.contains(id) {
        let missing = "You specified an account that doesn't exist.";
        return Err(Refusal::new(400, "AccountNotFoundException", missing));
    }
    // As everywhere in this world, an account exists as soon as somebody names it.
    let unnamed =
        || OrganizationAccount { email: format!("root-{id}@example.com"), state: "ACTIVE".into(), joined: asked.now };
    let account = state.organization.get(id).cloned().unwrap_or_else(unnamed);
    Ok(json!({"Account": shown(state, id, &account)}))
}

fn list(state: &State, asked: &Asked) -> Result<Value, Refusal> {
    let size = match &asked.body["MaxResults"] {
        Value::Null => PAGE,
        value => match value.as_u64().and_then(|size| usize::try_from(size).ok()) {
            Some(size @ 1..=PAGE) => size,
            _ => return Err(invalid("MaxResults")),
        },
    };
    let accounts = state.organization.iter().map(|(id, account)| (id.as_str(), shown(state, id, account)));
    let token = asked.body["NextToken"].as_str();
    let (accounts, next) =
        page(accounts, token, size.min(state.knobs.page_size)).ok_or_else(|| invalid("NextToken"))?;
    let mut body = json!({"Accounts": accounts});
    if let Some(token) = next {
        body["NextToken"] = token.into();
    }
    Ok(body)
}

/// `Status` is the older name of `State` and knows fewer values (API model).
fn shown(state: &State, id: &str, account: &OrganizationAccount) -> Value {
    let status = match account.state.as_str() {
        "PENDING_ACTIVATION" | "ACTIVE" => "ACTIVE",
        "PENDING_CLOSURE" => "PENDING_CLOSURE",
        _ => "SUSPENDED",
    };
    json!({
        "Id": id,
        "Arn": arn(state, id),
        "Email": account.email,
        "Name": format!("account {id}"),
        "Status": status,
        "State": account.state,
        "JoinedMethod": "CREATED",
        "JoinedTimestamp": timestamp::since_epoch(account.joined).as_secs(),
    })
}

fn arn(state: &State, id: &str) -> String {
    let management = management(state);
    format!("arn:aws:organizations::{management}:account/{ORGANIZATION}/{id}")
}

fn invalid(name: &str) -> Refusal {
    Refusal::new(400, "InvalidInputException", format!("You provided a value for {name} that is not valid."))
}
