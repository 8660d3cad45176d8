//! Whole results, as a person reads them.

#![expect(clippy::needless_raw_string_hashes, reason = "UPDATE_EXPECT=1 writes them")]

use aws_sim::World;
use expect_test::expect;
use guardduty_onboarding::declared::Mode;
use guardduty_onboarding::fleet::List;
use guardduty_onboarding::roster;

use super::*;
use crate::engine::Engine;
use crate::sandbox::{REGION, TERMINAL, sandbox};

/// A row for each state that a membership can be in, and some that are no rows.
const MIXED: &str = include_str!("../../../tests/stories/mixed.csv");

fn mixed(world: &World) {
    world.put_detector(aws_sim::ADMINISTRATOR, REGION, true);
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
        world.put_member(REGION, account, email, status);
    }
    world.role_missing("000000000011");
    world.belongs_to("999999999999", "000000000012", REGION);
}

async fn run(engine: &Engine<'_>, list: &str, mode: Mode) -> Run {
    let roster = roster::read(list.as_bytes(), &engine.rules(Goal::Monitored));
    let source = Source::Request { request: "team.csv".into() };
    match mode {
        Mode::Plan => engine.plan(&source, Goal::Monitored, roster).await,
        Mode::Apply => engine.apply(&source, Goal::Monitored, roster).await,
    }
}

#[tokio::test(start_paused = true)]
async fn a_plan_says_each_step_once() {
    let plan = run(&sandbox(REGION, mixed).await, MIXED, Mode::Plan).await;
    expect![[r#"
        team.csv: 12 accounts in 1 Region
               1 enabled
               9 planned
               2 failed
               2 rows rejected

        Step     Accounts      Regions    Why
        create   000000000001  us-east-1  new
                 000000000011
                 000000000012
        invite   000000000002  us-east-1  created, not yet invited
        accept   000000000003  us-east-1  invited on 2026-01-01
        resume   000000000005  us-east-1  a member, not monitored
        invite   000000000006  us-east-1  removed
        invite   000000000007  us-east-1  resigned
        replace  000000000008  us-east-1  its e-mail failed verification and the list has another
        failed   000000000009  us-east-1  the e-mail on line 10 is not the root user's of 000000000009; correct column Email
                                          and apply again; if it is right, delete the member in GuardDuty and apply again
        failed   000000000010  us-east-1  AWS suspended account 000000000010; remove it from the list, or have AWS reactivate
                                          it and apply again

        Line  Why the row is rejected
        14    account id "12345678901" has 11 digits, expected 12 (a spreadsheet may have dropped a leading zero)
        15    same as line 2
    "#]].assert_eq(&super::plan(&plan, &TERMINAL));
}

#[tokio::test(start_paused = true)]
async fn a_report_counts_and_then_says_what_to_do() {
    let report = run(&sandbox(REGION, mixed).await, MIXED, Mode::Apply).await;
    expect![[r#"
        team.csv: 12 accounts in 1 Region
               8 enabled
               1 pending
               3 failed
               2 rows rejected

        Outcome  Accounts      Regions    What to do
        failed   000000000009  us-east-1  the e-mail on line 10 is not the root user's of 000000000009; correct column Email
                                          and apply again; if it is right, delete the member in GuardDuty and apply again
        failed   000000000010  us-east-1  AWS suspended account 000000000010; remove it from the list, or have AWS reactivate
                                          it and apply again
        failed   000000000012  us-east-1  account 000000000012 is a member of another administrator, 999999999999, in
                                          us-east-1; it must leave that administrator first, then apply again
        pending  000000000011  us-east-1  the role in account 000000000011 cannot be assumed (AWS says: User:
                                          arn:aws:iam::123456789012:user/simulator is not authorized to perform:
                                          sts:AssumeRole on resource: arn:aws:iam::000000000011:role/GuardDutyOnboarding):
                                          create it, or correct its trust policy or external id; AWS does not say which of
                                          them is wrong; apply the list again

        Line  Why the row is rejected
        14    account id "12345678901" has 11 digits, expected 12 (a spreadsheet may have dropped a leading zero)
        15    same as line 2
    "#]].assert_eq(&super::report(&report, &TERMINAL));
}

#[tokio::test(start_paused = true)]
async fn many_accounts_and_regions_are_named_in_part_and_counted() {
    let rows: Vec<String> = (1..=60).map(|number| format!("{number:012},a{number}@example.com")).collect();
    let engine = sandbox("us-east-1,us-east-2,us-west-2,eu-west-1,eu-west-2", mixed).await;
    let plan = run(&engine, &rows.join("\n"), Mode::Plan).await;
    expect![[r#"
        team.csv: 60 accounts in 5 Regions
               1 enabled
             298 planned
               1 failed

        Step     Accounts      Regions    Why
        create   51 accounts   all 5      new
                 000000000001
                 000000000011
                 000000000012
                 …
        invite   000000000002  us-east-1  created, not yet invited
        create   9 accounts    4 Regions  new
                 000000000002  eu-west-1
                 000000000003  eu-west-2
                 000000000004  us-east-2
                 …             …
        accept   000000000003  us-east-1  invited on 2026-01-01
        resume   000000000005  us-east-1  a member, not monitored
        invite   000000000006  us-east-1  removed
        invite   000000000007  us-east-1  resigned
        replace  000000000008  us-east-1  its e-mail failed verification and the list has another
                 000000000009
        failed   000000000010  us-east-1  AWS suspended account 000000000010; remove it from the list, or have AWS reactivate
                                          it and apply again

        notice: GuardDuty is off in the administrator account in eu-west-1; it would be switched on
        notice: GuardDuty is off in the administrator account in eu-west-2; it would be switched on
        notice: GuardDuty is off in the administrator account in us-east-2; it would be switched on
        notice: GuardDuty is off in the administrator account in us-west-2; it would be switched on
    "#]].assert_eq(&super::plan(&plan, &TERMINAL));
}

#[tokio::test(start_paused = true)]
async fn a_list_that_is_refused_says_why_and_nothing_else() {
    let plan = run(&sandbox(REGION, mixed).await, "<!DOCTYPE html><p>no list</p>", Mode::Plan).await;
    expect![[r#"
        team.csv: 0 accounts in 1 Region
               0 enabled
               0 planned

        notice: the list is HTML or XML, not CSV; open it in a spreadsheet and save it as "CSV UTF-8"
    "#]]
    .assert_eq(&super::plan(&plan, &TERMINAL));
}

#[tokio::test(start_paused = true)]
async fn the_status_counts_members_by_region_and_says_what_drifted_from_a_list() {
    let engine = sandbox("us-east-1,eu-west-1", mixed).await;
    expect![[r#"
         Region     Members  Monitored  Others
         eu-west-1  0        0
         us-east-1  9        1          1 AccountSuspended, 1 Created, 1 Disabled, 2 EmailVerificationFailed, 1 Invited, 1
                                        Removed, 1 Resigned
    "#]].assert_eq(&super::status(&engine.compare(&[]).await, &TERMINAL));
    let roster = roster::read(MIXED.as_bytes(), &engine.rules(Goal::Monitored));
    let list = List { key: "team.csv".into(), version_id: None, goal: Goal::Monitored, roster };
    expect![[r#"
        team.csv: 12 accounts in 2 Regions
               1 enabled
              21 planned
               2 failed
               2 rows rejected

        Region     Members  Monitored  Others
        eu-west-1  0        0
        us-east-1  9        1          1 AccountSuspended, 1 Created, 1 Disabled, 2 EmailVerificationFailed, 1 Invited, 1
                                       Removed, 1 Resigned

        Step     Accounts      Regions    Why
        create   000000000001  eu-west-1  new
                 000000000011  us-east-1
                 000000000012
        invite   000000000002  us-east-1  created, not yet invited
        create   9 accounts    eu-west-1  new
                 000000000002
                 000000000003
                 000000000004
                 …
        accept   000000000003  us-east-1  invited on 2026-01-01
        resume   000000000005  us-east-1  a member, not monitored
        invite   000000000006  us-east-1  removed
        invite   000000000007  us-east-1  resigned
        replace  000000000008  us-east-1  its e-mail failed verification and the list has another
        failed   000000000009  us-east-1  the e-mail on line 10 is not the root user's of 000000000009; correct column Email
                                          and apply again; if it is right, delete the member in GuardDuty and apply again
        failed   000000000010  us-east-1  AWS suspended account 000000000010; remove it from the list, or have AWS reactivate
                                          it and apply again

        Line  Why the row is rejected
        14    account id "12345678901" has 11 digits, expected 12 (a spreadsheet may have dropped a leading zero)
        15    same as line 2

        notice: GuardDuty is off in the administrator account in eu-west-1; it would be switched on
    "#]].assert_eq(&super::status(&engine.compare(&[list]).await, &TERMINAL));
}
