//! Carries out one trigger, from reading its accounts to writing its report.

use std::sync::Arc;

use tracing::{info, warn};

use super::answer::{Answered, Audience};
use super::delivery::Delivery;
use super::error::HandleError;
use super::event::{Announcement, Request, Upload};
use super::lists::{self, Standing};
use super::not_described::not_described;
use super::reporting::{log_what_is_not_well, warn_of_refusal, write};
use crate::account::{Account, AccountId, Email};
use crate::aws::{Described, Existing};
use crate::declared::{self, Goal, Mode};
use crate::outcome::{Notice, Outcome, Reason, Refused, Wait};
use crate::quote;
use crate::reconcile;
use crate::roster::{self, Roster};
use crate::run::{Origin, Run, Source};

/// Carries out a list. `goes_on` is the notice of a newer version that is refused.
pub(super) async fn upload(
    delivery: &Delivery<'_>,
    upload: &Upload,
    goes_on: Option<Notice>,
) -> Result<Answered, HandleError> {
    let (goal, mode) = declared::by_key(&upload.key);
    let origin = delivery.origin(upload.into(), goal, mode);
    let read = delivery.in_time("the list", lists::read(delivery, upload)).await?;
    let (roster, refused) = match read.map_err(|quoted| HandleError::unread(upload, quoted))? {
        Ok(roster) => (roster, None),
        Err(refused) => (Roster::default(), Some(refused)),
    };
    let mut run = run(delivery, origin, roster, refused).await?;
    // A newer upload's report has the same name, and is the one to keep.
    let (existing, goes_on) = match lists::standing_at_the_end(delivery, upload).await {
        Standing::Replaced | Standing::Unclear(_) => (Existing::Keep, goes_on),
        Standing::GoesOn(notice) => (Existing::Replace, Some(notice)),
        Standing::Current | Standing::Deleted => (Existing::Replace, goes_on),
    };
    run.notices.extend(goes_on);
    let bucket = delivery.config.report_bucket.as_ref().unwrap_or(&upload.bucket);
    let (run, written) = write(delivery, run, bucket, existing).await;
    Ok(Answered::new(&run, written?, Audience::Nobody, delivery.pending_since(upload.at)))
}

/// Carries out an account that an event names. Organizations has its e-mail, and knows whether it is active.
pub(super) async fn announcement(
    delivery: &Delivery<'_>,
    announcement: &Announcement,
) -> Result<Answered, HandleError> {
    let Announcement { account: id, event, .. } = announcement;
    let bucket = delivery.config.report_bucket.as_ref().ok_or(HandleError::NoReportBucket(*id))?;
    let origin = delivery.origin(announcement.into(), Goal::Monitored, Mode::Apply);
    info!(account = %id, event, "new account");
    let describe = Box::pin(delivery.aws.describe_account(delivery.identity, delivery.config, *id));
    let described = delivery.in_time("the account", describe).await?;
    let described = described.map_err(|error| not_described(*id, &error))?;
    let run = match account(*id, described) {
        Ok(account) => {
            let roster = Roster { accounts: vec![account], ..Roster::default() };
            run(delivery, origin, roster, None).await?
        }
        Err(outcome) => reconcile::decided(&delivery.context(delivery.regions().await?), origin, *id, &outcome),
    };
    let (run, written) = write(delivery, run, bucket, Existing::Replace).await;
    Ok(Answered::new(&run, written?, Audience::Nobody, delivery.pending_since(announcement.at)))
}

pub(super) async fn request(delivery: &Delivery<'_>, request: &Request) -> Result<Answered, HandleError> {
    let audience = if delivery.attempt.queued { Audience::Nobody } else { Audience::Reader };
    let roster = roster::from_request(&request.accounts, delivery.identity.administrator);
    let source = Source::Request { request: quote::name(delivery.attempt.id) };
    let run = run(delivery, delivery.origin(source, Goal::Monitored, request.mode), roster, None).await?;
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
    roster: Roster,
    refused: Option<Refused>,
) -> Result<Run, HandleError> {
    let is_refused = refused.is_some() || roster.refused.is_some();
    let regions = if is_refused { delivery.listed_regions() } else { delivery.regions().await? };
    let run = reconcile::run(delivery.context(regions), origin, roster, refused).await;
    if let Some(refused) = run.refused() {
        warn_of_refusal(&run.origin, refused);
    }
    Ok(run)
}

/// The account that Organizations describes, or how its memberships end without a run.
fn account(id: AccountId, described: Described) -> Result<Account, Outcome> {
    match described {
        Described::Active(email) => match Email::parse(&email) {
            Ok(email) => Ok(Account { id, email, line: None }),
            Err(problem) => Err(Outcome::Failed(Reason::Email(problem))),
        },
        Described::Activating => Err(Outcome::Pending(Wait::Activation)),
        Described::Inactive(state) => Err(Outcome::Failed(Reason::NotActive(state))),
        Described::NotFound => Err(Outcome::Failed(Reason::NotInOrganization)),
    }
}
