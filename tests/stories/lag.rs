//! A GuardDuty that lags behind what was written to it.

use std::time::Duration;

use aws_sim::{Fault, Kind};

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn a_member_that_shows_up_late_is_invited_then() {
    let world = World::new();
    world.sim.set(|knobs| knobs.member_visible_after = Duration::from_secs(5));

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    assert_eq!(seen.calls_to("CreateMembers"), 1);
}

#[tokio::test(start_paused = true)]
async fn a_member_that_shows_up_late_is_waited_for_although_it_stood_long_in_a_lane() {
    let world = World::new().with("SETTLE_SECONDS", "10").with("MAX_CONCURRENCY", "1");
    world.sim.set(|knobs| knobs.member_visible_after = Duration::from_secs(5));
    for account in [ALICE, BOB, CAROL] {
        let kind = Kind::Slow(Duration::from_secs(9));
        let operation = Some("CreateDetector");
        world.sim.fault(Fault { operation, account: Some(account.into()), kind, ..Fault::default() });
    }

    world.onboard(THREE).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn a_status_that_lags_is_waited_for_and_no_write_is_made_twice() {
    let world = World::new();
    world.sim.set(|knobs| knobs.status_lag = Duration::from_secs(4));

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    let once =
        [("CreateMembers", 1), ("InviteMembers", 1), ("CreateDetector", 4), ("AcceptAdministratorInvitation", 3)];
    for (operation, times) in once {
        assert_eq!(seen.calls_to(operation), times, "{operation}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_invitation_that_the_member_sees_late_is_accepted_then() {
    let world = World::new();
    world.sim.set(|knobs| knobs.invitation_visible_after = Duration::from_secs(20));

    world.onboard(THREE).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn an_invitation_that_never_shows_is_pending() {
    let world = World::new();
    world.sim.set(|knobs| knobs.invitation_visible_after = Duration::from_secs(3600));

    let seen = world.onboard(ALICES_LIST).await;

    assert_eq!(seen.ended(ALICE, VIRGINIA), "pending Invited");
    assert!(seen.detail(ALICE, VIRGINIA).contains("does not see the invitation yet"));
    assert!(seen.took < Duration::from_secs(62), "SETTLE_SECONDS is 60, but it took {:?}", seen.took);
}

#[tokio::test(start_paused = true)]
async fn a_status_that_lags_for_longer_than_the_wait_is_pending_and_made_good_later() {
    let world = World::new();
    world.sim.set(|knobs| knobs.status_lag = Duration::from_secs(300));
    let seen = world.onboard(ALICES_LIST).await;
    assert_eq!(seen.count("pending"), 1, "{:#}", seen.report);

    tokio::time::sleep(Duration::from_secs(600)).await;
    world.sim.set(|knobs| knobs.status_lag = Duration::ZERO);

    world.onboard(ALICES_LIST).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn waiting_ends_for_each_account_on_its_own() {
    let world = World::new().with("SETTLE_SECONDS", "10");
    world.sim.set(|knobs| knobs.verification = Duration::from_secs(15));
    let slow =
        Fault { operation: Some("CreateDetector"), kind: Kind::Slow(Duration::from_secs(9)), ..Fault::default() };
    world.sim.fault(Fault { account: Some(BOB.into()), ..slow });

    let seen = world.onboard(THREE).await;

    assert_eq!(seen.count("pending"), 3, "{:#}", seen.report);
    assert!(seen.took < Duration::from_secs(22), "{:?}", seen.took);
}

#[tokio::test(start_paused = true)]
async fn an_invitation_that_an_account_never_sees_because_it_has_another_administrator_is_not_waited_for() {
    let world = World::new();
    world.sim.set(|knobs| knobs.invitation_visible_after = Duration::from_secs(3600));
    world.sim.belongs_to("999999999999", ALICE, VIRGINIA);
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Invited");

    let seen = world.onboard(ALICES_LIST).await;

    assert_eq!(seen.ended(ALICE, VIRGINIA), "failed Invited");
    assert!(seen.took < Duration::from_secs(5), "{:?}", seen.took);
    assert!(seen.detail(ALICE, VIRGINIA).contains("another administrator, 999999999999"));
}

#[tokio::test(start_paused = true)]
async fn nobody_is_parked_without_a_last_look_whenever_a_straggler_comes() {
    for straggles in (7_000..9_000).step_by(250) {
        let world = World::new().with("SETTLE_SECONDS", "8");
        world.sim.set(|knobs| {
            knobs.verification = Duration::from_secs(7);
            knobs.latency = Duration::from_millis(200);
        });
        let slow = Fault { operation: Some("CreateDetector"), ..Fault::default() };
        let kind = Kind::Slow(Duration::from_millis(straggles));
        world.sim.fault(Fault { account: Some(BOB.into()), kind, ..slow });

        world.onboard(THREE).await.all_enabled();
    }
}

#[tokio::test(start_paused = true)]
async fn a_trickle_of_stragglers_neither_holds_up_nor_starves_the_others() {
    let world = World::new();
    world.sim.set(|knobs| knobs.verification = Duration::from_secs(2));
    for straggler in 2..=50_u32 {
        let slow = Fault { operation: Some("CreateDetector"), ..Fault::default() };
        let kind = Kind::Slow(Duration::from_millis(190 * u64::from(straggler)));
        world.sim.fault(Fault { account: Some(format!("0000000{straggler:05}")), kind, ..slow });
    }

    let seen = world.onboard(&list_of(50)).await;

    seen.all_enabled();
    let at = |operation: &str| {
        let call = seen.calls.iter().find(|call| call.operation == operation).expect("a call");
        call.at.duration_since(seen.calls[0].at).expect("later")
    };
    assert!(at("CreateMembers") < Duration::from_secs(4), "{:?}", at("CreateMembers"));
    assert!(at("AcceptAdministratorInvitation") < Duration::from_secs(8), "{:?}", at("AcceptAdministratorInvitation"));
}

#[tokio::test(start_paused = true)]
async fn new_accounts_do_not_wait_until_the_whole_list_has_been_looked_at() {
    let world = World::new();
    world.sim.set(|knobs| knobs.latency = Duration::from_secs(1));
    for account in 2..=1_500 {
        let email = format!("account-{account}@example.com");
        world.sim.put_member(VIRGINIA, &format!("0000000{account:05}"), &email, "Enabled");
    }

    let seen = world.onboard(&list_of(1_500)).await;

    seen.all_enabled();
    let position = |operation: &str| seen.calls.iter().rposition(|call| call.operation == operation);
    let looks = seen.calls.iter().enumerate().filter(|(_, call)| call.operation == "GetMembers");
    let before = looks.filter(|(place, _)| Some(*place) < position("CreateMembers")).count();
    assert!((10..20).contains(&before), "{before} of 30 looks");
}

#[tokio::test(start_paused = true)]
async fn an_invitation_whose_answer_is_lost_late_still_gets_its_time() {
    let world = World::new().with("SETTLE_SECONDS", "8");
    world.sim.set(|knobs| knobs.verification = Duration::from_secs(3));
    for account in [ALICE, BOB, CAROL] {
        let slow = Fault { operation: Some("CreateDetector"), account: Some(account.into()), ..Fault::default() };
        world.sim.fault(Fault { kind: Kind::Slow(Duration::from_secs(9)), ..slow });
    }
    world.sim.fault(Fault { operation: Some("InviteMembers"), kind: Kind::LostAnswer, ..Fault::default() });

    world.onboard(THREE).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn an_invitation_that_lags_costs_one_look_for_another_administrator_where_there_was_a_detector() {
    let world = World::new();
    world.sim.put_detector(ALICE, VIRGINIA, true);
    world.sim.set(|knobs| knobs.invitation_visible_after = Duration::from_secs(50));

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    let asked = seen.calls.iter().filter(|call| call.operation == "GetAdministratorAccount");
    assert_eq!(asked.map(|call| call.caller.as_str()).collect::<Vec<_>>(), [ALICE]);
}
