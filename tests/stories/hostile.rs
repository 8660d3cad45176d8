//! Events and names that were made to do harm, or that were damaged on the way. The rest is carried out, and no text of
//! theirs is shown as it is.

use aws_sim::{Fault, Kind};
use guardduty_onboarding::lambda::HandleError;
use guardduty_onboarding::roster::MAX_ROWS;
use serde_json::{Value, json};

use crate::log::Log;
use crate::queue::Queue;
use crate::world::*;

const BOBS_LIST: &str = "444455556666,bob@example.com\n";
/// The operator named the list after a person.
const PERSONAL: &str = "accounts/alice@example.com.csv";

fn records(event: &mut Value) -> &mut Vec<Value> {
    event["Records"].as_array_mut().expect("records")
}

/// A notification of Alice's list, of something that is not understood, and of Bob's list.
fn with_a_bad_record(world: &World) -> Value {
    let version = world.sim.put_object(BUCKET, "accounts/one.csv", ALICES_LIST.to_owned());
    let mut event = notification("accounts/one.csv", &version);
    let mut bad = event["Records"][0].clone();
    bad["s3"]["object"]["key"] = json!("accounts/%ff.csv");
    let version = world.sim.put_object(BUCKET, "accounts/two.csv", BOBS_LIST.to_owned());
    let last = notification("accounts/two.csv", &version)["Records"][0].clone();
    records(&mut event).extend([bad, last]);
    event
}

fn measured(world: &World, name: &str) -> Option<u64> {
    let lines = world.metrics.borrow().clone();
    let all: Value = serde_json::from_str(lines.lines().next().expect("a line")).expect("JSON");
    all[name].as_u64()
}

#[tokio::test(start_paused = true)]
async fn a_bad_record_stops_no_other_and_fails_the_invocation_when_the_others_are_done() {
    let world = World::new();
    let log = Log::take();
    let event = with_a_bad_record(&world);

    let error = world.invoke(&event).await.expect_err("one record is bad");

    assert!(matches!(error, HandleError::UnknownEvent(_)), "{error:?}");
    assert_eq!(error.to_string(), "Records[1].s3.object.key is not percent-encoded UTF-8; nothing was touched");
    for (account, report) in [(ALICE, "accounts/one"), (BOB, "accounts/two")] {
        assert_eq!(world.status(VIRGINIA, account).as_deref(), Some("Enabled"));
        assert_eq!(world.report(report)["summary"]["enabled"], 1);
    }
    let done = log.lines("done, although other parts are not");
    assert_eq!((done.len(), &done[1]["report"]), (2, &json!(format!("s3://{BUCKET}/reports/accounts/two.json"))));
    assert_eq!(measured(&world, "MembershipsEnabled"), Some(2));

    // Lambda tries twice more, then its dead-letter queue or destination has the event: what is done costs nothing
    // again.
    world.sim.clear_ledger();
    assert_eq!(world.invoke(&event).await, Err(error));
    let writes = world.sim.ledger().into_iter().filter(|call| call.write && call.service == "guardduty");
    assert_eq!(writes.count(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_message_with_a_bad_record_is_done_but_for_it_and_goes_the_dead_letter_way() {
    let world = World::queued();
    let mut queue = Queue::new(&world, 4).await;
    queue.batch_size = 10;
    queue.send(&with_a_bad_record(&world)).await;
    queue.upload("accounts/three.csv", "222233334444,carol@example.com\n").await;

    assert_eq!(queue.poll().await, [(1, true), (1, false)]);

    for account in [ALICE, BOB, CAROL] {
        assert_eq!(world.status(VIRGINIA, account).as_deref(), Some("Enabled"));
    }
    world.sim.clear_ledger();
    let (deliveries, _) = queue.drain().await;
    assert_eq!((deliveries.len(), queue.dead().await), (3, 1));
    assert!(world.sim.ledger().iter().all(|call| !call.write || call.service != "guardduty"));
}

#[tokio::test(start_paused = true)]
async fn many_bad_records_are_one_bounded_error() {
    let world = World::new();
    let mut event = with_a_bad_record(&world);
    let bad = json!({"eventSource": format!("\r\nuser@example.com {}", "x".repeat(5_000))});
    records(&mut event).extend(vec![bad; 5_000]);

    let error = world.invoke(&event).await.expect_err("bad records").to_string();

    assert!(error.ends_with("; and 4991 more errors") && error.len() < 4_096, "{error}");
    assert!(!error.contains(['@', '\r', '\n']), "{error}");
    assert_eq!(world.status(VIRGINIA, BOB).as_deref(), Some("Enabled"));
}

#[tokio::test(start_paused = true)]
async fn a_request_obeys_the_limit_of_a_list_and_its_refusal_is_measured_and_warned_of() {
    let world = World::new();
    let row = json!({"accountId": ALICE, "email": "alice@example.com"});
    let mut request = json!({"accounts": vec![row; MAX_ROWS + 1]});
    let log = Log::take();

    let answer = world.invoke(&request).await.expect("an answer");

    let notices = answer["reports"][0]["notices"].to_string();
    assert!(notices.contains(&format!("{} rows, more than the limit of {MAX_ROWS}", MAX_ROWS + 1)), "{notices}");
    assert!(world.sim.ledger().is_empty());
    assert_eq!(measured(&world, "ListsRefused"), Some(1));
    let warned = log.lines("request refused");
    assert_eq!((warned.len(), &warned[0]["level"]), (1, &json!("WARN")));

    request["dryRun"] = json!(true);
    world.invoke(&request).await.expect("an answer");
    assert_eq!(measured(&world, "ListsRefused"), Some(0));
}

#[tokio::test(start_paused = true)]
async fn a_refused_list_is_warned_of_with_its_place_and_the_reason() {
    let world = World::new();
    let log = Log::take();
    let seen = world.upload(PERSONAL, "{\"accounts\": []}").await;

    let warned = log.lines("list refused");
    assert_eq!((warned.len(), &warned[0]["level"], &warned[0]["bucket"]), (1, &json!("WARN"), &json!(BUCKET)));
    assert_eq!((&warned[0]["key"], &warned[0]["dry_run"]), (&json!("accounts/(e-mail)"), &json!(false)));
    assert_eq!(warned[0]["version_id"], seen.report["source"]["versionId"]);
    assert!(warned[0]["reason"].as_str().is_some_and(|reason| reason.contains("is JSON, not CSV")));
    assert_eq!(measured(&world, "ListsRefused"), Some(1));
    assert!(!log.text().contains('@'), "{}", log.text());
}

#[tokio::test(start_paused = true)]
async fn an_address_in_a_key_is_in_the_reports_source_and_nowhere_else() {
    let world = World::new();
    let log = Log::take();
    let seen = world.upload(PERSONAL, ALICES_LIST).await;
    // A reader must find the list by its report, and the report by the answer.
    assert_eq!(seen.report["source"]["key"], PERSONAL);
    let location = format!("s3://{BUCKET}/reports/accounts/alice@example.com.json");
    assert_eq!(seen.answer.expect("an answer")["reports"][0]["location"], location);

    // Neither if there is nothing to do, nor if a newer list's report is kept.
    world.notify("reports/alice@example.com.csv", "v").await;
    assert_eq!(log.lines("nothing to do")[0]["about"], format!("s3://{BUCKET}/reports/(e-mail)"));
    let older = world.sim.put_object(BUCKET, PERSONAL, ALICES_LIST.to_owned());
    world.upload(PERSONAL, ALICES_LIST).await;
    world.notify(PERSONAL, &older).await;
    let kept = log.lines("report not written: a newer upload already has one");
    assert_eq!(kept[0]["location"], format!("s3://{BUCKET}/reports/accounts/(e-mail)"));

    world.sim.role_missing(BOB);
    let pending = world.upload(PERSONAL, BOBS_LIST).await.answer.expect_err("pending").to_string();
    assert!(pending.contains(&format!("see s3://{BUCKET}/reports/accounts/(e-mail);")), "{pending}");
    world.sim.fault(Fault { operation: Some("PutObject"), ..always(Kind::Internal) });
    let unwritten = world.upload(PERSONAL, ALICES_LIST).await.answer.expect_err("no report").to_string();
    assert!(unwritten.contains(&format!("written to s3://{BUCKET}/reports/accounts/(e-mail):")), "{unwritten}");
    world.sim.fault(Fault { operation: Some("GetObject"), ..always(Kind::Internal) });
    let unread = world.upload(PERSONAL, ALICES_LIST).await.answer.expect_err("no list").to_string();
    assert!(unread.contains(&format!("the list s3://{BUCKET}/accounts/(e-mail) could not")), "{unread}");
    for text in [pending, unwritten, unread, log.text(), world.metrics.borrow().clone()] {
        assert!(!text.contains('@'), "{text}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_messages_id_is_answered_as_it_is_and_shown_without_an_address() {
    let world = World::queued();
    let log = Log::take();
    world.sim.role_missing(BOB);
    let request = json!({"accounts": [{"accountId": BOB, "email": "bob@example.com"}]}).to_string();
    let message = |id: &str| json!({"messageId": id, "receiptHandle": "r", "body": request, "eventSource": "aws:sqs"});

    let answer = world.invoke(&json!({"Records": [message("bob@example.com"), message("two\nlines")]})).await;

    let failures = json!([{"itemIdentifier": "bob@example.com"}, {"itemIdentifier": "two\nlines"}]);
    assert_eq!(answer, Ok(json!({"batchItemFailures": failures})));
    assert_eq!(world.report("requests/(e-mail)")["source"], json!({"request": "(e-mail)"}));
    assert_eq!(log.lines("message received")[1]["message_id"], "two lines");
    assert!(!log.text().contains('@'), "{}", log.text());
}

#[tokio::test(start_paused = true)]
async fn invitations_of_a_thousand_strangers_are_a_few_notices() {
    let world = World::new();
    for stranger in 0..50 {
        for account in 1..=20 {
            world.sim.invite_from(&format!("9999{stranger:08}"), &format!("0000000{account:05}"), VIRGINIA);
        }
    }

    let seen = world.onboard(&list_of(20)).await;

    seen.all_enabled();
    let notices = seen.notices();
    assert_eq!(notices.lines().filter(|notice| notice.contains(" invitations ")).count(), 4, "{notices}");
    let several = "also has invitations from 999900000000, 999900000001, 999900000002 and 47 others in us-east-1";
    assert_eq!(notices.matches(several).count(), 3, "{notices}");
    assert!(notices.contains("in us-east-1, 20 accounts have invitations that are not"), "{notices}");
}

#[tokio::test(start_paused = true)]
async fn pending_work_is_as_old_as_its_message_whatever_the_event_says() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.role_missing(ALICE);
    let version = world.sim.put_object(BUCKET, "accounts/team.csv", ALICES_LIST.to_owned());
    for at in ["2025-12-31T00:00:00Z", "2026-12-31T00:00:00Z", "1970-01-01T00:00:00Z", "yesterday"] {
        let mut event = notification("accounts/team.csv", &version);
        event["Records"][0]["eventTime"] = json!(at);
        queue.send(&event).await;
        assert_eq!(queue.poll().await, [(1, true)]);
        assert!(measured(&world, "PendingAge").is_some_and(|age| age < 5), "{at}");
    }
    // A request has no time of its own.
    queue.send(&json!({"accounts": [{"accountId": ALICE, "email": "alice@example.com"}]})).await;
    tokio::time::sleep(std::time::Duration::from_secs(10)).await;
    queue.poll().await;
    assert!(measured(&world, "PendingAge").is_some_and(|age| (10..20).contains(&age)));
}

#[tokio::test(start_paused = true)]
async fn without_a_queue_only_a_credible_time_makes_pending_work_old() {
    let world = World::new();
    world.sim.role_missing(ALICE);
    let version = world.sim.put_object(BUCKET, "accounts/team.csv", ALICES_LIST.to_owned());
    let mut event = notification("accounts/team.csv", &version);
    // It is noon on the first of January.
    for (at, credible) in [
        (json!("2026-01-01T11:00:00.000Z"), true),
        (json!("2025-12-19T12:00:00.000Z"), true),
        (json!("2025-12-18T11:00:00.000Z"), false),
        (json!("2026-01-02T12:00:00.000Z"), false),
        (json!("1970-01-01T00:00:00.000Z"), false),
        (json!("-9999-01-01T00:00:00Z"), false),
        (json!(7), false),
        (Value::Null, false),
    ] {
        event["Records"][0]["eventTime"] = at.clone();
        assert!(matches!(world.invoke(&event).await, Err(HandleError::Pending { .. })));
        assert_eq!(measured(&world, "PendingAge").is_some(), credible, "{at}");
    }
    let mut forged =
        json!({"messageId": "1", "receiptHandle": "r", "eventSource": "aws:sqs", "body": event.to_string()});
    for sent in ["1767268800000000", "-1", "1", "soon"] {
        forged["attributes"] = json!({"SentTimestamp": sent});
        world.invoke(&json!({"Records": [forged]})).await.expect("a batch is always answered");
        assert_eq!(measured(&world, "PendingAge"), None, "{sent}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_run_of_which_nobody_reads_a_report_logs_a_hundred_lines_and_a_count() {
    let log = Log::take();
    let world = World::queued().with("REPORT_BUCKET", "");
    let queue = Queue::new(&world, 30).await;
    let accounts: Vec<Value> = (1..=200)
        .map(|number| {
            let id = format!("0000000{number:05}");
            world.sim.role_missing(&id);
            json!({"accountId": id, "email": "user@example.com"})
        })
        .collect();
    queue.send(&json!({"accounts": accounts})).await;

    queue.poll().await;

    assert_eq!(log.lines("not as declared").len(), 100);
    assert_eq!(log.lines("more like these are left out of the log")[0]["memberships"], 100);
}

#[tokio::test(start_paused = true)]
async fn a_list_of_regions_without_an_end_ends() {
    let world = World::new().with("REGIONS", "all");
    let page =
        json!({"Regions": [{"RegionName": VIRGINIA, "RegionOptStatus": "ENABLED_BY_DEFAULT"}], "NextToken": "x"});
    world.sim.fault(Fault { operation: Some("ListRegions"), ..always(Kind::Answer(page)) });
    let version = world.sim.put_object(BUCKET, "accounts/team.csv", ALICES_LIST);

    let error = world.invoke(&notification("accounts/team.csv", &version)).await.expect_err("it is retried");

    assert!(error.to_string().contains("does not end after 20 pages"), "{error}");
}
