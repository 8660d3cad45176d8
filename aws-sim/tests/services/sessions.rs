//! STS: who may assume which role, for how long, and who calls then.

use std::time::Duration;

use aws_sim::{ADMINISTRATOR, account_of_key};

use crate::support::{MEMBER, SECOND, Stage, element};

#[test]
fn an_assumed_role_is_a_caller_of_its_account() {
    let stage = Stage::new();
    let answer = stage.administrator().assume(MEMBER, &[]);
    let key = element(&answer.text(), "AccessKeyId");
    assert_eq!(account_of_key(&key), MEMBER);
    assert_eq!(element(&answer.text(), "Expiration"), "2026-01-01T01:00:00Z");
    assert_eq!(answer.reply.header("content-type"), Some("text/xml"));

    let identity = stage.caller(MEMBER).ask("sts", "POST", "/", &[], b"Action=GetCallerIdentity").text();
    assert_eq!(element(&identity, "Account"), MEMBER);
    assert_eq!(element(&identity, "Arn"), format!("arn:aws:sts::{MEMBER}:assumed-role/Member/story"));
    assert!(element(&identity, "UserId").ends_with(":story"), "{identity}");
}

#[test]
fn a_plain_key_is_the_administrators() {
    let stage = Stage::new();
    let identity = stage.administrator().ask("sts", "POST", "/", &[], b"Action=GetCallerIdentity").text();
    assert_eq!(element(&identity, "Account"), ADMINISTRATOR);
}

#[test]
fn no_two_sessions_share_a_key() {
    let stage = Stage::new();
    assert_ne!(stage.caller(MEMBER).key, stage.caller(MEMBER).key);
}

#[test]
fn what_the_api_does_not_allow_is_refused() {
    let stage = Stage::new();
    let code = |name: &str, value: &str| stage.administrator().assume(MEMBER, &[(name, value)]).code;
    for seconds in ["899", "43201", "long"] {
        assert_eq!(code("DurationSeconds", seconds), "ValidationError");
    }
    for name in ["x", "a walk", &"x".repeat(65), ""] {
        assert_eq!(code("RoleSessionName", name), "ValidationError");
    }
    for role in ["", "Member", "arn:aws:iam::1234:role/Member", "arn:aws:iam::111122223333:user/Member"] {
        assert_eq!(code("RoleArn", role), "ValidationError");
    }
    assert_eq!(code("Policy", "allow everything"), "MalformedPolicyDocument");
    let long = format!(r#"{{"Statement":[],"Id":"{}"}}"#, "x".repeat(2048));
    assert_eq!(code("Policy", &long), "ValidationError");
    assert_eq!(code("DurationSeconds", "43200"), "");
}

#[test]
fn a_role_that_cannot_be_assumed_is_refused_in_one_way() {
    let stage = Stage::new();
    stage.world.role_missing(MEMBER);
    let refused = stage.administrator().assume(MEMBER, &[]);
    assert_eq!((refused.status, refused.code.as_str()), (403, "AccessDenied"));
    assert_eq!(
        refused.message,
        format!(
            "User: arn:aws:iam::{ADMINISTRATOR}:user/simulator is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::{MEMBER}:role/onboarding/Member"
        )
    );
    assert_eq!(stage.administrator().assume(SECOND, &[]).status, 200);
}

#[test]
fn a_role_is_ready_when_its_time_has_come() {
    let stage = Stage::new();
    stage.world.role_ready_at(MEMBER, stage.now() + Duration::from_mins(1));
    assert_eq!(stage.administrator().assume(MEMBER, &[]).code, "AccessDenied");
    stage.pass(Duration::from_mins(1));
    assert_eq!(stage.administrator().assume(MEMBER, &[]).status, 200);
}

#[test]
fn a_role_may_ask_for_its_external_id() {
    let stage = Stage::new();
    stage.world.external_id_is(MEMBER, "secret");
    assert_eq!(stage.administrator().assume(MEMBER, &[]).code, "AccessDenied");
    assert_eq!(stage.administrator().assume(MEMBER, &[("ExternalId", "guess")]).code, "AccessDenied");
    assert_eq!(stage.administrator().assume(MEMBER, &[("ExternalId", "secret")]).status, 200);
}

#[test]
fn a_session_ends() {
    let stage = Stage::new();
    let member = stage.caller(MEMBER);
    stage.pass(Duration::from_secs(3599));
    assert_eq!(member.get("/detector").status, 200);
    stage.pass(Duration::from_secs(1));
    let answer = member.get("/detector");
    assert_eq!((answer.status, answer.code.as_str()), (403, "ExpiredTokenException"));
    assert_eq!(answer.message, "The security token included in the request is expired");
}

#[test]
fn sts_allows_so_many_calls_in_any_second_and_region() {
    let stage = Stage::new();
    stage.world.set(|knobs| knobs.sts_per_second = 2);
    let caller = stage.administrator();
    assert_eq!(caller.assume(MEMBER, &[]).status, 200);
    stage.pass(Duration::from_millis(600));
    assert_eq!(caller.assume(MEMBER, &[]).status, 200);
    let third = caller.assume(MEMBER, &[]);
    assert_eq!((third.status, third.code.as_str(), third.message.as_str()), (400, "Throttling", "Rate exceeded"));
    assert_eq!(stage.administrator().away().assume(MEMBER, &[]).status, 200, "each Region has its own quota");
    stage.pass(Duration::from_millis(400));
    assert_eq!(caller.assume(MEMBER, &[]).status, 200, "the first one is a second ago");
    assert_eq!(caller.assume(MEMBER, &[]).status, 400);
}

#[test]
fn an_opt_in_region_has_no_sts_for_an_account_that_is_not_in_it() {
    let stage = Stage::new();
    stage.world.region_off(MEMBER, "me-south-1");
    let mut caller = stage.administrator();
    caller.region = "me-south-1";
    assert_eq!(caller.assume(MEMBER, &[]).code, "RegionDisabledException");
    assert_eq!(stage.administrator().assume(MEMBER, &[]).status, 200);
}

#[test]
fn the_ledger_knows_the_session_and_its_policy() {
    let stage = Stage::new();
    let policy = serde_json::json!({"Statement": {"Effect": "Allow", "Action": "guardduty:*", "Resource": "*"}});
    stage.session(MEMBER, &policy).get("/detector");
    let call = stage.world.ledger().pop().expect("a call was made");
    assert_eq!(call.session_policy.as_deref(), Some(policy.to_string().as_str()));
    assert_eq!(call.session_arn, format!("arn:aws:sts::{MEMBER}:assumed-role/Member/story"));
    assert_eq!(stage.world.session_lifetimes().into_iter().collect::<Vec<_>>(), [Duration::from_hours(1)]);
}
