//! Accounts that a list suspends or removes: every status in which they may be found, and how a run leaves it.

use aws_sim::{Fault, Kind};
use serde_json::json;

use crate::log::Log;
use crate::world::*;

/// A world in which lists may let accounts go.
pub fn allowed() -> World {
    World::new().with("ALLOW_SUSPEND", "true").with("ALLOW_REMOVE", "true").with("REPORT_BUCKET", BUCKET)
}

pub const SUSPEND: &str = "suspend/team.csv";
pub const REMOVE: &str = "remove/team.csv";
/// Rows of lists that let accounts go need no e-mail.
pub const ALICE_ALONE: &str = "Account ID\n111122223333\n";
pub const ALL_THREE: &str = "111122223333\n444455556666\n222233334444\n";

/// Alice has that status; the others are monitored. She is on the list.
async fn found(status: &str, key: &str) -> (World, Seen) {
    let world = allowed();
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", status);
    for other in [BOB, CAROL] {
        world.sim.put_member(VIRGINIA, other, "other@example.com", "Enabled");
    }
    let seen = world.upload(key, ALICE_ALONE).await;
    assert!(seen.answer.is_ok(), "{:?}", seen.answer);
    for other in [BOB, CAROL] {
        assert_eq!(world.status(VIRGINIA, other).as_deref(), Some("Enabled"), "nobody declared that {other} leaves");
    }
    assert_eq!(seen.calls_to_members(), 0, "leaving needs nothing in the member account");
    (world, seen)
}

const NOT_ACTIVE: [&str; 9] = [
    "Created",
    "Invited",
    "EmailVerificationInProgress",
    "EmailVerificationFailed",
    "Removed",
    "Resigned",
    "RegionDisabled",
    "AccountSuspended",
    "CannotCreateDetectorInOrganizationMasterAccount",
];

#[tokio::test(start_paused = true)]
async fn a_monitored_member_is_suspended_and_stays_a_member() {
    let (world, seen) = found("Enabled", SUSPEND).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "suspended Disabled", "{:#}", seen.report);
    assert_eq!((seen.writes(), seen.detail(ALICE, VIRGINIA)), (vec!["StopMonitoringMembers"], ""));
    assert_eq!(seen.report["declared"], "suspended");
    assert_eq!((seen.count("suspended"), seen.count("enabled"), seen.count("removed")), (1, 0, 0));

    let again = world.upload(SUSPEND, ALICE_ALONE).await;
    assert_eq!(again.ended(ALICE, VIRGINIA), "suspended Disabled");
    assert_eq!((again.writes(), again.calls_to_members()), (vec![], 0));

    let resumed = world.onboard(ALICES_LIST).await;
    assert_eq!(resumed.ended(ALICE, VIRGINIA), "enabled Enabled", "an upload resumes it");
}

#[tokio::test(start_paused = true)]
async fn who_is_not_monitored_cannot_be_suspended_and_is_left_alone() {
    for status in NOT_ACTIVE.into_iter().chain(["Deleted"]) {
        let (_, seen) = found(status, SUSPEND).await;
        assert!(seen.ended(ALICE, VIRGINIA).starts_with("skipped "), "{status}: {:#}", seen.report);
        assert!(seen.detail(ALICE, VIRGINIA).contains("nothing to suspend"), "{status}");
        assert!(seen.writes().is_empty(), "{status}: {:?}", seen.writes());
    }
    let seen = allowed().upload(SUSPEND, ALICE_ALONE).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "skipped -", "who was never a member");
}

#[tokio::test(start_paused = true)]
async fn a_member_is_disassociated_and_then_deleted() {
    let (world, seen) = found("Enabled", REMOVE).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{:#}", seen.report);
    assert_eq!(seen.writes(), ["DisassociateMembers", "DeleteMembers"]);
    assert_eq!((seen.report["declared"].as_str(), seen.count("removed")), (Some("removed"), 1));
    assert_eq!((world.status(VIRGINIA, ALICE), seen.detail(ALICE, VIRGINIA)), (None, ""));
    assert!(world.sim.detector(ALICE, VIRGINIA).is_some_and(|one| one.enabled), "its detector is left as it is");

    let again = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!((again.ended(ALICE, VIRGINIA).as_str(), again.writes()), ("removed -", vec![]));

    let back = world.onboard(ALICES_LIST).await;
    assert_eq!(back.ended(ALICE, VIRGINIA), "enabled Enabled", "an upload invites it again");
}

#[tokio::test(start_paused = true)]
async fn a_membership_that_is_not_active_is_only_deleted() {
    for status in NOT_ACTIVE {
        let (world, seen) = found(status, REMOVE).await;
        assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{status}: {:#}", seen.report);
        assert_eq!((seen.writes(), world.status(VIRGINIA, ALICE)), (vec!["DeleteMembers"], None), "{status}");
    }
    let (_, seen) = found("Deleted", REMOVE).await;
    assert!(seen.ended(ALICE, VIRGINIA).starts_with("removed "), "{:#}", seen.report);
    assert!(seen.writes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_member_that_is_removed_while_it_is_suspended_stays_off_and_the_report_says_so() {
    let (world, seen) = found("Disabled", REMOVE).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{:#}", seen.report);
    assert_eq!(seen.writes(), ["DisassociateMembers", "DeleteMembers"]);
    let said = seen.detail(ALICE, VIRGINIA);
    assert!(said.contains("GuardDuty stays off") && said.contains("its owner can switch it on"), "{said}");
    assert!(world.sim.detector(ALICE, VIRGINIA).is_some_and(|one| !one.enabled));
}

#[tokio::test(start_paused = true)]
async fn a_status_that_is_new_is_left_alone_under_every_goal() {
    for key in [SUSPEND, REMOVE] {
        let (_, seen) = found("Paused", key).await;
        assert_eq!(seen.ended(ALICE, VIRGINIA), "failed Paused");
        assert!(seen.writes().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_that_joined_since_the_look_is_disassociated_whatever_its_status_was() {
    let world = allowed();
    let still = "The request is rejected because the current account cannot delete the given member account ID since it is still associated to it.";
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Invited");
    world.sim.fault(Fault {
        operation: Some("DeleteMembers"),
        times: 1,
        ..always(Kind::Answer(json!({"unprocessedAccounts": [{"accountId": ALICE, "result": still}]})))
    });

    let seen = world.upload(REMOVE, ALICE_ALONE).await;

    assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{:#}", seen.report);
    assert_eq!(seen.writes()[..2], ["DeleteMembers", "DisassociateMembers"]);
}

#[tokio::test(start_paused = true)]
async fn whom_an_organization_holds_is_failed_and_quoted() {
    let world = allowed();
    world.sim.put_organization_member(VIRGINIA, ALICE);
    world.sim.auto_enable_organization_members("ALL");
    for key in [SUSPEND, REMOVE] {
        let seen = world.upload(key, ALICE_ALONE).await;
        assert_eq!(seen.ended(ALICE, VIRGINIA), "failed Enabled", "{key}: {:#}", seen.report);
        assert!(seen.detail(ALICE, VIRGINIA).contains("in its words"), "{}", seen.detail(ALICE, VIRGINIA));
        assert!(seen.answer.is_ok(), "trying again would not help");
    }
}

#[tokio::test(start_paused = true)]
async fn statuses_that_lag_are_waited_for_and_nothing_is_written_twice() {
    let world = allowed();
    world.sim.set(|knobs| {
        let lag = std::time::Duration::from_secs(7);
        (knobs.disassociation_visible_after, knobs.deletable_after) = (lag, lag * 2);
        (knobs.deletion_visible_after, knobs.monitoring_visible_after) = (lag, lag);
    });
    for account in [ALICE, BOB, CAROL] {
        world.sim.put_member(VIRGINIA, account, "user@example.com", "Enabled");
    }
    let seen = world.upload(SUSPEND, ALICE_ALONE).await;
    assert_eq!((seen.ended(ALICE, VIRGINIA).as_str(), seen.writes().len()), ("suspended Disabled", 1));

    let seen = world.upload(REMOVE, ALL_THREE).await;
    for account in [ALICE, BOB, CAROL] {
        assert_eq!(seen.ended(account, VIRGINIA), "removed -", "{:#}", seen.report);
    }
    assert_eq!(seen.calls_to("DisassociateMembers"), 1);
}

#[tokio::test(start_paused = true)]
async fn where_the_administrator_has_no_detector_nobody_is_a_member_and_none_is_made() {
    for (key, ended) in [(SUSPEND, "skipped -"), (REMOVE, "removed -")] {
        let world = allowed().in_regions("us-east-1,eu-west-1");
        world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Created");
        let seen = world.upload(key, ALICE_ALONE).await;
        assert_eq!(seen.ended(ALICE, IRELAND), ended, "{:#}", seen.report);
        assert!(world.sim.detector(ADMINISTRATOR, IRELAND).is_none());
        assert_eq!(seen.report["notices"], json!([]));
    }
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_says_what_would_end_and_writes_nothing() {
    for (status, key, ended, said) in [
        ("Enabled", "plan/suspend/x.csv", "planned Enabled", "suspend: "),
        ("Disabled", "plan/suspend/x.csv", "suspended Disabled", ""),
        ("Enabled", "plan/remove/x.csv", "planned Enabled", "disassociate: "),
        ("Disabled", "plan/remove/x.csv", "planned Disabled", "disassociate: "),
        ("Invited", "plan/remove/x.csv", "planned Invited", "delete: "),
    ] {
        let world = World::new();
        world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", status);
        let seen = world.upload(key, ALICE_ALONE).await;
        assert_eq!(seen.ended(ALICE, VIRGINIA), ended, "{key}: {:#}", seen.report);
        assert!(seen.detail(ALICE, VIRGINIA).starts_with(said), "{}", seen.detail(ALICE, VIRGINIA));
        assert!(seen.calls.iter().all(|call| !call.write || call.operation == "PutObject"));
        assert!(seen.notices().contains("a real run would be refused"), "{}", seen.notices());
    }
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_says_that_detectors_would_go_too() {
    let world = allowed().with("DELETE_DETECTORS", "true");
    for status in ["Enabled", "Disabled", "Removed"] {
        world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", status);
        let seen = world.upload("plan/remove/x.csv", ALICE_ALONE).await;
        let said = seen.detail(ALICE, VIRGINIA);
        assert!(said.ends_with("delete the member, then its detector if this function created it"), "{said}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_answer_was_lost_is_a_line_of_the_log_too() {
    let world = allowed();
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Enabled");
    let lost = Fault { operation: Some("DisassociateMembers"), times: 1, ..always(Kind::LostAnswer) };
    world.sim.fault(lost);
    let log = Log::take();
    let seen = world.upload(REMOVE, ALICE_ALONE).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "removed -", "{:#}", seen.report);
    assert_eq!(log.lines("account let go").len(), 1);
}

#[tokio::test(start_paused = true)]
async fn every_account_that_is_let_go_is_a_line_of_the_log_that_says_who_asked() {
    let world = allowed();
    for account in [ALICE, BOB] {
        world.sim.put_member(VIRGINIA, account, "user@example.com", "Enabled");
    }
    let version = world.sim.put_object(BUCKET, REMOVE, "111122223333\n444455556666\n");
    let mut event = notification(REMOVE, &version);
    event["Records"][0]["userIdentity"] = json!({"principalId": "AWS:AROAEXAMPLEID:user@example.com"});
    let log = Log::take();

    world.invoke(&event).await.expect("an answer");

    let lines = log.lines("account let go");
    assert_eq!(lines.len(), 2, "{lines:#?}");
    assert_eq!((&lines[0]["account"], &lines[0]["region"]), (&json!(ALICE), &json!(VIRGINIA)));
    assert_eq!((&lines[0]["declared"], &lines[0]["requester"]), (&json!("removed"), &json!("AWS:AROAEXAMPLEID")));
    assert!(!log.text().contains("user@example"));

    let event = json!({"version": "0", "detail-type": "Object Created", "source": "aws.s3", "detail": {
        "bucket": {"name": BUCKET}, "object": {"key": SUSPEND}, "requester": "123456789012"}});
    world.sim.put_member(VIRGINIA, CAROL, "user@example.com", "Enabled");
    world.sim.put_object(BUCKET, SUSPEND, "222233334444\n");
    let log = Log::take();
    world.invoke(&event).await.expect("an answer");
    let lines = log.lines("account let go");
    assert_eq!((lines.len(), &lines[0]["requester"]), (1, &json!("123456789012")));
}
