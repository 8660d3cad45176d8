//! The administrator's own account: its detector, its Regions, its permissions.

use std::time::Duration;

use aws_sim::{Fault, Kind};

use crate::queue::Queue;
use crate::world::*;

const DENIED: &str = "with an explicit deny in a service control policy";

#[tokio::test(start_paused = true)]
async fn guardduty_that_is_off_in_the_administrator_account_is_switched_on_with_a_notice() {
    let world = World::new();

    let seen = world.onboard(ALICES_LIST).await;

    seen.all_enabled();
    assert!(
        seen.notices().contains("GuardDuty was off in the administrator account in us-east-1"),
        "{}",
        seen.notices()
    );
    assert!(world.onboard(ALICES_LIST).await.notices().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_administrators_suspended_detector_is_switched_on_with_a_notice() {
    let world = World::new();
    world.sim.put_detector(ADMINISTRATOR, VIRGINIA, false);

    let seen = world.onboard(ALICES_LIST).await;

    seen.all_enabled();
    assert!(seen.notices().contains("GuardDuty was suspended in the administrator account in us-east-1"));
    assert!(world.sim.detector(ADMINISTRATOR, VIRGINIA).is_some_and(|detector| detector.enabled));
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_off_for_the_administrator_fails_there_once_and_nowhere_else() {
    for code in ["UnrecognizedClientException", "InvalidClientTokenId"] {
        let world = World::new().in_regions("us-east-1,eu-south-1");
        world.sim.fault(Fault { region: Some(MILAN.into()), ..always(invalid_token(code)) });

        let seen = world.onboard(THREE).await;

        for account in [ALICE, BOB, CAROL] {
            assert_eq!(seen.ended(account, MILAN), "failed -");
            assert_eq!(seen.ended(account, VIRGINIA), "enabled Enabled");
        }
        assert!(seen.notices().contains("cannot act in eu-south-1: the Region is not enabled"), "{}", seen.notices());
        assert_eq!(seen.calls.iter().filter(|call| call.region == MILAN).count(), 1);
        assert!(seen.answer.is_ok());
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_not_accepted_in_a_region_that_is_always_on_is_waited_for() {
    for (regions, code) in [("us-east-1,eu-west-1", "UnrecognizedClientException"), ("all", "InvalidClientTokenId")] {
        let world = World::queued().in_regions(regions);
        let queue = Queue::new(&world, 30).await;
        let refused = Fault { service: Some("guardduty"), region: Some(IRELAND.into()), ..Fault::default() };
        world.sim.fault(Fault { kind: invalid_token(code), ..refused });
        queue.upload("accounts/team.csv", ALICES_LIST).await;

        assert_eq!(queue.poll().await, [(1, true)]);
        let report = world.report("accounts/team");
        let memberships = report["memberships"].as_array().expect("memberships");
        let there = memberships.iter().find(|one| one["region"] == IRELAND).expect("Alice in Ireland");
        assert_eq!((&there["outcome"], &report["summary"]["pending"]), (&"pending".into(), &1.into()));
        let detail = there["detail"].as_str().expect("a detail");
        assert!(detail.contains("the function's own token") && detail.contains("administrator account is active"));
        let notices = report["notices"].to_string();
        assert!(notices.contains("cannot act in eu-west-1: AWS does not accept the security token"), "{notices}");

        assert_eq!(queue.drain().await.0, [(2, false)]);
        assert_eq!(world.status(IRELAND, ALICE).as_deref(), Some("Enabled"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_token_that_is_not_accepted_in_the_middle_of_a_run_is_waited_for_in_every_region() {
    for operation in ["GetMembers", "CreateMembers", "InviteMembers"] {
        let world = World::queued().in_regions("us-east-1,eu-south-1");
        let queue = Queue::new(&world, 30).await;
        let refused = Fault { operation: Some(operation), times: 2, ..Fault::default() };
        world.sim.fault(Fault { kind: invalid_token("UnrecognizedClientException"), ..refused });
        queue.upload("accounts/team.csv", ALICES_LIST).await;

        assert_eq!(queue.poll().await, [(1, true)], "{operation}");
        assert_eq!(world.report("accounts/team")["summary"]["pending"], 2, "{operation}");
        assert_eq!(queue.drain().await.0, [(2, false)]);
        assert_eq!(world.report("accounts/team")["summary"]["enabled"], 2);
    }
}

#[tokio::test(start_paused = true)]
async fn under_all_regions_one_that_a_policy_denies_is_skipped_with_a_notice() {
    let world = World::new().in_regions("all");
    let seen = {
        world.sim.deny(ADMINISTRATOR, "guardduty:*", DENIED);
        world.onboard(ALICES_LIST).await
    };

    assert_eq!(seen.ended(ALICE, IRELAND), "skipped -");
    assert!(seen.notices().contains("policy denies it"), "{}", seen.notices());
}

#[tokio::test(start_paused = true)]
async fn a_permission_that_the_functions_own_role_lacks_is_a_failure_even_under_all_regions() {
    let world = World::new().in_regions("all");
    world.sim.deny(ADMINISTRATOR, "guardduty:ListDetectors", "");

    let seen = world.onboard(ALICES_LIST).await;

    assert_eq!(seen.ended(ALICE, IRELAND), "failed -");
    assert!(seen.detail(ALICE, IRELAND).contains("the function's own role"));
}

#[tokio::test(start_paused = true)]
async fn a_region_without_an_answer_is_pending_and_not_asked_again_per_account() {
    let world = World::new().in_regions("us-east-1,eu-west-1");
    world.sim.fault(Fault { region: Some(IRELAND.into()), ..always(Kind::Internal) });

    let seen = world.onboard(THREE).await;

    assert_eq!(seen.ended(ALICE, IRELAND), "pending -");
    assert_eq!(seen.ended(ALICE, VIRGINIA), "enabled Enabled");
    assert_eq!(seen.calls.iter().filter(|call| call.region == IRELAND).count(), 5, "one call, five attempts");
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_slow_to_begin_holds_no_other_up() {
    let world = World::new().in_regions("us-east-1,eu-west-1");
    let slow = Kind::Slow(Duration::from_secs(8));
    world.sim.fault(Fault { service: Some("guardduty"), region: Some(IRELAND.into()), kind: slow, ..Fault::default() });
    let began = world.now();

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    let accepted = |region: &str| {
        let calls = seen.calls.iter().filter(|call| call.operation == "AcceptAdministratorInvitation");
        calls.filter(|call| call.region == region).map(|call| call.at).max().expect("accepted")
    };
    assert!(accepted(VIRGINIA) < began + Duration::from_secs(8));
    assert!(accepted(IRELAND) >= began + Duration::from_secs(8));
}

#[tokio::test(start_paused = true)]
async fn a_quota_that_is_full_says_so() {
    let world = World::new();
    world.sim.set(|knobs| knobs.member_quota = 2);

    let seen = world.onboard(THREE).await;

    assert_eq!((seen.count("enabled"), seen.count("failed")), (2, 1));
    assert!(seen.detail(CAROL, VIRGINIA).contains("quota"), "{:#}", seen.report);
}

#[tokio::test(start_paused = true)]
async fn regions_that_cannot_be_listed_fail_the_invocation_with_the_reason() {
    let world = World::new().in_regions("all");
    world.sim.deny(ADMINISTRATOR, "account:ListRegions", "");

    let seen = world.onboard(ALICES_LIST).await;

    let error = seen.answer.expect_err("no Regions").to_string();
    assert!(error.contains("REGIONS is all") && error.contains("not authorized"), "{error}");
    assert_eq!(world.status(VIRGINIA, ALICE), None);
}
