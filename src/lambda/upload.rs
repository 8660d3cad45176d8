//! Carries out a list, from reading it to writing its report.

use std::collections::HashMap;

use super::answer::{Answered, Audience};
use super::delivery::Delivery;
use super::error::HandleError;
use super::event::Upload;
use super::leaving::{Version, left_alone};
use super::lists::{self, Standing};
use super::notify::notify;
use super::reporting::{write, write_running};
use super::running::run;
use crate::aws::Existing;
use crate::declared::{self, Goal, Mode};
use crate::outcome::{Notice, Refused};
use crate::reconcile::Asked;
use crate::run::{NotCurrent, Origin, Run};

/// Carries out a list. `goes_on` is the notice of a newer version that is refused. `None`: another version has taken the
/// list's place, so nothing was touched.
pub(super) async fn carry_out(
    delivery: &Delivery<'_>,
    upload: &Upload,
    goes_on: Option<Notice>,
) -> Result<Option<Answered>, HandleError> {
    let declares = declared::by_key(&upload.key);
    let mode = declares.map_or(Mode::Apply, |(_, mode)| mode);
    let goal = declares.map(|(goal, _)| goal);
    let requester = upload.requester.clone();
    let origin = Origin { requester, ..delivery.origin(upload.into(), goal, mode) };
    let asked = match declares {
        Some((goal, mode)) => asked(delivery, upload, goal, mode).await?,
        None => Asked { refused: Some(Refused::Prefix), ..Asked::default() },
    };
    let version = upload.lets_go().then(|| Version::new(delivery, upload));
    let bucket = delivery.config.report_bucket.as_ref().unwrap_or(&upload.bucket);
    let list = List { delivery, upload, goal, version: version.as_ref(), goes_on };
    let tell = async |mut run: Run| {
        // An older version's run has nothing to say until it has ended.
        if let Ok((Existing::Replace, goes_on)) = list.existing(false).await {
            run.notices.extend(goes_on);
            write_running(delivery, run, bucket).await;
        }
    };
    let still_current = version.as_ref().map(Version::still_current);
    let mut run = Box::pin(run(delivery, origin, asked, still_current, tell)).await?;
    if let Some(why) = run.not_current {
        return superseded(upload, why);
    }
    let (existing, goes_on) = match list.existing(run.refused().is_some()).await {
        Ok(existing) => existing,
        Err(NoReport::NotCurrent(why)) => return superseded(upload, why),
        Err(NoReport::NoTime) => return Err(HandleError::NoTime("the list's current version".into())),
    };
    run.notices.extend(goes_on);
    let (run, written) = write(delivery, run, bucket, existing).await;
    // The newer version's run tells how the list ends.
    if existing == Existing::Replace || !matches!(written, Ok(None)) {
        notify(delivery, &run, &written).await;
    }
    let location = written?;
    Ok(Some(Answered::new(&run, location, Audience::Nobody, delivery.pending_since(upload.at))))
}

/// A list that is carried out, whose report is not to replace a newer version's.
struct List<'a> {
    delivery: &'a Delivery<'a>,
    upload: &'a Upload,
    goal: Option<Goal>,
    /// `None` unless it lets accounts go.
    version: Option<&'a Version>,
    goes_on: Option<Notice>,
}

/// Why there is no report.
enum NoReport {
    NotCurrent(NotCurrent),
    NoTime,
}

impl List<'_> {
    /// What to do with an existing report, which may be a newer version's, and what to say of that version.
    async fn existing(&self, is_refused: bool) -> Result<(Existing, Option<Notice>), NoReport> {
        let Self { delivery, upload, goal, version, goes_on } = self;
        let goes_on = || goes_on.clone();
        Ok(match (version, goal) {
            // A run that let nobody go has not asked whether its list still counts.
            (Some(version), _) if !version.was_answered() => match lists::soon(delivery, version.is_current()).await {
                Some(Ok(())) => (Existing::Replace, None),
                // A list that is refused lets nobody go, and trying again would not help.
                Some(Err(NotCurrent::Unclear(_))) if is_refused => (Existing::Keep, None),
                Some(Err(why)) => return Err(NoReport::NotCurrent(why)),
                None => return Err(NoReport::NoTime),
            },
            (_, None) => (Existing::Replace, None),
            // A newer upload's report has the same name, and is the one to keep.
            (version, Some(goal)) => match lists::standing_at_the_end(delivery, upload, *goal).await {
                Standing::Replaced | Standing::Unclear(_) => (Existing::Keep, goes_on()),
                Standing::GoesOn(_) if version.is_some() => (Existing::Keep, None),
                Standing::GoesOn(notice) => (Existing::Replace, Some(notice)),
                Standing::Current | Standing::Deleted => (Existing::Replace, goes_on()),
            },
        })
    }
}

/// The list's accounts. At a redelivery, those that current lists let go are left alone.
async fn asked(delivery: &Delivery<'_>, upload: &Upload, goal: Goal, mode: Mode) -> Result<Asked, HandleError> {
    let read = delivery.in_time("the list", lists::read(delivery, upload, goal)).await?;
    let roster = match read.map_err(|quoted| HandleError::unread(upload, quoted))? {
        Ok(roster) => roster,
        Err(refused) => return Ok(Asked { refused: Some(refused), ..Asked::default() }),
    };
    let is_older = goal == Goal::Monitored && mode == Mode::Apply && delivery.attempt.deliveries > 1;
    let bucket = delivery.config.report_bucket.as_ref().unwrap_or(&upload.bucket);
    let decided = if is_older { left_alone(delivery, bucket).await? } else { HashMap::new() };
    Ok(Asked { roster, refused: None, decided })
}

fn superseded(upload: &Upload, why: NotCurrent) -> Result<Option<Answered>, HandleError> {
    match why {
        NotCurrent::Superseded => Ok(None),
        NotCurrent::Unclear(quoted) => {
            Err(HandleError::NotKnownToBeCurrent { bucket: upload.bucket.clone(), key: upload.key.clone(), quoted })
        }
    }
}
