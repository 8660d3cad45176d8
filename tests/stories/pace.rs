//! How fast roles are assumed, and what slows it down.

use std::collections::BTreeSet;
use std::time::{Duration, SystemTime};

use aws_sim::{Call, Fault, Kind};
use futures_util::future::join;

use crate::world::*;

fn account(number: usize) -> String {
    format!("0000000{number:05}")
}

/// When each account was asked for the first time, in that order.
fn first_asked(calls: &[Call]) -> Vec<SystemTime> {
    let mut seen = BTreeSet::new();
    let asked = calls.iter().filter(|call| call.operation == "AssumeRole");
    asked.filter(|call| seen.insert(&call.accounts[0])).map(|call| call.at).collect()
}

fn took(asked: &[SystemTime]) -> Duration {
    asked[asked.len() - 1].duration_since(asked[0]).expect("later")
}

/// It took about this many milliseconds.
fn about(time: Duration, expected_ms: u64) {
    let expected = Duration::from_millis(expected_ms);
    assert!(time.abs_diff(expected) <= expected / 20, "{time:?} instead of {expected:?}");
}

#[tokio::test(start_paused = true)]
async fn a_world_of_good_accounts_is_entered_at_five_hundred_a_second() {
    let world = World::new().with("MAX_CONCURRENCY", "512");

    let seen = world.onboard(&list_of(1_000)).await;

    seen.all_enabled();
    about(took(&first_asked(&seen.calls)), 1_000 * 2);
}

#[tokio::test(start_paused = true)]
async fn after_two_hundred_refusals_in_a_row_accounts_are_asked_slowly_but_all_of_them_in_every_delivery() {
    let world = World::new();
    (1..=1_000).for_each(|number| world.sim.role_missing(&account(number)));

    for _ in 0..2 {
        let seen = world.onboard(&list_of(1_000)).await;

        assert_eq!(seen.count("pending"), 1_000);
        let asked = first_asked(&seen.calls);
        assert_eq!(asked.len(), 1_000);
        about(took(&asked[..200]), 200 * 2);
        about(took(&asked[200..]), 800 * 20);
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_that_can_be_assumed_brings_the_pace_back() {
    let world = World::new();
    (1..=300).for_each(|number| world.sim.role_missing(&account(number)));

    let seen = world.onboard(&list_of(1_000)).await;

    assert_eq!((seen.count("pending"), seen.count("enabled")), (300, 700));
    about(took(&first_asked(&seen.calls)), 200 * 2 + 100 * 20 + 700 * 2);
}

#[tokio::test(start_paused = true)]
async fn accounts_without_a_role_among_good_ones_slow_nobody_down() {
    let world = World::new().with("MAX_CONCURRENCY", "512");
    let missing = (1..=1_000).filter(|number| number % 10 != 0);
    missing.for_each(|number| world.sim.role_missing(&account(number)));

    let seen = world.onboard(&list_of(1_000)).await;

    assert_eq!(seen.count("enabled"), 100);
    about(took(&first_asked(&seen.calls)), 1_000 * 2);
}

#[tokio::test(start_paused = true)]
async fn throttling_slows_down_although_the_sdk_tries_again_by_itself() {
    let world = World::new().with("MAX_CONCURRENCY", "512");
    world.sim.set(|knobs| knobs.latency = Duration::from_millis(50));
    // From the 101st attempt on STS throttles, for three seconds.
    world.sim.fault(Fault { operation: Some("AssumeRole"), skip: 100, ..always(Kind::Throttle) });
    let trouble = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        world.sim.clear_faults();
        world.now()
    };

    let (seen, passed) = join(world.onboard(&list_of(1_000)), trouble).await;

    // Some were throttled at every one of their attempts.
    assert!(seen.count("enabled") > 950, "{:#}", seen.report["summary"]);
    let asked = first_asked(&seen.calls);
    assert_eq!(asked.len(), 1_000);
    let (during, after): (Vec<SystemTime>, Vec<SystemTime>) = asked.iter().partition(|at| **at < passed);
    // 100 succeed, 25 more are under way when the first answer comes.
    let slowly = &during[125..];
    about(took(slowly), 20 * slowly.len() as u64);
    assert!(slowly.len() < 150, "{}", slowly.len());
    // The first success takes 50 ms. The calls behind it begin at the old pace.
    about(took(&after), 60 + 2 * after.len() as u64);
}
