//! Events of every kind, and JSON that almost is one.

use serde_json::json;
use time::OffsetDateTime;

use super::*;
use crate::declared::{Goal, Mode};

mod announcements;

use announcements::announced;

/// The parts of an event that is not a batch of messages.
fn parts_of(event: &Value) -> Vec<Part> {
    match parse(event) {
        Ok(Event::Direct(parts)) => parts,
        other => panic!("{other:?}"),
    }
}

/// The triggers of an event, or what is wrong with its first part that is not understood.
fn triggers_of(event: &Value) -> Result<Vec<Trigger>, UnknownEvent> {
    parts_of(event).into_iter().collect()
}

fn upload(bucket: &str, key: &str, version_id: Option<&str>) -> Trigger {
    Trigger::Upload(Upload {
        bucket: bucket.into(),
        key: key.into(),
        version_id: version_id.map(Into::into),
        at: None,
        requester: None,
    })
}

fn notified(event_name: &str, key: &str) -> Value {
    json!({"Records": [{"eventSource": "aws:s3", "eventName": event_name,
        "s3": {"bucket": {"name": "amzn-s3-demo-bucket"}, "object": {"key": key}}}]})
}

#[test]
fn a_notifications_key_is_form_decoded() {
    let event = notified("ObjectCreated:Put", "inbox/red+flower+%C3%A9%2B.csv");
    assert_eq!(triggers_of(&event), Ok(vec![upload("amzn-s3-demo-bucket", "inbox/red flower é+.csv", None)]));
}

#[test]
fn a_notifications_key_that_is_not_utf8_is_an_error() {
    assert!(triggers_of(&notified("ObjectCreated:Put", "%ff.csv")).is_err());
}

#[test]
fn event_bridges_key_is_taken_as_it_is() {
    let event = json!({"detail-type": "Object Created", "source": "aws.s3",
        "detail": {"bucket": {"name": "b"}, "object": {"key": "a+b%20c.csv", "version-id": "v1"}}});
    assert_eq!(triggers_of(&event), Ok(vec![upload("b", "a+b%20c.csv", Some("v1"))]));
}

#[test]
fn an_event_says_when_it_happened() {
    let mut notification = notified("ObjectCreated:Put", "a.csv");
    notification["Records"][0]["eventTime"] = json!("2026-01-01T12:00:00.000Z");
    let mut announcement =
        announced("aws.organizations", "AccountJoinedOrganization", &json!({"accountId": "444455556666"}));
    announcement["time"] = json!("2026-01-01T12:00:00Z");
    for event in [notification, announcement] {
        let triggers = triggers_of(&event).expect("a known event");
        let [Trigger::Upload(Upload { at, .. }) | Trigger::Announcement(Announcement { at, .. })] = &triggers[..]
        else {
            panic!("{triggers:?}")
        };
        assert_eq!(at.map(OffsetDateTime::unix_timestamp), Some(1_767_268_800));
    }
}

#[test]
fn every_record_is_a_trigger() {
    let mut event = notified("ObjectCreated:Put", "one.csv");
    let second = notified("ObjectCreated:Copy", "two.csv")["Records"][0].clone();
    event["Records"].as_array_mut().expect("a list").push(second);
    let expected = vec![upload("amzn-s3-demo-bucket", "one.csv", None), upload("amzn-s3-demo-bucket", "two.csv", None)];
    assert_eq!(triggers_of(&event), Ok(expected));
}

#[test]
fn a_record_that_is_not_understood_takes_no_other_along() {
    let mut event = notified("ObjectCreated:Put", "one.csv");
    let records = event["Records"].as_array_mut().expect("a list");
    for key in ["%ff.csv", "two.csv", ""] {
        records.push(notified("ObjectCreated:Put", key)["Records"][0].clone());
    }
    records.push(json!({"eventSource": "aws:sns"}));
    let parts = parts_of(&event);
    assert_eq!(parts[0], Ok(upload("amzn-s3-demo-bucket", "one.csv", None)));
    assert_eq!(parts[2], Ok(upload("amzn-s3-demo-bucket", "two.csv", None)));
    for index in [1, 3, 4] {
        let error = parts[index].as_ref().expect_err("not understood").to_string();
        assert!(error.starts_with(&format!("Records[{index}]")), "{error}");
    }
}

#[test]
fn what_s3_cannot_have_sent_is_an_error_that_does_not_repeat_it() {
    let key = "x".repeat(1_025);
    for (part, value) in [
        ("/bucket/name", "user@example.com"),
        ("/bucket/name", ""),
        ("/bucket/name", "a/b"),
        ("/object/key", ""),
        ("/object/key", key.as_str()),
        ("/object/versionId", "user@example.com"),
        ("/object/versionId", "a b"),
        ("/object/versionId", "a\nb"),
    ] {
        let mut event = notified("ObjectCreated:Put", "a.csv");
        event["Records"][0]["s3"]["object"]["versionId"] = json!("v1");
        *event["Records"][0]["s3"].pointer_mut(part).expect("a part") = json!(value);
        let error = triggers_of(&event).expect_err("not understood").to_string();
        assert!(error.starts_with("Records[0].s3.") && error.len() < 200 && !error.contains('@'), "{error}");
    }
    let longest = "é".repeat(512);
    let event = json!({"detail-type": "Object Created", "source": "aws.s3",
        "detail": {"bucket": {"name": "b"}, "object": {"key": longest}}});
    assert_eq!(triggers_of(&event), Ok(vec![upload("b", &longest, None)]));
}

#[test]
fn names_that_arrive_are_cut_counted_and_on_one_line() {
    let fields: serde_json::Map<String, Value> = (0..5_000).map(|n| (format!("name-{n:05}"), json!(1))).collect();
    let error = triggers_of(&Value::Object(fields)).expect_err("unknown").to_string();
    assert!(error.contains("and 4992 more") && error.len() < 500, "{error}");
    let long = format!("one\ntwo{}", "x".repeat(100_000));
    for event in [
        json!({"source": long, "detail-type": long}),
        json!({"Records": [{"eventSource": long}]}),
        json!({"accounts": [], long.as_str(): 1}),
        announced("aws.controltower", "CreateManagedAccount", &json!({"state": long})),
    ] {
        let error = triggers_of(&event).expect_err("unknown").to_string();
        assert!(error.len() < 700 && error.contains("one two") != error.contains("ONE TWO"), "{error}");
    }
    let reasons: Vec<Value> = (0..1_000).map(|n| json!({"failureReason": format!("{n} {long}")})).collect();
    let failed = announced("aws.organizations", "CreateAccountResult", &json!({"state": "FAILED", "all": reasons}));
    let triggers = triggers_of(&failed).expect("a known event");
    assert!(matches!(&triggers[..], [Trigger::Nothing(why)] if why.len() < 700 && why.ends_with("and 997 more")));
}

#[test]
fn tests_folders_and_removals_are_nothing_to_do() {
    let test = json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "amzn-s3-demo-bucket"});
    let deleted = json!({"detail-type": "Object Deleted", "source": "aws.s3", "detail": {}});
    for event in [test, notified("ObjectCreated:Put", "folder/"), notified("ObjectRemoved:Delete", "a.csv"), deleted] {
        let triggers = triggers_of(&event).expect("a known event");
        assert!(matches!(triggers.as_slice(), [Trigger::Nothing(_)]), "{event}");
    }
}

#[test]
fn a_request_carries_its_rows_as_they_came() {
    let rows = json!([{"accountId": "111122223333", "email": "user@example.com"}]);
    let expected = |mode| {
        Ok(vec![Trigger::Request(Request {
            accounts: rows.as_array().cloned().unwrap_or_default(),
            goal: Goal::Monitored,
            mode,
        })])
    };
    assert_eq!(triggers_of(&json!({"accounts": rows})), expected(Mode::Apply));
    assert_eq!(triggers_of(&json!({"accounts": rows, "dryRun": true})), expected(Mode::Plan));
}

#[test]
fn a_misspelt_dry_run_never_becomes_a_real_run() {
    for event in [
        json!({"accounts": [], "dryrun": true}),
        json!({"accounts": [], "user@example.com": 1}),
        json!({"accounts": [], "dryRun": "true"}),
        json!({"accounts": {}}),
    ] {
        assert!(matches!(triggers_of(&event), Err(UnknownEvent::Part { .. })), "{event}");
    }
}

#[test]
fn anything_else_is_an_error_that_names_what_arrived_and_no_value() {
    let event =
        json!({"source": "aws.ec2", "detail-type": "Instance State-change", "detail": {"email": "user@example.com"}});
    let error = triggers_of(&event).expect_err("unknown").to_string();
    assert!(error.contains("aws.ec2") && error.contains("nothing was touched"), "{error}");
    assert!(!error.contains("user@example.com"), "{error}");
    for event in [
        json!(null),
        json!([1]),
        json!("x"),
        json!({"user@example.com": "user@example.com"}),
        json!({"Records": [{"eventSource": "aws:sns"}]}),
    ] {
        let error = triggers_of(&event).expect_err("unknown").to_string();
        assert!(!error.contains("user@example.com"), "{error}");
    }
}

fn message(id: &str, body: &Value) -> Value {
    json!({"messageId": id, "receiptHandle": format!("handle of {id}"), "body": body.to_string(),
        "attributes": {"ApproximateReceiveCount": "3", "SentTimestamp": "1767268800123"}, "eventSource": "aws:sqs"})
}

fn messages_of(event: &Value) -> Vec<Message> {
    match parse(event) {
        Ok(Event::Queue(messages)) => messages,
        other => panic!("{other:?}"),
    }
}

#[test]
fn each_message_stands_for_itself() {
    let batch =
        json!({"Records": [message("one", &notified("ObjectCreated:Put", "a.csv")), message("two", &json!(7))]});
    let messages = messages_of(&batch);
    assert_eq!(messages[0].parts, [Ok(upload("amzn-s3-demo-bucket", "a.csv", None))]);
    assert_eq!((messages[0].id.as_str(), messages[0].receipt_handle.as_str()), ("one", "handle of one"));
    assert_eq!(messages[0].deliveries, 3);
    assert_eq!(messages[0].sent.map(OffsetDateTime::unix_timestamp), Some(1_767_268_800));
    assert!(matches!(messages[1].parts[..], [Err(_)]));
}

#[test]
fn an_invalid_time_is_left_out() {
    for sent in [json!(null), json!("soon"), json!("9223372036854775807"), json!("99999999999999999999"), json!(7)] {
        let mut message = message("one", &json!({}));
        message["attributes"]["SentTimestamp"] = sent;
        assert_eq!(messages_of(&json!({"Records": [message]}))[0].sent, None);
    }
}

#[test]
fn a_message_that_is_no_json_or_holds_another_batch_is_not_understood_and_quotes_nothing() {
    let mut text = message("one", &json!({}));
    text["body"] = json!("user@example.com");
    let mut empty = message("two", &json!({}));
    empty["body"] = json!(null);
    let nested = message("three", &json!({"Records": [message("four", &json!({"accounts": []}))]}));
    let foreign = json!({"messageId": "five", "eventSource": "aws:sns", "body": "{}"});
    for message in messages_of(&json!({"Records": [text, empty, nested, foreign]})) {
        let [Err(error)] = &message.parts[..] else { panic!("{message:?}") };
        let error = error.to_string();
        assert!(error.contains("nothing was touched") && !error.contains('@'), "{error}");
    }
}

#[test]
fn a_batch_with_a_message_that_has_no_id_is_an_error_of_the_whole() {
    let mut nameless = message("one", &json!({}));
    nameless["messageId"] = json!(null);
    assert!(parse(&json!({"Records": [message("two", &json!({})), nameless]})).is_err());
}

#[test]
fn accounts_beside_what_s3_calls_a_test_are_no_success() {
    let event = json!({"accounts": [], "Event": "s3:TestEvent"});
    assert!(triggers_of(&event).is_err(), "{:?}", triggers_of(&event));
}
