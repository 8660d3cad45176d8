//! Whose credentials we have, for a command line: the function knows it by its ARN.

use std::error::Error;

use aws_sdk_sts::error::SdkError;

use super::Aws;
use super::call_error::call_error;
use super::identity::Identity;
use crate::quote;

/// Why it is not known who we are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CallerError {
    /// No credentials were found, or they could not be got. Quotes why.
    #[error("there are no AWS credentials: {0}")]
    NoCredentials(String),
    /// AWS does not accept the credentials. Quotes why.
    #[error("AWS does not accept the credentials: {0}")]
    Refused(String),
    /// No answer that says anything about them. Quotes why.
    #[error("AWS STS did not answer: {0}")]
    NoAnswer(String),
}

impl Aws {
    /// Whose credentials these are.
    pub async fn caller(&self) -> Result<Identity, CallerError> {
        match aws_sdk_sts::Client::new(&self.sdk).get_caller_identity().send().await {
            Ok(caller) => {
                let arn = caller.arn().unwrap_or_default();
                let known = Identity::from_arn(arn);
                known.ok_or_else(|| CallerError::NoAnswer(format!("{} names no account", quote::name(arn))))
            }
            Err(SdkError::ServiceError(error)) => {
                let error = SdkError::ServiceError(error);
                Err(CallerError::Refused(call_error(&error).to_string()))
            }
            Err(error) => {
                let said = quote::sentence(&causes(&error));
                // The SDK has no kind of its own for a call that got no credentials.
                let is_without = match &error {
                    SdkError::ConstructionFailure(_) => true,
                    SdkError::DispatchFailure(failure) => failure.is_other(),
                    _ => false,
                };
                Err(if is_without { CallerError::NoCredentials(said) } else { CallerError::NoAnswer(said) })
            }
        }
    }
}

/// What the error says, and what each of its causes adds.
fn causes(error: &dyn Error) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if !said.contains(&text) {
            said.push(text);
        }
        next = error.source();
    }
    said.join(": ")
}
