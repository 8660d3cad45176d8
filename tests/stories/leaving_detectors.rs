//! Detectors of accounts that were removed: only those that the function created go, and only after the membership.

use aws_sim::{Fault, Kind};

use crate::leaving::*;
use crate::log::Log;
use crate::world::*;

const TAG: &str = "guardduty-onboarding";

/// A world that deletes detectors, in which Alice was onboarded by the function.
async fn onboarded() -> World {
    let world = allowed().with("DELETE_DETECTORS", "true");
    world.onboard(ALICES_LIST).await.all_enabled();
    world
}

fn has_detector(world: &World) -> bool {
    world.sim.detector(ALICE, VIRGINIA).is_some()
}

#[tokio::test(start_paused = true)]
async fn a_detector_that_the_function_created_is_tagged_and_goes_with_the_membership() {
    let world = onboarded().await;
    let detector = world.sim.detector(ALICE, VIRGINIA).expect("a detector");
    assert_eq!(detector.tags.get(TAG).map(String::as_str), Some(ADMINISTRATOR));
    let log = Log::take();

    let seen = world.upload(REMOVE, ALICE_ALONE).await;

    assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{:#}", seen.report);
    assert_eq!(seen.writes(), ["DisassociateMembers", "DeleteMembers", "DeleteDetector"]);
    assert!(!has_detector(&world) && seen.detail(ALICE, VIRGINIA).is_empty());
    let lines = log.lines("detector deleted");
    assert_eq!((lines.len(), lines[0]["account"].as_str()), (1, Some(ALICE)));
    assert!(world.metrics.borrow().contains("\"DetectorsDeleted\":1"), "{}", world.metrics.borrow());
}

#[tokio::test(start_paused = true)]
async fn a_member_that_was_suspended_leaves_nothing_behind_if_its_detector_goes() {
    let world = onboarded().await;
    world.upload(SUSPEND, ALICE_ALONE).await;
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!((seen.ended(ALICE, VIRGINIA).as_str(), seen.detail(ALICE, VIRGINIA)), ("removed -", ""));
    assert!(!has_detector(&world));
}

#[tokio::test(start_paused = true)]
async fn without_the_setting_the_detector_stays() {
    let world = allowed();
    world.onboard(ALICES_LIST).await.all_enabled();
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!((seen.ended(ALICE, VIRGINIA).as_str(), seen.calls_to_members()), ("removed -", 0));
    assert!(has_detector(&world));
}

#[tokio::test(start_paused = true)]
async fn a_detector_without_exactly_that_tag_stays_and_the_report_says_so() {
    for tag in [None, Some((TAG, "999999999999")), Some(("Guardduty-Onboarding", ADMINISTRATOR)), Some((TAG, ""))] {
        let world = allowed().with("DELETE_DETECTORS", "true");
        world.sim.put_detector(ALICE, VIRGINIA, true);
        if let Some((key, value)) = tag {
            world.sim.tag_detector(ALICE, VIRGINIA, key, value);
        }
        world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Enabled");

        let seen = world.upload(REMOVE, ALICE_ALONE).await;

        assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{tag:?}: {:#}", seen.report);
        assert!(seen.detail(ALICE, VIRGINIA).contains("was not created by this function"), "{tag:?}");
        assert_eq!((seen.calls_to("DeleteDetector"), has_detector(&world)), (0, true), "{tag:?}");
        let looks = ["AssumeRole", "ListDetectors", "GetDetector"].map(|call| {
            seen.calls.iter().filter(|one| one.operation == call && one.caller != ADMINISTRATOR).count()
                + if call == "AssumeRole" { seen.calls_to(call) } else { 0 }
        });
        assert_eq!(looks, [1, 1, 1], "two looks and a session of its own");
    }
}

#[tokio::test(start_paused = true)]
async fn a_detector_that_stays_and_was_suspended_is_off_and_the_report_says_both() {
    let world = allowed().with("DELETE_DETECTORS", "true");
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Disabled");
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    let said = seen.detail(ALICE, VIRGINIA);
    assert!(said.contains("was not created by this function") && said.contains("GuardDuty stays off"), "{said}");
    assert_eq!((seen.ended(ALICE, VIRGINIA).as_str(), has_detector(&world)), ("removed -", true));
}

#[tokio::test(start_paused = true)]
async fn the_detector_of_an_account_that_has_another_administrator_by_now_stays() {
    let world = onboarded().await;
    world.upload("remove/first.csv", ALICE_ALONE).await;
    world.sim.put_detector(ALICE, VIRGINIA, true);
    world.sim.tag_detector(ALICE, VIRGINIA, TAG, ADMINISTRATOR);
    world.sim.belongs_to("999999999999", ALICE, VIRGINIA);

    let seen = world.upload(REMOVE, ALICE_ALONE).await;

    assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{:#}", seen.report);
    assert!(seen.detail(ALICE, VIRGINIA).contains("its administrator in us-east-1 is now 999999999999"));
    assert!(has_detector(&world) && seen.writes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn the_detector_of_an_account_that_was_gone_already_is_looked_at_in_every_run() {
    let world = onboarded().await;
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Deleted");

    let seen = world.upload(REMOVE, ALICE_ALONE).await;

    assert_eq!(seen.writes(), ["DeleteDetector"], "{:#}", seen.report);
    let again = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!(again.ended(ALICE, VIRGINIA).split(' ').next(), Some("removed"));
    assert_eq!((again.writes(), again.calls_to("AssumeRole")), (vec![], 1), "there is none to look at");
}

#[tokio::test(start_paused = true)]
async fn a_detector_that_cannot_be_deleted_is_failed_and_the_membership_is_gone_all_the_same() {
    // The role was deployed without AllowDeleteDetector.
    let world = allowed().with("DELETE_DETECTORS", "true").with("AllowDeleteDetector", "false");
    world.onboard(ALICES_LIST).await.all_enabled();
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "failed -", "{:#}", seen.report);
    let said = seen.detail(ALICE, VIRGINIA);
    let gone = "account 111122223333 is no longer a member in us-east-1, but its detector is still there: ";
    assert!(said.starts_with(gone) && said.contains("AllowDeleteDetector"), "{said}");
    assert!(seen.answer.is_ok() && has_detector(&world));
    assert_eq!(world.status(VIRGINIA, ALICE), None);

    let world = onboarded().await;
    world.sim.role_missing(ALICE);
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "failed -", "{:#}", seen.report);
    assert!(seen.detail(ALICE, VIRGINIA).starts_with(gone) && seen.answer.is_ok());
    assert_eq!(world.status(VIRGINIA, ALICE), None, "an account whose role is gone can be removed");
}

#[tokio::test(start_paused = true)]
async fn throttling_in_the_account_is_pending_and_a_region_that_is_off_there_has_no_detector() {
    let world = onboarded().await;
    world.sim.fault(Fault { operation: Some("DeleteDetector"), ..always(Kind::Throttle) });
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "pending -", "{:#}", seen.report);
    assert!(seen.answer.is_err(), "so that it is tried again");

    let world = allowed().with("DELETE_DETECTORS", "true").in_regions("af-south-1");
    world.sim.put_member("af-south-1", ALICE, "alice@example.com", "Enabled");
    world.sim.region_off(ALICE, "af-south-1");
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!(seen.ended(ALICE, "af-south-1"), "removed -", "{:#}", seen.report);
    assert!(seen.detail(ALICE, "af-south-1").contains("is not enabled in account 111122223333"));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_still_names_us_is_looked_at_again() {
    let world = onboarded().await;
    world.sim.set(|knobs| knobs.disassociation_told_after = std::time::Duration::from_secs(5));
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{:#}", seen.report);
    assert!(!has_detector(&world));
}

#[tokio::test(start_paused = true)]
async fn a_member_role_of_an_older_release_creates_detectors_without_the_tag() {
    let world = World::new();
    let tagging = "User: x is not authorized to perform: guardduty:TagResource on resource: * because no identity-based policy allows the guardduty:TagResource action";
    let denied = Kind::Reply { status: 403, code: "AccessDeniedException".into(), message: tagging.into() };
    world.sim.fault(Fault {
        operation: Some("CreateDetector"),
        account: Some(ALICE.into()),
        times: 1,
        ..always(denied)
    });
    let seen = world.onboard(ALICES_LIST).await;
    seen.all_enabled();
    assert!(seen.notices().contains("deploy templates/member-role.yaml again"), "{}", seen.notices());
    assert_eq!(seen.report["notices"].as_array().map(Vec::len), Some(2), "{}", seen.notices());
}
