//! A removal that is killed: at any moment, after any kind of call. A redelivery ends it, and nobody else is touched.

use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

use aws_sim::Call;
use serde_json::Value;

use crate::leaving::{REMOVE, allowed};
use crate::world::*;

const MONITORED: Range<usize> = 1..81;
const INVITED: Range<usize> = 81..101;
const GONE: Range<usize> = 101..111;
/// Members of the administrator's organization, which keeps them.
const HELD: Range<usize> = 111..121;
/// On no list.
const OTHERS: Range<usize> = 121..131;

fn id(number: usize) -> String {
    format!("0000000{number:05}")
}

fn world() -> World {
    let world = allowed().with("MAX_LEAVING", "120").with("DELETE_DETECTORS", "true").in_regions("us-east-1,eu-west-1");
    for region in [VIRGINIA, IRELAND] {
        for number in MONITORED.chain(OTHERS) {
            world.sim.put_member(region, &id(number), "user@example.com", "Enabled");
            world.sim.tag_detector(&id(number), region, "guardduty-onboarding", ADMINISTRATOR);
        }
        for number in INVITED {
            world.sim.put_member(region, &id(number), "user@example.com", "Invited");
        }
        for number in HELD {
            world.sim.put_organization_member(region, &id(number));
        }
    }
    world.sim.auto_enable_organization_members("ALL");
    world
}

fn list() -> String {
    (1..121).map(id).collect::<Vec<_>>().join("\n")
}

/// Kills the run once `dead` says so. Returns whether it had ended before.
async fn killed(world: &World, event: &Value, dead: impl Fn(&World) -> bool) -> bool {
    let watch = async {
        while !dead(world) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::select! {
        answer = world.invoke(event) => answer.is_ok(),
        () = watch => false,
    }
}

/// Statuses before a delivery, by Region and account.
fn statuses(world: &World) -> Vec<(&'static str, String, Option<String>)> {
    let all = |region: &'static str| (1..131).map(move |number| (region, id(number)));
    let all = [VIRGINIA, IRELAND].into_iter().flat_map(all);
    all.map(|(region, account)| (region, account.clone(), world.status(region, &account))).collect()
}

/// Whom a delivery may write to: each once, and only if its status did not already show it.
fn only_what_was_left_to_do(before: &[(&str, String, Option<String>)], calls: &[Call]) {
    let was = |region: &str, account: &str| {
        let known = before.iter().find(|(of, id, _)| *of == region && id == account);
        known.and_then(|(_, _, status)| status.as_deref()).unwrap_or("-")
    };
    let mut written = BTreeSet::new();
    for call in calls.iter().filter(|call| call.write && call.service == "guardduty") {
        for account in &call.accounts {
            let shown = was(&call.region, account);
            let due = match call.operation.as_str() {
                "DisassociateMembers" => shown == "Enabled",
                "DeleteMembers" => shown != "-",
                _ => false,
            };
            assert!(due, "{} for {account}, which was {shown}", call.operation);
            let write = (call.operation.as_str(), call.region.as_str(), account.as_str());
            assert!(written.insert(write), "{write:?} twice in one run");
        }
    }
}

fn exactly_those_have_left(world: &World) {
    for (region, account, status) in statuses(world) {
        let number: usize = account[7..].parse().expect("a number");
        let stays = HELD.contains(&number) || OTHERS.contains(&number);
        assert_eq!(status.as_deref(), stays.then_some("Enabled"), "{account} in {region}");
        let detector = world.sim.detector(&account, region);
        // Those that were only invited had none of ours.
        let gone = MONITORED.contains(&number);
        assert!(detector.is_none() || !gone, "the detector of {account} in {region}");
        assert!(!OTHERS.contains(&number) || detector.is_some_and(|own| own.enabled), "{account} is watched");
    }
}

async fn lives_through(dead: impl Fn(&World) -> bool) {
    let world = world();
    let version = world.sim.put_object(BUCKET, REMOVE, list());
    let event = notification(REMOVE, &version);
    let mut before = statuses(&world);
    let mut done = killed(&world, &event, dead).await;
    only_what_was_left_to_do(&before, &world.sim.ledger());
    for _ in 0..10 {
        if done {
            break;
        }
        world.sim.clear_ledger();
        before = statuses(&world);
        done = world.invoke(&event).await.is_ok();
        only_what_was_left_to_do(&before, &world.sim.ledger());
    }
    assert!(done, "ten redeliveries are enough");
    exactly_those_have_left(&world);
    let report = world.report("remove/team");
    assert_eq!(
        report["summary"]["removed"],
        (MONITORED.len() + INVITED.len() + GONE.len()) * 2,
        "{:#}",
        report["summary"]
    );
    assert_eq!(report["summary"]["failed"], HELD.len() * 2);
}

#[tokio::test(start_paused = true)]
async fn a_removal_that_is_killed_after_any_kind_of_call_is_ended_by_a_redelivery() {
    let kinds = [
        "GetObject",
        "ListDetectors",
        "GetMembers",
        "HeadObject",
        "DisassociateMembers",
        "DeleteMembers",
        "AssumeRole",
        "GetDetector",
        "DeleteDetector",
        "PutObject",
    ];
    for kind in kinds {
        for nth in [1, 2, 4] {
            let count = move |world: &World| world.sim.ledger().iter().filter(|call| call.operation == kind).count();
            lives_through(|world| count(world) >= nth).await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_removal_that_is_killed_at_a_random_moment_is_ended_by_a_redelivery() {
    fastrand::seed(7);
    for _ in 0..30 {
        let calls = fastrand::usize(1..400);
        lives_through(|world| world.sim.ledger().len() >= calls).await;
    }
}
