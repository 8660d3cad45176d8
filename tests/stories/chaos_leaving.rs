//! Random trouble while lists of all three goals are carried out, by seed: redelivery ends with everything as declared,
//! and nobody is let go who is not declared to be.
//!
//! `CHAOS_SEEDS=200 cargo test --test stories chaos` tries more seeds than usual.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use aws_sim::{Call, Storm};

use crate::chaos::{no_write_is_repeated, of_every_seed};
use crate::queue::Queue;
use crate::world::*;

const REGIONS: [&str; 2] = [VIRGINIA, IRELAND];
const MONITORED: Range<usize> = 1..41;
const SUSPENDED: Range<usize> = 41..81;
const REMOVED: Range<usize> = 81..121;
const UNLISTED: Range<usize> = 121..131;

fn id(number: usize) -> String {
    format!("0000000{number:05}")
}

fn ids(numbers: Range<usize>) -> String {
    numbers.map(id).collect::<Vec<_>>().join("\n")
}

#[test]
fn whatever_strikes_everybody_is_as_declared_in_the_end_and_nobody_else_is_let_go() {
    of_every_seed(20, |storm| Box::pin(deliver_until_done(storm)));
}

async fn deliver_until_done(storm: Storm) -> Vec<usize> {
    let world = World::queued().in_regions(&REGIONS.join(","));
    let world = world.with("ALLOW_SUSPEND", "true").with("ALLOW_REMOVE", "true");
    let queue = Queue::new(&world, 30).await;
    for region in REGIONS {
        for number in 1..131 {
            // Some were let go or have drifted before.
            let status = match number % 10 {
                3 => "Disabled",
                7 if number < UNLISTED.start => "Removed",
                _ => "Enabled",
            };
            world.sim.put_member(region, &id(number), &format!("account-{number}@example.com"), status);
        }
    }
    let monitored: Vec<_> = MONITORED.map(|number| format!("{},account-{number}@example.com", id(number))).collect();
    queue.upload("accounts/team.csv", &monitored.join("\n")).await;
    queue.upload("suspend/team.csv", &ids(SUSPENDED)).await;
    queue.upload("remove/team.csv", &ids(REMOVED)).await;
    world.sim.set(|knobs| {
        storm.knobs(knobs);
        let lag = |shift: u32| Duration::from_secs((storm.seed >> shift) % 4);
        (knobs.disassociation_visible_after, knobs.deletable_after) = (lag(0), lag(1));
        (knobs.deletion_visible_after, knobs.monitoring_visible_after) = (lag(2), lag(3));
    });
    world.sim.storm(storm);
    let untouched: HashMap<(&str, String), Option<String>> = REGIONS
        .into_iter()
        .flat_map(|region| UNLISTED.map(move |number| (region, id(number))))
        .map(|(region, account)| ((region, account.clone()), world.status(region, &account)))
        .collect();

    let mut deliveries = Vec::new();
    while queue.waits().await {
        world.sim.clear_ledger();
        if queue.poll().await.is_empty() {
            tokio::time::sleep(Duration::from_secs(5)).await;
            continue;
        }
        let calls = world.sim.ledger();
        no_write_is_repeated(&calls);
        nobody_else_is_let_go(&calls);
        deliveries.push(calls.len());
    }

    assert_eq!(queue.dead().await, 0, "given up after {} deliveries", deliveries.len());
    for ((region, account), status) in untouched {
        assert_eq!(world.status(region, &account), status, "{account} is on no list");
    }
    for region in REGIONS {
        let all = |numbers: Range<usize>, expected: fn(usize) -> Option<&'static str>| {
            for number in numbers {
                assert_eq!(world.status(region, &id(number)).as_deref(), expected(number), "{number} in {region}");
            }
        };
        all(MONITORED, |_| Some("Enabled"));
        // Who is no active member has nothing to be suspended.
        all(SUSPENDED, |number| Some(if number % 10 == 7 { "Removed" } else { "Disabled" }));
        all(REMOVED, |_| None);
    }
    deliveries
}

fn nobody_else_is_let_go(calls: &[Call]) {
    for call in calls {
        let declared = match call.operation.as_str() {
            "StopMonitoringMembers" => SUSPENDED,
            "DisassociateMembers" | "DeleteMembers" => REMOVED,
            "StartMonitoringMembers" | "InviteMembers" | "CreateMembers" => MONITORED,
            _ => continue,
        };
        let declared: Vec<String> = declared.map(id).collect();
        let other = call.accounts.iter().find(|account| !declared.contains(account));
        assert_eq!(other, None, "{} is not declared so: {}", call.operation, call.region);
    }
}
