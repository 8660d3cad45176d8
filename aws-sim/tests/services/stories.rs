//! The whole life of a membership, with changes that a story makes in between.

use aws_sim::ADMINISTRATOR;

use crate::support::{AWAY, HOME, MEMBER, SECOND, Stage};

#[test]
fn a_membership_is_made_ended_and_made_again() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    let administrator = stage.administrator();
    let member = stage.caller(MEMBER);
    let own = stage.world.put_detector(MEMBER, HOME, true);
    administrator.create(&id, &[MEMBER]).is_processed();
    for _ in 0..2 {
        administrator.members(&id, "invite", &[MEMBER]).is_processed();
        member.accept(&own, ADMINISTRATOR, &member.invitation()).is_empty();
        assert_eq!(stage.status(MEMBER), "Enabled");
        administrator.members(&id, "disassociate", &[MEMBER]).is_processed();
        assert_eq!(stage.status(MEMBER), "Removed");
    }
    administrator.members(&id, "delete", &[MEMBER]).is_processed();
    assert_eq!(stage.status(MEMBER), "");
}

#[test]
fn regions_know_nothing_of_each_other() {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    assert_eq!(stage.world.members(AWAY), []);
    assert!(stage.world.detector(MEMBER, AWAY).is_none());
}

#[test]
fn any_status_can_be_put_also_one_that_nobody_has_heard_of() {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Hibernating");
    assert_eq!(stage.status(MEMBER), "Hibernating");
    assert!(stage.world.detector(MEMBER, HOME).is_none());
}

#[test]
fn what_is_put_has_its_other_side() {
    for status in ["Enabled", "Disabled", "Invited"] {
        let stage = Stage::new();
        let own = stage.world.put_detector(SECOND, HOME, false);
        stage.world.put_member(HOME, MEMBER, "root@example.com", status);
        stage.world.put_member(HOME, SECOND, "root@example.com", status);
        let listed = stage.caller(MEMBER).get("/invitation").body;
        assert_eq!(listed["invitations"][0]["relationshipStatus"], status);
        assert!(stage.world.detector(MEMBER, HOME).is_some_and(|detector| detector.enabled == (status != "Disabled")));
        let kept = stage.world.detector(SECOND, HOME).expect("it keeps its own");
        assert_eq!((kept.id, kept.enabled), (own, status == "Enabled"), "{status}");
    }
}

#[test]
fn a_region_that_is_off_does_not_know_the_accounts_tokens() {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    stage.world.region_off(MEMBER, HOME);
    let answer = stage.caller(MEMBER).get("/detector");
    assert_eq!((answer.status, answer.code.as_str()), (403, "UnrecognizedClientException"));
    assert_eq!(answer.message, "The security token included in the request is invalid.");
    assert_eq!(stage.caller(MEMBER).away().get("/detector").status, 200);
    assert_eq!(stage.status(MEMBER), "RegionDisabled");

    stage.world.opt_in(MEMBER, HOME, "ENABLED");
    assert_eq!(stage.caller(MEMBER).get("/detector").status, 200);
}

#[test]
fn a_suspended_account_shows_as_one_everywhere() {
    let stage = Stage::new();
    for region in [HOME, AWAY] {
        stage.world.put_member(region, MEMBER, "root@example.com", "Enabled");
    }
    stage.world.suspended(MEMBER);
    for region in [HOME, AWAY] {
        assert_eq!(stage.world.member(region, MEMBER).map(|member| member.status), Some("AccountSuspended".into()));
    }
}
