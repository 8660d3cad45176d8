//! Accounts and AWS that are not ready for a long time: the queue waits, and nothing is lost on the way.

use std::time::Duration;

use crate::queue::Queue;
use crate::world::*;

const MINUTE: Duration = Duration::from_mins(1);

#[tokio::test(start_paused = true)]
async fn a_role_that_appears_after_twenty_minutes_is_waited_for_and_the_others_are_done_at_once() {
    let world = World::queued().in_regions("us-east-1,eu-west-1");
    let queue = Queue::new(&world, 30).await;
    world.sim.role_ready_at(ALICE, world.now() + 20 * MINUTE);
    queue.upload("accounts/team.csv", THREE).await;

    assert_eq!(queue.poll().await, [(1, true)]);
    for done in [BOB, CAROL] {
        assert_eq!(world.status(IRELAND, done).as_deref(), Some("Enabled"));
    }

    let (deliveries, took) = queue.drain().await;
    assert_eq!(deliveries.last(), Some(&(7, false)), "{deliveries:?}");
    assert!(took < 35 * MINUTE, "{took:?}");
    assert_eq!(world.report("accounts/team")["summary"]["enabled"], 6);
}

#[tokio::test(start_paused = true)]
async fn a_verification_that_takes_half_an_hour_is_waited_for_without_asking_all_the_time() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.set(|knobs| knobs.verification = 30 * MINUTE);
    queue.upload("accounts/team.csv", THREE).await;

    let (deliveries, took) = queue.drain().await;

    assert_eq!(deliveries.last(), Some(&(7, false)), "{deliveries:?}");
    assert!(took < 50 * MINUTE, "{took:?}");
    let ledger = world.sim.ledger();
    let count = |operation: &str| ledger.iter().filter(|call| call.operation == operation).count();
    assert_eq!((count("CreateMembers"), count("InviteMembers"), count("AcceptAdministratorInvitation")), (1, 1, 3));
    assert!(count("GetMembers") < 150, "{}", count("GetMembers"));
    assert_eq!(world.report("accounts/team")["summary"]["enabled"], 3);
}

#[tokio::test(start_paused = true)]
async fn a_member_that_shows_late_ends_enabled_and_accepts_once() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.set(|knobs| knobs.member_visible_after = 5 * MINUTE);
    queue.upload("accounts/team.csv", THREE).await;

    queue.drain().await;

    assert_eq!(world.report("accounts/team")["summary"]["enabled"], 3);
    let accepted = world.sim.ledger().into_iter().filter(|call| call.operation == "AcceptAdministratorInvitation");
    assert_eq!(accepted.filter(|call| call.done).count(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_role_that_never_appears_ends_in_the_dead_letter_queue_and_a_redrive_takes_it_from_there() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.role_missing(ALICE);
    queue.upload("accounts/team.csv", THREE).await;

    let (deliveries, took) = queue.drain().await;

    let counts: Vec<_> = (1..=30).map(|count| (count, true)).collect();
    assert_eq!(deliveries, counts);
    assert!((6 * 60 * MINUTE..7 * 60 * MINUTE).contains(&took), "{took:?}");
    assert_eq!(queue.dead().await, 1);
    let report = world.report("accounts/team");
    assert_eq!((&report["summary"]["pending"], &report["summary"]["enabled"]), (&1.into(), &2.into()));

    world.sim.role_ready_at(ALICE, world.now());
    queue.redrive().await;
    assert_eq!(queue.drain().await.0, [(1, false)]);
    assert_eq!(queue.dead().await, 0);
    assert_eq!(world.report("accounts/team")["summary"]["enabled"], 3);
}
