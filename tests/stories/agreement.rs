//! Whatever happens in whatever world: answer, report, exit, log and GuardDuty itself never disagree.

use std::time::Duration;

use aws_sim::{Fault, Kind, Storm};
use guardduty_onboarding::lambda::HandleError;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::log::Log;
use crate::world::*;

/// What is the matter with an account, or with its row.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Well,
    RoleMissing,
    WrongEmail,
    OtherAdministrator,
    RegionOff,
    NoToken,
    Suspended,
    /// Its administrator has suspended its membership.
    Stopped,
    /// It was removed while it was suspended.
    LeftAsleep,
    Denied,
    NoPolicy,
    Throttled,
    Short,
    Twice,
}

/// How the accounts get to the function.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Way {
    Upload,
    Plan,
    Request,
    Announcement,
}

/// What is the matter with everything else.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    None,
    Storm(u64),
    NoList,
    NoReport,
    NoTime,
}

#[derive(Debug, Clone)]
struct Case {
    fates: Vec<Fate>,
    way: Way,
    /// The message's delivery. `None` if the event comes directly.
    queued: Option<u32>,
    trouble: Trouble,
}

fn case() -> impl Strategy<Value = Case> {
    use Fate::*;
    let all = [
        Well,
        Well,
        RoleMissing,
        WrongEmail,
        OtherAdministrator,
        RegionOff,
        NoToken,
        Suspended,
        Stopped,
        LeftAsleep,
        Denied,
        NoPolicy,
        Throttled,
        Short,
        Twice,
    ];
    let fates = prop::collection::vec(prop::sample::select(all.to_vec()), 1..8);
    let way = prop::sample::select(vec![Way::Upload, Way::Upload, Way::Plan, Way::Request, Way::Announcement]);
    let queued = prop::option::of(prop::sample::select(vec![1, 2, 30]));
    let trouble = prop_oneof![
        3 => Just(Trouble::None),
        2 => any::<u64>().prop_map(Trouble::Storm),
        1 => Just(Trouble::NoList),
        1 => Just(Trouble::NoReport),
        1 => Just(Trouble::NoTime),
    ];
    (fates, way, queued, trouble).prop_map(|(fates, way, queued, trouble)| Case { fates, way, queued, trouble })
}

fn id(index: usize) -> String {
    format!("0000000{:05}", index + 1)
}

fn rows(case: &Case) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    for (index, fate) in case.fates.iter().enumerate() {
        let row = (id(index), format!("account-{index}@example.com"));
        match fate {
            Fate::Short => rows.push((row.0[1..].to_owned(), row.1)),
            Fate::Twice => rows.extend([row.clone(), row]),
            _ => rows.push(row),
        }
    }
    rows
}

/// The world, the event, and the name of its report.
fn prepare(case: &Case) -> (World, Value, String) {
    let mut world = World::queued().in_regions("us-east-1,eu-south-1").with("SETTLE_SECONDS", "5");
    for (index, fate) in case.fates.iter().enumerate() {
        let id = &id(index);
        world.sim.organization_account(id, &format!("account-{index}@example.com"), "ACTIVE");
        match fate {
            Fate::Well | Fate::Short | Fate::Twice => {}
            Fate::RoleMissing => world.sim.role_missing(id),
            Fate::WrongEmail => world.sim.email_is(id, "another@example.com"),
            Fate::OtherAdministrator => world.sim.belongs_to("999999999999", id, MILAN),
            Fate::RegionOff => world.sim.region_off(id, MILAN),
            Fate::Suspended => world.sim.suspended(id),
            Fate::Stopped | Fate::LeftAsleep => {
                let email = format!("account-{index}@example.com");
                world.sim.put_member(IRELAND, id, &email, "Disabled");
                if matches!(fate, Fate::LeftAsleep) {
                    world.sim.put_member(IRELAND, id, &email, "Removed");
                }
            }
            Fate::Denied => world.sim.deny(id, "guardduty:CreateDetector", "with an explicit deny"),
            Fate::NoPolicy => world.sim.deny(id, "guardduty:*", "because no identity-based policy allows it"),
            Fate::NoToken => {
                let kind = invalid_token("UnrecognizedClientException");
                world.sim.fault(Fault { account: Some(id.clone()), ..always(kind) });
            }
            Fate::Throttled => world.sim.fault(Fault { account: Some(id.clone()), ..always(Kind::Throttle) }),
        }
    }
    let rows = rows(case);
    let key = if case.way == Way::Plan { "plan/team.csv" } else { "accounts/team.csv" };
    let (event, report) = match case.way {
        Way::Upload | Way::Plan => {
            let list = rows.iter().map(|(id, email)| format!("{id},{email}")).collect::<Vec<_>>().join("\n");
            let version = world.sim.put_object(BUCKET, key, list);
            (notification(key, &version), key.trim_end_matches(".csv").to_owned())
        }
        Way::Request => {
            let rows: Vec<Value> = rows.iter().map(|(id, email)| json!({"accountId": id, "email": email})).collect();
            let name = if case.queued.is_some() { "m-1" } else { "8476a536-e9f4-11e8-9739-2dfe598c3fcd" };
            (json!({"accounts": rows}), format!("requests/{name}"))
        }
        Way::Announcement => {
            let mut event = crate::events::sample("organizations-account-joined.json");
            event["detail"]["serviceEventDetails"]["accountId"] = json!(id(0));
            (event, format!("events/{}", id(0)))
        }
    };
    match case.trouble {
        Trouble::None => {}
        Trouble::Storm(seed) => world.sim.storm(Storm { seed, percent: 30 }),
        Trouble::NoList => world.sim.fault(Fault { operation: Some("GetObject"), ..always(Kind::Internal) }),
        Trouble::NoReport => world.sim.fault(Fault { operation: Some("PutObject"), ..always(Kind::Internal) }),
        Trouble::NoTime => {
            world.time_limit = Duration::from_secs(4);
            world.sim.set(|knobs| knobs.latency = Duration::from_millis(400));
        }
    }
    let event = match case.queued {
        None => event,
        Some(count) => json!({"Records": [{"messageId": "m-1", "receiptHandle": "r", "body": event.to_string(),
            "attributes": {"ApproximateReceiveCount": count.to_string()}, "eventSource": "aws:sqs"}]}),
    };
    (world, event, report)
}

fn live_through(case: &Case) {
    let log = Log::take();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(async {
        let (world, event, name) = prepare(case);
        let answer = world.invoke(&event).await;
        agree(case, &world, &world.report(&name), &world.csv(&name), &answer, &log);
    });
}

fn agree(case: &Case, world: &World, report: &Value, csv: &str, answer: &Result<Value, HandleError>, log: &Log) {
    let finished = log.lines("run finished");
    let not_done = log.lines("not done");
    let pending = report["summary"]["pending"].as_u64().unwrap_or(0);

    // Nobody's address is anywhere but in the CSV report.
    for said in [report.to_string(), format!("{answer:?}"), log.text()] {
        assert!(!said.contains("@example.com"), "{said}");
    }

    // Report: both files, and the counts with what they count.
    if !report.is_null() {
        counts_agree(&report["summary"], &report["memberships"], &report["rejectedRows"]);
        assert_eq!(csv.matches(",rejected,").count() as u64, report["summary"]["rejectedRows"].as_u64().unwrap_or(0));
        // Log: the same counts.
        assert_eq!(finished.len(), 1);
        for (in_log, name) in
            [("enabled", "enabled"), ("pending", "pending"), ("failed", "failed"), ("rejected_rows", "rejectedRows")]
        {
            assert_eq!(finished[0][in_log], report["summary"][name]);
        }
        // GuardDuty: no account is called enabled that is not monitored.
        for membership in report["memberships"].as_array().expect("memberships") {
            if membership["outcome"] == "enabled" {
                let named = |name: &str| membership[name].as_str().expect("a name");
                assert_eq!(world.status(named("region"), named("accountId")).as_deref(), Some("Enabled"));
                let detector = world.sim.detector(named("accountId"), named("region"));
                assert!(detector.is_some_and(|detector| detector.enabled), "{membership}");
            }
        }
    }

    // Exit: what is not done is redelivered, and only that, and the log says so.
    let again = match (answer, case.queued) {
        (Ok(answer), Some(_)) => {
            let failures = answer["batchItemFailures"].as_array().expect("batchItemFailures");
            assert!(failures.is_empty() || *failures == [json!({"itemIdentifier": "m-1"})]);
            !failures.is_empty()
        }
        (Ok(answer), None) => {
            let seen = &answer["reports"][0];
            if report.is_null() {
                assert!(case.way == Way::Request && seen["location"].is_null(), "{answer}");
            } else {
                assert_eq!(seen["summary"], report["summary"]);
            }
            if case.way == Way::Request {
                counts_agree(&seen["summary"], &seen["memberships"], &seen["rejectedRows"]);
            }
            false
        }
        (Err(error), None) => {
            assert_eq!(not_done[0]["error"], error.to_string());
            true
        }
        (Err(error), Some(_)) => panic!("a batch is always answered: {error}"),
    };
    assert_eq!(not_done.len(), usize::from(again));
    if case.way == Way::Request && case.queued.is_none() {
        assert!(!again, "the caller reads the answer");
    } else {
        // A report whose answer from S3 was lost is there, and counts as not written.
        let unsure = again && not_done[0]["kind"] == "ReportNotWritten";
        assert_eq!(again, report.is_null() || pending > 0 || unsure, "{answer:?} {report:#}");
    }
    if again && not_done[0]["kind"] == "Pending" {
        let said = not_done[0]["error"].as_str().expect("an error");
        assert!(pending > 0 && said.starts_with(&format!("{pending} of ")), "{said}");
    }
}

fn counts_agree(summary: &Value, memberships: &Value, rejected: &Value) {
    let memberships = memberships.as_array().expect("memberships");
    let count = |outcome: &str| memberships.iter().filter(|membership| membership["outcome"] == outcome).count();
    for outcome in ["enabled", "pending", "failed", "skipped"] {
        assert_eq!(summary[outcome], count(outcome), "{outcome}");
    }
    assert_eq!(summary["memberships"], memberships.len());
    assert_eq!(summary["rejectedRows"], rejected.as_array().expect("rejected rows").len());
    assert_eq!(summary["complete"], count("pending") == 0);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn answer_report_exit_log_and_guardduty_agree(case in case()) {
        live_through(&case);
    }
}
