//! Data sources: the deprecated names of some protection plans, which the API still accepts and shows.

use serde_json::{Value, json};

use super::plans;
use crate::state::features::Features;
use crate::wire::refusal::Refusal;
use crate::wire::texts;

/// The place of each switch in a request, and its feature (user guide, "feature enablement and data source").
const SWITCHES: [(&[&str], &str); 3] = [
    (&["s3Logs", "enable"], "S3_DATA_EVENTS"),
    (&["kubernetes", "auditLogs", "enable"], "EKS_AUDIT_LOGS"),
    (&["malwareProtection", "scanEc2InstanceWithFindings", "ebsVolumes"], "EBS_MALWARE_PROTECTION"),
];

/// The features that `dataSources` of a request switches on or off.
pub(super) fn wanted(sources: &Value) -> Result<Vec<(&'static str, bool)>, Refusal> {
    let mut wanted = Vec::new();
    for (path, feature) in SWITCHES {
        if let Some(enabled) = switch(sources, path)? {
            wanted.push((feature, enabled));
        }
    }
    Ok(wanted)
}

fn switch(sources: &Value, path: &[&str]) -> Result<Option<bool>, Refusal> {
    let mut found = sources;
    for name in path {
        match found {
            // These two are required if the object around them is given (API model).
            Value::Object(fields) => match fields.get(*name) {
                None | Some(Value::Null) if *name == "enable" || *name == "auditLogs" => {
                    return Err(Refusal::bad_request(texts::MISSING));
                }
                None | Some(Value::Null) => return Ok(None),
                Some(value) => found = value,
            },
            _ => return Err(Refusal::bad_request(texts::INVALID)),
        }
    }
    found.as_bool().map(Some).ok_or_else(|| Refusal::bad_request(texts::INVALID))
}

/// The data sources of an answer.
pub(super) fn shown(features: &Features) -> Value {
    let of = |feature: &str| json!({"status": plans::word(features.enabled(feature))});
    json!({
        "cloudTrail": of("CLOUD_TRAIL"),
        "dnsLogs": of("DNS_LOGS"),
        "flowLogs": of("FLOW_LOGS"),
        "s3Logs": of("S3_DATA_EVENTS"),
        "kubernetes": {"auditLogs": of("EKS_AUDIT_LOGS")},
        "malwareProtection": {"scanEc2InstanceWithFindings": {"ebsVolumes": of("EBS_MALWARE_PROTECTION")}},
    })
}
