//! Random trouble on every call, by seed: whatever happens, redelivery ends with every account enabled once.
//!
//! `CHAOS_SEEDS=10000 cargo test --test stories chaos` tries more seeds than usual; `CHAOS_SEED=17` replays one.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use aws_sim::{Call, Member, Storm};
use serde_json::Value;

use crate::queue::Queue;
use crate::world::*;

const REGIONS: [&str; 3] = [VIRGINIA, IRELAND, "ap-southeast-2"];
const ACCOUNTS: usize = 200;
/// How long the function waits for one attempt. It never hears an answer that takes longer.
const ATTEMPT: Duration = Duration::from_secs(10);

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is {text:?}, not a number")))
}

/// What happens in one world under a storm. Returns how many calls each delivery made.
type Life = fn(Storm) -> Pin<Box<dyn Future<Output = Vec<usize>>>>;

#[test]
fn whatever_strikes_every_account_is_enabled_once_in_the_end() {
    of_every_seed(200, enabled_in_the_end);
}

fn enabled_in_the_end(storm: Storm) -> Pin<Box<dyn Future<Output = Vec<usize>>>> {
    Box::pin(deliver_until_done(storm))
}

#[test]
fn a_seed_is_the_same_world_each_time() {
    assert_eq!(live_through(3, enabled_in_the_end), live_through(3, enabled_in_the_end));
}

/// Tries that many seeds, or those that the environment names.
pub fn of_every_seed(usually: u64, life: Life) {
    let seeds = number("CHAOS_SEED").map_or(0..number("CHAOS_SEEDS").unwrap_or(usually), |seed| seed..seed + 1);
    let next = AtomicU64::new(seeds.start);
    let workers = std::thread::available_parallelism().map_or(2, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        return;
                    }
                    live_through(seed, life);
                }
            });
        }
    });
}

/// Tries one seed, on a thread with a clock of its own.
fn live_through(seed: u64, life: Life) -> Vec<usize> {
    let storm = Storm { seed, percent: if seed.is_multiple_of(2) { 10 } else { 30 } };
    // The SDK's back-off has jitter.
    fastrand::seed(seed);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    let lived = catch_unwind(AssertUnwindSafe(|| runtime.expect("a runtime").block_on(life(storm))));
    lived.unwrap_or_else(|panic| {
        let mut knobs = aws_sim::Knobs::default();
        storm.knobs(&mut knobs);
        eprintln!("{storm:?} failed in {knobs:?}\nreplay it: CHAOS_SEED={seed} cargo test --test stories chaos");
        resume_unwind(panic)
    })
}

async fn deliver_until_done(storm: Storm) -> Vec<usize> {
    let world = World::queued().in_regions(&REGIONS.join(","));
    let queue = Queue::new(&world, 30).await;
    queue.upload("accounts/team.csv", &list_of(ACCOUNTS)).await;
    // A few were invited before, with an address that has been corrected since.
    for (region, account) in REGIONS.into_iter().zip([7, 77, 177]) {
        world.sim.put_member(region, &format!("0000000{account:05}"), "old@example.com", "EmailVerificationFailed");
    }
    world.sim.set(|knobs| storm.knobs(knobs));
    world.sim.storm(storm);

    let mut all: Vec<Call> = Vec::new();
    let mut deliveries = Vec::new();
    while queue.waits().await {
        world.sim.clear_ledger();
        if queue.poll().await.is_empty() {
            tokio::time::sleep(Duration::from_secs(5)).await;
            continue;
        }
        let calls = world.sim.ledger();
        no_write_is_repeated(&calls);
        every_line_is_reported(&world.report("accounts/team"));
        deliveries.push(calls.len());
        all.extend(calls);
    }

    assert_eq!(queue.dead().await, 0, "given up after {} deliveries", deliveries.len());
    let summary = &world.report("accounts/team")["summary"];
    assert_eq!(summary["enabled"], ACCOUNTS * REGIONS.len(), "{summary}");
    for region in REGIONS {
        let members = world.sim.members(region);
        assert_eq!(members.len(), ACCOUNTS);
        assert!(members.iter().all(|member| member.status == "Enabled"));
        let watched = |member: &Member| world.sim.detector(&member.account, region).is_some_and(|own| own.enabled);
        assert!(members.iter().all(watched));
    }
    nobody_is_invited_or_accepts_once_enabled(&all);
    deliveries
}

/// After a write whose answer was heard, the run does not repeat it for that account.
pub fn no_write_is_repeated(calls: &[Call]) {
    let mut heard: HashSet<(&str, &str, &str, &str)> = HashSet::new();
    for call in calls.iter().filter(|call| call.write && call.service == "guardduty") {
        // A write without a batch is about the caller itself.
        let accounts = if call.accounts.is_empty() { std::slice::from_ref(&call.caller) } else { &call.accounts };
        for account in accounts {
            let write = (call.operation.as_str(), call.region.as_str(), call.caller.as_str(), account.as_str());
            assert!(!heard.contains(&write), "{write:?} is repeated");
            let answered = call.answer_after.is_some_and(|after| after < ATTEMPT);
            if call.done && answered && !call.left_out.contains(account) {
                heard.insert(write);
            }
        }
    }
}

fn every_line_is_reported(report: &Value) {
    if report.is_null() {
        return;
    }
    let mut seen: HashMap<(&str, &str), usize> = HashMap::new();
    for membership in report["memberships"].as_array().expect("memberships") {
        let word = |name: &str| membership[name].as_str().expect("a word");
        *seen.entry((word("accountId"), word("region"))).or_default() += 1;
    }
    assert_eq!(seen.len(), ACCOUNTS * REGIONS.len());
    assert!(seen.values().all(|count| *count == 1));
}

fn nobody_is_invited_or_accepts_once_enabled(calls: &[Call]) {
    let mut enabled: HashSet<(&str, &str)> = HashSet::new();
    for call in calls {
        let region = call.region.as_str();
        match call.operation.as_str() {
            "InviteMembers" | "CreateMembers" | "DeleteMembers" => {
                let late = call.accounts.iter().find(|account| enabled.contains(&(region, account.as_str())));
                assert_eq!(late, None, "{} for a member that is enabled", call.operation);
            }
            "AcceptAdministratorInvitation" if call.done => {
                assert!(enabled.insert((region, &call.caller)), "{} accepted twice in {region}", call.caller);
            }
            _ => {}
        }
    }
    assert_eq!(enabled.len(), ACCOUNTS * REGIONS.len());
}
