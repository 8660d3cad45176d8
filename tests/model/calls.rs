//! Compares a run's calls, as the ledger has them, with the model.

use std::collections::{BTreeMap, BTreeSet};

use aws_sim::{ADMINISTRATOR, Call};

use crate::deliveries::{BATCH, Nothing, Run};
use crate::ensure;
use crate::operations::REGIONS;
use crate::reference::{Course, Reach};
use crate::world::id;

/// A write: operation, account and Region.
type Write = (String, String, String);

/// No call goes further than the model says, and no write is made twice. A run that had enough time made all the
/// writes. A write that GuardDuty refused counts, one that it throttled does not. `looks` are enough where nothing is to
/// be done.
pub fn are_as_the_model_says(
    calls: &[Call],
    run: Result<&Run, &Nothing>,
    looks: usize,
    to_the_end: bool,
) -> Result<(), String> {
    let mut may: BTreeMap<Write, usize> = BTreeMap::new();
    let mut reach: BTreeMap<(String, String), Reach> = BTreeMap::new();
    let mut plans_read: BTreeSet<(String, String)> = BTreeSet::new();
    for ((account, region), course) in run.into_iter().flat_map(|run| &run.courses) {
        let (account, region) = (id(*account), REGIONS[*region].to_owned());
        for write in &course.writes {
            may.insert(((*write).into(), account.clone(), region.clone()), 0);
        }
        if course.plans_are_read {
            plans_read.insert((account.clone(), region.clone()));
        }
        reach.insert((account, region), course.reach);
    }
    let may_enter = |account: &str| reach.iter().any(|((of, _), reach)| of == account && *reach >= Reach::Asked);

    for call in calls {
        let (named, some) = (call.accounts.len(), call.accounts.iter().take(3).collect::<Vec<_>>());
        let said =
            || format!("{} by {} in {} for {named} accounts, {some:?} …", call.operation, call.caller, call.region);
        ensure(call.service != "guardduty" || call.accounts.len() <= BATCH, || {
            format!("too many accounts: {}", said())
        })?;
        if call.operation == "AssumeRole" {
            ensure(call.accounts.iter().all(|account| may_enter(account)), || {
                format!("not to be entered: {}", said())
            })?;
        }
        if call.caller != ADMINISTRATOR {
            let entered = reach.get(&(call.caller.clone(), call.region.clone()));
            ensure(entered >= Some(&Reach::Entered), || format!("not to be entered: {}", said()))?;
        }
        if call.operation == "AcceptAdministratorInvitation" {
            ensure(call.accounts == [ADMINISTRATOR], || format!("a stranger's invitation: {}", said()))?;
        }
        if call.operation == "GetMemberDetectors" {
            let read = |account: &String| plans_read.contains(&(account.clone(), call.region.clone()));
            ensure(call.accounts.iter().all(read), || format!("plans not to be looked at: {}", said()))?;
        }
        if !call.write || call.service != "guardduty" {
            continue;
        }
        // A write that names no account is about the caller's own detector. A member's write that names one is about
        // its administrator.
        let of_the_caller = call.caller != ADMINISTRATOR || call.accounts.is_empty();
        for account in if of_the_caller { std::slice::from_ref(&call.caller) } else { &call.accounts } {
            let made = may.get_mut(&(call.operation.clone(), account.clone(), call.region.clone()));
            let made = made.ok_or_else(|| format!("{account} is not to be written to: {}", said()))?;
            *made += usize::from(!is_throttled(call));
            ensure(*made <= 1, || format!("{account} is written to twice: {}", said()))?;
        }
    }
    let looked = |course: &Course| course.reach == Reach::Looked && course.writes.is_empty();
    let settled = match run {
        Ok(run) => run.courses.values().all(|course| looked(course) && course.outcome != "pending"),
        Err(why) => *why != Nothing::Stopped,
    };
    if settled {
        let looked = calls.iter().filter(|call| call.service == "guardduty" && !is_throttled(call)).count();
        ensure(looked <= looks, || format!("{looked} calls where nothing is to be done, {looks} are enough"))?;
    }
    let missing = may.iter().find(|(_, made)| to_the_end && **made == 0);
    ensure(missing.is_none(), || format!("never made: {missing:?}"))
}

fn is_throttled(call: &Call) -> bool {
    call.code.as_deref() == Some("TooManyRequestsException")
}
