//! What a client gets back, and when.

use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

/// One HTTP response, or a broken connection.
#[derive(Debug, Clone, Default)]
pub struct Reply {
    /// The HTTP status; 0 if the connection breaks instead.
    pub status: u16,
    /// In the order of sending.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Bytes,
    /// How long the answer takes. The doors do the waiting.
    pub delay: Duration,
    /// The connection breaks instead of answering.
    pub broken: bool,
}

impl Reply {
    /// The first header of this name, in any case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A success without a body.
    pub(crate) fn empty() -> Self {
        Self { status: 200, ..Self::default() }
    }

    pub(crate) fn json(value: &Value) -> Self {
        Self::empty().with("Content-Type", "application/json").carrying(value.to_string())
    }

    /// A JSON object of these fields, which are moved instead of copied: some are long lists.
    pub(crate) fn object<const N: usize>(fields: [(&str, Value); N]) -> Self {
        Self::json(&fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// As the AWS JSON protocols of SQS (1.0) and Organizations (1.1) send it.
    pub(crate) fn aws_json(version: &str, value: &Value) -> Self {
        Self::empty().with("Content-Type", format!("application/x-amz-json-{version}")).carrying(value.to_string())
    }

    pub(crate) fn xml(text: impl Into<String>) -> Self {
        Self::empty().with("Content-Type", "text/xml").carrying(text.into())
    }

    pub(crate) fn broken() -> Self {
        Self { broken: true, ..Self::default() }
    }

    pub(crate) fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    pub(crate) fn carrying(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    pub(crate) fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
}
