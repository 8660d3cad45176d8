//! What strangers, and members that are hostile, can make the function do: no more than it would for any other account.

use serde_json::{Value, json};

use crate::deployed::{self, FUNCTION_ROLE};
use crate::world::*;

const OURS: &str = "o-exampleorgid";
const ANOTHER: &str = "o-anotherorg1";

/// The policies of the function's role where `OrganizationIds` names these organizations.
fn bound_to(organizations: &[&str]) -> Vec<String> {
    let settings = [("MEMBER_ROLE_NAME", "GuardDutyOnboardingMember".to_owned())].into_iter().collect();
    let policies = deployed::stack(&settings).policies("FunctionRole").into_iter();
    let bound = policies.map(|policy| {
        let mut policy: Value = serde_json::from_str(&policy).expect("a policy");
        for statement in policy["Statement"].as_array_mut().expect("statements") {
            if statement["Sid"] == "MemberAccounts" {
                statement["Condition"]["StringEquals"] = json!({"aws:ResourceOrgID": organizations});
            }
        }
        policy.to_string()
    });
    bound.collect()
}

/// Alice is of our organization, Bob of another one, Carol of none. Their roles trust us and want the external id.
async fn onboarded(organizations: &[&str]) -> (World, Told) {
    let world = World::new().with("MEMBER_ROLE_EXTERNAL_ID", "amber-falcon").beyond_the_templates();
    world.deploy();
    world.sim.role(FUNCTION_ROLE, None, &bound_to(organizations));
    world.sim.belongs_to_organization(ALICE, OURS);
    world.sim.belongs_to_organization(BOB, ANOTHER);
    let told = world.onboard(THREE).await;
    (world, told)
}

/// The request to STS carries the external id, as each one does. STS refuses it because of the function's own policy: no
/// session is opened, and no call is made in that account.
#[tokio::test(start_paused = true)]
async fn accounts_outside_the_organizations_named_are_refused_and_never_entered() {
    for (organizations, outside) in [(vec![OURS], vec![BOB, CAROL]), (vec![OURS, ANOTHER], vec![CAROL])] {
        let (world, told) = onboarded(&organizations).await;

        for account in [ALICE, BOB, CAROL] {
            if !outside.contains(&account) {
                assert_eq!(told.ended(account, VIRGINIA), "enabled Enabled");
                continue;
            }
            assert_eq!(told.ended(account, VIRGINIA), "failed -");
            let detail = told.detail(account, VIRGINIA);
            for said in
                ["OrganizationIds", "MEMBER_ROLE_NAME", "no identity-based policy allows the sts:AssumeRole action"]
            {
                assert!(detail.contains(said), "{detail}");
            }
            assert!(!format!("{} {}", told.report, told.csv).contains("amber-falcon"));
            assert_eq!(world.status(VIRGINIA, account), None, "never created, never invited");
            let assume = told.calls.iter().filter(|call| call.accounts == [account] && call.operation == "AssumeRole");
            let refused: Vec<_> = assume.map(|call| (call.code.as_deref(), call.done)).collect();
            assert_eq!(refused, [(Some("AccessDenied"), false)]);
            assert_eq!(told.calls.iter().filter(|call| call.caller == account).count(), 0);
        }
        assert!(told.answer.is_ok(), "trying again would not help");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_organization_is_added_is_onboarded_by_the_next_upload() {
    let (world, told) = onboarded(&[OURS]).await;
    assert_eq!(told.ended(BOB, VIRGINIA), "failed -");

    world.sim.role(FUNCTION_ROLE, None, &bound_to(&[OURS, ANOTHER]));

    assert_eq!(world.onboard(THREE).await.ended(BOB, VIRGINIA), "enabled Enabled");
}
