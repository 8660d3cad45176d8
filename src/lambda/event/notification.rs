//! S3 says that an object was created: in its own notification, or through EventBridge.

use aws_lambda_events::event::s3::S3Entity;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::trigger::{Part, Trigger, UnknownEvent, Upload, time};
use crate::quote;

/// S3's limit for keys and version ids, in bytes (AWS O8).
const LONGEST: usize = 1_024;
/// S3's limit for bucket names: 63 for all but the oldest buckets (AWS O9).
const LONGEST_BUCKET: usize = 255;

pub(super) fn record(index: usize, record: &Value) -> Part {
    let place = format!("Records[{index}]");
    let source = record.get("eventSource").and_then(Value::as_str);
    let Some(s3) = record.get("s3").filter(|_| source.is_none_or(|source| source == "aws:s3")) else {
        let from =
            source.map_or_else(|| "without an eventSource".into(), |source| format!("from {:?}", quote::name(source)));
        return Err(UnknownEvent::part(place, format!("is {from}, expected an S3 notification (aws:s3)")));
    };
    let name = record.get("eventName").and_then(Value::as_str).unwrap_or("ObjectCreated:");
    if !name.starts_with("ObjectCreated:") {
        return Ok(Trigger::Nothing("the S3 event is not ObjectCreated".into()));
    }
    // Only `s3` is read by its type: the typed record requires fields that we do not need.
    let s3: S3Entity = serde_json::from_value(s3.clone())
        .map_err(|_| UnknownEvent::part(format!("{place}.s3"), "does not have the form that S3 documents"))?;
    let (Some(bucket), Some(key)) = (s3.bucket.name, s3.object.key) else {
        return Err(UnknownEvent::part(format!("{place}.s3"), "lacks bucket.name or object.key"));
    };
    // Form encoding: `+` is a space, the rest is percent-encoded UTF-8 (AWS O1).
    let key = percent_decode_str(&key.replace('+', " "))
        .decode_utf8()
        .map(Into::into)
        .map_err(|_| UnknownEvent::part(format!("{place}.s3.object.key"), "is not percent-encoded UTF-8"))?;
    let at = time(record, "eventTime");
    let requester = record.pointer("/userIdentity/principalId").and_then(Value::as_str).map(without_a_person);
    uploaded(Upload { bucket, key, version_id: s3.object.version_id, at, requester })
        .map_err(|(part, problem)| UnknownEvent::part(format!("{place}.s3.{part}"), problem))
}

pub(super) fn event_bridge(event: &Value) -> Part {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    if text("/detail-type") != Some("Object Created") {
        return Ok(Trigger::Nothing("the S3 event is not Object Created".into()));
    }
    let (Some(bucket), Some(key)) = (text("/detail/bucket/name"), text("/detail/object/key")) else {
        return Err(UnknownEvent::part("detail", "lacks bucket.name or object.key"));
    };
    // EventBridge does not encode the key (AWS O2).
    let version_id = text("/detail/object/version-id").map(Into::into);
    let requester = text("/detail/requester").map(without_a_person);
    uploaded(Upload { bucket: bucket.into(), key: key.into(), version_id, at: time(event, "time"), requester })
        .map_err(|(part, problem)| UnknownEvent::part(format!("detail.{part}"), problem))
}

/// What to do about an upload. An error names the part that S3 cannot have sent and what is wrong with it: refused
/// here, it gets into no call and no report.
fn uploaded(upload: Upload) -> Result<Trigger, (&'static str, &'static str)> {
    let Upload { bucket, key, version_id, at, requester } = upload;
    let in_a_name = |c: char| c.is_ascii_alphanumeric() || "-._".contains(c);
    if bucket.is_empty() || bucket.len() > LONGEST_BUCKET || !bucket.chars().all(in_a_name) {
        return Err(("bucket.name", "is not the name of a bucket"));
    }
    if key.is_empty() || key.len() > LONGEST {
        return Err(("object.key", "is not a key of 1 to 1024 bytes"));
    }
    if key.ends_with('/') {
        return Ok(Trigger::Nothing("the object is a folder".into()));
    }
    let version_id = version_id.filter(|id| !id.is_empty());
    // Version ids are opaque and URL-ready (AWS O8).
    let in_an_id = |c: char| c.is_ascii_graphic() && c != '@';
    if version_id.as_ref().is_some_and(|id| id.len() > LONGEST || !id.chars().all(in_an_id)) {
        return Err(("object", "has an invalid version id"));
    }
    Ok(Trigger::Upload(Upload { bucket, key, version_id, at, requester }))
}

/// A principal, such as `AWS:AROAEXAMPLEID:user@example.com`. The name of its session may be an e-mail, which is left
/// out: CloudTrail has it.
fn without_a_person(principal: &str) -> String {
    let shown = match principal.rsplit_once(':') {
        Some((principal, session)) if session.contains('@') => principal,
        _ => principal,
    };
    quote::name(shown)
}
