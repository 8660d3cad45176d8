//! Protection plans: every member has those that are declared.

use serde_json::json;

use crate::world::*;

const DECLARED: &str = "S3_DATA_EVENTS=ENABLED,RDS_LOGIN_EVENTS=DISABLED,EBS_MALWARE_PROTECTION=DISABLED,\
                        RUNTIME_MONITORING=ENABLED,RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT=ENABLED";

pub fn declared() -> World {
    World::new().with("PROTECTION_PLANS", DECLARED)
}

pub fn id(number: usize) -> String {
    format!("0000000{number:05}")
}

/// What differs from `DECLARED`.
pub fn differing(world: &World, account: &str, region: &str) -> Vec<String> {
    let features = world.sim.features(account, region);
    assert!(!features.is_empty(), "{account} has no detector in {region}");
    let differs = |entry: &&str| {
        let (name, status) = entry.split_once('=').expect("a plan");
        features.get(name).copied().unwrap_or_default() != (status == "ENABLED")
    };
    DECLARED.split(',').filter(differs).map(ToOwned::to_owned).collect()
}

/// Alice is a member who has these plans the wrong way round.
pub fn with_alice(world: World, wrong: &[&str]) -> World {
    world.sim.put_detector(ADMINISTRATOR, VIRGINIA, true);
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Enabled");
    for entry in DECLARED.split(',') {
        let (name, status) = entry.split_once('=').expect("a plan");
        let on = (status == "ENABLED") != wrong.contains(&name);
        world.sim.set_feature(ALICE, VIRGINIA, name, on);
        world.sim.set_feature(ADMINISTRATOR, VIRGINIA, name, status == "ENABLED");
    }
    world
}

#[tokio::test(start_paused = true)]
async fn new_joined_and_existing_accounts_have_the_declared_plans_after_one_upload() {
    let regions = [VIRGINIA, IRELAND];
    let world = declared().in_regions(&regions.join(","));
    // Where EBS_MALWARE_PROTECTION is on, only an account that is no member yet can lose it.
    for region in regions {
        for number in 1..=33 {
            world.sim.put_detector(&id(number), region, number % 2 == 0);
        }
        for number in 34..=66 {
            world.sim.put_member(region, &id(number), &format!("account-{number}@example.com"), "Enabled");
            world.sim.set_feature(&id(number), region, "EBS_MALWARE_PROTECTION", false);
            world.sim.set_feature(&id(number), region, "LAMBDA_NETWORK_LOGS", false);
        }
    }

    let seen = world.onboard(&list_of(100)).await;

    seen.all_enabled();
    for region in regions {
        for number in 1..=100 {
            assert_eq!(differing(&world, &id(number), region), Vec::<String>::new(), "{number} in {region}");
            let own = world.sim.features(&id(number), region)["LAMBDA_NETWORK_LOGS"];
            assert_eq!(own, !(34..=66).contains(&number), "{number}: what is not named is left alone");
        }
        assert_eq!(differing(&world, ADMINISTRATOR, region), Vec::<String>::new());
    }
    assert!(seen.notices().contains("on the administrator's own detector in us-east-1 these were set as declared"));
    assert_eq!(seen.calls_to("UpdateMemberDetectors"), 2, "one for 33 members that differ in the same");
    assert_eq!(seen.calls_to("UpdateDetector"), 2 * 33 + 2);
    assert_eq!(seen.calls_to("AssumeRole"), 67 + 33);

    let again = world.onboard(&list_of(100)).await;
    again.all_enabled();
    assert_eq!((again.writes(), again.calls_to_members()), (vec![], 0));
    assert_eq!(again.calls.len(), 2 * (2 + 2 + 2) + 5, "a look at the plans of 50 members besides");
}

#[tokio::test(start_paused = true)]
async fn without_declared_plans_not_one_call_more_is_made() {
    let world = World::new().in_regions("us-east-1,eu-west-1");
    world.sim.put_member(IRELAND, ALICE, "alice@example.com", "Enabled");
    world.sim.set_feature(ALICE, IRELAND, "S3_DATA_EVENTS", false);
    let seen = world.onboard(THREE).await;
    seen.all_enabled();
    let again = world.onboard(THREE).await;
    for (seen, least) in [(&seen, 0), (&again, 2 * 3 + 5)] {
        for operation in ["GetMemberDetectors", "UpdateMemberDetectors", "UpdateDetector"] {
            assert_eq!(seen.calls_to(operation), 0, "{operation}");
        }
        assert!(least == 0 || seen.calls.len() == least);
    }
    assert!(!world.sim.features(ALICE, IRELAND)["S3_DATA_EVENTS"]);
}

#[tokio::test(start_paused = true)]
async fn plans_that_somebody_switches_are_set_back_by_the_next_run_and_by_a_heal() {
    let world = with_alice(declared(), &["S3_DATA_EVENTS", "RUNTIME_MONITORING/EC2_AGENT_MANAGEMENT"]);
    let seen = world.onboard(ALICES_LIST).await;
    seen.all_enabled();
    assert_eq!(differing(&world, ALICE, VIRGINIA), Vec::<String>::new());
    assert_eq!(seen.calls_to_members(), 0);
    // The list, whether it is current, three files; the detector; a look each at members and plans; the change, a look.
    assert_eq!(seen.calls.len(), 5 + 2 + 2 + 2);

    let world = world.with("REPORT_BUCKET", BUCKET).with("ReconcileSchedule", "rate(1 day)");
    world.deploy();
    world.sim.set_feature(ALICE, VIRGINIA, "RDS_LOGIN_EVENTS", true);
    let report = world.deliver(&json!({"reconcile": "report"}), "fleet").await;
    assert_eq!(report.ended(ALICE, VIRGINIA), "planned Enabled", "{:#}", report.report);
    assert_eq!(report.detail(ALICE, VIRGINIA), "plans: RDS_LOGIN_EVENTS is ENABLED; would set what is declared");
    assert_eq!(report.writes(), Vec::<&str>::new());
    assert!(world.metrics.borrow().contains("\"Drift\":1"), "{}", world.metrics.borrow());
    let heal = world.deliver(&json!({"reconcile": "heal"}), "fleet").await;
    assert_eq!(
        (heal.ended(ALICE, VIRGINIA).as_str(), heal.writes()),
        ("enabled Enabled", vec!["UpdateMemberDetectors"])
    );
    assert_eq!(differing(&world, ALICE, VIRGINIA), Vec::<String>::new());
}

#[tokio::test(start_paused = true)]
async fn malware_protection_of_a_member_is_never_sent_and_the_sentence_says_what_can_be_done() {
    let world = with_alice(declared(), &["EBS_MALWARE_PROTECTION", "S3_DATA_EVENTS"]);
    for key in ["plan/accounts/team.csv", "accounts/team.csv", "accounts/team.csv"] {
        let seen = world.upload(key, ALICES_LIST).await;
        let (ended, said) = (seen.ended(ALICE, VIRGINIA), seen.detail(ALICE, VIRGINIA));
        if key.starts_with("plan/") {
            assert_eq!(ended, "planned Enabled", "the other one can be set");
            assert!(said.contains("EBS_MALWARE_PROTECTION cannot be set while it is a member"), "{said}");
            continue;
        }
        assert_eq!(ended, "failed Enabled", "{:#}", seen.report);
        assert!(said.contains("is monitored in us-east-1, but EBS_MALWARE_PROTECTION is still ENABLED: "), "{said}");
        assert!(said.contains("remove it with a list under remove/, then upload it under accounts/ again"), "{said}");
        assert!(seen.answer.is_ok(), "nothing is pending");
        assert!(world.metrics.borrow().contains("\"Reason\":\"PlansDiffer\""), "{}", world.metrics.borrow());
    }
    assert_eq!(differing(&world, ALICE, VIRGINIA), ["EBS_MALWARE_PROTECTION=DISABLED"]);

    let world = world.with("ALLOW_REMOVE", "true");
    world.deploy();
    world.upload("remove/team.csv", ALICES_LIST).await;
    world.onboard(ALICES_LIST).await.all_enabled();
    assert_eq!(differing(&world, ALICE, VIRGINIA), Vec::<String>::new(), "what the sentence says, works");
}

#[tokio::test(start_paused = true)]
async fn a_dry_run_says_which_plans_differ_and_writes_nothing() {
    let world = with_alice(declared().with("FINDING_PUBLISHING_FREQUENCY", "ONE_HOUR"), &["RDS_LOGIN_EVENTS"]);
    world.sim.set_feature(ADMINISTRATOR, VIRGINIA, "RDS_LOGIN_EVENTS", true);
    let seen = world.upload("plan/accounts/team.csv", ALICES_LIST).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "planned Enabled", "{:#}", seen.report);
    assert!(seen.detail(ALICE, VIRGINIA).starts_with("plans: RDS_LOGIN_EVENTS is ENABLED"), "{:#}", seen.report);
    let said = "these would be set as declared: RDS_LOGIN_EVENTS DISABLED, findings ONE_HOUR";
    assert!(seen.notices().contains(said), "{}", seen.notices());
    assert_eq!(seen.writes(), Vec::<&str>::new());
}

#[tokio::test(start_paused = true)]
async fn the_administrators_detector_keeps_its_plans_if_the_settings_say_so() {
    let world = declared().with("PLANS_ADMINISTRATOR", "false");
    let seen = world.onboard(THREE).await;
    seen.all_enabled();
    assert_ne!(differing(&world, ADMINISTRATOR, VIRGINIA), Vec::<String>::new());
    assert_eq!(differing(&world, ALICE, VIRGINIA), Vec::<String>::new());
    assert!(!seen.notices().contains("own detector"), "{}", seen.notices());
}

#[tokio::test(start_paused = true)]
async fn findings_are_published_as_often_as_declared_and_members_follow() {
    let world = World::new().with("FINDING_PUBLISHING_FREQUENCY", "FIFTEEN_MINUTES");
    let seen = world.onboard(THREE).await;
    seen.all_enabled();
    let often = |account| world.sim.detector(account, VIRGINIA).expect("a detector").finding_publishing_frequency;
    assert_eq!((often(ADMINISTRATOR).as_str(), often(ALICE).as_str()), ("FIFTEEN_MINUTES", "FIFTEEN_MINUTES"));
    assert!(seen.notices().contains("these were set as declared: findings FIFTEEN_MINUTES"), "{}", seen.notices());
    assert_eq!(seen.calls_to("GetMemberDetectors"), 0);
    let again = world.onboard(THREE).await;
    assert_eq!((again.writes(), again.calls.len()), (vec![], 3 + 5));
}

#[tokio::test(start_paused = true)]
async fn a_plan_that_the_region_lacks_is_a_notice_and_is_sent_for_nobody() {
    let world = declared();
    world.sim.region_lacks(VIRGINIA, "S3_DATA_EVENTS");
    let seen = world.onboard(THREE).await;
    seen.all_enabled();
    assert!(seen.notices().contains("GuardDuty shows no S3_DATA_EVENTS in us-east-1"), "{}", seen.notices());
    let again = world.onboard(THREE).await;
    assert_eq!(again.writes(), Vec::<&str>::new());
}
