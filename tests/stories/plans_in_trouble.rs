//! Protection plans where GuardDuty lags, refuses or lets another run be faster.

use std::time::Duration;

use aws_sim::{Fault, Kind};
use serde_json::{Value, json};

use crate::plans::{declared, differing, id, with_alice};
use crate::world::*;

#[tokio::test(start_paused = true)]
async fn a_fresh_member_whose_plans_cannot_be_set_yet_is_waited_for() {
    let world = declared();
    world.sim.set(|knobs| knobs.plans_settable_after = Duration::from_secs(20));
    let seen = world.onboard(THREE).await;
    seen.all_enabled();
    assert!(seen.took >= Duration::from_secs(20) && seen.took < Duration::from_secs(60), "{:?}", seen.took);

    let world = with_alice(declared(), &["S3_DATA_EVENTS"]);
    let result = "The request is rejected because the given account ID is not an associated member of account the current account.";
    let kind = Kind::Answer(json!({"unprocessedAccounts": [{"accountId": ALICE, "result": result}]}));
    world.sim.fault(Fault { operation: Some("UpdateMemberDetectors"), times: 2, ..always(kind) });
    let seen = world.onboard(ALICES_LIST).await;
    seen.all_enabled();
    assert_eq!(seen.calls_to("UpdateMemberDetectors"), 3, "at random, so again");

    let world = declared();
    world.sim.set(|knobs| knobs.plans_settable_after = Duration::from_secs(600));
    let seen = world.onboard(ALICES_LIST).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "pending Enabled", "{:#}", seen.report);
    assert!(seen.detail(ALICE, VIRGINIA).contains("GuardDuty does not let its protection plans be set yet"));
}

#[tokio::test(start_paused = true)]
async fn changes_come_one_at_a_time_and_show_late() {
    let world = declared();
    world.sim.put_detector(ADMINISTRATOR, VIRGINIA, true);
    for number in 1..=120 {
        world.sim.put_member(VIRGINIA, &id(number), &format!("account-{number}@example.com"), "Enabled");
        world.sim.set_feature(&id(number), VIRGINIA, "EBS_MALWARE_PROTECTION", false);
        world.sim.set_feature(&id(number), VIRGINIA, "S3_DATA_EVENTS", number % 2 == 0);
    }
    world.sim.set(|knobs| {
        knobs.latency = Duration::from_millis(50);
        knobs.plans_visible_after = Duration::from_secs(3);
    });
    let seen = world.onboard(&list_of(120)).await;
    seen.all_enabled();
    let refused = seen.calls.iter().filter(|call| call.operation == "UpdateMemberDetectors" && !call.done).count();
    assert_eq!(
        (seen.calls_to("UpdateMemberDetectors"), refused),
        (4, 0),
        "two sets of equal differences, 60 accounts each"
    );
}

#[tokio::test(start_paused = true)]
async fn two_lists_at_once_wait_for_each_others_changes() {
    let world = declared();
    world.sim.put_detector(ADMINISTRATOR, VIRGINIA, true);
    for account in [ALICE, BOB] {
        world.sim.put_member(VIRGINIA, account, "user@example.com", "Enabled");
        world.sim.set_feature(account, VIRGINIA, "EBS_MALWARE_PROTECTION", false);
    }
    world.sim.set(|knobs| knobs.plans_occupied_for = Duration::from_secs(5));
    let request = |account: &str| json!({"accounts": [{"accountId": account, "email": "user@example.com"}]});
    let (alice, bob) = (request(ALICE), request(BOB));
    let (alice, bob) = tokio::join!(world.invoke(&alice), world.invoke(&bob));
    for answer in [alice, bob] {
        let answer: Value = answer.expect("an answer");
        assert_eq!(answer["reports"][0]["memberships"][0]["outcome"], "enabled", "{answer:#}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_policy_forbids_to_set_plans_is_monitored_all_the_same() {
    for on in [true, false] {
        let world = declared();
        world.sim.put_detector(ALICE, VIRGINIA, on);
        world.sim.set_feature(ALICE, VIRGINIA, "S3_DATA_EVENTS", false);
        let message = "User: x is not authorized to perform: guardduty:UpdateDetector with an explicit deny in a service control policy";
        let kind = Kind::Reply { status: 403, code: "AccessDeniedException".into(), message: message.into() };
        let operation = Some("UpdateDetector");
        world.sim.fault(Fault { operation, account: Some(ALICE.into()), times: 1, ..always(kind) });
        let seen = world.onboard(ALICES_LIST).await;
        assert_eq!(seen.ended(ALICE, VIRGINIA), "failed Enabled", "{:#}", seen.report);
        assert!(
            seen.detail(ALICE, VIRGINIA).contains("but EBS_MALWARE_PROTECTION is still ENABLED"),
            "{:#}",
            seen.report
        );
        assert_eq!(
            differing(&world, ALICE, VIRGINIA),
            ["EBS_MALWARE_PROTECTION=DISABLED"],
            "the others are set of a member"
        );
        assert!(world.sim.detector(ALICE, VIRGINIA).is_some_and(|detector| detector.enabled));
    }
}

#[tokio::test(start_paused = true)]
async fn without_time_to_wait_a_change_that_was_not_looked_at_is_pending() {
    let world = with_alice(declared().with("SETTLE_SECONDS", "0"), &["S3_DATA_EVENTS"]);
    let seen = world.onboard(ALICES_LIST).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "pending Enabled", "{:#}", seen.report);
    world.onboard(ALICES_LIST).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn an_account_that_joins_while_its_plans_are_set_is_looked_at_again() {
    let world = declared();
    world.sim.put_detector(ALICE, VIRGINIA, true);
    let message = "The request is rejected because member accounts cannot manage specified resources or properties.";
    let kind = Kind::Reply { status: 400, code: "BadRequestException".into(), message: message.into() };
    world.sim.fault(Fault { operation: Some("UpdateDetector"), account: Some(ALICE.into()), times: 1, ..always(kind) });
    world.onboard(ALICES_LIST).await.all_enabled();
    assert_eq!(differing(&world, ALICE, VIRGINIA), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_failed_in_guarddutys_words_and_the_others_go_on() {
    let world = with_alice(declared(), &["S3_DATA_EVENTS"]);
    for account in [BOB, CAROL] {
        world.sim.put_member(VIRGINIA, account, "user@example.com", "Enabled");
        world.sim.set_feature(account, VIRGINIA, "EBS_MALWARE_PROTECTION", false);
    }
    let unprocessed = json!([{"accountId": ALICE, "result": "The moon is full."}]);
    let kind = Kind::Answer(json!({"unprocessedAccounts": unprocessed}));
    // Alice differs in other plans than Bob and Carol, so her call comes first.
    world.sim.fault(Fault { operation: Some("UpdateMemberDetectors"), times: 1, ..always(kind) });
    let seen = world.onboard(THREE).await;
    seen.only_alice(
        "failed Enabled",
        "but S3_DATA_EVENTS is still DISABLED: GuardDuty refused to set it (AWS says: The moon",
    );
}
