//! Events as AWS sends them, with parts replaced, removed, repeated and wrapped; and JSON of our words in any order.

use std::fs;
use std::path::Path;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

use crate::any_list::{any_email, any_id, dressed};

/// The samples of `events/` and below.
fn samples() -> Vec<Value> {
    let top = Path::new(env!("CARGO_MANIFEST_DIR")).join("events");
    let folders = [top.clone(), top.join("others")];
    let files = folders.iter().flat_map(|folder| fs::read_dir(folder).expect("the samples are there"));
    let mut files: Vec<_> = files.map(|file| file.expect("a sample").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    files.iter().map(|file| serde_json::from_slice(&fs::read(file).expect("a sample")).expect("JSON")).collect()
}

const WORDS: [&str; 49] = [
    "",
    "user@example.com",
    "111122223333",
    "444455556666",
    "11112222333",
    "aws:s3",
    "aws:sqs",
    "aws.s3",
    "aws.organizations",
    "aws.controltower",
    "s3:TestEvent",
    "ObjectCreated:Put",
    "ObjectRemoved:Delete",
    "Object Created",
    "AWS Service Event via CloudTrail",
    "CreateAccountResult",
    "CreateManagedAccount",
    "AccountJoinedOrganization",
    "AcceptHandshake",
    "SUCCEEDED",
    "FAILED",
    "ACCEPTED",
    "INVITE",
    "ACCOUNT",
    "folder/",
    "plan/a+b%20c.csv",
    "%ff",
    "not JSON {",
    "{}",
    "null",
    "[[]]",
    "\u{0}\u{feff}",
    "{\"accounts\":[]}",
    "{\"accounts\":[],\"user@example.com\":1}",
    "{\"Event\":\"s3:TestEvent\"}",
    "user@example.com is a name",
    "0",
    "3",
    "-1",
    "99999999999",
    "accounts/user@example.com.csv",
    "accounts/user%40example.com.csv",
    "user＠example.com",
    "one\r\ntwo\u{1b}[31m\u{202e}three",
    "two/../../accounts/\u{7f}",
    "2026-01-01T00:00:00Z",
    "9999-12-31T23:59:59Z",
    "1767268800000",
    "-9223372036854775808",
];

const NAMES: [&str; 33] = [
    "Records",
    "eventSource",
    "eventName",
    "messageId",
    "body",
    "attributes",
    "ApproximateReceiveCount",
    "s3",
    "bucket",
    "object",
    "name",
    "key",
    "version-id",
    "versionId",
    "Event",
    "accounts",
    "dryRun",
    "detail-type",
    "source",
    "detail",
    "serviceEventDetails",
    "responseElements",
    "handshake",
    "parties",
    "type",
    "id",
    "state",
    "accountId",
    "memberAccountId",
    "failureReason",
    "user@example.com",
    "SentTimestamp",
    "line\nbreak\u{202e}",
];

/// What is far longer than anything that AWS sends.
fn any_long() -> impl Strategy<Value = String> {
    let part = select(vec!["x", "é", "user@example.com ", "a/", "%40", "\u{0}", "😀", "key "]);
    (part, 100..3_000_usize).prop_map(|(part, times)| part.repeat(times))
}

fn any_leaf() -> impl Strategy<Value = Value> {
    prop_oneof![
        8 => select(WORDS.to_vec()).prop_map(Value::from),
        1 => select(vec![json!(null), json!(true), json!(false), json!(7), json!(-1.5e300), json!([]), json!({})]),
        1 => "\\PC{0,12}".prop_map(Value::from),
        1 => any_long().prop_map(Value::from),
    ]
}

/// A field's name: one of ours, or anything.
fn any_name() -> impl Strategy<Value = String> {
    prop_oneof![30 => select(NAMES.to_vec()).prop_map(str::to_owned), 1 => any_long()]
}

fn any_value() -> impl Strategy<Value = Value> {
    any_leaf().prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            1 => vec(inner.clone(), 0..4).prop_map(Value::from),
            3 => vec((any_name(), inner), 0..6).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}

/// JSON of our words, in any order.
pub fn any_json() -> impl Strategy<Value = String> {
    any_value().prop_map(|value| value.to_string())
}

/// A request whose rows are good, mangled and no rows at all.
pub fn any_request() -> impl Strategy<Value = String> {
    let text = |text| dressed(text).prop_map(Value::from);
    let id = prop_oneof![9 => text(any_id().boxed()), 1 => any_value()];
    let email = prop_oneof![9 => text(any_email().boxed()), 1 => any_value()];
    let row = (id, email).prop_map(|(id, email)| json!({"accountId": id, "email": email}));
    let row = prop_oneof![9 => row, 1 => any_value()];
    (vec(row, 0..8), any::<bool>()).prop_map(|(rows, dry)| json!({"accounts": rows, "dryRun": dry}).to_string())
}

/// One change somewhere in an event.
#[derive(Debug, Clone)]
enum Change {
    Replace(Value),
    Remove,
    Rename(&'static str),
    Repeat(&'static str),
    CopyTo(Index),
    Wrap(u8),
}

fn any_change() -> impl Strategy<Value = (Index, Change)> {
    let change = prop_oneof![
        4 => any_leaf().prop_map(Change::Replace),
        1 => any_value().prop_map(Change::Replace),
        2 => Just(Change::Remove),
        1 => select(NAMES.to_vec()).prop_map(Change::Rename),
        2 => select(NAMES.to_vec()).prop_map(Change::Repeat),
        2 => any::<Index>().prop_map(Change::CopyTo),
        2 => (0..6_u8).prop_map(Change::Wrap),
    ];
    (any::<Index>(), change)
}

/// Where every value is, as JSON pointers, the outermost first.
fn places(value: &Value, here: &str, found: &mut Vec<String>) {
    found.push(here.to_owned());
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                places(value, &format!("{here}/{}", name.replace('~', "~0").replace('/', "~1")), found);
            }
        }
        Value::Array(values) => {
            for (index, value) in values.iter().enumerate() {
                places(value, &format!("{here}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn wrapped(value: &Value, how: u8) -> Value {
    match how {
        0 => json!([value]),
        1 => json!({ "detail": value }),
        2 => json!({ "accountId": value }),
        3 => json!({ "Records": [value] }),
        4 => Value::String(value.to_string()),
        _ => json!({"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": value.to_string()}]}),
    }
}

fn apply(event: &mut Value, place: Index, change: Change) {
    let mut found = Vec::new();
    places(event, "", &mut found);
    let pointer = &found[place.index(found.len())];
    let value = event.pointer(pointer).cloned().unwrap_or_default();
    match change {
        Change::Replace(other) => set(event, pointer, other),
        Change::Wrap(how) => set(event, pointer, wrapped(&value, how)),
        Change::CopyTo(other) => set(event, &found[other.index(found.len())], value),
        Change::Remove => drop(remove(event, pointer)),
        Change::Rename(name) => {
            remove(event, pointer);
            insert(event, pointer, name, value);
        }
        Change::Repeat(name) => insert(event, pointer, name, value),
    }
}

fn set(event: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = event.pointer_mut(pointer) {
        *place = value;
    }
}

/// What holds the value at `pointer`, and the value's name or index there.
fn parent<'a>(event: &'a mut Value, pointer: &str) -> Option<(&'a mut Value, String)> {
    let (parent, name) = pointer.rsplit_once('/')?;
    Some((event.pointer_mut(parent)?, name.replace("~1", "/").replace("~0", "~")))
}

fn remove(event: &mut Value, pointer: &str) -> Option<Value> {
    match parent(event, pointer)? {
        (Value::Object(fields), name) => fields.remove(&name),
        (Value::Array(values), index) => index.parse().ok().map(|index: usize| values.remove(index)),
        _ => None,
    }
}

fn insert(event: &mut Value, pointer: &str, name: &str, value: Value) {
    match parent(event, pointer) {
        Some((Value::Object(fields), _)) => drop(fields.insert(name.to_owned(), value)),
        Some((Value::Array(values), _)) => values.push(value),
        _ => {}
    }
}

/// A sample with some changes.
pub fn any_event() -> impl Strategy<Value = String> {
    (select(samples()), vec(any_change(), 0..5)).prop_map(|(mut event, changes)| {
        for (place, change) in changes {
            apply(&mut event, place, change);
        }
        event.to_string()
    })
}
