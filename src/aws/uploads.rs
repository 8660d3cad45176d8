//! The bucket: account lists are read from it, reports are written to it.

use aws_sdk_s3::primitives::ByteStream;

use super::Aws;
use super::trouble::trouble;
use crate::event::Upload;
use crate::membership::{Trouble, quoted};
use crate::roster::{MAX_BYTES, Refused};

/// Why a list could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// Trying again would not help.
    Refused(Refused),
    /// Trying again may help, quoting what AWS says.
    Failed(String),
}

/// Why a report could not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the report could not be written to s3://{bucket}/{key}: {quoted}")]
pub struct WriteError {
    /// The bucket it should be in.
    pub bucket: String,
    /// Its key there.
    pub key: String,
    /// What AWS says.
    pub quoted: String,
}

impl Aws {
    /// The bytes of an uploaded list. Its size is looked at before its body is read.
    pub async fn read_list(&self, upload: &Upload) -> Result<Vec<u8>, ReadError> {
        let call = self.s3.get_object().bucket(&upload.bucket).key(&upload.key);
        let object = match call.set_version_id(upload.version_id.clone()).send().await {
            Ok(object) => object,
            Err(error) => {
                let status = error.raw_response().map(|response| response.status().as_u16());
                return Err(match (status, trouble(&error)) {
                    (Some(404), _) => ReadError::Refused(Refused::Gone),
                    (_, Trouble::Denied(said)) => ReadError::Refused(Refused::Unreadable(said)),
                    (_, trouble) => ReadError::Failed(trouble.to_string()),
                });
            }
        };
        let size = u64::try_from(object.content_length().unwrap_or(0)).unwrap_or(0);
        if size > MAX_BYTES {
            return Err(ReadError::Refused(Refused::TooLarge(size)));
        }
        let mut body = object.body;
        let mut list = Vec::new();
        while let Some(part) = body.next().await {
            let part = part.map_err(|error| ReadError::Failed(quoted(&error.to_string())))?;
            list.extend_from_slice(&part);
            if list.len() as u64 > MAX_BYTES {
                return Err(ReadError::Refused(Refused::TooLarge(list.len() as u64)));
            }
        }
        Ok(list)
    }

    /// Whether the object has another version by now, or is deleted. Where S3 does not let us see that, it has not.
    pub async fn is_superseded(&self, upload: &Upload) -> Result<bool, Trouble> {
        match self.s3.head_object().bucket(&upload.bucket).key(&upload.key).send().await {
            Ok(current) => Ok(current.version_id != upload.version_id),
            Err(error) if error.raw_response().is_some_and(|response| response.status().as_u16() == 404) => Ok(true),
            Err(error) => match trouble(&error) {
                Trouble::Denied(_) => Ok(false),
                trouble => Err(trouble),
            },
        }
    }

    /// Writes one file of a report.
    pub async fn write_report(
        &self,
        bucket: &str,
        key: &str,
        content_type: &str,
        body: Vec<u8>,
    ) -> Result<(), WriteError> {
        let call = self.s3.put_object().bucket(bucket).key(key).content_type(content_type).body(ByteStream::from(body));
        let failed = |quoted| WriteError { bucket: bucket.into(), key: key.into(), quoted };
        call.send().await.map(drop).map_err(|error| failed(trouble(&error).to_string()))
    }
}
