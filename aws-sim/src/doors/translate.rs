//! Requests and replies in the types of the `http` crate, which both doors speak.

use bytes::Bytes;
use http::request::Parts;
use http::uri::Authority;

use crate::wire::reply::Reply;
use crate::wire::request::Request;

pub(super) fn request(head: &Parts, body: Bytes) -> Request {
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into()));
    let named = head.headers.get("host").and_then(|host| host.to_str().ok());
    let host = named.or_else(|| head.uri.authority().map(Authority::as_str)).unwrap_or_default();
    Request {
        method: head.method.to_string(),
        host: host.into(),
        path: head.uri.path().into(),
        query: head.uri.query().unwrap_or_default().into(),
        headers: headers.collect(),
        body,
    }
}

/// The response, with a content length even if the body is empty, as in the samples of AWS's API references.
pub(super) fn response(reply: Reply) -> Result<http::Response<Bytes>, http::Error> {
    let mut response = http::Response::builder().status(reply.status);
    if reply.header("content-length").is_none() {
        response = response.header("Content-Length", reply.body.len());
    }
    for (name, value) in reply.headers {
        response = response.header(name, value);
    }
    response.body(reply.body)
}
