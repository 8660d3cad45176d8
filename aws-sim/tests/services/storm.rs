//! A storm: random faults and lag that are always the same for one seed.

use std::collections::HashMap;
use std::time::Duration;

use aws_sim::{Fault, Kind, Knobs, Storm};
use serde_json::json;

use crate::support::{Caller, HOME, MEMBER, Stage};

/// What happened to a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Fate {
    Answered,
    Throttled,
    Failed,
    Broken,
    Lost,
    Late(Duration),
}

/// Calls of five kinds: two operations, two accounts, two Regions, two services.
fn kinds(stage: &Stage) -> [(Caller, &'static str, &'static str); 5] {
    [
        (stage.administrator(), "guardduty", "/detector"),
        (stage.administrator(), "guardduty", "/invitation"),
        (stage.caller(MEMBER), "guardduty", "/detector"),
        (stage.administrator().away(), "guardduty", "/detector"),
        (stage.administrator(), "s3", "/uploads/key"),
    ]
}

fn fate(stage: &Stage, (caller, service, target): &(Caller, &str, &str)) -> Fate {
    let answer = caller.ask(service, "GET", target, &[], b"");
    let done = stage.world.ledger().pop().expect("a call was made").done;
    match (answer.status, answer.reply.delay) {
        (0, _) if done => Fate::Lost,
        (0, _) => Fate::Broken,
        (200, Duration::ZERO) => Fate::Answered,
        (200, delay) => Fate::Late(delay),
        (429 | 503, _) => Fate::Throttled,
        (500, _) => Fate::Failed,
        _ => panic!("{answer:?}"),
    }
}

/// The fates of 50 calls of each kind. `order` maps a step to the kind of its call.
fn fates(seed: u64, order: impl Fn(usize) -> usize) -> [Vec<Fate>; 5] {
    let stage = Stage::new();
    stage.world.put_object("uploads", "key", "body");
    let kinds = kinds(&stage);
    stage.world.storm(Storm { seed, percent: 50 });
    let mut fates = [const { Vec::new() }; 5];
    for step in 0..250 {
        let kind = order(step);
        fates[kind].push(fate(&stage, &kinds[kind]));
    }
    fates
}

#[test]
fn a_seed_gives_each_kind_of_call_the_same_trouble_in_any_order() {
    let one_by_one = fates(7, |step| step / 50);
    assert_eq!(fates(7, |step| step % 5), one_by_one);
    assert_eq!(fates(7, |step| 4 - step / 50), one_by_one);
    assert_ne!(fates(8, |step| step / 50), one_by_one);
    for (place, kind) in one_by_one.iter().enumerate() {
        assert!(!one_by_one[..place].contains(kind), "each kind has its own trouble");
    }
}

#[test]
fn a_share_of_all_calls_is_hit_by_all_kinds_of_trouble_alike() {
    let stage = Stage::new();
    stage.world.storm(Storm { seed: 1, percent: 30 });
    let call = (stage.administrator(), "guardduty", "/detector");
    let fates: Vec<Fate> = (0..2000).map(|_| fate(&stage, &call)).collect();

    let mut counts = HashMap::<_, usize>::new();
    for fate in &fates {
        *counts.entry(std::mem::discriminant(fate)).or_default() += 1;
    }
    let unharmed = counts.remove(&std::mem::discriminant(&Fate::Answered));
    assert!(unharmed.is_some_and(|count| (1340..1460).contains(&count)), "{unharmed:?}");
    assert_eq!(counts.len(), 5);
    assert!(counts.values().all(|count| (90..150).contains(count)), "{counts:?}");

    let delays: Vec<u64> = fates
        .iter()
        .filter_map(|fate| if let Fate::Late(delay) = fate { Some(delay.as_secs()) } else { None })
        .collect();
    assert!(delays.iter().all(|seconds| (1..=20).contains(seconds)), "{delays:?}");
    assert!(delays.iter().any(|seconds| *seconds < 3) && delays.iter().any(|seconds| *seconds > 18), "{delays:?}");
}

#[test]
fn calls_of_queues_around_the_function_are_never_hit() {
    let stage = Stage::new();
    stage.world.storm(Storm { seed: 1, percent: 100 });
    let url = "http://127.0.0.1:4566/123456789012/work";
    let ask = |operation: &str, body| stage.administrator().json("sqs", &format!("AmazonSQS.{operation}"), &body);
    for _ in 0..20 {
        assert_eq!(ask("CreateQueue", json!({"QueueName": "work"})).status, 200);
        assert!(ask("StartMessageMoveTask", json!({})).code.ends_with("#MissingParameter"));
        assert_eq!(ask("GetQueueUrl", json!({"QueueName": "work"})).status, 200);
        assert_eq!(ask("GetQueueAttributes", json!({"QueueUrl": url})).status, 200);
        assert_eq!(ask("SendMessage", json!({"QueueUrl": url, "MessageBody": "hello"})).status, 200);
        let received = ask("ReceiveMessage", json!({"QueueUrl": url}));
        let handle = &received.body["Messages"][0]["ReceiptHandle"];
        let change = json!({"QueueUrl": url, "ReceiptHandle": handle, "VisibilityTimeout": 60});
        let change = ask("ChangeMessageVisibility", change);
        assert!(change.status != 200 || !change.reply.delay.is_zero(), "{change:?}");
        assert_eq!(ask("DeleteMessage", json!({"QueueUrl": url, "ReceiptHandle": handle})).status, 200);
    }
}

#[test]
fn a_fault_comes_before_the_storm_and_both_end_when_they_are_cleared() {
    let stage = Stage::new();
    stage.world.put_detector(aws_sim::ADMINISTRATOR, HOME, true);
    stage.world.storm(Storm { seed: 1, percent: 100 });
    stage.world.fault(Fault { times: 20, kind: Kind::ExpiredToken, ..Fault::default() });
    let get = || stage.administrator().get("/detector");
    assert!((0..20).all(|_| get().code == "ExpiredTokenException"));
    assert!((0..20).map(|_| get()).all(|answer| answer.status != 200 || !answer.reply.delay.is_zero()));
    stage.world.clear_faults();
    assert!((0..20).map(|_| get()).all(|answer| answer.status == 200 && answer.reply.delay.is_zero()));
}

#[test]
fn a_seed_gives_the_lag_of_a_world() {
    let knobs = |seed| {
        let mut knobs = Knobs { member_quota: 3, ..Knobs::default() };
        Storm { seed, percent: 10 }.knobs(&mut knobs);
        knobs
    };
    assert_eq!(format!("{:?}", knobs(7)), format!("{:?}", knobs(7)));
    let all: Vec<Knobs> = (0..500).map(knobs).collect();
    assert!(all.iter().all(|knobs| knobs.member_quota == 3 && knobs.ledger), "the others stay");
    let range = |of: fn(&Knobs) -> u128| (all.iter().map(of).min(), all.iter().map(of).max());
    // All values of a knob lie between the two outer numbers, and reach the two inner ones.
    for (of, least, low, high, most) in [
        ((|knobs| knobs.latency.as_millis()) as fn(&Knobs) -> u128, 0, 5, 195, 200),
        (|knobs| knobs.verification.as_millis(), 0, 500, 19_500, 20_000),
        (|knobs| knobs.member_visible_after.as_millis(), 0, 100, 2_900, 3_000),
        (|knobs| knobs.status_lag.as_millis(), 0, 100, 2_900, 3_000),
        (|knobs| knobs.invitation_visible_after.as_millis(), 0, 200, 4_800, 5_000),
        (|knobs| knobs.invitation_before_verification.into(), 0, 0, 1, 1),
        (|knobs| knobs.disassociation_visible_after.as_millis(), 0, 100, 2_900, 3_000),
        (|knobs| knobs.disassociation_told_after.as_millis(), 0, 200, 4_800, 5_000),
        (|knobs| knobs.deletable_after.as_millis(), 0, 200, 4_800, 5_000),
        (|knobs| knobs.deletion_visible_after.as_millis(), 0, 100, 2_900, 3_000),
        (|knobs| knobs.monitoring_visible_after.as_millis(), 0, 100, 2_900, 3_000),
        (|knobs| knobs.plans_settable_after.as_millis(), 0, 200, 4_800, 5_000),
        (|knobs| knobs.plans_visible_after.as_millis(), 0, 100, 2_900, 3_000),
        (|knobs| knobs.plans_occupied_for.as_millis(), 0, 50, 950, 1_000),
        (|knobs| knobs.auto_enable_refuses_batch.into(), 0, 0, 1, 1),
        (|knobs| u128::try_from(knobs.page_size).unwrap_or_default(), 1, 1, 50, 50),
    ] {
        let (Some(smallest), Some(largest)) = range(of) else { panic!("there are some") };
        assert!((least..=low).contains(&smallest) && (high..=most).contains(&largest), "{smallest} to {largest}");
    }
    let slow = |knobs: &&Knobs| knobs.latency.as_millis() > 100 && knobs.status_lag.as_millis() < 1_500;
    assert!(all.iter().any(|knobs| slow(&knobs)), "each goes its own way");
}
