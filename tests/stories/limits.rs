//! What a list may not be: too many accounts, or a key that no report can be named after.

use aws_sim::{Fault, Kind};

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn more_memberships_than_a_run_takes_are_refused_before_any_work() {
    let regions: Vec<String> = (1..=21).map(|number| format!("eu-west-{number}")).collect();
    let seen = World::new().in_regions(&regions.join(",")).onboard(&list_of(10_000)).await;

    let said = "10000 accounts, which in 21 Regions is more than the limit of 200000 memberships";
    assert!(seen.notices().contains(said), "{}", seen.notices());
    assert_eq!((seen.count("accounts"), seen.count("memberships")), (0, 0));
    assert!(seen.calls.iter().all(|call| call.service == "s3"));
}

#[tokio::test(start_paused = true)]
async fn more_rows_than_are_read_are_refused_before_any_work() {
    let seen = World::new().onboard(&list_of(10_001)).await;

    assert!(seen.notices().contains("10001 rows, more than the limit of 10000"), "{}", seen.notices());
    assert!(seen.calls.iter().all(|call| call.service == "s3"));
}

#[tokio::test(start_paused = true)]
async fn a_key_as_long_as_s3_allows_gets_a_report_whose_name_is_cut() {
    let key = format!("accounts/{}.csv", "k".repeat(1_024 - 13));
    let world = World::new();
    let version = world.sim.put_object(BUCKET, &key, ALICES_LIST);

    let answer = world.invoke(&notification(&key, &version)).await.expect("an answer");

    let location = answer["reports"][0]["location"].as_str().expect("a location");
    let name = location.strip_prefix(&format!("s3://{BUCKET}/")).and_then(|key| key.strip_suffix(".json"));
    let name = name.expect("a JSON report in the bucket");
    assert_eq!((name.len(), name.as_bytes()[name.len() - 17]), (1_024 - 5, b'-'));
    let report = world.report(name.strip_prefix("reports/").expect("the prefix"));
    assert!(report["notices"].to_string().contains("it is cut"), "{report:#}");
}

#[tokio::test(start_paused = true)]
async fn two_keys_that_differ_by_their_ending_have_two_reports() {
    let world = World::new();
    world.upload("accounts/team.csv", ALICES_LIST).await.all_enabled();
    let version = world.sim.put_object(BUCKET, "accounts/team", "444455556666,bob@example.com\n");
    world.invoke(&notification("accounts/team", &version)).await.expect("an answer");

    assert_eq!(world.report("accounts/team")["source"]["key"], "accounts/team.csv");
    assert_eq!(world.report("accounts/team.list")["source"]["key"], "accounts/team");
}

#[tokio::test(start_paused = true)]
async fn a_report_that_s3_will_never_accept_is_not_retried() {
    let world = World::new();
    let kind = Kind::Reply { status: 400, code: "KeyTooLongError".into(), message: "Your key is too long".into() };
    world.sim.fault(Fault { operation: Some("PutObject"), ..always(kind) });
    let version = world.sim.put_object(BUCKET, "accounts/team.csv", ALICES_LIST);

    let answer = world.invoke(&notification("accounts/team.csv", &version)).await.expect("an answer");

    assert_eq!(answer["reports"][0]["location"], serde_json::Value::Null);
    assert_eq!(answer["reports"][0]["summary"]["enabled"], 1);
}
