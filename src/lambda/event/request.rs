//! Reads a direct request for some accounts.

use serde_json::Value;

use super::trigger::{Request, UnknownEvent};
use crate::declared::{Goal, Mode};
use crate::quote;

/// Reads `{"accounts":[…],"declared":"monitored","dryRun":false}`.
pub(super) fn read(event: &Value) -> Result<Request, UnknownEvent> {
    // An unknown name is an error: a misspelt `dryRun` must not become a real run.
    let is_known = |key: &str| ["accounts", "declared", "dryRun"].contains(&key);
    let unknown = event.as_object().and_then(|fields| fields.keys().find(|key| !is_known(key)));
    if let Some(name) = unknown {
        return Err(UnknownEvent::part(
            format!("{:?}", quote::name(name)),
            "is not a part of a request; expected \"accounts\", \"declared\" and \"dryRun\"",
        ));
    }
    let mode = match event.get("dryRun") {
        None | Some(Value::Null | Value::Bool(false)) => Mode::Apply,
        Some(Value::Bool(true)) => Mode::Plan,
        Some(_) => return Err(UnknownEvent::part("\"dryRun\"", "is neither true nor false")),
    };
    let goal = match event.get("declared") {
        None | Some(Value::Null) => Some(Goal::Monitored),
        Some(declared) => declared.as_str().and_then(Goal::parse),
    };
    let problem = "is none of \"monitored\", \"suspended\" and \"removed\"";
    let goal = goal.ok_or_else(|| UnknownEvent::part("\"declared\"", problem))?;
    let accounts = event.get("accounts").and_then(Value::as_array);
    let accounts = accounts.ok_or_else(|| UnknownEvent::part("\"accounts\"", "is not a list"))?.clone();
    Ok(Request { accounts, goal, mode })
}
