//! What arrives, as JSON, becomes triggers: which list to carry out, which accounts, or nothing at all.

mod announcement;
mod direct;
mod message;
mod notification;
mod request;
mod trigger;

pub use message::Message;
pub use trigger::{Announcement, Part, Request, Trigger, UnknownEvent, Upload};

use serde_json::Value;

/// One invocation's worth of work.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The parts of an event that was handed over directly. Each stands for itself.
    Direct(Vec<Part>),
    /// A batch from a queue. Each message stands for itself.
    Queue(Vec<Message>),
}

/// Reads an event. An error is about all of it: nothing of it can be carried out.
pub fn parse(event: &Value) -> Result<Event, UnknownEvent> {
    match event.get("Records").and_then(Value::as_array) {
        Some(records) if records.iter().any(message::is_message) => message::parse_all(records).map(Event::Queue),
        _ => Ok(Event::Direct(direct::parts(event))),
    }
}

#[cfg(test)]
mod tests;
