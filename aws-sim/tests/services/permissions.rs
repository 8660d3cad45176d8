//! What a caller may do: session policies, and what an account denies apart from them.

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{HOME, MEMBER, Stage};

fn allowing(actions: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": actions, "Resource": "*"}]})
}

#[test]
fn a_session_may_do_what_its_policy_allows() {
    let stage = Stage::new();
    let session = stage.session(MEMBER, &allowing(&json!(["guardduty:List*"])));
    assert_eq!(session.get("/detector").status, 200);
    let refused = session.get("/invitation/count");
    assert_eq!((refused.status, refused.code.as_str()), (403, "AccessDeniedException"));
    assert_eq!(
        refused.body["Message"],
        format!(
            "User: arn:aws:sts::{MEMBER}:assumed-role/Member/story is not authorized to perform: guardduty:GetInvitationsCount on resource: * because no session policy allows the guardduty:GetInvitationsCount action"
        )
    );
}

#[test]
fn implied_actions_need_permission_too() {
    let stage = Stage::new();
    let session = stage.session(MEMBER, &allowing(&json!("guardduty:CreateDetector")));
    let plain = session.guardduty("POST", "/detector", &json!({"enable": true}));
    assert!(plain.status == 400 && plain.message.contains("iam:CreateServiceLinkedRole"), "{plain:?}");

    stage.world.put_detector(MEMBER, "eu-west-1", true);
    let tagged = session.guardduty("POST", "/detector", &json!({"enable": true, "tags": {"a": "b"}}));
    assert!(tagged.status == 403 && tagged.message.contains("guardduty:TagResource"), "{tagged:?}");
    assert!(stage.world.detector(MEMBER, HOME).is_none(), "nothing has happened");
}

#[test]
fn a_detector_needs_a_look_at_malware_protections_role_whatever_it_switches_on() {
    let stage = Stage::new();
    stage.world.put_detector(MEMBER, "eu-west-1", true);
    let role = "role/aws-service-role/malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection";
    let role = format!("arn:aws:iam::{MEMBER}:{role}");
    let session = |allowed: &str| {
        let policy = json!({"Statement": [
            {"Effect": "Allow", "Action": "guardduty:CreateDetector", "Resource": "*"},
            {"Effect": "Allow", "Action": "iam:GetRole", "Resource": allowed},
        ]});
        stage.session(MEMBER, &policy)
    };
    let without = json!({"enable": true, "features": [{"name": "EBS_MALWARE_PROTECTION", "status": "DISABLED"}]});
    for body in [json!({"enable": true}), without] {
        let other = session("arn:aws:iam::*:role/Other").guardduty("POST", "/detector", &body);
        let said = format!("is not authorized to perform: iam:GetRole on resource: {role} because no session policy");
        let told = other.body["Message"].as_str().unwrap_or_default();
        assert!(other.status == 403 && told.contains(&said), "{other:?}");
    }
    assert!(stage.world.detector(MEMBER, HOME).is_none(), "nothing has happened");
    assert_eq!(session(&role).guardduty("POST", "/detector", &json!({"enable": true})).status, 200);
}

#[test]
fn only_operations_on_a_detector_can_be_narrowed_to_it() {
    let stage = Stage::new();
    let id = stage.world.put_detector(MEMBER, HOME, true);
    let policy = json!({"Statement": [{"Effect": "Allow", "Action": "guardduty:*",
        "Resource": format!("arn:aws:guardduty:*:{MEMBER}:detector/{id}")}]});
    let session = stage.session(MEMBER, &policy);
    assert_eq!(session.get(&format!("/detector/{id}")).status, 200);
    assert_eq!(session.get("/detector").status, 403);
}

#[test]
fn an_account_can_deny_an_action_with_the_reason() {
    let stage = Stage::new();
    stage.world.deny(MEMBER, "guardduty:CreateDetector", "with an explicit deny in a service control policy");
    let refused = stage.caller(MEMBER).guardduty("POST", "/detector", &json!({"enable": true}));
    assert_eq!(refused.status, 403);
    let end = "is not authorized to perform: guardduty:CreateDetector on resource: * with an explicit deny in a service control policy";
    assert!(refused.body["Message"].as_str().is_some_and(|message| message.ends_with(end)), "{refused:?}");

    stage.world.allow(MEMBER, "guardduty:CreateDetector");
    assert_eq!(stage.caller(MEMBER).guardduty("POST", "/detector", &json!({"enable": true})).status, 200);
}

#[test]
fn every_service_denies_in_its_own_way() {
    let stage = Stage::new();
    for action in ["sts:AssumeRole", "s3:*", "account:*", "organizations:*", "sqs:*"] {
        stage.world.deny(ADMINISTRATOR, action, "");
    }
    let caller = stage.administrator();
    let told = |answer: crate::support::Answer| (answer.status, answer.code);
    assert_eq!(told(caller.assume(MEMBER, &[])), (403, "AccessDenied".into()));
    assert_eq!(told(caller.ask("s3", "GET", "/uploads/key", &[], b"")), (403, "AccessDenied".into()));
    assert_eq!(told(caller.ask("account", "POST", "/listRegions", &[], b"{}")), (403, "AccessDeniedException".into()));
    let organizations = caller.json("organizations", "AWSOrganizationsV20161128.ListAccounts", &json!({}));
    assert_eq!(told(organizations), (400, "AccessDeniedException".into()));
    let sqs = caller.json("sqs", "AmazonSQS.CreateQueue", &json!({"QueueName": "queue"}));
    assert_eq!(told(sqs), (403, "com.amazonaws.sqs#AccessDeniedException".into()));
}

#[test]
fn who_has_not_signed_is_nobody() {
    let stage = Stage::new();
    let mut request = stage.administrator().request("guardduty", "GET", "/detector", &[], b"");
    request.headers.clear();
    assert_eq!(stage.world.handle(&request).status, 403);
}
