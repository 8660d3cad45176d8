//! While a run works for long, its report and the log say every half minute what is settled so far.

use std::time::Duration;

use aws_sim::{Fault, Kind};
use serde_json::{Value, json};
use tokio::time::sleep;

use crate::log::Log;
use crate::world::*;

const JSON: &str = "reports/accounts/team.json";
const PAGE: &str = "reports/accounts/team.html";

const NEWER: &str = "{\"the\": \"newer one's\"}";

/// Alice is a member already. The others' e-mails take that long to verify.
async fn slow(seconds: u64) -> World {
    let world = World::new().with("SETTLE_SECONDS", "300");
    world.onboard(ALICES_LIST).await.all_enabled();
    for ending in ["json", "html", "csv"] {
        world.sim.delete_object(BUCKET, &format!("reports/accounts/team.{ending}"));
    }
    world.sim.set(|knobs| knobs.verification = Duration::from_secs(seconds));
    world.sim.clear_ledger();
    world
}

fn text(world: &World, key: &str) -> Option<String> {
    world.sim.object(BUCKET, key).map(|bytes| String::from_utf8(bytes).expect("UTF-8"))
}

/// The report's JSON and page as they are after so many seconds.
async fn after(world: &World, seconds: u64) -> (Value, String) {
    sleep(Duration::from_secs(seconds)).await;
    let report = text(world, JSON).map_or(Value::Null, |text| serde_json::from_str(&text).expect("JSON"));
    (report, text(world, PAGE).unwrap_or_default())
}

#[tokio::test(start_paused = true)]
async fn a_long_run_reports_what_is_settled_so_far_and_then_how_it_ended() {
    let world = slow(100).await;
    let log = Log::take();

    let watch = async {
        let (early, _) = after(&world, 25).await;
        let (report, page) = after(&world, 10).await;
        let csv = text(&world, "reports/accounts/team.csv");
        (early, report, page, csv)
    };
    let (seen, (early, report, page, csv)) = tokio::join!(world.onboard(THREE), watch);

    assert_eq!((early, csv), (Value::Null, None), "nothing before half a minute, and no CSV before the end");
    assert_eq!((&report["running"], &report["finishedAt"]), (&json!(true), &Value::Null), "{report:#}");
    let summary = json!({
        "accounts": 3, "memberships": 3, "enabled": 1, "suspended": 0, "removed": 0, "pending": 0, "failed": 0,
        "skipped": 0, "rejectedRows": 0, "complete": false,
    });
    assert_eq!(report["summary"], summary);
    assert_eq!(report["memberships"].as_array().map(Vec::len), Some(1), "{report:#}");
    assert_eq!(report["memberships"][0]["accountId"], ALICE);
    assert!(page.contains("The run is under way: 1 of 3 memberships is settled so far."), "{page}");

    seen.all_enabled();
    assert_eq!((seen.report.get("running"), seen.report["finishedAt"].is_string()), (None, true), "{:#}", seen.report);
    assert!(!text(&world, PAGE).unwrap_or_default().contains("under way"));
    // After 30, 60 and 90 seconds, and in the end with the CSV.
    assert_eq!(seen.calls_to("PutObject"), 3 * 2 + 3);
    let said: Vec<_> =
        log.lines("under way").iter().map(|line| [line["settled"].clone(), line["of"].clone()]).collect();
    assert_eq!(said, [[json!(1), json!(3)], [json!(1), json!(3)], [json!(1), json!(3)]]);
}

#[tokio::test(start_paused = true)]
async fn a_run_of_less_than_half_a_minute_writes_its_report_once() {
    let world = slow(15).await;
    assert_eq!(world.onboard(THREE).await.calls_to("PutObject"), 3);
}

#[tokio::test(start_paused = true)]
async fn an_older_versions_run_writes_no_running_report_over_a_newer_one() {
    let world = slow(100).await;
    let replace = async {
        sleep(Duration::from_secs(40)).await;
        world.sim.put_object(BUCKET, "accounts/team.csv", THREE);
        world.sim.put_object(BUCKET, JSON, NEWER);
        let later = after_text(&world, 60).await;
        assert_eq!(later, NEWER);
    };
    let (seen, ()) = tokio::join!(world.upload("accounts/team.csv", THREE), replace);
    assert!(seen.answer.is_ok());
    assert_eq!(text(&world, JSON).as_deref(), Some(NEWER));
}

async fn after_text(world: &World, seconds: u64) -> String {
    sleep(Duration::from_secs(seconds)).await;
    text(world, JSON).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn a_running_report_that_cannot_be_written_is_a_warning_and_the_run_goes_on() {
    let world = slow(50).await;
    let log = Log::take();
    let denied = Kind::Reply { status: 403, code: "AccessDenied".into(), message: "Access Denied".into() };
    world.sim.fault(Fault { operation: Some("PutObject"), kind: denied, ..Fault::default() });
    world.onboard(THREE).await.all_enabled();
    assert_eq!(log.lines("running report not written").len(), 1, "{}", log.text());
}

/// The report of that name after a minute.
async fn running(world: &World, name: &str) -> String {
    sleep(Duration::from_secs(60)).await;
    text(world, &format!("reports/{name}.json")).unwrap_or_default()
}

#[tokio::test(start_paused = true)]
async fn dry_runs_removals_requests_and_reconciles_tell_it_too() {
    let world = || {
        let world = World::new().with("ALLOW_SUSPEND", "true").with("ALLOW_REMOVE", "true").with("MAX_LEAVING", "5000");
        world.with("REPORT_BUCKET", BUCKET).with("ReconcileSchedule", "rate(1 day)")
    };
    let slow = |world: &World| world.sim.set(|knobs| knobs.latency = Duration::from_secs(4));
    let rows = list_of(1_500);
    for (key, name) in [("plan/accounts/team.csv", "plan/accounts/team"), ("remove/team.csv", "remove/team")] {
        let world = world();
        world.onboard(ALICES_LIST).await.all_enabled();
        slow(&world);
        let (seen, running) = tokio::join!(world.upload(key, &rows), running(&world, name));
        assert!(seen.answer.is_ok(), "{key}: {:?}", seen.answer);
        assert!(running.contains("\"running\": true"), "{key}: {running:.600}");
        assert!(!seen.report.to_string().contains("running"), "{key}: {:#}", seen.report);
    }
    let accounts = |count: usize| -> Vec<Value> {
        let account = |id: usize| json!({"accountId": format!("{id:012}"), "email": format!("a{id}@example.com")});
        (1..=count).map(account).collect()
    };
    let request = json!({"accounts": accounts(1_500), "dryRun": true});
    let heal = json!({"reconcile": "heal"});
    for (event, name) in [(request, "requests/8476a536-e9f4-11e8-9739-2dfe598c3fcd"), (heal, "fleet")] {
        let world = world();
        world.onboard(ALICES_LIST).await.all_enabled();
        world.sim.put_object(BUCKET, "accounts/team.csv", rows.as_bytes().to_vec());
        slow(&world);
        let (answer, running) = tokio::join!(world.invoke(&event), running(&world, name));
        assert!(answer.is_ok(), "{name}: {answer:?}");
        assert!(running.contains("\"running\": true"), "{name}: {running:.600}");
        assert!(!world.report(&format!("reports/{name}")).to_string().contains("running"), "{name}");
    }
}
