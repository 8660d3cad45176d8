//! What a client sent, and what its signature says about who sent it, to which service, in which Region.

use bytes::Bytes;
use percent_encoding::percent_decode_str;

/// One HTTP request.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `POST` and so on.
    pub method: String,
    /// The host, with the port if one was given.
    pub host: String,
    /// The path as it was sent, percent-encoding included.
    pub path: String,
    /// What follows the question mark, as it was sent.
    pub query: String,
    /// Names in any case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Bytes,
}

/// The credential scope of a Signature Version 4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Scope {
    pub key: String,
    pub region: String,
    pub service: String,
}

impl Request {
    /// The first header of this name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The first query parameter of this name, decoded.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        pairs(&self.query).into_iter().find(|(found, _)| found == name).map(|(_, value)| value)
    }

    /// All query parameters of this name, decoded.
    pub(crate) fn parameters(&self, name: &str) -> Vec<String> {
        pairs(&self.query).into_iter().filter(|(found, _)| found == name).map(|(_, value)| value).collect()
    }

    /// The parts of the path between its slashes, decoded.
    pub(crate) fn segments(&self) -> Vec<String> {
        self.path.trim_matches('/').split('/').filter(|part| !part.is_empty()).map(decoded).collect()
    }

    /// The credential scope, from the header or from the query of a presigned URL. The signature is not verified.
    pub(crate) fn scope(&self) -> Option<Scope> {
        let credential = match self.header("authorization") {
            Some(header) => header.split_once("Credential=")?.1.split([',', ' ']).next()?.to_owned(),
            None => self.parameter("X-Amz-Credential")?,
        };
        let mut parts = credential.split('/');
        let (key, _date) = (parts.next()?, parts.next()?);
        let (region, service) = (parts.next()?, parts.next()?);
        Some(Scope { key: key.into(), region: region.into(), service: service.into() })
    }
}

/// The names and values of a query or of a form, decoded.
pub(crate) fn pairs(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
        .map(|(name, value)| (decoded(&name.replace('+', " ")), decoded(&value.replace('+', " "))))
        .collect()
}

/// Percent-decoded text.
pub(crate) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::{Request, pairs};

    #[test]
    fn the_scope_comes_from_the_signature_and_not_from_the_host() {
        let signature = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/eu-west-1/guardduty/aws4_request, \
                         SignedHeaders=host, Signature=00";
        let request = Request {
            host: "sts.us-east-1.amazonaws.com".into(),
            headers: vec![("Authorization".into(), signature.into())],
            ..Request::default()
        };

        let scope = request.scope().expect("it is signed");

        assert_eq!((scope.region.as_str(), scope.service.as_str()), ("eu-west-1", "guardduty"));
        assert_eq!(scope.key, "AKIAIOSFODNN7EXAMPLE");
    }

    #[test]
    fn a_presigned_url_carries_its_scope_in_the_query() {
        let query = "X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Expires=60";
        let request = Request { query: query.into(), ..Request::default() };
        assert_eq!(request.scope().map(|scope| scope.service), Some("s3".into()));
    }

    #[test]
    fn forms_are_decoded_with_plus_as_a_space() {
        assert_eq!(pairs("a=b+c%2B&d"), [("a".into(), "b c+".into()), ("d".into(), String::new())]);
    }
}
