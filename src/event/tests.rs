//! Events of every kind, and what is almost one.

use serde_json::json;

use super::*;

/// The triggers of an event that is no batch of messages.
fn triggers_of(event: &Value) -> Result<Vec<Trigger>, UnknownEvent> {
    match parse(event)? {
        Event::Direct(triggers) => Ok(triggers),
        Event::Queue(messages) => panic!("{messages:?}"),
    }
}

fn upload(bucket: &str, key: &str, version_id: Option<&str>) -> Trigger {
    Trigger::Upload(Upload { bucket: bucket.into(), key: key.into(), version_id: version_id.map(Into::into), at: None })
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
    let expected = |dry_run| {
        Ok(vec![Trigger::Request(Request { accounts: rows.as_array().cloned().unwrap_or_default(), dry_run })])
    };
    assert_eq!(triggers_of(&json!({"accounts": rows})), expected(false));
    assert_eq!(triggers_of(&json!({"accounts": rows, "dryRun": true})), expected(true));
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
    assert_eq!(messages[0].triggers, Ok(vec![upload("amzn-s3-demo-bucket", "a.csv", None)]));
    assert_eq!((messages[0].id.as_str(), messages[0].receipt_handle.as_str()), ("one", "handle of one"));
    assert_eq!(messages[0].deliveries, 3);
    assert_eq!(messages[0].sent.map(OffsetDateTime::unix_timestamp), Some(1_767_268_800));
    assert!(messages[1].triggers.is_err());
}

#[test]
fn a_time_that_is_none_is_left_out() {
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
        let error = message.triggers.expect_err("not understood").to_string();
        assert!(error.contains("nothing was touched") && !error.contains('@'), "{error}");
    }
}

#[test]
fn a_batch_with_a_message_that_has_no_id_is_an_error_of_the_whole() {
    let mut nameless = message("one", &json!({}));
    nameless["messageId"] = json!(null);
    assert!(parse(&json!({"Records": [message("two", &json!({})), nameless]})).is_err());
}

fn announced(source: &str, name: &str, details: &Value) -> Value {
    json!({"id": "event-1", "source": source, "detail-type": "AWS Service Event via CloudTrail",
        "detail": {"eventName": name, "userIdentity": {"accountId": "999999999999"}, "serviceEventDetails": details}})
}

fn onboards(event: &Value) {
    let name = event["detail"]["eventName"].as_str().expect("a name").to_owned();
    let account = AccountId::parse("444455556666").expect("twelve digits");
    let expected = Trigger::Announcement(Announcement { account, event: name, id: "event-1".into(), at: None });
    assert_eq!(triggers_of(event), Ok(vec![expected]), "{event}");
}

#[test]
fn the_account_is_found_wherever_the_event_puts_it() {
    for details in [
        json!({"accountId": "444455556666", "joinedMethod": "Invited"}),
        json!({"account": {"accountId": "444455556666"}}),
        json!({"accounts": [{"AccountId": "444455556666"}], "accountId": "444455556666"}),
    ] {
        onboards(&announced("aws.organizations", "AccountJoinedOrganization", &details));
    }
    let mut requested = announced("aws.organizations", "AccountJoinedOrganization", &json!(null));
    requested["detail"]["requestParameters"] = json!({"accountId": "444455556666"});
    onboards(&requested);
}

#[test]
fn an_event_that_names_two_accounts_or_none_is_not_understood() {
    for details in [
        json!({}),
        json!({"accountId": "444455556666", "other": {"accountId": "111122223333"}}),
        json!({"accountId": "44445555666"}),
    ] {
        let event = announced("aws.organizations", "AccountJoinedOrganization", &details);
        assert!(matches!(triggers_of(&event), Err(UnknownEvent::Part { .. })), "{event}");
    }
}

#[test]
fn a_creation_counts_when_it_succeeded_and_is_nothing_when_it_failed() {
    for (source, name) in [
        ("aws.organizations", "CreateAccountResult"),
        ("aws.controltower", "CreateManagedAccount"),
        ("aws.controltower", "UpdateManagedAccount"),
    ] {
        let status = |state: &str| {
            let status = json!({"state": state, "account": {"accountId": "444455556666"}, "failureReason": "BAD_LUCK"});
            announced(source, name, &json!({"status": status}))
        };
        onboards(&status("SUCCEEDED"));
        let failed = triggers_of(&status("FAILED")).expect("a known event");
        assert!(matches!(failed.as_slice(), [Trigger::Nothing(why)] if why.contains("BAD_LUCK")), "{failed:?}");
        assert!(triggers_of(&status("MAYBE")).is_err());
        assert!(triggers_of(&announced(source, name, &json!({"accountId": "444455556666"}))).is_err());
    }
}

#[test]
fn only_an_accepted_invitation_into_an_organization_is_a_new_account() {
    let handshake = |state: &str, action: &str| {
        let mut event = announced("aws.organizations", "AcceptHandshake", &json!(null));
        let parties =
            json!([{"type": "ORGANIZATION", "id": "o-aa111bb222"}, {"type": "ACCOUNT", "id": "444455556666"}]);
        event["detail"]["responseElements"] =
            json!({"handshake": {"state": state, "action": action, "parties": parties}});
        event
    };
    onboards(&handshake("ACCEPTED", "INVITE"));
    let mut refused = handshake("ACCEPTED", "INVITE");
    refused["detail"]["responseElements"] = json!(null);
    assert!(triggers_of(&refused).is_err());
    refused["detail"]["errorCode"] = json!("AccessDeniedException");
    for event in [handshake("ACCEPTED", "ENABLE_ALL_FEATURES"), handshake("CANCELED", "INVITE"), refused] {
        assert!(matches!(triggers_of(&event).as_deref(), Ok([Trigger::Nothing(_)])), "{event}");
    }
    let mut by_email = handshake("ACCEPTED", "INVITE");
    let parties = json!([{"type": "ORGANIZATION", "id": "o-aa111bb222"}, {"type": "EMAIL", "id": "****"}]);
    by_email["detail"]["responseElements"]["handshake"]["parties"] = parties;
    assert!(triggers_of(&by_email).is_err());
    by_email["account"] = json!("444455556666");
    assert!(triggers_of(&by_email).is_err());
    by_email["detail"]["recipientAccountId"] = json!("444455556666");
    onboards(&by_email);
}

#[test]
fn other_events_of_organizations_are_not_ours() {
    for name in ["CloseAccountResult", "CreateAccount", "AccountDepartedOrganization"] {
        let error = triggers_of(&announced("aws.organizations", name, &json!({"accountId": "444455556666"})));
        assert!(error.expect_err("not ours").to_string().contains(name));
    }
}
