//! Accounts and AWS that are not ready for a long time: the queue waits, and nothing is lost on the way.

use std::time::Duration;

use aws_sim::Fault;

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

#[tokio::test(start_paused = true)]
async fn a_role_whose_policy_has_not_spread_is_waited_for_and_the_others_are_done_at_once() {
    for action in ["guardduty:CreateDetector", "guardduty:ListInvitations", "guardduty:AcceptAdministratorInvitation"] {
        let world = World::queued();
        let queue = Queue::new(&world, 30).await;
        let denial = format!("because no identity-based policy allows the {action} action");
        world.sim.deny(ALICE, action, &denial);
        queue.upload("accounts/team.csv", THREE).await;

        for count in 1..=3 {
            assert_eq!(queue.wait().await.1, [(count, true)], "{action}");
        }
        let report = world.report("accounts/team");
        assert_eq!((&report["summary"]["pending"], &report["summary"]["enabled"]), (&1.into(), &2.into()));
        let detail = report["memberships"][0]["detail"].as_str().expect("Alice's detail");
        assert!(detail.starts_with("the role in account 111122223333 has no policy yet"), "{detail}");
        assert!(detail.contains(&denial) && detail.contains("allow the action in the role's policy"), "{detail}");
        assert!(detail.ends_with("a new role's policy takes minutes to spread, so it will be retried"), "{detail}");

        world.sim.allow(ALICE, action);
        assert_eq!(queue.drain().await.0, [(4, false)]);
        assert_eq!(world.report("accounts/team")["summary"]["enabled"], 3);
    }
}

#[tokio::test(start_paused = true)]
async fn a_policy_that_never_spreads_says_at_last_what_to_mend() {
    let world = World::queued().with("MAX_DELIVERIES", "2");
    let queue = Queue::new(&world, 2).await;
    world.sim.deny(ALICE, "guardduty:CreateDetector", "because no identity-based policy allows it");
    queue.upload("accounts/team.csv", ALICES_LIST).await;

    queue.drain().await;

    assert_eq!(queue.dead().await, 1);
    let report = world.report("accounts/team");
    let detail = report["memberships"][0]["detail"].as_str().expect("a detail");
    assert!(detail.contains("if this persists, allow the action in the role's policy; last automatic try"), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_not_accepted_is_waited_for_where_a_region_is_always_on_and_means_off_where_it_may_be() {
    for code in ["UnrecognizedClientException", "InvalidClientTokenId"] {
        let world = World::queued().in_regions("us-east-1,eu-south-1");
        let queue = Queue::new(&world, 30).await;
        let refused = |region: &str, times| Fault {
            service: Some("guardduty"),
            account: Some(ALICE.into()),
            region: Some(region.into()),
            ..Fault { times, kind: invalid_token(code), ..Fault::default() }
        };
        world.sim.fault(refused(VIRGINIA, 2));
        world.sim.fault(refused(MILAN, u32::MAX));
        queue.upload("accounts/team.csv", THREE).await;

        for count in 1..=2 {
            assert_eq!(queue.wait().await.1, [(count, true)], "{code}");
            let report = world.report("accounts/team");
            let of_alice = |index: usize| {
                let membership = &report["memberships"][index];
                assert_eq!(membership["accountId"], ALICE);
                let text = |name: &str| membership[name].as_str().unwrap_or_default().to_owned();
                (text("region"), text("outcome"), text("detail"))
            };
            let (region, outcome, detail) = of_alice(0);
            assert_eq!((&*region, &*outcome), (VIRGINIA, "pending"));
            assert!(detail.starts_with("AWS does not accept the role's token in account 111122223333"), "{detail}");
            assert!(detail.contains("check that the account is active; a new account takes minutes"), "{detail}");
            let (region, outcome, detail) = of_alice(1);
            assert_eq!((&*region, &*outcome), (MILAN, "skipped"));
            assert!(detail.starts_with("Region eu-south-1 is not enabled in account 111122223333"), "{detail}");
            assert_eq!(report["summary"]["enabled"], 4);
        }
        let assumed = world.sim.ledger().into_iter().filter(|call| call.operation == "AssumeRole");
        assert_eq!(assumed.filter(|call| call.accounts == [ALICE]).count(), 2, "no new session within a run");

        assert_eq!(queue.drain().await.0, [(3, false)]);
        assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"));
        let summary = &world.report("accounts/team")["summary"];
        assert_eq!((&summary["enabled"], &summary["skipped"]), (&5.into(), &1.into()));
    }
}

#[tokio::test(start_paused = true)]
async fn sts_that_does_not_accept_the_functions_token_is_waited_for() {
    let world = World::queued().in_regions("us-east-1,eu-south-1");
    let queue = Queue::new(&world, 30).await;
    world.sim.fault(Fault {
        operation: Some("AssumeRole"),
        kind: invalid_token("InvalidClientTokenId"),
        ..Fault::default()
    });
    queue.upload("accounts/team.csv", ALICES_LIST).await;

    assert_eq!(queue.poll().await, [(1, true)]);
    let report = world.report("accounts/team");
    for membership in report["memberships"].as_array().expect("memberships") {
        assert_eq!(membership["outcome"], "pending", "{membership}");
        let detail = membership["detail"].as_str().expect("a detail");
        assert!(detail.contains("AWS does not accept the function's own token"), "{detail}");
    }

    assert_eq!(queue.drain().await.0, [(2, false)]);
    assert_eq!(world.report("accounts/team")["summary"]["enabled"], 2);
}
