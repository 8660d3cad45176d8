//! A batch of messages from SQS, as Lambda delivers it.

use serde_json::Value;
use time::OffsetDateTime;

use super::direct::parts;
use super::trigger::{Part, UnknownEvent};

#[derive(Debug, Clone, PartialEq)]
pub struct Message {
    /// The same at every delivery.
    pub id: String,
    /// Identifies this one delivery to SQS. Empty if the event lacks it.
    pub receipt_handle: String,
    /// How often it was delivered, this time included.
    pub deliveries: u32,
    /// When it was sent, if SQS says so.
    pub sent: Option<OffsetDateTime>,
    pub parts: Vec<Part>,
}

pub(super) fn is_message(record: &Value) -> bool {
    record.get("eventSource").and_then(Value::as_str) == Some("aws:sqs")
}

/// Reads every message. One without an id could not be named in the answer, so that is an error of the whole batch.
pub(super) fn parse_all(records: &[Value]) -> Result<Vec<Message>, UnknownEvent> {
    records.iter().enumerate().map(|(index, record)| read(index, record)).collect()
}

fn read(index: usize, record: &Value) -> Result<Message, UnknownEvent> {
    let text = |pointer: &str| record.pointer(pointer).and_then(Value::as_str);
    let id = text("/messageId").filter(|id| !id.is_empty());
    Ok(Message {
        id: id.ok_or_else(|| UnknownEvent::part(format!("Records[{index}]"), "lacks a messageId"))?.into(),
        receipt_handle: text("/receiptHandle").unwrap_or_default().into(),
        deliveries: text("/attributes/ApproximateReceiveCount").and_then(|count| count.parse().ok()).unwrap_or(1),
        sent: text("/attributes/SentTimestamp").and_then(milliseconds),
        parts: body(text("/body")).unwrap_or_else(|unknown| vec![Err(unknown)]),
    })
}

fn body(text: Option<&str>) -> Result<Vec<Part>, UnknownEvent> {
    let text = text.ok_or_else(|| UnknownEvent::part("the message", "lacks a body"))?;
    let event: Value =
        serde_json::from_str(text).map_err(|_| UnknownEvent::part("the message's body", "is not JSON"))?;
    Ok(parts(&event))
}

/// SQS counts milliseconds since 1970 (AWS Q6).
fn milliseconds(text: &str) -> Option<OffsetDateTime> {
    let milliseconds: i64 = text.parse().ok()?;
    OffsetDateTime::from_unix_timestamp_nanos(i128::from(milliseconds) * 1_000_000).ok()
}
