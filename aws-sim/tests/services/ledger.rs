//! What the ledger records of each call.

use std::time::Duration;

use aws_sim::{ADMINISTRATOR, Call, Count, Fault, Kind};
use serde_json::json;

use crate::support::{HOME, MEMBER, SECOND, Stage};

fn last(stage: &Stage) -> Call {
    stage.world.ledger().pop().expect("a call was made")
}

#[test]
fn a_batch_names_its_accounts() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    stage.administrator().create(&id, &[MEMBER, SECOND]).is_processed();
    let expected = Call {
        at: stage.now(),
        caller: ADMINISTRATOR.into(),
        principal: format!("arn:aws:iam::{ADMINISTRATOR}:user/simulator"),
        session_policy: None,
        session_arn: format!("arn:aws:iam::{ADMINISTRATOR}:user/simulator"),
        service: "guardduty".into(),
        operation: "CreateMembers".into(),
        region: HOME.into(),
        accounts: vec![MEMBER.into(), SECOND.into()],
        status: 200,
        code: None,
        write: true,
        actions: vec!["guardduty:CreateMembers".into()],
        done: true,
        answer_after: Some(Duration::ZERO),
        left_out: Vec::new(),
    };
    assert_eq!(last(&stage), expected);
    stage.administrator().members(&id, "get", &[MEMBER]);
    assert!(!last(&stage).write);
}

#[test]
fn a_detector_implies_the_roles_that_guardduty_makes_or_looks_at() {
    let stage = Stage::new();
    let create = |caller: crate::support::Caller, body| caller.guardduty("POST", "/detector", &body);
    create(stage.caller(MEMBER), json!({"enable": true}));
    assert_eq!(last(&stage).actions, ["guardduty:CreateDetector", "iam:CreateServiceLinkedRole", "iam:GetRole"]);
    create(stage.caller(MEMBER).away(), json!({"enable": true, "tags": {"a": "b"}}));
    assert_eq!(last(&stage).actions, ["guardduty:CreateDetector", "guardduty:TagResource", "iam:GetRole"]);
}

#[test]
fn reading_a_version_is_an_action_of_its_own() {
    let stage = Stage::new();
    let version = stage.world.put_object("uploads", "key", "body");
    stage.administrator().ask("s3", "GET", "/uploads/key", &[], b"");
    assert_eq!(last(&stage).actions, ["s3:GetObject"]);
    stage.administrator().ask("s3", "GET", &format!("/uploads/key?versionId={version}"), &[], b"");
    assert_eq!(last(&stage).actions, ["s3:GetObjectVersion"]);
}

#[test]
fn a_refusal_has_its_code_and_a_broken_connection_no_status() {
    let stage = Stage::new();
    stage.administrator().get("/detector/nonsense");
    let call = last(&stage);
    assert_eq!((call.status, call.code.as_deref()), (400, Some("BadRequestException")));
    stage.world.fault(Fault { kind: Kind::Broken, ..Fault::default() });
    stage.administrator().get("/detector");
    assert_eq!((last(&stage).status, last(&stage).code), (0, None));
}

#[test]
fn what_was_done_is_told_apart_from_what_was_answered() {
    let late = Duration::from_secs(20);
    for (kind, done, answer_after) in [
        (Kind::Throttle, false, Some(Duration::ZERO)),
        (Kind::Internal, false, Some(Duration::ZERO)),
        (Kind::Broken, false, None),
        (Kind::LostAnswer, true, None),
        (Kind::Slow(late), true, Some(late)),
    ] {
        let stage = Stage::new();
        stage.world.fault(Fault { kind: kind.clone(), times: 2, ..Fault::default() });
        stage.administrator().get("/detector");
        assert_eq!((last(&stage).done, last(&stage).answer_after), (done, answer_after), "{kind:?}");
        stage.administrator().get("/detector/nonsense");
        assert_eq!((last(&stage).done, last(&stage).answer_after), (false, answer_after), "{kind:?}, refused as well");
    }
    let stage = Stage::new();
    stage.world.set(|knobs| knobs.latency = late);
    stage.administrator().get("/detector");
    assert_eq!(last(&stage).answer_after, Some(late));
}

#[test]
fn a_batch_names_the_accounts_it_left_out() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    stage.world.refuse("CreateMembers", SECOND, "no");
    stage.administrator().create(&id, &[MEMBER, SECOND]);
    assert_eq!((last(&stage).done, last(&stage).left_out), (true, vec![SECOND.into()]));
    stage.administrator().members(&id, "get", &[MEMBER]).is_processed();
    assert_eq!(last(&stage).left_out, [""; 0]);
    stage.world.fault(Fault { kind: Kind::LostAnswer, ..Fault::default() });
    stage.administrator().create(&id, &[SECOND]);
    assert_eq!(last(&stage).left_out, [SECOND], "although nobody was told");
}

#[test]
fn a_call_about_plans_names_its_accounts_and_whether_it_writes() {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    let id = stage.detectors(&[]);
    let off = json!([{"name": "S3_DATA_EVENTS", "status": "DISABLED"}]);
    let body = json!({"accountIds": [MEMBER, SECOND], "features": off});
    for (method, path, operation, write, batch) in [
        ("POST", format!("/detector/{id}/member/detector/get"), "GetMemberDetectors", false, true),
        ("POST", format!("/detector/{id}/member/detector/update"), "UpdateMemberDetectors", true, true),
        ("GET", format!("/detector/{id}"), "GetDetector", false, false),
        ("POST", format!("/detector/{id}"), "UpdateDetector", true, false),
    ] {
        let sent = if batch { body.clone() } else { json!({"features": off}) };
        assert_eq!(stage.administrator().guardduty(method, &path, &sent).status, 200);
        let call = last(&stage);
        assert_eq!((call.operation.as_str(), call.write, call.done), (operation, write, true));
        assert_eq!(call.actions, [format!("guardduty:{operation}")]);
        let (accounts, left_out) = if batch { (vec![MEMBER, SECOND], vec![SECOND]) } else { (vec![], vec![]) };
        assert_eq!(call.accounts, accounts, "{operation}");
        assert_eq!(call.left_out, left_out, "{operation}");
    }
}

#[test]
fn an_assumed_role_names_its_account_and_an_identity_needs_no_permission() {
    let stage = Stage::new();
    stage.administrator().assume(MEMBER, &[]);
    let call = last(&stage);
    assert_eq!((call.accounts, call.actions, call.write), (vec![MEMBER.into()], vec!["sts:AssumeRole".into()], false));
    stage.caller(MEMBER).ask("sts", "POST", "/", &[], b"Action=GetCallerIdentity");
    let call = last(&stage);
    assert_eq!((call.caller.as_str(), call.actions.len()), (MEMBER, 0));
}

#[test]
fn the_ledger_can_be_cleared_and_left_out() {
    let stage = Stage::new();
    stage.administrator().get("/detector");
    assert_eq!(stage.world.ledger().len(), 1);
    stage.world.clear_ledger();
    stage.world.set(|knobs| knobs.ledger = false);
    stage.administrator().get("/detector");
    assert_eq!(stage.world.ledger(), []);
}

#[test]
fn calls_are_counted_by_kind_without_a_ledger() {
    let stage = Stage::new();
    stage.world.set(|knobs| knobs.ledger = false);
    let member = stage.caller(MEMBER);
    stage.world.clear_ledger();
    stage.world.fault(Fault { skip: 1, ..Fault::default() });
    stage.administrator().get("/detector");
    stage.administrator().get("/detector");
    member.get("/detector/none");

    let count = |operation: &str, by_administrator, [calls, refused, throttled]: [u64; 3]| Count {
        region: HOME.into(),
        operation: operation.into(),
        by_administrator,
        calls,
        refused,
        throttled,
    };
    let expected = [count("GetDetector", false, [1, 1, 0]), count("ListDetectors", true, [2, 1, 1])];
    assert_eq!(stage.world.counts(), expected);
    stage.world.clear_ledger();
    assert_eq!(stage.world.counts(), []);
}

#[test]
fn what_was_taken_from_the_ledger_is_no_longer_in_it() {
    let stage = Stage::new();
    stage.administrator().get("/detector");
    assert_eq!(stage.world.take_ledger().len(), 1);
    stage.administrator().get("/detector");
    assert_eq!(stage.world.take_ledger().len(), 1);
}
