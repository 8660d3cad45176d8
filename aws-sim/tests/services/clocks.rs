//! Delays: verification, lag, latency.

use std::time::Duration;

use aws_sim::{ADMINISTRATOR, World};

use crate::support::{HOME, MEMBER, Stage};

const SECOND: Duration = Duration::from_secs(1);

/// A created member in this world.
fn created(set: impl FnOnce(&World)) -> (Stage, String) {
    let stage = Stage::new();
    set(&stage.world);
    let id = stage.detectors(&[MEMBER]);
    stage.administrator().create(&id, &[MEMBER]).is_processed();
    (stage, id)
}

#[test]
fn a_verification_takes_its_time() {
    let (stage, id) = created(|world| world.set(|knobs| knobs.verification = 10 * SECOND));
    stage.administrator().members(&id, "invite", &[MEMBER]).is_processed();
    assert_eq!(stage.status(MEMBER), "EmailVerificationInProgress");
    assert_eq!(stage.caller(MEMBER).invitation(), "");
    stage.pass(9 * SECOND);
    assert_eq!(stage.status(MEMBER), "EmailVerificationInProgress");
    stage.pass(SECOND);
    assert_eq!(stage.status(MEMBER), "Invited");
    assert_ne!(stage.caller(MEMBER).invitation(), "");
}

#[test]
fn a_failing_verification_takes_its_time_too() {
    let (stage, id) = created(|world| {
        world.set(|knobs| knobs.verification = 10 * SECOND);
        world.email_is(MEMBER, "another@example.com");
    });
    stage.administrator().members(&id, "invite", &[MEMBER]).is_processed();
    assert_eq!(stage.status(MEMBER), "EmailVerificationInProgress");
    stage.pass(10 * SECOND);
    assert_eq!(stage.status(MEMBER), "EmailVerificationFailed");
}

#[test]
fn an_invitation_may_be_accepted_before_the_verification_is_done_where_the_world_is_set_so() {
    let (stage, id) = created(|world| {
        world.set(|knobs| {
            knobs.verification = 10 * SECOND;
            knobs.invitation_before_verification = true;
        });
    });
    stage.administrator().members(&id, "invite", &[MEMBER]).is_processed();
    let own = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let caller = stage.caller(MEMBER);
    caller.accept(&own, ADMINISTRATOR, &caller.invitation()).is_empty();
    assert_eq!(stage.status(MEMBER), "Enabled");
    stage.pass(20 * SECOND);
    assert_eq!(stage.status(MEMBER), "Enabled", "the verification comes to nothing");
}

#[test]
fn a_created_member_may_be_invisible_for_a_while() {
    let (stage, id) = created(|world| world.set(|knobs| knobs.member_visible_after = 5 * SECOND));
    assert_eq!(stage.status(MEMBER), "");
    let listed = stage.administrator().get(&format!("/detector/{id}/member?onlyAssociated=false"));
    assert_eq!(listed.body["members"].as_array().map(Vec::len), Some(0));
    let missing = "The request is rejected because member account's email address is missing.";
    assert_eq!(stage.refusal("invite", MEMBER), missing);
    stage.pass(5 * SECOND);
    assert_eq!(stage.status(MEMBER), "Created");
    assert_eq!(stage.refusal("invite", MEMBER), "");
}

#[test]
fn a_status_may_lag() {
    let (stage, id) = created(|world| world.set(|knobs| knobs.status_lag = 5 * SECOND));
    stage.pass(SECOND);
    stage.administrator().members(&id, "invite", &[MEMBER]).is_processed();
    assert_eq!(stage.status(MEMBER), "Created");
    assert_eq!(stage.world.member(HOME, MEMBER).map(|member| member.status), Some("Invited".into()));
    stage.pass(5 * SECOND);
    assert_eq!(stage.status(MEMBER), "Invited");
}

#[test]
fn an_invitation_may_take_a_while_to_be_listed() {
    let (stage, id) = created(|world| world.set(|knobs| knobs.invitation_visible_after = 5 * SECOND));
    stage.administrator().members(&id, "invite", &[MEMBER]).is_processed();
    assert_eq!(stage.status(MEMBER), "Invited");
    assert_eq!(stage.caller(MEMBER).invitation(), "");
    assert_eq!(stage.caller(MEMBER).get("/invitation/count").body["invitationsCount"], 0);
    stage.pass(5 * SECOND);
    assert_ne!(stage.caller(MEMBER).invitation(), "");
}

#[test]
fn every_answer_carries_the_latency() {
    let stage = Stage::new();
    stage.world.set(|knobs| knobs.latency = SECOND);
    assert_eq!(stage.administrator().get("/detector").reply.delay, SECOND);
    assert_eq!(stage.administrator().get("/nonsense").reply.delay, SECOND);
}
