//! All lists together: one report over everything, and healing what has drifted.

use aws_sim::{Fault, Kind};
use serde_json::{Value, json};

use crate::leaving;
use crate::world::*;

pub const REPORT: &str = "report";
pub const HEAL: &str = "heal";
/// A world whose lists may let accounts go, and are reconciled.
pub fn allowed() -> World {
    leaving::allowed().with("ReconcileSchedule", "rate(1 day)")
}

pub const DAVE: &str = "888899990000";

impl World {
    pub async fn reconcile(&self, what: &str) -> Seen {
        self.deliver(&json!({"reconcile": what}), "fleet").await
    }

    pub fn list(&self, key: &str, list: &str) {
        self.sim.put_object(BUCKET, key, list.to_owned());
    }

    pub fn member(&self, account: &str, status: &str) {
        self.sim.put_member(VIRGINIA, account, &format!("root+{account}@example.com"), status);
    }
}

/// A row of an accounts/ list, with the e-mail that [`World::member`] gives.
pub fn row(account: &str) -> String {
    format!("{account},root+{account}@example.com\n")
}

fn rows(accounts: &[&str]) -> String {
    accounts.iter().map(|account| row(account)).collect()
}

#[tokio::test(start_paused = true)]
async fn a_report_compares_all_lists_with_all_members_and_writes_nothing_else() {
    let world = allowed();
    world.list("accounts/a.csv", &rows(&[ALICE, BOB]));
    world.list("suspend/b.csv", &format!("Account ID\n{CAROL}\n"));
    world.list("remove/c.csv", "444455550000\n");
    world.member(ALICE, "Enabled");
    world.member(BOB, "Disabled");
    world.member(CAROL, "Enabled");
    world.member(DAVE, "Enabled");

    let seen = world.reconcile(REPORT).await;

    assert_eq!(seen.ended(ALICE, VIRGINIA), "enabled Enabled", "{:#}", seen.report);
    assert_eq!(
        (seen.ended(BOB, VIRGINIA).as_str(), seen.detail(BOB, VIRGINIA).starts_with("resume: ")),
        ("planned Disabled", true)
    );
    assert_eq!(
        (seen.ended(CAROL, VIRGINIA).as_str(), seen.detail(CAROL, VIRGINIA).starts_with("suspend: ")),
        ("planned Enabled", true)
    );
    assert_eq!(seen.ended("444455550000", VIRGINIA), "removed -");
    assert_eq!(seen.ended(DAVE, VIRGINIA), "unlisted Enabled");
    assert!(seen.writes().is_empty() && seen.calls_to_members() == 0);
    assert_eq!((&seen.report["source"], &seen.report["dryRun"]), (&json!({"reconcile": "report"}), &json!(true)));
    assert_eq!(seen.report["declared"], Value::Null);
    assert_eq!((seen.count("unlisted"), seen.count("planned"), seen.count("accounts")), (1, 2, 4));
    let lists: Vec<_> = seen.report["lists"]
        .as_array()
        .expect("lists")
        .iter()
        .map(|list| (&list["key"], &list["declared"], &list["accounts"], &list["rejectedRows"]))
        .collect();
    assert_eq!(
        lists,
        [
            (&json!("accounts/a.csv"), &json!("monitored"), &json!(2), &json!(0)),
            (&json!("suspend/b.csv"), &json!("suspended"), &json!(1), &json!(0)),
            (&json!("remove/c.csv"), &json!("removed"), &json!(1), &json!(0)),
        ]
    );
    assert!(seen.report["lists"][0]["versionId"].is_string());
    let memberships = seen.report["memberships"].as_array().expect("memberships");
    assert_eq!((&memberships[1]["list"], &memberships[1]["line"]), (&json!("accounts/a.csv"), &json!(2)));
    assert_eq!((&memberships[4]["list"], &memberships[4]["line"]), (&Value::Null, &Value::Null));
    let answer = seen.answer.expect("an answer");
    assert_eq!(answer["reports"][0]["summary"]["unlisted"], 1);
    assert!(answer["reports"][0].get("memberships").is_none() && answer["reports"][0]["notices"].is_array());
    let metrics = world.metrics.borrow().clone();
    for metric in ["\"Declared\":2", "\"Monitored\":1", "\"Drift\":2", "\"Unlisted\":1", "\"MembershipsEnabled\":0"] {
        assert!(metrics.contains(metric), "{metric} is not in {metrics}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_csv_says_of_which_list_a_row_is_and_unlisted_rows_can_be_cut_out() {
    let world = allowed();
    world.list("accounts/a.csv", &format!("{}no account\n", row(ALICE)));
    world.member(ALICE, "Enabled");
    world.member(DAVE, "Invited");

    let seen = world.reconcile(REPORT).await;

    let mut lines = seen.csv.lines();
    assert_eq!(lines.next(), Some("Account ID,Email,Line,Outcome,Regions,Detail,List"));
    assert_eq!(lines.next(), Some("111122223333,root+111122223333@example.com,1,enabled,us-east-1,,accounts/a.csv"));
    assert!(
        lines
            .next()
            .is_some_and(|line| line.starts_with("no account,,2,rejected,") && line.ends_with(",accounts/a.csv"))
    );
    let unlisted = lines.next().expect("an unlisted row");
    assert_eq!(unlisted, "888899990000,root+888899990000@example.com,,unlisted,us-east-1,Invited,");
    assert!(!seen.report.to_string().contains("@example.com"), "e-mails are in the CSV only");

    let adopted = world.onboard(&format!("Account ID,Email,Line,Outcome,Regions,Detail,List\n{unlisted}\n")).await;
    assert_eq!(adopted.ended(DAVE, VIRGINIA), "enabled Enabled");
}

#[tokio::test(start_paused = true)]
async fn a_heal_carries_out_what_is_declared_and_removes_nobody() {
    let world = allowed();
    world.list("accounts/a.csv", &rows(&[ALICE, BOB]));
    world.list("suspend/b.csv", &format!("{CAROL}\n"));
    world.list("remove/c.csv", "444455550000\n666677778888\n");
    world.member(BOB, "Disabled");
    world.member(CAROL, "Enabled");
    world.member("444455550000", "Enabled");
    world.member(DAVE, "Enabled");
    world.sim.email_is(ALICE, &format!("root+{ALICE}@example.com"));

    let seen = world.reconcile(HEAL).await;

    assert_eq!(seen.ended(ALICE, VIRGINIA), "enabled Enabled", "{:#}", seen.report);
    assert_eq!(seen.ended(BOB, VIRGINIA), "enabled Enabled");
    assert_eq!(seen.ended(CAROL, VIRGINIA), "suspended Disabled");
    assert_eq!(seen.ended("444455550000", VIRGINIA), "failed Enabled");
    assert!(seen.detail("444455550000", VIRGINIA).contains("declared removed but still a member"));
    assert_eq!(seen.ended("666677778888", VIRGINIA), "removed -");
    assert_eq!((seen.calls_to("DisassociateMembers"), seen.calls_to("DeleteMembers")), (0, 0));
    assert_eq!(world.status(VIRGINIA, DAVE).as_deref(), Some("Enabled"), "an unlisted member is left alone");
    assert_eq!(seen.report["dryRun"], false);

    let again = world.reconcile(HEAL).await;
    assert_eq!((again.writes(), again.calls_to_members()), (vec![], 0));
}

#[tokio::test(start_paused = true)]
async fn who_left_by_itself_is_not_taken_back_by_a_schedule() {
    let world = allowed();
    world.list("accounts/a.csv", &row(ALICE));
    world.member(ALICE, "Resigned");
    assert_eq!(world.reconcile(REPORT).await.ended(ALICE, VIRGINIA), "planned Resigned");
    let seen = world.reconcile(HEAL).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "failed Resigned");
    assert!(seen.writes().is_empty() && seen.detail(ALICE, VIRGINIA).contains("left this administrator by itself"));
    world.sim.email_is(ALICE, &format!("root+{ALICE}@example.com"));
    assert_eq!(world.onboard(&row(ALICE)).await.ended(ALICE, VIRGINIA), "enabled Enabled", "an upload does");
}

#[tokio::test(start_paused = true)]
async fn a_heal_suspends_only_with_leave_and_never_too_many() {
    let world = World::new().with("REPORT_BUCKET", BUCKET).with("ReconcileSchedule", "rate(1 day)");
    world.list("suspend/b.csv", &format!("{ALICE}\n"));
    world.member(ALICE, "Enabled");
    let seen = world.reconcile(HEAL).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "failed Enabled");
    assert!(seen.detail(ALICE, VIRGINIA).contains("ALLOW_SUSPEND") && seen.writes().is_empty());
    assert_eq!(world.reconcile(REPORT).await.ended(ALICE, VIRGINIA), "planned Enabled");

    // Two accounts, each monitored in one of two Regions: they are counted once each.
    let world = allowed().with("MAX_LEAVING", "1").in_regions("us-east-1,eu-west-1");
    world.list("suspend/b.csv", &format!("{ALICE}\n{BOB}\n"));
    world.member(ALICE, "Enabled");
    world.sim.put_member(IRELAND, BOB, "bob@example.com", "Enabled");
    let seen = world.reconcile(HEAL).await;
    assert_eq!(
        (seen.ended(ALICE, VIRGINIA).as_str(), seen.ended(BOB, IRELAND).as_str()),
        ("failed Enabled", "failed Enabled")
    );
    assert!(
        seen.detail(ALICE, VIRGINIA)
            .contains("2 accounts would be suspended at once, more than MAX_LEAVING allows (1)")
    );
    assert!(seen.writes().is_empty());
    world.sim.put_member(IRELAND, BOB, "bob@example.com", "Disabled");
    assert_eq!(world.reconcile(HEAL).await.ended(ALICE, VIRGINIA), "suspended Disabled", "one is allowed");

    // A Region that could not be looked at may have all of them.
    let world = allowed().with("MAX_LEAVING", "1").in_regions("us-east-1,eu-west-1");
    world.list("suspend/b.csv", &format!("{ALICE}\n{BOB}\n"));
    world.member(ALICE, "Enabled");
    world.sim.put_detector(ADMINISTRATOR, IRELAND, true);
    world.sim.fault(Fault { operation: Some("ListMembers"), region: Some(IRELAND.into()), ..always(Kind::Internal) });
    let seen = world.reconcile(HEAL).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "failed Enabled", "{:#}", seen.report);
    assert!(seen.writes().is_empty());
}

#[tokio::test(start_paused = true)]
async fn lists_that_contradict_each_other_leave_the_account_alone_and_both_are_named() {
    let world = allowed();
    world.list("accounts/a.csv", &rows(&[ALICE, BOB]));
    world.list("accounts/b.csv", &format!("{BOB},other@example.com\n"));
    world.list("suspend/c.csv", &format!("\n{ALICE}\n"));
    world.member(ALICE, "Disabled");
    world.member(BOB, "Disabled");
    for what in [REPORT, HEAL] {
        let seen = world.reconcile(what).await;
        assert_eq!(seen.ended(ALICE, VIRGINIA), "failed Disabled", "{:#}", seen.report);
        let said = seen.detail(ALICE, VIRGINIA);
        assert!(
            said.contains("monitored on line 1 of accounts/a.csv and suspended on line 2 of suspend/c.csv"),
            "{said}"
        );
        let said = seen.detail(BOB, VIRGINIA);
        assert!(
            said.contains("one e-mail on line 2 of accounts/a.csv and another on line 1 of accounts/b.csv"),
            "{said}"
        );
        assert!(seen.writes().is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_that_cannot_be_used_is_a_notice_and_stops_every_change() {
    let world = allowed();
    world.list("accounts/a.csv", &row(ALICE));
    world.member(ALICE, "Disabled");
    for broken in ["<html>", "Account ID,AWS account ID\n111122223333,444455556666\n"] {
        world.list("remove/broken.csv", broken);
        let seen = world.reconcile(HEAL).await;
        assert_eq!(seen.ended(ALICE, VIRGINIA), "planned Disabled", "{:#}", seen.report);
        assert!(
            seen.notices().contains("the list remove/broken.csv is not used: ")
                && seen.notices().contains("nothing was changed")
        );
        assert!(seen.writes().is_empty() && seen.answer.is_ok());
    }
    for nothing in ["", "Account ID\nnone\n"] {
        world.list("remove/broken.csv", nothing);
        world.member(ALICE, "Disabled");
        let seen = world.reconcile(HEAL).await;
        assert_eq!(seen.ended(ALICE, VIRGINIA), "enabled Enabled", "{nothing:?} stops nobody: {:#}", seen.report);
    }
}

#[tokio::test(start_paused = true)]
async fn a_member_on_a_rejected_row_is_not_unlisted_and_a_protected_row_is_rejected() {
    let world = allowed().with("PROTECTED_ACCOUNTS", CAROL);
    world.list("accounts/a.csv", &format!("{ALICE},no address\n"));
    world.list("remove/b.csv", &format!("{CAROL}\n"));
    world.member(ALICE, "Enabled");
    world.member(CAROL, "Enabled");
    let seen = world.reconcile(HEAL).await;
    assert_eq!((seen.count("unlisted"), seen.count("rejectedRows")), (0, 2), "{:#}", seen.report);
    assert_eq!(seen.report["rejectedRows"][1]["list"], "remove/b.csv");
    assert_eq!(world.status(VIRGINIA, CAROL).as_deref(), Some("Enabled"));
}

#[tokio::test(start_paused = true)]
async fn what_is_pending_is_left_to_the_next_reconcile() {
    let world = World::queued().with("ReconcileSchedule", "rate(1 day)");
    let queue = crate::queue::Queue::new(&world, 30).await;
    world.list("accounts/a.csv", &row(ALICE));
    world.sim.role_missing(ALICE);
    queue.send(&json!({"reconcile": HEAL})).await;
    assert_eq!(queue.poll().await, [(1, false)], "the report is written, so it succeeds");
    let said = world.report("fleet")["memberships"][0]["detail"].as_str().unwrap_or_default().to_owned();
    assert!(said.ends_with("; the next reconcile goes on"), "{said}");
}

#[tokio::test(start_paused = true)]
async fn without_a_bucket_or_with_another_word_nothing_happens() {
    let error = World::new().invoke(&json!({"reconcile": REPORT})).await.expect_err("an error");
    assert!(error.to_string().contains("REPORT_BUCKET is not set"), "{error}");
    for other in
        [json!({"reconcile": "Heal"}), json!({"reconcile": true}), json!({"reconcile": "heal", "dryrun": true})]
    {
        let error = allowed().invoke(&other).await.expect_err("an error");
        assert!(error.to_string().contains("nothing was touched"), "{error}");
    }
}
