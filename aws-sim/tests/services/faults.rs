//! Faults: which calls they hit, and how each service reports them.

use std::time::Duration;

use aws_sim::{ADMINISTRATOR, Fault, Kind};
use serde_json::json;

use crate::support::{Answer, HOME, MEMBER, Stage};

fn told(answer: &Answer) -> (u16, &str) {
    (answer.status, &answer.code)
}

/// A new world with one fault that hits every call.
fn always(kind: Kind) -> Stage {
    let stage = Stage::new();
    stage.world.put_object("uploads", "key", "body");
    stage.world.fault(Fault { times: u32::MAX, kind, ..Fault::default() });
    stage
}

#[test]
fn throttling_is_told_in_each_services_words() {
    let stage = always(Kind::Throttle);
    let caller = stage.administrator();
    let guardduty = caller.get("/detector");
    assert_eq!(told(&guardduty), (429, "TooManyRequestsException"));
    assert_eq!(guardduty.message, "Too Many Requests");
    assert_eq!(told(&caller.assume(MEMBER, &[])), (400, "Throttling"));
    assert_eq!(told(&caller.ask("s3", "GET", "/uploads/key", &[], b"")), (503, "SlowDown"));
    assert_eq!(told(&caller.ask("account", "POST", "/listRegions", &[], b"{}")), (429, "TooManyRequestsException"));
    let organizations = caller.json("organizations", "AWSOrganizationsV20161128.ListAccounts", &json!({}));
    assert_eq!(told(&organizations), (400, "TooManyRequestsException"));
}

#[test]
fn internal_errors_are_told_in_each_services_words() {
    let stage = always(Kind::Internal);
    let caller = stage.administrator();
    let guardduty = caller.get("/detector");
    assert_eq!(told(&guardduty), (500, "InternalServerErrorException"));
    assert_eq!(guardduty.message, "Internal server error.");
    assert_eq!(told(&caller.assume(MEMBER, &[])), (500, "InternalFailure"));
    assert_eq!(told(&caller.ask("s3", "GET", "/uploads/key", &[], b"")), (500, "InternalError"));
}

#[test]
fn expired_tokens_are_told_in_each_services_words() {
    let stage = always(Kind::ExpiredToken);
    let caller = stage.administrator();
    assert_eq!(told(&caller.get("/detector")), (403, "ExpiredTokenException"));
    assert_eq!(told(&caller.assume(MEMBER, &[])), (403, "ExpiredToken"));
    assert_eq!(told(&caller.ask("s3", "GET", "/uploads/key", &[], b"")), (400, "ExpiredToken"));
}

#[test]
fn any_refusal_can_be_had_in_the_services_envelope() {
    let kind = Kind::Reply { status: 400, code: "BadRequestException".into(), message: "no".into() };
    always(kind).administrator().get("/detector").is_bad_request("no");
}

#[test]
fn another_answer_can_be_had_in_place_of_the_services_own() {
    let stage = Stage::new();
    let body = json!({"detectorId": "odd"});
    stage.world.fault(Fault { kind: Kind::Answer(body.clone()), ..Fault::default() });
    let answer = stage.administrator().guardduty("POST", "/detector", &json!({"enable": true}));
    assert_eq!((answer.status, &answer.body), (200, &body));
    assert!(stage.world.detector(ADMINISTRATOR, HOME).is_none());
}

#[test]
fn nothing_changes_where_a_fault_strikes() {
    for kind in [Kind::Throttle, Kind::Internal, Kind::Broken, Kind::ExpiredToken] {
        let stage = Stage::new();
        stage.world.fault(Fault { kind: kind.clone(), ..Fault::default() });
        let first = stage.administrator().guardduty("POST", "/detector", &json!({"enable": true}));
        assert_ne!(first.status, 200);
        assert!(stage.world.detector(ADMINISTRATOR, HOME).is_none(), "{kind:?}");
        let second = stage.administrator().guardduty("POST", "/detector", &json!({"enable": true}));
        assert_eq!(second.status, 200, "it strikes once");
    }
}

#[test]
fn a_lost_answer_is_to_something_that_has_happened() {
    let stage = Stage::new();
    stage.world.fault(Fault { operation: Some("CreateDetector"), kind: Kind::LostAnswer, ..Fault::default() });
    let answer = stage.administrator().guardduty("POST", "/detector", &json!({"enable": true}));
    assert!(answer.reply.broken);
    assert!(stage.world.detector(ADMINISTRATOR, HOME).is_some());
}

#[test]
fn a_slow_answer_is_slow_and_right() {
    let stage = Stage::new();
    stage.world.set(|knobs| knobs.latency = Duration::from_millis(50));
    stage.world.fault(Fault { kind: Kind::Slow(Duration::from_secs(20)), ..Fault::default() });
    let answer = stage.administrator().get("/detector");
    assert_eq!((answer.status, answer.reply.delay), (200, Duration::from_millis(20_050)));
}

#[test]
fn faults_end_when_they_are_cleared() {
    let stage = always(Kind::Broken);
    assert!(stage.administrator().get("/detector").reply.broken);
    stage.world.clear_faults();
    assert_eq!(stage.administrator().get("/detector").status, 200);
}

#[test]
fn a_fault_may_be_one_accounts_in_one_region() {
    let stage = Stage::new();
    let fault = Fault {
        service: Some("guardduty"),
        account: Some(MEMBER.into()),
        region: Some(HOME.into()),
        times: u32::MAX,
        ..Fault::default()
    };
    stage.world.fault(fault);
    assert_eq!(stage.caller(MEMBER).get("/detector").status, 429);
    assert_eq!(stage.caller(MEMBER).away().get("/detector").status, 200);
    assert_eq!(stage.administrator().get("/detector").status, 200);
}
