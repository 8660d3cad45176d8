//! An event that is not a batch from a queue: a notification, read record by record, or an event without records.

use serde_json::Value;

use super::trigger::{Part, Trigger, UnknownEvent, describe};
use super::{announcement, notification, request};

pub(super) fn parts(event: &Value) -> Vec<Part> {
    match event.get("Records").and_then(Value::as_array) {
        Some(records) if records.is_empty() => vec![Err(UnknownEvent::part("\"Records\"", "is empty"))],
        Some(records) => {
            records.iter().enumerate().map(|(index, record)| notification::record(index, record)).collect()
        }
        None => vec![whole(event)],
    }
}

fn whole(event: &Value) -> Part {
    // An event with accounts is a request: answering it as a test would report a success that did nothing.
    if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") && event.get("accounts").is_none() {
        Ok(Trigger::Nothing("S3 tested the notification".into()))
    } else if event.get("detail-type").is_some() {
        event_bridge(event)
    } else if event.get("accounts").is_some() {
        request::read(event).map(Trigger::Request)
    } else if event.get("reconcile").is_some() {
        request::reconcile(event).map(Trigger::Reconcile)
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
