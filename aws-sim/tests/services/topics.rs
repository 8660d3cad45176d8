//! SNS: what is published, and what is refused.

use aws_sim::Notification;

use crate::support::{Answer, Stage, element};

const TOPIC: &str = "arn:aws:sns:us-east-1:123456789012:news";
const KEY: &str = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";

fn publish(stage: &Stage, subject: &str, message: &str) -> Answer {
    let form = format!("Action=Publish&TopicArn={TOPIC}&Subject={subject}&Message={message}");
    stage.administrator().ask("sns", "POST", "/", &[], form.as_bytes())
}

#[test]
fn a_topic_keeps_what_is_published() {
    let stage = Stage::new();
    let created = stage.administrator().ask("sns", "POST", "/", &[], b"Action=CreateTopic&Name=news").text();
    assert_eq!(element(&created, "TopicArn"), TOPIC);
    let answer = publish(&stage, "team.csv%3A+1+enabled", "all+is+well%0A");
    assert!(!element(&answer.text(), "MessageId").is_empty(), "{answer:?}");
    let expected = Notification { subject: "team.csv: 1 enabled".into(), message: "all is well\n".into() };
    assert_eq!(stage.world.published(TOPIC), [expected]);
}

#[test]
fn what_the_api_does_not_allow_is_refused() {
    let stage = Stage::new();
    assert_eq!(publish(&stage, "x", "y").code, "NotFound");
    stage.world.topic(TOPIC, None);
    let (long, whole) = ("x".repeat(101), "x".repeat(100));
    for (subject, message) in [(long.as_str(), "y"), ("%C3%A9", "y"), ("a%0Ab", "y"), ("", "y"), ("+x", "y"), ("x", "")]
    {
        assert_eq!(publish(&stage, subject, message).code, "InvalidParameter", "{subject:?} {message:?}");
    }
    assert_eq!(publish(&stage, &whole, &"y".repeat(262_144)).status, 200);
    assert_eq!(publish(&stage, "x", &"y".repeat(262_145)).code, "InvalidParameter");
}

#[test]
fn an_encrypted_topic_needs_its_key() {
    let stage = Stage::new();
    stage.world.topic(TOPIC, Some(KEY));
    assert_eq!(publish(&stage, "x", "y").status, 200);
    let calls = stage.world.ledger();
    assert_eq!(calls[0].actions, ["sns:Publish", "kms:GenerateDataKey", "kms:Decrypt"]);
    stage.world.deny("123456789012", "kms:Decrypt", "");
    assert_eq!(publish(&stage, "x", "y").code, "AuthorizationError");
}
