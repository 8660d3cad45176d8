//! ListObjectsV2.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::state::bucket::Bucket;
use crate::wire::page::page;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::request::Request;
use crate::wire::timestamp;
use crate::wire::xml;

/// Entries on a page (API reference).
const PAGE: usize = 1000;
/// The characters that `encoding-type=url` does not encode.
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~').remove(b'/');

/// Delimiters are not simulated: the list is always flat.
pub(super) fn objects(bucket: &Bucket, name: &str, request: &Request, cap: usize) -> Result<Reply, Refusal> {
    let invalid = || Refusal::new(400, "InvalidArgument", "The continuation token provided is incorrect");
    let prefix = request.parameter("prefix").unwrap_or_default();
    let start = request.parameter("start-after").unwrap_or_default();
    let wanted = match request.parameter("max-keys") {
        Some(text) => text.parse().map_err(|_| Refusal::new(400, "InvalidArgument", "max-keys is not a number"))?,
        None => PAGE,
    };
    let url = request.parameter("encoding-type").as_deref() == Some("url");
    let shown = |text: &str| {
        if url { utf8_percent_encode(text, KEPT).to_string() } else { text.to_owned() }
    };

    let found = bucket.objects().filter(|(key, _)| key.starts_with(&prefix) && *key > start.as_str());
    let found = found.map(|(key, version)| (key, (key, version)));
    let token = request.parameter("continuation-token");
    let (found, next) = page(found, token.as_deref(), wanted.min(PAGE).min(cap)).ok_or_else(invalid)?;

    let mut content = xml::text("Name", name) + &xml::text("Prefix", &shown(&prefix));
    content += &xml::text("KeyCount", &found.len().to_string());
    content += &xml::text("MaxKeys", &wanted.min(PAGE).to_string());
    if url {
        content += &xml::text("EncodingType", "url");
    }
    content += &xml::text("IsTruncated", if next.is_some() { "true" } else { "false" });
    if let Some(token) = &token {
        content += &xml::text("ContinuationToken", token);
    }
    if let Some(next) = &next {
        content += &xml::text("NextContinuationToken", next);
    }
    for (key, version) in found {
        let object = xml::text("Key", &shown(key))
            + &xml::text("LastModified", &timestamp::millis(version.modified))
            + &xml::text("ETag", &version.etag)
            + &xml::text("Size", &version.size().to_string())
            + &xml::text("StorageClass", "STANDARD");
        content += &xml::element("Contents", &object);
    }
    let result = xml::document("ListBucketResult", xml::S3_NAMESPACE, &content);
    Ok(Reply::xml(xml::DECLARATION.to_owned() + &result))
}
