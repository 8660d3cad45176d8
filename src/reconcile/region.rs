//! One Region of a run: every account is looked at once; those that are not settled yet go on in full chunks.

use std::sync::Arc;

use tokio::task::JoinSet;
use tokio::time::{Instant, timeout_at};
use tracing::Instrument as _;

use super::chunk::{self, Candidate, LONGEST_LINGER};
use super::ground::{self, Ground};
use super::shared::Shared;
use crate::account::{Account, Region};
use crate::aws::AdministratorClient;
use crate::outcome::{Outcome, Wait};
use crate::plan::Step;
use crate::run::Membership;

/// The most accounts that a batch call takes (API model, `AccountIds`).
pub(super) const CHUNK: usize = 50;

/// Makes the accounts members in the Region.
pub(super) async fn settle(shared: Arc<Shared>, region: Region, accounts: Arc<[Account]>) -> Vec<Membership> {
    match shared.in_time(Box::pin(ground::establish(&shared, &region))).await {
        Some(Ok(ground)) => on_ground(shared, ground, accounts).await,
        Some(Err(outcome)) => all(&accounts, &region, &outcome),
        None => all(&accounts, &region, &Outcome::Pending(Wait::Time)),
    }
}

async fn on_ground(shared: Arc<Shared>, ground: Arc<Ground>, accounts: Arc<[Account]>) -> Vec<Membership> {
    let mut memberships = Vec::with_capacity(accounts.len());
    let mut unsettled = Vec::new();
    let mut chunks = JoinSet::new();
    // Tasks of their own: a look that nobody drives would keep its turn among the administrator's calls.
    let mut looks = JoinSet::new();
    let mut looked_at = 0;
    // When those that are not settled go on, though they are few.
    let mut leave = Instant::now() + LONGEST_LINGER;
    loop {
        // As many at a time as the administrator makes calls: chunks that have begun get their turns in between.
        while looks.len() < AdministratorClient::IN_FLIGHT && looked_at < accounts.len() {
            let end = accounts.len().min(looked_at + CHUNK);
            let (shared, ground, accounts) = (Arc::clone(&shared), Arc::clone(&ground), Arc::clone(&accounts));
            let look = async move { first_look(&shared, &ground, &accounts[looked_at..end]).await };
            looks.spawn(look.in_current_span());
            looked_at = end;
        }
        let late = !unsettled.is_empty() && (looks.is_empty() || Instant::now() >= leave);
        if unsettled.len() >= CHUNK || late {
            let some: Vec<_> = unsettled.drain(..unsettled.len().min(CHUNK)).collect();
            match shared.live(some.len()).await {
                Some(live) => {
                    let settled = chunk::settle(Arc::clone(&shared), Arc::clone(&ground), some);
                    let chunk = async move {
                        let settled = settled.await;
                        drop(live);
                        settled
                    };
                    chunks.spawn(chunk.in_current_span());
                }
                None => memberships.extend(some.into_iter().map(|(candidate, _): (Candidate, Step)| {
                    candidate.ends(&ground.region, Outcome::Pending(Wait::Time))
                })),
            }
            continue;
        }
        let looked = match timeout_at(leave, looks.join_next()).await {
            Ok(Some(Ok(looked))) => looked,
            // A panic is a bug of ours: let it reach Lambda's error report.
            Ok(Some(Err(error))) => std::panic::resume_unwind(error.into_panic()),
            Ok(None) => break,
            Err(_) => Vec::new(),
        };
        if unsettled.is_empty() {
            leave = Instant::now() + LONGEST_LINGER;
        }
        for (candidate, step) in looked {
            match step {
                Step::Done(outcome) => memberships.push(candidate.ends(&ground.region, outcome)),
                step => unsettled.push((candidate, step)),
            }
        }
    }
    memberships.extend(joined(chunks).await);
    memberships
}

/// What all of these tasks have settled.
pub(super) async fn joined(mut tasks: JoinSet<Vec<Membership>>) -> Vec<Membership> {
    let mut memberships = Vec::new();
    while let Some(task) = tasks.join_next().await {
        match task {
            Ok(settled) => memberships.extend(settled),
            // A panic is a bug of ours: let it reach Lambda's error report.
            Err(error) => std::panic::resume_unwind(error.into_panic()),
        }
    }
    memberships
}

/// Looks at up to 50 accounts: each with its first step.
async fn first_look(shared: &Shared, ground: &Ground, accounts: &[Account]) -> Vec<(Candidate, Step)> {
    let mut candidates: Vec<_> = accounts.iter().cloned().map(Candidate::new).collect();
    let steps = shared.in_time(chunk::look(ground, candidates.iter_mut().collect())).await;
    let out_of_time = || vec![Step::Done(Outcome::Pending(Wait::Time)); accounts.len()];
    candidates.into_iter().zip(steps.unwrap_or_else(out_of_time)).collect()
}

/// The same outcome for all.
pub(super) fn all(accounts: &[Account], region: &Region, outcome: &Outcome) -> Vec<Membership> {
    accounts.iter().map(|account| Membership::new(account, region, None, outcome.clone())).collect()
}
