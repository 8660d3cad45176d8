//! What keeps a slip from letting accounts go.

use serde_json::json;

use crate::leaving::*;
use crate::world::*;

/// Three members that are monitored.
fn with_members(world: World) -> World {
    for account in [ALICE, BOB, CAROL] {
        world.sim.put_member(VIRGINIA, account, "user@example.com", "Enabled");
    }
    world
}

/// Nothing was touched, and the report's only notice says that.
fn refused(world: &World, seen: &Seen, said: &str) {
    assert!(seen.answer.is_ok(), "trying again would not help: {:?}", seen.answer);
    assert!(seen.notices().contains(said), "{said:?} is not in {:?}", seen.notices());
    assert_eq!((seen.count("accounts"), seen.count("memberships")), (seen.count("accounts"), 0));
    assert!(seen.calls.iter().all(|call| call.service == "s3"), "nothing is touched");
    for account in [ALICE, BOB, CAROL] {
        assert_eq!(world.status(VIRGINIA, account).as_deref(), Some("Enabled"));
    }
}

#[tokio::test(start_paused = true)]
async fn without_leave_no_list_suspends_or_removes_anybody() {
    let world = with_members(World::new());
    let seen = world.upload(SUSPEND, ALL_THREE).await;
    refused(&world, &seen, "suspending is off: ALLOW_SUSPEND is not true");
    let seen = world.upload(REMOVE, ALL_THREE).await;
    refused(&world, &seen, "removing is off: ALLOW_REMOVE is not true");

    let world = with_members(World::new().with("ALLOW_SUSPEND", "true"));
    let seen = world.upload(REMOVE, ALL_THREE).await;
    refused(&world, &seen, "ALLOW_REMOVE");
}

#[tokio::test(start_paused = true)]
async fn a_list_that_lets_more_accounts_go_than_allowed_is_refused_whole() {
    let world = with_members(allowed().with("MAX_LEAVING", "2"));
    let seen = world.upload(REMOVE, ALL_THREE).await;
    refused(&world, &seen, "the list has 3 accounts to be removed, more than MAX_LEAVING allows (2)");

    let two = "111122223333\n111122223333\n444455556666\nno account\n";
    let seen = world.upload(REMOVE, two).await;
    assert_eq!((seen.count("removed"), seen.count("rejectedRows")), (2, 2), "only valid rows count");
    assert_eq!(world.status(VIRGINIA, CAROL).as_deref(), Some("Enabled"));
}

#[tokio::test(start_paused = true)]
async fn the_whole_company_under_the_wrong_prefix_goes_nowhere() {
    let world = allowed();
    let accounts: Vec<String> = (0..60).map(|number| format!("{:012}", 100_000_000_000_u64 + number)).collect();
    for account in &accounts {
        world.sim.put_member(VIRGINIA, account, "user@example.com", "Enabled");
    }
    let seen = world.upload(REMOVE, accounts.join("\n")).await;
    assert!(seen.notices().contains("the list has 60 accounts to be removed, more than MAX_LEAVING allows (50)"));
    assert!(accounts.iter().all(|account| world.status(VIRGINIA, account).as_deref() == Some("Enabled")));
}

#[tokio::test(start_paused = true)]
async fn protected_accounts_are_rejected_rows_and_stay() {
    let world = with_members(allowed().with("PROTECTED_ACCOUNTS", "111122223333,222233334444"));
    for (key, gone) in [(SUSPEND, "suspended"), (REMOVE, "removed")] {
        let seen = world.upload(key, ALL_THREE).await;
        assert_eq!((seen.count(gone), seen.count("rejectedRows")), (1, 2), "{:#}", seen.report);
        let said = seen.report["rejectedRows"][0]["reason"].as_str().expect("a reason");
        assert!(said.contains("account 111122223333 is protected (PROTECTED_ACCOUNTS)"), "{said}");
    }
    for account in [ALICE, CAROL] {
        assert_eq!(world.status(VIRGINIA, account).as_deref(), Some("Enabled"));
    }
    let seen = world.onboard(ALICES_LIST).await;
    assert_eq!(seen.count("rejectedRows"), 0, "they may be monitored");
}

#[tokio::test(start_paused = true)]
async fn a_key_that_declares_nothing_is_refused_and_onboards_nobody() {
    let world = allowed();
    for key in ["removed/team.csv", "Remove/team.csv", "remove", "team.csv", "suspended/x.csv"] {
        let seen = world.upload(key, THREE).await;
        assert!(seen.answer.is_ok(), "{:?}", seen.answer);
        let name = key.strip_suffix(".csv").map_or_else(|| format!("{key}.list"), ToOwned::to_owned);
        let report = world.report(&name);
        let said = report["notices"][0].as_str().unwrap_or_default();
        assert!(said.contains("none of accounts/, suspend/, remove/ and plan/"), "{key}: {report:#}");
        assert_eq!((&report["declared"], report["memberships"].as_array().map(Vec::len)), (&json!(null), Some(0)));
        assert!(seen.calls.iter().all(|call| call.service == "s3"), "{key}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_with_the_wrong_column_removes_nobody() {
    let world = with_members(allowed());
    // The id column of another thing, none at all, two of the same rank, and ids that a spreadsheet has eaten.
    for list in [
        "Name,Owner\nAlice,security\n",
        "Account ID,AWS account ID\n111122223333,444455556666\n",
        "Account ID\n1.11122E+11\n",
        "Name,Id\n111122223333,seven\n",
        "Payer ID,Linked account ID\n111122223333,444455556666\n111122223333,222233334444\n",
        "111122223333,Alice,444455556666\n",
    ] {
        let seen = world.upload(REMOVE, list).await;
        assert!(seen.answer.is_ok() && seen.writes().is_empty(), "{list}: {:#}", seen.report);
        assert_eq!(seen.count("removed"), 0, "{list}");
    }
    for account in [ALICE, BOB, CAROL] {
        assert_eq!(world.status(VIRGINIA, account).as_deref(), Some("Enabled"));
    }
}

#[tokio::test(start_paused = true)]
async fn the_administrator_itself_is_never_let_go() {
    let world = allowed();
    world.sim.put_detector(ADMINISTRATOR, VIRGINIA, true);
    let seen = world.upload(REMOVE, format!("{ADMINISTRATOR}\n111122223333\n")).await;
    assert_eq!((seen.count("rejectedRows"), seen.count("removed")), (1, 1));
    assert!(world.sim.detector(ADMINISTRATOR, VIRGINIA).is_some_and(|detector| detector.enabled));
}

#[tokio::test(start_paused = true)]
async fn a_request_says_what_it_declares_and_has_the_same_brakes() {
    let world = with_members(allowed().with("MAX_LEAVING", "1"));
    let rows = json!([{"accountId": ALICE}]);
    let answer = world.invoke(&json!({"accounts": rows, "declared": "suspended"})).await.expect("an answer");
    assert_eq!(answer["reports"][0]["memberships"][0]["outcome"], "suspended");
    let answer = world.invoke(&json!({"accounts": rows, "declared": "removed"})).await.expect("an answer");
    assert_eq!(answer["reports"][0]["memberships"][0]["outcome"], "removed");

    let two = json!([{"accountId": BOB, "email": 7}, {"accountId": CAROL}]);
    let answer = world.invoke(&json!({"accounts": two, "declared": "removed"})).await.expect("an answer");
    assert!(answer["reports"][0]["notices"][0].as_str().is_some_and(|said| said.contains("MAX_LEAVING")), "{answer:#}");

    for unknown in [json!("gone"), json!("Removed"), json!(7), json!(["removed"])] {
        let error = world.invoke(&json!({"accounts": two, "declared": unknown})).await.expect_err("an unknown event");
        assert!(error.to_string().contains("\"declared\" is none of"), "{error}");
    }
    let mixed = json!([{"accountId": BOB, "declared": "removed"}, {"accountId": CAROL, "email": "carol@example.com"}]);
    let error = world.invoke(&json!({"accounts": mixed})).await.expect_err("an unknown event");
    assert!(error.to_string().contains("\"declared\" of an account differs"), "{error}");
    let planned = json!([{"accountId": BOB, "dryRun": true}]);
    let error = world.invoke(&json!({"accounts": planned, "declared": "removed"})).await.expect_err("an unknown event");
    assert!(error.to_string().contains("\"dryRun\" belongs beside \"accounts\""), "{error}");
    for account in [BOB, CAROL] {
        assert_eq!(world.status(VIRGINIA, account).as_deref(), Some("Enabled"));
    }
}

#[tokio::test(start_paused = true)]
async fn states_and_emails_do_not_matter_to_who_leaves() {
    let world = with_members(allowed());
    let list = "Account ID,Email,Status\n111122223333,,SUSPENDED\n444455556666,no address,CLOSED\n444455556666,other@example.com,ACTIVE\n";
    let seen = world.upload(REMOVE, list).await;
    assert_eq!((seen.count("removed"), seen.count("rejectedRows")), (2, 1), "{:#}", seen.report);
    assert_eq!(seen.report["rejectedRows"][0]["reason"], "same as line 3");
}
