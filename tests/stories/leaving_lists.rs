//! Which of several lists counts: a list that lets accounts go only while it is the current one, and an older will to
//! monitor an account not against a list that lets it go.

use aws_sim::{Fault, Kind};
use serde_json::{Value, json};

use crate::events::sample;
use crate::leaving::*;
use crate::queue::Queue;
use crate::world::*;

fn with_members() -> World {
    let world = allowed();
    for account in [ALICE, BOB, CAROL] {
        world.sim.put_member(VIRGINIA, account, "user@example.com", "Enabled");
    }
    world
}

fn untouched(world: &World) {
    for account in [ALICE, BOB, CAROL] {
        assert_eq!(world.status(VIRGINIA, account).as_deref(), Some("Enabled"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_older_version_lets_nobody_go_whatever_the_newer_one_is_worth() {
    for newer in ["444455556666\n", "no list at all", "", "<html>"] {
        let world = with_members();
        let older = world.sim.put_object(BUCKET, REMOVE, ALICE_ALONE);
        world.sim.put_object(BUCKET, REMOVE, newer);
        let seen = world.notify(REMOVE, &older).await;
        assert_eq!(seen.answer.expect("a success"), json!({"reports": []}), "{newer:?}");
        assert_eq!(world.report("remove/team"), Value::Null, "no report");
        untouched(&world);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_was_deleted_lets_nobody_go() {
    let world = with_members();
    let version = world.sim.put_object(BUCKET, SUSPEND, ALICE_ALONE);
    world.sim.delete_object(BUCKET, SUSPEND);
    let seen = world.notify(SUSPEND, &version).await;
    assert_eq!(seen.answer.expect("a success"), json!({"reports": []}));
    assert_eq!(world.report("suspend/team"), Value::Null);
    untouched(&world);
}

#[tokio::test(start_paused = true)]
async fn a_list_that_lets_nobody_go_leaves_no_report_either_once_it_is_replaced() {
    // Everybody on it is gone already, so there is no first write to ask before.
    let world = allowed();
    world.sim.put_detector(ADMINISTRATOR, VIRGINIA, true);
    let older = world.sim.put_object(BUCKET, REMOVE, ALICE_ALONE);
    world.sim.put_object(BUCKET, REMOVE, "444455556666\n");
    let seen = world.notify(REMOVE, &older).await;
    assert_eq!(seen.answer.expect("a success"), json!({"reports": []}));
    assert_eq!(world.report("remove/team"), Value::Null);
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_told_is_tried_again_and_nobody_is_let_go_meanwhile() {
    for status in [403, 503] {
        let world = with_members();
        let kind = Kind::Reply { status, code: "AccessDenied".into(), message: "Access Denied".into() };
        world.sim.fault(Fault { operation: Some("HeadObject"), ..always(kind) });
        let seen = world.upload(REMOVE, ALICE_ALONE).await;
        let error = seen.answer.expect_err("an error").to_string();
        assert!(error.contains("is still the current list could not be found out"), "{error}");
        untouched(&world);
        assert_eq!(world.report("remove/team"), Value::Null);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_refused_is_reported_although_it_cannot_be_told_whether_it_is_current() {
    let world = World::new();
    let kind = Kind::Reply { status: 403, code: "AccessDenied".into(), message: "Access Denied".into() };
    world.sim.fault(Fault { operation: Some("HeadObject"), ..always(kind.clone()) });
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    assert!(seen.answer.is_ok() && seen.notices().contains("removing is off"), "{:#}", seen.report);

    let world = allowed();
    world.sim.fault(Fault { operation: Some("HeadObject"), ..always(kind.clone()) });
    world.sim.fault(Fault { operation: Some("GetObject"), ..always(kind) });
    let seen = world.upload(SUSPEND, ALICE_ALONE).await;
    assert!(seen.answer.is_ok() && seen.notices().contains("not allowed to read the list"), "{:#}", seen.report);
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_is_free_of_that() {
    let world = with_members();
    let older = world.sim.put_object(BUCKET, "plan/remove/team.csv", ALICE_ALONE);
    world.sim.put_object(BUCKET, "plan/remove/team.csv", "444455556666\n");
    let seen = world.notify("plan/remove/team.csv", &older).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "planned Enabled", "{:#}", seen.report);
}

/// Alice's role is missing, so the list waits. Then another list lets her go.
async fn waiting_list<'a>(world: &'a World, queue: &Queue<'a>, key: &str) {
    world.sim.role_missing(ALICE);
    queue
        .upload("accounts/team.csv", "Account ID,Email\n111122223333,alice@example.com\n444455556666,bob@example.com\n")
        .await;
    assert_eq!(queue.poll().await, [(1, true)]);
    world.sim.role_ready_at(ALICE, world.now());
    queue.upload(key, ALICE_ALONE).await;
    assert_eq!(queue.poll().await, [(1, false)]);
}

#[tokio::test(start_paused = true)]
async fn a_redelivered_list_leaves_alone_whom_a_newer_list_lets_go() {
    for (key, goal) in [(SUSPEND, "suspended"), (REMOVE, "removed")] {
        let world = World::queued().with("ALLOW_SUSPEND", "true").with("ALLOW_REMOVE", "true");
        let queue = Queue::new(&world, 30).await;
        waiting_list(&world, &queue, key).await;

        assert_eq!(queue.drain().await.0, [(2, false)], "nothing is pending any more");

        let report = world.report("accounts/team");
        let said = report["memberships"][0]["detail"].as_str().expect("a sentence");
        assert_eq!(report["memberships"][0]["outcome"], "skipped", "{report:#}");
        assert!(said.contains(key) && said.contains("on line 2") && said.contains(goal), "{said}");
        assert_eq!(world.status(VIRGINIA, ALICE), None);
        assert_eq!(world.status(VIRGINIA, BOB).as_deref(), Some("Enabled"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_redelivered_list_goes_on_once_the_other_list_is_gone_or_says_nothing() {
    for what in ["deleted", "no valid row", "empty"] {
        let world = World::queued().with("ALLOW_REMOVE", "true");
        let queue = Queue::new(&world, 30).await;
        waiting_list(&world, &queue, REMOVE).await;
        match what {
            "deleted" => drop(world.sim.delete_object(BUCKET, REMOVE)),
            "empty" => drop(world.sim.put_object(BUCKET, REMOVE, "")),
            _ => drop(world.sim.put_object(BUCKET, REMOVE, "Account ID\nnone\n")),
        }
        assert_eq!(queue.drain().await.0, [(2, false)]);
        assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"), "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_redelivered_list_waits_while_the_lists_that_let_go_cannot_be_read() {
    let world = World::queued().with("ALLOW_REMOVE", "true");
    let queue = Queue::new(&world, 30).await;
    waiting_list(&world, &queue, REMOVE).await;
    world.sim.put_object(BUCKET, "remove/other.csv", "<html>");
    world.sim.clear_ledger();
    assert_eq!(queue.wait().await.1, [(2, true)]);
    assert!(world.sim.ledger().iter().all(|call| call.service != "guardduty"), "nothing was touched");
    world.sim.delete_object(BUCKET, "remove/other.csv");
    world.sim.delete_object(BUCKET, REMOVE);
    assert_eq!(queue.drain().await.0, [(3, false)]);
    assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_an_event_names_is_left_alone_if_a_list_lets_it_go() {
    let world = allowed();
    world.sim.put_object(BUCKET, "remove/2026/left.csv", format!("Account ID\n{BOB}\n"));
    let event = sample("organizations-create-account-result.json");
    let seen = world.deliver(&event, &format!("events/{BOB}")).await;
    assert_eq!(seen.ended(BOB, VIRGINIA), "skipped -", "{:#}", seen.report);
    assert!(seen.detail(BOB, VIRGINIA).contains("remove/2026/left.csv"));
    assert!(seen.writes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_first_delivery_and_a_request_act_against_another_list_and_nothing_is_listed_without_leave() {
    let world = allowed();
    world.sim.put_object(BUCKET, REMOVE, ALICE_ALONE);
    let seen = world.onboard(ALICES_LIST).await;
    seen.all_enabled();
    assert_eq!(seen.calls_to("ListObjectsV2"), 0);
    world
        .invoke(&json!({"accounts": [{"accountId": ALICE, "declared": "removed"}], "declared": "removed"}))
        .await
        .expect("an answer");
    world.invoke(&json!({"accounts": [{"accountId": ALICE, "email": "alice@example.com"}]})).await.expect("an answer");
    assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"));

    let world = World::new().with("REPORT_BUCKET", BUCKET);
    world.sim.put_object(BUCKET, REMOVE, format!("{BOB}\n"));
    let event = sample("organizations-create-account-result.json");
    let seen = world.deliver(&event, &format!("events/{BOB}")).await;
    assert_eq!((seen.ended(BOB, VIRGINIA).as_str(), seen.calls_to("ListObjectsV2")), ("enabled Enabled", 0));
}
