//! ListObjectsV2 and ListObjectVersions.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::state::bucket::{Bucket, Version};
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

/// What both lists are asked for. Delimiters are not simulated: a list is always flat.
struct Asked {
    prefix: String,
    most: usize,
    url: bool,
}

pub(super) fn objects(bucket: &Bucket, name: &str, request: &Request, cap: usize) -> Result<Reply, Refusal> {
    let asked = Asked::by(request)?;
    let start = request.parameter("start-after").unwrap_or_default();
    let found = bucket.objects().filter(|(key, _)| key.starts_with(&asked.prefix) && *key > start.as_str());
    let found = found.map(|(key, version)| (key, (key, version))).take(asked.reach());
    let token = request.parameter("continuation-token");
    let incorrect = || invalid("The continuation token provided is incorrect");
    let (found, next) = page(found, token.as_deref(), asked.most.min(cap)).ok_or_else(incorrect)?;

    let mut content = asked.told(name, next.is_some()) + &xml::text("KeyCount", &found.len().to_string());
    if let Some(token) = &token {
        content += &xml::text("ContinuationToken", token);
    }
    if let Some(next) = &next {
        content += &xml::text("NextContinuationToken", next);
    }
    for (key, version) in found {
        content += &xml::element("Contents", &(xml::text("Key", &asked.shown(key)) + &described(version)));
    }
    Ok(listed("ListBucketResult", &content))
}

/// Of each object the latest version first, delete markers included.
pub(super) fn versions(bucket: &Bucket, name: &str, request: &Request, cap: usize) -> Result<Reply, Refusal> {
    let asked = Asked::by(request)?;
    let key_marker = request.parameter("key-marker").unwrap_or_default();
    let version_marker = request.parameter("version-id-marker").unwrap_or_default();
    if key_marker.is_empty() && !version_marker.is_empty() {
        return Err(invalid("A version-id marker cannot be specified without a key marker."));
    }
    if !version_marker.is_empty() && bucket.version(&key_marker, &version_marker).is_none() {
        return Err(invalid("Invalid version id specified"));
    }
    // A key marker alone stands behind all versions of its key.
    let (key_after, version_after) = (key_marker.as_str(), version_marker.as_str());
    let rest = bucket.versions();
    let rest =
        rest.skip_while(|(key, version, _)| *key < key_after || *key == key_after && version.id != version_after);
    let rest = rest.skip(usize::from(!version_after.is_empty())).filter(|(key, ..)| key.starts_with(&asked.prefix));
    let mut rest = rest.take(asked.reach()).peekable();
    let found: Vec<_> = rest.by_ref().take(asked.most.min(cap)).collect();
    let last = found.last().filter(|_| rest.peek().is_some());

    let mut content = asked.told(name, last.is_some()) + &xml::text("KeyMarker", &asked.shown(&key_marker));
    content += &xml::text("VersionIdMarker", &version_marker);
    if let Some((key, version, _)) = last {
        content += &xml::text("NextKeyMarker", &asked.shown(key));
        content += &xml::text("NextVersionIdMarker", &version.id);
    }
    for (key, version, latest) in &found {
        let mut entry = xml::text("Key", &asked.shown(key)) + &xml::text("VersionId", &version.id);
        entry += &xml::text("IsLatest", if *latest { "true" } else { "false" });
        let kind = if version.body.is_some() { "Version" } else { "DeleteMarker" };
        content += &xml::element(kind, &(entry + &described(version)));
    }
    Ok(listed("ListVersionsResult", &content))
}

impl Asked {
    fn by(request: &Request) -> Result<Self, Refusal> {
        let most = match request.parameter("max-keys") {
            Some(text) => text.parse().map_err(|_| invalid("max-keys is not a number"))?,
            None => PAGE,
        };
        let prefix = request.parameter("prefix").unwrap_or_default();
        Ok(Self { prefix, most: most.min(PAGE), url: request.parameter("encoding-type").as_deref() == Some("url") })
    }

    /// How many entries there are to look at: a page of none is the last one.
    fn reach(&self) -> usize {
        if self.most == 0 { 0 } else { usize::MAX }
    }

    /// What an answer repeats of the request.
    fn told(&self, bucket: &str, truncated: bool) -> String {
        let mut told = xml::text("Name", bucket) + &xml::text("Prefix", &self.shown(&self.prefix));
        told += &xml::text("MaxKeys", &self.most.to_string());
        if self.url {
            told += &xml::text("EncodingType", "url");
        }
        told + &xml::text("IsTruncated", if truncated { "true" } else { "false" })
    }

    fn shown(&self, text: &str) -> String {
        if self.url { utf8_percent_encode(text, KEPT).to_string() } else { text.to_owned() }
    }
}

fn described(version: &Version) -> String {
    let modified = xml::text("LastModified", &timestamp::millis(version.modified));
    if version.body.is_none() {
        return modified;
    }
    modified
        + &xml::text("ETag", &version.etag)
        + &xml::text("Size", &version.size().to_string())
        + &xml::text("StorageClass", "STANDARD")
}

fn listed(name: &str, content: &str) -> Reply {
    Reply::xml(xml::DECLARATION.to_owned() + &xml::document(name, xml::S3_NAMESPACE, content))
}

fn invalid(message: &'static str) -> Refusal {
    Refusal::new(400, "InvalidArgument", message)
}
