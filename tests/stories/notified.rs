//! A topic is told how lists end: once, in words for a mail.

use std::collections::BTreeSet;

use aws_sim::{Fault, Kind, Notification};
use serde_json::json;

use crate::deployed::{self, TOPIC};
use crate::log::Log;
use crate::permissions::allowed;
use crate::queue::Queue;
use crate::world::*;

fn told() -> World {
    World::new().with("NotifyEmail", "security@example.com").with("NOTIFY_TOPIC_ARN", TOPIC)
}

fn published(world: &World) -> Vec<Notification> {
    world.sim.published(TOPIC)
}

fn subjects(world: &World) -> Vec<String> {
    published(world).into_iter().map(|notification| notification.subject).collect()
}

#[tokio::test(start_paused = true)]
async fn a_list_that_changed_something_is_told_once_and_one_that_did_not_is_not() {
    let world = told();
    world.onboard(THREE).await.all_enabled();
    assert_eq!(subjects(&world), ["team.csv: 3 enabled"]);
    let message = &published(&world)[0].message;
    let place = format!("s3://{BUCKET}/reports/accounts/team");
    let expected = format!(
        "The list s3://{BUCKET}/accounts/team.csv: 3 enabled.\nAccounts: 3. Regions: 1.\n\nGuardDuty was off in the administrator account in us-east-1; it was switched on\n\nThe report:\n{place}.html\n{place}.csv\n{place}.json\n"
    );
    assert_eq!(*message, expected);
    world.onboard(THREE).await.all_enabled();
    assert_eq!(subjects(&world).len(), 1, "nothing was written");
    world.upload("plan/accounts/team.csv", THREE).await;
    world.invoke(&json!({"accounts": [{"accountId": ALICE, "email": "alice@example.com"}]})).await.expect("an answer");
    assert_eq!(subjects(&world).len(), 1, "dry runs and direct requests are never told");
}

#[tokio::test(start_paused = true)]
async fn what_failed_and_what_is_refused_is_told_with_its_sentence_and_without_an_address() {
    let world = told();
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "EmailVerificationFailed");
    let rows = format!("{THREE}11122223333,user@example.com\n");
    let seen = world.onboard(&rows).await;
    assert_eq!(seen.ended(ALICE, VIRGINIA), "failed EmailVerificationFailed");
    world.upload("removed/team.csv", THREE).await;
    assert_eq!(subjects(&world), ["team.csv: 2 enabled, 1 failed, 1 row rejected", "team.csv: refused"]);
    let told = published(&world);
    assert!(told[0].message.contains("the e-mail on line 2 is not the root user's of 111122223333"), "{told:?}");
    assert!(told[0].message.contains("line 5: account id \"11122223333\" has 11 digits"), "{told:?}");
    assert!(told[1].message.contains("none of accounts/, suspend/, remove/ and plan/"), "{told:?}");
    assert!(told.iter().all(|one| !one.message.contains('@')), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn what_is_pending_is_told_when_it_has_ended() {
    let world = World::queued().with("NotifyEmail", "security@example.com").with("NOTIFY_TOPIC_ARN", TOPIC);
    let world = world.with("MAX_DELIVERIES", "3");
    let queue = Queue::new(&world, 3).await;
    world.sim.role_missing(ALICE);
    queue.upload("accounts/team.csv", THREE).await;
    while queue.waits().await {
        if queue.poll().await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        }
    }
    assert_eq!(subjects(&world), ["team.csv: 2 enabled, 1 pending"], "not at each of three deliveries");
    let message = &published(&world)[0].message;
    assert!(message.contains("This was the last automatic try."), "{message}");
}

#[tokio::test(start_paused = true)]
async fn the_settings_say_what_is_told() {
    for (on, expected) in [("changes", 2), ("failures", 1), ("always", 3)] {
        let world = told().with("NOTIFY_ON", on);
        world.onboard(THREE).await.all_enabled();
        world.onboard(THREE).await.all_enabled();
        world.upload("removed/x.csv", THREE).await;
        assert_eq!(subjects(&world).len(), expected, "{on}: {:?}", subjects(&world));
    }
}

#[tokio::test(start_paused = true)]
async fn a_heal_is_told_if_it_wrote_something() {
    let world = told().with("REPORT_BUCKET", BUCKET).with("ReconcileSchedule", "rate(1 day)");
    world.onboard(THREE).await.all_enabled();
    for _ in 0..2 {
        world.invoke(&json!({"reconcile": "heal"})).await.expect("an answer");
    }
    world.invoke(&json!({"reconcile": "report"})).await.expect("an answer");
    assert_eq!(subjects(&world).len(), 1);
    world.sim.put_member(VIRGINIA, ALICE, "alice@example.com", "Disabled");
    world.invoke(&json!({"reconcile": "heal"})).await.expect("an answer");
    assert_eq!(subjects(&world)[1..], ["fleet: 3 enabled"]);
}

#[tokio::test(start_paused = true)]
async fn an_address_in_the_name_of_a_list_is_not_in_the_message() {
    let world = told();
    world.upload("accounts/user@example.com.csv", THREE).await;
    let told = published(&world);
    assert!(!format!("{told:?}").contains('@'), "{told:?}");
    assert!(told[0].message.contains("/reports/accounts/(e-mail)"), "{told:?}");
}

#[tokio::test(start_paused = true)]
async fn a_heal_that_could_not_use_a_list_is_told_where_failures_are() {
    let world =
        told().with("REPORT_BUCKET", BUCKET).with("ReconcileSchedule", "rate(1 day)").with("NOTIFY_ON", "failures");
    world.sim.put_object(BUCKET, "accounts/page.csv", "<html>");
    for what in ["heal", "report"] {
        world.invoke(&json!({"reconcile": what})).await.expect("an answer");
    }
    assert_eq!(subjects(&world).len(), 1, "{:?}", published(&world));
    assert!(published(&world)[0].message.contains("so nothing was changed"), "{:?}", published(&world));
}

#[tokio::test(start_paused = true)]
async fn the_last_try_is_told_even_if_no_report_can_be_written() {
    let world = World::queued().with("NotifyEmail", "security@example.com").with("NOTIFY_TOPIC_ARN", TOPIC);
    let world = world.with("MAX_DELIVERIES", "2");
    let queue = Queue::new(&world, 2).await;
    world.sim.deny(ADMINISTRATOR, "s3:PutObject", "");
    queue.upload("accounts/team.csv", THREE).await;
    while queue.waits().await {
        if queue.poll().await.is_empty() {
            tokio::time::sleep(std::time::Duration::from_secs(5)).await;
        }
    }
    assert_eq!(subjects(&world), ["team.csv: 3 enabled"]);
    assert!(published(&world)[0].message.contains("There is no report"), "{:?}", published(&world));
}

#[tokio::test(start_paused = true)]
async fn a_topic_that_is_down_is_a_warning() {
    let world = told();
    let log = Log::take();
    world.sim.fault(Fault { service: Some("sns"), ..always(Kind::Internal) });
    world.onboard(THREE).await.all_enabled();
    assert_eq!((subjects(&world).len(), log.lines("topic not told").len()), (0, 1));
}

#[tokio::test(start_paused = true)]
async fn a_long_name_in_another_script_makes_a_subject_that_the_topic_takes() {
    let world = told();
    let key = format!("accounts/{}équipe.csv", "x".repeat(120));
    world.upload(&key, THREE).await.all_enabled();
    let subject = &subjects(&world)[0];
    assert!(subject.len() <= 100 && subject.is_ascii() && subject.ends_with("?quipe.csv: 3 enabled"), "{subject}");
}

#[tokio::test(start_paused = true)]
async fn an_address_to_be_notified_grants_what_telling_it_uses_and_nothing_else() {
    let granted = |with: &[(&'static str, &str)]| {
        let settings = with.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        allowed(&deployed::stack(&settings).policies("FunctionRole"))
    };
    let (without, with) = (granted(&[]), granted(&[("NotifyEmail", "security@example.com")]));
    let added: Vec<_> = with.difference(&without).collect();
    assert_eq!(added, ["kms:Decrypt", "kms:GenerateDataKey", "sns:Publish"]);

    let seen = told().onboard(THREE).await;
    seen.all_enabled();
    let told: Vec<_> = seen.calls.iter().filter(|call| call.operation == "Publish").collect();
    assert_eq!(told.len(), 1);
    let used: BTreeSet<_> = told[0].actions.iter().collect();
    assert_eq!(used.into_iter().collect::<Vec<_>>(), added);

    let world = World::new().with("NOTIFY_TOPIC_ARN", TOPIC);
    let log = Log::take();
    world.onboard(THREE).await.all_enabled();
    let said = log.lines("topic not told");
    assert!(said.len() == 1 && said[0]["error"].to_string().contains("sns:Publish"), "{said:?}");
}
