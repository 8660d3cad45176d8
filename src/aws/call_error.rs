//! Reads the SDK's errors as call errors: the error code decides, then the HTTP status.

use std::error::Error;

use aws_sdk_guardduty::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use tokio::sync::AcquireError;

use crate::membership::{CallError, Denial, Refusal, quoted};

impl<E> From<SdkError<E, HttpResponse>> for CallError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    fn from(error: SdkError<E, HttpResponse>) -> Self {
        call_error(&error)
    }
}

/// The permits that calls begin with are closed once the run is stopped.
impl From<AcquireError> for CallError {
    fn from(_: AcquireError) -> Self {
        Self::Interrupted
    }
}

pub(super) fn call_error<E>(error: &SdkError<E, HttpResponse>) -> CallError
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            let said = context.err();
            from_service(context.raw().status().as_u16(), said.code().unwrap_or(""), said.message().unwrap_or(""))
        }
        SdkError::TimeoutError(_) => CallError::Transient("no answer in time".into()),
        SdkError::DispatchFailure(_) if !resolves(error) => CallError::NoEndpoint,
        SdkError::DispatchFailure(_) => CallError::Transient("the connection failed".into()),
        SdkError::ResponseError(_) => CallError::Transient("the answer could not be read".into()),
        other => CallError::Refused(Refusal::Unknown(quoted(&causes(other)))),
    }
}

fn from_service(status: u16, code: &str, message: &str) -> CallError {
    let said = || if message.is_empty() { format!("{} (HTTP {status})", quoted(code)) } else { quoted(message) };
    let denied = || CallError::Denied(Denial { quoted: said(), ..Denial::parse(message) });
    match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => CallError::Expired,
        // The same error (AWS R3, R4), in the words of JSON services, of STS and of S3.
        "UnrecognizedClientException" | "InvalidClientTokenId" | "InvalidAccessKeyId" | "InvalidToken" => {
            CallError::Token(said())
        }
        // The account's sign-up is not complete yet (AWS A14).
        "OptInRequired" | "SubscriptionRequiredException" => CallError::Transient(said()),
        "AccessDenied" | "AccessDeniedException" => denied(),
        "TooManyRequestsException" | "SlowDown" | "RequestLimitExceeded" | "RequestTimeout" => {
            CallError::Transient(said())
        }
        _ if code.contains("Throttl") || status == 429 || status >= 500 => CallError::Transient(said()),
        _ if status == 403 => denied(),
        _ => match Refusal::parse(message) {
            Refusal::Unknown(_) => CallError::Refused(Refusal::Unknown(said())),
            refusal => CallError::Refused(refusal),
        },
    }
}

/// Whether the host name may resolve another time. The connector has only the C library's words for a name that does
/// not exist. A resolver that does not answer gives "temporary failure" instead.
fn resolves(error: &(dyn Error + 'static)) -> bool {
    let said = causes(error).to_ascii_lowercase();
    let unknown =
        ["name or service not known", "no address associated", "nodename nor servname", "name does not resolve"];
    !unknown.iter().any(|words| said.contains(words))
}

fn causes(error: &(dyn Error + 'static)) -> String {
    let mut said = error.to_string();
    let mut next = error.source();
    while let Some(cause) = next {
        said = format!("{said}: {cause}");
        next = cause.source();
    }
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_kinds_of_403_are_told_apart() {
        let token = "The security token included in the request is";
        let invalid = format!("{token} invalid.");
        for code in ["UnrecognizedClientException", "InvalidClientTokenId"] {
            assert_eq!(from_service(403, code, &invalid), CallError::Token(invalid.clone()), "{code}");
        }
        assert_eq!(from_service(403, "ExpiredTokenException", &format!("{token} expired")), CallError::Expired);
        let denied = "User: x is not authorized to perform: guardduty:CreateDetector";
        assert_eq!(from_service(403, "AccessDeniedException", denied), CallError::Denied(Denial::parse(denied)));
    }

    #[test]
    fn a_missing_permission_for_the_service_linked_role_is_denied_though_it_comes_as_400() {
        let text =
            "The request was rejected because you do not have the required iam:CreateServiceLinkedRole permission.";
        assert_eq!(from_service(400, "AccessDeniedException", text), CallError::Denied(Denial::parse(text)));
    }

    #[test]
    fn what_passes_by_itself_is_transient() {
        for (status, code) in [(429, "TooManyRequestsException"), (400, "Throttling"), (500, ""), (503, "SlowDown")] {
            assert!(matches!(from_service(status, code, ""), CallError::Transient(_)), "{code}");
        }
    }

    #[test]
    fn a_bad_request_is_a_refusal() {
        let text = "The request is rejected because a detector already exists for the current account.";
        assert_eq!(from_service(400, "BadRequestException", text), CallError::Refused(Refusal::DetectorExists));
        let unknown = Refusal::Unknown("BadRequestException (HTTP 400)".into());
        assert_eq!(from_service(400, "BadRequestException", ""), CallError::Refused(unknown));
    }
}
