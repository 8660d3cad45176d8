//! Account Management: ListRegions.

use serde_json::json;

use crate::iam::action::Action;
use crate::iam::arn::partition;
use crate::iam::call::{ApiCall, Authorization};
use crate::state::State;
use crate::state::account::{DEFAULT_REGIONS, OPT_IN_REGIONS, Settings};
use crate::wire::page;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;

/// Entries on a page (AWS R7).
const PAGE: usize = 50;

pub(crate) fn authorization(call: &ApiCall) -> Result<Authorization, String> {
    let request = call.request;
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/listRegions") => {
            let mut authorization = Authorization::plain(Service::Account, "ListRegions", false);
            let (partition, account) = (partition(call.region), &call.caller.account);
            authorization.actions =
                vec![Action::on("account:ListRegions", format!("arn:{partition}:account::{account}:account"))];
            Ok(authorization)
        }
        (method, path) => Err(format!("{method} {path}")),
    }
}

pub(crate) fn answer(state: &mut State, call: &ApiCall, operation: &str) -> Result<Reply, Refusal> {
    if operation != "ListRegions" {
        return Err(Refusal::unknown_operation(operation));
    }
    // Only the organization's management account may ask about other accounts, and no account may name itself
    // (AWS R8).
    match call.body["AccountId"].as_str() {
        Some(id) if id == call.caller.account => return Err(invalid("AccountId")),
        Some(_) => {
            let message = format!("User: {} is not authorized to perform: account:ListRegions", call.caller.arn);
            return Err(Refusal::access_denied(Service::Account, message));
        }
        None => {}
    }
    let size = page::size(&call.body["MaxResults"], PAGE).ok_or_else(|| invalid("MaxResults"))?;
    let size = size.min(state.knobs.page_size);
    let settings = state.settings_mut(&call.caller.account);
    let wanted = call.body["RegionOptStatusContains"].as_array();
    let regions = all(settings);
    let regions =
        regions.iter().filter(|(_, status)| wanted.is_none_or(|wanted| wanted.iter().any(|one| one == status)));
    let regions = regions.map(|(name, status)| (*name, json!({"RegionName": name, "RegionOptStatus": status})));
    let token = call.body["NextToken"].as_str();
    let (regions, next) = page::page(regions, token, size).ok_or_else(|| invalid("NextToken"))?;

    let mut body = json!({"Regions": regions});
    if let Some(token) = next {
        body["NextToken"] = token.into();
    }
    Ok(Reply::json(&body))
}

/// Every Region of the partition with its status, by name, and those that a story has opted in to.
fn all(settings: &Settings) -> Vec<(&str, String)> {
    let chosen = settings.opt_in.keys().map(String::as_str);
    let mut names: Vec<&str> = DEFAULT_REGIONS.into_iter().chain(OPT_IN_REGIONS).chain(chosen).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| (name, settings.region_status(name).to_owned())).collect()
}

fn invalid(name: &str) -> Refusal {
    Refusal::new(400, "ValidationException", format!("the value of {name} is not valid"))
}
