//! SQS: dead letters that return to their queues.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, Stage};

fn ask(stage: &Stage, operation: &str, body: &Value) -> Answer {
    stage.administrator().json("sqs", &format!("AmazonSQS.{operation}"), body)
}

fn arn(name: &str) -> String {
    format!("arn:aws:sqs:us-east-1:123456789012:{name}")
}

fn url(name: &str) -> String {
    format!("http://127.0.0.1:4566/123456789012/{name}")
}

fn send(stage: &Stage, name: &str, text: &str) {
    assert_eq!(ask(stage, "SendMessage", &json!({"QueueUrl": url(name), "MessageBody": text})).status, 200);
}

/// All visible messages.
fn receive(stage: &Stage, name: &str) -> Vec<Value> {
    let body = json!({"QueueUrl": url(name), "AttributeNames": ["All"], "MaxNumberOfMessages": 10});
    ask(stage, "ReceiveMessage", &body).body["Messages"].as_array().cloned().unwrap_or_default()
}

fn texts(stage: &Stage, name: &str) -> Vec<Value> {
    receive(stage, name).iter().map(|message| message["Body"].clone()).collect()
}

/// Two queues that share a dead-letter queue, and one without.
fn queues() -> Stage {
    let stage = Stage::new();
    let policy = json!({"deadLetterTargetArn": arn("dead"), "maxReceiveCount": 1}).to_string();
    for (name, attributes) in [
        ("dead", json!({})),
        ("first", json!({"RedrivePolicy": policy, "VisibilityTimeout": "1"})),
        ("second", json!({"RedrivePolicy": policy, "VisibilityTimeout": "1"})),
        ("other", json!({})),
    ] {
        assert_eq!(ask(&stage, "CreateQueue", &json!({"QueueName": name, "Attributes": attributes})).status, 200);
    }
    stage
}

/// Sends a message to a queue and makes it a dead letter. Returns the message as it was received.
fn bury(stage: &Stage, name: &str, text: &str) -> Value {
    send(stage, name, text);
    let message = receive(stage, name).remove(0);
    stage.pass(Duration::from_secs(1));
    assert_eq!(receive(stage, name), [Value::Null; 0]);
    message
}

#[test]
fn dead_letters_go_back_to_their_own_queues_as_new_messages() {
    let stage = queues();
    let before = bury(&stage, "first", "one");
    bury(&stage, "second", "two");
    assert_eq!(texts(&stage, "dead"), ["one", "two"], "they are in flight now");

    let started = ask(&stage, "StartMessageMoveTask", &json!({"SourceArn": arn("dead")}));

    assert!(started.status == 200 && started.body["TaskHandle"].is_string(), "{started:?}");
    let after = receive(&stage, "first");
    assert_eq!((after.len(), &after[0]["Body"]), (1, &json!("one")));
    assert_eq!(after[0]["Attributes"]["ApproximateReceiveCount"], "1");
    assert_ne!(after[0]["MessageId"], before["MessageId"]);
    assert_eq!(texts(&stage, "second"), ["two"]);
    stage.pass(Duration::from_mins(1));
    assert_eq!(texts(&stage, "dead"), [Value::Null; 0]);
}

#[test]
fn dead_letters_go_to_another_queue_if_they_are_told_to() {
    let stage = queues();
    bury(&stage, "first", "one");
    let body = json!({"SourceArn": arn("dead"), "DestinationArn": arn("other")});
    assert_eq!(ask(&stage, "StartMessageMoveTask", &body).status, 200);
    assert_eq!(texts(&stage, "other"), ["one"]);
    assert_eq!(texts(&stage, "first"), [Value::Null; 0]);
}

#[test]
fn what_was_sent_to_the_dead_letter_queue_itself_needs_a_destination() {
    let stage = queues();
    send(&stage, "dead", "stray");
    assert_eq!(ask(&stage, "StartMessageMoveTask", &json!({"SourceArn": arn("dead")})).status, 200);
    assert_eq!(texts(&stage, "first"), [Value::Null; 0]);
    assert_eq!(texts(&stage, "dead"), ["stray"]);
    let body = json!({"SourceArn": arn("dead"), "DestinationArn": arn("second")});
    assert_eq!(ask(&stage, "StartMessageMoveTask", &body).status, 200);
    assert_eq!(texts(&stage, "second"), ["stray"]);
}

#[test]
fn only_a_dead_letter_queue_can_be_emptied_so() {
    let stage = queues();
    let code = |body| ask(&stage, "StartMessageMoveTask", &body).code;
    assert!(code(json!({})).ends_with("#MissingParameter"));
    assert!(code(json!({"SourceArn": arn("nothing")})).ends_with("#ResourceNotFoundException"));
    assert!(code(json!({"SourceArn": arn("first")})).ends_with("#InvalidParameterValue"));
    let nowhere = json!({"SourceArn": arn("dead"), "DestinationArn": arn("nothing")});
    assert!(code(nowhere).ends_with("#ResourceNotFoundException"));
}

#[test]
fn emptying_takes_the_permissions_of_all_its_steps() {
    let stage = queues();
    ask(&stage, "StartMessageMoveTask", &json!({"SourceArn": arn("dead")}));
    let call = stage.world.ledger().pop().expect("a call was made");
    let expected =
        ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes", "SendMessage", "SendMessage"];
    assert_eq!(call.actions, expected.map(|name| format!("sqs:{name}")));
    assert!(call.write);
}
