//! What a forged event, a wrong setting, or somebody else with rights in the account cannot do.

use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use serde_json::{Value, json};

use crate::deployed::FUNCTION_ROLE;
use crate::world::*;

const STRANGER: &str = "999999999999";
const FOREIGN: &str = "amzn-s3-demo-bucket";

/// A notification of Alice's list in a bucket of a stranger, who lets everybody read and write there.
fn notified_of_a_foreign_bucket(world: &World) -> Value {
    let version_id = world.sim.put_object(FOREIGN, "accounts/team.csv", ALICES_LIST);
    world.sim.bucket_is_of(FOREIGN, STRANGER);
    let mut event = notification("accounts/team.csv", &version_id);
    event["Records"][0]["s3"]["bucket"]["name"] = json!(FOREIGN);
    event
}

/// No call into a member, no write to GuardDuty, nothing read out of the stranger's bucket, and nothing new in it.
fn touched_nothing(world: &World) {
    let calls = world.sim.ledger();
    assert!(calls.iter().all(|call| call.service == "s3" && (call.write || !call.done)), "{calls:#?}");
    for report in ["reports/accounts/team.json", "reports/accounts/team.csv"] {
        assert_eq!(world.sim.object(FOREIGN, report), None);
    }
}

#[tokio::test(start_paused = true)]
async fn a_list_in_a_bucket_of_another_account_is_refused_with_a_sentence() {
    // Even where the role may read every bucket.
    let world = World::new().without_iam().with("REPORT_BUCKET", BUCKET);
    let event = notified_of_a_foreign_bucket(&world);

    let answer = world.invoke(&event).await.expect("trying again would not help");

    touched_nothing(&world);
    let location = answer["reports"][0]["location"].as_str().expect("a report");
    let key = location.strip_prefix(&format!("s3://{BUCKET}/")).expect("a report in our bucket");
    let report = String::from_utf8(world.sim.object(BUCKET, key).expect("a report")).expect("UTF-8");
    assert!(report.contains("not allowed to read the list (AWS says: Access Denied)"), "{report}");
    assert!(report.contains("check that its bucket belongs to the administrator account"), "{report}");
}

#[tokio::test(start_paused = true)]
async fn a_report_on_a_list_in_a_bucket_of_another_account_does_not_go_there() {
    let world = World::new().without_iam();
    let event = notified_of_a_foreign_bucket(&world);

    let error = world.invoke(&event).await.expect_err("there is nowhere to write to").to_string();

    touched_nothing(&world);
    assert!(error.contains(&format!("the report could not be written to s3://{FOREIGN}/reports/")), "{error}");
    assert!(error.contains("check that the bucket belongs to the administrator account"), "{error}");
}

#[tokio::test(start_paused = true)]
async fn a_redelivered_list_in_a_bucket_of_another_account_is_refused_as_well() {
    let world = World::queued().without_iam();
    let event = notified_of_a_foreign_bucket(&world);
    let batch = json!({"Records": [{"messageId": "m-1", "receiptHandle": "r", "body": event.to_string(),
        "attributes": {"ApproximateReceiveCount": "2"}, "eventSource": "aws:sqs"}]});

    let answer = world.invoke(&batch).await;

    assert_eq!(answer, Ok(json!({"batchItemFailures": []})));
    touched_nothing(&world);
}

#[tokio::test(start_paused = true)]
async fn a_report_bucket_of_another_account_takes_no_report() {
    let world = World::new().without_iam().with("REPORT_BUCKET", FOREIGN);
    notified_of_a_foreign_bucket(&world);

    let seen = world.onboard(ALICES_LIST).await;

    let error = seen.answer.expect_err("delivered again").to_string();
    assert!(error.contains("check that the bucket belongs to the administrator account"), "{error}");
    assert_eq!(world.sim.object(FOREIGN, "reports/accounts/team.csv"), None, "e-mail addresses are in it");
}

#[tokio::test(start_paused = true)]
async fn the_functions_role_is_good_for_no_bucket_of_another_account_even_of_the_stacks_name() {
    let world = World::new();
    world.onboard(ALICES_LIST).await.all_enabled();
    let list = format!("arn:aws:s3:::{BUCKET}/accounts/team.csv");
    let report = format!("arn:aws:s3:::{BUCKET}/reports/accounts/team.csv");
    let may = |action: &str, resource: &str| world.sim.may(FUNCTION_ROLE, action, resource, VIRGINIA);
    assert!(may("s3:GetObject", &list) && may("s3:PutObject", &report));

    world.sim.bucket_is_of(BUCKET, STRANGER);

    assert!(!may("s3:GetObject", &list) && !may("s3:GetObjectVersion", &list) && !may("s3:PutObject", &report));
    let seen = world.deliver(&notification("accounts/missing.csv", "v"), "accounts/missing").await;
    assert!(seen.calls.iter().all(|call| !call.done), "{:#?}", seen.calls);
}

#[tokio::test(start_paused = true)]
async fn nobody_but_the_function_writes_or_deletes_a_report() {
    let world = World::new();
    world.onboard(ALICES_LIST).await.all_enabled();
    let operator = Client::new(&world.operators_sdk());
    let put = |key: &str| {
        let body = ByteStream::from_static(b"all is well");
        operator.put_object().bucket(BUCKET).key(key).body(body).send()
    };
    let delete = |key: &str| operator.delete_object().bucket(BUCKET).key(key).send();

    for report in ["reports/accounts/team.json", "reports/accounts/team.csv", "reports/accounts/new.json"] {
        assert!(put(report).await.is_err() && delete(report).await.is_err(), "{report}");
    }
    let version = operator.head_object().bucket(BUCKET).key("reports/accounts/team.json").send().await;
    let version = version.expect("an operator may read it").version_id.expect("a version");
    let gone = delete("reports/accounts/team.json");
    assert!(gone.await.is_err());
    let gone = operator.delete_object().bucket(BUCKET).key("reports/accounts/team.json").version_id(version);
    assert!(gone.send().await.is_err(), "nor one version of it");
    assert!(
        put("accounts/another.csv").await.is_ok() && delete("accounts/another.csv").await.is_ok(),
        "lists are theirs"
    );

    // The function itself still replaces an existing report.
    assert_eq!(world.onboard(THREE).await.count("enabled"), 3);
}

#[tokio::test(start_paused = true)]
async fn another_function_that_has_the_role_gets_into_no_other_account() {
    let world = World::new();
    world.onboard(ALICES_LIST).await.all_enabled();
    for other in ["function:another", "function:guardduty-onboarding-2"] {
        let arn = format!("arn:aws:lambda:{VIRGINIA}:{ADMINISTRATOR}:{other}");
        world.sim.role_is_of_function(FUNCTION_ROLE, &arn);

        let seen = world.onboard(THREE).await;

        assert_eq!(seen.ended(BOB, VIRGINIA), "failed -", "{other}");
        assert!(
            seen.detail(BOB, VIRGINIA).contains("because no identity-based policy allows the sts:AssumeRole action")
        );
    }
    // A version or an alias is the function, too.
    world.sim.role_is_of_function(FUNCTION_ROLE, &format!("{FUNCTION}:live"));
    assert_eq!(world.onboard(THREE).await.count("enabled"), 3);
}

#[tokio::test(start_paused = true)]
async fn another_function_that_has_the_role_asks_no_other_account_for_an_e_mail() {
    let reader = "arn:aws:iam::999999999999:role/GuardDutyOnboardingReader";
    let world = World::queued().with("ORGANIZATION_ROLE_ARN", reader);
    world.onboard(ALICES_LIST).await.all_enabled();
    assert!(world.sim.may(FUNCTION_ROLE, "sts:AssumeRole", reader, VIRGINIA));

    let other = format!("arn:aws:lambda:{VIRGINIA}:{ADMINISTRATOR}:function:another");
    world.sim.role_is_of_function(FUNCTION_ROLE, &other);

    assert!(!world.sim.may(FUNCTION_ROLE, "sts:AssumeRole", reader, VIRGINIA));
}

#[tokio::test(start_paused = true)]
async fn without_organizations_named_a_strangers_account_that_has_the_role_is_enrolled() {
    let world = World::new();
    world.sim.belongs_to_organization(BOB, "o-strangers11");

    world.onboard(THREE).await.all_enabled();
}
