//! SQS: messages that are hidden, are redelivered, and end as dead letters.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Answer, Stage};

fn ask(stage: &Stage, operation: &str, body: &Value) -> Answer {
    stage.administrator().json("sqs", &format!("AmazonSQS.{operation}"), body)
}

/// Creates a queue with these attributes and returns its URL.
fn queue(stage: &Stage, name: &str, attributes: &Value) -> String {
    let answer = ask(stage, "CreateQueue", &json!({"QueueName": name, "Attributes": attributes}));
    answer.body["QueueUrl"].as_str().expect("a URL").into()
}

/// The first message, null if there is none.
fn receive(stage: &Stage, url: &str) -> Value {
    let answer = ask(stage, "ReceiveMessage", &json!({"QueueUrl": url, "AttributeNames": ["All"]}));
    assert_eq!(answer.status, 200, "{answer:?}");
    answer.body["Messages"][0].clone()
}

#[test]
fn a_message_hides_for_its_time_and_comes_back() {
    let stage = Stage::new();
    let url = queue(&stage, "work", &json!({"VisibilityTimeout": "60"}));
    let sent = ask(&stage, "SendMessage", &json!({"QueueUrl": url, "MessageBody": "hello"}));
    assert_eq!(sent.body["MD5OfMessageBody"], "5d41402abc4b2a76b9719d911017c592");

    let message = receive(&stage, &url);
    assert_eq!((&message["Body"], &message["Attributes"]["ApproximateReceiveCount"]), (&json!("hello"), &json!("1")));
    stage.pass(Duration::from_secs(59));
    assert_eq!(receive(&stage, &url), Value::Null);
    stage.pass(Duration::from_secs(1));
    assert_eq!(receive(&stage, &url)["Attributes"]["ApproximateReceiveCount"], "2");
}

#[test]
fn a_messages_visibility_can_be_changed() {
    let stage = Stage::new();
    let url = queue(&stage, "work", &json!({}));
    ask(&stage, "SendMessage", &json!({"QueueUrl": url, "MessageBody": "hello"}));
    let handle = receive(&stage, &url)["ReceiptHandle"].clone();
    let change = |seconds: u64| {
        let body = json!({"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": seconds});
        ask(&stage, "ChangeMessageVisibility", &body)
    };
    assert_eq!(change(900).status, 200);
    stage.pass(Duration::from_secs(899));
    assert_eq!(receive(&stage, &url), Value::Null);
    assert_eq!(change(0).status, 200);
    assert!(change(0).code.ends_with("#MessageNotInflight"));
    assert_ne!(receive(&stage, &url), Value::Null);
    assert!(change(43201).code.ends_with("#InvalidParameterValue"));
}

#[test]
fn a_deleted_message_does_not_come_back() {
    let stage = Stage::new();
    let url = queue(&stage, "work", &json!({}));
    ask(&stage, "SendMessage", &json!({"QueueUrl": url, "MessageBody": "hello"}));
    let handle = receive(&stage, &url)["ReceiptHandle"].clone();
    let count = |name: &str| {
        let body = json!({"QueueUrl": url, "AttributeNames": ["All"]});
        ask(&stage, "GetQueueAttributes", &body).body["Attributes"][name].clone()
    };
    assert_eq!(count("ApproximateNumberOfMessagesNotVisible"), "1");
    assert_eq!(ask(&stage, "DeleteMessage", &json!({"QueueUrl": url, "ReceiptHandle": handle})).status, 200);
    stage.pass(Duration::from_mins(1));
    assert_eq!(receive(&stage, &url), Value::Null);
    assert_eq!(count("ApproximateNumberOfMessagesNotVisible"), "0");
    let nonsense = json!({"QueueUrl": url, "ReceiptHandle": "nonsense"});
    assert!(ask(&stage, "DeleteMessage", &nonsense).code.ends_with("#ReceiptHandleIsInvalid"));
}

#[test]
fn a_message_received_too_often_is_a_dead_letter() {
    let stage = Stage::new();
    let dead = queue(&stage, "dead", &json!({}));
    let policy =
        json!({"deadLetterTargetArn": "arn:aws:sqs:us-east-1:123456789012:dead", "maxReceiveCount": 2}).to_string();
    let live = queue(&stage, "live", &json!({"RedrivePolicy": policy, "VisibilityTimeout": "0"}));
    ask(&stage, "SendMessage", &json!({"QueueUrl": live, "MessageBody": "unlucky"}));
    for _ in 0..2 {
        assert_eq!(receive(&stage, &live)["Body"], "unlucky");
    }
    assert_eq!(receive(&stage, &live), Value::Null);
    assert_eq!(receive(&stage, &dead)["Body"], "unlucky");
}

#[test]
fn a_delayed_message_shows_later() {
    let stage = Stage::new();
    let url = queue(&stage, "work", &json!({}));
    ask(&stage, "SendMessage", &json!({"QueueUrl": url, "MessageBody": "hello", "DelaySeconds": 10}));
    assert_eq!(receive(&stage, &url), Value::Null);
    stage.pass(Duration::from_secs(10));
    assert_eq!(receive(&stage, &url)["Body"], "hello");
}

#[test]
fn a_queue_that_is_not_there_is_told_by_both_its_names() {
    let stage = Stage::new();
    let body = json!({"QueueUrl": "http://127.0.0.1:4566/123456789012/nothing", "MessageBody": "lost"});
    let answer = ask(&stage, "SendMessage", &body);
    assert_eq!((answer.status, answer.code.as_str()), (400, "com.amazonaws.sqs#QueueDoesNotExist"));
    let old = answer.reply.header("x-amzn-query-error");
    assert_eq!(old, Some("AWS.SimpleQueueService.NonExistentQueue;Sender"));
}
