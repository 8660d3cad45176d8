//! An event that is no batch from a queue: a notification record by record, or one event as a whole.

use serde_json::Value;

use super::trigger::{Part, Trigger, UnknownEvent, describe};
use super::{announcement, notification, request};

/// Each record of a notification is a part of its own.
pub(super) fn parts(event: &Value) -> Vec<Part> {
    match event.get("Records").and_then(Value::as_array) {
        Some(records) if records.is_empty() => vec![Err(UnknownEvent::part("\"Records\"", "is empty"))],
        Some(records) => {
            records.iter().enumerate().map(|(index, record)| notification::record(index, record)).collect()
        }
        None => vec![whole(event)],
    }
}

/// Reads an event without records.
fn whole(event: &Value) -> Part {
    // With accounts in it, it is no test, and nobody who asks for them should hear of success.
    if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") && event.get("accounts").is_none() {
        Ok(Trigger::Nothing("S3 tested the notification".into()))
    } else if event.get("detail-type").is_some() {
        event_bridge(event)
    } else if event.get("accounts").is_some() {
        request::read(event).map(Trigger::Request)
    } else {
        Err(UnknownEvent::Form(describe(event)))
    }
}

fn event_bridge(event: &Value) -> Part {
    match event.get("source").and_then(Value::as_str) {
        Some("aws.s3") => notification::event_bridge(event),
        Some("aws.organizations" | "aws.controltower") => announcement::read(event),
        _ => Err(UnknownEvent::Form(describe(event))),
    }
}
