//! Lists that were replaced or deleted before they were done.

use aws_sim::{Fault, Kind};
use serde_json::{Value, json};

use crate::queue::Queue;
use crate::world::*;

#[tokio::test(start_paused = true)]
async fn a_redelivery_of_a_replaced_list_is_left_to_the_newer_one() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.role_missing(ALICE);
    queue.upload("accounts/team.csv", ALICES_LIST).await;
    assert_eq!(queue.poll().await, [(1, true)]);
    let newer = queue.upload("accounts/team.csv", "444455556666,bob@example.com\n").await;
    assert_eq!(queue.poll().await, [(1, false)]);
    world.sim.clear_ledger();

    let (deliveries, _) = queue.drain().await;

    assert_eq!(deliveries, [(2, false)]);
    let report = world.report("accounts/team");
    assert_eq!(report["source"]["versionId"], json!(newer));
    let ours = |service: &str| world.sim.ledger().iter().filter(|call| call.service == service).count();
    assert_eq!((ours("guardduty"), ours("sts")), (0, 0), "nothing was touched");
}

#[tokio::test(start_paused = true)]
async fn a_newer_version_that_is_no_list_cancels_nothing() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.role_missing(ALICE);
    let older = queue.upload("accounts/team.csv", ALICES_LIST).await;
    assert_eq!(queue.poll().await, [(1, true)]);
    let newer = queue.upload("accounts/team.csv", "Name,Email\nAlice,alice@example.com\n").await;
    assert_eq!(queue.poll().await, [(1, false)]);
    assert_eq!(world.report("accounts/team")["summary"]["accounts"], 0);
    world.sim.role_ready_at(ALICE, world.now());

    assert_eq!(queue.drain().await.0, [(2, false)]);

    assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"));
    let report = world.report("accounts/team");
    assert_eq!(report["source"]["versionId"], json!(older));
    let notice = format!(
        "a newer version of this list ({newer}) is refused, so this version is carried out: the list's header names no account id"
    );
    assert!(report["notices"][0].as_str().is_some_and(|said| said.starts_with(&notice)), "{}", report["notices"]);
}

#[tokio::test(start_paused = true)]
async fn a_newer_version_that_cannot_be_read_now_decides_nothing() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.role_missing(ALICE);
    queue.upload("accounts/team.csv", ALICES_LIST).await;
    assert_eq!(queue.poll().await, [(1, true)]);
    world.sim.put_object(BUCKET, "accounts/team.csv", THREE);
    let slow_down =
        Kind::Reply { status: 503, code: "SlowDown".into(), message: "Please reduce your request rate.".into() };
    world.sim.fault(Fault { operation: Some("GetObject"), times: 5, ..always(slow_down) });
    world.sim.clear_ledger();

    let (deliveries, _) = queue.drain().await;

    // The third time the newer version is read, and takes over.
    assert_eq!(deliveries, [(2, true), (3, false)]);
    assert!(world.sim.ledger().iter().all(|call| call.service != "sts"), "nothing was touched");
}

#[tokio::test(start_paused = true)]
async fn a_late_first_delivery_is_carried_out_and_so_is_a_redelivery_of_the_current_version() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    queue.upload("accounts/team.csv", ALICES_LIST).await;
    queue.upload("accounts/team.csv", "444455556666,bob@example.com\n").await;
    assert_eq!([queue.poll().await, queue.poll().await], [[(1, false)], [(1, false)]]);
    assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"));
    assert_eq!(world.status(VIRGINIA, BOB).as_deref(), Some("Enabled"));
}

#[tokio::test(start_paused = true)]
async fn a_redelivery_is_carried_out_if_s3_does_not_say_what_is_current_or_keeps_no_versions() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.fault(Fault { operation: Some("HeadObject"), ..always(denied()) });
    retried(&world, &queue).await;

    let world = World::queued();
    world.sim.unversioned(BUCKET);
    let queue = Queue::new(&world, 30).await;
    let list = ALICES_LIST.to_owned();
    world.sim.put_object(BUCKET, "accounts/team.csv", list);
    let mut event = notification("accounts/team.csv", "");
    event["Records"][0]["s3"]["object"]["versionId"] = Value::Null;
    world.sim.role_missing(ALICE);
    queue.send(&event).await;
    assert_eq!(queue.poll().await, [(1, true)]);
    world.sim.role_ready_at(ALICE, world.now());
    assert_eq!(queue.drain().await.0, [(2, false)]);
}

fn denied() -> Kind {
    Kind::Reply { status: 403, code: "AccessDenied".into(), message: "Access Denied".into() }
}

async fn retried(world: &World, queue: &Queue<'_>) {
    world.sim.role_missing(ALICE);
    queue.upload("accounts/team.csv", ALICES_LIST).await;
    assert_eq!(queue.poll().await, [(1, true)]);
    world.sim.role_ready_at(ALICE, world.now());
    assert_eq!(queue.drain().await.0, [(2, false)]);
    assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"));
}

#[tokio::test(start_paused = true)]
async fn a_redelivery_of_a_deleted_list_does_nothing() {
    deleted_while_it_waits().await;
}

/// A list whose account has no role yet is deleted before the second try, which does nothing.
pub async fn deleted_while_it_waits() -> World {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.role_missing(ALICE);
    queue.upload("accounts/team.csv", ALICES_LIST).await;
    assert_eq!(queue.poll().await, [(1, true)]);
    let s3 = aws_sdk_s3::Client::new(&world.operators_sdk());
    s3.delete_object().bucket(BUCKET).key("accounts/team.csv").send().await.expect("deleted");
    assert_eq!(queue.drain().await.0, [(2, false)]);
    world
}
