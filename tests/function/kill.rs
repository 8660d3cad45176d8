//! The function is killed at any moment, and the message is redelivered.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lambda::Lambda;
use crate::{ROLE, event};

const KILLS: u32 = 50;
/// How often in one world.
const KILLS_IN_A_ROW: u32 = 4;
const ACCOUNTS: usize = 24;
pub const BUCKET: &str = "amzn-s3-demo-bucket";
const KEY: &str = "accounts/team.csv";

/// GuardDuty's defaults are the other way round.
const PLANS: &str = "S3_DATA_EVENTS=DISABLED,RUNTIME_MONITORING=ENABLED";

/// The world, with protection plans or without, and the version of the list.
fn start(plans: bool) -> (Lambda, String) {
    let plans = ("PROTECTION_PLANS", if plans { PLANS } else { "" });
    let lambda = Lambda::start(&[ROLE, ("REGIONS", "us-east-1,eu-west-1"), plans]);
    // Some had a detector before, with other plans.
    for (account, region) in (1..ACCOUNTS / 3).flat_map(|account| [(account, "us-east-1"), (account, "eu-west-1")]) {
        lambda.sim.put_detector(&format!("{account:012}"), region, true);
    }
    lambda.sim.set(|knobs| {
        knobs.latency = Duration::from_millis(5);
        knobs.verification = Duration::from_millis(200);
    });
    let version = lambda.sim.put_object(BUCKET, KEY, crate::rows(ACCOUNTS));
    (lambda, version)
}

/// The message at its delivery of that number.
pub fn delivery(key: &str, version: &str, count: u32) -> Value {
    let mut upload = event("upload.json");
    upload["Records"][0]["s3"]["object"]["key"] = json!(key);
    upload["Records"][0]["s3"]["object"]["versionId"] = json!(version);
    let mut batch = event("queued-upload.json");
    batch["Records"][0]["body"] = json!(upload.to_string());
    batch["Records"][0]["attributes"]["ApproximateReceiveCount"] = json!(count.to_string());
    batch
}

/// Delivers until the message is done.
pub fn deliver(lambda: &mut Lambda, key: &str, version: &str, mut count: u32) {
    loop {
        count += 1;
        assert!(count < 30, "the message would be in the dead-letter queue");
        let answer = lambda.invoke(&delivery(key, version, count)).expect("a batch is always answered");
        if answer == json!({"batchItemFailures": []}) {
            return;
        }
    }
}

/// The JSON report, if there is one. It is always complete.
fn report(lambda: &Lambda) -> Option<Value> {
    let json = lambda.sim.object(BUCKET, "reports/accounts/team.json")?;
    let report: Value = serde_json::from_slice(&json).expect("a whole report");
    assert_eq!(report["memberships"].as_array().map(Vec::len), Some(2 * ACCOUNTS));
    Some(report)
}

#[test]
fn killed_at_any_moment_and_redelivered_it_ends_right() {
    let began = Instant::now();
    let (mut lambda, version) = start(true);
    deliver(&mut lambda, KEY, &version, 0);
    let whole = began.elapsed();

    let mut killed = 0;
    while killed < KILLS {
        let plans = (killed / KILLS_IN_A_ROW).is_multiple_of(2);
        let (mut lambda, version) = start(plans);
        let kills = KILLS_IN_A_ROW.min(KILLS - killed);
        for count in 1..=kills {
            let after = whole.mul_f64(fastrand::f64() * 0.8);
            println!("killed after {after:?} of {whole:?}");
            lambda.kill_during(&delivery(KEY, &version, count), after);
            report(&lambda);
        }
        killed += kills;
        deliver(&mut lambda, KEY, &version, kills);

        let report = report(&lambda).expect("a report");
        assert_eq!(report["summary"]["enabled"], 2 * ACCOUNTS, "{}", report["summary"]);
        for (account, region) in (1..=ACCOUNTS).flat_map(|account| [(account, "us-east-1"), (account, "eu-west-1")]) {
            let features = lambda.sim.features(&format!("{account:012}"), region);
            assert_eq!((features["S3_DATA_EVENTS"], features["RUNTIME_MONITORING"]), (!plans, plans), "{account}");
        }
        let csv = lambda.sim.object(BUCKET, "reports/accounts/team.csv").expect("a report");
        assert_eq!(String::from_utf8_lossy(&csv).matches(",enabled,").count(), ACCOUNTS);
        let mut accepted: HashMap<(String, String), usize> = HashMap::new();
        for call in lambda.sim.ledger() {
            if call.operation == "AcceptAdministratorInvitation" && call.done {
                *accepted.entry((call.caller, call.region)).or_default() += 1;
            }
        }
        assert_eq!(accepted.len(), 2 * ACCOUNTS);
        assert!(accepted.values().all(|count| *count == 1), "{accepted:?}");
    }
}
