//! Events as AWS sends them: every file in `events/`, and what else may arrive.

use guardduty_onboarding::lambda::event::{self, Event};
use guardduty_onboarding::roster::{self, Rules};
use serde_json::{Value, json};

use crate::world::*;

pub fn sample(name: &str) -> Value {
    let path = format!("{}/events/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_json_file_in_events_is_understood() {
    let folder = std::fs::read_dir(format!("{}/events", env!("CARGO_MANIFEST_DIR"))).expect("a folder");
    let mut seen = 0;
    for file in folder {
        let path = file.expect("a file").path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            match event::parse(&sample(&name)) {
                Ok(Event::Direct(parts)) => assert!(parts.iter().all(Result::is_ok), "{name}: {parts:?}"),
                Ok(Event::Queue(messages)) => {
                    assert!(messages.iter().flat_map(|one| &one.parts).all(Result::is_ok), "{name}: {messages:?}");
                }
                Err(error) => panic!("{name}: {error}"),
            }
            seen += 1;
        }
    }
    assert!(seen >= 14);
}

#[tokio::test(start_paused = true)]
async fn the_sample_of_a_reconcile_reports_on_all_lists() {
    let world = crate::fleet::allowed();
    world.list("accounts/team.csv", ALICES_LIST);
    let seen = world.deliver(&sample("reconcile.json"), "fleet").await;
    assert_eq!(seen.report["lists"][0]["key"], "accounts/team.csv", "{:?}", seen.answer);
    assert_eq!(seen.ended(ALICE, VIRGINIA), "planned -");
}

#[test]
fn what_is_almost_a_new_account_is_not_taken_for_one() {
    for name in ["organizations-close-account-result.json", "organizations-create-account-call.json"] {
        let parsed = event::parse(&sample(&format!("others/{name}")));
        let Ok(Event::Direct(parts)) = &parsed else { panic!("{parsed:?}") };
        let [Err(error)] = &parts[..] else { panic!("{parts:?}") };
        assert!(error.to_string().contains("from \"aws.organizations\""), "{error}");
    }
}

#[test]
fn the_sample_list_has_sixty_good_rows_and_some_bad_ones() {
    let administrator = guardduty_onboarding::account::AccountId::parse(ADMINISTRATOR).expect("twelve digits");
    let list = std::fs::read(format!("{}/events/sample-accounts.csv", env!("CARGO_MANIFEST_DIR"))).expect("a list");
    let roster = roster::read(&list, &Rules::monitored(administrator));
    assert_eq!(roster.accounts.len(), 60);
    assert!(roster.rejected.len() >= 5, "{:?}", roster.rejected);
}

#[tokio::test(start_paused = true)]
async fn an_event_from_event_bridge_onboards_the_object_version_it_names() {
    let world = World::new().without_iam();
    let event = sample("s3-object-created-eventbridge.json");
    let bucket = event["detail"]["bucket"]["name"].as_str().expect("a bucket");
    // The sample's own key declares nothing.
    let key = "accounts/example-key";
    let version_id = world.sim.put_object(bucket, key, ALICES_LIST.to_owned());
    world.sim.put_object(bucket, key, "a newer version that is no list");
    let mut event = event.clone();
    event["detail"]["object"]["key"] = json!(key);
    event["detail"]["object"]["version-id"] = json!(version_id);

    let answer = world.invoke(&event).await.expect("an answer");

    assert_eq!(answer["reports"][0]["summary"]["enabled"], 1);
    assert_eq!(answer["reports"][0]["source"]["versionId"], json!(version_id));
}

#[tokio::test(start_paused = true)]
async fn a_notifications_key_is_decoded_before_it_is_read() {
    let world = World::new().without_iam();
    let mut event = sample("s3-notification.json");
    let version_id = world.sim.put_object("amzn-s3-demo-bucket", "inbox/red flower é.csv", ALICES_LIST.to_owned());
    event["Records"][0]["s3"]["object"]["versionId"] = json!(version_id);

    let answer = world.invoke(&event).await.expect("an answer");

    assert_eq!(answer["reports"][0]["location"], "s3://amzn-s3-demo-bucket/reports/inbox/red flower é.json");
}

#[tokio::test(start_paused = true)]
async fn several_records_are_several_lists_and_one_that_is_bad_stops_no_other() {
    let world = World::new();
    let mut event = Value::Null;
    for (key, list) in
        [("accounts/one.csv", ALICES_LIST), ("accounts/two.csv", "nonsense"), ("accounts/three.csv", THREE)]
    {
        let version_id = world.sim.put_object(BUCKET, key, list.to_owned());
        let record = notification(key, &version_id);
        match event["Records"].as_array_mut() {
            Some(records) => records.push(record["Records"][0].clone()),
            None => event = record,
        }
    }

    let answer = world.invoke(&event).await.expect("an answer");

    let enabled: Vec<_> =
        answer["reports"].as_array().expect("reports").iter().map(|one| &one["summary"]["enabled"]).collect();
    assert_eq!(enabled, [&json!(1), &json!(0), &json!(3)]);
}

#[tokio::test(start_paused = true)]
async fn what_needs_nothing_is_answered_with_no_report() {
    let world = World::new();
    let removed = json!({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectRemoved:Delete",
        "s3": {"bucket": {"name": BUCKET}, "object": {"key": "accounts/team.csv"}}}]});
    for event in [sample("s3-test-event.json"), notification("accounts/", "v"), removed] {
        assert_eq!(world.invoke(&event).await, Ok(json!({"reports": []})), "{event}");
    }
    assert!(world.sim.ledger().is_empty());
}

#[tokio::test(start_paused = true)]
async fn what_is_not_understood_is_an_error_and_touches_nothing() {
    let world = World::new();
    for event in [
        json!({}),
        json!({"detail-type": "x", "source": "aws.ec2"}),
        json!("hello"),
        json!({"Records": [{"eventSource": "aws:sns"}]}),
        json!({"Records": []}),
    ] {
        let error = world.invoke(&event).await.expect_err("not understood").to_string();
        assert!(error.contains("nothing was touched"), "{error}");
    }
    assert!(world.sim.ledger().is_empty());
}
