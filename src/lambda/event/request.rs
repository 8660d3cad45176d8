//! Reads a direct request for some accounts.

use serde_json::Value;

use super::trigger::{Request, UnknownEvent};
use crate::declared::{Goal, Mode};
use crate::quote;
use crate::run::Reconcile;

/// Reads `{"reconcile":"report"}`.
pub(super) fn reconcile(event: &Value) -> Result<Reconcile, UnknownEvent> {
    only(event, &["reconcile"])?;
    match event.get("reconcile").and_then(Value::as_str) {
        Some("report") => Ok(Reconcile::Report),
        Some("heal") => Ok(Reconcile::Heal),
        _ => Err(UnknownEvent::part("\"reconcile\"", "is neither \"report\" nor \"heal\"")),
    }
}

/// An unknown name is an error: a misspelt `dryRun` must not become a real run.
fn only(event: &Value, known: &[&str]) -> Result<(), UnknownEvent> {
    let mut names = event.as_object().into_iter().flat_map(|fields| fields.keys());
    let Some(name) = names.find(|name| !known.contains(&name.as_str())) else { return Ok(()) };
    let expected = known.iter().map(|name| format!("{name:?}")).collect::<Vec<_>>().join(", ");
    let problem = format!("is not a part of a request; expected {expected}");
    Err(UnknownEvent::part(format!("{:?}", quote::name(name)), problem))
}

/// Reads `{"accounts":[…],"declared":"monitored","dryRun":false}`.
pub(super) fn read(event: &Value) -> Result<Request, UnknownEvent> {
    only(event, &["accounts", "declared", "dryRun"])?;
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
    // Of a whole request one thing is declared: a row that means another must not be carried out.
    let declares_another = |account: &Value| {
        account.get("declared").is_some_and(|declared| !declared.is_null() && declared != goal.word())
    };
    if accounts.iter().any(declares_another) {
        let problem = "of an account differs from the request's; send a request for each";
        return Err(UnknownEvent::part("\"declared\"", problem));
    }
    if accounts.iter().any(|account| account.get("dryRun").is_some()) {
        return Err(UnknownEvent::part("\"dryRun\"", "belongs beside \"accounts\", not into one of them"));
    }
    Ok(Request { accounts, goal, mode })
}
