//! Any trigger may come through the queue. What is not done is redelivered, what is done is not, and one message never
//! stops another.

use std::time::Duration;

use aws_sim::{Fault, Kind};
use guardduty_onboarding::outcome::words::LAST_TRY;
use serde_json::{Value, json};

use crate::events::sample;
use crate::log::Log;
use crate::queue::Queue;
use crate::world::*;

fn pending(world: &World) -> u64 {
    world.report("accounts/team")["summary"]["pending"].as_u64().expect("a report")
}

#[tokio::test(start_paused = true)]
async fn every_trigger_works_through_the_queue() {
    let world = World::queued();
    let mut queue = Queue::new(&world, 30).await;
    queue.batch_size = 10;
    queue.upload("accounts/team.csv", ALICES_LIST).await;
    queue.upload("plan/team.csv", THREE).await;
    queue.send(&sample("organizations-create-account-result.json")).await;
    queue.send(&json!({"accounts": [{"accountId": CAROL, "email": "carol@example.com"}]})).await;
    queue.send(&sample("s3-test-event.json")).await;

    assert_eq!(queue.poll().await, [(1, false); 5]);

    for account in [ALICE, BOB, CAROL] {
        assert_eq!(world.status(VIRGINIA, account).as_deref(), Some("Enabled"));
    }
    assert_eq!(world.report("plan/team")["dryRun"], true);
}

#[tokio::test(start_paused = true)]
async fn a_request_through_the_queue_is_reported_under_the_messages_id() {
    let world = World::queued();
    let request = json!({"accounts": [{"accountId": ALICE, "email": "alice@example.com"}]});
    let record =
        json!({"messageId": "m-1", "receiptHandle": "r", "body": request.to_string(), "eventSource": "aws:sqs"});

    let answer = world.invoke(&json!({"Records": [record]})).await;

    assert_eq!(answer, Ok(json!({"batchItemFailures": []})));
    assert_eq!(world.report("requests/m-1")["source"], json!({"request": "m-1"}));
}

#[tokio::test(start_paused = true)]
async fn what_is_pending_is_redelivered_after_ever_longer_waits() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.role_missing(ALICE);
    queue.upload("accounts/team.csv", ALICES_LIST).await;

    for (count, seconds) in [(1, 0), (2, 30), (3, 60), (4, 120), (5, 240), (6, 480), (7, 900), (8, 900)] {
        assert_eq!(queue.wait().await, (seconds, vec![(count, true)]));
    }
}

#[tokio::test(start_paused = true)]
async fn what_only_lacked_time_continues_within_seconds() {
    let mut world = World::queued();
    world.time_limit = Duration::from_secs(9);
    world.sim.set(|knobs| knobs.latency = Duration::from_millis(500));
    let queue = Queue::new(&world, 30).await;
    queue.upload("accounts/team.csv", &list_of(120)).await;

    assert_eq!(queue.poll().await, [(1, true)]);
    assert!(pending(&world) > 0);
    assert!(queue.wait().await.0 <= 5);

    let (deliveries, _) = queue.drain().await;
    assert!(deliveries.iter().all(|(count, _)| *count < 10), "{deliveries:?}");
    assert_eq!(world.report("accounts/team")["summary"]["enabled"], 120);
}

#[tokio::test(start_paused = true)]
async fn a_message_that_takes_all_its_time_leaves_the_others_theirs() {
    let mut world = World::queued();
    world.time_limit = Duration::from_secs(240);
    world.sim.set(|knobs| knobs.invitation_visible_after = Duration::from_secs(3600));
    let mut queue = Queue::new(&world, 30).await;
    queue.batch_size = 10;
    world.sim.fault(Fault { account: Some(ALICE.into()), ..always(Kind::Slow(Duration::from_secs(9))) });
    queue.upload("accounts/slow.csv", ALICES_LIST).await;
    world.sim.put_member(VIRGINIA, BOB, "bob@example.com", "Enabled");
    queue.upload("accounts/team.csv", "444455556666,bob@example.com\n").await;

    assert_eq!(queue.poll().await, [(1, true), (1, false)]);
    assert_eq!(world.report("accounts/team")["summary"]["enabled"], 1);
}

#[tokio::test(start_paused = true)]
async fn a_request_through_the_queue_without_a_report_is_in_the_log() {
    let world = World::new();
    let log = Log::take();
    world.sim.role_missing(BOB);
    let request = json!({"accounts": [{"accountId": BOB, "email": "bob@example.com"}]});
    let record =
        json!({"messageId": "m-1", "receiptHandle": "r", "body": request.to_string(), "eventSource": "aws:sqs"});
    let answer = world.invoke(&json!({"Records": [record]})).await;
    assert_eq!(answer, Ok(json!({"batchItemFailures": [{"itemIdentifier": "m-1"}]})));
    let seen = log.lines("not as declared");
    assert_eq!((seen.len(), &seen[0]["account"], &seen[0]["outcome"]), (1, &json!(BOB), &json!("pending")));
    assert!(seen[0]["detail"].as_str().is_some_and(|detail| detail.contains("cannot be assumed")));
}

#[tokio::test(start_paused = true)]
async fn a_message_whose_visibility_cannot_be_changed_is_redelivered_all_the_same() {
    for kind in [Kind::Throttle, Kind::Broken, Kind::Slow(Duration::from_secs(3600))] {
        let world = World::queued();
        let queue = Queue::new(&world, 30).await;
        world.sim.role_missing(ALICE);
        world.sim.fault(Fault { operation: Some("ChangeMessageVisibility"), ..always(kind) });
        queue.upload("accounts/team.csv", ALICES_LIST).await;
        assert_eq!(queue.poll().await, [(1, true)]);
        assert_eq!(pending(&world), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn a_message_that_is_not_understood_stops_no_other_and_goes_the_dead_letter_way() {
    let world = World::queued();
    let mut queue = Queue::new(&world, 4).await;
    queue.batch_size = 10;
    queue.send(&json!({"hello": "world"})).await;
    queue.upload("accounts/team.csv", ALICES_LIST).await;
    queue.send(&json!("user@example.com")).await;

    assert_eq!(queue.poll().await, [(1, true), (1, false), (1, true)]);
    assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"));

    let (_, took) = queue.drain().await;
    assert_eq!(queue.dead().await, 2);
    assert!(took < Duration::from_secs(60), "trying again does not help: {took:?}");
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_read_or_reported_is_redelivered() {
    // As many as the retries for the list, and for the three files of the report.
    for (operation, times) in [("GetObject", 5), ("PutObject", 15)] {
        let world = World::queued();
        let queue = Queue::new(&world, 30).await;
        world.sim.fault(Fault { operation: Some(operation), times, ..always(Kind::Internal) });
        queue.upload("accounts/team.csv", ALICES_LIST).await;
        assert_eq!(queue.poll().await, [(1, true)], "{operation}");
        assert_eq!(queue.wait().await, (30, vec![(2, false)]));
        assert_eq!(world.report("accounts/team")["summary"]["enabled"], 1);
    }
}

#[tokio::test(start_paused = true)]
async fn an_invocation_measures_what_it_did_without_naming_anybody() {
    let world = World::queued().with("MAX_DELIVERIES", "2");
    let queue = Queue::new(&world, 2).await;
    world.sim.role_missing(ALICE);
    world.sim.email_is(BOB, "another@example.com");
    world.sim.fault(Fault { operation: Some("GetMembers"), times: 2, ..always(Kind::Throttle) });
    world.sim.fault(Fault { service: Some("sts"), times: 1, ..always(Kind::Throttle) });
    queue.upload("accounts/team.csv", THREE).await;

    world.sim.clear_ledger();
    queue.poll().await;

    let measured = || -> Vec<Value> {
        let lines = world.metrics.borrow().clone();
        assert!(!lines.contains('@') && !lines.contains(ALICE) && !lines.contains(BOB), "{lines}");
        lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect()
    };
    let seen = measured();
    let count = |name: &str| seen[0][name].as_u64().unwrap_or_else(|| panic!("no {name} in {}", seen[0]));
    assert_eq!((count("MembershipsEnabled"), count("MembershipsPending"), count("MembershipsFailed")), (1, 1, 1));
    assert_eq!((count("ThrottledCalls"), count("GivenUp")), (3, 0));
    let platform = ["ReceiveMessage", "DeleteMessage"];
    let ledger = world.sim.ledger();
    let ours = ledger.iter().filter(|call| !platform.contains(&call.operation.as_str()));
    assert_eq!(count("Calls"), ours.count() as u64);
    assert_eq!((&seen[1]["Reason"], &seen[1]["MembershipsFailed"]), (&json!("WrongEmail"), &json!(1)));

    queue.wait().await;
    assert_eq!(measured()[0]["GivenUp"], 1);
    assert!(measured()[0]["PendingAge"].as_u64() >= Some(30));
}

#[tokio::test(start_paused = true)]
async fn the_last_delivery_says_that_it_was_the_last() {
    let world = World::queued().with("MAX_DELIVERIES", "3");
    let queue = Queue::new(&world, 3).await;
    world.sim.role_missing(ALICE);
    world.sim.email_is(BOB, "another@example.com");
    queue.upload("accounts/team.csv", THREE).await;

    for last in [false, false, true] {
        queue.wait().await;
        let report = world.report("accounts/team");
        for membership in report["memberships"].as_array().expect("memberships") {
            let said = membership["detail"].as_str().is_some_and(|detail| detail.ends_with(LAST_TRY));
            assert_eq!(said, last && membership["outcome"] == "pending", "{membership}");
        }
        assert_eq!(world.csv("accounts/team").contains(LAST_TRY), last);
    }
    queue.drain().await;
    assert_eq!(queue.dead().await, 1);
}
