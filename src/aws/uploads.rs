//! The bucket: account lists are read from it, reports are written to it. Every call names the account that the bucket has
//! to belong to: a bucket's name says nothing about that, and can be anybody's.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::Aws;
use super::call_error::call_error;
use super::parts::Parts;
use crate::account::AccountId;
use crate::lambda::event::Upload;
use crate::membership::{CallError, Refusal, quoted};
use crate::roster::{ListError, MAX_BYTES};

/// Why a list could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Trying again would not help.
    Refused(ListError),
    /// Trying again may help, quoting what AWS says.
    Failed(String),
}

/// What became of an upload that is no longer current.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Superseded {
    /// There is a newer version.
    Newer {
        /// Its id; none where versioning was switched off since.
        version_id: Option<String>,
    },
    /// The object was deleted.
    Deleted,
}

/// Why a report could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the report could not be written to s3://{bucket}/{}: {quoted}", crate::quote::key(.key))]
pub struct WriteError {
    /// The bucket it should be in.
    pub bucket: String,
    /// Its key there.
    pub key: String,
    /// What AWS says.
    pub quoted: String,
    /// Whether trying again would not help: S3 does not take such a request.
    pub is_final: bool,
}

impl WriteError {
    /// There was no time left to write it.
    pub(crate) fn late(bucket: &str, key: &str) -> Self {
        Self { bucket: bucket.into(), key: key.into(), quoted: "no answer in time".into(), is_final: false }
    }
}

/// S3 seldom says why it denies something.
const MAY_WRITE: &str = "; see whether the bucket belongs to the administrator account; give the function s3:PutObject on \
                         it, in its role and in the bucket's policy, and kms:GenerateDataKey on the key if the bucket \
                         encrypts with SSE-KMS";

impl Aws {
    /// The bytes of an uploaded list, if its bucket is `owner`'s. Its size is looked at before its body is read.
    pub async fn read_list(&self, owner: AccountId, upload: &Upload) -> Result<Vec<u8>, ReadError> {
        let call =
            self.s3.get_object().bucket(&upload.bucket).key(&upload.key).expected_bucket_owner(owner.to_string());
        let object = match call.set_version_id(upload.version_id.clone()).send().await {
            Ok(object) => object,
            Err(error) => {
                return Err(match (status(&error), call_error(&error)) {
                    (Some(404), _) => ReadError::Refused(ListError::Gone),
                    (_, CallError::Denied(denial)) => ReadError::Refused(ListError::Unreadable(denial.quoted)),
                    // The bucket is in another Region, or S3 does not take such a key. KMS, too, answers with 400, but a
                    // key may be switched on again.
                    (Some(301 | 400), CallError::Refused(Refusal::Unknown(said))) if !is_about_kms(&error) => {
                        ReadError::Refused(ListError::NotGiven(said))
                    }
                    (_, trouble) => ReadError::Failed(trouble.to_string()),
                });
            }
        };
        let size = u64::try_from(object.content_length().unwrap_or(0)).unwrap_or(0);
        if size > MAX_BYTES {
            return Err(ReadError::Refused(ListError::TooLarge(size)));
        }
        let mut body = object.body;
        let mut list = Vec::new();
        while let Some(part) = body.next().await {
            let part = part.map_err(|error| ReadError::Failed(quoted(&error.to_string())))?;
            list.extend_from_slice(&part);
            if list.len() as u64 > MAX_BYTES {
                return Err(ReadError::Refused(ListError::TooLarge(list.len() as u64)));
            }
        }
        Ok(list)
    }

    /// What took the upload's place. None if it is still current, or if S3 does not let us see: without `s3:ListBucket` it
    /// answers 403 where an object is gone, too (API reference, HeadObject).
    pub async fn superseded(&self, owner: AccountId, upload: &Upload) -> Result<Option<Superseded>, CallError> {
        let call = self.s3.head_object().bucket(&upload.bucket).key(&upload.key);
        match call.expected_bucket_owner(owner.to_string()).send().await {
            Ok(HeadObjectOutput { version_id, .. }) => {
                Ok((version_id != upload.version_id).then_some(Superseded::Newer { version_id }))
            }
            Err(error) if status(&error) == Some(404) => Ok(Some(Superseded::Deleted)),
            Err(error) => match call_error(&error) {
                CallError::Denied(_) => Ok(None),
                trouble => Err(trouble),
            },
        }
    }

    /// Writes one file of a report, if the bucket is `owner`'s; with `keep` only where there is none yet. Whether it was
    /// written.
    pub async fn write_report(
        &self,
        owner: AccountId,
        bucket: &str,
        key: &str,
        content_type: &str,
        body: Parts,
        keep: bool,
    ) -> Result<bool, WriteError> {
        let length = i64::try_from(body.length()).ok();
        let call = self.s3.put_object().bucket(bucket).key(key).expected_bucket_owner(owner.to_string());
        let call = call.content_type(content_type).set_content_length(length).body(body.stream());
        match call.set_if_none_match(keep.then(|| "*".into())).send().await {
            Ok(_) => Ok(true),
            Err(error) if status(&error) == Some(412) => Ok(false),
            Err(error) => {
                let trouble = call_error(&error);
                let cure = if matches!(trouble, CallError::Denied(_)) { MAY_WRITE } else { "" };
                Err(WriteError {
                    bucket: bucket.into(),
                    key: key.into(),
                    quoted: format!("{trouble}{cure}"),
                    is_final: status(&error) == Some(400) && matches!(trouble, CallError::Refused(_)),
                })
            }
        }
    }
}

fn is_about_kms<E: ProvideErrorMetadata>(error: &SdkError<E, HttpResponse>) -> bool {
    error.code().is_some_and(|code| code.starts_with("KMS."))
}

fn status<E>(error: &SdkError<E, HttpResponse>) -> Option<u16> {
    error.raw_response().map(|response| response.status().as_u16())
}
