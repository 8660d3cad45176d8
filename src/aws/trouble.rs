//! SDK errors become troubles: the code decides, then the HTTP status.

use std::error::Error;

use aws_sdk_guardduty::error::{ProvideErrorMetadata, SdkError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use crate::membership::{Denial, Refusal, Trouble, quoted};

/// What the SDK's error means for us.
pub(super) fn trouble<E>(error: &SdkError<E, HttpResponse>) -> Trouble
where
    E: ProvideErrorMetadata + Error + 'static,
{
    match error {
        SdkError::ServiceError(context) => {
            let said = context.err();
            of_service(context.raw().status().as_u16(), said.code().unwrap_or(""), said.message().unwrap_or(""))
        }
        SdkError::TimeoutError(_) => Trouble::Transient("no answer in time".into()),
        SdkError::DispatchFailure(_) if !resolves(error) => Trouble::NoEndpoint,
        SdkError::DispatchFailure(_) => Trouble::Transient("the connection failed".into()),
        SdkError::ResponseError(_) => Trouble::Transient("the answer could not be read".into()),
        other => Trouble::Refused(Refusal::Unknown(quoted(&causes(other)))),
    }
}

fn of_service(status: u16, code: &str, message: &str) -> Trouble {
    let said = || if message.is_empty() { format!("{} (HTTP {status})", quoted(code)) } else { quoted(message) };
    let denied = || Trouble::Denied(Denial { quoted: said(), ..Denial::of(message) });
    match code {
        "ExpiredToken" | "ExpiredTokenException" | "RequestExpired" => Trouble::Expired,
        // One and the same thing, by the names of JSON services, of STS and of S3.
        "UnrecognizedClientException" | "InvalidClientTokenId" | "InvalidAccessKeyId" | "InvalidToken" => {
            Trouble::Token(said())
        }
        // An account whose sign-up is not complete yet (common errors of the API references).
        "OptInRequired" | "SubscriptionRequiredException" => Trouble::Transient(said()),
        "AccessDenied" | "AccessDeniedException" => denied(),
        "TooManyRequestsException" | "SlowDown" | "RequestLimitExceeded" | "RequestTimeout" => {
            Trouble::Transient(said())
        }
        _ if code.contains("Throttl") || status == 429 || status >= 500 => Trouble::Transient(said()),
        _ if status == 403 => denied(),
        _ => match Refusal::of(message) {
            Refusal::Unknown(_) => Trouble::Refused(Refusal::Unknown(said())),
            refusal => Trouble::Refused(refusal),
        },
    }
}

/// Whether the host name may resolve another time. The connector says otherwise only in the C library's words; a
/// resolver that does not answer says "temporary failure" instead.
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
            assert_eq!(of_service(403, code, &invalid), Trouble::Token(invalid.clone()), "{code}");
        }
        assert_eq!(of_service(403, "ExpiredTokenException", &format!("{token} expired")), Trouble::Expired);
        let denied = "User: x is not authorized to perform: guardduty:CreateDetector";
        assert_eq!(of_service(403, "AccessDeniedException", denied), Trouble::Denied(Denial::of(denied)));
    }

    #[test]
    fn a_missing_permission_for_the_service_linked_role_is_denied_though_it_comes_as_400() {
        let text =
            "The request was rejected because you do not have the required iam:CreateServiceLinkedRole permission.";
        assert_eq!(of_service(400, "AccessDeniedException", text), Trouble::Denied(Denial::of(text)));
    }

    #[test]
    fn what_passes_by_itself_is_transient() {
        for (status, code) in [(429, "TooManyRequestsException"), (400, "Throttling"), (500, ""), (503, "SlowDown")] {
            assert!(matches!(of_service(status, code, ""), Trouble::Transient(_)), "{code}");
        }
    }

    #[test]
    fn a_bad_request_is_a_refusal() {
        let text = "The request is rejected because a detector already exists for the current account.";
        assert_eq!(of_service(400, "BadRequestException", text), Trouble::Refused(Refusal::DetectorExists));
        let unknown = Refusal::Unknown("BadRequestException (HTTP 400)".into());
        assert_eq!(of_service(400, "BadRequestException", ""), Trouble::Refused(unknown));
    }
}
