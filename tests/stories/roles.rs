//! A role that cannot be assumed, or may not do what is needed: the sentence has the cure for what AWS said.

use aws_sim::{Fault, Kind};

use crate::events::sample;
use crate::queue::Queue;
use crate::world::*;

/// How AWS's texts end if waiting does not help, and the cure.
const DENIALS: [(&str, &str); 7] = [
    ("with an explicit deny in a service control policy", "change that policy of the organization and upload again"),
    ("because no service control policy allows it", "change that policy of the organization and upload again"),
    ("with an explicit deny in an identity-based policy", "change the policy that AWS names and upload again"),
    ("with an explicit deny in a session policy", "change the policy that AWS names and upload again"),
    ("because no session policy allows it", "change the policy that AWS names and upload again"),
    ("because no permissions boundary allows it", "change the policy that AWS names and upload again"),
    ("", "allow it and upload again"),
];
const READER: &str = "arn:aws:iam::999999999999:role/GuardDutyOnboardingReader";

/// STS refuses AssumeRole with this.
fn refused(world: &World, status: u16, code: &str, message: &str) {
    let kind = Kind::Reply { status, code: code.into(), message: message.into() };
    world.sim.fault(Fault { operation: Some("AssumeRole"), ..always(kind) });
}

/// What STS says, with its status and code, and a part of the cure for a member's role and for the organization's.
fn refusals() -> Vec<(u16, &'static str, String, &'static str, &'static str)> {
    let assume = |end: &str| {
        format!(
            "User: arn:aws:sts::123456789012:assumed-role/F/f is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111122223333:role/R{end}"
        )
    };
    let denied = |end: &str, member, organization| (403, "AccessDenied", assume(end), member, organization);
    vec![
        denied(
            "",
            "trust policy or external id; AWS does not say which",
            "create the role that ORGANIZATION_ROLE_ARN names",
        ),
        denied(
            " because no identity-based policy allows the sts:AssumeRole action",
            "no organization that the stack's parameter OrganizationIds names: add its organization there, or remove the account from the list; or MEMBER_ROLE_NAME is not what the stack was deployed with: deploy the stack with it (parameter MemberRoleName)",
            "ORGANIZATION_ROLE_ARN is not what the stack was deployed with: deploy the stack with it (parameter OrganizationRoleArn)",
        ),
        denied(
            " with an explicit deny in a service control policy",
            "exempt the function's role from it, or",
            "exempt the function's role from it",
        ),
        denied(
            " with an explicit deny in a resource control policy",
            "or remove the account from the list",
            "a policy of an organization denies it",
        ),
        denied(
            " with an explicit deny in a permissions boundary",
            "in the policy that AWS names",
            "in the policy that AWS names",
        ),
        (403, "RegionDisabledException", "STS is not activated in this region.".into(), "activate STS", "activate STS"),
        (
            400,
            "MalformedPolicyDocument",
            "Syntax errors in policy.".into(),
            "deploy a newer version",
            "deploy a newer version",
        ),
        (400, "PackedPolicyTooLarge", "Packed size: 101%.".into(), "fewer session tags", "fewer session tags"),
        (
            400,
            "ValidationError",
            "1 validation error detected.".into(),
            "correct MEMBER_ROLE_NAME",
            "correct ORGANIZATION_ROLE_ARN",
        ),
        (403, "SomethingNew", "The moon is full.".into(), "does not know the reason", "does not know the reason"),
    ]
}

#[tokio::test(start_paused = true)]
async fn each_refusal_of_a_members_role_is_pending_with_its_own_cure() {
    let own_policy = |message: &str| message.contains("identity-based policy");
    for (status, code, message, cure, _) in refusals().into_iter().filter(|(_, _, message, ..)| !own_policy(message)) {
        let world = World::new();
        refused(&world, status, code, &message);

        let seen = world.onboard(ALICES_LIST).await;

        assert_eq!(seen.ended(ALICE, VIRGINIA), "pending -", "{message}");
        let detail = seen.detail(ALICE, VIRGINIA);
        assert!(detail.contains("the role in account 111122223333 cannot be assumed (AWS says: "), "{detail}");
        assert!(detail.contains(&message) && detail.contains(cure), "{detail}");
        assert!(detail.ends_with("it will be retried"), "{detail}");
        assert_eq!(seen.writes(), ["CreateDetector"], "nothing but the administrator's own detector");
    }
}

#[tokio::test(start_paused = true)]
async fn a_members_role_that_our_own_policy_does_not_let_us_assume_fails_with_both_cures() {
    for (status, code, message, cure, _) in refusals() {
        if !message.contains("identity-based policy") {
            continue;
        }
        let world = World::new();
        refused(&world, status, code, &message);

        let seen = world.onboard(ALICES_LIST).await;

        assert_eq!(seen.ended(ALICE, VIRGINIA), "failed -", "{message}");
        let detail = seen.detail(ALICE, VIRGINIA);
        assert!(detail.contains(&message) && detail.contains(cure), "{detail}");
        assert!(detail.ends_with("then upload again"), "{detail}");
        assert!(seen.answer.is_ok(), "nothing is redelivered");
        assert_eq!(seen.writes(), ["CreateDetector"], "nothing but the administrator's own detector");
    }
}

#[tokio::test(start_paused = true)]
async fn each_refusal_of_the_organizations_role_fails_the_delivery_with_its_own_cure() {
    for (status, code, message, _, cure) in refusals() {
        let world = World::new().with("REPORT_BUCKET", BUCKET).with("ORGANIZATION_ROLE_ARN", READER);
        refused(&world, status, code, &message);

        let error = world.invoke(&sample("organizations-create-account-result.json")).await;

        let error = error.expect_err("not described").to_string();
        assert!(error.contains("the role of ORGANIZATION_ROLE_ARN cannot be assumed"), "{error}");
        assert!(error.contains(&message) && error.contains(cure), "{error}");
        assert!(error.ends_with("nothing was touched"), "{error}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_name_that_the_stack_was_not_deployed_with_is_named_and_deploying_it_helps() {
    let world = World::queued();
    world.onboard(ALICES_LIST).await.all_enabled();
    // From here on the settings name a role that the deployed function may not assume.
    let world = world.with("MEMBER_ROLE_NAME", "Renamed");
    let queue = Queue::new(&world, 30).await;
    queue.upload("accounts/team.csv", THREE).await;

    assert_eq!(queue.poll().await, [(1, false)]);
    let report = world.report("accounts/team");
    let detail = |index: usize| report["memberships"][index]["detail"].as_str().unwrap_or_default();
    assert_eq!(report["memberships"][0]["outcome"], "enabled");
    assert_eq!(report["memberships"][1]["outcome"], "failed");
    assert!(detail(1).contains("MEMBER_ROLE_NAME is not what the stack was deployed with"), "{}", detail(1));

    world.deploy();
    queue.upload("accounts/team.csv", THREE).await;
    assert_eq!(queue.poll().await, [(1, false)]);
    assert_eq!(world.report("accounts/team")["summary"]["enabled"], 3);
}

#[tokio::test(start_paused = true)]
async fn an_action_denied_to_the_assumed_role_fails_and_is_quoted() {
    for action in ["guardduty:CreateDetector", "guardduty:ListInvitations", "guardduty:AcceptAdministratorInvitation"] {
        for (denial, cure) in DENIALS {
            let world = World::new();
            world.sim.deny(ALICE, action, denial);
            let seen = world.onboard(THREE).await;
            let ended = seen.ended(ALICE, VIRGINIA);
            assert!(ended == "failed -" || ended == "failed Invited", "{action} {denial}: {ended}");
            seen.only_alice(&ended, format!("perform: {action} on resource: * {denial}").trim_end());
            seen.only_alice(&ended, cure);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_role_that_may_not_make_the_service_linked_role_fails_and_is_quoted() {
    let world = World::new();
    world.sim.service_linked_role_missing_permission(ALICE);

    world.onboard(THREE).await.only_alice("failed -", "iam:CreateServiceLinkedRole");
}
