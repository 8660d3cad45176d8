//! Carries out a reconcile: reads all current lists, compares them with all members, and writes the fleet report.

use tracing::warn;

use super::answer::{Answered, Audience};
use super::delivery::Delivery;
use super::error::HandleError;
use super::lists::{self, CurrentList};
use super::notify::notify;
use super::reporting::{write, write_running};
use super::running::watched;
use crate::aws::Existing;
use crate::declared::{Goal, Mode};
use crate::fleet::{self, List};
use crate::outcome::{Notice, Retry};
use crate::quote;
use crate::reconcile;
use crate::run::{Origin, Reconcile, Run, Source};

pub(super) async fn reconcile(delivery: &Delivery<'_>, asked: Reconcile) -> Result<Answered, HandleError> {
    let bucket = delivery.config.report_bucket.as_ref().ok_or(HandleError::NoBucketToReconcile)?;
    let (lists, mut notices) = read(delivery, bucket).await?;
    let mode = match asked {
        Reconcile::Heal if notices.is_empty() => Mode::Apply,
        Reconcile::Heal => {
            notices.push(Notice::NotHealed);
            Mode::Plan
        }
        Reconcile::Report => Mode::Plan,
    };
    let origin = delivery.origin(Source::Reconcile { reconcile: asked }, None, mode);
    let origin = Origin { retry: Retry::NextReconcile, ..origin };
    let context = delivery.context(delivery.regions().await?, origin);
    let read = lists.iter().map(List::read).collect();
    let tell = async |mut run: Run| {
        run.notices.extend(notices.iter().cloned());
        write_running(delivery, run, bucket).await;
    };
    let (ledger, work) = (context.ledger(), reconcile::all(context, fleet::merge(&lists), read));
    let mut run = watched(delivery, &ledger, work, tell).await;
    run.notices.extend(notices);
    let (run, written) = write(delivery, run, bucket, Existing::Replace).await;
    notify(delivery, &run, &written).await;
    Ok(Answered::new(&run, written?, Audience::Passer, None))
}

/// All lists, and a notice of each that could not be used.
async fn read(delivery: &Delivery<'_>, bucket: &str) -> Result<(Vec<List>, Vec<Notice>), HandleError> {
    let (mut lists, mut notices) = (Vec::new(), Vec::new());
    for goal in Goal::ALL {
        for CurrentList { key, read } in lists::current(delivery, bucket, goal).await? {
            match read {
                Ok((roster, version_id)) => lists.push(List { key: key.into(), version_id, goal, roster }),
                Err(why) => {
                    let key = quote::key(&key);
                    warn!(key, reason = %why, "list not used");
                    notices.push(Notice::ListNotUsed { key, why });
                }
            }
        }
    }
    Ok((lists, notices))
}
