//! S3 says that an object was created: by its own notification, or through EventBridge.

use aws_lambda_events::event::s3::S3Entity;
use percent_encoding::percent_decode_str;
use serde_json::Value;
use time::OffsetDateTime;

use super::{Trigger, UnknownEvent, Upload, shown, time};

/// One record of a notification.
pub(super) fn record(index: usize, record: &Value) -> Result<Trigger, UnknownEvent> {
    let place = format!("Records[{index}]");
    let source = record.get("eventSource").and_then(Value::as_str);
    let Some(s3) = record.get("s3").filter(|_| source.is_none_or(|source| source == "aws:s3")) else {
        let from = source.map_or_else(|| "without an eventSource".into(), |source| format!("from {:?}", shown(source)));
        return Err(UnknownEvent::part(place, format!("is {from}, expected an S3 notification (aws:s3)")));
    };
    let name = record.get("eventName").and_then(Value::as_str).unwrap_or("ObjectCreated:");
    if !name.starts_with("ObjectCreated:") {
        return Ok(Trigger::Nothing("the S3 event is not ObjectCreated".into()));
    }
    // Only the `s3` part is read by its type: the typed record insists on fields that we do not need.
    let s3: S3Entity = serde_json::from_value(s3.clone())
        .map_err(|_| UnknownEvent::part(format!("{place}.s3"), "does not read as S3 documents it"))?;
    let (Some(bucket), Some(key)) = (s3.bucket.name, s3.object.key) else {
        return Err(UnknownEvent::part(format!("{place}.s3"), "lacks bucket.name or object.key"));
    };
    // Form encoding: `+` is a space, everything else percent-encoded UTF-8 (S3 user guide, event structure).
    let key = percent_decode_str(&key.replace('+', " "))
        .decode_utf8()
        .map(Into::into)
        .map_err(|_| UnknownEvent::part(format!("{place}.s3.object.key"), "is not percent-encoded UTF-8"))?;
    Ok(uploaded(bucket, key, s3.object.version_id, time(record, "eventTime")))
}

/// S3's event through EventBridge.
pub(super) fn event_bridge(event: &Value) -> Result<Trigger, UnknownEvent> {
    let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str);
    if text("/detail-type") != Some("Object Created") {
        return Ok(Trigger::Nothing("the S3 event is not Object Created".into()));
    }
    let (Some(bucket), Some(key)) = (text("/detail/bucket/name"), text("/detail/object/key")) else {
        return Err(UnknownEvent::part("detail", "lacks bucket.name or object.key"));
    };
    // EventBridge sends the key as it is (its sample shows it so).
    let version_id = text("/detail/object/version-id").map(Into::into);
    Ok(uploaded(bucket.into(), key.into(), version_id, time(event, "time")))
}

fn uploaded(bucket: String, key: String, version_id: Option<String>, at: Option<OffsetDateTime>) -> Trigger {
    if key.ends_with('/') {
        return Trigger::Nothing("the object is a folder".into());
    }
    Trigger::Upload(Upload { bucket, key, version_id: version_id.filter(|id| !id.is_empty()), at })
}
