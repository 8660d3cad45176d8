//! Throttling, server errors, broken connections and slow answers, on every operation.

use std::time::Duration;

use aws_sim::{Fault, Kind};

use crate::world::*;

/// Every operation that onboarding makes on its way, with the account that makes it.
const OPERATIONS: [(&str, &str); 11] = [
    ("ListDetectors", ADMINISTRATOR),
    ("CreateDetector", ADMINISTRATOR),
    ("GetMembers", ADMINISTRATOR),
    ("CreateMembers", ADMINISTRATOR),
    ("InviteMembers", ADMINISTRATOR),
    ("AssumeRole", ADMINISTRATOR),
    ("CreateDetector", ALICE),
    ("ListInvitations", ALICE),
    ("AcceptAdministratorInvitation", ALICE),
    ("GetObject", ADMINISTRATOR),
    ("PutObject", ADMINISTRATOR),
];

fn on(operation: &'static str, caller: &str, times: u32, kind: Kind) -> Fault {
    Fault { operation: Some(operation), account: Some(caller.into()), times, ..always(kind) }
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_waited_out_on_every_operation() {
    for (operation, caller) in OPERATIONS {
        for kind in [Kind::Throttle, Kind::Internal, Kind::Broken, Kind::Slow(Duration::from_secs(11))] {
            let world = World::new();
            world.sim.fault(on(operation, caller, 2, kind.clone()));
            let seen = world.onboard(THREE).await;
            assert!(seen.answer.is_ok(), "{operation} {kind:?}: {:?}", seen.answer);
            seen.all_enabled();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_after_the_write_leads_to_the_same_end() {
    for (operation, caller) in OPERATIONS {
        let world = World::new();
        world.sim.fault(on(operation, caller, 1, Kind::LostAnswer));
        let seen = world.onboard(THREE).await;
        assert!(seen.answer.is_ok(), "{operation}: {:?}", seen.answer);
        seen.all_enabled();
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_of_one_account_that_does_not_pass_parks_that_account_alone() {
    for operation in ["CreateDetector", "ListInvitations", "AcceptAdministratorInvitation"] {
        let world = World::new();
        world.sim.fault(on(operation, ALICE, u32::MAX, Kind::Throttle));
        let seen = world.onboard(THREE).await;
        let ended = seen.ended(ALICE, VIRGINIA);
        assert!(ended.starts_with("pending"), "{operation}: {ended}");
        seen.only_alice(&ended, "Too Many Requests");
    }
}

#[tokio::test(start_paused = true)]
async fn throttling_of_the_administrator_that_does_not_pass_parks_the_memberships() {
    for operation in ["GetMembers", "CreateMembers", "InviteMembers"] {
        let world = World::new();
        world.sim.fault(on(operation, ADMINISTRATOR, u32::MAX, Kind::Throttle));
        let seen = world.onboard(THREE).await;
        assert_eq!(seen.count("pending"), 3, "{operation}: {:#}", seen.report);
        assert!(seen.detail(ALICE, VIRGINIA).contains("Too Many Requests"), "{operation}");
    }
}

#[tokio::test(start_paused = true)]
async fn retries_of_accounts_that_stay_throttled_use_up_nobody_elses() {
    let world = World::new();
    for account in 1..=40 {
        let id = format!("0000000{account:05}");
        world.sim.fault(on("CreateDetector", &id, u32::MAX, Kind::Throttle));
    }
    for account in 41..=200 {
        let id = format!("0000000{account:05}");
        world.sim.fault(on("CreateDetector", &id, 2, Kind::Throttle));
    }

    let seen = world.onboard(&list_of(200)).await;

    assert_eq!((seen.count("enabled"), seen.count("pending")), (160, 40), "{:#}", seen.report["summary"]);
}

#[tokio::test(start_paused = true)]
async fn accounts_that_are_always_throttled_starve_no_other_in_the_first_run() {
    let world = World::new();
    let throttled = |account: usize| account % 10 < 3;
    for account in (1..=500).filter(|account| throttled(*account)) {
        let account = Some(format!("0000000{account:05}"));
        world.sim.fault(Fault { account, ..always(Kind::Throttle) });
    }

    let seen = world.onboard(&list_of(500)).await;

    assert_eq!((seen.count("enabled"), seen.count("pending")), (350, 150));
    let healthy = (1..=500).filter(|account| !throttled(*account));
    for account in healthy.map(|account| format!("0000000{account:05}")) {
        assert_eq!(seen.ended(&account, VIRGINIA), "enabled Enabled");
    }
}

#[tokio::test(start_paused = true)]
async fn a_session_that_expires_is_renewed_and_once_for_all_regions() {
    let world = World::new().in_regions("us-east-1,eu-west-1").with("MAX_CONCURRENCY", "1");
    world.sim.fault(on("ListInvitations", ALICE, 1, Kind::ExpiredToken));

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    assert_eq!(seen.calls_to("AssumeRole"), 4, "three accounts, and one of them again");
}

#[tokio::test(start_paused = true)]
async fn credentials_that_expire_again_are_not_taken_for_a_region_that_is_off() {
    let world = World::new();
    world.sim.fault(on("ListInvitations", ALICE, u32::MAX, Kind::ExpiredToken));

    world.onboard(THREE).await.only_alice("pending Invited", "credentials expired");
}

#[tokio::test(start_paused = true)]
async fn a_straggler_does_not_hold_up_those_that_are_ready() {
    let world = World::new();
    world.sim.fault(on("CreateDetector", ALICE, 1, Kind::Slow(Duration::from_secs(9))));

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    let first = |operation: &str| seen.calls.iter().find(|call| call.operation == operation).expect("a call");
    let waited = first("CreateMembers").at.duration_since(first("GetObject").at).expect("later");
    assert!(waited < Duration::from_secs(3), "{waited:?}");
}

#[tokio::test(start_paused = true)]
async fn roles_are_assumed_slower_than_sts_allows() {
    let world = World::new().with("MAX_CONCURRENCY", "512");

    let seen = world.onboard(&list_of(2000)).await;

    seen.all_enabled();
    let throttled = seen.calls.iter().filter(|call| call.operation == "AssumeRole" && call.status != 200).count();
    assert_eq!(throttled, 0);
}

#[tokio::test(start_paused = true)]
async fn a_report_that_cannot_be_written_fails_the_invocation() {
    let world = World::new();
    world.sim.deny(ADMINISTRATOR, "s3:PutObject", "");

    let seen = world.onboard(ALICES_LIST).await;

    let error = seen.answer.expect_err("no report").to_string();
    assert!(error.contains(&format!("s3://{BUCKET}/reports/accounts/team.csv")), "{error}");
}

#[tokio::test(start_paused = true)]
async fn what_passes_is_waited_out_on_the_rarer_operations_too() {
    for (operation, caller) in [
        ("ListRegions", ADMINISTRATOR),
        ("GetDetector", ADMINISTRATOR),
        ("UpdateDetector", ADMINISTRATOR),
        ("StartMonitoringMembers", ADMINISTRATOR),
        ("DeleteMembers", ADMINISTRATOR),
        ("ListDetectors", ALICE),
        ("GetDetector", ALICE),
        ("UpdateDetector", ALICE),
    ] {
        for kind in [Kind::Throttle, Kind::Internal, Kind::Broken, Kind::LostAnswer] {
            let world = World::new().in_regions("all");
            world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Disabled");
            world.sim.put_detector(ALICE, VIRGINIA, false);
            world.sim.put_member(VIRGINIA, BOB, "old@example.com", "EmailVerificationFailed");
            world.sim.put_detector(ADMINISTRATOR, VIRGINIA, false);
            world.sim.fault(on(operation, caller, 2, kind.clone()));

            let seen = world.onboard(THREE).await;

            assert!(seen.calls_to(operation) > 2, "{operation} is on the way");
            assert!(seen.answer.is_ok(), "{operation} {kind:?}: {:?}", seen.answer);
            seen.all_enabled();
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_lost_on_the_way_out_leads_to_the_same_end() {
    for operation in ["DisassociateMembers", "DeleteMembers", "DeleteDetector"] {
        let world = World::new().with("ALLOW_REMOVE", "true").with("DELETE_DETECTORS", "true");
        world.onboard(ALICES_LIST).await.all_enabled();
        world.sim.fault(Fault { operation: Some(operation), kind: Kind::LostAnswer, ..Fault::default() });

        let seen = world.upload("remove/team.csv", ALICES_LIST).await;

        assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{operation}: {:#}", seen.report);
        assert_eq!((seen.calls_to(operation), seen.detail(ALICE, VIRGINIA)), (2, ""));
        assert!(world.sim.detector(ALICE, VIRGINIA).is_none());
    }
}
