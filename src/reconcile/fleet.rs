//! All lists together: every Region's members are read once, compared with what is declared and, to heal, made so.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use tokio::task::JoinSet;
use tracing::Instrument;

use super::administrator::{self, AdministratorRegion};
use super::candidate::Candidate;
use super::context::Context;
use super::observe::{Plans, has_plans, kept, plans};
use super::region;
use crate::account::{AccountId, Region};
use crate::declared::{Declared, Goal, Mode};
use crate::membership::{Actual, Member, Status};
use crate::outcome::{Notice, Outcome};
use crate::plan::{Suspending, withheld};
use crate::run::Unlisted;

/// GuardDuty's quota of members by invitation in a Region (AWS T1), and from which part of it on a report warns.
const QUOTA: usize = 5_000;
const NEAR: usize = QUOTA / 10 * 9;

/// What a reconcile compares with the members that there are.
pub(super) struct Wanted {
    pub(super) declared: Vec<Declared>,
    /// How these memberships end whatever a look shows.
    pub(super) decided: HashMap<AccountId, Outcome>,
    /// Accounts that a list names, on a rejected row, too.
    pub(super) named: HashSet<AccountId>,
}

/// A Region, and its members, or how all its memberships end.
struct Looked {
    region: Region,
    found: Found,
}

type Found = Result<(Arc<AdministratorRegion>, Members), Outcome>;

/// A Region's members, and the protection plans of those that are to be monitored and are.
struct Members {
    by_id: HashMap<AccountId, Member>,
    plans: Plans,
}

pub(super) async fn reconcile(context: &Arc<Context>, wanted: Wanted) {
    let mode = context.origin.mode;
    let goal =
        if wanted.declared.iter().any(|one| one.goal == Goal::Monitored) { Goal::Monitored } else { Goal::Removed };
    let wanted = Arc::new(wanted);
    let look = |region: &Region| look(Arc::clone(context), region.clone(), Arc::clone(&wanted), goal, mode);
    let looks = context.regions.iter().map(look);
    let looked: Vec<Looked> = in_parallel(looks).await;
    let heal = (mode == Mode::Apply).then(|| suspending(context, &wanted, &looked));
    let mut unlisted = Vec::new();
    for Looked { region, found } in &looked {
        if let Ok((_, members)) = found {
            note(context, region, &members.by_id);
            unlisted.extend(not_named(&wanted, region, &members.by_id));
        }
    }
    unlisted.sort_by(|one: &Unlisted, other| (one.account, &one.region).cmp(&(other.account, &other.region)));
    context.ledger.unlisted(unlisted);
    let settle = |Looked { region, found }| settle(Arc::clone(context), region, Arc::clone(&wanted), found, heal);
    in_parallel(looked.into_iter().map(settle)).await;
}

async fn settle(context: Arc<Context>, region: Region, wanted: Arc<Wanted>, found: Found, heal: Option<Suspending>) {
    match found {
        Ok((administrator, members)) => {
            let candidates = compared(&wanted, members, heal);
            if heal.is_some() {
                return region::settle_candidates(context, administrator, candidates).await;
            }
            context.ledger.all_settled(candidates.map(|candidate| candidate.previewed(&region)));
        }
        Err(outcome) => {
            context.ledger.all_settled(region::same_outcome_for(&wanted.declared, &region, &outcome));
        }
    }
}

/// All side by side, each as a task of its own.
async fn in_parallel<T: Send + 'static>(
    work: impl Iterator<Item = impl Future<Output = T> + Send + 'static>,
) -> Vec<T> {
    region::joined(work.map(Instrument::in_current_span).collect::<JoinSet<T>>()).await
}

async fn look(context: Arc<Context>, region: Region, wanted: Arc<Wanted>, goal: Goal, mode: Mode) -> Looked {
    let looking = async {
        let administrator = match mode {
            Mode::Apply => administrator::ready(&context, &region, goal).await?,
            Mode::Plan => administrator::preview(&context, &region, goal).await?,
        };
        let members = match &administrator.detector {
            Some(detector) => administrator.administrator.all_members(detector).await,
            None => Ok(HashMap::new()),
        };
        let by_id = members.map_err(Outcome::from_administrator_call)?;
        let status = |declared: &Declared| by_id.get(&declared.account.id).map(|member| &member.status);
        let open = wanted.declared.iter().filter(|one| !wanted.decided.contains_key(&one.account.id));
        let monitored = open.filter(|declared| has_plans(declared, status(declared))).map(|one| &one.account);
        let plans = plans(&administrator, &monitored.collect::<Vec<_>>()).await;
        Ok((administrator, Members { by_id, plans }))
    };
    let found = context.in_time(Box::pin(looking)).await.unwrap_or_else(|| Err(Outcome::Pending(context.cut_off())));
    Looked { region, found }
}

/// Whether those may be suspended that are to be, counting each account once. A Region that could not be looked at may
/// have all of them.
fn suspending(context: &Context, wanted: &Wanted, looked: &[Looked]) -> Suspending {
    let brakes = &context.config.brakes;
    if !brakes.allow_suspend {
        return Suspending::Off;
    }
    let leaves = |declared: &&Declared| {
        let id = declared.account.id;
        let monitored = |looked: &Looked| match &looked.found {
            Ok((_, members)) => members.by_id.get(&id).is_some_and(|member| member.status == Status::Enabled),
            Err(_) => true,
        };
        declared.goal == Goal::Suspended && !wanted.decided.contains_key(&id) && looked.iter().any(monitored)
    };
    let (accounts, most) = (wanted.declared.iter().filter(leaves).count(), brakes.max_leaving);
    if accounts > most { Suspending::TooMany { accounts, most } } else { Suspending::Allowed }
}

/// The declared accounts beside what is there.
fn compared(wanted: &Wanted, mut members: Members, heal: Option<Suspending>) -> impl Iterator<Item = Candidate> {
    wanted.declared.iter().map(move |declared| {
        let id = declared.account.id;
        let (plans, error) = members.plans.take(id);
        let member = members.by_id.remove(&id);
        // A heal may keep very many of them waiting; a report says when they were invited.
        let member = if heal.is_some() { member.map(kept) } else { member };
        let actual = Actual { member, plans, ..Actual::default() };
        let withheld = || withheld(declared, &actual, heal).map(Outcome::Failed);
        let ended = wanted.decided.get(&id).cloned().or_else(withheld).or(error.map(Outcome::from_administrator_call));
        Candidate::looked_at(declared.clone(), actual, ended)
    })
}

fn not_named(wanted: &Wanted, region: &Region, members: &HashMap<AccountId, Member>) -> Vec<Unlisted> {
    let others = members.values().filter(|member| !wanted.named.contains(&member.id));
    let unlisted = others.map(|member| Unlisted {
        account: member.id,
        region: region.clone(),
        status: member.status.clone(),
        email: member.email.clone(),
    });
    unlisted.collect()
}

/// What a Region's members say of the whole Region.
fn note(context: &Context, region: &Region, members: &HashMap<AccountId, Member>) {
    let by_organization = members.values().filter(|member| member.email.is_none()).count();
    let by_invitation = members.len() - by_organization;
    if by_organization > 0 {
        context.ledger.note(Notice::ByOrganization { region: region.clone(), accounts: Some(by_organization) });
    }
    if by_invitation >= NEAR {
        context.ledger.note(Notice::NearQuota { region: region.clone(), members: by_invitation, quota: QUOTA });
    }
}
