//! The query protocol, which STS and SNS speak: form fields in, XML out.

use crate::iam::call::ApiCall;
use crate::state::State;
use crate::wire::reply::Reply;
use crate::wire::request::pairs;
use crate::wire::xml;

/// The fields of a request.
pub(super) struct Form(Vec<(String, String)>);

impl Form {
    /// Reads the body or, of a GET request, the query.
    pub(super) fn read(call: &ApiCall) -> Self {
        let body = String::from_utf8_lossy(&call.request.body);
        Self(pairs(if body.is_empty() { &call.request.query } else { &body }))
    }

    pub(super) fn field(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }
}

/// The answer of an operation, with this content.
pub(super) fn reply(state: &mut State, namespace: &str, operation: &str, content: &str) -> Reply {
    let request_id = xml::text("RequestId", &state.ids.uuid());
    let result = xml::element(&format!("{operation}Result"), content);
    let metadata = xml::element("ResponseMetadata", &request_id);
    Reply::xml(xml::document(&format!("{operation}Response"), namespace, &(result + &metadata)))
}
