//! An upload that goes well, and the same one again.

use crate::world::*;

#[tokio::test(start_paused = true)]
async fn an_uploaded_account_becomes_a_monitored_member() {
    let world = World::new();

    let seen = world.onboard(ALICES_LIST).await;

    seen.all_enabled();
    assert_eq!(world.status(VIRGINIA, ALICE).as_deref(), Some("Enabled"));
    assert_eq!(seen.ended(ALICE, VIRGINIA), "enabled Enabled");
    assert_eq!(seen.csv.lines().nth(1), Some("111122223333,alice@example.com,2,enabled,us-east-1,"));
    let answer = seen.answer.expect("an answer");
    assert_eq!(answer["reports"][0]["location"], format!("s3://{BUCKET}/reports/accounts/team.json"));
    assert_eq!(answer["reports"][0]["summary"], seen.report["summary"]);
}

#[tokio::test(start_paused = true)]
async fn uploading_the_same_list_again_changes_nothing_and_calls_no_member() {
    let world = World::new().in_regions("us-east-1,eu-west-1");
    let sample = include_str!("../../events/sample-accounts.csv");
    let first = world.onboard(sample).await;
    assert_eq!((first.count("accounts"), first.count("enabled")), (60, 120));

    let second = world.onboard(sample).await;

    assert_eq!(second.count("enabled"), 120);
    assert_eq!(second.writes(), Vec::<&str>::new());
    assert_eq!(second.calls_to_members(), 0);
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_not_on_the_list_is_never_touched() {
    let world = World::new();
    world.sim.put_member(VIRGINIA, BOB, "bob@example.com", "Created");

    let seen = world.onboard(ALICES_LIST).await;

    seen.all_enabled();
    assert_eq!(world.status(VIRGINIA, BOB).as_deref(), Some("Created"));
    assert!(seen.calls.iter().all(|call| call.caller != BOB && !call.accounts.iter().any(|id| id == BOB)));
}

#[tokio::test(start_paused = true)]
async fn a_member_is_invited_only_when_its_detector_is_on() {
    let world = World::new();

    let seen = world.onboard(THREE).await;

    let position = |operation: &str, caller: &str| {
        seen.calls.iter().position(|call| call.operation == operation && call.caller == caller).expect("a call")
    };
    for member in [ALICE, BOB, CAROL] {
        assert!(position("CreateDetector", member) < position("CreateMembers", ADMINISTRATOR));
    }
}

#[tokio::test(start_paused = true)]
async fn verification_that_takes_a_while_is_waited_for() {
    let world = World::new();
    world.sim.set(|knobs| knobs.verification = std::time::Duration::from_secs(40));

    world.onboard(THREE).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn verification_that_takes_too_long_is_pending_and_the_event_is_redelivered() {
    let world = World::new();
    world.sim.set(|knobs| knobs.verification = std::time::Duration::from_secs(90));
    let first = world.onboard(ALICES_LIST).await;
    assert_eq!(first.ended(ALICE, VIRGINIA), "pending EmailVerificationInProgress");
    assert!(first.detail(ALICE, VIRGINIA).contains("verifying"));
    assert_eq!(first.report["summary"]["complete"], false);
    let error = first.answer.expect_err("delivered again").to_string();
    assert!(error.contains("1 of 1 memberships are pending"), "{error}");

    world.onboard(ALICES_LIST).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_writes_nothing_and_says_what_would_happen() {
    let world = World::new();
    world.sim.put_member(VIRGINIA, BOB, "bob@example.com", "Created");
    world.sim.put_member(VIRGINIA, CAROL, "carol@example.com", "Enabled");

    let seen = world.upload("plan/team.csv", THREE).await;

    assert_eq!(seen.writes(), Vec::<&str>::new());
    assert_eq!(seen.calls_to_members(), 0);
    assert_eq!(seen.report["dryRun"], true);
    assert_eq!(seen.ended(ALICE, VIRGINIA), "planned -");
    assert!(seen.detail(ALICE, VIRGINIA).starts_with("create: new; would"));
    assert!(seen.detail(BOB, VIRGINIA).starts_with("invite: created, not yet invited; would"));
    assert_eq!(seen.ended(CAROL, VIRGINIA), "enabled Enabled");
    assert_eq!((seen.count("planned"), seen.count("enabled")), (2, 1));
    assert!(seen.answer.is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_where_guardduty_is_off_says_that_it_would_be_switched_on() {
    let world = World::new();

    let seen = world.upload("plan/team.csv", ALICES_LIST).await;

    assert!(seen.notices().contains("would be switched on"), "{}", seen.notices());
    assert_eq!(seen.ended(ALICE, VIRGINIA), "planned -");
    assert_eq!(seen.writes(), Vec::<&str>::new());
}

#[tokio::test(start_paused = true)]
async fn a_role_is_assumed_once_for_all_regions_with_a_policy_that_allows_only_onboarding() {
    let world = World::new().in_regions("us-east-1,eu-west-1,eu-north-1");

    let seen = world.onboard(ALICES_LIST).await;

    seen.all_enabled();
    assert_eq!(seen.calls_to("AssumeRole"), 1);
}

#[tokio::test(start_paused = true)]
async fn an_upload_under_the_report_prefix_triggers_nothing() {
    let world = World::new();

    let seen = world.upload("reports/accounts/team.csv", ALICES_LIST).await;

    assert_eq!(seen.answer, Ok(serde_json::json!({"reports": []})));
    assert!(seen.calls.is_empty());
}

#[tokio::test(start_paused = true)]
async fn reports_go_where_the_settings_say() {
    let world = World::new().without_iam();
    let world = world.with("REPORT_BUCKET", "amzn-s3-demo-destination-bucket").with("REPORT_PREFIX", "out/");
    world.sim.put_object("amzn-s3-demo-destination-bucket", "README", "a bucket is made by its first object");

    let seen = world.onboard(ALICES_LIST).await;

    let answer = seen.answer.expect("an answer");
    // The list is in another bucket, so its report has that bucket's name.
    let name = format!("out/{BUCKET}/accounts/team");
    let location = format!("s3://amzn-s3-demo-destination-bucket/{name}.json");
    assert_eq!(answer["reports"][0]["location"], location);
    assert!(world.sim.object("amzn-s3-demo-destination-bucket", &format!("{name}.csv")).is_some());
}

#[tokio::test(start_paused = true)]
async fn no_root_user_gets_an_email_unless_the_settings_ask_for_it() {
    for (setting, emails) in [("false", 0), ("true", 1)] {
        let world =
            World::new().with("EMAIL_NOTIFICATION", setting).with("INVITATION_MESSAGE", "from the security team");

        world.onboard(ALICES_LIST).await.all_enabled();

        let member = world.sim.member(VIRGINIA, ALICE).expect("a member");
        assert_eq!((member.emails_sent, member.message.as_deref()), (emails, Some("from the security team")));
    }
}

#[tokio::test(start_paused = true)]
async fn the_external_id_is_presented_where_the_role_wants_one() {
    let world = World::new().with("MEMBER_ROLE_EXTERNAL_ID", "example-external-id");
    world.sim.external_id_is(ALICE, "example-external-id");

    world.onboard(ALICES_LIST).await.all_enabled();
}

#[tokio::test(start_paused = true)]
async fn all_regions_are_those_that_the_administrator_has_enabled() {
    let world = World::new().in_regions("all");

    let seen = world.onboard(ALICES_LIST).await;

    seen.all_enabled();
    assert_eq!(seen.count("memberships"), 17);
}

#[tokio::test(start_paused = true)]
async fn time_that_runs_out_leaves_a_report_of_what_is_pending() {
    let mut world = World::new();
    world.time_limit = std::time::Duration::from_secs(20);
    world.sim.set(|knobs| knobs.verification = std::time::Duration::from_secs(60));
    world.sim.put_member(VIRGINIA, BOB, "bob@example.com", "Enabled");

    let seen = world.onboard(THREE).await;

    assert_eq!(seen.ended(BOB, VIRGINIA), "enabled Enabled");
    assert_eq!(seen.ended(ALICE, VIRGINIA), "pending EmailVerificationInProgress");
    assert!(seen.answer.is_err());
}
