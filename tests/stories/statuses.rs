//! Every status in which a membership may be found, and how a run leaves it.

use crate::world::*;

/// Alice is found with `status`; Bob and Carol are new.
async fn found(status: &str) -> (World, Seen) {
    let world = World::new();
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", status);
    let seen = world.onboard(THREE).await;
    (world, seen)
}

#[tokio::test(start_paused = true)]
async fn members_at_rest_are_taken_up_where_they_stand() {
    for status in ["Created", "Invited", "Disabled", "Removed", "Resigned", "Deleted", "Enabled"] {
        let (_, seen) = found(status).await;
        assert_eq!(seen.ended(ALICE, VIRGINIA), "enabled Enabled", "{status}: {:#}", seen.report);
        seen.all_enabled();
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_that_is_still_being_verified_is_pending_and_written_to_by_nobody() {
    let (_, seen) = found("EmailVerificationInProgress").await;

    seen.only_alice("pending EmailVerificationInProgress", "still verifying the e-mail");
    assert!(seen.calls.iter().all(|call| call.caller != ALICE));
}

#[tokio::test(start_paused = true)]
async fn a_disabled_member_is_resumed_no_matter_who_switched_its_detector_off() {
    // StartMonitoringMembers does not switch on a detector that was off before the account joined.
    for off_before_it_joined in [false, true] {
        let world = World::new();
        world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Disabled");
        if off_before_it_joined {
            world.sim.put_detector(ALICE, VIRGINIA, false);
        }

        let seen = world.onboard(THREE).await;

        seen.all_enabled();
        assert!(is_on(&world, ALICE));
        assert_eq!((seen.calls_to("UpdateDetector"), seen.calls_to("StartMonitoringMembers")), (1, 1));
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_that_was_removed_while_it_was_suspended_comes_back_monitored() {
    let world = World::new();
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Disabled");
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Removed");
    assert!(!is_on(&world, ALICE), "nobody but the account itself switches it on");

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    assert!(is_on(&world, ALICE));
    assert_eq!(seen.calls_to("UpdateDetector"), 1);
}

fn is_on(world: &World, account: &str) -> bool {
    world.sim.detector(account, VIRGINIA).is_some_and(|detector| detector.enabled)
}

#[tokio::test(start_paused = true)]
async fn statuses_that_need_a_person_say_what_to_do_and_are_left_alone() {
    for (status, ended, said) in [
        (
            "EmailVerificationFailed",
            "failed EmailVerificationFailed",
            "the e-mail on line 2 is not the root user's of 111122223333",
        ),
        ("RegionDisabled", "skipped RegionDisabled", "Region us-east-1 is not enabled in account 111122223333"),
        ("AccountSuspended", "failed AccountSuspended", "AWS suspended account 111122223333"),
        (
            "CannotCreateDetectorInOrganizationMasterAccount",
            "failed CannotCreateDetectorInOrganizationMasterAccount",
            "by hand",
        ),
        ("Paused", "failed Paused", "\"Paused\""),
    ] {
        let (world, seen) = found(status).await;
        seen.only_alice(ended, said);
        assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some(status));
        let about_alice =
            |call: &&aws_sim::Call| call.caller == ALICE || call.write && call.accounts.iter().any(|id| id == ALICE);
        assert_eq!(seen.calls.iter().find(about_alice).map(|call| &call.operation), None, "{status}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_email_fails_once_and_another_one_on_the_list_mends_it() {
    let world = World::new();
    world.sim.email_is(ALICE, "alice@example.com");
    let wrong = THREE.replace("alice@", "alicia@");
    let first = world.onboard(&wrong).await;
    first.only_alice("failed EmailVerificationFailed", "correct column Email and upload again");

    let again = world.onboard(&wrong).await;
    again.only_alice("failed EmailVerificationFailed", "the e-mail on line 2");
    assert_eq!(again.writes(), Vec::<&str>::new());

    let corrected = world.onboard(THREE).await;
    corrected.all_enabled();
    assert_eq!((corrected.calls_to("DeleteMembers"), corrected.calls_to("DisassociateMembers")), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn no_membership_that_is_active_is_ever_disassociated_stopped_or_deleted() {
    let world = World::new();
    for (account, status) in [(ALICE, "Enabled"), (BOB, "Disabled"), (CAROL, "Invited")] {
        world.sim.put_member(VIRGINIA, account, "old@example.com", status);
    }

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    for operation in ["DeleteMembers", "DisassociateMembers", "StopMonitoringMembers", "DeleteDetector"] {
        assert_eq!(seen.calls_to(operation), 0, "{operation}");
    }
}
