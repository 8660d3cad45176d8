//! Protection plans: as features and as data sources, in one's own detector and in those of members.

use aws_sim::ADMINISTRATOR;
use serde_json::{Value, json};

use crate::support::{Answer, HOME, MEMBER, SECOND, Stage};

const INVALID: &str = "The request is rejected because one or more input parameters have invalid values.";
const MISSING: &str = "The request is rejected because required query or path parameters are not specified.";
const NOT_A_MEMBER: &str =
    "The request is rejected because the given account ID is not an associated member of account the current account.";

/// Each data source: how a request switches it, where an answer shows it, and its feature.
fn sources(on: bool) -> [(Value, &'static str, &'static str); 3] {
    [
        (json!({"s3Logs": {"enable": on}}), "/s3Logs/status", "S3_DATA_EVENTS"),
        (json!({"kubernetes": {"auditLogs": {"enable": on}}}), "/kubernetes/auditLogs/status", "EKS_AUDIT_LOGS"),
        (
            json!({"malwareProtection": {"scanEc2InstanceWithFindings": {"ebsVolumes": on}}}),
            "/malwareProtection/scanEc2InstanceWithFindings/ebsVolumes/status",
            "EBS_MALWARE_PROTECTION",
        ),
    ]
}

/// The statuses of a feature and of its data source, in GetDetector or GetMemberDetectors.
fn both(detector: &Value, path: &str, feature: &str) -> [String; 2] {
    let features = detector["features"].as_array().into_iter().flatten();
    let status = features.filter(|one| one["name"] == feature).map(|one| &one["status"]).next();
    let source = detector["dataSources"].pointer(path);
    [status, source].map(|status| status.and_then(Value::as_str).unwrap_or_default().to_owned())
}

fn member() -> (Stage, String) {
    let stage = Stage::new();
    stage.world.put_member(HOME, MEMBER, "root@example.com", "Enabled");
    let id = stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").id;
    (stage, id)
}

fn update_members(stage: &Stage, id: &str, mut body: Value) -> Answer {
    body["accountIds"] = json!([MEMBER]);
    stage.administrator().guardduty("POST", &format!("/detector/{id}/member/detector/update"), &body)
}

#[test]
fn a_data_source_is_a_feature_by_its_old_name() {
    for on in [false, true] {
        for (request, path, feature) in sources(on) {
            let stage = Stage::new();
            let caller = stage.administrator();
            let word = if on { "ENABLED" } else { "DISABLED" };
            let body = json!({"enable": true, "dataSources": request});
            let id = caller.guardduty("POST", "/detector", &body).body["detectorId"].as_str().unwrap_or("").to_owned();
            let target = format!("/detector/{id}");
            assert_eq!(both(&caller.get(&target).body, path, feature), [word; 2], "created with {request}");
            let others = sources(true).into_iter().filter(|(_, _, other)| *other != feature);
            for (_, path, other) in others {
                assert_eq!(both(&caller.get(&target).body, path, other), ["ENABLED"; 2], "{request} and {other}");
            }

            let word = if on { "DISABLED" } else { "ENABLED" };
            let (request, ..) = sources(!on).into_iter().find(|(_, _, one)| *one == feature).expect("the same");
            caller.guardduty("POST", &target, &json!({"dataSources": request})).is_empty();
            assert_eq!(both(&caller.get(&target).body, path, feature), [word; 2], "updated with {request}");

            let word = if on { "ENABLED" } else { "DISABLED" };
            let features = json!({"features": [{"name": feature, "status": word}]});
            caller.guardduty("POST", &target, &features).is_empty();
            assert_eq!(both(&caller.get(&target).body, path, feature), [word; 2], "updated with {features}");
        }
    }
}

#[test]
fn the_foundation_is_shown_and_cannot_be_switched() {
    let stage = Stage::new();
    let id = stage.detectors(&[]);
    let target = format!("/detector/{id}");
    let detector = stage.administrator().get(&target).body;
    for (path, feature) in [("/cloudTrail", "CLOUD_TRAIL"), ("/dnsLogs", "DNS_LOGS"), ("/flowLogs", "FLOW_LOGS")] {
        assert_eq!(both(&detector, &format!("{path}/status"), feature), ["ENABLED"; 2]);
        let body = json!({"features": [{"name": feature, "status": "DISABLED"}]});
        stage.administrator().guardduty("POST", &target, &body).is_bad_request(INVALID);
    }
}

#[test]
fn protection_plans_of_members_are_read_and_changed() {
    let (stage, id) = member();
    let caller = stage.administrator();
    let body = json!({"accountIds": [MEMBER, SECOND], "features": [{"name": "S3_DATA_EVENTS", "status": "DISABLED"}]});
    let answer = caller.guardduty("POST", &format!("/detector/{id}/member/detector/update"), &body);
    assert_eq!(answer.unprocessed(), NOT_A_MEMBER);
    assert!(!stage.world.detector(MEMBER, HOME).expect("it is there").feature("S3_DATA_EVENTS"));

    let answer = caller.members(&id, "detector/get", &[MEMBER]);
    let shown = &answer.body["members"][0];
    assert_eq!(shown["accountId"], MEMBER);
    assert_eq!(both(shown, "/s3Logs/status", "S3_DATA_EVENTS"), ["DISABLED"; 2]);

    for (request, path, feature) in &sources(false)[..2] {
        update_members(&stage, &id, json!({"dataSources": request})).is_processed();
        let shown = &caller.members(&id, "detector/get", &[MEMBER]).body["members"][0];
        assert_eq!(both(shown, path, feature), ["DISABLED"; 2], "{request}");
    }
}

#[test]
fn malware_protection_is_not_the_administrators_to_switch() {
    let (stage, id) = member();
    let feature = json!([{"name": "EBS_MALWARE_PROTECTION", "status": "DISABLED"},
        {"name": "S3_DATA_EVENTS", "status": "DISABLED"}]);
    let source = sources(false)[2].0.clone();
    for body in [json!({"features": feature}), json!({"dataSources": source})] {
        assert_eq!(update_members(&stage, &id, body.clone()).unprocessed(), INVALID);
        stage.world.set(|knobs| knobs.malware_protection_refusal = "not yours");
        assert_eq!(update_members(&stage, &id, body).unprocessed(), "not yours");
        stage.world.set(|knobs| knobs.malware_protection_refusal = INVALID);
        let detector = stage.world.detector(MEMBER, HOME).expect("it is there");
        assert!(detector.feature("EBS_MALWARE_PROTECTION") && detector.feature("S3_DATA_EVENTS"));
    }
    let own = json!({"features": feature});
    stage.administrator().guardduty("POST", &format!("/detector/{id}"), &own).is_empty();
    assert!(!stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").feature("EBS_MALWARE_PROTECTION"));
}

#[test]
fn what_only_a_detector_has_is_not_among_the_plans_of_members() {
    let (stage, id) = member();
    let analyst = json!({"features": [{"name": "AI_ANALYST", "status": "ENABLED"}]});
    update_members(&stage, &id, analyst.clone()).is_bad_request(INVALID);
    stage.administrator().guardduty("POST", &format!("/detector/{id}"), &analyst).is_empty();
    assert!(stage.world.detector(ADMINISTRATOR, HOME).expect("it is there").feature("AI_ANALYST"));

    stage.world.put_detector(SECOND, HOME, true);
    let own = stage.world.detector(SECOND, HOME).expect("it is there").id;
    stage.caller(SECOND).guardduty("POST", &format!("/detector/{own}"), &analyst).is_empty();
    stage.world.put_member(HOME, SECOND, "root@example.com", "Enabled");
    let shown = stage.administrator().members(&id, "detector/get", &[SECOND]).text();
    assert!(shown.contains("S3_DATA_EVENTS") && !shown.contains("AI_ANALYST"), "{shown}");
}

#[test]
fn additional_configuration_is_that_of_its_plan() {
    let (stage, id) = member();
    let asked = |plan: &str, additional: &str| {
        let additional = json!([{"name": additional, "status": "ENABLED"}]);
        json!({"enable": true, "features": [{"name": plan, "status": "ENABLED", "additionalConfiguration": additional}]})
    };
    let own = format!("/detector/{id}");
    for (plan, additional) in [
        ("RUNTIME_MONITORING", "LAMBDA_AGENT_MANAGEMENT"),
        ("S3_DATA_EVENTS", "EC2_AGENT_MANAGEMENT"),
        ("EKS_RUNTIME_MONITORING", "ECS_FARGATE_AGENT_MANAGEMENT"),
        ("NO_SUCH_PLAN", "EC2_AGENT_MANAGEMENT"),
    ] {
        let body = asked(plan, additional);
        update_members(&stage, &id, body.clone()).is_bad_request(INVALID);
        stage.administrator().guardduty("POST", &own, &body).is_bad_request(INVALID);
        stage.caller(SECOND).guardduty("POST", "/detector", &body).is_bad_request(INVALID);
    }
    for additional in ["EC2_AGENT_MANAGEMENT", "ECS_FARGATE_AGENT_MANAGEMENT", "EKS_ADDON_MANAGEMENT"] {
        update_members(&stage, &id, asked("RUNTIME_MONITORING", additional)).is_processed();
        let shown = stage.administrator().members(&id, "detector/get", &[MEMBER]).text();
        assert!(shown.contains(additional), "{shown}");
    }
}

#[test]
fn both_kinds_of_runtime_monitoring_in_one_call_are_refused() {
    const BOTH: &str = "EKS_RUNTIME_MONITORING and RUNTIME_MONITORING cannot be provided in the same request";
    let (stage, id) = member();
    let before = stage.world.features(MEMBER, HOME);
    for word in ["ENABLED", "DISABLED"] {
        let feature = |name: &str| json!({"name": name, "status": word});
        let both = json!({"enable": true,
            "features": [feature("RUNTIME_MONITORING"), feature("EKS_RUNTIME_MONITORING")]});
        update_members(&stage, &id, both.clone()).is_bad_request(BOTH);
        stage.administrator().guardduty("POST", &format!("/detector/{id}"), &both).is_bad_request(BOTH);
        stage.caller(SECOND).guardduty("POST", "/detector", &both).is_bad_request(BOTH);
    }
    assert_eq!(stage.world.features(MEMBER, HOME), before);
    assert!(stage.world.detector(SECOND, HOME).is_none());
    let one = json!({"features": [{"name": "EKS_RUNTIME_MONITORING", "status": "ENABLED"}]});
    update_members(&stage, &id, one).is_processed();
}

#[test]
fn additional_configuration_of_a_plan_that_is_off_is_kept() {
    let (stage, id) = member();
    let additional = json!([{"name": "EC2_AGENT_MANAGEMENT", "status": "ENABLED"}]);
    let body = json!({"features": [
        {"name": "RUNTIME_MONITORING", "status": "DISABLED", "additionalConfiguration": additional}]});
    update_members(&stage, &id, body).is_processed();
    let features = stage.world.features(MEMBER, HOME);
    assert!(!features["RUNTIME_MONITORING"] && features["RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT"]);
}

#[test]
fn plans_are_told_in_one_way_and_in_its_form() {
    const BOTH: &str = "The request failed because both data sources and features were provided. You can provide only one; it is recommended to use features.";
    let (stage, id) = member();
    let features = json!([{"name": "S3_DATA_EVENTS", "status": "DISABLED"}]);
    for (text, body) in [
        (BOTH, json!({"enable": true, "features": features, "dataSources": {"s3Logs": {"enable": true}}})),
        (INVALID, json!({"enable": true, "dataSources": {"s3Logs": {"enable": "yes"}}})),
        (INVALID, json!({"enable": true, "dataSources": {"s3Logs": true}})),
        (INVALID, json!({"enable": true, "dataSources": ["s3Logs"]})),
        (MISSING, json!({"enable": true, "dataSources": {"s3Logs": {}}})),
        (MISSING, json!({"enable": true, "dataSources": {"kubernetes": {}}})),
        (INVALID, json!({"enable": true, "features": {"name": "S3_DATA_EVENTS", "status": "DISABLED"}})),
    ] {
        update_members(&stage, &id, body.clone()).is_bad_request(text);
        stage.administrator().guardduty("POST", &format!("/detector/{id}"), &body).is_bad_request(text);
        stage.caller(SECOND).guardduty("POST", "/detector", &body).is_bad_request(text);
    }
    for nothing in
        [json!({"dataSources": {}}), json!({"dataSources": {"malwareProtection": {}}}), json!({"features": []})]
    {
        update_members(&stage, &id, nothing).is_processed();
    }
}
