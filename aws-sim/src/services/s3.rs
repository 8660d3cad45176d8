//! S3: the operation that a request means, its bucket and object, and the function that answers it.

mod chunked;
mod list;
mod objects;

use crate::iam::action::Action;
use crate::iam::call::{ApiCall, Authorization};
use crate::state::State;
use crate::state::bucket::Bucket;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::request::{Request, decoded};
use crate::wire::service::Service;

/// The bucket and object of a request.
struct Place {
    bucket: String,
    /// Empty for the bucket itself.
    key: String,
}

pub(crate) fn authorization(state: &State, call: &ApiCall) -> Result<Authorization, String> {
    let request = call.request;
    let place = Place::of(request);
    let versioned = request.parameter("versionId").is_some();
    let unknown = || format!("{} {}", request.method, request.path);
    let (operation, action) = match (request.method.as_str(), place.bucket.as_str(), place.key.as_str()) {
        (_, "", _) => return Err(unknown()),
        ("PUT", _, "") if !subresource(request) => ("CreateBucket", "s3:CreateBucket"),
        ("HEAD", _, "") => ("HeadBucket", "s3:ListBucket"),
        ("GET", _, "") if request.parameter("list-type").is_some() => ("ListObjectsV2", "s3:ListBucket"),
        ("GET", _, "") if request.parameter("versions").is_some() => ("ListObjectVersions", "s3:ListBucketVersions"),
        (_, _, "") => return Err(unknown()),
        _ if subresource(request) => return Err(unknown()),
        ("PUT", ..) => ("PutObject", "s3:PutObject"),
        ("GET", ..) if versioned => ("GetObject", "s3:GetObjectVersion"),
        ("GET", ..) => ("GetObject", "s3:GetObject"),
        ("HEAD", ..) if versioned => ("HeadObject", "s3:GetObjectVersion"),
        ("HEAD", ..) => ("HeadObject", "s3:GetObject"),
        ("DELETE", ..) if versioned => ("DeleteObject", "s3:DeleteObjectVersion"),
        ("DELETE", ..) => ("DeleteObject", "s3:DeleteObject"),
        _ => return Err(unknown()),
    };
    let write = matches!(operation, "CreateBucket" | "PutObject" | "DeleteObject");
    let partition = crate::iam::arn::partition(call.region);
    let slash = if place.key.is_empty() { "" } else { "/" };
    let resource = format!("arn:{partition}:s3:::{}{slash}{}", place.bucket, place.key);
    let mut authorization = Authorization::plain(Service::S3, operation, write);
    let listing = |action: &str, prefix: Option<String>| {
        let action = Action::on(action, format!("arn:{partition}:s3:::{}", place.bucket));
        prefix.map_or(action.clone(), |prefix| action.with("s3:prefix", prefix))
    };
    authorization.actions = match operation {
        "ListObjectsV2" | "ListObjectVersions" => vec![listing(action, request.parameter("prefix"))],
        _ => vec![Action::on(action, resource)],
    };
    // Only a caller that may list the bucket learns that an object does not exist. S3 then takes its key as the prefix
    // (AWS O5).
    if matches!(operation, "GetObject" | "HeadObject")
        && !objects::exists(state.buckets.get(&place.bucket), &place.key, request)
    {
        authorization.actions.push(listing("s3:ListBucket", Some(place.key.clone())));
    }
    let caller = &call.caller.account;
    authorization.actions = authorization.actions.into_iter().map(|action| state.with_owner(action, caller)).collect();
    Ok(authorization)
}

pub(crate) fn answer(state: &mut State, call: &ApiCall, operation: &str) -> Result<Reply, Refusal> {
    let place = Place::of(call.request);
    match operation {
        "CreateBucket" => {
            let owner = call.caller.account.clone();
            let bucket = state.buckets.entry(place.bucket.clone());
            let bucket = bucket.or_insert_with(|| Bucket::of(&owner));
            if bucket.owner != owner {
                let message = "The requested bucket name is not available.";
                return Err(Refusal::new(409, "BucketAlreadyExists", message));
            }
            Ok(Reply::empty().with("Location", format!("/{}", place.bucket)))
        }
        "HeadBucket" => existing(state, call, &place).map(|_| Reply::empty()),
        "ListObjectsV2" => {
            let cap = state.knobs.page_size;
            list::objects(existing(state, call, &place)?, &place.bucket, call.request, cap)
        }
        "ListObjectVersions" => {
            let cap = state.knobs.page_size;
            list::versions(existing(state, call, &place)?, &place.bucket, call.request, cap)
        }
        "PutObject" => {
            let id = state.ids.hex32();
            objects::put(existing(state, call, &place)?, &place.key, call, id)
        }
        "GetObject" => objects::get(existing(state, call, &place)?, &place.key, call.request),
        "HeadObject" => objects::head(existing(state, call, &place)?, &place.key, call.request),
        "DeleteObject" => {
            let id = state.ids.hex32();
            Ok(objects::delete(existing(state, call, &place)?, &place.key, call, id))
        }
        _ => Err(Refusal::unknown_operation(operation)),
    }
}

/// The bucket, if it belongs to the account that the request expects. S3 does not say that it belongs to another one.
fn existing<'a>(state: &'a mut State, call: &ApiCall, place: &Place) -> Result<&'a mut Bucket, Refusal> {
    let missing = || Refusal::new(404, "NoSuchBucket", "The specified bucket does not exist");
    let bucket = state.buckets.get_mut(&place.bucket).ok_or_else(missing)?;
    let expected = call.request.header("x-amz-expected-bucket-owner");
    if expected.is_some_and(|expected| expected != bucket.owner) {
        return Err(Refusal::access_denied(Service::S3, "Access Denied".into()));
    }
    Ok(bucket)
}

/// Whether the request is about a subresource of the object or bucket, such as its tags or a part of an upload.
fn subresource(request: &Request) -> bool {
    const NAMES: [&str; 10] = [
        "acl",
        "attributes",
        "legal-hold",
        "partNumber",
        "policy",
        "retention",
        "tagging",
        "uploadId",
        "uploads",
        "versioning",
    ];
    NAMES.iter().any(|name| request.parameter(name).is_some()) || request.header("x-amz-copy-source").is_some()
}

impl Place {
    /// The bucket is in the host name, or is the first part of the path.
    fn of(request: &Request) -> Self {
        let path = request.path.strip_prefix('/').unwrap_or(&request.path);
        if let Some(bucket) = bucket_in(&request.host) {
            return Self { bucket: bucket.into(), key: decoded(path) };
        }
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        Self { bucket: decoded(bucket), key: decoded(key) }
    }
}

/// The bucket that a host such as `bucket.s3.us-east-1.amazonaws.com`, `bucket.localhost` or `bucket.127.0.0.1:4566`
/// names.
fn bucket_in(host: &str) -> Option<&str> {
    let host = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()))
        .map_or(host, |(name, _)| name);
    let local = host.strip_suffix(".localhost").or_else(|| host.strip_suffix(".127.0.0.1"));
    let remote = || host.find(".s3.").or_else(|| host.find(".s3-")).map(|end| &host[..end]);
    let bucket = local.or_else(remote)?;
    // `s3.localhost` is the service itself, not a bucket.
    (bucket != "s3" && !bucket.is_empty()).then_some(bucket)
}

#[cfg(test)]
mod tests {
    use super::bucket_in;

    #[test]
    fn the_bucket_may_be_in_the_host() {
        assert_eq!(bucket_in("uploads.s3.us-east-1.amazonaws.com"), Some("uploads"));
        assert_eq!(bucket_in("my.uploads.s3-eu-west-1.amazonaws.com"), Some("my.uploads"));
        assert_eq!(bucket_in("uploads.127.0.0.1:4566"), Some("uploads"));
        assert_eq!(bucket_in("uploads.localhost"), Some("uploads"));
        for host in ["127.0.0.1:4566", "localhost:4566", "s3.us-east-1.amazonaws.com", "s3.localhost:4566"] {
            assert_eq!(bucket_in(host), None, "{host}");
        }
    }
}
