//! One account's trouble: it ends in a sentence that says what to do, and stops no other account.

use std::time::Duration;

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn an_account_whose_role_cannot_be_assumed_is_pending_and_never_created() {
    let world = World::new();
    world.sim.role_missing(ALICE);

    let seen = world.onboard(THREE).await;

    seen.only_alice("pending -", "the role in account 111122223333 cannot be assumed");
    assert_eq!(world.status(VIRGINIA, ALICE), None);
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_role_comes_later_is_done_by_a_later_delivery() {
    let world = World::new();
    world.sim.role_ready_at(ALICE, world.now() + Duration::from_secs(600));
    world.onboard(THREE).await.only_alice("pending -", "cannot be assumed");

    tokio::time::sleep(Duration::from_secs(600)).await;

    world.onboard(THREE).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn a_role_that_wants_another_external_id_is_pending() {
    let world = World::new();
    world.sim.external_id_is(ALICE, "example-external-id");

    world.onboard(THREE).await.only_alice("pending -", "external id");
}

#[tokio::test(start_paused = true)]
async fn a_member_of_another_administrator_is_named_with_that_administrator() {
    let world = World::new();
    world.sim.belongs_to("999999999999", ALICE, VIRGINIA);

    world.onboard(THREE).await.only_alice("failed -", "a member of another administrator, 999999999999");
}

#[tokio::test(start_paused = true)]
async fn an_account_with_members_of_its_own_must_let_them_go() {
    let world = World::new();
    world.sim.is_administrator(ALICE, VIRGINIA);

    world.onboard(THREE).await.only_alice("failed Invited", "members of its own");
}

#[tokio::test(start_paused = true)]
async fn a_strangers_invitation_is_left_alone_and_noticed() {
    let world = World::new();
    world.sim.invite_from("999999999999", ALICE, VIRGINIA);

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    let notices = seen.notices();
    assert!(notices.contains("111122223333 also has an invitation from 999999999999"), "{notices}");
    assert_eq!(seen.calls_to("AcceptAdministratorInvitation"), 3);
}

#[tokio::test(start_paused = true)]
async fn our_invitation_is_found_behind_pages_of_strangers() {
    let world = World::new();
    world.sim.set(|knobs| knobs.page_size = 1);
    for stranger in ["999999999991", "999999999992", "999999999993"] {
        world.sim.invite_from(stranger, ALICE, VIRGINIA);
    }

    world.onboard(THREE).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn a_region_that_is_off_in_the_account_is_skipped_there_alone() {
    let world = World::new().in_regions("us-east-1,eu-south-1");
    world.sim.region_off(ALICE, MILAN);

    let seen = world.onboard(THREE).await;

    seen.all_but(ALICE, MILAN);
    assert_eq!(seen.ended(ALICE, MILAN), "skipped -");
    assert_eq!(
        seen.detail(ALICE, MILAN),
        "Region eu-south-1 is not enabled in account 111122223333; enable it there, or leave it off"
    );
}

#[tokio::test(start_paused = true)]
async fn a_suspended_detector_of_a_new_member_is_switched_on_before_it_is_invited() {
    let world = World::new();
    world.sim.put_detector(ALICE, VIRGINIA, false);

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    let position = |operation: &str| seen.calls.iter().position(|call| call.operation == operation).expect("a call");
    assert!(position("UpdateDetector") < position("InviteMembers"));
}

#[tokio::test(start_paused = true)]
async fn everything_that_guardduty_leaves_unprocessed_ends_in_a_sentence() {
    let because = |text: &str| format!("The request is rejected because {text}");
    for (operation, text, ended, said) in [
        (
            "CreateMembers",
            because(
                "the current account cannot create anymore members since it cannot exceed the maximum number of allowed members.",
            ),
            "failed -",
            "quota of members is reached",
        ),
        (
            "CreateMembers",
            because(
                "the current account cannot create members since it is already an associated member of another master account.",
            ),
            "failed -",
            "the administrator account cannot act in Region us-east-1; see the notices",
        ),
        (
            "CreateMembers",
            because("an account cannot become a member of itself."),
            "failed -",
            "cannot be its own member",
        ),
        (
            "CreateMembers",
            because("the given account ID is already a member or associated member of the current account."),
            "pending -",
            "GuardDuty does not yet show",
        ),
        ("CreateMembers", "Internal server error.".into(), "pending -", "Internal server error."),
        (
            "CreateMembers",
            "The moon is full for alice@example.com.".into(),
            "failed -",
            "in its words: The moon is full for (e-mail)",
        ),
        (
            "InviteMembers",
            because(
                "the current account cannot invite other accounts since it is already an associated member of another master account.",
            ),
            "failed -",
            "the administrator account cannot act in Region us-east-1; see the notices",
        ),
        ("InviteMembers", because("the current account cannot invite itself."), "failed -", "cannot be its own member"),
        (
            "InviteMembers",
            because("member account's email address is missing."),
            "pending Created",
            "GuardDuty does not yet show",
        ),
        (
            "InviteMembers",
            because(
                "the current account has already invited or is already the GuardDuty master of the given member account ID.",
            ),
            "pending Created",
            "GuardDuty does not yet show",
        ),
        ("InviteMembers", "The moon is full.".into(), "failed -", "in its words: The moon is full."),
    ] {
        let world = World::new();
        world.sim.refuse(operation, ALICE, &text);
        world.onboard(THREE).await.only_alice(ended, said);
    }
}

#[tokio::test(start_paused = true)]
async fn refusals_of_later_steps_end_in_a_sentence_too() {
    let associated = "The request is rejected because the given account ID is not an associated member of account the current account.";
    let role = "The request is rejected because the given handshake role of the given member account ID cannot be assumed by GuardDuty on behalf of the given master account ID.";
    let deleted = "The request is rejected because the current account cannot delete the given member account ID since it is still associated to it.";
    for (status, email, operation, text, ended, said) in [
        (
            "Disabled",
            "alice@example.com",
            "StartMonitoringMembers",
            associated,
            "pending Disabled",
            "GuardDuty does not yet show",
        ),
        ("Disabled", "alice@example.com", "StartMonitoringMembers", role, "failed Disabled", "service-linked role"),
        (
            "Disabled",
            "alice@example.com",
            "StartMonitoringMembers",
            "The moon is full.",
            "failed Disabled",
            "The moon is full.",
        ),
        (
            "EmailVerificationFailed",
            "old@example.com",
            "DeleteMembers",
            deleted,
            "pending EmailVerificationFailed",
            "GuardDuty does not yet show",
        ),
        (
            "EmailVerificationFailed",
            "old@example.com",
            "DeleteMembers",
            "The moon is full.",
            "failed EmailVerificationFailed",
            "The moon is full.",
        ),
    ] {
        let world = World::new();
        world.sim.put_member(VIRGINIA, ALICE, email, status);
        // If its detector were off, the member's own UpdateDetector would resume it, and there would be nothing to
        // refuse.
        world.sim.put_detector(ALICE, VIRGINIA, true);
        world.sim.refuse(operation, ALICE, text);
        world.onboard(THREE).await.only_alice(ended, said);
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_for_which_a_whole_batch_is_refused_stands_alone_in_the_end() {
    for operation in ["GetMembers", "CreateMembers", "InviteMembers"] {
        let world = World::new();
        world.sim.poison(operation, ALICE);
        let seen = world.onboard(THREE).await;
        let ended = seen.ended(ALICE, VIRGINIA);
        assert!(ended.starts_with("failed"), "{operation}: {ended}");
        seen.only_alice(&ended, "invalid values");
    }
}

#[tokio::test(start_paused = true)]
async fn an_invitation_refused_for_lack_of_an_email_creates_the_member_again_once() {
    let world = World::new();
    world.sim.set(|knobs| knobs.create_revives_removed = true);
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Removed");
    let missing = "The request is rejected because member account's email address is missing.";
    world.sim.refuse("InviteMembers", ALICE, missing);

    let seen = world.onboard(THREE).await;

    seen.only_alice("pending Created", "GuardDuty does not yet show");
    let creations =
        |call: &&aws_sim::Call| call.operation == "CreateMembers" && call.accounts.iter().any(|id| id == ALICE);
    assert_eq!(seen.calls.iter().filter(creations).count(), 1);
    assert!(seen.calls_to("InviteMembers") < 20, "later rounds invite it, not every one");
    world.sim.relent("InviteMembers", ALICE);
    world.onboard(THREE).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn a_member_that_is_neither_invited_nor_created_is_for_a_person_to_delete() {
    let world = World::new();
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Removed");
    let missing = "The request is rejected because member account's email address is missing.";
    world.sim.refuse("InviteMembers", ALICE, missing);

    world.onboard(THREE).await.only_alice("failed Removed", "delete the member in GuardDuty");
}
