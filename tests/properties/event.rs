//! What holds for everything that may arrive as an event. The fuzz target `event` and the tests here share this file.

use guardduty_onboarding::event::{Announcement, Event, Message, Request, Trigger, UnknownEvent, parse};
use guardduty_onboarding::roster::from_request;
use serde_json::{Value, json};

use crate::check::{ensure, shows_no_address};
use crate::roster::{self, administrator};

/// Everything that holds for an event. What is not JSON never arrives by itself, but may as the body of a message.
pub fn holds(bytes: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(bytes) else { return Ok(()) };
    let Ok(event) = serde_json::from_str::<Value>(text) else {
        let queued = as_a_message(text)?;
        ensure(queued.is_err(), || format!("what is not JSON was understood: {queued:?}"))?;
        return nothing_personal(&queued);
    };
    let direct = parse(&event);
    match &direct {
        Err(error) => shows_no_address(&error.to_string())?,
        Ok(Event::Direct(triggers)) => triggers_are_of(&event, triggers)?,
        Ok(Event::Queue(messages)) => messages_are_of(&event, messages)?,
    }
    let queued = as_a_message(text)?;
    nothing_personal(&queued)?;
    let same = match &direct {
        Ok(Event::Direct(triggers)) => queued.as_ref() == Ok(triggers),
        // A batch within a message is not looked into.
        Ok(Event::Queue(_)) => queued.is_err(),
        Err(error) => queued.as_ref() == Err(error) || queued.is_err() && is_a_batch(&event),
    };
    ensure(same, || format!("directly it is {direct:?}, as a message {queued:?}"))
}

type Understood = Result<Vec<Trigger>, UnknownEvent>;

fn nothing_personal(understood: &Understood) -> Result<(), String> {
    understood.as_ref().err().map_or(Ok(()), |error| shows_no_address(&error.to_string()))
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

/// What becomes of `text` as the body of a message between two good ones, which must not suffer from it.
fn as_a_message(text: &str) -> Result<Understood, String> {
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
            let unharmed = [&before, &after].into_iter().all(|one| one.triggers.clone().map(Event::Direct) == expected);
            ensure(unharmed && it.id == "2", || format!("its neighbours became {before:?} and {after:?}"))?;
            Ok(it.triggers)
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
        nothing_personal(&message.triggers)?;
        if let Ok(triggers) = &message.triggers {
            let body = record.get("body").and_then(Value::as_str).and_then(|body| serde_json::from_str(body).ok());
            triggers_are_of(&body.ok_or("triggers without a body")?, triggers)?;
        }
        if is_a_message(record) {
            let alone = parse(&json!({ "Records": [record] }));
            let same = matches!(&alone, Ok(Event::Queue(one)) if one == std::slice::from_ref(message));
            ensure(same, || format!("alone it is {alone:?}, in its batch {message:?}"))?;
        }
    }
    Ok(())
}

fn triggers_are_of(event: &Value, triggers: &[Trigger]) -> Result<(), String> {
    let tested = event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent");
    let count = if tested { 1 } else { records(event).map_or(1, Vec::len) };
    ensure(triggers.len() == count, || format!("{count} parts became {} triggers", triggers.len()))?;
    for trigger in triggers {
        let right = match trigger {
            Trigger::Nothing(why) => shows_no_address(why).is_ok(),
            Trigger::Upload(upload) => !upload.key.ends_with('/') && upload.version_id.as_deref() != Some(""),
            Trigger::Request(request) => {
                rows_are_of(request)?;
                event.get("accounts").and_then(Value::as_array) == Some(&request.accounts)
                    && request.dry_run == (event.get("dryRun") == Some(&Value::Bool(true)))
            }
            Trigger::Announcement(announcement) => is_about(event, announcement),
        };
        ensure(right, || format!("not in the event: {trigger:?}"))?;
    }
    Ok(())
}

fn rows_are_of(request: &Request) -> Result<(), String> {
    let positions: Vec<usize> = (1..=request.accounts.len()).collect();
    let read = from_request(&request.accounts, administrator());
    roster::every_line_is_used_or_rejected_once(&read, &positions)?;
    roster::holds(&read)
}

/// Whether the event's detail names the account, and not just as the one that did it or whose trail has it. Only who
/// accepts a handshake finds it in its own trail.
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
