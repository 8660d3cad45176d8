//! Account Management: ListRegions.

use serde_json::{Value, json};

use crate::iam::action::Action;
use crate::iam::arn::partition;
use crate::iam::caller::{Asked, Intent};
use crate::state::State;
use crate::state::account::{DEFAULT_REGIONS, OPT_IN_REGIONS, Settings};
use crate::wire::page::page;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;

/// Entries on a page (API model).
const PAGE: usize = 50;

/// What a request wants of Account Management.
pub(crate) fn intent(asked: &Asked) -> Result<Intent, String> {
    let request = asked.request;
    match (request.method.as_str(), request.path.as_str()) {
        ("POST", "/listRegions") => {
            let mut intent = Intent::plain(Service::Account, "ListRegions", false);
            let (partition, account) = (partition(asked.region), &asked.caller.account);
            intent.actions =
                vec![Action::on("account:ListRegions", format!("arn:{partition}:account::{account}:account"))];
            Ok(intent)
        }
        (method, path) => Err(format!("{method} {path}")),
    }
}

/// Does what the request wants.
pub(crate) fn answer(state: &mut State, asked: &Asked, operation: &str) -> Result<Reply, Refusal> {
    if operation != "ListRegions" {
        return Err(Refusal::unknown_operation(operation));
    }
    // Other accounts can be asked for by the organization's management account only, and nobody may name itself (API
    // reference).
    match asked.body["AccountId"].as_str() {
        Some(id) if id == asked.caller.account => return Err(invalid("AccountId")),
        Some(_) => {
            let message = format!("User: {} is not authorized to perform: account:ListRegions", asked.caller.arn);
            return Err(Refusal::access_denied(Service::Account, message));
        }
        None => {}
    }
    let size = match &asked.body["MaxResults"] {
        Value::Null => PAGE,
        value => match value.as_u64().and_then(|size| usize::try_from(size).ok()) {
            Some(size @ 1..=PAGE) => size,
            _ => return Err(invalid("MaxResults")),
        },
    };
    let size = size.min(state.knobs.page_size);
    let settings = state.settings_mut(&asked.caller.account);
    let wanted = asked.body["RegionOptStatusContains"].as_array();
    let regions = all(settings);
    let regions =
        regions.iter().filter(|(_, status)| wanted.is_none_or(|wanted| wanted.iter().any(|one| one == status)));
    let regions = regions.map(|(name, status)| (*name, json!({"RegionName": name, "RegionOptStatus": status})));
    let token = asked.body["NextToken"].as_str();
    let (regions, next) = page(regions, token, size).ok_or_else(|| invalid("NextToken"))?;

    let mut body = json!({"Regions": regions});
    if let Some(token) = next {
        body["NextToken"] = token.into();
    }
    Ok(Reply::json(&body))
}

/// Every Region of the partition with its status, by name; also what a story has opted in to.
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
