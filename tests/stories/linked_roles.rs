//! GuardDuty's own roles: CreateDetector creates and reads them with the caller's permissions.

use crate::world::*;

pub const GUARDDUTY: &str = "guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty";
pub const MALWARE_PROTECTION: &str =
    "malware-protection.guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDutyMalwareProtection";

/// A role that AWS creates for itself.
pub fn service_linked(account: &str, name: &str) -> String {
    format!("arn:aws:iam::{account}:role/aws-service-role/{name}")
}

#[tokio::test(start_paused = true)]
async fn a_session_looks_at_no_role_but_malware_protections() {
    let world = World::new();
    world.onboard(ALICES_LIST).await.all_enabled();
    let policies: Vec<String> = world.sim.session_policies().into_iter().collect();
    // A role that has the session's policy may do what a session of a powerful role may.
    let session = "arn:aws:iam::111122223333:role/Session";
    world.sim.role(session, None, &policies);

    let may = |resource: &str| world.sim.may(session, "iam:GetRole", resource, VIRGINIA);

    assert!(may(&service_linked(ALICE, MALWARE_PROTECTION)));
    let china = service_linked(ALICE, MALWARE_PROTECTION).replace("arn:aws:", "arn:aws-cn:");
    assert!(may(&china), "the same policy serves every partition");
    assert!(!may("arn:aws:iam::111122223333:role/Administrator"));
    assert!(!may(&service_linked(ALICE, GUARDDUTY)));
}

#[tokio::test(start_paused = true)]
async fn a_role_that_may_not_read_malware_protections_role_creates_no_detector_and_its_sentence_says_why() {
    let denied = "with an explicit deny in a service control policy";
    let world = World::new();
    world.sim.deny(ALICE, "iam:GetRole", denied);
    let seen = world.onboard(THREE).await;
    let role = service_linked(ALICE, MALWARE_PROTECTION);
    seen.only_alice("failed -", &format!("iam:GetRole on resource: {role} {denied}"));

    let world = World::new();
    world.sim.deny(ADMINISTRATOR, "iam:GetRole", denied);
    let seen = world.onboard(ALICES_LIST).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "failed -");
    assert!(seen.notices().contains("iam:GetRole"), "{:#}", seen.report);
}
