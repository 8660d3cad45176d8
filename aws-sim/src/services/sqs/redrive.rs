//! StartMessageMoveTask: dead letters return to the queues they came from.

use serde_json::{Value, json};

use crate::iam::action::Action;
use crate::iam::call::ApiCall;
use crate::state::State;
use crate::state::queue::{Queue, QueueKey};
use crate::wire::refusal::Refusal;

/// The permissions needed at the dead-letter queue and at each destination (developer guide).
pub(super) fn actions(state: &State, call: &ApiCall) -> Vec<Action> {
    let action = |name: &str, key: &QueueKey| Action::on(format!("sqs:{name}"), key.arn());
    let dead = QueueKey::from_arn(call.body["SourceArn"].as_str().unwrap_or_default()).unwrap_or_default();
    let own = ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];
    let destinations = match call.body["DestinationArn"].as_str() {
        Some(arn) => QueueKey::from_arn(arn).into_iter().collect(),
        None => sources(state, &dead),
    };
    own.iter()
        .map(|name| action(name, &dead))
        .chain(destinations.iter().map(|key| action("SendMessage", key)))
        .collect()
}

/// Moves all messages at once, including those in flight. A message that was sent to the dead-letter queue itself
/// has no source (AWS Q11): it stays, unless a destination is given.
pub(super) fn start(state: &mut State, call: &ApiCall) -> Result<Value, Refusal> {
    let missing = || Refusal::sqs("MissingParameter", "MissingParameter", "The request must contain a SourceArn.");
    let dead = call.body["SourceArn"].as_str().ok_or_else(missing)?;
    let dead = existing(state, call, dead)
        .ok_or_else(|| not_found("The resource that you specified for the SourceArn parameter doesn't exist."))?;
    let destination = call.body["DestinationArn"].as_str().map(|arn| {
        let text = "The resource that you specified for the DestinationArn parameter doesn't exist.";
        existing(state, call, arn).ok_or_else(|| not_found(text))
    });
    let destination = destination.transpose()?;
    if sources(state, &dead).is_empty() {
        let text = "Source queue must be configured as a Dead Letter Queue.";
        return Err(Refusal::sqs("InvalidParameterValue", "InvalidParameterValue", text));
    }

    let messages = state.queues.get_mut(&dead).map(|queue| std::mem::take(&mut queue.messages)).unwrap_or_default();
    for mut message in messages {
        let target = destination.as_ref().or(message.source.as_ref()).filter(|key| state.queues.contains_key(*key));
        let moves = target.is_some();
        let Some(queue) = state.queues.get_mut(&target.unwrap_or(&dead).clone()) else { continue };
        if moves {
            // SQS treats it as a new message (AWS Q11).
            message.id = state.ids.uuid();
            message.sent = call.now;
            message.visible_at = call.now + queue.delay;
            message.first_received = None;
            message.received = 0;
            message.source = None;
        }
        queue.messages.push(message);
    }
    Ok(json!({"TaskHandle": state.ids.uuid()}))
}

/// The queues whose dead-letter queue is this one.
fn sources(state: &State, dead: &QueueKey) -> Vec<QueueKey> {
    let redrives = |queue: &Queue| queue.redrive.as_ref().is_some_and(|redrive| redrive.queue == *dead);
    let mut keys: Vec<QueueKey> =
        state.queues.iter().filter(|(_, queue)| redrives(queue)).map(|(key, _)| key.clone()).collect();
    keys.sort_unstable();
    keys
}

/// The queue of an ARN, if it exists in the Region of the call.
fn existing(state: &State, call: &ApiCall, arn: &str) -> Option<QueueKey> {
    QueueKey::from_arn(arn).filter(|key| key.region == call.region && state.queues.contains_key(key))
}

fn not_found(text: &'static str) -> Refusal {
    Refusal::sqs("ResourceNotFoundException", "ResourceNotFoundException", text)
}
