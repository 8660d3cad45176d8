//! What arrives, as JSON, becomes triggers: which list to onboard, or which accounts, or nothing at all.

use aws_lambda_events::event::s3::S3Entity;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use thiserror::Error;

/// One thing to do.
#[derive(Debug, Clone, PartialEq)]
pub enum Trigger {
    /// An account list was uploaded.
    Upload(Upload),
    /// Somebody asks for these accounts directly.
    Request(Request),
    /// Nothing to do, and that is right; why, for the log.
    Nothing(&'static str),
}

/// One version of one object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// The bucket's name.
    pub bucket: String,
    /// The object's key, decoded.
    pub key: String,
    /// The version, where the bucket has versions.
    pub version_id: Option<String>,
}

/// Lists under this prefix are planned, not carried out.
pub const PLAN_PREFIX: &str = "plan/";

impl Upload {
    /// Whether the upload asks for a dry run.
    #[must_use]
    pub fn is_plan(&self) -> bool {
        self.key.starts_with(PLAN_PREFIX)
    }
}

/// A direct request. Its rows are as they came: reading them is the roster's work.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    /// One JSON value per account, expected as `{"accountId":"…","email":"…"}`.
    pub accounts: Vec<Value>,
    /// Whether to plan only.
    pub dry_run: bool,
}

/// An event that we do not understand. Names what arrived, never its values: they may be personal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum UnknownEvent {
    /// Not an object with a form that we know.
    #[error(
        "do not know what to do with {0}; expected an S3 notification, an EventBridge event from aws.s3, \
         or {{\"accounts\":[…]}}; nothing was touched"
    )]
    Form(String),
    /// A form that we know, with something in it that is wrong.
    #[error("{place} {problem}; nothing was touched")]
    Part {
        /// Where, for example `Records[0].s3`.
        place: String,
        /// What is wrong there and what is expected.
        problem: String,
    },
}

/// Reads an event. Each record of a notification is a trigger of its own.
pub fn parse(event: &Value) -> Result<Vec<Trigger>, UnknownEvent> {
    if event.get("Event").and_then(Value::as_str) == Some("s3:TestEvent") {
        return Ok(vec![Trigger::Nothing("S3 tested the notification")]);
    }
    if let Some(records) = event.get("Records").and_then(Value::as_array) {
        return records.iter().enumerate().map(|(index, record)| notification(index, record)).collect();
    }
    if event.get("detail-type").is_some() {
        return event_bridge(event).map(|trigger| vec![trigger]);
    }
    if event.get("accounts").is_some() {
        return request(event).map(|request| vec![Trigger::Request(request)]);
    }
    Err(UnknownEvent::Form(describe(event)))
}

fn notification(index: usize, record: &Value) -> Result<Trigger, UnknownEvent> {
    let place = format!("Records[{index}]");
    let source = record.get("eventSource").and_then(Value::as_str);
    let Some(s3) = record.get("s3").filter(|_| source.is_none_or(|source| source == "aws:s3")) else {
        let from = source.map_or_else(|| "without an eventSource".into(), |source| format!("from {:?}", shown(source)));
        return Err(UnknownEvent::Part { place, problem: format!("is {from}, expected an S3 notification (aws:s3)") });
    };
    let name = record.get("eventName").and_then(Value::as_str).unwrap_or("ObjectCreated:");
    if !name.starts_with("ObjectCreated:") {
        return Ok(Trigger::Nothing("the S3 event is not ObjectCreated"));
    }
    // Only the `s3` part is read by its type: the typed record insists on fields that we do not need.
    let s3: S3Entity = serde_json::from_value(s3.clone()).map_err(|_| UnknownEvent::Part {
        place: format!("{place}.s3"),
        problem: "does not read as S3 documents it".into(),
    })?;
    let (Some(bucket), Some(key)) = (s3.bucket.name, s3.object.key) else {
        return Err(UnknownEvent::Part {
            place: format!("{place}.s3"),
            problem: "lacks bucket.name or object.key".into(),
        });
    };
    // Form encoding: `+` is a space, everything else percent-encoded UTF-8 (S3 user guide, event structure).
    let key = percent_decode_str(&key.replace('+', " ")).decode_utf8().map(Into::into).map_err(|_| {
        UnknownEvent::Part { place: format!("{place}.s3.object.key"), problem: "is not percent-encoded UTF-8".into() }
    })?;
    Ok(uploaded(bucket, key, s3.object.version_id))
}

fn event_bridge(event: &Value) -> Result<Trigger, UnknownEvent> {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    if text("/source") != Some("aws.s3") {
        return Err(UnknownEvent::Form(describe(event)));
    }
    if text("/detail-type") != Some("Object Created") {
        return Ok(Trigger::Nothing("the S3 event is not Object Created"));
    }
    let (Some(bucket), Some(key)) = (text("/detail/bucket/name"), text("/detail/object/key")) else {
        return Err(UnknownEvent::Part { place: "detail".into(), problem: "lacks bucket.name or object.key".into() });
    };
    // EventBridge sends the key as it is (its sample shows it so).
    Ok(uploaded(bucket.into(), key.into(), text("/detail/object/version-id").map(Into::into)))
}

fn uploaded(bucket: String, key: String, version_id: Option<String>) -> Trigger {
    if key.ends_with('/') {
        return Trigger::Nothing("the object is a folder");
    }
    Trigger::Upload(Upload { bucket, key, version_id: version_id.filter(|id| !id.is_empty()) })
}

fn request(event: &Value) -> Result<Request, UnknownEvent> {
    let wrong = |place: &str, problem: &str| UnknownEvent::Part { place: place.into(), problem: problem.into() };
    // A misspelt `dryRun` must not become a real run.
    let unknown = event.as_object().and_then(|fields| fields.keys().find(|key| *key != "accounts" && *key != "dryRun"));
    if let Some(name) = unknown {
        return Err(wrong(
            &format!("{:?}", shown(name)),
            "is not a part of a request; expected \"accounts\" and \"dryRun\"",
        ));
    }
    let dry_run = match event.get("dryRun") {
        None | Some(Value::Null) => false,
        Some(Value::Bool(dry_run)) => *dry_run,
        Some(_) => return Err(wrong("\"dryRun\"", "is neither true nor false")),
    };
    let accounts = event.get("accounts").and_then(Value::as_array);
    let accounts = accounts.ok_or_else(|| wrong("\"accounts\"", "is not a list"))?.clone();
    Ok(Request { accounts, dry_run })
}

/// What arrived, by its names: enough to find it, nothing personal.
fn describe(event: &Value) -> String {
    let text = |name: &str| event.get(name).and_then(Value::as_str);
    match (text("source"), text("detail-type"), event) {
        (Some(source), Some(kind), _) => format!("an EventBridge event {:?} from {:?}", shown(kind), shown(source)),
        (_, _, Value::Object(fields)) => {
            let names: Vec<&str> = fields.keys().map(|name| shown(name)).take(8).collect();
            format!("a JSON object with the names {names:?}")
        }
        (_, _, Value::Array(_)) => "a JSON list".into(),
        _ => "a JSON value that is no object".into(),
    }
}

/// A name that arrived, unless it could be an e-mail address.
fn shown(name: &str) -> &str {
    if name.contains('@') { "…" } else { name }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn upload(bucket: &str, key: &str, version_id: Option<&str>) -> Trigger {
        Trigger::Upload(Upload { bucket: bucket.into(), key: key.into(), version_id: version_id.map(Into::into) })
    }

    fn notified(event_name: &str, key: &str) -> Value {
        json!({"Records": [{"eventSource": "aws:s3", "eventName": event_name,
            "s3": {"bucket": {"name": "amzn-s3-demo-bucket"}, "object": {"key": key}}}]})
    }

    #[test]
    fn a_notifications_key_is_form_decoded() {
        let event = notified("ObjectCreated:Put", "inbox/red+flower+%C3%A9%2B.csv");
        assert_eq!(parse(&event), Ok(vec![upload("amzn-s3-demo-bucket", "inbox/red flower é+.csv", None)]));
    }

    #[test]
    fn a_notifications_key_that_is_not_utf8_is_an_error() {
        assert!(parse(&notified("ObjectCreated:Put", "%ff.csv")).is_err());
    }

    #[test]
    fn event_bridges_key_is_taken_as_it_is() {
        let event = json!({"detail-type": "Object Created", "source": "aws.s3",
            "detail": {"bucket": {"name": "b"}, "object": {"key": "a+b%20c.csv", "version-id": "v1"}}});
        assert_eq!(parse(&event), Ok(vec![upload("b", "a+b%20c.csv", Some("v1"))]));
    }

    #[test]
    fn every_record_is_a_trigger() {
        let mut event = notified("ObjectCreated:Put", "one.csv");
        let second = notified("ObjectCreated:Copy", "two.csv")["Records"][0].clone();
        event["Records"].as_array_mut().expect("a list").push(second);
        let expected =
            vec![upload("amzn-s3-demo-bucket", "one.csv", None), upload("amzn-s3-demo-bucket", "two.csv", None)];
        assert_eq!(parse(&event), Ok(expected));
    }

    #[test]
    fn tests_folders_and_removals_are_nothing_to_do() {
        let test = json!({"Service": "Amazon S3", "Event": "s3:TestEvent", "Bucket": "amzn-s3-demo-bucket"});
        let deleted = json!({"detail-type": "Object Deleted", "source": "aws.s3", "detail": {}});
        for event in
            [test, notified("ObjectCreated:Put", "folder/"), notified("ObjectRemoved:Delete", "a.csv"), deleted]
        {
            let triggers = parse(&event).expect("a known event");
            assert!(matches!(triggers.as_slice(), [Trigger::Nothing(_)]), "{event}");
        }
    }

    #[test]
    fn a_request_carries_its_rows_as_they_came() {
        let rows = json!([{"accountId": "111122223333", "email": "user@example.com"}]);
        let expected = |dry_run| {
            Ok(vec![Trigger::Request(Request { accounts: rows.as_array().cloned().unwrap_or_default(), dry_run })])
        };
        assert_eq!(parse(&json!({"accounts": rows})), expected(false));
        assert_eq!(parse(&json!({"accounts": rows, "dryRun": true})), expected(true));
    }

    #[test]
    fn a_misspelt_dry_run_never_becomes_a_real_run() {
        for event in [
            json!({"accounts": [], "dryrun": true}),
            json!({"accounts": [], "user@example.com": 1}),
            json!({"accounts": [], "dryRun": "true"}),
            json!({"accounts": {}}),
        ] {
            assert!(matches!(parse(&event), Err(UnknownEvent::Part { .. })), "{event}");
        }
    }

    #[test]
    fn anything_else_is_an_error_that_names_what_arrived_and_no_value() {
        let event = json!({"source": "aws.ec2", "detail-type": "Instance State-change", "detail": {"email": "user@example.com"}});
        let error = parse(&event).expect_err("unknown").to_string();
        assert!(error.contains("aws.ec2") && error.contains("nothing was touched"), "{error}");
        assert!(!error.contains("user@example.com"), "{error}");
        for event in [
            json!(null),
            json!([1]),
            json!("x"),
            json!({"user@example.com": "user@example.com"}),
            json!({"Records": [{"eventSource": "aws:sns"}]}),
        ] {
            let error = parse(&event).expect_err("unknown").to_string();
            assert!(!error.contains("user@example.com"), "{error}");
        }
    }
}
