//! The world a story happens in: the simulator, the settings, and what an operator can see afterwards.

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_config::SdkConfig;
use aws_sdk_guardduty::config::{Credentials, SharedCredentialsProvider};
use aws_sim::{Call, Fault, Kind};
use guardduty_onboarding::account::AccountId;
use guardduty_onboarding::aws::{Aws, Identity};
use guardduty_onboarding::clock::Clock;
use guardduty_onboarding::config::{Config, Regions};
use guardduty_onboarding::declared::{Goal, Mode};
use guardduty_onboarding::lambda::{HandleError, Invocation, handle};
use guardduty_onboarding::outcome::Retry;
use guardduty_onboarding::reconcile::{self, Context};
use guardduty_onboarding::roster::{self, Roster, Rules};
use guardduty_onboarding::run::{Origin, Run, Source};
use serde_json::{Value, json};

use crate::deployed;

pub const ADMINISTRATOR: &str = "123456789012";
pub const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:guardduty-onboarding";
/// A temporary key of that account, as Lambda gives the function for its role.
const FUNCTIONS_KEY: &str = "ASIARZPUZDIKAAAAAAAA";
pub const ALICE: &str = "111122223333";
pub const BOB: &str = "444455556666";
pub const CAROL: &str = "222233334444";
pub const VIRGINIA: &str = "us-east-1";
pub const IRELAND: &str = "eu-west-1";
/// An opt-in Region.
pub const MILAN: &str = "eu-south-1";
pub const BUCKET: &str = "guardduty-onboarding-123456789012-us-east-1";

/// Alice's row alone, on line 2.
pub const ALICES_LIST: &str = "Account ID,Email\n111122223333,alice@example.com\n";
/// Three accounts, on lines 2 to 4.
pub const THREE: &str =
    "Account ID,Email\n111122223333,alice@example.com\n444455556666,bob@example.com\n222233334444,carol@example.com\n";

/// A list of `count` accounts, with ids that end in 0001, 0002, …
pub fn list_of(count: usize) -> String {
    let rows = (1..=count).map(|n| format!("0000000{n:05},account-{n}@example.com\n"));
    format!("Account ID,Email\n{}", rows.collect::<String>())
}

/// A fault that hits every time.
pub fn always(kind: Kind) -> Fault {
    Fault { times: u32::MAX, kind, ..Fault::default() }
}

/// AWS does not accept the caller's token, in the words of that service.
pub fn invalid_token(code: &str) -> Kind {
    let message = "The security token included in the request is invalid.";
    Kind::Reply { status: 403, code: code.into(), message: message.into() }
}

pub struct World {
    pub sim: aws_sim::World,
    clock: Clock,
    settings: BTreeMap<&'static str, String>,
    deployed: OnceCell<()>,
    /// What the last invocation measured.
    pub metrics: RefCell<String>,
    /// How long an invocation may take.
    pub time_limit: Duration,
}

impl World {
    /// A world in which everything goes well, in Virginia alone.
    pub fn new() -> Self {
        crate::log::subscribe();
        let noon: SystemTime = UNIX_EPOCH + Duration::from_secs(1_767_268_800);
        let clock = Clock::following_tokio(noon);
        let sim = aws_sim::World::new(move || clock.now());
        // The bucket is there before anything is uploaded to it.
        sim.put_object(BUCKET, "accounts/", "");
        let settings = [("AWS_REGION", VIRGINIA), ("MEMBER_ROLE_NAME", "GuardDutyOnboardingMember")];
        let settings = settings.into_iter().map(|(name, value)| (name, value.to_owned())).collect();
        let time_limit = Duration::from_secs(900);
        Self { sim, clock, settings, deployed: OnceCell::new(), metrics: RefCell::default(), time_limit }
    }

    /// Without the roles of the templates: everybody may do everything.
    pub fn without_iam(self) -> Self {
        self.deployed.get_or_init(|| ());
        self
    }

    /// Deploys the templates with the current settings.
    pub fn deploy(&self) {
        deployed::roles(&self.sim, &self.settings);
    }

    /// With this setting, or parameter of the stack.
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.settings.insert(name, value.into());
        self
    }

    pub fn in_regions(self, regions: &str) -> Self {
        self.with("REGIONS", regions)
    }

    pub fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Hands an event to the function.
    pub async fn invoke(&self, event: &Value) -> Result<Value, HandleError> {
        self.deployed.get_or_init(|| deployed::roles(&self.sim, &self.settings));
        let config = self.config();
        let invocation = Invocation {
            request_id: "8476a536-e9f4-11e8-9739-2dfe598c3fcd".into(),
            function_arn: FUNCTION.into(),
            deadline: self.now() + self.time_limit,
        };
        let handled = handle(&Aws::new(self.sdk(FUNCTIONS_KEY), self.clock), &config, event, &invocation).await;
        assert!(self.now() < invocation.deadline, "Lambda would have stopped the function");
        self.metrics.replace(handled.metrics.lines());
        handled.answer
    }

    /// Plans a list or carries it out without Lambda, as a command line does.
    pub async fn run(&self, list: &str, goal: Goal, mode: Mode) -> Run {
        reconcile::run(self.context(Some(goal), mode), self.roster(list, goal).into()).await
    }

    pub fn roster(&self, list: &str, goal: Goal) -> Roster {
        let administrator = AccountId::parse(ADMINISTRATOR);
        roster::read(list.as_bytes(), &Rules { goal, administrator, protected: &self.config().brakes.protected })
    }

    /// What a run without Lambda shares.
    pub fn context(&self, goal: Option<Goal>, mode: Mode) -> Context {
        self.deployed.get_or_init(|| deployed::roles(&self.sim, &self.settings));
        let config = self.config();
        let Regions::Listed(regions) = config.regions.clone() else { panic!("name the Regions") };
        let identity = Identity::from_function_arn(FUNCTION).expect("an ARN");
        let aws = Aws::new(self.sdk(FUNCTIONS_KEY), self.clock);
        let source = Source::Request { request: "by-hand".into() };
        let origin =
            Origin { source, goal, mode, retry: Retry::OnRequest, requester: None, started_at: self.now().into() };
        Context::new(&aws, &config, &identity, regions, origin, tokio::time::Instant::now() + self.time_limit)
    }

    fn config(&self) -> Config {
        Config::read(|name| self.settings.get(name).cloned()).expect("good settings")
    }

    /// AWS as an operator in the administrator account finds it.
    pub fn operators_sdk(&self) -> SdkConfig {
        self.sdk("AKIAIOSFODNN7EXAMPLE")
    }

    fn sdk(&self, key: &str) -> SdkConfig {
        let credentials = Credentials::new(key, "secret", None, None, "local");
        SdkConfig::builder()
            .behavior_version(aws_config::BehaviorVersion::latest())
            .region(aws_config::Region::new(VIRGINIA))
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .sleep_impl(aws_smithy_async::rt::sleep::SharedAsyncSleep::new(
                aws_smithy_async::rt::sleep::TokioSleep::new(),
            ))
            .http_client(self.sim.http_client())
            .build()
    }

    /// Uploads a list and lets S3 notify the function.
    pub async fn upload(&self, key: &str, list: impl AsRef<[u8]>) -> Seen {
        let version_id = self.sim.put_object(BUCKET, key, list.as_ref().to_vec());
        self.notify(key, &version_id).await
    }

    /// S3 notifies the function of an existing object.
    pub async fn notify(&self, key: &str, version_id: &str) -> Seen {
        self.deliver(&notification(key, version_id), key.strip_suffix(".csv").unwrap_or(key)).await
    }

    /// Hands an event to the function and reads the report of that name.
    pub async fn deliver(&self, event: &Value, report: &str) -> Seen {
        self.sim.clear_ledger();
        let began = tokio::time::Instant::now();
        let answer = self.invoke(event).await;
        let took = began.elapsed();
        let calls = self.sim.ledger();
        Seen { answer, report: self.report(report), csv: self.csv(report), calls, took }
    }

    /// The JSON report of that name; null if there is none.
    pub fn report(&self, name: &str) -> Value {
        let json = self.sim.object(BUCKET, &format!("reports/{name}.json"));
        json.map_or(Value::Null, |json| serde_json::from_slice(&json).expect("a JSON report"))
    }

    /// The CSV report of that name; empty if there is none.
    pub fn csv(&self, name: &str) -> String {
        let csv = self.sim.object(BUCKET, &format!("reports/{name}.csv"));
        csv.map_or_else(String::new, |csv| String::from_utf8(csv).expect("a CSV report in UTF-8"))
    }

    pub async fn onboard(&self, list: &str) -> Seen {
        self.upload("accounts/team.csv", list).await
    }

    /// GuardDuty's word for a member.
    pub fn status(&self, region: &str, account: &str) -> Option<String> {
        self.sim.member(region, account).map(|member| member.status)
    }
}

pub fn notification(key: &str, version_id: &str) -> Value {
    let key = key.replace(' ', "+");
    json!({"Records": [{"eventVersion": "2.1", "eventSource": "aws:s3", "eventName": "ObjectCreated:Put",
        "eventTime": "2026-01-01T12:00:00.000Z",
        "s3": {"bucket": {"name": BUCKET}, "object": {"key": key, "versionId": version_id}}}]})
}

/// What an operator sees of one invocation.
pub struct Seen {
    pub answer: Result<Value, HandleError>,
    pub report: Value,
    pub csv: String,
    pub calls: Vec<Call>,
    pub took: Duration,
}

impl Seen {
    fn membership(&self, account: &str, region: &str) -> &Value {
        let memberships = self.report["memberships"].as_array().expect("memberships");
        let mut found = memberships.iter().filter(|one| one["accountId"] == account && one["region"] == region);
        let membership = found.next().unwrap_or_else(|| panic!("{account} in {region} is not in {:#}", self.report));
        assert!(found.next().is_none(), "{account} in {region} is in the report twice");
        membership
    }

    /// `outcome status` of a membership.
    pub fn ended(&self, account: &str, region: &str) -> String {
        let membership = self.membership(account, region);
        let word = |name: &str| membership[name].as_str().unwrap_or("-").to_owned();
        format!("{} {}", word("outcome"), word("status"))
    }

    /// The sentence for a membership.
    pub fn detail(&self, account: &str, region: &str) -> &str {
        self.membership(account, region)["detail"].as_str().unwrap_or("")
    }

    pub fn notices(&self) -> String {
        let notices = self.report["notices"].as_array().expect("notices");
        notices.iter().filter_map(Value::as_str).collect::<Vec<_>>().join("\n")
    }

    pub fn count(&self, name: &str) -> u64 {
        self.report["summary"][name].as_u64().unwrap_or_else(|| panic!("no count {name} in {:#}", self.report))
    }

    pub fn calls_to(&self, operation: &str) -> usize {
        self.calls.iter().filter(|call| call.operation == operation).count()
    }

    /// Calls with the credentials of other accounts than the administrator's, and AssumeRole.
    pub fn calls_to_members(&self) -> usize {
        self.calls.iter().filter(|call| call.caller != ADMINISTRATOR || call.operation == "AssumeRole").count()
    }

    /// Writes to GuardDuty, by any account.
    pub fn writes(&self) -> Vec<&str> {
        let writes = self.calls.iter().filter(|call| call.write && call.service == "guardduty");
        writes.map(|call| call.operation.as_str()).collect()
    }

    /// All is enabled, and the answer says so.
    pub fn all_enabled(&self) {
        assert!(self.answer.is_ok(), "{:?}", self.answer);
        assert_eq!(self.count("enabled"), self.count("memberships"), "{:#}", self.report);
    }

    /// All is enabled but for that account in that Region.
    pub fn all_but(&self, account: &str, region: &str) {
        let memberships = self.report["memberships"].as_array().expect("memberships");
        let others = memberships.iter().filter(|one| one["accountId"] != account || one["region"] != region);
        assert!(others.clone().all(|one| one["outcome"] == "enabled"), "{:#}", self.report);
        assert_eq!(others.count() + 1, memberships.len());
    }

    /// Alice is not well in Virginia, as `ended` says, with this in her sentence; Bob and Carol are enabled.
    pub fn only_alice(&self, ended: &str, said: &str) {
        assert_eq!(self.ended(ALICE, VIRGINIA), ended, "{:#}", self.report);
        let detail = self.detail(ALICE, VIRGINIA);
        assert!(detail.contains(said), "{detail:?} does not say {said:?}");
        for healthy in [BOB, CAROL] {
            assert_eq!(self.ended(healthy, VIRGINIA), "enabled Enabled", "{:#}", self.report);
        }
        assert_eq!(self.answer.is_err(), ended.starts_with("pending"), "{:?}", self.answer);
        assert!(self.took < Duration::from_secs(100), "nothing was left to wait for, but it took {:?}", self.took);
    }
}
