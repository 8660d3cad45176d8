//! Parses an event's JSON into triggers: a list to carry out, accounts to onboard, or nothing to do.

mod announcement;
mod direct;
mod message;
mod notification;
mod request;
mod trigger;

pub use message::Message;
pub use trigger::{Announcement, Part, Request, Trigger, UnknownEvent, Upload};

use serde_json::Value;

#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The parts of an event that did not come through a queue. Each is carried out on its own.
    Direct(Vec<Part>),
    /// A batch from a queue. Each message is carried out on its own.
    Queue(Vec<Message>),
}

/// Parses an event. An error is about the whole event: no part of it can be carried out.
pub fn parse(event: &Value) -> Result<Event, UnknownEvent> {
    match event.get("Records").and_then(Value::as_array) {
        Some(records) if records.iter().any(message::is_message) => message::parse_all(records).map(Event::Queue),
        _ => Ok(Event::Direct(direct::parts(event))),
    }
}

#[cfg(test)]
mod tests;
