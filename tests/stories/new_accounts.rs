//! AWS says that there is a new account: it is onboarded, and nobody else is touched.

use aws_sim::{Fault, Kind};
use serde_json::{Value, json};

use crate::events::sample;
use crate::log::Log;
use crate::queue::Queue;
use crate::world::*;

/// Every sample that names a new account, and the account.
const ANNOUNCEMENTS: [(&str, &str); 5] = [
    ("organizations-create-account-result.json", BOB),
    ("organizations-account-joined.json", "444455556666"),
    ("organizations-accept-handshake.json", "222222222222"),
    ("controltower-create-managed-account.json", BOB),
    ("controltower-update-managed-account.json", BOB),
];

const CREATED: &str = "organizations-create-account-result.json";

fn world() -> World {
    World::new().with("REPORT_BUCKET", BUCKET)
}

async fn announce(world: &World, name: &str, account: &str) -> Seen {
    world.deliver(&sample(name), &format!("events/{account}")).await
}

#[tokio::test(start_paused = true)]
async fn the_account_that_an_event_names_is_onboarded_with_the_email_that_organizations_has() {
    for (name, account) in ANNOUNCEMENTS {
        let world = world().in_regions("us-east-1,eu-west-1");
        world.sim.organization_account(account, "new@example.com", "ACTIVE");
        world.sim.email_is(account, "new@example.com");

        let seen = announce(&world, name, account).await;

        seen.all_enabled();
        assert_eq!(world.status(IRELAND, account).as_deref(), Some("Enabled"), "{name}");
        let event = sample(name);
        assert_eq!(seen.report["source"], json!({"event": event["detail"]["eventName"], "id": event["id"]}));
        assert_eq!(seen.csv.lines().nth(1), Some(&*format!("{account},new@example.com,,enabled,us-east-1 eu-west-1,")));
        let answer = seen.answer.expect("an answer");
        let location = format!("s3://{BUCKET}/reports/events/{account}.json");
        assert_eq!(answer["reports"][0]["location"], location);
        assert!(!answer.to_string().contains('@') && !seen.report.to_string().contains('@'));
    }
}

#[tokio::test(start_paused = true)]
async fn an_event_that_names_one_account_touches_that_account_alone() {
    let world = world();
    world.onboard(THREE).await.all_enabled();

    let seen = announce(&world, CREATED, BOB).await;

    seen.all_enabled();
    for call in &seen.calls {
        assert!([ADMINISTRATOR, BOB].contains(&call.caller.as_str()), "{call:?}");
        assert!(call.accounts.iter().all(|account| account == BOB), "{call:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn the_organization_is_asked_with_the_role_for_it() {
    let reader = "arn:aws:iam::999999999999:role/security/OrganizationReader";
    let world = world().with("ORGANIZATION_ROLE_ARN", reader);
    world.sim.management_account_is("999999999999");

    let seen = announce(&world, CREATED, BOB).await;

    seen.all_enabled();
    let asked = seen.calls.iter().find(|call| call.operation == "DescribeAccount").expect("a call");
    assert_eq!(asked.caller, "999999999999");
}

#[tokio::test(start_paused = true)]
async fn an_organization_that_does_not_answer_fails_the_delivery_and_touches_nothing() {
    for denied in [true, false] {
        let world = world();
        if denied {
            world.sim.management_account_is("999999999999");
        } else {
            world.sim.fault(Fault { operation: Some("DescribeAccount"), ..always(Kind::Throttle) });
        }

        let seen = announce(&world, CREATED, BOB).await;

        let error = seen.answer.as_ref().expect_err("not described").to_string();
        assert!(error.contains(BOB) && error.contains("nothing was touched"), "{error}");
        assert_eq!(error.contains("ORGANIZATION_ROLE_ARN"), denied, "{error}");
        assert_eq!(seen.writes(), Vec::<&str>::new());
        assert_eq!(seen.report, Value::Null);
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_that_is_not_active_yet_is_pending_until_it_is() {
    let world = World::queued();
    let queue = Queue::new(&world, 30).await;
    world.sim.organization_account(BOB, "bob@example.com", "PENDING_ACTIVATION");
    queue.send(&sample(CREATED)).await;

    assert_eq!(queue.poll().await, [(1, true)]);
    let report = world.report("events/444455556666");
    assert_eq!(report["summary"]["pending"], 1);
    assert!(report["memberships"][0]["detail"].as_str().is_some_and(|detail| detail.contains("not active yet")));
    assert_eq!(world.status(VIRGINIA, BOB), None);

    world.sim.organization_account(BOB, "bob@example.com", "ACTIVE");
    assert_eq!(queue.drain().await.0, [(2, false)]);
    assert_eq!(world.status(VIRGINIA, BOB).as_deref(), Some("Enabled"));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_cannot_be_onboarded_fails_with_a_sentence_and_without_a_call() {
    type Prepare = fn(&World);
    let cases: [(Prepare, &str); 5] = [
        (|world| world.sim.organization_account(BOB, "bob@example.com", "SUSPENDED"), "is SUSPENDED"),
        (|world| world.sim.organization_account(BOB, "bob@example.com", "PENDING_CLOSURE"), "is PENDING_CLOSURE"),
        (|world| world.sim.organization_account(BOB, "bob@example.com", "CLOSED"), "is CLOSED"),
        (|world| world.sim.outside_organization(BOB), "does not find account"),
        (|world| world.sim.organization_account(BOB, "b%b@example.com", "ACTIVE"), "GuardDuty would refuse"),
    ];
    for (prepare, said) in cases {
        let world = world().in_regions("us-east-1,eu-west-1");
        prepare(&world);

        let seen = announce(&world, CREATED, BOB).await;

        assert!(seen.answer.is_ok(), "{said}: {:?}", seen.answer);
        assert_eq!((seen.count("accounts"), seen.count("failed")), (1, 2), "{said}");
        assert!(seen.detail(BOB, IRELAND).contains(said), "{said}: {}", seen.detail(BOB, IRELAND));
        assert!(seen.csv.contains(&format!("{BOB},,,failed,us-east-1 eu-west-1,")), "{}", seen.csv);
        assert_eq!(seen.calls_to_members() + seen.writes().len(), 0);
    }
}

#[tokio::test(start_paused = true)]
async fn a_wrong_email_of_an_announced_account_is_reported_without_a_line() {
    let world = world();
    world.sim.organization_account(BOB, "old@example.com", "ACTIVE");
    world.sim.email_is(BOB, "new@example.com");

    let seen = announce(&world, CREATED, BOB).await;

    assert_eq!(seen.ended(BOB, VIRGINIA), "failed EmailVerificationFailed");
    let detail = seen.detail(BOB, VIRGINIA);
    assert!(detail.contains("the e-mail that Organizations has") && !detail.contains("line"), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn what_is_no_new_account_is_nothing_to_do() {
    let world = world();
    let mut own = sample("organizations-account-joined.json");
    own["detail"]["serviceEventDetails"]["accountId"] = json!(ADMINISTRATOR);
    for event in [sample("organizations-create-account-result-failed.json"), own] {
        assert_eq!(world.invoke(&event).await, Ok(json!({"reports": []})));
    }
    assert!(world.sim.ledger().is_empty());
}

#[tokio::test(start_paused = true)]
async fn without_a_bucket_for_its_report_an_account_is_not_touched() {
    let world = World::new();
    let error = world.invoke(&sample(CREATED)).await.expect_err("nowhere to report").to_string();
    assert!(error.contains("REPORT_BUCKET is not set") && error.contains("nothing was touched"), "{error}");
    assert!(world.sim.ledger().is_empty());
}

/// Organizations refuses DescribeAccount once.
fn refused_once(code: &str, message: &str) -> Fault {
    let kind = Kind::Reply { status: 400, code: code.into(), message: message.into() };
    Fault { operation: Some("DescribeAccount"), kind, ..Fault::default() }
}

#[tokio::test(start_paused = true)]
async fn what_organizations_refuses_names_its_own_cure_and_is_redelivered() {
    let asks = "User: x is not authorized to perform: organizations:DescribeAccount on resource: y";
    for (code, message, cure) in [
        (
            "AWSOrganizationsNotInUseException",
            "Your account is not a member of an organization.",
            "ORGANIZATION_ROLE_ARN must name a role in the organization's management account or in a delegated administrator's",
        ),
        (
            "AccessDeniedException",
            "You don't have permissions to access this resource.",
            "ORGANIZATION_ROLE_ARN must name a role in the organization's management account or in a delegated administrator's",
        ),
        (
            "AccessDeniedException",
            &format!("{asks} because no identity-based policy allows the organizations:DescribeAccount action"),
            "allow the function's role, or the one that ORGANIZATION_ROLE_ARN names, to call DescribeAccount",
        ),
        (
            "AccessDeniedException",
            &format!("{asks} with an explicit deny in a service control policy"),
            "allow organizations:DescribeAccount in the policy that AWS names",
        ),
        ("UnrecognizedClientException", "The token is invalid.", "AWS does not accept the security token"),
    ] {
        let world = World::queued();
        let queue = Queue::new(&world, 30).await;
        let log = Log::take();
        world.sim.fault(refused_once(code, message));
        queue.send(&sample(CREATED)).await;

        assert_eq!(queue.poll().await, [(1, true)], "{message}");
        let not_done = log.lines("not done");
        let error = not_done[0]["error"].as_str().expect("an error");
        assert!(error.contains(BOB) && error.contains(cure), "{error}");
        assert_eq!(world.report("events/444455556666"), Value::Null);

        assert_eq!(queue.drain().await.0, [(2, false)]);
        assert_eq!(world.status(VIRGINIA, BOB).as_deref(), Some("Enabled"));
    }
}

#[tokio::test(start_paused = true)]
async fn a_new_account_gets_there_whatever_is_not_ready_first() {
    let world = World::queued().in_regions("us-east-1,eu-south-1");
    let queue = Queue::new(&world, 30).await;
    let detail = |said: &str| {
        let report = world.report("events/444455556666");
        let detail = report["memberships"][0]["detail"].as_str().unwrap_or_default().to_owned();
        assert!(detail.contains(said), "{detail:?} does not say {said:?}");
    };
    // New accounts have no opt-in Region.
    world.sim.region_off(BOB, MILAN);
    world.sim.organization_account(BOB, "bob@example.com", "PENDING_ACTIVATION");
    world.sim.role_missing(BOB);
    world.sim.deny(BOB, "guardduty:*", "because no identity-based policy allows it");
    let refused = Fault {
        service: Some("guardduty"),
        account: Some(BOB.into()),
        ..always(invalid_token("InvalidClientTokenId"))
    };
    world.sim.fault(refused);
    queue.send(&sample(CREATED)).await;

    assert_eq!(queue.wait().await.1, [(1, true)]);
    detail("not active yet in its organization");
    world.sim.organization_account(BOB, "bob@example.com", "ACTIVE");
    assert_eq!(queue.wait().await.1, [(2, true)]);
    detail("cannot be assumed");
    world.sim.role_ready_at(BOB, world.now());
    assert_eq!(queue.wait().await.1, [(3, true)]);
    detail("does not accept the role's token");
    world.sim.clear_faults();
    assert_eq!(queue.wait().await.1, [(4, true)]);
    detail("has no policy yet");
    world.sim.allow(BOB, "guardduty:*");
    assert_eq!(queue.wait().await.1, [(5, false)]);

    let summary = &world.report("events/444455556666")["summary"];
    assert_eq!((&summary["enabled"], &summary["skipped"]), (&json!(1), &json!(1)));
}

#[tokio::test(start_paused = true)]
async fn an_account_that_joined_is_found_beside_the_organizations_own() {
    let world = world();
    let mut event = sample("organizations-account-joined.json");
    let management = event["account"].clone();
    event["detail"]["serviceEventDetails"] = json!({"accountId": management, "memberAccountId": BOB});

    let seen = world.deliver(&event, &format!("events/{BOB}")).await;

    seen.all_enabled();
    assert_eq!(world.status(VIRGINIA, BOB).as_deref(), Some("Enabled"));
}
