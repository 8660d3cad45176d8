//! Direct requests: the caller waits, so the answer says everything.

use serde_json::json;

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn a_request_is_onboarded_and_answered_in_full() {
    let world = World::new();
    let rows = json!([{"accountId": ALICE, "email": "alice@example.com"}, {"accountId": "12345678901", "email": "x@example.com"}]);

    let answer = world.invoke(&json!({"accounts": rows})).await.expect("an answer");

    let report = &answer["reports"][0];
    assert_eq!(report["memberships"][0]["outcome"], "enabled");
    assert_eq!(report["rejectedRows"][0]["line"], 2);
    assert_eq!(report["source"], json!({"request": "8476a536-e9f4-11e8-9739-2dfe598c3fcd"}));
    assert_eq!(report["location"], json!(null));
    assert!(!answer.to_string().contains("example.com"));
}

#[tokio::test(start_paused = true)]
async fn a_requests_report_is_kept_where_a_bucket_is_set() {
    let world = World::new().with("REPORT_BUCKET", BUCKET);
    world.sim.put_object(BUCKET, "README", "a bucket is made by its first object");
    let rows = json!([{"accountId": ALICE, "email": "alice@example.com"}]);

    let answer = world.invoke(&json!({"accounts": rows})).await.expect("an answer");

    let name = "reports/requests/8476a536-e9f4-11e8-9739-2dfe598c3fcd";
    assert_eq!(answer["reports"][0]["location"], format!("s3://{BUCKET}/{name}.json"));
    assert!(world.sim.object(BUCKET, &format!("{name}.csv")).is_some());
}

#[tokio::test(start_paused = true)]
async fn a_request_with_something_pending_is_answered_all_the_same() {
    let world = World::new();
    world.sim.role_missing(ALICE);
    let rows = json!([{"accountId": ALICE, "email": "alice@example.com"}]);

    let answer = world.invoke(&json!({"accounts": rows})).await.expect("an answer");

    assert_eq!(answer["reports"][0]["summary"]["pending"], 1);
    let detail = answer["reports"][0]["memberships"][0]["detail"].as_str().expect("a sentence");
    assert!(detail.ends_with("; send the request again"), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn a_requested_dry_run_writes_nothing() {
    let world = World::new();
    let rows = json!([{"accountId": ALICE, "email": "alice@example.com"}]);

    let answer = world.invoke(&json!({"accounts": rows, "dryRun": true})).await.expect("an answer");

    assert_eq!(answer["reports"][0]["memberships"][0]["outcome"], "planned");
    assert!(world.sim.ledger().iter().all(|call| !call.write));
}

#[tokio::test(start_paused = true)]
async fn a_request_without_accounts_is_refused_with_the_reason() {
    let answer = World::new().invoke(&json!({"accounts": []})).await.expect("an answer");

    assert!(answer["reports"][0]["notices"][0].as_str().expect("a notice").contains("empty"));
}

#[tokio::test(start_paused = true)]
async fn a_request_whose_report_cannot_be_written_is_answered_with_a_notice() {
    let world = World::new().with("REPORT_BUCKET", "amzn-s3-demo-no-such-bucket");
    let rows = json!([{"accountId": ALICE, "email": "alice@example.com"}]);

    let answer = world.invoke(&json!({"accounts": rows})).await.expect("an answer");

    let report = &answer["reports"][0];
    assert_eq!((&report["memberships"][0]["outcome"], &report["location"]), (&json!("enabled"), &json!(null)));
    let notices = report["notices"].to_string();
    assert!(notices.contains("could not be written to s3://amzn-s3-demo-no-such-bucket"), "{notices}");
}
