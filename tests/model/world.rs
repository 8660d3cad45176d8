//! The simulated AWS with the function in it. Operations change it, and the model looks at it.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_config::SdkConfig;
use aws_sdk_guardduty::config::{Credentials, SharedCredentialsProvider};
use aws_sim::{ADMINISTRATOR, Fault, Kind};
use guardduty_onboarding::aws::Aws;
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::Config;
use guardduty_onboarding::lambda::{Invocation, handle};
use serde_json::{Value, json};

use crate::ensure;
use crate::lists::{List, MAX_LEAVING};
use crate::operations::{Account, Address, Fate, Key, Place, REGIONS, Row, Sequence};
use crate::plans::{self, Plans};
use crate::reference::{STATUSES, Seen, Status};
use crate::report::MESSAGE;

const BUCKET: &str = "guardduty-onboarding-123456789012-us-east-1";
const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:guardduty-onboarding";
/// A temporary key of the administrator's, as Lambda gives it to the function.
const FUNCTIONS_KEY: &str = "ASIARZPUZDIKAAAAAAAA";
const SETTINGS: [(&str, &str); 7] = [
    ("AWS_REGION", "us-east-1"),
    ("REGIONS", "us-east-1,eu-west-1"),
    ("MEMBER_ROLE_NAME", "GuardDutyOnboardingMember"),
    ("REPORT_BUCKET", BUCKET),
    ("SETTLE_SECONDS", "5"),
    ("ALLOW_SUSPEND", "true"),
    ("ALLOW_REMOVE", "true"),
];
/// As long as a slow verification takes.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The simulated AWS, and the function's settings in it.
pub struct World {
    pub sim: aws_sim::World,
    clock: Clock,
    aws: Aws,
    config: Config,
}

pub fn id(account: Account) -> String {
    format!("0000000{:05}", account + 1)
}

pub fn email(account: Account, address: Address) -> String {
    let local = match address {
        Address::Right => "root",
        Address::Old => "old",
        Address::Typo => "rot",
    };
    format!("{local}+{account}@example.com")
}

impl World {
    pub fn new(sequence: &Sequence) -> Self {
        let noon: SystemTime = UNIX_EPOCH + Duration::from_secs(1_767_268_800);
        let clock = Clock::following_tokio(noon);
        let sim = aws_sim::World::new(move || clock.now());
        sim.set(|knobs| {
            knobs.latency = Duration::from_millis(200);
            knobs.verification = if sequence.slow { DAY } else { Duration::from_millis(900) };
            if sequence.lag {
                knobs.status_lag = Duration::from_secs(1);
                knobs.invitation_visible_after = Duration::from_millis(500);
                knobs.plans_settable_after = Duration::from_millis(500);
                knobs.plans_visible_after = Duration::from_secs(1);
            }
        });
        // The bucket is there before anything is uploaded to it.
        sim.put_object(BUCKET, "accounts/", "");
        for region in REGIONS {
            sim.put_detector(ADMINISTRATOR, region, true);
            // What a run sets for the administrator itself is not modelled, so nothing is left to set.
            for declared in plans::DECLARED.split(',').filter(|_| sequence.plans) {
                let (plan, status) = declared.split_once('=').expect("a plan");
                sim.set_feature(ADMINISTRATOR, region, plan, status == "ENABLED");
            }
        }
        let mut settings: BTreeMap<_, _> = SETTINGS.map(|(name, value)| (name, value.to_owned())).into();
        settings.insert("MAX_LEAVING", MAX_LEAVING.to_string());
        if sequence.plans {
            settings.insert("PROTECTION_PLANS", plans::DECLARED.into());
        }
        let config = Config::read(|name| settings.get(name).cloned()).expect("good settings");
        Self { aws: Aws::new(sdk(&sim), clock), sim, clock, config }
    }

    /// Everything under way ends, except slow verifications.
    pub async fn breathes(&self) {
        tokio::time::sleep(Duration::from_secs(5)).await;
    }

    /// Slow verifications end, too.
    pub async fn waits(&self) {
        tokio::time::sleep(2 * DAY).await;
    }

    /// The account's root user has its address.
    pub fn has(&self, account: Account) {
        self.sim.email_is(&id(account), &email(account, Address::Right));
    }

    pub fn role_comes(&self, account: Account) {
        self.sim.role_ready_at(&id(account), self.clock.now());
    }

    /// The id of the list's new version.
    pub fn upload(&self, list: &List) -> String {
        let row = |row: &Row| match row {
            Row::Good(account, address) => format!("{},{}\n", id(*account), email(*account, *address)),
            Row::ShortId(account) => format!("{},{}\n", &id(*account)[1..], email(*account, Address::Right)),
            Row::NoEmail(account) => format!("{},\n", id(*account)),
            Row::Administrator => format!("{ADMINISTRATOR},root@example.com\n"),
        };
        let rows = list.rows.as_ref().map(|rows| rows.iter().map(row).collect::<String>());
        let text = rows.map_or_else(|| "<html>".into(), |rows| format!("Account ID,Email\n{rows}"));
        self.sim.put_object(BUCKET, &name(list.key, "", "csv"), text)
    }

    pub fn delete(&self, key: Key) {
        self.sim.delete_object(BUCKET, &name(key, "", "csv"));
    }

    /// Delivers a message to the function. Returns its answer, or `None` if the delivery was dropped.
    pub async fn deliver(&self, event: &Value, fate: Fate) -> Result<Option<Value>, String> {
        self.sim.clear_ledger();
        if let Fate::Throttled { operation, times } = fate {
            self.sim.fault(Fault { operation: Some(operation), times, kind: Kind::Throttle, ..Fault::default() });
        }
        let limit = if let Fate::Short { ms } = fate { Duration::from_millis(ms) } else { Duration::from_secs(900) };
        let invocation = Invocation {
            request_id: "8476a536-e9f4-11e8-9739-2dfe598c3fcd".into(),
            function_arn: FUNCTION.into(),
            deadline: self.clock.now() + limit,
        };
        let handled = handle(&self.aws, &self.config, event, &invocation);
        let dropped = if let Fate::Dropped { ms } = fate { Duration::from_millis(ms) } else { DAY };
        let handled = tokio::time::timeout(dropped, handled).await.ok();
        ensure(self.clock.now() <= invocation.deadline, || "Lambda would have stopped the function".into())?;
        handled.map(|handled| handled.answer.map_err(|error| format!("a batch has no answer: {error}"))).transpose()
    }

    /// A file of the list's report.
    pub fn object(&self, key: Key, extension: &str) -> Option<Vec<u8>> {
        self.sim.object(BUCKET, &name(key, "reports/", extension))
    }

    pub fn report(&self, key: Key) -> Option<Value> {
        self.object(key, "json").map(|json| serde_json::from_slice(&json).expect("a JSON report"))
    }

    /// The report of the last reconcile.
    pub fn fleet_report(&self) -> Option<Value> {
        let json = self.sim.object(BUCKET, "reports/fleet.json");
        json.map(|json| serde_json::from_slice(&json).expect("a JSON report"))
    }

    pub fn members(&self, region: usize) -> usize {
        self.sim.members(REGIONS[region]).len()
    }

    /// The true state of an account in a Region.
    pub fn seen(&self, (account, region): Place) -> Result<Seen, String> {
        let member = self.sim.member(REGIONS[region], &id(account));
        let member = member.map(|member| of_model(account, &member)).transpose()?;
        let detector = self.sim.detector(&id(account), REGIONS[region]).map(|detector| detector.enabled);
        let features = self.sim.features(&id(account), REGIONS[region]);
        let plans = detector.map(|_| Plans::seen(|plan| features[plan]));
        Ok(Seen { member, detector, plans: plans.unwrap_or_default() })
    }
}

/// A member of the simulator, in the model's terms.
fn of_model(account: Account, member: &aws_sim::Member) -> Result<(Status, Address), String> {
    let status = STATUSES.into_iter().find(|status| format!("{status:?}") == member.status);
    let address =
        [Address::Right, Address::Old, Address::Typo].into_iter().find(|one| email(account, *one) == member.email);
    status.zip(address).ok_or_else(|| format!("the model knows no such member: {member:?}"))
}

/// The upload's message as S3 sends it to the queue, and Lambda to the function.
pub fn upload(key: Key, version: &str, deliveries: u32) -> Value {
    let object = json!({"key": name(key, "", "csv"), "versionId": version});
    let event = json!({"Records": [{"eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": BUCKET}, "object": object}}]});
    message(&event, deliveries)
}

pub fn reconcile(heal: bool) -> Value {
    message(&json!({"reconcile": if heal { "heal" } else { "report" }}), 1)
}

fn message(body: &Value, deliveries: u32) -> Value {
    json!({"Records": [{"messageId": MESSAGE, "receiptHandle": "r", "body": body.to_string(), "eventSource": "aws:sqs",
        "attributes": {"ApproximateReceiveCount": deliveries.to_string()}}]})
}

pub fn name(key: Key, prefix: &str, extension: &str) -> String {
    let stem = match key {
        Key::Team => "accounts/team",
        Key::Others => "accounts/others",
        Key::Suspend => "suspend/team",
        Key::Remove => "remove/team",
    };
    format!("{prefix}{stem}.{extension}")
}

fn sdk(sim: &aws_sim::World) -> SdkConfig {
    let credentials = Credentials::new(FUNCTIONS_KEY, "secret", None, None, "model");
    let sleep = aws_smithy_async::rt::sleep::TokioSleep::new();
    SdkConfig::builder()
        .behavior_version(aws_config::BehaviorVersion::latest())
        .region(aws_config::Region::new(REGIONS[0]))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(sleep))
        .http_client(sim.http_client())
        .build()
}
