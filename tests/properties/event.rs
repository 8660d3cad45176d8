//! Properties of everything that may arrive as an event. The fuzz target `event` and the tests here share this file.

use guardduty_onboarding::lambda::HandleError;
use guardduty_onboarding::lambda::event::{Announcement, Event, Message, Part, Request, Trigger, parse};
use guardduty_onboarding::quote;
use guardduty_onboarding::roster::{Rules, from_request};
use guardduty_onboarding::run::Source;
use serde_json::{Value, json};

use crate::check::{ensure, is_fit_to_show};
use crate::roster::{self, administrator};

/// Everything that holds for an event. What is not JSON never arrives by itself, but may as the body of a message.
pub fn holds(bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Ok(()) };
    let Ok(event) = serde_json::from_str::<Value>(text) else {
        let queued = as_a_message(text)?;
        ensure(matches!(queued[..], [Err(_)]), || format!("what is not JSON was understood: {queued:?}"))?;
        return all_is_fit_to_show(&queued);
    };
    let direct = parse(&event);
    match &direct {
        Err(error) => is_fit_to_show(&error.to_string())?,
        Ok(Event::Direct(parts)) => parts_are_of(&event, parts)?,
        Ok(Event::Queue(messages)) => messages_are_of(&event, messages)?,
    }
    let queued = as_a_message(text)?;
    all_is_fit_to_show(&queued)?;
    let same = match &direct {
        Ok(Event::Direct(parts)) => queued == *parts,
        // A batch within a message is not looked into.
        Ok(Event::Queue(_)) | Err(_) => is_a_batch(&event) && queued.iter().any(Result::is_err),
    };
    ensure(same, || format!("directly it is {direct:?}, as a message {queued:?}"))
}

/// Everything that is shown of these parts: errors, one by one and together, reasons, keys and a report's source.
fn all_is_fit_to_show(parts: &[Part]) -> Result<(), String> {
    let errors: Vec<HandleError> = parts.iter().filter_map(|part| part.clone().err().map(Into::into)).collect();
    for error in &errors {
        is_fit_to_show(&error.to_string())?;
    }
    is_fit_to_show(&HandleError::Several(errors).to_string())?;
    for trigger in parts.iter().flatten() {
        match trigger {
            Trigger::Nothing(why) => is_fit_to_show(why)?,
            Trigger::Upload(upload) => {
                is_fit_to_show(&upload.bucket)?;
                is_fit_to_show(upload.version_id.as_deref().unwrap_or_default())?;
                is_fit_to_show(upload.requester.as_deref().unwrap_or_default())?;
                is_fit_to_show(&quote::key(&upload.key))?;
                let (bucket, key, quoted) = (upload.bucket.clone(), upload.key.clone(), quote::sentence(&upload.key));
                is_fit_to_show(&HandleError::ListNotRead { bucket, key, quoted }.to_string())?;
            }
            Trigger::Announcement(announcement) => {
                let source = serde_json::to_string(&Source::from(announcement)).map_err(|error| error.to_string())?;
                is_fit_to_show(&source)?;
            }
            Trigger::Request(_) | Trigger::Reconcile(_) => {}
        }
    }
    Ok(())
}

fn records(event: &Value) -> Option<&Vec<Value>> {
    event.get("Records").and_then(Value::as_array)
}

fn is_a_message(record: &Value) -> bool {
    record.get("eventSource").and_then(Value::as_str) == Some("aws:sqs")
}

fn is_a_batch(event: &Value) -> bool {
    records(event).is_some_and(|records| records.iter().any(is_a_message))
}

/// Parses `text` as the body of a message between two good ones, which must not suffer from it.
fn as_a_message(text: &str) -> Result<Vec<Part>, String> {
    let message = |id: &str, body: &str| json!({"messageId": id, "body": body, "eventSource": "aws:sqs"});
    let good = json!({"accounts": [], "dryRun": true});
    let batch = [message("1", &good.to_string()), message("2", text), message("3", &good.to_string())];
    let messages = match parse(&json!({ "Records": batch })) {
        Ok(Event::Queue(messages)) => messages,
        other => return Err(format!("a batch is not a batch: {other:?}")),
    };
    let expected = parse(&good);
    match <[Message; 3]>::try_from(messages) {
        Ok([before, it, after]) => {
            let unharmed = [&before, &after].into_iter().all(|one| Ok(Event::Direct(one.parts.clone())) == expected);
            ensure(unharmed && it.id == "2", || format!("its neighbours became {before:?} and {after:?}"))?;
            Ok(it.parts)
        }
        Err(messages) => Err(format!("three messages became {}", messages.len())),
    }
}

fn messages_are_of(event: &Value, messages: &[Message]) -> Result<(), String> {
    let records = records(event).ok_or("a batch without records")?;
    ensure(records.len() == messages.len(), || format!("{} records, {} messages", records.len(), messages.len()))?;
    for (record, message) in records.iter().zip(messages) {
        let same = record.get("messageId").and_then(Value::as_str) == Some(&message.id) && !message.id.is_empty();
        ensure(same, || format!("the message of {record} has the id {:?}", message.id))?;
        is_fit_to_show(&quote::name(&message.id))?;
        all_is_fit_to_show(&message.parts)?;
        let body = record.get("body").and_then(Value::as_str).and_then(|body| serde_json::from_str(body).ok());
        match body {
            Some(body) => parts_are_of(&body, &message.parts)?,
            None => ensure(matches!(message.parts[..], [Err(_)]), || format!("parts without a body: {message:?}"))?,
        }
        if is_a_message(record) {
            let alone = parse(&json!({ "Records": [record] }));
            let same = matches!(&alone, Ok(Event::Queue(one)) if one == std::slice::from_ref(message));
            ensure(same, || format!("alone it is {alone:?}, in its batch {message:?}"))?;
        }
    }
    Ok(())
}

fn parts_are_of(event: &Value, parts: &[Part]) -> Result<(), String> {
    let count = records(event).map_or(1, |records| records.len().max(1));
    ensure(parts.len() == count, || format!("{count} parts became {}", parts.len()))?;
    all_is_fit_to_show(parts)?;
    for (index, part) in parts.iter().enumerate() {
        if let Some(record) = records(event).and_then(|records| records.get(index)) {
            a_record_stands_for_itself(record, part)?;
        }
        let Ok(trigger) = part else { continue };
        let right = match trigger {
            Trigger::Nothing(_) => true,
            Trigger::Upload(upload) => {
                (1..=1_024).contains(&upload.key.len())
                    && !upload.key.ends_with('/')
                    && upload.version_id.as_deref() != Some("")
            }
            Trigger::Request(request) => {
                rows_are_of(request)?;
                event.get("accounts").and_then(Value::as_array) == Some(&request.accounts)
                    && request.goal.word() == event["declared"].as_str().unwrap_or("monitored")
                    && request.mode.is_plan() == (event.get("dryRun") == Some(&Value::Bool(true)))
            }
            Trigger::Reconcile(asked) => serde_json::to_value(asked).ok().as_ref() == event.get("reconcile"),
            Trigger::Announcement(announcement) => is_about(event, announcement),
        };
        ensure(right, || format!("not in the event: {trigger:?}"))?;
    }
    Ok(())
}

/// Whatever stands beside it. An error says where, so it is not the same.
fn a_record_stands_for_itself(record: &Value, part: &Part) -> Result<(), String> {
    let alone = parse(&json!({ "Records": [record] }));
    let same = match (&alone, part) {
        (Ok(Event::Direct(parts)), Ok(_)) => parts[..] == [part.clone()],
        (Ok(Event::Direct(parts)), Err(_)) => matches!(parts[..], [Err(_)]),
        // A message within a notification is not looked into.
        _ => is_a_message(record) && part.is_err(),
    };
    ensure(same, || format!("alone it is {alone:?}, beside others {part:?}"))
}

fn rows_are_of(request: &Request) -> Result<(), String> {
    let positions: Vec<usize> = (1..=request.accounts.len()).collect();
    let read = from_request(&request.accounts, &Rules::monitored(administrator()));
    roster::every_line_is_used_or_rejected_once(&read, &positions)?;
    roster::holds(&read)
}

/// Whether the event's detail names the account, and not only as the one that acted or whose trail has the event. Only
/// an account that accepts a handshake has the event in its own trail.
fn is_about(event: &Value, announcement: &Announcement) -> bool {
    let Some(detail) = event.get("detail").and_then(Value::as_object) else { return false };
    let (account, name) = (announcement.account.as_str(), announcement.event.as_str());
    let own = name == "AcceptHandshake" && event.get("account").and_then(Value::as_str) == Some(account);
    let said = detail.iter().filter(|(part, _)| *part != "userIdentity" && (own || *part != "recipientAccountId"));
    said.map(|(_, value)| value).any(|value| holds_text(value, account))
        && detail.get("eventName").and_then(Value::as_str) == Some(name)
}

/// Whether `text` is one of the values, however deep.
fn holds_text(value: &Value, text: &str) -> bool {
    match value {
        Value::String(value) => value == text,
        Value::Array(values) => values.iter().any(|value| holds_text(value, text)),
        Value::Object(fields) => fields.values().any(|value| holds_text(value, text)),
        _ => false,
    }
}
