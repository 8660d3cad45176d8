//! SendMessage, ReceiveMessage, DeleteMessage, ChangeMessageVisibility.

use std::time::Duration;

use md5::{Digest as _, Md5};
use serde_json::{Map, Value, json};

use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::queue::{Message, Queue, QueueKey};
use crate::wire::ids::hex;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::timestamp;

/// The longest visibility timeout and delay, in seconds (API reference).
const MAX_VISIBILITY: u64 = 43200;
const MAX_DELAY: u64 = 900;
/// The most messages in one answer (AWS Q14).
const MAX_MESSAGES: u64 = 10;
/// A long poll is answered after this time at the latest: a state machine cannot wait for messages.
const LONGEST_POLL: Duration = Duration::from_secs(1);

pub(super) fn send(state: &mut State, call: &ApiCall, key: QueueKey) -> Result<Value, Refusal> {
    let missing = || Refusal::sqs("MissingParameter", "MissingParameter", "The request must contain a MessageBody.");
    let body = call.body["MessageBody"].as_str().filter(|body| !body.is_empty()).ok_or_else(missing)?;
    let delay = within(call, "DelaySeconds", MAX_DELAY)?;
    let id = state.ids.uuid();
    let queue = state.queues.entry(key).or_insert(Queue::new(Map::new(), call.now)?);
    let delay = delay.map_or(queue.delay, Duration::from_secs);
    queue.messages.push(Message {
        id: id.clone(),
        body: body.into(),
        sender: call.caller.user_id.clone(),
        sent: call.now,
        visible_at: call.now + delay,
        first_received: None,
        received: 0,
        source: None,
    });
    Ok(json!({"MessageId": id, "MD5OfMessageBody": md5(body)}))
}

pub(super) fn receive(state: &mut State, call: &ApiCall, key: &QueueKey) -> Result<Reply, Refusal> {
    let most = within(call, "MaxNumberOfMessages", MAX_MESSAGES)?.unwrap_or(1);
    let visibility = within(call, "VisibilityTimeout", MAX_VISIBILITY)?.map(Duration::from_secs);
    let wait = call.body["WaitTimeSeconds"].as_u64().unwrap_or_default();
    move_dead_letters(state, call, key);

    let mut found = Vec::new();
    if let Some(queue) = state.queues.get_mut(key) {
        let visibility = visibility.unwrap_or(queue.visibility);
        let visible = queue.messages.iter_mut().filter(|message| message.visible_at <= call.now);
        for message in visible.take(usize::try_from(most).unwrap_or(1)) {
            message.received += 1;
            message.first_received.get_or_insert(call.now);
            message.visible_at = call.now + visibility;
            found.push(shown(message, call));
        }
    }
    let empty = found.is_empty();
    let mut reply = Reply::aws_json("1.0", &if empty { json!({}) } else { json!({"Messages": found}) });
    if empty {
        reply.delay = Duration::from_secs(wait).min(LONGEST_POLL);
    }
    Ok(reply)
}

/// Moves messages that were received too often to the dead-letter queue, once they would be visible again.
fn move_dead_letters(state: &mut State, call: &ApiCall, key: &QueueKey) {
    let Some(queue) = state.queues.get_mut(key) else { return };
    let Some(redrive) = queue.redrive.clone() else { return };
    let unlucky =
        |message: &mut Message| message.visible_at <= call.now && message.received >= redrive.max_receive_count;
    let dead: Vec<Message> = queue.messages.extract_if(.., unlucky).collect();
    if let Some(target) = state.queues.get_mut(&redrive.queue) {
        target.messages.extend(dead.into_iter().map(|message| Message { source: Some(key.clone()), ..message }));
    } else if let Some(queue) = state.queues.get_mut(key) {
        // The dead-letter queue does not exist.
        queue.messages.splice(0..0, dead);
    }
}

pub(super) fn delete(state: &mut State, call: &ApiCall, key: &QueueKey) -> Result<Value, Refusal> {
    let id = message_id(call)?.to_owned();
    if let Some(queue) = state.queues.get_mut(key) {
        queue.messages.retain(|message| message.id != id);
    }
    Ok(json!({}))
}

pub(super) fn change_visibility(state: &mut State, call: &ApiCall, key: &QueueKey) -> Result<Value, Refusal> {
    let id = message_id(call)?.to_owned();
    let missing =
        || Refusal::sqs("MissingParameter", "MissingParameter", "The request must contain a VisibilityTimeout.");
    let seconds = within(call, "VisibilityTimeout", MAX_VISIBILITY)?.ok_or_else(missing)?;
    let found = state.queues.get_mut(key).and_then(|queue| queue.messages.iter_mut().find(|message| message.id == id));
    let Some(message) = found.filter(|message| message.visible_at > call.now && message.received > 0) else {
        let text = "The message referred to is not in flight.";
        return Err(Refusal::sqs("MessageNotInflight", "MessageNotInflight", text));
    };
    message.visible_at = call.now + Duration::from_secs(seconds);
    Ok(json!({}))
}

/// A receipt handle consists of the message's id and its receive count.
fn message_id<'a>(call: &'a ApiCall) -> Result<&'a str, Refusal> {
    let handle = call.body["ReceiptHandle"].as_str().and_then(|handle| handle.split_once('#'));
    let invalid =
        || Refusal::sqs("ReceiptHandleIsInvalid", "ReceiptHandleIsInvalid", "The input receipt handle is invalid.");
    handle.map(|(id, _)| id).ok_or_else(invalid)
}

fn shown(message: &Message, call: &ApiCall) -> Value {
    let names = [&call.body["AttributeNames"], &call.body["MessageSystemAttributeNames"]];
    let wanted: Vec<&str> = names.into_iter().filter_map(Value::as_array).flatten().filter_map(Value::as_str).collect();
    let millis = |at| timestamp::since_epoch(at).as_millis().to_string();
    let mut attributes = Map::new();
    for (name, value) in [
        ("ApproximateReceiveCount", message.received.to_string()),
        ("SentTimestamp", millis(message.sent)),
        ("ApproximateFirstReceiveTimestamp", millis(message.first_received.unwrap_or(call.now))),
        ("SenderId", message.sender.clone()),
    ] {
        if wanted.contains(&"All") || wanted.contains(&name) {
            attributes.insert(name.into(), value.into());
        }
    }
    let mut shown = json!({
        "MessageId": message.id,
        "ReceiptHandle": format!("{}#{}", message.id, message.received),
        "MD5OfBody": md5(&message.body),
        "Body": message.body,
    });
    if !attributes.is_empty() {
        shown["Attributes"] = attributes.into();
    }
    shown
}

fn within(call: &ApiCall, name: &str, most: u64) -> Result<Option<u64>, Refusal> {
    let least = u64::from(name == "MaxNumberOfMessages");
    match &call.body[name] {
        Value::Null => Ok(None),
        value => match value.as_u64() {
            Some(number) if (least..=most).contains(&number) => Ok(Some(number)),
            _ => Err(Refusal::sqs("InvalidParameterValue", "InvalidParameterValue", "A number is out of range.")),
        },
    }
}

fn md5(text: &str) -> String {
    hex(&Md5::digest(text))
}
