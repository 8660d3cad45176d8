//! Organizations and Control Tower announce a new account, through CloudTrail and EventBridge.
//!
//! AWS documents some of these events by a sample and one of them not at all (AWS E4, E7, E10). So the account is
//! searched by field name within the part that describes the outcome. It is never guessed: of two accounts there,
//! one must be the event's own, in whose trail it stands. An event that names two others, or no account, is not
//! understood. No event has the account's e-mail (AWS E5).

use std::collections::BTreeSet;

use serde_json::Value;

use super::trigger::{Announcement, Part, Trigger, UnknownEvent, describe, time};
use crate::account::AccountId;
use crate::quote;

/// Where CloudTrail puts the result of a service event, then two places as a last resort.
const PLACES: [&str; 3] = ["serviceEventDetails", "responseElements", "requestParameters"];

/// Names that the account's field may have there. The second is a guess for AccountJoinedOrganization, whose
/// `accountId` may be the event's own account (AWS E7).
const NAMES: [&str; 2] = ["accountId", "memberAccountId"];

pub(super) fn read(event: &Value) -> Part {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    let name = text("/detail/eventName").unwrap_or_default();
    let account = match (text("/source"), name) {
        (Some("aws.organizations"), "CreateAccountResult")
        | (Some("aws.controltower"), "CreateManagedAccount" | "UpdateManagedAccount") => {
            match state(event)?.to_ascii_uppercase().as_str() {
                "SUCCEEDED" => named_account(event)?,
                "FAILED" => return Ok(Trigger::Nothing(failure(event, name))),
                other => {
                    let problem = format!("is {:?}, expected SUCCEEDED or FAILED", quote::name(other));
                    return Err(UnknownEvent::part(format!("the state of {name}"), problem));
                }
            }
        }
        (Some("aws.organizations"), "AccountJoinedOrganization") => named_account(event)?,
        (Some("aws.organizations"), "AcceptHandshake") => match invited(event)? {
            Some(account) => account,
            None => return Ok(Trigger::Nothing("the handshake is not an accepted INVITE".into())),
        },
        _ => return Err(UnknownEvent::Form(describe(event))),
    };
    // The id goes into the report, which must not hold an e-mail address.
    let id = quote::name(text("/id").or(text("/detail/eventID")).unwrap_or_default());
    Ok(Trigger::Announcement(Announcement { account, event: name.into(), id, at: time(event, "time") }))
}

/// The only account that is named there. Of two, the one that is not the event's own.
fn named_account(event: &Value) -> Result<AccountId, UnknownEvent> {
    let in_place = |place: &&str| NAMES.iter().flat_map(|name| texts(event, place, name)).collect::<BTreeSet<_>>();
    let mut named = PLACES.iter().map(in_place).find(|named| !named.is_empty()).unwrap_or_default();
    if named.len() > 1 {
        let own = own_accounts(event);
        // If all of them are its own, no account is left, and the event is still not understood.
        let others: BTreeSet<&str> = named.iter().copied().filter(|id| !own.contains(id)).collect();
        if others.len() == 1 {
            named = others;
        }
    }
    let mut named = named.into_iter();
    match (named.next(), named.next()) {
        (Some(id), None) => {
            AccountId::parse(id).ok_or_else(|| UnknownEvent::part("detail", "has an accountId that is not 12 digits"))
        }
        (None, _) => Err(UnknownEvent::part("detail", "names no account")),
        (Some(_), Some(_)) => Err(UnknownEvent::part("detail", "names more than one account")),
    }
}

/// The event's own accounts: the one that acted, and the one in whose trail it stands.
fn own_accounts(event: &Value) -> Vec<&str> {
    let pointers = ["/account", "/detail/recipientAccountId", "/detail/userIdentity/accountId"];
    pointers.iter().filter_map(|pointer| event.pointer(pointer)?.as_str()).collect()
}

/// All different texts in fields of that name within that part of the event's detail, at any depth.
fn texts<'a>(event: &'a Value, place: &str, name: &str) -> BTreeSet<&'a str> {
    let mut found = BTreeSet::new();
    if let Some(part) = event.get("detail").and_then(|detail| detail.get(place)) {
        collect(part, name, &mut found);
    }
    found
}

fn collect<'a>(value: &'a Value, name: &str, found: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(fields) => {
            for (field, value) in fields {
                match value {
                    Value::String(text) if field.eq_ignore_ascii_case(name) => {
                        found.insert(text);
                    }
                    // A number is no id. Noting it keeps another account from being taken instead.
                    Value::Number(_) if field.eq_ignore_ascii_case(name) => {
                        found.insert("a number");
                    }
                    _ => collect(value, name, found),
                }
            }
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, name, found)),
        _ => {}
    }
}

fn state(event: &Value) -> Result<&str, UnknownEvent> {
    let mut found = texts(event, PLACES[0], "state").into_iter();
    match (found.next(), found.next()) {
        (Some(state), None) => Ok(state),
        _ => Err(UnknownEvent::part("detail.serviceEventDetails", "does not say whether the account was created")),
    }
}

fn failure(event: &Value, name: &str) -> String {
    let reasons = texts(event, PLACES[0], "failureReason");
    let reasons = if reasons.is_empty() { "no reason is given".into() } else { quote::names(reasons.into_iter(), 3) };
    format!("{name} says that it failed: {reasons}")
}

/// The account that accepted an organization's invitation, if that is what the handshake was.
fn invited(event: &Value) -> Result<Option<AccountId>, UnknownEvent> {
    let place = "detail.responseElements.handshake";
    let Some(handshake) = event.pointer("/detail/responseElements/handshake") else {
        // A refused call has no response elements.
        let refused = event.pointer("/detail/errorCode").is_some();
        return if refused { Ok(None) } else { Err(UnknownEvent::part(place, "is missing")) };
    };
    let text = |name: &str| handshake.get(name).and_then(Value::as_str);
    let (Some(state), Some(action)) = (text("state"), text("action")) else {
        return Err(UnknownEvent::part(place, "lacks state or action"));
    };
    if !state.eq_ignore_ascii_case("ACCEPTED") || !action.eq_ignore_ascii_case("INVITE") {
        return Ok(None);
    }
    let is_account = |party: &&Value| {
        party.get("type").and_then(Value::as_str).is_some_and(|kind| kind.eq_ignore_ascii_case("ACCOUNT"))
    };
    let parties = handshake.get("parties").and_then(Value::as_array);
    let accounts: Vec<&Value> = parties.into_iter().flatten().filter(is_account).collect();
    let named = match accounts[..] {
        [account] => account.get("id"),
        // An account that was invited by e-mail is named by that e-mail. The event is recorded in the trail of the
        // account that accepts (AWS E3), so both of these fields name it.
        [] => event.get("account").filter(|account| event.pointer("/detail/recipientAccountId") == Some(account)),
        _ => None,
    };
    let account = named.and_then(Value::as_str).and_then(AccountId::parse);
    account.map(Some).ok_or_else(|| UnknownEvent::part(format!("{place}.parties"), "do not name exactly one account"))
}
