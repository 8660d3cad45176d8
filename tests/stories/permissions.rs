//! Least privilege: the templates grant what the worlds below use, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use aws_sim::Call;
use serde_json::Value;

use crate::deployed::{self, FUNCTION_ROLE};
use crate::events::sample;
use crate::linked_roles::{GUARDDUTY, MALWARE_PROTECTION, service_linked};
use crate::replaced::deleted_while_it_waits;
use crate::world::*;

const MEMBER_ROLE: &str = "arn:aws:iam::111122223333:role/GuardDutyOnboardingMember";
const READER_ROLE: &str = "arn:aws:iam::999999999999:role/GuardDutyOnboardingReader";

/// Actions of the function's role that the function itself never calls.
const LAMBDAS_OWN: [(&str, &str); 7] = [
    ("logs:CreateLogStream", "Lambda keeps the function's log"),
    ("logs:PutLogEvents", "Lambda keeps the function's log"),
    ("sqs:DeleteMessage", "Lambda polls the queue in the function's name"),
    ("sqs:GetQueueAttributes", "Lambda polls the queue in the function's name"),
    ("sqs:ReceiveMessage", "Lambda polls the queue in the function's name"),
    ("xray:PutTelemetryRecords", "Lambda traces the function"),
    ("xray:PutTraceSegments", "Lambda traces the function"),
];

/// IAM actions, by the role that has or uses them.
pub type Actions = BTreeMap<&'static str, BTreeSet<String>>;

/// A world whose accounts are in an organization that the stack names, or may be in any.
fn world_of(organizations: &str) -> World {
    let world = World::new().with("OrganizationIds", organizations);
    for account in [ALICE, BOB, CAROL] {
        world.sim.belongs_to_organization(account, "o-exampleorgid");
    }
    world
}

/// Worlds that together need every permission. Each is a story that ends well under the templates' roles.
async fn every_world(organizations: &str) -> Vec<Call> {
    let mut calls = Vec::new();

    let world = world_of(organizations).in_regions("all").with("MEMBER_ROLE_EXTERNAL_ID", "amber-falcon");
    let seen = world.onboard(THREE).await;
    seen.all_enabled();
    calls.extend(seen.calls);

    let world = world_of(organizations);
    for account in [ADMINISTRATOR, ALICE] {
        world.sim.put_detector(account, VIRGINIA, false);
    }
    world.sim.put_member(VIRGINIA, BOB, "bob@example.com", "Disabled");
    let seen = world.onboard(THREE).await;
    seen.all_enabled();
    calls.extend(seen.calls);

    let world = world_of(organizations);
    world.sim.email_is(ALICE, "alice@example.com");
    world.onboard(&ALICES_LIST.replace("alice@", "alicia@")).await;
    let seen = world.onboard(ALICES_LIST).await;
    seen.all_enabled();
    calls.extend(seen.calls);

    let world = world_of(organizations);
    world.sim.belongs_to("999999999999", ALICE, VIRGINIA);
    let seen = world.onboard(ALICES_LIST).await;
    assert!(seen.detail(ALICE, VIRGINIA).contains("999999999999"), "{:#}", seen.report);
    calls.extend(seen.calls);

    let world = world_of(organizations);
    world.sim.belongs_to("999999999999", ADMINISTRATOR, VIRGINIA);
    let seen = world.onboard(ALICES_LIST).await;
    assert!(seen.notices().contains("itself a member of administrator 999999999999 in us-east-1"), "{:#}", seen.report);
    assert_eq!(seen.ended(ALICE, VIRGINIA), "failed -");
    calls.extend(seen.calls);

    // It can see that the list is gone.
    calls.extend(deleted_while_it_waits().await.sim.ledger());

    for reader in [None, Some(READER_ROLE)] {
        let mut world = world_of(organizations).with("REPORT_BUCKET", BUCKET);
        if let Some(reader) = reader {
            world.sim.management_account_is("999999999999");
            world = world.with("ORGANIZATION_ROLE_ARN", reader);
        }
        let event = sample("organizations-create-account-result.json");
        let seen = world.deliver(&event, &format!("events/{BOB}")).await;
        seen.all_enabled();
        calls.extend(seen.calls);
    }
    calls
}

/// The role behind a call of the function, by the name that [`Actions`] has for it.
fn role(principal: &str) -> Option<&'static str> {
    match principal.rsplit('/').next() {
        Some("GuardDutyOnboardingFunction") => Some("function"),
        Some("GuardDutyOnboardingMember") => Some("member"),
        Some("GuardDutyOnboardingReader") => Some("reader"),
        _ => None,
    }
}

pub fn used(calls: &[Call]) -> Actions {
    let mut used = Actions::new();
    for call in calls {
        if let Some(role) = role(&call.principal) {
            used.entry(role).or_default().extend(call.actions.iter().cloned());
        }
    }
    used
}

/// The actions that policies allow, wildcards included.
pub fn allowed(policies: &[String]) -> BTreeSet<String> {
    let mut allowed = BTreeSet::new();
    for policy in policies {
        let policy: Value = serde_json::from_str(policy).expect("a policy");
        for statement in policy["Statement"].as_array().expect("statements") {
            assert_eq!(statement["Effect"], "Allow", "{statement}");
            let actions = &statement["Action"];
            let one = actions.as_str().into_iter();
            let many = actions.as_array().into_iter().flatten().filter_map(Value::as_str);
            allowed.extend(one.chain(many).map(ToOwned::to_owned));
        }
    }
    allowed
}

fn settings(settings: &[(&'static str, &str)]) -> BTreeMap<&'static str, String> {
    settings.iter().map(|(name, value)| (*name, (*value).to_owned())).collect()
}

fn granted() -> Actions {
    // With and without a reader role. Without it, another permission is needed.
    let with = settings(&[("REGIONS", "all"), ("ORGANIZATION_ROLE_ARN", READER_ROLE)]);
    let without = settings(&[("REGIONS", "all")]);
    let function =
        [with, without].iter().flat_map(|one| deployed::stack(one).policies("FunctionRole")).collect::<Vec<_>>();
    BTreeMap::from([
        ("function", allowed(&function)),
        ("member", allowed(&deployed::member_role(&settings(&[])).policies("MemberRole"))),
        ("reader", allowed(&deployed::reader_role().policies("ReaderRole"))),
    ])
}

#[tokio::test(start_paused = true)]
async fn every_action_that_a_role_has_is_used_and_every_action_used_is_granted() {
    let mut granted = granted();
    let function = granted.get_mut("function").expect("the function's role");
    for (action, reason) in LAMBDAS_OWN {
        assert!(function.remove(action), "{action} is not granted, although {reason}");
    }

    for organizations in ["", "o-exampleorgid", "o-anotherorg1,o-exampleorgid"] {
        assert_eq!(used(&every_world(organizations).await), granted, "{organizations:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn each_session_policy_allows_what_its_sessions_do_and_nothing_else() {
    let mut used = BTreeMap::<String, BTreeSet<String>>::new();
    let mut by_member = BTreeSet::new();
    for call in every_world("").await {
        let Some(policy) = call.session_policy else { continue };
        used.entry(policy.to_string()).or_default().extend(call.actions.iter().cloned());
        by_member.extend((role(&call.principal) == Some("member")).then(|| policy.to_string()));
    }

    for (policy, used) in &used {
        assert_eq!(allowed(std::slice::from_ref(policy)), *used, "{policy}");
    }
    assert_eq!((used.len(), by_member.len()), (3, 2), "two in members, one in the organization");
    let by_member: Vec<String> = by_member.into_iter().collect();
    assert_eq!(allowed(&by_member), granted()["member"], "between them all that the member role has");
}

/// A world of Virginia alone, in which the roles are made.
async fn made() -> World {
    let world = World::queued().with("ORGANIZATION_ROLE_ARN", READER_ROLE);
    world.onboard(ALICES_LIST).await.all_enabled();
    world
}

#[tokio::test(start_paused = true)]
async fn the_function_reads_nothing_but_lists_and_writes_nothing_but_reports() {
    let world = made().await;
    let may = |action: &str, resource: &str| world.sim.may(FUNCTION_ROLE, action, resource, VIRGINIA);
    let key = |key: &str| format!("arn:aws:s3:::{BUCKET}/{key}");

    for list in ["accounts/team.csv", "accounts/2026/Team.CSV", "plan/team.csv"] {
        assert!(may("s3:GetObject", &key(list)) && may("s3:GetObjectVersion", &key(list)), "{list}");
        assert!(!may("s3:PutObject", &key(list)), "{list}");
    }
    assert!(may("s3:PutObject", &key("reports/accounts/team.json")));
    for elsewhere in ["reports/accounts/team.json", "team.csv", "accounts", "reports"] {
        assert!(!may("s3:GetObject", &key(elsewhere)), "{elsewhere}");
    }
    for elsewhere in ["team.csv", "reports", "other/reports/team.json"] {
        assert!(!may("s3:PutObject", &key(elsewhere)), "{elsewhere}");
    }
    for action in ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:ListBucket"] {
        for name in ["", "/accounts/team.csv", "/reports/team.json"] {
            assert!(!may(action, &format!("arn:aws:s3:::amzn-s3-demo-bucket{name}")), "{action} {name}");
        }
    }
    assert!(!may("s3:ListBucket", &format!("arn:aws:s3:::{BUCKET}")), "only for the key of one list at a time");
}

#[tokio::test(start_paused = true)]
async fn no_role_may_do_more_than_onboarding() {
    let world = made().await;
    let queue = "arn:aws:sqs:us-east-1:123456789012:guardduty-onboarding";
    let detector = |account: &str| format!("arn:aws:guardduty:us-east-1:{account}:detector/1");
    let linked = service_linked(ADMINISTRATOR, GUARDDUTY);
    let (other, others) = ("arn:aws:iam::111122223333:role/Administrator", "arn:aws:sqs:us-east-1:123456789012:other");
    let account = "arn:aws:organizations::999999999999:account/o-exampleorgid/444455556666";
    // Who, what, on what: each denied call follows the allowed one that it differs from.
    let table: [(&str, &str, &str, bool); 31] = [
        (FUNCTION_ROLE, "guardduty:GetMembers", "*", true),
        (FUNCTION_ROLE, "guardduty:DisassociateMembers", "*", false),
        (FUNCTION_ROLE, "guardduty:StopMonitoringMembers", "*", false),
        (FUNCTION_ROLE, "guardduty:ListMembers", "*", false),
        (FUNCTION_ROLE, "guardduty:ListFindings", "*", false),
        (FUNCTION_ROLE, "guardduty:UpdateDetector", &detector(ADMINISTRATOR), true),
        (FUNCTION_ROLE, "guardduty:UpdateDetector", &detector(ALICE), false),
        (FUNCTION_ROLE, "guardduty:DeleteDetector", &detector(ADMINISTRATOR), false),
        (FUNCTION_ROLE, "sts:AssumeRole", MEMBER_ROLE, true),
        (FUNCTION_ROLE, "sts:AssumeRole", READER_ROLE, true),
        (FUNCTION_ROLE, "sts:AssumeRole", other, false),
        // Only for the services that the condition names.
        (FUNCTION_ROLE, "iam:CreateServiceLinkedRole", &linked, false),
        // GetRole has no such condition key, so its statement has no condition.
        (FUNCTION_ROLE, "iam:GetRole", &service_linked(ADMINISTRATOR, MALWARE_PROTECTION), true),
        (FUNCTION_ROLE, "iam:GetRole", &service_linked(ALICE, MALWARE_PROTECTION), false),
        (FUNCTION_ROLE, "iam:GetRole", FUNCTION_ROLE, false),
        (FUNCTION_ROLE, "organizations:DescribeAccount", account, false),
        (FUNCTION_ROLE, "sqs:ChangeMessageVisibility", queue, true),
        (FUNCTION_ROLE, "sqs:ChangeMessageVisibility", others, false),
        (FUNCTION_ROLE, "sqs:SendMessage", queue, false),
        (FUNCTION_ROLE, "account:ListRegions", "arn:aws:account::123456789012:account", false),
        (MEMBER_ROLE, "guardduty:GetDetector", &detector(ALICE), true),
        (MEMBER_ROLE, "guardduty:GetDetector", &detector(BOB), false),
        (MEMBER_ROLE, "guardduty:DeleteDetector", &detector(ALICE), false),
        (MEMBER_ROLE, "guardduty:DisassociateFromAdministratorAccount", "*", false),
        (MEMBER_ROLE, "guardduty:GetFindings", "*", false),
        (MEMBER_ROLE, "iam:GetRole", &service_linked(ALICE, MALWARE_PROTECTION), true),
        (MEMBER_ROLE, "iam:GetRole", other, false),
        (MEMBER_ROLE, "sts:AssumeRole", other, false),
        (MEMBER_ROLE, "s3:GetObject", "arn:aws:s3:::amzn-s3-demo-bucket/anything", false),
        (READER_ROLE, "organizations:DescribeAccount", account, true),
        (READER_ROLE, "organizations:ListAccounts", "*", false),
    ];
    for (role, action, resource, expected) in table {
        assert_eq!(world.sim.may(role, action, resource, VIRGINIA), expected, "{role}: {action} on {resource}");
    }
    assert!(!world.sim.may(FUNCTION_ROLE, "guardduty:GetMembers", "*", IRELAND), "a Region that nobody has chosen");
}

#[tokio::test(start_paused = true)]
async fn the_roles_of_other_accounts_trust_the_functions_role_alone() {
    let other = "arn:aws:iam::123456789012:role/SomebodyElse";
    let world = made().await;
    world.sim.keys_are_of(other);
    let seen = world.onboard("Account ID,Email\n444455556666,bob@example.com\n").await;
    // A role without policies in the simulator may do everything, but the member's role does not trust it.
    let assumed: Vec<_> = seen.calls.iter().filter(|call| call.operation == "AssumeRole").collect();
    assert!(!assumed.is_empty() && assumed.iter().all(|call| call.status == 403), "{assumed:#?}");
    assert_eq!(world.status(VIRGINIA, BOB), None);
    assert!(seen.answer.is_err(), "nor does the bucket take its reports: {:?}", seen.answer);

    let event = sample("organizations-create-account-result.json");
    let seen = world.deliver(&event, &format!("events/{BOB}")).await;
    assert!(seen.answer.is_err(), "nor does the reader role: {:?}", seen.answer);
}

#[tokio::test(start_paused = true)]
async fn a_member_role_with_an_external_id_wants_to_be_shown_it() {
    let world = World::new();
    let role = deployed::member_role(&settings(&[("MEMBER_ROLE_EXTERNAL_ID", "amber-falcon")]));
    // The function's stack does not know it.
    world.onboard(ALICES_LIST).await.all_enabled();
    world.sim.role("arn:aws:iam::*:role/GuardDutyOnboardingMember", Some(&role.trust("MemberRole")), &[]);

    let seen = world.onboard(THREE).await;

    assert_eq!(seen.ended(ALICE, VIRGINIA), "enabled Enabled");
    assert_eq!(seen.ended(BOB, VIRGINIA), "pending -");
}
