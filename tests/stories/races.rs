//! The same thing twice at the same time, and two lists that share accounts.

use std::time::Duration;

use aws_sim::{Fault, Kind};
use futures_util::future::{join, join_all};
use serde_json::Value;

use crate::queue::Queue;
use crate::world::*;

/// A world in which calls take time, so that runs overlap.
fn world() -> World {
    let world = World::queued().in_regions("us-east-1,eu-west-1");
    world.sim.set(|knobs| {
        knobs.latency = Duration::from_millis(50);
        knobs.verification = Duration::from_secs(3);
        knobs.status_lag = Duration::from_secs(1);
    });
    world
}

/// How often the account accepted in Virginia.
fn acceptances(world: &World, account: &str) -> usize {
    let ledger = world.sim.ledger();
    let accepts = ledger.iter().filter(|call| call.operation == "AcceptAdministratorInvitation" && call.done);
    accepts.filter(|call| call.caller == account && call.region == VIRGINIA).count()
}

#[tokio::test(start_paused = true)]
async fn the_same_event_several_times_at_once_ends_as_once() {
    let world = world();
    let version = world.sim.put_object(BUCKET, "accounts/team.csv", THREE);
    let event = notification("accounts/team.csv", &version);

    let answers = join_all((0..4).map(|_| world.invoke(&event))).await;

    for answer in answers {
        assert_eq!(answer.expect("an answer")["reports"][0]["summary"]["enabled"], 6);
    }
    for account in [ALICE, BOB, CAROL] {
        assert_eq!(world.status(IRELAND, account).as_deref(), Some("Enabled"));
        assert_eq!(acceptances(&world, account), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn two_lists_that_share_accounts_at_the_same_time_are_both_done() {
    let world = world();
    let ours = world.sim.put_object(BUCKET, "accounts/ours.csv", list_of(60));
    let theirs = world.sim.put_object(BUCKET, "accounts/theirs.csv", list_of(80));
    let (ours, theirs) = (notification("accounts/ours.csv", &ours), notification("accounts/theirs.csv", &theirs));

    let (ours, theirs) = join(world.invoke(&ours), world.invoke(&theirs)).await;

    assert_eq!(ours.expect("an answer")["reports"][0]["summary"]["enabled"], 120);
    assert_eq!(theirs.expect("an answer")["reports"][0]["summary"]["enabled"], 160);
}

/// Both lists name Alice, each with an e-mail of its own. The world decides which one is right. Returns what both
/// reports say about her in the end, after all deliveries of the queue.
async fn disagree(world: &World, emails: [&str; 2]) -> [String; 2] {
    let queue = Queue::new(world, 30).await;
    let keys = ["accounts/ours.csv", "accounts/theirs.csv"];
    for (key, email) in keys.into_iter().zip(emails) {
        queue.upload(key, &format!("111122223333,{email}\n444455556666,bob@example.com\n")).await;
    }
    // Two pollers, as Lambda has.
    join(queue.drain(), queue.drain()).await;
    assert_eq!(queue.dead().await, 0, "they do not fight");
    assert_eq!(world.status(VIRGINIA, BOB).as_deref(), Some("Enabled"));
    ["accounts/ours", "accounts/theirs"].map(|name| {
        let report = world.report(name);
        let mut memberships = report["memberships"].as_array().expect("memberships").iter();
        let alice = memberships.find(|one| one["accountId"] == ALICE && one["region"] == VIRGINIA).expect("Alice");
        alice["outcome"].as_str().expect("an outcome").to_owned()
    })
}

#[tokio::test(start_paused = true)]
async fn two_lists_that_disagree_about_an_email_end_whether_one_is_right_or_neither() {
    let world = world();
    world.sim.email_is(ALICE, "right@example.com");
    assert_eq!(disagree(&world, ["wrong@example.com", "other@example.com"]).await, ["failed", "failed"]);

    for emails in [["right@example.com", "wrong@example.com"], ["wrong@example.com", "right@example.com"]] {
        let world = self::world();
        world.sim.email_is(ALICE, "right@example.com");
        let ended = disagree(&world, emails).await;
        assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"), "{ended:?}");
        let right = emails.iter().position(|email| email.starts_with("right")).expect("one is right");
        assert_eq!(ended[right], "enabled");
    }
}

/// A slow list, and a fast newer one under the same key.
async fn overwritten(world: &World, queue: &Queue<'_>) -> String {
    world.sim.role_missing(ALICE);
    world.sim.set(|knobs| knobs.verification = Duration::from_secs(40));
    world.sim.put_member(VIRGINIA, BOB, "bob@example.com", "Enabled");
    world.sim.put_member(IRELAND, BOB, "bob@example.com", "Enabled");
    queue.upload("accounts/team.csv", "111122223333,alice@example.com\n222233334444,carol@example.com\n").await;
    let newer = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        queue.upload("accounts/team.csv", "444455556666,bob@example.com\n").await
    };
    // Two pollers, as Lambda has: the newer list is done long before the older run ends.
    let poll_later = async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        queue.drain().await
    };
    Box::pin(join(queue.drain(), join(poll_later, newer))).await.1.1
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_overwritten_while_it_runs_leaves_the_newer_ones_report_alone() {
    let world = world();
    let queue = Queue::new(&world, 30).await;

    let newer = overwritten(&world, &queue).await;

    let report = world.report("accounts/team");
    assert_eq!(report["source"]["versionId"], newer.as_str(), "{report:#}");
    assert_eq!((&report["summary"]["complete"], &report["summary"]["enabled"]), (&true.into(), &2.into()));
    assert!(world.csv("accounts/team").contains(BOB) && !world.csv("accounts/team").contains(CAROL));
    assert_eq!(world.status(VIRGINIA, CAROL).as_deref(), Some("Enabled"), "what was begun was carried out");
    assert_eq!(queue.dead().await, 0);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_a_slip_overwrites_while_it_runs_writes_its_report_over_the_refusal() {
    let world = world();
    let queue = Queue::new(&world, 30).await;
    world.sim.set(|knobs| knobs.verification = Duration::from_secs(40));
    let older = queue.upload("accounts/team.csv", ALICES_LIST).await;
    let slip = async {
        tokio::time::sleep(Duration::from_secs(3)).await;
        queue.upload("accounts/team.csv", "not a list").await
    };
    let poll_later = async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        queue.drain().await
    };

    let newer = Box::pin(join(queue.drain(), join(poll_later, slip))).await.1.1;

    let report = world.report("accounts/team");
    assert_eq!(
        (&report["source"]["versionId"], &report["summary"]["enabled"]),
        (&older.into(), &2.into()),
        "{report:#}"
    );
    assert!(report["notices"].to_string().contains(&newer), "{}", report["notices"]);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_deleted_while_it_runs_is_reported_all_the_same() {
    let world = world();
    let queue = Queue::new(&world, 30).await;
    world.onboard(ALICES_LIST).await.all_enabled();
    let newer = queue.upload("accounts/team.csv", THREE).await;
    let delete = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        let s3 = aws_sdk_s3::Client::new(&world.operators_sdk());
        s3.delete_object().bucket(BUCKET).key("accounts/team.csv").send().await.expect("deleted");
    };

    join(queue.drain(), Box::pin(delete)).await;

    assert_eq!(world.report("accounts/team")["source"]["versionId"], newer.as_str());
}

#[tokio::test(start_paused = true)]
async fn notifications_in_the_wrong_order_end_with_the_newer_ones_report() {
    let world = world();
    let queue = Queue::new(&world, 30).await;
    let older = world.sim.put_object(BUCKET, "accounts/team.csv", ALICES_LIST);
    let newer = world.sim.put_object(BUCKET, "accounts/team.csv", THREE);
    queue.send(&notification("accounts/team.csv", &newer)).await;
    queue.send(&notification("accounts/team.csv", &older)).await;

    queue.drain().await;

    assert_eq!(world.report("accounts/team")["source"]["versionId"], newer.as_str());
}

#[tokio::test(start_paused = true)]
async fn a_member_that_was_invited_anew_meanwhile_is_not_deleted() {
    let world = World::new();
    let slow = Kind::Slow(Duration::from_secs(8));
    world.sim.fault(Fault { operation: Some("CreateDetector"), account: Some(ALICE.into()), ..always(slow) });
    world.sim.put_member(VIRGINIA, ALICE, "old@example.com", "EmailVerificationFailed");
    let by_hand = async {
        tokio::time::sleep(Duration::from_secs(4)).await;
        world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Invited");
    };

    let (seen, ()) = join(world.onboard(ALICES_LIST), by_hand).await;

    seen.all_enabled();
    assert_eq!(seen.calls_to("DeleteMembers"), 0);
}

#[tokio::test(start_paused = true)]
async fn two_runs_that_replace_the_same_member_agree_in_the_end() {
    for late in [0, 100, 400, 1000, 2000, 4000, 6000, 8000] {
        let world = world();
        // The later run plans to replace the member, and gets to it when the earlier run has done so.
        let slow = Kind::Slow(Duration::from_secs(8));
        world.sim.fault(Fault {
            operation: Some("CreateDetector"),
            account: Some(ALICE.into()),
            skip: 2,
            times: 2,
            kind: slow,
            ..Fault::default()
        });
        for region in [VIRGINIA, IRELAND] {
            world.sim.put_member(region, ALICE, "old@example.com", "EmailVerificationFailed");
        }
        let version = world.sim.put_object(BUCKET, "accounts/team.csv", ALICES_LIST);
        let event = notification("accounts/team.csv", &version);
        let later = async {
            tokio::time::sleep(Duration::from_millis(late)).await;
            world.invoke(&event).await
        };

        let (one, other) = join(world.invoke(&event), later).await;

        for answer in [one, other] {
            let failed = answer.as_ref().map_or(&Value::Null, |answer| &answer["reports"][0]["summary"]["failed"]);
            assert!(failed.is_null() || *failed == 0, "{late} ms: {answer:?}");
        }
        assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"), "{late} ms");
    }
}
