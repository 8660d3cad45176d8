//! Carries out what names its accounts itself, an event or a request, up to its report.

use std::sync::Arc;

use tracing::{info, warn};

use super::answer::{Answered, Audience};
use super::delivery::Delivery;
use super::error::HandleError;
use super::event::{Announcement, Request};
use super::leaving::left_alone;
use super::not_described::not_described;
use super::notify::notify;
use super::reporting::{log_what_is_not_well, write, write_running};
use super::running::run;
use crate::account::{Account, Email};
use crate::aws::{Described, Existing};
use crate::declared::{Goal, Mode};
use crate::outcome::{Notice, Outcome, Reason, Wait};
use crate::quote;
use crate::reconcile::Asked;
use crate::roster::{self, Roster};
use crate::run::Source;

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
    let tell = async |run| write_running(delivery, run, bucket).await;
    let run = run(delivery, origin, Asked { roster, refused: None, decided }, None, tell).await?;
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
    let bucket = delivery.config.report_bucket.as_ref();
    let tell = async |run| {
        if let Some(bucket) = bucket {
            write_running(delivery, run, bucket).await;
        }
    };
    let run = run(delivery, origin, roster.into(), None, tell).await?;
    let since = delivery.pending_since(None);
    let Some(bucket) = bucket else {
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

/// The e-mail that Organizations has, or how the account's memberships end without a look.
fn email(described: Described) -> Result<Email, Outcome> {
    match described {
        Described::Active(email) => Email::parse(&email).map_err(|problem| Outcome::Failed(Reason::Email(problem))),
        Described::Activating => Err(Outcome::Pending(Wait::Activation)),
        Described::Inactive(state) => Err(Outcome::Failed(Reason::NotActive(state))),
        Described::NotFound => Err(Outcome::Failed(Reason::NotInOrganization)),
    }
}
