//! Lists in the bucket: reads one, and finds out whether a newer version has replaced it.

use tokio::time::{Instant, timeout_at};

use super::delivery::Delivery;
use super::error::HandleError;
use super::event::Upload;
use crate::aws::{ObjectError, ObjectRef, Superseded};
use crate::declared::Goal;
use crate::membership::CallError;
use crate::outcome::{Notice, Refused};
use crate::roster::{self, ListError, MAX_BYTES, Roster};

/// Whether an upload still counts.
pub(super) enum Standing {
    /// It is the current version, or S3 does not let us see.
    Current,
    Replaced,
    /// There is a newer version, which could not be read. Quotes why.
    Unclear(String),
    /// There is a newer version, but it is not a list, so this one is carried out. The notice says so.
    GoesOn(Notice),
    Deleted,
}

/// The list's roster, or why the list is refused. The outer error may pass by itself.
pub(super) async fn read(
    delivery: &Delivery<'_>,
    upload: &Upload,
    goal: Goal,
) -> Result<Result<Roster, Refused>, String> {
    Ok(read_with_version(delivery, upload, goal).await?.map(|(roster, _)| roster))
}

/// The same, and which version was read.
async fn read_with_version(
    delivery: &Delivery<'_>,
    upload: &Upload,
    goal: Goal,
) -> Result<Result<(Roster, Option<String>), Refused>, String> {
    let refused = match delivery.aws.read_object(object(delivery, upload), MAX_BYTES).await {
        Ok((bytes, version_id)) => return Ok(Ok((roster::read(&bytes, &delivery.rules(goal)), version_id))),
        Err(ObjectError::Failed(quoted)) => return Err(quoted),
        Err(ObjectError::Gone) => Refused::Gone,
        Err(ObjectError::Denied(quoted)) => Refused::Unreadable(quoted),
        Err(ObjectError::NotGiven(quoted)) => Refused::NotGiven(quoted),
        Err(ObjectError::TooLarge(bytes)) => Refused::List(ListError::TooLarge(bytes)),
    };
    Ok(Err(refused))
}

/// Looks at the current version. One without a valid row replaces no other: a slip must not cancel what is pending.
pub(super) async fn standing(delivery: &Delivery<'_>, upload: &Upload, goal: Goal) -> Result<Standing, String> {
    // Without versions the key names whatever is there now, and that is what was read.
    if upload.version_id.is_none() {
        return Ok(Standing::Current);
    }
    let version_id = match delivery.aws.superseded(object(delivery, upload)).await {
        // S3 does not let us see.
        Ok(None) | Err(CallError::Denied(_)) => return Ok(Standing::Current),
        Ok(Some(Superseded::Deleted)) => return Ok(Standing::Deleted),
        Ok(Some(Superseded::Newer(version_id))) => version_id,
        Err(error) => return Err(error.to_string()),
    };
    let newer = Upload { version_id, ..upload.clone() };
    let why = match read(delivery, &newer, goal).await {
        Err(quoted) => return Ok(Standing::Unclear(quoted)),
        // Deleted since the current version was looked up.
        Ok(Err(Refused::Gone)) => return Ok(Standing::Deleted),
        Ok(Err(refused)) => refused,
        Ok(Ok(Roster { refused: Some(error), .. })) => Refused::List(error),
        Ok(Ok(Roster { refused: None, .. })) => return Ok(Standing::Replaced),
    };
    let version = newer.version_id.unwrap_or_else(|| "without a version id".into());
    Ok(Standing::GoesOn(Notice::GoesOn { version, why }))
}

/// The same at the end of a run. A newer upload may have been carried out meanwhile, and its report has the same name.
pub(super) async fn standing_at_the_end(delivery: &Delivery<'_>, upload: &Upload, goal: Goal) -> Standing {
    match soon(delivery, standing(delivery, upload, goal)).await {
        Some(Ok(standing)) => standing,
        // What cannot be seen in time counts as current, so that there is a report.
        Some(Err(_)) | None => Standing::Current,
    }
}

/// The result of a look at the end of a run. The report waits for it, so it takes a quarter of the report's time at most.
pub(super) async fn soon<T>(delivery: &Delivery<'_>, look: impl Future<Output = T>) -> Option<T> {
    let now = Instant::now();
    let soon = now + delivery.schedule.report.saturating_duration_since(now) / 4;
    timeout_at(soon, Box::pin(look)).await.ok()
}

fn object<'a>(delivery: &Delivery<'_>, upload: &'a Upload) -> ObjectRef<'a> {
    ObjectRef {
        owner: delivery.identity.administrator,
        bucket: &upload.bucket,
        key: &upload.key,
        version_id: upload.version_id.as_deref(),
    }
}

/// The current lists under the prefix that declares that, in the order of their keys.
pub(super) async fn current(
    delivery: &Delivery<'_>,
    bucket: &str,
    goal: Goal,
) -> Result<Vec<CurrentList>, HandleError> {
    let owner = delivery.identity.administrator;
    let keys = delivery.in_time("the lists", delivery.aws.keys(owner, bucket, goal.prefix())).await?;
    let keys =
        keys.map_err(|error| HandleError::ListsNotListed { bucket: bucket.into(), quoted: error.to_string() })?;
    let mut lists = Vec::new();
    for key in keys.into_iter().filter(|key| !key.ends_with('/')) {
        let list = Upload { bucket: bucket.into(), key, version_id: None, at: None, requester: None };
        let read = delivery.in_time("the lists", read_with_version(delivery, &list, goal)).await?;
        let read = match read.map_err(|quoted| HandleError::unread(&list, quoted))? {
            // Deleted since the lists were looked up.
            Err(Refused::Gone) => continue,
            Ok((Roster { refused: Some(error), .. }, _)) if !declares_nothing(&error) => Err(Refused::List(error)),
            read => read,
        };
        lists.push(CurrentList { key: list.key, read });
    }
    Ok(lists)
}

/// A list as it is now. An error: it is not known what it declares.
pub(super) struct CurrentList {
    pub(super) key: String,
    pub(super) read: Result<(Roster, Option<String>), Refused>,
}

/// Whether such a list stops nobody, because it could be read and has no valid row.
fn declares_nothing(refused: &ListError) -> bool {
    matches!(refused, ListError::NoValidRow | ListError::Empty)
}
