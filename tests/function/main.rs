//! The real binary under a Lambda Runtime API, against the simulator's TCP door.

mod kill;
mod lambda;
#[path = "../ledger/mod.rs"]
mod ledger;
mod removal;

use std::time::Duration;

use aws_sim::{Fault, Kind};
use lambda::Lambda;
use serde_json::{Value, json};

const ROLE: (&str, &str) = ("MEMBER_ROLE_NAME", "GuardDutyOnboardingMember");
const LIST: &str =
    "Account ID,Email\n111122223333,alice@example.com\n444455556666,bob@example.com\n12345678901,short@example.com\n";

fn event(name: &str) -> Value {
    let path = format!("{}/events/{name}", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_str(&std::fs::read_to_string(path).expect("an event")).expect("JSON")
}

/// Rows of accounts 000000000001 and on.
fn rows(count: usize) -> String {
    let rows: Vec<String> = (1..=count).map(|n| format!("{n:012},someone-{n}@example.com\n")).collect();
    rows.concat()
}

#[test]
fn the_binary_onboards_an_uploaded_list_and_answers_lambda() {
    let mut lambda = Lambda::start(&[ROLE, ("REGIONS", "us-east-1,eu-west-1")]);
    lambda.sim.put_object("amzn-s3-demo-bucket", "accounts/team.csv", LIST.to_owned());

    let answer = lambda.invoke(&event("upload.json")).expect("an answer");

    assert_eq!(answer["reports"][0]["summary"]["enabled"], 4, "{answer}");
    assert_eq!(answer["reports"][0]["summary"]["rejectedRows"], 1);
    for account in ["111122223333", "444455556666"] {
        let member = lambda.sim.member("eu-west-1", account).expect("a member");
        assert_eq!(member.status, "Enabled");
    }
    let again = lambda.invoke(&event("upload.json")).expect("an answer");
    assert_eq!(again["reports"][0]["summary"]["complete"], true);
}

#[test]
fn the_binary_answers_a_batch_from_the_queue_with_what_must_be_redelivered() {
    let mut lambda = Lambda::start(&[ROLE, ("QUEUE_URL", "https://sqs.us-east-1.amazonaws.com/123456789012/queue")]);
    lambda.sim.put_object("amzn-s3-demo-bucket", "accounts/team.csv", LIST.to_owned());
    let mut batch = event("queued-upload.json");
    let mut unknown = batch["Records"][0].clone();
    unknown["messageId"] = json!("unknown");
    unknown["body"] = json!("{}");
    batch["Records"].as_array_mut().expect("records").insert(0, unknown);

    let answer = lambda.invoke(&batch).expect("an answer");

    assert_eq!(answer, json!({"batchItemFailures": [{"itemIdentifier": "unknown"}]}));
    assert_eq!(lambda.sim.member("us-east-1", "111122223333").expect("a member").status, "Enabled");
    // There is no such queue. That is only logged.
    assert!(lambda.stop().contains("message not hidden"));
}

#[test]
fn the_binary_reports_errors_by_their_type_and_goes_on() {
    let mut lambda = Lambda::start(&[ROLE]);

    let error = lambda.invoke(&json!({"hello": "world"})).expect_err("not understood");
    assert_eq!(error["errorType"], "UnknownEvent", "{error}");

    let answer = lambda.invoke(&event("s3-test-event.json")).expect("an answer");
    assert_eq!(answer, json!({"reports": []}));
}

#[test]
fn the_binary_names_every_mistake_in_its_settings_and_stops() {
    let log = Lambda::start_in_vain(&[("REGIONS", "Ohio"), ("MAX_CONCURRENCY", "0")]);

    for said in ["MEMBER_ROLE_NAME is not set", "Ohio", "MAX_CONCURRENCY"] {
        assert!(log.contains(said), "{log}");
    }
}

#[test]
fn the_first_line_of_the_log_says_the_version() {
    let log = Lambda::start_in_vain(&[]);

    let first = log.lines().next().expect("a line");
    let first: Value = serde_json::from_str(first).expect("JSON");
    assert_eq!(first["version"], env!("CARGO_PKG_VERSION"), "{log}");
    assert_eq!(first["message"], "the function starts");
}

#[test]
fn no_email_address_and_no_credential_is_in_any_log_line_at_trace() {
    let everywhere = [ROLE, ("MEMBER_ROLE_EXTERNAL_ID", "example-external-id"), ("SETTLE_SECONDS", "1")];
    let loud = [("AWS_LAMBDA_LOG_LEVEL", "TRACE"), ("RUST_LOG", "trace")];
    let mut lambda = Lambda::start(&[&everywhere[..], &loud].concat());
    let rows = rows(9);
    let list = format!("{LIST}{rows}777788889999,not-an-e-mail\nuser@example.com,111122223333\n");
    lambda.sim.put_object("amzn-s3-demo-bucket", "accounts/team.csv", list);
    lambda.sim.email_is("111122223333", "root@example.com");
    lambda.sim.role_missing("444455556666");
    lambda.sim.belongs_to("999999999999", "000000000001", "us-east-1");
    lambda.sim.refuse("CreateMembers", "000000000002", "The moon is full for someone-2@example.com.");
    lambda.sim.poison("CreateMembers", "000000000003");
    lambda.sim.deny("000000000004", "guardduty:CreateDetector", "");
    for (account, kind) in [
        ("000000000005", Kind::Throttle),
        ("000000000006", Kind::Internal),
        ("000000000007", Kind::Broken),
        ("000000000008", Kind::ExpiredToken),
    ] {
        lambda.sim.fault(Fault { account: Some(account.into()), times: 9, kind, ..Fault::default() });
    }

    let error = lambda.invoke(&event("upload.json")).expect_err("something is pending");
    let request = json!({"accounts": [{"accountId": "111122223333", "email": "alice@example.com"}]});
    lambda.invoke(&request).expect("an answer");
    lambda.invoke(&json!({"user@example.com": "user@example.com"})).expect_err("not understood");

    let said = error.to_string();
    assert!(!said.contains("@example.com"), "{said}");
    let log = lambda.stop();
    assert!(log.contains("\"level\":\"DEBUG\"") && log.contains("switching the detector on"), "the log is loud");
    // Keys of assumed roles begin with ASIA, the simulator's secrets end in SimulatO, its tokens are long.
    let secrets = [
        "@example.com",
        "not-an-e-mail",
        "example-external-id",
        lambda::SECRET_KEY,
        lambda::ACCESS_KEY,
        "ASIA",
        "SimulatO",
    ];
    for line in log.lines() {
        assert_eq!(secrets.iter().find(|secret| line.contains(**secret)), None, "{line}");
        let longest = line.split(|c: char| !c.is_ascii_hexdigit()).map(str::len).max();
        assert!(longest < Some(100), "a token: {line}");
    }
}

#[test]
fn every_line_about_an_invocation_has_its_id_and_so_has_every_session() {
    let id = "8476a536-e9f4-11e8-9739-2dfe598c3fcd";
    let mut lambda = Lambda::start(&[ROLE]);
    lambda.sim.put_object("amzn-s3-demo-bucket", "accounts/team.csv", rows(60));

    lambda.invoke(&event("upload.json")).expect("an answer");

    let ledger = lambda.sim.ledger();
    let mut sessions = ledger.iter().filter(|call| call.caller != aws_sim::ADMINISTRATOR).peekable();
    assert!(sessions.peek().is_some());
    assert!(sessions.all(|call| call.session_arn.ends_with(&format!("/guardduty-onboarding-{id}"))));
    let log = lambda.stop();
    let lines = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let ours = |line: &Value| line["target"].as_str().is_some_and(|target| target.starts_with("guardduty_onboarding"));
    // The first one is about no invocation.
    let lines: Vec<_> = lines.filter(ours).skip(1).collect();
    assert!(lines.iter().any(|line| line["message"] == "invitation accepted"), "{log}");
    assert_eq!(lines.iter().find(|line| line["span"]["request_id"] != id), None);
}

#[test]
fn calls_share_connections() {
    let mut lambda = Lambda::start(&[ROLE]);
    lambda.sim.set(|knobs| knobs.latency = Duration::from_millis(5));
    lambda.sim.put_object("amzn-s3-demo-bucket", "accounts/team.csv", rows(200));

    let answer = lambda.invoke(&event("upload.json")).expect("an answer");

    assert_eq!(answer["reports"][0]["summary"]["enabled"], 200, "{answer}");
    // Calls in flight: 64 into members, two of the administrator, two to the bucket. Twice as many connections: a call
    // that finds none begins to make one, and may get another one meanwhile.
    let connections = lambda.sim.connections();
    assert!(connections <= 2 * (64 + 2 + 2), "{connections} connections for {} calls", lambda.sim.ledger().len());
}

#[test]
fn a_warm_function_survives_many_events_with_lambdas_file_descriptors() {
    let mut lambda = Lambda::start(&[ROLE, ("REGIONS", "all"), ("MAX_CONCURRENCY", "512")]);
    lambda.sim.set(|knobs| knobs.latency = Duration::from_millis(5));
    lambda.sim.put_object("amzn-s3-demo-bucket", "accounts/team.csv", rows(60));

    let answer = lambda.invoke(&event("upload.json")).expect("an answer");

    assert_eq!(answer["reports"][0]["summary"]["enabled"], 60 * 17, "{answer}");
}
