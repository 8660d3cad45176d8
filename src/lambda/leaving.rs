//! What lists that let accounts go need besides: they count only while they are the current version, and whom they name
//! is left alone by an older will to monitor it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::delivery::Delivery;
use super::error::HandleError;
use super::event::Upload;
use super::lists;
use crate::account::AccountId;
use crate::aws::{Aws, ObjectRef, Superseded};
use crate::declared::Goal;
use crate::outcome::{Leaving, Outcome, Reason, Refused};
use crate::reconcile::StillCurrent;
use crate::roster::ListError;
use crate::run::Stopped;

/// One version of a list, and whether it still counts.
#[derive(Clone)]
pub(super) struct Version {
    aws: Aws,
    owner: AccountId,
    upload: Upload,
    asked: Arc<AtomicBool>,
}

impl Version {
    pub(super) fn new(delivery: &Delivery<'_>, upload: &Upload) -> Self {
        let (aws, owner) = (delivery.aws.clone(), delivery.identity.administrator);
        Self { aws, owner, upload: upload.clone(), asked: Arc::default() }
    }

    /// Asks whether the list still counts, whatever a newer version is worth.
    pub(super) async fn is_current(&self) -> Result<(), Stopped> {
        self.asked.store(true, Ordering::Relaxed);
        let Upload { bucket, key, version_id, .. } = &self.upload;
        let object = ObjectRef { owner: self.owner, bucket, key, version_id: version_id.as_deref() };
        match self.aws.superseded(object).await {
            Ok(None) => Ok(()),
            // Without a version the key names whatever is there now, and that is what was read.
            Ok(Some(Superseded::Newer(_))) if version_id.is_none() => Ok(()),
            Ok(Some(_)) => Err(Stopped::Superseded),
            Err(error) => Err(Stopped::Unclear(error.to_string())),
        }
    }

    /// Whether the run asked, because it was about to let accounts go.
    pub(super) fn was_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed)
    }

    pub(super) fn still_current(&self) -> StillCurrent {
        let version = self.clone();
        Box::new(move || {
            let version = version.clone();
            Box::pin(async move { version.is_current().await })
        })
    }
}

/// The accounts that current lists in the bucket let go, and how their memberships end where a redelivered list or an
/// event would have them monitored. Costs nothing where no list may let anybody go.
pub(super) async fn left_alone(
    delivery: &Delivery<'_>,
    bucket: &str,
) -> Result<HashMap<AccountId, Outcome>, HandleError> {
    let mut named = HashMap::new();
    if !delivery.config.brakes.let_go() {
        return Ok(named);
    }
    for goal in [Goal::Suspended, Goal::Removed] {
        for list in current_lists(delivery, bucket, goal).await? {
            let read = delivery.in_time("the lists that let accounts go", lists::read(delivery, &list, goal)).await?;
            let roster = match read.map_err(|quoted| HandleError::unread(&list, quoted))? {
                Ok(roster) => roster,
                // Deleted since the lists were looked up.
                Err(Refused::Gone) => continue,
                Err(refused) => return Err(HandleError::unread(&list, refused.to_string())),
            };
            match roster.refused {
                None | Some(ListError::NoValidRow | ListError::Empty) => {}
                // Whom it names is not known.
                Some(refused) => return Err(HandleError::unread(&list, refused.to_string())),
            }
            for account in roster.accounts {
                let leaving = Leaving { goal, key: list.key.clone(), line: account.line.unwrap_or_default() };
                let outcome = Outcome::Skipped(Reason::Leaving(Box::new(leaving)));
                named.entry(account.id).or_insert(outcome);
            }
        }
    }
    Ok(named)
}

async fn current_lists(delivery: &Delivery<'_>, bucket: &str, goal: Goal) -> Result<Vec<Upload>, HandleError> {
    let owner = delivery.identity.administrator;
    let keys = delivery.aws.keys(owner, bucket, goal.prefix());
    let keys = delivery.in_time("the lists that let accounts go", keys).await?;
    let keys =
        keys.map_err(|error| HandleError::ListsNotListed { bucket: bucket.into(), quoted: error.to_string() })?;
    let list = |key| Upload { bucket: bucket.into(), key, version_id: None, at: None, requester: None };
    Ok(keys.into_iter().filter(|key| !key.ends_with('/')).map(list).collect())
}
