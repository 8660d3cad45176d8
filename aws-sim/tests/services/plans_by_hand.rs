//! Protection plans as a story looks at them and switches them.

use std::collections::BTreeMap;

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{HOME, MEMBER, SECOND, Stage};

const ON: [&str; 5] =
    ["EBS_MALWARE_PROTECTION", "EKS_AUDIT_LOGS", "LAMBDA_NETWORK_LOGS", "RDS_LOGIN_EVENTS", "S3_DATA_EVENTS"];
const OFF: [&str; 8] = [
    "AI_ANALYST",
    "AI_PROTECTION",
    "EKS_RUNTIME_MONITORING",
    "EKS_RUNTIME_MONITORING/EKS_ADDON_MANAGEMENT",
    "RUNTIME_MONITORING",
    "RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT",
    "RUNTIME_MONITORING/ECS_FARGATE_AGENT_MANAGEMENT",
    "RUNTIME_MONITORING/EKS_ADDON_MANAGEMENT",
];

fn defaults() -> BTreeMap<String, bool> {
    let on = ON.map(|name| (name.to_owned(), true));
    on.into_iter().chain(OFF.map(|name| (name.to_owned(), false))).collect()
}

/// The plans of an answer, without the foundation, which nobody switches.
fn answered(detector: &Value) -> BTreeMap<String, bool> {
    let mut found = BTreeMap::new();
    for feature in detector["features"].as_array().into_iter().flatten() {
        let name = feature["name"].as_str().unwrap_or_default();
        found.insert(name.to_owned(), feature["status"] == "ENABLED");
        for additional in feature["additionalConfiguration"].as_array().into_iter().flatten() {
            let additional_name = additional["name"].as_str().unwrap_or_default();
            found.insert(format!("{name}/{additional_name}"), additional["status"] == "ENABLED");
        }
    }
    found.retain(|name, _| !["CLOUD_TRAIL", "DNS_LOGS", "FLOW_LOGS"].contains(&name.as_str()));
    found
}

#[test]
fn a_detector_is_created_with_what_is_named_and_otherwise_with_the_defaults() {
    for (features, differs) in [
        (json!(null), vec![]),
        (json!([]), vec![]),
        (json!([{"name": "S3_DATA_EVENTS", "status": "DISABLED"}]), vec![("S3_DATA_EVENTS", false)]),
        (
            json!([{"name": "RUNTIME_MONITORING", "status": "ENABLED", "additionalConfiguration": [
                {"name": "EC2_AGENT_MANAGEMENT", "status": "ENABLED"},
                {"name": "EKS_ADDON_MANAGEMENT", "status": "DISABLED"}]},
                {"name": "EBS_MALWARE_PROTECTION", "status": "DISABLED"}]),
            vec![
                ("RUNTIME_MONITORING", true),
                ("RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT", true),
                ("EBS_MALWARE_PROTECTION", false),
            ],
        ),
    ] {
        let stage = Stage::new();
        let body = json!({"enable": true, "features": features});
        let created = stage.caller(MEMBER).guardduty("POST", "/detector", &body).body;
        let id = created["detectorId"].as_str().expect("an id");
        let mut expected = defaults();
        expected.extend(differs.into_iter().map(|(name, enabled)| (name.to_owned(), enabled)));
        assert_eq!(stage.world.features(MEMBER, HOME), expected, "{features}");
        let shown = stage.caller(MEMBER).get(&format!("/detector/{id}")).body;
        assert_eq!(answered(&shown), expected, "an answer lists disabled plans, too");
    }
}

#[test]
fn a_member_has_all_plans_but_one_in_the_eyes_of_its_administrator() {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    let id = stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").id;
    let seen = stage.administrator().members(&id, "detector/get", &[MEMBER]).body;
    let mut expected = defaults();
    expected.remove("AI_ANALYST");
    assert_eq!(answered(&seen["members"][0]), expected);
}

#[test]
fn somebody_switches_a_plan_by_hand() {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    let mut expected = defaults();
    for (name, enabled) in
        [("S3_DATA_EVENTS", false), ("RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT", true), ("AI_PROTECTION", true)]
    {
        stage.world.set_feature(MEMBER, HOME, name, enabled);
        expected.insert(name.to_owned(), enabled);
        assert_eq!(stage.world.features(MEMBER, HOME), expected);
    }
    assert_eq!(stage.world.features(ADMINISTRATOR, HOME), defaults(), "each detector has its own");
    let id = stage.world.detector(MEMBER, HOME).expect("it is there").id;
    assert_eq!(answered(&stage.caller(MEMBER).get(&format!("/detector/{id}")).body), expected);
    assert_eq!(stage.world.features(SECOND, HOME), BTreeMap::new(), "it has no detector");
}

#[test]
#[should_panic(expected = "account 111122223333 has no RUNTIME_MONITORING/LAMBDA_AGENT_MANAGEMENT in us-east-1")]
fn what_a_detector_does_not_have_cannot_be_switched() {
    let stage = Stage::new();
    stage.detectors(&[MEMBER]);
    stage.world.set_feature(MEMBER, HOME, "RUNTIME_MONITORING/LAMBDA_AGENT_MANAGEMENT", true);
}

#[test]
fn a_region_may_lack_a_plan() {
    const INVALID: &str = "The request is rejected because one or more input parameters have invalid values.";
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    stage.world.region_lacks(HOME, "RDS_LOGIN_EVENTS");
    let mut expected = defaults();
    expected.retain(|name, _| !name.starts_with("RDS_LOGIN_EVENTS"));

    let id = stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").id;
    let caller = stage.administrator();
    let own = format!("/detector/{id}");
    assert_eq!(answered(&caller.get(&own).body), expected, "a detector that was there");
    let named = json!({"enable": true, "accountIds": [MEMBER],
        "features": [{"name": "RDS_LOGIN_EVENTS", "status": "DISABLED"}]});
    for refusal in [INVALID, "not in this Region"] {
        stage.world.set(|knobs| knobs.missing_plan_refusal = refusal);
        stage.caller(SECOND).guardduty("POST", "/detector", &named).is_bad_request(refusal);
        caller.guardduty("POST", &own, &named).is_bad_request(refusal);
        caller.guardduty("POST", &format!("{own}/member/detector/update"), &named).is_bad_request(refusal);
    }
    stage.caller(SECOND).guardduty("POST", "/detector", &json!({"enable": true}));
    assert_eq!(stage.world.features(SECOND, HOME), expected, "a new detector");
    stage.world.remove_detector(SECOND, HOME);
    stage.world.put_detector(SECOND, HOME, true);
    assert_eq!(stage.world.features(SECOND, HOME), expected, "a detector of a story");
    assert_eq!(
        stage.caller(SECOND).away().guardduty("POST", "/detector", &named).status,
        200,
        "elsewhere there is one"
    );
}
