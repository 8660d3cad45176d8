//! What lists that let accounts go need besides: they count only while they are the current version, and whom they name
//! is left alone by an older will to monitor it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::delivery::Delivery;
use super::error::HandleError;
use super::event::Upload;
use super::lists::{self, CurrentList};
use crate::account::AccountId;
use crate::aws::{Aws, ObjectRef, Superseded};
use crate::declared::Goal;
use crate::outcome::{Mention, Outcome, Reason, Refused};
use crate::reconcile::StillCurrent;
use crate::run::NotCurrent;

/// One version of a list, and whether it still counts.
#[derive(Clone)]
pub(super) struct Version {
    aws: Aws,
    owner: AccountId,
    upload: Upload,
    answered: Arc<AtomicBool>,
}

impl Version {
    pub(super) fn new(delivery: &Delivery<'_>, upload: &Upload) -> Self {
        let (aws, owner) = (delivery.aws.clone(), delivery.identity.administrator);
        Self { aws, owner, upload: upload.clone(), answered: Arc::default() }
    }

    /// Asks whether the list still counts, whatever a newer version is worth.
    pub(super) async fn is_current(&self) -> Result<(), NotCurrent> {
        let Upload { bucket, key, version_id, .. } = &self.upload;
        let object = ObjectRef { owner: self.owner, bucket, key, version_id: version_id.as_deref() };
        match self.aws.superseded(object).await {
            Ok(None) => Ok(()),
            // Without a version the key names whatever is there now, and that is what was read.
            Ok(Some(Superseded::Newer(_))) if version_id.is_none() => Ok(()),
            Ok(Some(_)) => Err(NotCurrent::Superseded),
            Err(error) => Err(NotCurrent::Unclear(error.to_string())),
        }
    }

    /// Whether the run asked, because it was about to let accounts go, and was told in time.
    pub(super) fn was_answered(&self) -> bool {
        self.answered.load(Ordering::Relaxed)
    }

    pub(super) fn still_current(&self) -> StillCurrent {
        let version = self.clone();
        Box::new(move || {
            let version = version.clone();
            Box::pin(async move {
                let is_current = version.is_current().await;
                version.answered.store(true, Ordering::Relaxed);
                is_current
            })
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
        for CurrentList { key, read } in lists::current(delivery, bucket, goal).await? {
            // Whom it names is not known.
            let unread = |refused: Refused| HandleError::ListNotRead {
                bucket: bucket.into(),
                key: key.clone(),
                quoted: refused.to_string(),
            };
            let (roster, _) = read.map_err(unread)?;
            let key: Arc<str> = key.into();
            for account in roster.accounts {
                let mention = Mention { goal, key: Arc::clone(&key), line: account.line.unwrap_or_default() };
                let outcome = Outcome::Skipped(Reason::Leaving(Box::new(mention)));
                named.entry(account.id).or_insert(outcome);
            }
        }
    }
    Ok(named)
}
