//! Whole texts, as an operator reads them: the report of a mixed list, as CSV and as JSON.

use expect_test::expect;

use crate::world::*;

/// A row for each state that a membership can be in, and some that are no rows.
const MIXED: &str = include_str!("mixed.csv");

fn mixed_world() -> World {
    let world = World::new().with("SETTLE_SECONDS", "5");
    world.sim.put_detector(ADMINISTRATOR, VIRGINIA, true);
    for (account, email, status) in [
        ("000000000002", "created@example.com", "Created"),
        ("000000000003", "invited@example.com", "Invited"),
        ("000000000004", "enabled@example.com", "Enabled"),
        ("000000000005", "disabled@example.com", "Disabled"),
        ("000000000006", "removed@example.com", "Removed"),
        ("000000000007", "resigned@example.com", "Resigned"),
        ("000000000008", "mistyped@example.com", "EmailVerificationFailed"),
        ("000000000009", "wrong@example.com", "EmailVerificationFailed"),
        ("000000000010", "suspended@example.com", "AccountSuspended"),
    ] {
        world.sim.put_member(VIRGINIA, account, email, status);
    }
    world.sim.role_missing("000000000011");
    world.sim.belongs_to("999999999999", "000000000012", VIRGINIA);
    world
}

#[tokio::test(start_paused = true)]
async fn a_report_as_csv_is_a_list_again_with_what_to_do() {
    let seen = mixed_world().onboard(MIXED).await;

    expect![[r#"
        Account ID,Email,Line,Outcome,Regions,Detail
        000000000001,new@example.com,2,enabled,us-east-1,
        000000000002,created@example.com,3,enabled,us-east-1,
        000000000003,invited@example.com,4,enabled,us-east-1,
        000000000004,enabled@example.com,5,enabled,us-east-1,
        000000000005,disabled@example.com,6,enabled,us-east-1,
        000000000006,removed@example.com,7,enabled,us-east-1,
        000000000007,resigned@example.com,8,enabled,us-east-1,
        000000000008,right@example.com,9,enabled,us-east-1,
        000000000009,wrong@example.com,10,failed,us-east-1,"the e-mail on line 10 is not the root user's of 000000000009; correct column Email and upload again; if it is right, delete the member in GuardDuty and upload again"
        000000000010,suspended@example.com,11,failed,us-east-1,"AWS suspended account 000000000010; remove it from the list, or have AWS reactivate it and upload again"
        000000000011,role@example.com,12,pending,us-east-1,"the role in account 000000000011 cannot be assumed (AWS says: User: arn:aws:sts::123456789012:assumed-role/GuardDutyOnboardingFunction/session is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000011:role/GuardDutyOnboardingMember): create it, or correct its trust policy or external id; AWS does not say which of them is wrong; a new account's role may appear later by itself, so it will be retried"
        000000000012,other@example.com,13,failed,us-east-1,"account 000000000012 is a member of another administrator, 999999999999, in us-east-1; it must leave that administrator first, then upload again"
        12345678901,short@example.com,14,rejected,,"account id ""12345678901"" has 11 digits, expected 12 (a spreadsheet may have dropped a leading zero)"
        000000000001,new@example.com,15,rejected,,same as line 2
    "#]].assert_eq(&seen.csv);
}

#[tokio::test(start_paused = true)]
async fn a_report_as_json_has_a_row_for_each_membership() {
    let world = mixed_world();
    world.onboard(MIXED).await;

    let json = world.sim.object(BUCKET, "reports/accounts/team.json").expect("a report");
    expect![[r#"
        {
          "version": "0.1.0",
          "source": {
            "bucket": "guardduty-onboarding-123456789012-us-east-1",
            "key": "accounts/team.csv",
            "versionId": "2098eb73d4367d7703d6845323ce3c71"
          },
          "administrator": "123456789012",
          "regions": [
            "us-east-1"
          ],
          "dryRun": false,
          "declared": "monitored",
          "startedAt": "2026-01-01T12:00:00Z",
          "finishedAt": "2026-01-01T12:00:00Z",
          "notices": [],
          "summary": {
            "accounts": 12,
            "memberships": 12,
            "enabled": 8,
            "suspended": 0,
            "removed": 0,
            "pending": 1,
            "failed": 3,
            "skipped": 0,
            "rejectedRows": 2,
            "complete": false
          },
          "memberships": [
            {"accountId":"000000000001","region":"us-east-1","outcome":"enabled","status":"Enabled","detail":null},
            {"accountId":"000000000002","region":"us-east-1","outcome":"enabled","status":"Enabled","detail":null},
            {"accountId":"000000000003","region":"us-east-1","outcome":"enabled","status":"Enabled","detail":null},
            {"accountId":"000000000004","region":"us-east-1","outcome":"enabled","status":"Enabled","detail":null},
            {"accountId":"000000000005","region":"us-east-1","outcome":"enabled","status":"Enabled","detail":null},
            {"accountId":"000000000006","region":"us-east-1","outcome":"enabled","status":"Enabled","detail":null},
            {"accountId":"000000000007","region":"us-east-1","outcome":"enabled","status":"Enabled","detail":null},
            {"accountId":"000000000008","region":"us-east-1","outcome":"enabled","status":"Enabled","detail":null},
            {"accountId":"000000000009","region":"us-east-1","outcome":"failed","status":"EmailVerificationFailed","detail":"the e-mail on line 10 is not the root user's of 000000000009; correct column Email and upload again; if it is right, delete the member in GuardDuty and upload again"},
            {"accountId":"000000000010","region":"us-east-1","outcome":"failed","status":"AccountSuspended","detail":"AWS suspended account 000000000010; remove it from the list, or have AWS reactivate it and upload again"},
            {"accountId":"000000000011","region":"us-east-1","outcome":"pending","status":null,"detail":"the role in account 000000000011 cannot be assumed (AWS says: User: arn:aws:sts::123456789012:assumed-role/GuardDutyOnboardingFunction/session is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::000000000011:role/GuardDutyOnboardingMember): create it, or correct its trust policy or external id; AWS does not say which of them is wrong; a new account's role may appear later by itself, so it will be retried"},
            {"accountId":"000000000012","region":"us-east-1","outcome":"failed","status":null,"detail":"account 000000000012 is a member of another administrator, 999999999999, in us-east-1; it must leave that administrator first, then upload again"}
          ],
          "rejectedRows": [
            {"line":14,"reason":"account id \"12345678901\" has 11 digits, expected 12 (a spreadsheet may have dropped a leading zero)"},
            {"line":15,"reason":"same as line 2"}
          ]
        }
    "#]].assert_eq(&String::from_utf8_lossy(&json));
}
