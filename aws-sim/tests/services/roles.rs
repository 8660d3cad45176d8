//! Roles that a story has described: what they may do, and who may assume them.

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{HOME, MEMBER, SECOND, Stage, element};

/// A temporary key of the administrator's account that the simulator's STS did not issue.
const ELSEWHERE: &str = "ASIARZPUZDIKAAAAAAAA";

fn allow(action: &str, resource: &str) -> Value {
    json!({"Effect": "Allow", "Action": action, "Resource": resource})
}

fn policies(statements: &[Value]) -> Vec<String> {
    vec![json!({"Version": "2012-10-17", "Statement": statements}).to_string()]
}

#[test]
fn a_session_may_do_what_the_policies_of_its_role_allow_in_its_own_account() {
    let stage = Stage::new();
    let own = "arn:aws:guardduty:*:${aws:PrincipalAccount}:detector/*";
    let statements = [allow("guardduty:ListDetectors", "*"), allow("guardduty:GetDetector", own)];
    stage.world.role("arn:aws:iam::*:role/onboarding/Member", None, &policies(&statements));
    let detector = stage.world.put_detector(MEMBER, HOME, true);

    let session = stage.caller(MEMBER);

    assert_eq!(session.get("/detector").status, 200);
    assert_eq!(session.get(&format!("/detector/{detector}")).status, 200);
    let refused = session.get("/invitation/count");
    assert_eq!(refused.status, 403);
    assert!(refused.body["Message"].as_str().is_some_and(|text| {
        text.ends_with("because no identity-based policy allows the guardduty:GetInvitationsCount action")
    }));
    let role = format!("arn:aws:iam::{MEMBER}:role/onboarding/Member");
    let may = |account: &str| {
        let detector = format!("arn:aws:guardduty:{HOME}:{account}:detector/{detector}");
        stage.world.may(&role, "guardduty:GetDetector", &detector, HOME)
    };
    assert!(may(MEMBER) && !may(SECOND));
    assert_eq!(stage.world.ledger().last().map(|call| call.principal.clone()), Some(role));
}

#[test]
fn a_role_lets_in_whom_it_trusts() {
    let stage = Stage::new();
    let trust = json!({"Statement": {"Effect": "Allow", "Action": "sts:AssumeRole",
        "Principal": {"AWS": format!("arn:aws:iam::{ADMINISTRATOR}:root")},
        "Condition": {"StringEquals": {"sts:ExternalId": "amber-falcon"}}}});
    stage.world.role("arn:aws:iam::*:role/onboarding/Member", Some(&trust.to_string()), &[]);
    let administrator = stage.administrator();

    assert_eq!(administrator.assume(MEMBER, &[]).status, 403);
    assert_eq!(administrator.assume(MEMBER, &[("ExternalId", "ivory-heron")]).status, 403);
    assert_eq!(administrator.assume(MEMBER, &[("ExternalId", "amber-falcon")]).status, 200);
    let undescribed = format!("arn:aws:iam::{SECOND}:role/Other");
    assert_eq!(administrator.assume(SECOND, &[("RoleArn", &undescribed)]).status, 200);
    let mut stranger = stage.administrator();
    stranger.key = element(&administrator.assume(SECOND, &[("RoleArn", &undescribed)]).text(), "AccessKeyId");
    assert_eq!(stranger.assume(MEMBER, &[("ExternalId", "amber-falcon")]).status, 403);
}

#[test]
fn temporary_keys_from_elsewhere_can_be_those_of_a_role() {
    let stage = Stage::new();
    let mut function = stage.administrator();
    function.key = ELSEWHERE.into();
    assert_eq!(function.get("/detector").status, 200, "as long as nobody says so they may do everything");

    let role = format!("arn:aws:iam::{ADMINISTRATOR}:role/Function");
    stage.world.keys_are_of(&role);
    stage.world.role(&role, None, &policies(&[allow("guardduty:GetInvitationsCount", "*")]));

    assert_eq!(function.get("/detector").status, 403);
    assert_eq!(function.get("/invitation/count").status, 200);
    assert_eq!(stage.administrator().get("/detector").status, 200, "a user's key is another matter");
}

#[test]
fn a_role_can_be_good_for_the_code_of_one_function_alone() {
    let stage = Stage::new();
    let mut function = stage.administrator();
    function.key = ELSEWHERE.into();
    let role = format!("arn:aws:iam::{ADMINISTRATOR}:role/Function");
    let function_arn = "arn:aws:lambda:us-east-1:123456789012:function:onboarding";
    stage.world.keys_are_of(&role);
    let mut assume = allow("sts:AssumeRole", "*");
    assume["Condition"] = json!({"ArnEquals": {"lambda:SourceFunctionArn": function_arn}});
    stage.world.role(&role, None, &policies(&[assume]));

    assert_eq!(function.assume(MEMBER, &[]).status, 403);
    stage.world.role_is_of_function(&role, "arn:aws:lambda:us-east-1:123456789012:function:other");
    assert_eq!(function.assume(MEMBER, &[]).status, 403);
    stage.world.role_is_of_function(&role, function_arn);
    assert_eq!(function.assume(MEMBER, &[]).status, 200);
}

#[test]
fn a_buckets_owner_can_be_a_condition() {
    let stage = Stage::new();
    stage.world.put_object("uploads", "key", "body");
    let mut function = stage.administrator();
    function.key = ELSEWHERE.into();
    let role = format!("arn:aws:iam::{ADMINISTRATOR}:role/Function");
    stage.world.keys_are_of(&role);
    let mut read = allow("s3:GetObject", "arn:aws:s3:::*");
    read["Condition"] = json!({"StringEquals": {"aws:ResourceAccount": ADMINISTRATOR}});
    stage.world.role(&role, None, &policies(&[read]));
    let status = || function.ask("s3", "GET", "/uploads/key", &[], b"").status;

    assert_eq!(status(), 200);
    stage.world.bucket_is_of("uploads", SECOND);
    assert_eq!(status(), 403);
}

#[test]
fn only_who_may_list_a_bucket_learns_that_an_object_is_missing() {
    let stage = Stage::new();
    stage.world.put_object("uploads", "accounts/there.csv", "body");
    let mut function = stage.administrator();
    function.key = ELSEWHERE.into();
    let role = format!("arn:aws:iam::{ADMINISTRATOR}:role/Function");
    stage.world.keys_are_of(&role);
    let read = allow("s3:GetObject", "arn:aws:s3:::uploads/*");
    let mut list = allow("s3:ListBucket", "arn:aws:s3:::uploads");
    list["Condition"] = json!({"StringLike": {"s3:prefix": "accounts/*"}});
    let code = |key: &str| function.ask("s3", "GET", &format!("/uploads/{key}"), &[], b"").code;

    stage.world.role(&role, None, &policies(std::slice::from_ref(&read)));
    assert_eq!(code("accounts/there.csv"), "");
    assert_eq!(code("accounts/missing.csv"), "AccessDenied");

    stage.world.role(&role, None, &policies(&[read, list]));
    assert_eq!(code("accounts/missing.csv"), "NoSuchKey");
    assert_eq!(code("elsewhere/missing.csv"), "AccessDenied");
}

#[test]
#[should_panic(expected = "aws:sourceip")]
fn a_policy_that_cannot_be_judged_is_not_accepted() {
    let mut statement = allow("*", "*");
    statement["Condition"] = json!({"IpAddress": {"aws:SourceIp": "192.0.2.0/24"}});
    Stage::new().world.role("arn:aws:iam::*:role/Member", None, &policies(&[statement]));
}

#[test]
fn a_role_may_be_bound_to_roles_of_some_organizations() {
    let stage = Stage::new();
    let role = format!("arn:aws:iam::{ADMINISTRATOR}:role/Function");
    let mut assume = allow("sts:AssumeRole", "*");
    assume["Condition"] = json!({"StringEquals": {"aws:ResourceOrgID": ["o-exampleorgid", "o-anotherorg1"]}});
    stage.world.keys_are_of(&role);
    stage.world.role(&role, None, &policies(&[assume]));
    let mut function = stage.administrator();
    function.key = ELSEWHERE.into();

    let refused = function.assume(MEMBER, &[]);
    assert_eq!((refused.status, refused.code.as_str()), (403, "AccessDenied"), "it belongs to none");
    let said = format!(
        "is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{MEMBER}:role/onboarding/Member because no identity-based policy allows the sts:AssumeRole action"
    );
    assert!(refused.message.ends_with(&said), "{}", refused.message);
    for (organization, status) in [("o-strangers11", 403), ("o-anotherorg1", 200)] {
        stage.world.belongs_to_organization(MEMBER, organization);
        assert_eq!(function.assume(MEMBER, &[]).status, status, "{organization}");
    }
    stage.world.organization_account(SECOND, "root@example.com", "ACTIVE");
    assert_eq!(function.assume(SECOND, &[]).status, 200, "an account of the one organization that is listed");
    stage.world.outside_organization(SECOND);
    assert_eq!(function.assume(SECOND, &[]).status, 403);
}
