//! Lists in the bucket: reading one, and whether it still stands or a newer version took its place.

use tokio::time::{Instant, timeout_at};

use super::delivery::Delivery;
use super::event::Upload;
use crate::aws::{ObjectError, ObjectRef, Superseded};
use crate::outcome::{Notice, Refused};
use crate::roster::{self, ListError, MAX_BYTES, Roster};

/// What has become of an upload since.
pub(super) enum Standing {
    /// It is the current version, or S3 does not let us see.
    Current,
    /// A newer list took its place.
    Replaced,
    /// There is a newer version, and whether it is a list could not be seen, quoting why.
    Unclear(String),
    /// There is a newer version that is no list, so this one goes on; the notice says so.
    GoesOn(Notice),
    /// The list was deleted.
    Deleted,
}

/// What the list declares, or why it is refused. An error may pass by itself.
pub(super) async fn read(delivery: &Delivery<'_>, upload: &Upload) -> Result<Result<Roster, Refused>, String> {
    let administrator = delivery.identity.administrator;
    let refused = match delivery.aws.read_object(object(delivery, upload), MAX_BYTES).await {
        Ok(bytes) => return Ok(Ok(roster::read(&bytes, administrator))),
        Err(ObjectError::Failed(quoted)) => return Err(quoted),
        Err(ObjectError::Gone) => Refused::Gone,
        Err(ObjectError::Denied(quoted)) => Refused::Unreadable(quoted),
        Err(ObjectError::NotGiven(quoted)) => Refused::NotGiven(quoted),
        Err(ObjectError::TooLarge(bytes)) => Refused::List(ListError::TooLarge(bytes)),
    };
    Ok(Err(refused))
}

/// Looks at the current version. One that has no valid row takes no other's place: a slip must not cancel what is pending.
pub(super) async fn standing(delivery: &Delivery<'_>, upload: &Upload) -> Result<Standing, String> {
    if upload.version_id.is_none() {
        return Ok(Standing::Current);
    }
    let superseded = delivery.aws.superseded(object(delivery, upload)).await;
    let version_id = match superseded.map_err(|error| error.to_string())? {
        None => return Ok(Standing::Current),
        Some(Superseded::Deleted) => return Ok(Standing::Deleted),
        Some(Superseded::Newer(version_id)) => version_id,
    };
    let newer = Upload { version_id, ..upload.clone() };
    let why = match read(delivery, &newer).await {
        Err(quoted) => return Ok(Standing::Unclear(quoted)),
        Ok(Err(Refused::Gone)) => return Ok(Standing::Deleted),
        Ok(Err(refused)) => refused,
        Ok(Ok(Roster { refused: Some(error), .. })) => Refused::List(error),
        Ok(Ok(Roster { refused: None, .. })) => return Ok(Standing::Replaced),
    };
    let version = newer.version_id.unwrap_or_else(|| "without a version id".into());
    Ok(Standing::GoesOn(Notice::GoesOn { version, why }))
}

/// The same while the report waits to be written, which is not for long. A list whose standing cannot be seen in time
/// counts as current.
pub(super) async fn standing_at_the_end(delivery: &Delivery<'_>, upload: &Upload) -> Standing {
    let now = Instant::now();
    let soon = now + delivery.schedule.report.saturating_duration_since(now) / 4;
    match timeout_at(soon, Box::pin(standing(delivery, upload))).await {
        Ok(Ok(standing)) => standing,
        Ok(Err(_)) | Err(_) => Standing::Current,
    }
}

fn object<'a>(delivery: &Delivery<'_>, upload: &'a Upload) -> ObjectRef<'a> {
    ObjectRef {
        owner: delivery.identity.administrator,
        bucket: &upload.bucket,
        key: &upload.key,
        version_id: upload.version_id.as_deref(),
    }
}
