//! SQS, in its JSON protocol: which operation a request means, and on which queue.

mod messages;
mod redrive;

use serde_json::{Map, Value, json};

use crate::iam::action::Action;
use crate::iam::caller::{Asked, Intent};
use crate::state::State;
use crate::state::queue::{Queue, QueueKey};
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;

/// Names the operation in a header, after this.
const TARGET: &str = "AmazonSQS.";

/// What a request wants of SQS.
pub(crate) fn intent(state: &State, asked: &Asked) -> Result<Intent, String> {
    let target = asked.request.header("x-amz-target").unwrap_or_default();
    let operation = target.strip_prefix(TARGET).unwrap_or(target);
    let write = match operation {
        "CreateQueue" | "SendMessage" | "DeleteMessage" | "ChangeMessageVisibility" | "StartMessageMoveTask" => true,
        "ReceiveMessage" | "GetQueueAttributes" | "GetQueueUrl" => false,
        _ => return Err(operation.into()),
    };
    let mut intent = Intent::plain(Service::Sqs, operation, write);
    intent.actions = if operation == "StartMessageMoveTask" {
        redrive::actions(state, asked)
    } else {
        vec![Action::on(format!("sqs:{operation}"), key(asked).arn())]
    };
    Ok(intent)
}

/// Does what the request wants.
pub(crate) fn answer(state: &mut State, asked: &Asked, operation: &str) -> Result<Reply, Refusal> {
    if operation == "StartMessageMoveTask" {
        return Ok(Reply::aws_json("1.0", &redrive::start(state, asked)?));
    }
    let key = key(asked);
    if operation == "CreateQueue" {
        return create(state, asked, key);
    }
    if !state.queues.contains_key(&key) {
        return Err(Refusal::sqs("QueueDoesNotExist", "NonExistentQueue", "The specified queue does not exist."));
    }
    let body = match operation {
        "SendMessage" => messages::send(state, asked, key)?,
        "ReceiveMessage" => return messages::receive(state, asked, &key),
        "DeleteMessage" => messages::delete(state, asked, &key)?,
        "ChangeMessageVisibility" => messages::change_visibility(state, asked, &key)?,
        "GetQueueAttributes" => json!({"Attributes": attributes(state, asked, &key)}),
        "GetQueueUrl" => json!({"QueueUrl": url(asked, &key)}),
        _ => return Err(Refusal::unknown_operation(operation)),
    };
    Ok(Reply::aws_json("1.0", &body))
}

fn create(state: &mut State, asked: &Asked, key: QueueKey) -> Result<Reply, Refusal> {
    if key.name.is_empty() {
        return Err(Refusal::sqs("MissingParameter", "MissingParameter", "The request must contain a QueueName."));
    }
    let attributes = asked.body["Attributes"].as_object().cloned().unwrap_or_default();
    let url = url(asked, &key);
    let queue = Queue::new(attributes, asked.now)?;
    // Creating it again is no error, if nothing about it differs (API reference; the difference is not looked for).
    state.queues.entry(key).or_insert(queue);
    Ok(Reply::aws_json("1.0", &json!({"QueueUrl": url})))
}

fn attributes(state: &State, asked: &Asked, key: &QueueKey) -> Map<String, Value> {
    let wanted: Vec<&str> =
        asked.body["AttributeNames"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut all = state.queues.get(key).map(|queue| queue.attributes(asked.now)).unwrap_or_default();
    all.insert("QueueArn".into(), key.arn().into());
    all.retain(|name, _| wanted.contains(&"All") || wanted.contains(&name.as_str()));
    all
}

/// The queue that a request is about: in the URL only account and name count, whatever host it was made for.
fn key(asked: &Asked) -> QueueKey {
    let region = asked.region.to_owned();
    if let Some(name) = asked.body["QueueName"].as_str() {
        return QueueKey { region, account: asked.caller.account.clone(), name: name.into() };
    }
    let mut parts = asked.body["QueueUrl"].as_str().unwrap_or_default().trim_end_matches('/').rsplit('/');
    let (name, account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    QueueKey { region, account: account.into(), name: name.into() }
}

fn url(asked: &Asked, QueueKey { account, name, .. }: &QueueKey) -> String {
    let host = &asked.request.host;
    let scheme = if host.ends_with(".amazonaws.com") { "https" } else { "http" };
    format!("{scheme}://{host}/{account}/{name}")
}
