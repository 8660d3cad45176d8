//! What may be declared of protection plans, and how a detector is compared with it.

use super::{Plan, Plans};

fn plans(text: &str) -> Plans {
    Plans::parse(text).expect("plans")
}

fn shown(name: &str, on: bool, configuration: &[(&str, bool)]) -> Plan {
    let configuration = configuration.iter().map(|(part, on)| ((*part).to_owned(), *on)).collect();
    Plan { name: name.into(), on, configuration }
}

#[test]
fn every_mistake_is_named_with_its_cure() {
    for (text, mistake) in [
        ("S3_DATA_EVENTS", "has \"S3_DATA_EVENTS\", expected NAME=ENABLED or NAME=DISABLED"),
        ("S3_DATA_EVENTS=on", "has \"S3_DATA_EVENTS=on\""),
        ("s3_data_events=ENABLED", "has \"s3_data_events=ENABLED\""),
        ("A/B/C=ENABLED", "has \"A/B/C=ENABLED\""),
        ("A=ENABLED,A=DISABLED", "names A twice; keep one"),
        ("A=ENABLED,A/B=ENABLED,A/B=ENABLED", "names A/B twice; keep one"),
        ("A/B=ENABLED", "names A/B but not A; name that, too"),
        ("A=DISABLED,A/B=ENABLED", "has A/B=ENABLED under A=DISABLED; enable both or neither"),
        ("EKS_RUNTIME_MONITORING=ENABLED", "which RUNTIME_MONITORING supersedes; name that instead"),
        ("AI_ANALYST=ENABLED", "which members do not have; remove it"),
        ("FLOW_LOGS=ENABLED", "which is always on and cannot be set; remove it"),
        ("DNS_LOGS=DISABLED", "which is always on and cannot be set; remove it"),
        ("CLOUD_TRAIL=DISABLED", "which is always on and cannot be set; remove it"),
        (",", "expected at least one"),
    ] {
        let said = Plans::parse(text).expect_err(text);
        assert!(said.contains(mistake), "{text}: {said}");
    }
    let both = Plans::parse("x,AI_ANALYST=ENABLED").expect_err("two mistakes");
    assert!(both.contains("has \"x\"") && both.contains("AI_ANALYST"), "{both}");
    let many: Vec<String> = (0..33).map(|number| format!("P{number}=ENABLED")).collect();
    assert!(Plans::parse(&many.join(",")).expect_err("many").contains("more than 32 entries"));
    assert!(Plans::parse(&many[..32].join(",")).is_ok());
}

#[test]
fn plans_that_are_newer_than_this_program_are_passed_through() {
    let plans = plans(" NEW_PLAN_2=ENABLED , NEW_PLAN_2/ITS_PART=DISABLED,");
    assert_eq!(
        plans.names(plans.without(plans.missing(&[shown("NEW_PLAN_2", true, &[])]))),
        "NEW_PLAN_2 and NEW_PLAN_2/ITS_PART"
    );
}

#[test]
fn only_what_differs_is_set_and_a_part_goes_with_its_plan() {
    let plans = plans("S3=ENABLED,RUNTIME=ENABLED,RUNTIME/EC2=ENABLED,RUNTIME/ECS=DISABLED,RDS=DISABLED");
    let detector =
        [shown("S3", true, &[]), shown("RUNTIME", true, &[("EC2", false), ("ECS", false)]), shown("RDS", true, &[])];
    let differences = plans.differences(&detector);
    let expected = [shown("RUNTIME", true, &[("EC2", true)]), shown("RDS", false, &[])];
    assert_eq!(plans.to_set(differences), expected);
    assert_eq!(plans.as_they_are(differences, "still "), "RUNTIME/EC2 is still DISABLED and RDS is still ENABLED");
    assert!(plans.missing(&detector).is_empty());
    assert!(plans.differences(&plans.to_set(plans.without(plans.missing(&detector)))).is_empty());
}

#[test]
fn what_a_detector_does_not_show_is_off_and_what_no_region_has_is_missing() {
    let plans = plans("S3=ENABLED,RDS=DISABLED,EBS_MALWARE_PROTECTION=ENABLED");
    let nothing = plans.differences(&[]);
    assert_eq!(plans.names(nothing), "S3 and EBS_MALWARE_PROTECTION");
    assert_eq!(plans.names(nothing.without(plans.only_before_joining())), "S3");
    assert_eq!(plans.names(plans.missing(&[shown("S3", false, &[])])), "RDS and EBS_MALWARE_PROTECTION");
    assert!(plans.enable_malware_protection());
    let plans = super::Plans::parse("RUNTIME=ENABLED,RUNTIME/NEW=ENABLED").expect("plans");
    assert_eq!(plans.names(plans.missing(&[shown("RUNTIME", true, &[("EC2", true)])])), "RUNTIME/NEW");
}
