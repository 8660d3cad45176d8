//! The function is killed while it removes members: at any moment, and after each kind of call.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use std::time::{Duration, Instant};

use aws_sim::{ADMINISTRATOR, Member};
use serde_json::{Value, json};

use crate::kill::{BUCKET, deliver, delivery};
use crate::lambda::Lambda;
use crate::{ROLE, ledger};

const KEY: &str = "remove/team.csv";
const REGION: &str = "us-east-1";
/// How often at a random moment.
const KILLS: u32 = 16;
/// How often in one world.
const KILLS_IN_A_ROW: u32 = 4;

/// On the list. The first twenty have been gone for long.
const LISTED: RangeInclusive<usize> = 1..=120;
/// Their organization enables all accounts, so GuardDuty does not let them go.
const HELD: RangeInclusive<usize> = 21..=30;
/// On the list, each with an entry among the administrator's members.
const MEMBERS: RangeInclusive<usize> = 31..=120;
/// On no list.
const BYSTANDERS: RangeInclusive<usize> = 201..=216;

/// How these and the bystanders begin, in turn.
const STATUSES: [&str; 8] = ["Enabled", "Enabled", "Disabled", "Enabled", "Created", "Invited", "Removed", "Resigned"];

/// Every kind of call on the way.
const OPERATIONS: [&str; 11] = [
    "GetObject",
    "ListDetectors",
    "GetMembers",
    "HeadObject",
    "DisassociateMembers",
    "DeleteMembers",
    "AssumeRole",
    "GetDetector",
    "GetAdministratorAccount",
    "DeleteDetector",
    "PutObject",
];

fn id(number: usize) -> String {
    format!("{number:012}")
}

/// Every other detector is the function's.
fn is_ours(number: usize) -> bool {
    number.is_multiple_of(2)
}

/// An account that the list must not change, as it is now.
type Untouched = (Option<Member>, Option<String>);

struct World {
    lambda: Lambda,
    version: String,
    /// Whoever is on no list, or held.
    untouched: Vec<Untouched>,
    /// Members with a detector that they created themselves.
    own_detectors: BTreeSet<usize>,
}

impl World {
    fn start() -> Self {
        let allowed = [("ALLOW_REMOVE", "true"), ("MAX_LEAVING", "120"), ("DELETE_DETECTORS", "true")];
        let lambda = Lambda::start(&[&[ROLE][..], &allowed].concat());
        let sim = &lambda.sim;
        sim.set(|knobs| knobs.latency = Duration::from_millis(5));
        sim.auto_enable_organization_members("ALL");
        HELD.for_each(|number| sim.put_organization_member(REGION, &id(number)));
        for number in MEMBERS.chain(BYSTANDERS) {
            sim.put_member(REGION, &id(number), "user@example.com", STATUSES[number % STATUSES.len()]);
            if is_ours(number) {
                sim.tag_detector(&id(number), REGION, "guardduty-onboarding", ADMINISTRATOR);
            }
        }
        let rows: String = LISTED.map(|number| id(number) + "\n").collect();
        let version = sim.put_object(BUCKET, KEY, format!("Account ID\n{rows}"));
        let untouched = untouched(&lambda);
        let own = |number: &usize| !is_ours(*number) && lambda.sim.detector(&id(*number), REGION).is_some();
        let own_detectors = MEMBERS.filter(own).collect();
        Self { lambda, version, untouched, own_detectors }
    }

    fn delivery(&self, count: u32) -> Value {
        delivery(KEY, &self.version, count)
    }

    /// Delivers until the message is done. `count` deliveries have been.
    fn ends_right(mut self, count: u32) {
        deliver(&mut self.lambda, KEY, &self.version, count);
        let sim = &self.lambda.sim;

        let report = sim.object(BUCKET, "reports/remove/team.json").expect("a report");
        let report: Value = serde_json::from_slice(&report).expect("a whole report");
        let (removed, failed) = (LISTED.count() - HELD.count(), HELD.count());
        assert_eq!(report["summary"]["removed"], removed, "{}", report["summary"]);
        assert_eq!(report["summary"]["failed"], failed, "{}", report["summary"]);

        let stay: Vec<String> = HELD.chain(BYSTANDERS).map(id).collect();
        let members: Vec<String> = sim.members(REGION).into_iter().map(|member| member.account).collect();
        assert_eq!(members, stay, "exactly those on the list leave");
        assert_eq!(untouched(&self.lambda), self.untouched);
        let left = MEMBERS.filter(|number| sim.detector(&id(*number), REGION).is_some());
        assert_eq!(left.collect::<BTreeSet<_>>(), self.own_detectors);

        let calls = self.lambda.calls();
        ledger::no_write_is_repeated_once_it_shows(&calls, Duration::ZERO);
        let named = calls.iter().filter(|call| call.caller == ADMINISTRATOR).flat_map(|call| &call.accounts);
        let listed: BTreeSet<String> = LISTED.map(id).collect();
        assert_eq!(named.cloned().collect::<BTreeSet<_>>(), listed, "nobody else is even looked at");
        assert!(calls.iter().all(|call| call.caller == ADMINISTRATOR || listed.contains(&call.caller)));
    }
}

fn untouched(lambda: &Lambda) -> Vec<Untouched> {
    let as_it_is = |number| {
        let detector = lambda.sim.detector(&id(number), REGION);
        (lambda.sim.member(REGION, &id(number)), detector.map(|detector| format!("{detector:?}")))
    };
    HELD.chain(BYSTANDERS).map(as_it_is).collect()
}

#[test]
fn killed_at_any_moment_a_removal_lets_exactly_the_listed_accounts_go() {
    let began = Instant::now();
    World::start().ends_right(0);
    let whole = began.elapsed();

    for _ in 0..KILLS / KILLS_IN_A_ROW {
        let mut world = World::start();
        for count in 1..=KILLS_IN_A_ROW {
            let after = whole.mul_f64(fastrand::f64() * 0.8);
            println!("killed after {after:?} of {whole:?}");
            let delivery = world.delivery(count);
            world.lambda.kill_during(&delivery, after);
        }
        world.ends_right(KILLS_IN_A_ROW);
    }
}

#[test]
fn killed_after_each_kind_of_call_a_removal_lets_exactly_the_listed_accounts_go() {
    for operation in OPERATIONS {
        let mut world = World::start();
        let first = world.delivery(1);
        let answer = world.lambda.kill_at_call(&first, operation, 1);
        assert_eq!(answer, None, "{operation} is on the way");
        // The second such call may be of another batch, or of another account.
        let again = world.delivery(2);
        let answer = world.lambda.kill_at_call(&again, operation, 2);
        assert!(answer.is_none_or(|answer| answer == Ok(json!({"batchItemFailures": []}))), "{operation}");
        world.ends_right(2);
    }
}
