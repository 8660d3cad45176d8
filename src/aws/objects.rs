//! Objects in buckets: reads lists and writes reports. Every call names the account that must own the bucket: a
//! bucket's name says nothing about its owner, and can be anybody's.

use aws_sdk_s3::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;

use super::call_error::call_error;
use super::parts::Parts;
use super::{Aws, TOKEN_LENGTH};
use crate::account::AccountId;
use crate::membership::{CallError, Refusal, quoted};

/// One object, or one version of it (AWS O7), in a bucket of `owner`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ObjectRef<'a> {
    pub owner: AccountId,
    pub bucket: &'a str,
    pub key: &'a str,
    pub version_id: Option<&'a str>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ObjectError {
    /// The object or its bucket does not exist.
    Gone,
    /// S3 does not let us read it. Quotes why.
    Denied(String),
    /// S3 will never accept the request. Quotes why.
    NotGiven(String),
    /// It has this many bytes, or more.
    TooLarge(u64),
    /// Trying again may help. Quotes why.
    Failed(String),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Superseded {
    /// A newer version. Its id is `None` if versioning was switched off since.
    Newer(Option<String>),
    Deleted,
}

/// What to do with an existing object of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    Replace,
    Keep,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the report could not be written to s3://{bucket}/{}: {quoted}", crate::quote::key(.key))]
pub struct WriteError {
    pub bucket: String,
    pub key: String,
    pub quoted: String,
    /// Whether S3 will never accept such a request, so that trying again would not help.
    pub is_final: bool,
}

impl WriteError {
    pub(crate) fn late(bucket: &str, key: &str) -> Self {
        Self { bucket: bucket.into(), key: key.into(), quoted: "no answer in time".into(), is_final: false }
    }
}

/// How many pages of keys are read, of a thousand each.
const PAGES: usize = 20;

/// The cure for a denial: S3 seldom says why.
const MAY_WRITE: &str = "; check that the bucket belongs to the administrator account; allow the function s3:PutObject on \
                         it, in its role and in the bucket's policy, and kms:GenerateDataKey on the key if the bucket \
                         encrypts with SSE-KMS";

impl Aws {
    /// The bytes of an object, at most `limit`, and which version they are. Its size is checked before its body is read.
    pub async fn read_object(
        &self,
        object: ObjectRef<'_>,
        limit: u64,
    ) -> Result<(Vec<u8>, Option<String>), ObjectError> {
        let call = self.s3.get_object().bucket(object.bucket).key(object.key);
        let call = call.expected_bucket_owner(object.owner.to_string());
        let got = match call.set_version_id(object.version_id.map(Into::into)).send().await {
            Ok(got) => got,
            Err(error) => {
                return Err(match (status(&error), call_error(&error)) {
                    (Some(404), _) => ObjectError::Gone,
                    (_, CallError::Denied(denial)) => ObjectError::Denied(denial.quoted),
                    // The bucket is in another Region, or S3 does not accept such a key. KMS answers with 400, too, but
                    // a key may be enabled again.
                    (Some(301 | 400), CallError::Refused(Refusal::Unknown(said))) if !is_about_kms(&error) => {
                        ObjectError::NotGiven(said)
                    }
                    (_, error) => ObjectError::Failed(error.to_string()),
                });
            }
        };
        let size = u64::try_from(got.content_length().unwrap_or(0)).unwrap_or(0);
        if size > limit {
            return Err(ObjectError::TooLarge(size));
        }
        let version_id = got.version_id;
        let mut body = got.body;
        let mut bytes = Vec::new();
        while let Some(part) = body.next().await {
            let part = part.map_err(|error| ObjectError::Failed(quoted(&error.to_string())))?;
            bytes.extend_from_slice(&part);
            if bytes.len() as u64 > limit {
                return Err(ObjectError::TooLarge(bytes.len() as u64));
            }
        }
        Ok((bytes, version_id))
    }

    /// What replaced the version. `None` if it is still current. Without `s3:ListBucket` S3 denies it for an object that
    /// is gone, too (AWS O5).
    pub async fn superseded(&self, object: ObjectRef<'_>) -> Result<Option<Superseded>, CallError> {
        let call = self.s3.head_object().bucket(object.bucket).key(object.key);
        match call.expected_bucket_owner(object.owner.to_string()).send().await {
            Ok(HeadObjectOutput { version_id, .. }) => {
                Ok((version_id.as_deref() != object.version_id).then_some(Superseded::Newer(version_id)))
            }
            Err(error) if status(&error) == Some(404) => Ok(Some(Superseded::Deleted)),
            Err(error) => Err(error.into()),
        }
    }

    /// The keys of all current objects under a prefix.
    pub async fn keys(&self, owner: AccountId, bucket: &str, prefix: &str) -> Result<Vec<String>, CallError> {
        let mut keys = Vec::new();
        let mut token = None;
        for _ in 0..PAGES {
            let call = self.s3.list_objects_v2().bucket(bucket).prefix(prefix).set_continuation_token(token);
            let page = call.expected_bucket_owner(owner.to_string()).send().await?;
            keys.extend(page.contents().iter().filter_map(|object| object.key()).map(ToOwned::to_owned));
            token = page.next_continuation_token.filter(|token| !token.is_empty());
            match &token {
                None => return Ok(keys),
                Some(token) if token.len() > TOKEN_LENGTH => break,
                Some(_) => {}
            }
        }
        Err(CallError::Transient(format!("the lists under {prefix} do not end after {PAGES} pages")))
    }

    /// Writes one file of a report. Returns `false` if an existing one was kept.
    pub async fn write_report(
        &self,
        object: ObjectRef<'_>,
        content_type: &str,
        body: Parts,
        existing: Existing,
    ) -> Result<bool, WriteError> {
        let length = i64::try_from(body.length()).ok();
        let call = self.s3.put_object().bucket(object.bucket).key(object.key);
        let call = call.expected_bucket_owner(object.owner.to_string());
        let call = call.content_type(content_type).set_content_length(length).body(body.stream());
        let if_none_match = (existing == Existing::Keep).then(|| "*".into());
        match call.set_if_none_match(if_none_match).send().await {
            Ok(_) => Ok(true),
            Err(error) if status(&error) == Some(412) => Ok(false),
            Err(error) => {
                let (status, error) = (status(&error), CallError::from(error));
                let cure = if matches!(error, CallError::Denied(_)) { MAY_WRITE } else { "" };
                Err(WriteError {
                    bucket: object.bucket.into(),
                    key: object.key.into(),
                    quoted: format!("{error}{cure}"),
                    is_final: status == Some(400) && matches!(error, CallError::Refused(_)),
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
