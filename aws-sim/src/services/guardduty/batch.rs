//! Calls that name up to 50 accounts: the whole batch is refused, or each account has its own result.

use serde_json::{Value, json};

use crate::iam::call::ApiCall;
use crate::state::State;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;

/// Accounts in one call (AWS T2).
const LIMIT: usize = 50;

/// The ids in `accountIds`.
pub(super) fn ids(call: &ApiCall) -> Result<Vec<String>, Refusal> {
    let ids = array(call, "accountIds")?.iter().map(account_id);
    ids.collect()
}

/// The entries of a required array of 1 to 50.
pub(super) fn array<'a>(call: &'a ApiCall, name: &str) -> Result<&'a [Value], Refusal> {
    let entries = match &call.body[name] {
        Value::Null => return Err(Refusal::bad_request(texts::MISSING)),
        Value::Array(entries) if !entries.is_empty() => entries,
        _ => return Err(Refusal::bad_request(texts::INVALID)),
    };
    if entries.len() > LIMIT {
        return Err(Refusal::bad_request(texts::batch_too_long(name, entries.len())));
    }
    Ok(entries)
}

/// An account id: 12 characters, without a pattern (AWS N2).
pub(super) fn account_id(value: &Value) -> Result<String, Refusal> {
    match value.as_str() {
        Some(id) if id.chars().count() == 12 => Ok(id.into()),
        Some(_) => Err(Refusal::bad_request(texts::INVALID)),
        None => Err(Refusal::bad_request(texts::MISSING)),
    }
}

/// Acts for each account in `accountIds`, and returns the refused ones as `unprocessedAccounts`.
pub(super) fn each_id(
    state: &mut State,
    call: &ApiCall,
    operation: &str,
    act: impl FnMut(&mut State, &String) -> Result<(), &'static str>,
) -> Result<Vec<Value>, Refusal> {
    each(state, operation, &ids(call)?, |id| id, act)
}

/// Acts for each account, and returns the refused ones as `unprocessedAccounts`.
pub(super) fn each<T>(
    state: &mut State,
    operation: &str,
    batch: &[T],
    id_of: impl Fn(&T) -> &str,
    mut act: impl FnMut(&mut State, &T) -> Result<(), &'static str>,
) -> Result<Vec<Value>, Refusal> {
    let key = |one: &T| (operation.to_owned(), id_of(one).to_owned());
    if !state.poisoned.is_empty() && batch.iter().any(|one| state.poisoned.contains(&key(one))) {
        return Err(Refusal::bad_request(texts::INVALID));
    }
    let mut unprocessed = Vec::new();
    for one in batch {
        let told = if state.refused.is_empty() { None } else { state.refused.get(&key(one)).cloned() };
        let refused = match told {
            Some(text) => Err(text),
            None => act(state, one).map_err(Into::into),
        };
        if let Err(text) = refused {
            unprocessed.push(json!({"accountId": id_of(one), "result": text}));
        }
    }
    Ok(unprocessed)
}

/// The answer of an operation that shows nothing but the accounts it left out.
pub(super) fn reply(unprocessed: Vec<Value>) -> Reply {
    Reply::object([("unprocessedAccounts", unprocessed.into())])
}
