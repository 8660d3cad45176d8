//! Errors in the envelope of each service, and the errors that every service has under another name.

use std::borrow::Cow;

use serde_json::json;

use crate::wire::reply::Reply;
use crate::wire::service::Service;
use crate::wire::texts;
use crate::wire::xml;

/// An error, not yet in any service's envelope.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub status: u16,
    pub code: Cow<'static, str>,
    pub message: Cow<'static, str>,
    pub headers: Vec<(&'static str, String)>,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: impl Into<Cow<'static, str>>, message: impl Into<Cow<'static, str>>) -> Self {
        Self { status, code: code.into(), message: message.into(), headers: Vec::new() }
    }

    /// GuardDuty's own refusal.
    pub(crate) fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(400, "BadRequestException", message)
    }

    /// SQS's own refusal. Since SQS speaks JSON, its errors have two names. The second one, in a header, is for older
    /// clients.
    pub(crate) fn sqs(code: &'static str, old: &str, message: &'static str) -> Self {
        let old = if code == old { format!("{old};Sender") } else { format!("AWS.SimpleQueueService.{old};Sender") };
        Self { headers: vec![("x-amzn-query-error", old)], ..Self::new(400, code, message) }
    }

    pub(crate) fn unknown_operation(operation: &str) -> Self {
        Self::new(400, "UnknownOperationException", format!("the simulator does not know the operation {operation}"))
    }

    /// Too many calls, in the words of the service.
    pub(crate) fn throttled(service: Service) -> Self {
        match service {
            Service::GuardDuty => Self::new(429, "TooManyRequestsException", texts::THROTTLED),
            Service::Account => Self::new(429, "TooManyRequestsException", "Rate exceeded"),
            Service::Organizations => Self::new(400, "TooManyRequestsException", "Rate exceeded"),
            Service::Sts => Self::new(400, "Throttling", "Rate exceeded"),
            Service::S3 => Self::new(503, "SlowDown", "Please reduce your request rate."),
            Service::Sqs => Self::new(403, "RequestThrottled", "Request is throttled."),
            Service::Sns => Self::new(429, "Throttled", "Rate exceeded"),
        }
    }

    pub(crate) fn internal(service: Service) -> Self {
        match service {
            Service::GuardDuty => Self::new(500, "InternalServerErrorException", texts::INTERNAL),
            Service::Account => Self::new(500, "InternalServerException", texts::INTERNAL),
            Service::Organizations => Self::new(500, "ServiceException", texts::INTERNAL),
            Service::Sts | Service::Sqs => Self::new(500, "InternalFailure", texts::INTERNAL),
            Service::Sns => Self::new(500, "InternalError", texts::INTERNAL),
            Service::S3 => Self::new(500, "InternalError", "We encountered an internal error. Please try again."),
        }
    }

    pub(crate) fn expired(service: Service) -> Self {
        match service {
            Service::GuardDuty | Service::Account | Service::Sqs => {
                Self::new(403, "ExpiredTokenException", texts::EXPIRED)
            }
            Service::Organizations => Self::new(400, "ExpiredTokenException", texts::EXPIRED),
            Service::Sts | Service::Sns => Self::new(403, "ExpiredToken", texts::EXPIRED),
            Service::S3 => Self::new(400, "ExpiredToken", "The provided token has expired."),
        }
    }

    pub(crate) fn access_denied(service: Service, message: String) -> Self {
        match service {
            Service::Sts | Service::S3 => Self::new(403, "AccessDenied", message),
            Service::Sns => Self::new(403, "AuthorizationError", message),
            Service::GuardDuty | Service::Account | Service::Sqs => Self::new(403, "AccessDeniedException", message),
            Service::Organizations => Self::new(400, "AccessDeniedException", message),
        }
    }

    /// The error in the envelope of the service. The answer to a HEAD request never has a body.
    pub(crate) fn render(&self, service: Service, head: bool) -> Reply {
        let message = &*self.message;
        let reply = match service {
            Service::GuardDuty | Service::Account => self.rest_json(service),
            Service::Sqs => Reply::aws_json(
                "1.0",
                &json!({"__type": format!("com.amazonaws.sqs#{}", self.code), "message": message}),
            ),
            Service::Organizations => Reply::aws_json("1.1", &json!({"__type": self.code, "Message": message})),
            Service::Sts | Service::Sns => {
                let namespace = if service == Service::Sts { xml::STS_NAMESPACE } else { xml::SNS_NAMESPACE };
                let sender = if self.status < 500 { "Sender" } else { "Receiver" };
                let error = xml::text("Type", sender) + &xml::text("Code", &self.code) + &xml::text("Message", message);
                Reply::xml(xml::document("ErrorResponse", namespace, &xml::element("Error", &error)))
            }
            Service::S3 => {
                let error = xml::text("Code", &self.code) + &xml::text("Message", message);
                Reply::xml(xml::DECLARATION.to_owned() + &xml::element("Error", &error))
            }
        };
        let reply = if head { Reply::empty() } else { reply };
        self.headers.iter().fold(reply.status(self.status), |reply, (name, value)| reply.with(name, value))
    }

    /// GuardDuty's errors name their type in a header; the body has another name (AWS W2). Errors of the gateway in
    /// front of it have `Message`, with a capital letter (AWS W7).
    fn rest_json(&self, service: Service) -> Reply {
        let message = &*self.message;
        let body = match (service, &*self.code) {
            (Service::GuardDuty, "BadRequestException") => {
                json!({"message": message, "__type": "InvalidInputException"})
            }
            (Service::GuardDuty, "AccessDeniedException") => json!({"Message": message}),
            _ => json!({"message": message}),
        };
        Reply::json(&body).with("x-amzn-ErrorType", &*self.code)
    }
}
