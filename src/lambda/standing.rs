//! Whether a list still stands, or a newer version took its place.

use tokio::time::{Instant, timeout_at};

use super::delivery::Delivery;
use crate::aws::{ReadError, Superseded};
use crate::lambda::event::Upload;
use crate::roster::{self, ListError, Roster};

/// What became of an upload since.
pub(super) enum Standing {
    /// It is the current version, or S3 does not let us see.
    Current,
    /// A newer list took its place.
    Replaced,
    /// There is a newer version, and whether it is a list could not be seen, quoting why.
    Unclear(String),
    /// There is a newer version that is no list, so this one goes on; a notice says so.
    GoesOn(String),
    /// The list was deleted.
    Deleted,
}

impl Delivery<'_> {
    /// What the list declares. An error may pass by itself.
    pub(super) async fn read(&self, upload: &Upload) -> Result<Roster, String> {
        match self.aws.read_list(self.identity.administrator, upload).await {
            Ok(bytes) => Ok(roster::read(&bytes, self.identity.administrator)),
            Err(ReadError::Refused(refused)) => Ok(Roster::refused(refused)),
            Err(ReadError::Failed(quoted)) => Err(quoted),
        }
    }

    /// Looks at the current version. One that has no valid row takes nobody's place: a slip must not cancel what is
    /// pending.
    pub(super) async fn standing(&self, upload: &Upload) -> Result<Standing, String> {
        if upload.version_id.is_none() {
            return Ok(Standing::Current);
        }
        let superseded = self.aws.superseded(self.identity.administrator, upload).await;
        let version_id = match superseded.map_err(|trouble| trouble.to_string())? {
            None => return Ok(Standing::Current),
            Some(Superseded::Deleted) => return Ok(Standing::Deleted),
            Some(Superseded::Newer { version_id }) => version_id,
        };
        let newer = Upload { version_id, ..upload.clone() };
        Ok(match self.read(&newer).await {
            Err(quoted) => Standing::Unclear(quoted),
            Ok(Roster { refused: None, .. }) => Standing::Replaced,
            Ok(Roster { refused: Some(ListError::Gone), .. }) => Standing::Deleted,
            Ok(Roster { refused: Some(why), .. }) => {
                let version = newer.version_id.as_deref().unwrap_or("without a version id");
                Standing::GoesOn(format!(
                    "a newer version of this list ({version}) is refused, so this version goes on: {why}"
                ))
            }
        })
    }

    /// The same while the report waits to be written, which is not for long. Where it cannot be seen in time, the list is
    /// taken for current.
    pub(super) async fn standing_at_the_end(&self, upload: &Upload) -> Standing {
        let now = Instant::now();
        let soon = now + self.schedule.report.saturating_duration_since(now) / 4;
        match timeout_at(soon, Box::pin(self.standing(upload))).await {
            Ok(Ok(standing)) => standing,
            Ok(Err(_)) | Err(_) => Standing::Current,
        }
    }
}
