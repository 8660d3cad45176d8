//! What strangers and hostile members can make the function do: no more than it does for any other account.

use aws_sim::{Fault, Kind};
use serde_json::json;

use crate::deployed::{self, FUNCTION_ROLE};
use crate::world::*;

const OURS: &str = "o-exampleorgid";
const ANOTHER: &str = "o-anotherorg1";

/// The policies of the function's role if `OrganizationIds` names these organizations.
fn bound_to(organizations: &[&str]) -> Vec<String> {
    let settings = [("MEMBER_ROLE_NAME", "GuardDutyOnboardingMember".to_owned())].into_iter().collect();
    deployed::stack(&settings).with("OrganizationIds", &organizations.join(",")).policies("FunctionRole")
}

/// Alice is of our organization, Bob of another one, Carol of none. Their roles trust us and want the external id.
async fn onboarded(organizations: &[&str]) -> (World, Seen) {
    let world = World::new().with("MEMBER_ROLE_EXTERNAL_ID", "amber-falcon").without_iam();
    world.deploy();
    world.sim.role(FUNCTION_ROLE, None, &bound_to(organizations));
    world.sim.belongs_to_organization(ALICE, OURS);
    world.sim.belongs_to_organization(BOB, ANOTHER);
    let seen = world.onboard(THREE).await;
    (world, seen)
}

/// The request to STS carries the external id, like every one. STS refuses it because of the function's own policy. So
/// no session is opened, and no call is made in that account.
#[tokio::test(start_paused = true)]
async fn accounts_outside_the_organizations_named_are_refused_and_never_entered() {
    for (organizations, outside) in [(vec![OURS], vec![BOB, CAROL]), (vec![OURS, ANOTHER], vec![CAROL])] {
        let (world, seen) = onboarded(&organizations).await;

        for account in [ALICE, BOB, CAROL] {
            if !outside.contains(&account) {
                assert_eq!(seen.ended(account, VIRGINIA), "enabled Enabled");
                continue;
            }
            assert_eq!(seen.ended(account, VIRGINIA), "failed -");
            let detail = seen.detail(account, VIRGINIA);
            for said in
                ["OrganizationIds", "MEMBER_ROLE_NAME", "no identity-based policy allows the sts:AssumeRole action"]
            {
                assert!(detail.contains(said), "{detail}");
            }
            assert!(!format!("{} {}", seen.report, seen.csv).contains("amber-falcon"));
            assert_eq!(world.status(VIRGINIA, account), None, "never created, never invited");
            let assume = seen.calls.iter().filter(|call| call.accounts == [account] && call.operation == "AssumeRole");
            let refused: Vec<_> = assume.map(|call| (call.code.as_deref(), call.done)).collect();
            assert_eq!(refused, [(Some("AccessDenied"), false)]);
            assert_eq!(seen.calls.iter().filter(|call| call.caller == account).count(), 0);
        }
        assert!(seen.answer.is_ok(), "trying again would not help");
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_whose_organization_is_added_is_onboarded_by_the_next_upload() {
    let (world, seen) = onboarded(&[OURS]).await;
    assert_eq!(seen.ended(BOB, VIRGINIA), "failed -");

    world.sim.role(FUNCTION_ROLE, None, &bound_to(&[OURS, ANOTHER]));

    assert_eq!(world.onboard(THREE).await.ended(BOB, VIRGINIA), "enabled Enabled");
}

#[tokio::test(start_paused = true)]
async fn our_invitation_behind_more_than_a_thousand_of_strangers_is_not_looked_for_without_end() {
    // Behind ours, which GuardDuty lists first, and before it.
    for (strangers, ended) in [(900_000_000_000_u64, "enabled Enabled"), (100_000_000_000, "failed Invited")] {
        let world = World::new();
        (1..=1_200).for_each(|number| world.sim.invite_from(&format!("{}", strangers + number), ALICE, VIRGINIA));

        let seen = world.onboard(THREE).await;

        assert_eq!(seen.ended(ALICE, VIRGINIA), ended);
        let asked = seen.calls.iter().filter(|call| call.caller == ALICE && call.operation == "ListInvitations");
        assert_eq!(asked.count(), 20, "pages of 50");
        let notices = seen.notices();
        assert!(notices.contains("also has invitations from") && notices.contains(" others in us-east-1"), "{notices}");
        assert!(notices.len() < 500, "{notices}");
        if ended.starts_with("failed") {
            assert!(seen.detail(ALICE, VIRGINIA).contains("more invitations in us-east-1 than the function reads"));
            assert!(seen.answer.is_ok(), "it is not tried again");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_of_invitations_that_never_ends_ends() {
    let world = World::new();
    let page = json!({"invitations": [], "nextToken": "x"});
    let fault = Fault { operation: Some("ListInvitations"), account: Some(ALICE.into()), ..always(Kind::Answer(page)) };
    world.sim.fault(fault);

    let seen = world.onboard(THREE).await;

    seen.only_alice("failed Invited", "more invitations in us-east-1 than the function reads");
    assert_eq!(seen.calls_to("ListInvitations"), 20 + 2);
}

#[tokio::test(start_paused = true)]
async fn nothing_that_is_answered_in_a_member_account_makes_us_loop_or_grow_or_stops_the_others() {
    let long = "x".repeat(100_000);
    let invitation = |id: &str, inviter: &str| json!({"accountId": inviter, "invitationId": id, "invitedAt": long});
    let odd = "../../detector/x?y=%2F#\u{7}\u{202e}\n";
    for (operation, answer) in [
        ("CreateDetector", json!({})),
        ("CreateDetector", json!({"detectorId": ""})),
        ("CreateDetector", json!({"detectorId": odd})),
        ("CreateDetector", json!({"detectorId": long})),
        ("ListDetectors", json!({"detectorIds": []})),
        ("ListDetectors", json!({"detectorIds": [], "nextToken": "x"})),
        ("ListDetectors", json!({"detectorIds": [""]})),
        ("ListDetectors", json!({"detectorIds": [odd]})),
        ("ListDetectors", json!({"detectorIds": [long]})),
        ("GetAdministratorAccount", json!({"administrator": {"accountId": "=cmd|' /C calc'!A0"}})),
        ("GetAdministratorAccount", json!({"administrator": {"accountId": long, "relationshipStatus": long}})),
        ("GetAdministratorAccount", json!({"administrator": {"accountId": "mallory@example.com"}})),
        ("ListInvitations", json!({"invitations": [invitation("", ADMINISTRATOR)]})),
        ("ListInvitations", json!({"invitations": [invitation(&long, ADMINISTRATOR)]})),
        ("ListInvitations", json!({"invitations": [invitation("x", "nobody"), invitation(odd, ADMINISTRATOR)]})),
        ("ListInvitations", json!({"invitations": [], "nextToken": long})),
        ("AcceptAdministratorInvitation", json!({"anything": long})),
    ] {
        let world = World::new().with("SETTLE_SECONDS", "10");
        if !matches!(operation, "CreateDetector" | "ListInvitations" | "AcceptAdministratorInvitation") {
            world.sim.put_detector(ALICE, VIRGINIA, true);
        }
        let said = format!("{operation} {}", answer.to_string().chars().take(60).collect::<String>());
        let kind = Kind::Answer(answer);
        world.sim.fault(Fault { operation: Some(operation), account: Some(ALICE.into()), ..always(kind) });

        let seen = world.onboard(THREE).await;

        for healthy in [BOB, CAROL] {
            assert_eq!(seen.ended(healthy, VIRGINIA), "enabled Enabled", "{said}");
        }
        assert!(!seen.ended(ALICE, VIRGINIA).starts_with("enabled"), "{said}");
        let detail = seen.detail(ALICE, VIRGINIA);
        assert!((20..1_500).contains(&detail.len()) && !detail.contains('@'), "{said}: {detail}");
        let by_alice = seen.calls.iter().filter(|call| call.caller == ALICE).count();
        assert!(by_alice < 40, "{said}: {by_alice} calls");
        assert!(seen.took.as_secs() < 60, "{said}: {:?}", seen.took);
    }
}
