//! Readers that notice later than the fact that a member is suspended or has left.

use std::time::Duration;

use aws_sim::ADMINISTRATOR;
use serde_json::Value;

use crate::support::{HOME, MEMBER, SECOND as ANOTHER, Stage};

const SECOND: Duration = Duration::from_secs(1);
const STILL: &str = "The request is rejected because the current account cannot delete the given member account ID since it is still associated to it.";
const NOT_YET: &str = "The request is rejected because the current account cannot disassociate the given member account ID since the latter is not yet associated to it.";

/// An enabled member.
fn member() -> Stage {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    stage
}

/// The accounts that ListMembers shows.
fn listed(stage: &Stage, query: &str) -> Vec<String> {
    let id = stage.world.put_detector(ADMINISTRATOR, HOME, true);
    let answer = stage.administrator().get(&format!("/detector/{id}/member{query}"));
    let members = answer.body["members"].as_array().cloned().unwrap_or_default();
    members.iter().filter_map(|member| member["accountId"].as_str()).map(Into::into).collect()
}

fn actual(stage: &Stage) -> Option<String> {
    stage.world.member(HOME, MEMBER).map(|member| member.status)
}

/// The status of the administrator that the member sees, empty without one.
fn administrator(stage: &Stage) -> String {
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let shown = stage.caller(MEMBER).get(&format!("/detector/{id}/administrator")).body;
    shown["administrator"]["relationshipStatus"].as_str().unwrap_or_default().into()
}

fn resign(stage: &Stage) {
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    let path = format!("/detector/{id}/administrator/disassociate");
    stage.caller(MEMBER).guardduty("POST", &path, &Value::Null).is_empty();
}

#[test]
fn the_end_of_an_association_may_be_shown_late() {
    for (resigns, end) in [(false, "Removed"), (true, "Resigned")] {
        let stage = member();
        stage.world.set(|knobs| knobs.disassociation_visible_after = 5 * SECOND);
        if resigns {
            resign(&stage);
        } else {
            assert_eq!(stage.refusal("disassociate", MEMBER), "");
        }
        stage.pass(4 * SECOND);
        assert_eq!((stage.status(MEMBER).as_str(), actual(&stage).as_deref()), ("Enabled", Some(end)));
        assert_eq!(listed(&stage, ""), [MEMBER], "still among the associated ones");
        assert_eq!(stage.refusal("disassociate", MEMBER), NOT_YET, "a write knows what is true");
        assert_eq!(administrator(&stage), "", "the member does not lag");
        stage.pass(SECOND);
        assert_eq!(stage.status(MEMBER), end);
        assert_eq!(listed(&stage, ""), [""; 0]);
        assert_eq!(listed(&stage, "?onlyAssociated=false"), [MEMBER]);
    }
}

#[test]
fn a_member_that_deletes_its_detector_may_be_shown_late_too() {
    let stage = member();
    stage.world.set(|knobs| knobs.disassociation_visible_after = 5 * SECOND);
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    stage.caller(MEMBER).guardduty("DELETE", &format!("/detector/{id}"), &Value::Null).is_empty();
    assert_eq!(stage.status(MEMBER), "Enabled");
    stage.pass(5 * SECOND);
    assert_eq!(stage.status(MEMBER), "Removed");
}

#[test]
fn a_member_that_was_let_go_may_be_told_late() {
    let stage = member();
    stage.world.set(|knobs| knobs.disassociation_told_after = 5 * SECOND);
    assert_eq!(stage.refusal("disassociate", MEMBER), "");
    assert_eq!((stage.status(MEMBER).as_str(), administrator(&stage).as_str()), ("Removed", "Enabled"));
    stage.pass(5 * SECOND);
    assert_eq!(administrator(&stage), "");
}

#[test]
fn a_member_may_be_deleted_only_a_while_after_it_was_let_go() {
    let stage = member();
    stage.world.put_member(HOME, ANOTHER, "root@example.com", "Invited");
    stage.world.set(|knobs| knobs.deletable_after = 5 * SECOND);
    assert_eq!(stage.refusal("disassociate", MEMBER), "");
    assert_eq!((stage.status(MEMBER).as_str(), stage.refusal("delete", MEMBER).as_str()), ("Removed", STILL));
    assert_eq!(stage.refusal("disassociate", ANOTHER), "");
    assert_eq!(stage.refusal("delete", ANOTHER), "", "it was never associated");
    stage.pass(5 * SECOND);
    assert_eq!(stage.refusal("delete", MEMBER), "");
}

#[test]
fn a_deleted_member_may_be_shown_for_a_while() {
    let stage = member();
    stage.world.set(|knobs| knobs.deletion_visible_after = 5 * SECOND);
    assert_eq!(stage.refusal("disassociate", MEMBER), "");
    assert_eq!(stage.refusal("delete", MEMBER), "");
    stage.world.put_member(HOME, ANOTHER, "root@example.com", "Enabled");
    assert_eq!((stage.status(MEMBER).as_str(), actual(&stage)), ("Removed", None));
    assert_eq!(listed(&stage, "?onlyAssociated=false"), [MEMBER, ANOTHER]);
    assert!(stage.refusal("delete", MEMBER).contains("is not an associated member"), "it is gone");
    stage.pass(5 * SECOND);
    assert_eq!(stage.status(MEMBER), "");
    assert_eq!(listed(&stage, "?onlyAssociated=false"), [ANOTHER]);
}

#[test]
fn a_deleted_member_that_is_created_again_is_shown_as_it_is() {
    let stage = member();
    stage.world.set(|knobs| knobs.deletion_visible_after = 5 * SECOND);
    assert_eq!(stage.refusal("disassociate", MEMBER), "");
    assert_eq!(stage.refusal("delete", MEMBER), "");
    assert_eq!(stage.refusal("create", MEMBER), "");
    assert_eq!(stage.status(MEMBER), "Created");
    assert_eq!(listed(&stage, "?onlyAssociated=false"), [MEMBER], "once");
}

#[test]
fn a_suspension_and_its_end_may_be_shown_late() {
    let stage = member();
    stage.world.set(|knobs| knobs.monitoring_visible_after = 5 * SECOND);
    for (operation, before, after, on) in
        [("stop", "Enabled", "Disabled", false), ("start", "Disabled", "Enabled", true)]
    {
        assert_eq!(stage.refusal(operation, MEMBER), "");
        assert_eq!((stage.status(MEMBER).as_str(), actual(&stage).as_deref()), (before, Some(after)));
        assert_eq!(stage.world.detector(MEMBER, HOME).map(|detector| detector.enabled), Some(on));
        stage.pass(4 * SECOND);
        assert_eq!(stage.refusal(operation, MEMBER), "", "once more, which does not delay it");
        stage.pass(SECOND);
        assert_eq!(stage.status(MEMBER), after);
    }
}
