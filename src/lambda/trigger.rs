//! Carries out one trigger, from reading its accounts to writing its report.

use std::collections::HashMap;
use std::sync::Arc;

use tracing::{info, warn};

use super::answer::{Answered, Audience};
use super::delivery::Delivery;
use super::error::HandleError;
use super::event::{Announcement, Request, Upload};
use super::leaving::{Version, left_alone};
use super::lists::{self, Standing};
use super::not_described::not_described;
use super::notify::notify;
use super::reporting::{log_what_is_not_well, warn_of_refusal, write};
use crate::account::{Account, Email};
use crate::aws::{Described, Existing};
use crate::declared::{self, Goal, Mode};
use crate::outcome::{Notice, Outcome, Reason, Refused, Wait};
use crate::quote;
use crate::reconcile::{self, Asked, StillCurrent};
use crate::roster::{self, Roster};
use crate::run::{Origin, Run, Source, Stopped};

/// Carries out a list. `goes_on` is the notice of a newer version that is refused. `None`: another version has taken the
/// list's place, so nothing was touched.
pub(super) async fn upload(
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
    let mut run = run(delivery, origin, asked, version.as_ref().map(Version::still_current)).await?;
    if let Some(stopped) = run.stopped {
        return superseded(upload, stopped);
    }
    let (existing, goes_on) = match (&version, goal) {
        // A run that let nobody go has not asked whether its list still counts.
        (Some(version), _) if !version.was_answered() => match lists::soon(delivery, version.is_current()).await {
            Some(Ok(())) => (Existing::Replace, None),
            // A list that is refused lets nobody go, and trying again would not help.
            Some(Err(Stopped::Unclear(_))) if run.refused().is_some() => (Existing::Keep, None),
            Some(Err(stopped)) => return superseded(upload, stopped),
            None => return Err(HandleError::NoTime("the list's current version".into())),
        },
        (_, None) => (Existing::Replace, None),
        // A newer upload's report has the same name, and is the one to keep.
        (version, Some(goal)) => match lists::standing_at_the_end(delivery, upload, goal).await {
            Standing::Replaced | Standing::Unclear(_) => (Existing::Keep, goes_on),
            Standing::GoesOn(_) if version.is_some() => (Existing::Keep, None),
            Standing::GoesOn(notice) => (Existing::Replace, Some(notice)),
            Standing::Current | Standing::Deleted => (Existing::Replace, goes_on),
        },
    };
    run.notices.extend(goes_on);
    let bucket = delivery.config.report_bucket.as_ref().unwrap_or(&upload.bucket);
    let (run, written) = write(delivery, run, bucket, existing).await;
    // The newer version's run tells how the list ends.
    if existing == Existing::Replace || !matches!(written, Ok(None)) {
        notify(delivery, &run, &written).await;
    }
    let location = written?;
    Ok(Some(Answered::new(&run, location, Audience::Nobody, delivery.pending_since(upload.at))))
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

fn superseded(upload: &Upload, stopped: Stopped) -> Result<Option<Answered>, HandleError> {
    match stopped {
        Stopped::Superseded => Ok(None),
        Stopped::Unclear(quoted) => {
            Err(HandleError::NotKnownToBeCurrent { bucket: upload.bucket.clone(), key: upload.key.clone(), quoted })
        }
    }
}

/// Carries out an account that an event names. Organizations has its e-mail, and knows whether it is active.
pub(super) async fn announcement(
    delivery: &Delivery<'_>,
    announcement: &Announcement,
) -> Result<Answered, HandleError> {
    let Announcement { account: id, event, .. } = announcement;
    let bucket = delivery.config.report_bucket.as_ref().ok_or(HandleError::NoReportBucket(*id))?;
    let origin = delivery.origin(announcement.into(), Some(Goal::Monitored), Mode::Apply);
    info!(account = %id, event, "new account");
    let describe = Box::pin(delivery.aws.describe_account(delivery.identity, delivery.config, *id));
    let described = delivery.in_time("the account", describe).await?;
    let described = described.map_err(|error| not_described(*id, &error))?;
    let mut decided = left_alone(delivery, bucket).await?;
    let email = email(described).map_err(|outcome| decided.insert(*id, outcome)).ok();
    let roster = Roster { accounts: vec![Account { id: *id, email, line: None, list: None }], ..Roster::default() };
    let run = run(delivery, origin, Asked { roster, refused: None, decided }, None).await?;
    let (run, written) = write(delivery, run, bucket, Existing::Replace).await;
    notify(delivery, &run, &written).await;
    let location = written?;
    Ok(Answered::new(&run, location, Audience::Nobody, delivery.pending_since(announcement.at)))
}

pub(super) async fn request(delivery: &Delivery<'_>, request: &Request) -> Result<Answered, HandleError> {
    let audience = if delivery.attempt.queued { Audience::Nobody } else { Audience::Reader };
    let roster = roster::from_request(&request.accounts, &delivery.rules(request.goal));
    let source = Source::Request { request: quote::name(delivery.attempt.id) };
    let origin = delivery.origin(source, Some(request.goal), request.mode);
    let run = run(delivery, origin, roster.into(), None).await?;
    let since = delivery.pending_since(None);
    let Some(bucket) = &delivery.config.report_bucket else {
        if audience == Audience::Nobody {
            log_what_is_not_well(&run);
        }
        return Ok(Answered::new(&run, None, audience, since));
    };
    let (run, written) = write(delivery, run, bucket, Existing::Replace).await;
    match written {
        Ok(location) => Ok(Answered::new(&run, location, audience, since)),
        Err(error) if audience == Audience::Nobody => Err(error.into()),
        // The answer carries the report, which must not be lost because it could not be written.
        Err(error) => {
            warn!(%error, "report not written");
            let mut run = Arc::unwrap_or_clone(run);
            run.notices.push(Notice::NotWritten(error.to_string()));
            Ok(Answered::new(&run, None, audience, since))
        }
    }
}

async fn run(
    delivery: &Delivery<'_>,
    origin: Origin,
    asked: Asked,
    still_current: Option<StillCurrent>,
) -> Result<Run, HandleError> {
    let is_refused = asked.refused.is_some() || asked.roster.refused.is_some();
    let regions = if is_refused { delivery.listed_regions() } else { delivery.regions().await? };
    let context = delivery.context(regions, still_current);
    let run = reconcile::run(context, origin, asked).await;
    if let Some(refused) = run.refused() {
        warn_of_refusal(&run.origin, refused);
    }
    Ok(run)
}

/// The e-mail that Organizations has, or how the account's memberships end without a look.
fn email(described: Described) -> Result<Email, Outcome> {
    match described {
        Described::Active(email) => Email::parse(&email).map_err(|problem| Outcome::Failed(Reason::Email(problem))),
        Described::Activating => Err(Outcome::Pending(Wait::Activation)),
        Described::Inactive(state) => Err(Outcome::Failed(Reason::NotActive(state))),
        Described::NotFound => Err(Outcome::Failed(Reason::NotInOrganization)),
    }
}
