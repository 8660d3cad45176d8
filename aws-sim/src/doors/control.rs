//! The control path of the TCP door, `/_sim/`: sets up the world for clients in other processes.
//!
//! No service has such a path: a bucket's name begins with a letter or a digit.

use std::time::Duration;

use serde_json::{Map, Value, json};

use crate::trouble::knobs::Knobs;
use crate::wire::reply::Reply;
use crate::wire::request::Request;
use crate::world::World;

/// A change that has been checked and not yet made.
type Change = Box<dyn FnOnce(&World)>;

/// Answers a request to the simulator itself. `None` if the request is for AWS.
pub(crate) fn answer(world: &World, request: &Request) -> Option<Reply> {
    let path: Vec<String> = request.segments();
    let (first, rest) = path.split_first()?;
    if first != "_sim" {
        return None;
    }
    let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
    let changes = match (request.method.as_str(), rest.as_slice()) {
        ("POST", ["account", id]) => changes(request, |name, value| of_account(id, name, value)),
        ("POST", ["region", region]) => changes(request, |name, value| of_region(region, name, value)),
        ("POST", ["world"]) => changes(request, of_world),
        _ => {
            let known = "POST /_sim/world, POST /_sim/account/ACCOUNT_ID and POST /_sim/region/REGION";
            return Some(refusal(404, &format!("there are {known}")));
        }
    };
    Some(match changes {
        Ok(changes) => {
            for change in changes {
                change(world);
            }
            Reply::json(&json!({}))
        }
        Err(message) => refusal(400, &message),
    })
}

/// All changes that the body asks for, or what is wrong with it. Either all are made or none is.
fn changes(request: &Request, of: impl Fn(&str, &Value) -> Result<Change, String>) -> Result<Vec<Change>, String> {
    let body: Map<String, Value> =
        serde_json::from_slice(&request.body).map_err(|error| format!("the body is not a JSON object: {error}"))?;
    body.iter().map(|(name, value)| of(name, value)).collect()
}

fn of_account(id: &str, name: &str, value: &Value) -> Result<Change, String> {
    if id.len() != 12 || !id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(format!("{id:?} is not an account id: it has 12 digits"));
    }
    let id = id.to_owned();
    let wanted = |what: &str| format!("{name} is {value}, expected {what}");
    let text = || value.as_str().map(str::to_owned).ok_or_else(|| wanted("a string"));
    let regions = || strings(value).ok_or_else(|| wanted("a list of Regions"));
    Ok(match name {
        "email" => {
            let email = text()?;
            Box::new(move |world| world.email_is(&id, &email))
        }
        "externalId" => {
            let external_id = text()?;
            Box::new(move |world| world.external_id_is(&id, &external_id))
        }
        "regionsOff" => {
            let regions = regions()?;
            Box::new(move |world| {
                for region in &regions {
                    world.region_off(&id, region);
                }
            })
        }
        "regionsOn" => {
            let regions = regions()?;
            Box::new(move |world| {
                for region in &regions {
                    world.opt_in(&id, region, "ENABLED");
                }
            })
        }
        // What happens to memberships when AWS lifts a suspension is not known.
        "suspended" | "roleMissing" if *value != true => return Err(wanted("true")),
        "suspended" => Box::new(move |world| world.suspended(&id)),
        "roleMissing" => Box::new(move |world| world.role_missing(&id)),
        _ => {
            let known = "email, externalId, regionsOff, regionsOn, roleMissing and suspended";
            return Err(format!("an account has no {name:?}; it has {known}"));
        }
    })
}

fn of_region(region: &str, name: &str, value: &Value) -> Result<Change, String> {
    if name != "lacksPlans" {
        return Err(format!("a Region has no {name:?}; it has lacksPlans"));
    }
    let plans = strings(value).ok_or_else(|| format!("{name} is {value}, expected a list of plans"))?;
    let region = region.to_owned();
    Ok(Box::new(move |world| {
        for plan in &plans {
            world.region_lacks(&region, plan);
        }
    }))
}

fn of_world(name: &str, value: &Value) -> Result<Change, String> {
    let number = value.as_u64().ok_or_else(|| format!("{name} is {value}, expected a whole number"))?;
    let time = Duration::from_millis(number);
    let count = usize::try_from(number).unwrap_or(usize::MAX);
    let set: fn(&mut Knobs, Duration, usize) = match name {
        "latencyMs" => |knobs, time, _| knobs.latency = time,
        "verificationMs" => |knobs, time, _| knobs.verification = time,
        "plansSettableAfterMs" => |knobs, time, _| knobs.plans_settable_after = time,
        "plansVisibleAfterMs" => |knobs, time, _| knobs.plans_visible_after = time,
        "plansOccupiedMs" => |knobs, time, _| knobs.plans_occupied_for = time,
        "memberQuota" => |knobs, _, count| knobs.member_quota = count,
        "pageSize" if number > 0 => |knobs, _, count| knobs.page_size = count,
        "pageSize" => return Err("pageSize is 0, expected at least 1".into()),
        _ => {
            let times = "latencyMs, verificationMs, plansSettableAfterMs, plansVisibleAfterMs, plansOccupiedMs";
            return Err(format!("the world has no {name:?}; it has {times}, memberQuota and pageSize"));
        }
    };
    Ok(Box::new(move |world| world.set(|knobs| set(knobs, time, count))))
}

fn strings(value: &Value) -> Option<Vec<String>> {
    value.as_array()?.iter().map(|one| one.as_str().map(Into::into)).collect()
}

fn refusal(status: u16, message: &str) -> Reply {
    Reply::json(&json!({"message": message})).status(status)
}
