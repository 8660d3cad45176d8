//! PutObject, GetObject, HeadObject, DeleteObject.

use std::ops::Range;

use bytes::Bytes;

use super::chunked;
use crate::iam::call::ApiCall;
use crate::state::bucket::{Bucket, Version};
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::request::Request;
use crate::wire::timestamp;

pub(super) fn put(bucket: &mut Bucket, key: &str, call: &ApiCall, id: String) -> Result<Reply, Refusal> {
    let there = bucket.current(key).is_some_and(|version| version.body.is_some());
    if there && call.request.header("if-none-match") == Some("*") {
        let message = "At least one of the pre-conditions you specified did not hold";
        return Err(Refusal::new(412, "PreconditionFailed", message));
    }
    let incomplete = || Refusal::new(400, "IncompleteBody", "The request body terminated unexpectedly");
    let body = chunked::body(call.request).ok_or_else(incomplete)?;
    let id = bucket.put(key, Some(body), id, call.now);
    let etag = bucket.version(key, &id).map(|version| version.etag.clone()).unwrap_or_default();
    Ok(versioned(Reply::empty().with("ETag", etag), bucket, &id))
}

pub(super) fn get(bucket: &Bucket, key: &str, request: &Request) -> Result<Reply, Refusal> {
    let (version, body) = find(bucket, key, request)?;
    let reply = described(bucket, version);
    let Some(wanted) = request.header("range") else { return Ok(reply.carrying(body.clone())) };
    let unsatisfiable = || Refusal::new(416, "InvalidRange", "The requested range is not satisfiable");
    let range = range(wanted, body.len()).ok_or_else(unsatisfiable)?;
    let told = format!("bytes {}-{}/{}", range.start, range.end - 1, body.len());
    Ok(reply.status(206).with("Content-Range", told).carrying(body.slice(range)))
}

pub(super) fn head(bucket: &Bucket, key: &str, request: &Request) -> Result<Reply, Refusal> {
    let (version, body) = find(bucket, key, request)?;
    Ok(described(bucket, version).with("Content-Length", body.len().to_string()))
}

/// Deletes one version permanently, or marks the object as deleted.
pub(super) fn delete(bucket: &mut Bucket, key: &str, call: &ApiCall, id: String) -> Reply {
    if let Some(version) = call.request.parameter("versionId") {
        let marker = bucket.remove(key, &version).is_some_and(|removed| removed.body.is_none());
        let reply = Reply::empty().status(204).with("x-amz-version-id", version);
        return if marker { reply.with("x-amz-delete-marker", "true") } else { reply };
    }
    let reply = Reply::empty().status(204);
    match bucket.delete(key, id, call.now) {
        Some(id) => reply.with("x-amz-delete-marker", "true").with("x-amz-version-id", id),
        None => reply,
    }
}

/// Whether the object exists, or the version of it that the request names.
pub(super) fn exists(bucket: Option<&Bucket>, key: &str, request: &Request) -> bool {
    let found = bucket.and_then(|bucket| match request.parameter("versionId") {
        Some(id) => bucket.version(key, &id),
        None => bucket.current(key).filter(|version| version.body.is_some()),
    });
    found.is_some()
}

fn find<'a>(bucket: &'a Bucket, key: &str, request: &Request) -> Result<(&'a Version, &'a Bytes), Refusal> {
    let missing = || Refusal::new(404, "NoSuchKey", "The specified key does not exist.");
    let version = match request.parameter("versionId") {
        Some(id) => {
            let message = "The specified version does not exist.";
            bucket.version(key, &id).ok_or_else(|| Refusal::new(404, "NoSuchVersion", message))?
        }
        None => bucket.current(key).ok_or_else(missing)?,
    };
    let Some(body) = &version.body else {
        // A delete marker that is requested by its version id cannot be read (API reference).
        let mut refusal = match request.parameter("versionId") {
            Some(_) => {
                Refusal::new(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
            }
            None => missing(),
        };
        refusal.headers = vec![("x-amz-delete-marker", "true".into()), ("x-amz-version-id", version.id.clone())];
        return Err(refusal);
    };
    if request.header("if-match").is_some_and(|etag| etag.trim_matches('"') != version.etag.trim_matches('"')) {
        let message = "At least one of the pre-conditions you specified did not hold";
        return Err(Refusal::new(412, "PreconditionFailed", message));
    }
    Ok((version, body))
}

fn described(bucket: &Bucket, version: &Version) -> Reply {
    let reply = Reply::empty()
        .with("Content-Type", "application/octet-stream")
        .with("ETag", version.etag.clone())
        .with("Last-Modified", timestamp::http(version.modified))
        .with("Accept-Ranges", "bytes");
    versioned(reply, bucket, &version.id)
}

fn versioned(reply: Reply, bucket: &Bucket, id: &str) -> Reply {
    if bucket.versioned { reply.with("x-amz-version-id", id) } else { reply }
}

/// The bytes that `bytes=1-3`, `bytes=1-` or `bytes=-3` selects, if there are any.
fn range(text: &str, length: usize) -> Option<Range<usize>> {
    let (first, last) = text.strip_prefix("bytes=")?.split_once('-')?;
    let range = match (first, last) {
        ("", last) => length.saturating_sub(last.parse().ok()?)..length,
        (first, "") => first.parse().ok()?..length,
        (first, last) => first.parse().ok()?..last.parse::<usize>().ok()?.saturating_add(1).min(length),
    };
    (range.start < range.end).then_some(range)
}

#[cfg(test)]
mod tests {
    use super::range;

    #[test]
    fn ranges_count_from_either_end() {
        assert_eq!(range("bytes=1-3", 10), Some(1..4));
        assert_eq!(range("bytes=8-20", 10), Some(8..10));
        assert_eq!(range("bytes=8-", 10), Some(8..10));
        assert_eq!(range("bytes=-3", 10), Some(7..10));
        assert_eq!(range("bytes=10-", 10), None);
        assert_eq!(range("nonsense", 10), None);
    }
}
