//! The sessions in member accounts: how long they last, what they are called, what they may do, and how many there are.

use std::time::Duration;

use crate::events::sample;
use crate::log::Log;
use crate::world::*;

const REQUEST: &str = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
const QUARTER_OF_AN_HOUR: Duration = Duration::from_secs(900);

fn may_update(call: &aws_sim::Call) -> bool {
    call.session_policy.as_ref().is_some_and(|policy| policy.contains("guardduty:UpdateDetector"))
}

#[tokio::test(start_paused = true)]
async fn a_session_lasts_a_quarter_of_an_hour_and_is_named_for_the_invocation_that_the_log_names() {
    let reader = "arn:aws:iam::999999999999:role/GuardDutyOnboardingReader";
    let world = World::new().with("REPORT_BUCKET", BUCKET).with("ORGANIZATION_ROLE_ARN", reader);
    world.sim.management_account_is("999999999999");
    let log = Log::take();

    world.onboard(THREE).await.all_enabled();
    let seen = world.deliver(&sample("organizations-create-account-result.json"), &format!("events/{BOB}")).await;
    seen.all_enabled();
    world.sim.remove_detector(CAROL, VIRGINIA);
    world.sim.put_member(VIRGINIA, CAROL, "carol@example.com", "Removed");
    let again = world.onboard(THREE).await;

    assert_eq!(world.sim.session_lifetimes().into_iter().collect::<Vec<_>>(), [QUARTER_OF_AN_HOUR]);
    let in_sessions = |call: &&aws_sim::Call| call.caller != ADMINISTRATOR;
    let sessions: Vec<_> = seen.calls.iter().chain(&again.calls).filter(in_sessions).collect();
    assert!(sessions.iter().any(|call| call.caller == CAROL) && sessions.iter().any(|call| call.principal == reader));
    for call in sessions {
        assert!(call.session_arn.ends_with(&format!("/guardduty-onboarding-{REQUEST}")), "{}", call.session_arn);
    }
    let text = log.text();
    assert!(text.contains("invitation accepted") && text.contains("run finished"), "{text}");
    for line in text.lines() {
        let line: serde_json::Value = serde_json::from_str(line).expect("a line of JSON");
        assert_eq!(line["span"]["request_id"], REQUEST, "{line}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_that_outlasts_its_sessions_renews_them_before_they_expire() {
    let mut world = World::new().in_regions("us-east-1,eu-west-1").with("SETTLE_SECONDS", "900");
    world.time_limit = Duration::from_secs(1_200);
    world.sim.set(|knobs| {
        knobs.latency = Duration::from_secs(2);
        knobs.verification = Duration::from_secs(870);
    });

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    let first = seen.calls.iter().find(|call| call.operation == "AssumeRole").expect("a session");
    let accepts = seen.calls.iter().filter(|call| call.operation == "AcceptAdministratorInvitation");
    for accept in accepts {
        assert!(accept.at.duration_since(first.at).expect("later") > QUARTER_OF_AN_HOUR, "{accept:?}");
    }
    let refused: Vec<_> = seen.calls.iter().filter(|call| call.code.is_some()).collect();
    assert!(refused.is_empty(), "no call is wasted: {refused:?}");
    assert_eq!(seen.calls_to("AssumeRole"), 2 * 3, "each account once more, for both Regions");
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_new_to_guardduty_is_entered_once_and_not_asked_for_its_administrator() {
    let world = World::new().in_regions("us-east-1,eu-west-1");

    let seen = world.onboard(THREE).await;

    seen.all_enabled();
    assert_eq!((seen.calls_to("AssumeRole"), seen.calls_to("GetAdministratorAccount")), (3, 0));
    assert!(!seen.calls.iter().any(may_update));
}

#[tokio::test(start_paused = true)]
async fn a_detector_that_is_off_takes_a_second_session_which_can_do_nothing_else() {
    for concurrency in ["1", "64"] {
        let world = World::new().in_regions("us-east-1,eu-west-1").with("MAX_CONCURRENCY", concurrency);
        for region in [VIRGINIA, IRELAND] {
            world.sim.put_detector(ALICE, region, false);
            world.sim.put_detector(BOB, region, true);
        }
        // The detectors of these are not known to be on when the invitation is to be accepted.
        world.sim.put_member(IRELAND, ALICE, "alice@example.com", "Invited");

        let seen = world.onboard(THREE).await;

        seen.all_enabled();
        let assumed =
            seen.calls.iter().filter(|call| call.operation == "AssumeRole").map(|call| call.accounts[0].as_str());
        assert_eq!(assumed.filter(|account| *account == ALICE).count(), 2);
        assert_eq!(seen.calls_to("AssumeRole"), 4);
        for call in seen.calls.iter().filter(|call| call.caller != ADMINISTRATOR) {
            assert_eq!(may_update(call), call.operation == "UpdateDetector", "{call:?}");
        }
        assert_eq!(seen.calls_to("GetAdministratorAccount"), 4, "where there was a detector");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_of_another_administrator_is_named_before_anything_is_changed_in_it() {
    for status in [None, Some("Created"), Some("Invited"), Some("Removed"), Some("Resigned")] {
        let world = World::new();
        world.sim.put_detector(ALICE, VIRGINIA, false);
        world.sim.belongs_to("999999999999", ALICE, VIRGINIA);
        if let Some(status) = status {
            world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", status);
        }
        world.sim.put_detector(ALICE, VIRGINIA, false);

        let seen = world.onboard(THREE).await;

        let ended = format!("failed {}", status.unwrap_or("-"));
        seen.only_alice(&ended, "a member of another administrator, 999999999999");
        let changes = |call: &&aws_sim::Call| call.caller == ALICE && call.write && call.done;
        assert_eq!(seen.calls.iter().find(changes), None, "{status:?}");
        assert!(!world.sim.detector(ALICE, VIRGINIA).expect("a detector").enabled, "{status:?}");
        assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), status);
        assert_eq!(seen.calls_to("AssumeRole"), 3, "no second session for an account that is not ours");
    }
}
