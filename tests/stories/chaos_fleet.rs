//! Random trouble in a fleet of which some join, some are suspended or removed, some stand on two lists, some are held
//! and some are on no list. Reconciles come in between, and in some worlds beside a delivery.
//!
//! `CHAOS_SEEDS=200 cargo test --test stories chaos` tries more seeds than usual.

mod fleet;
#[path = "../ledger/mod.rs"]
mod ledger;
mod reconciles;

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use aws_sim::{Call, Storm};
use serde_json::{Value, json};

use self::reconciles::Reconciles;
use crate::chaos::{no_write_is_repeated, of_every_seed};
use crate::queue::Queue;
use crate::world::*;

const PREFIXES: [&str; 3] = ["accounts", "suspend", "remove"];

#[test]
fn whatever_strikes_every_account_ends_as_its_list_says() {
    of_every_seed(20, |storm| Box::pin(deliver_until_done(storm)));
}

async fn deliver_until_done(storm: Storm) -> Vec<usize> {
    let delete_detectors = (storm.seed / 2).is_multiple_of(2);
    let plans = (storm.seed / 4).is_multiple_of(2);
    let world = World::queued()
        .in_regions(&fleet::REGIONS.join(","))
        .with("ALLOW_SUSPEND", "true")
        .with("ALLOW_REMOVE", "true")
        .with("ReconcileSchedule", "rate(1 day)")
        .with("PROTECTION_PLANS", if plans { fleet::PLANS } else { "" })
        .with("DELETE_DETECTORS", if delete_detectors { "true" } else { "false" });
    let queue = Queue::new(&world, 30).await;
    fleet::settle(&world.sim);
    let bystanders = fleet::bystanders(&world.sim);
    let mut lag = Duration::ZERO;
    world.sim.set(|knobs| {
        storm.knobs(knobs);
        lag = fleet::lag(knobs);
    });
    world.sim.storm(storm);

    let mut all: Vec<Call> = Vec::new();
    let mut deliveries = Vec::new();
    let mut reconciles = Reconciles::of(storm);
    reconciles.may_come(&queue).await;
    // The lists that let accounts go come after the first delivery of the one that names some of them, too.
    let mut lists = PREFIXES.map(|prefix| (format!("{prefix}/team.csv"), fleet::list(prefix))).into_iter();
    let accounts = lists.next().expect("a list");
    let version = queue.upload(&accounts.0, &accounts.1).await;
    let mut current: &[&str] = &PREFIXES[..1];
    while queue.waits().await {
        world.sim.clear_ledger();
        let messages = queue.receive().await;
        if messages.is_empty() {
            tokio::time::sleep(Duration::from_secs(5)).await;
            continue;
        }
        // Lists that come while a heal is under way may be too late for it.
        let beside = if reconciles.overlap && current == PREFIXES { queue.receive().await } else { Vec::new() };
        tokio::join!(queue.deliver(&messages), queue.deliver(&beside));
        let calls = world.sim.ledger();
        // The ledger does not say which delivery made a call.
        if beside.is_empty() {
            no_write_is_repeated(&calls);
            reconciles::are_what_they_say(&messages[0], &calls, current);
        }
        if reconciles::asked(&messages[0]).is_none() {
            for (key, list) in lists.by_ref() {
                queue.upload(&key, &list).await;
            }
            current = &PREFIXES;
        }
        reconciles.may_come(&queue).await;
        for prefix in PREFIXES {
            every_line_is_reported(&world, prefix);
        }
        deliveries.push(calls.len());
        all.extend(calls);
    }

    assert_eq!(queue.dead().await, 0, "given up after {} deliveries", deliveries.len());
    for prefix in PREFIXES {
        every_outcome_is_right(&world, prefix);
    }
    fleet::has_ended_right(&world.sim, delete_detectors);
    if plans {
        fleet::has_plans(&world.sim);
    }
    assert_eq!(fleet::bystanders(&world.sim), bystanders, "on no list");
    let again = deliver_again(&world, &version).await;
    all.extend(again.iter().cloned());
    all.extend(reconciles::heal_what_drifted(&world).await);
    fleet::only_declared_accounts_are_touched(&all);
    // Of two deliveries at once, one may have looked before the other wrote.
    if !reconciles.overlap {
        ledger::no_write_is_repeated_once_it_shows(&all, lag);
    }
    nobody_accepts_twice(&all);
    nothing_was_changed(&again);
    deliveries
}

/// The calls of a redelivery of the list under `accounts/`, and of new uploads of the others, in calm weather.
async fn deliver_again(world: &World, version: &str) -> Vec<Call> {
    world.sim.clear_faults();
    let again = json!({"Records": [{"messageId": "m-1", "receiptHandle": "r", "eventSource": "aws:sqs",
        "body": notification("accounts/team.csv", version).to_string(),
        "attributes": {"ApproximateReceiveCount": "2"}}]});
    let mut calls = world.deliver(&again, "accounts/team").await.calls;
    for prefix in &PREFIXES[1..] {
        calls.extend(world.upload(&format!("{prefix}/team.csv"), fleet::list(prefix)).await.calls);
    }
    calls
}

/// GuardDuty refuses to let some accounts go, again.
fn nothing_was_changed(calls: &[Call]) {
    for call in calls.iter().filter(|call| call.write && call.service == "guardduty" && call.done) {
        let refused = !call.accounts.is_empty() && call.accounts.iter().all(|account| call.left_out.contains(account));
        assert!(refused, "{} for {:?}", call.operation, call.accounts);
    }
}

fn ended(world: &World, prefix: &str) -> Vec<(String, String, String)> {
    let report = world.report(&format!("{prefix}/team"));
    let text = |one: &Value, name: &str| one[name].as_str().expect("a word").to_owned();
    let of = |one: &Value| (text(one, "accountId"), text(one, "region"), text(one, "outcome"));
    report["memberships"].as_array().into_iter().flatten().map(of).collect()
}

fn every_line_is_reported(world: &World, prefix: &str) {
    let mut seen: HashMap<(String, String), usize> = HashMap::new();
    for (account, region, _) in ended(world, prefix) {
        *seen.entry((account, region)).or_default() += 1;
    }
    let expected = fleet::on(prefix).len() * fleet::REGIONS.len();
    assert!(seen.is_empty() || seen.len() == expected, "{} of {expected}", seen.len());
    assert!(seen.values().all(|count| *count == 1));
}

fn every_outcome_is_right(world: &World, prefix: &str) {
    let ended = ended(world, prefix);
    assert_eq!(ended.len(), fleet::on(prefix).len() * fleet::REGIONS.len());
    for (account, region, outcome) in ended {
        let right = fleet::outcomes(prefix, &account);
        assert!(right.contains(&outcome.as_str()), "{account} in {region} is {outcome} in the report of {prefix}/");
    }
}

/// Whoever joins does so once.
fn nobody_accepts_twice(calls: &[Call]) {
    let accepted = calls.iter().filter(|call| call.operation == "AcceptAdministratorInvitation" && call.done);
    let accepted: Vec<_> = accepted.map(|call| (&call.region, &call.caller)).collect();
    assert_eq!(accepted.len(), fleet::JOINING.count() * fleet::REGIONS.len());
    assert_eq!(accepted.iter().collect::<HashSet<_>>().len(), accepted.len());
}
