//! SQS, in its JSON protocol: the operation that a request means, and its queue.

mod messages;
mod redrive;

use serde_json::{Map, Value, json};

use crate::iam::action::Action;
use crate::iam::call::{ApiCall, Authorization};
use crate::state::State;
use crate::state::queue::{Queue, QueueKey};
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;

/// Precedes the operation in the header `X-Amz-Target`.
const TARGET: &str = "AmazonSQS.";

pub(crate) fn authorization(state: &State, call: &ApiCall) -> Result<Authorization, String> {
    let target = call.request.header("x-amz-target").unwrap_or_default();
    let operation = target.strip_prefix(TARGET).unwrap_or(target);
    let write = match operation {
        "CreateQueue" | "SendMessage" | "DeleteMessage" | "ChangeMessageVisibility" | "StartMessageMoveTask" => true,
        "ReceiveMessage" | "GetQueueAttributes" | "GetQueueUrl" => false,
        _ => return Err(operation.into()),
    };
    let mut authorization = Authorization::plain(Service::Sqs, operation, write);
    authorization.actions = if operation == "StartMessageMoveTask" {
        redrive::actions(state, call)
    } else {
        vec![Action::on(format!("sqs:{operation}"), key(call).arn())]
    };
    Ok(authorization)
}

pub(crate) fn answer(state: &mut State, call: &ApiCall, operation: &str) -> Result<Reply, Refusal> {
    if operation == "StartMessageMoveTask" {
        return Ok(Reply::aws_json("1.0", &redrive::start(state, call)?));
    }
    let key = key(call);
    if operation == "CreateQueue" {
        return create(state, call, key);
    }
    if !state.queues.contains_key(&key) {
        return Err(Refusal::sqs("QueueDoesNotExist", "NonExistentQueue", "The specified queue does not exist."));
    }
    let body = match operation {
        "SendMessage" => messages::send(state, call, key)?,
        "ReceiveMessage" => return messages::receive(state, call, &key),
        "DeleteMessage" => messages::delete(state, call, &key)?,
        "ChangeMessageVisibility" => messages::change_visibility(state, call, &key)?,
        "GetQueueAttributes" => json!({"Attributes": attributes(state, call, &key)}),
        "GetQueueUrl" => json!({"QueueUrl": url(call, &key)}),
        _ => return Err(Refusal::unknown_operation(operation)),
    };
    Ok(Reply::aws_json("1.0", &body))
}

fn create(state: &mut State, call: &ApiCall, key: QueueKey) -> Result<Reply, Refusal> {
    if key.name.is_empty() {
        return Err(Refusal::sqs("MissingParameter", "MissingParameter", "The request must contain a QueueName."));
    }
    let attributes = call.body["Attributes"].as_object().cloned().unwrap_or_default();
    let url = url(call, &key);
    let queue = Queue::new(attributes, call.now)?;
    // Creating a queue again with the same attributes is no error (API reference). Other attributes are not compared.
    state.queues.entry(key).or_insert(queue);
    Ok(Reply::aws_json("1.0", &json!({"QueueUrl": url})))
}

fn attributes(state: &State, call: &ApiCall, key: &QueueKey) -> Map<String, Value> {
    let wanted: Vec<&str> =
        call.body["AttributeNames"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let mut all = state.queues.get(key).map(|queue| queue.attributes(call.now)).unwrap_or_default();
    all.insert("QueueArn".into(), key.arn().into());
    all.retain(|name, _| wanted.contains(&"All") || wanted.contains(&name.as_str()));
    all
}

/// The queue of a request. Only the account and the name in its URL count, not the host.
fn key(call: &ApiCall) -> QueueKey {
    let region = call.region.to_owned();
    if let Some(name) = call.body["QueueName"].as_str() {
        return QueueKey { region, account: call.caller.account.clone(), name: name.into() };
    }
    let mut parts = call.body["QueueUrl"].as_str().unwrap_or_default().trim_end_matches('/').rsplit('/');
    let (name, account) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    QueueKey { region, account: account.into(), name: name.into() }
}

fn url(call: &ApiCall, QueueKey { account, name, .. }: &QueueKey) -> String {
    let host = &call.request.host;
    let scheme = if host.ends_with(".amazonaws.com") { "https" } else { "http" };
    format!("{scheme}://{host}/{account}/{name}")
}
