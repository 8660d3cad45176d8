//! For any sequence of calls, the simulator and a second model of GuardDuty agree after each call.

mod calls;
mod model;
mod sequences;

use std::collections::{BTreeMap, BTreeSet};

use aws_sim::ADMINISTRATOR;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::support::{self, Caller, HOME, MEMBER, NOBODYS, SECOND, STRANGER, Stage, email};
use calls::{Account, Answer, Call, PLANS, Plans};
use model::Model;

/// The first two mostly invite, the others mostly join.
const ACCOUNTS: [&str; 4] = [ADMINISTRATOR, STRANGER, MEMBER, SECOND];

/// It is known that AWS refuses it, but not with which text.
const MALWARE_REFUSAL: &str = "malware protection is not the administrator's";

/// Everything that one account can see.
#[derive(Debug, PartialEq)]
struct View {
    detector: Option<(bool, [bool; 4])>,
    administrator: Option<(Account, String)>,
    invitations: BTreeMap<Account, String>,
    invitations_count: Value,
    /// Status and, of an associated member, its plans.
    members: BTreeMap<Account, (String, Option<[bool; 4]>)>,
}

struct Simulator {
    stage: Stage,
    callers: [Caller; 4],
}

impl Simulator {
    fn new(asleep_fails: bool) -> Self {
        let stage = Stage::new();
        stage.world.set(|knobs| {
            knobs.malware_protection_refusal = MALWARE_REFUSAL;
            knobs.suspended_detector_fails_verification = asleep_fails;
        });
        for account in ACCOUNTS {
            stage.world.email_is(account, &email(account));
        }
        let callers = ACCOUNTS.map(|account| stage.caller(account));
        Self { stage, callers }
    }

    fn detector(&self, account: Account) -> String {
        let found = self.stage.world.detector(ACCOUNTS[account], HOME);
        found.map_or(NOBODYS.into(), |detector| detector.id)
    }

    fn call(&self, call: &Call) -> support::Answer {
        let caller = &self.callers[call.caller()];
        let detector = self.detector(call.caller());
        let ids = |accounts: &BTreeSet<Account>| accounts.iter().map(|id| ACCOUNTS[*id]).collect::<Vec<_>>();
        let own = |method: &str, body: &Value| caller.guardduty(method, &format!("/detector/{detector}"), body);
        match call {
            Call::CreateDetector(_, on, plans) => {
                caller.guardduty("POST", "/detector", &with(json!({"enable": on}), plans))
            }
            Call::UpdateDetector { enable, frequency, plans, .. } => {
                let mut body = with(json!({"enable": enable}), plans);
                if *frequency {
                    body["findingPublishingFrequency"] = "ONE_HOUR".into();
                }
                own("POST", &body)
            }
            Call::DeleteDetector(_) => own("DELETE", &Value::Null),
            Call::CreateMembers { members, right_email, .. } => {
                let detail = |id: &str| {
                    let email = if *right_email { email(id) } else { "wrong@example.com".into() };
                    json!({"accountId": id, "email": email})
                };
                let details: Vec<_> = ids(members).into_iter().map(detail).collect();
                let path = format!("/detector/{detector}/member");
                caller.guardduty("POST", &path, &json!({"accountDetails": details}))
            }
            Call::Accept { administrator, right_invitation, .. } => {
                let listed = caller.get("/invitation").body["invitations"].as_array().cloned().unwrap_or_default();
                let theirs = listed.iter().find(|one| one["accountId"] == ACCOUNTS[*administrator]);
                let id = theirs.filter(|_| *right_invitation).and_then(|one| one["invitationId"].as_str());
                caller.accept(&detector, ACCOUNTS[*administrator], id.unwrap_or(NOBODYS))
            }
            Call::InviteMembers(_, members) => caller.members(&detector, "invite", &ids(members)),
            Call::DisassociateMembers(_, members) => caller.members(&detector, "disassociate", &ids(members)),
            Call::DeleteMembers(_, members) => caller.members(&detector, "delete", &ids(members)),
            Call::StopMonitoringMembers(_, members) => caller.members(&detector, "stop", &ids(members)),
            Call::StartMonitoringMembers(_, members) => caller.members(&detector, "start", &ids(members)),
            Call::UpdateMemberDetectors(_, members, plans) => {
                let body = with(json!({"accountIds": ids(members)}), plans);
                caller.guardduty("POST", &format!("/detector/{detector}/member/detector/update"), &body)
            }
            Call::Resign(_) => {
                let path = format!("/detector/{detector}/administrator/disassociate");
                caller.guardduty("POST", &path, &Value::Null)
            }
            Call::DeclineInvitations(_, from) => {
                caller.guardduty("POST", "/invitation/decline", &json!({"accountIds": ids(from)}))
            }
            Call::DeleteInvitations(_, from) => {
                caller.guardduty("POST", "/invitation/delete", &json!({"accountIds": ids(from)}))
            }
        }
    }

    fn view(&self, account: Account) -> View {
        let caller = &self.callers[account];
        let id = self.detector(account);
        let get = |target: &str| caller.get(target).body;
        let detector = get(&format!("/detector/{id}"));
        let administrator = get(&format!("/detector/{id}/administrator"))["administrator"].clone();
        let by_account = |list: &Value| -> BTreeMap<Account, String> {
            let entries = list.as_array().into_iter().flatten();
            entries.map(|one| (place(&one["accountId"]), word(&one["relationshipStatus"]))).collect()
        };
        let members = by_account(&get(&format!("/detector/{id}/member?onlyAssociated=false"))["members"]);
        let plans_of = |(member, status): (Account, String)| {
            let answer = caller.members(&id, "detector/get", &[ACCOUNTS[member]]).body;
            (member, (status, answer["members"].get(0).map(plans)))
        };
        View {
            detector: detector["status"].as_str().map(|status| (status == "ENABLED", plans(&detector))),
            administrator: administrator["accountId"]
                .as_str()
                .map(|_| (place(&administrator["accountId"]), word(&administrator["relationshipStatus"]))),
            invitations: by_account(&get("/invitation")["invitations"]),
            invitations_count: get("/invitation/count")["invitationsCount"].clone(),
            members: members.into_iter().map(plans_of).collect(),
        }
    }
}

impl Model {
    fn view(&self, account: Account) -> View {
        let ties = || self.ties.iter();
        let received = ties().filter(|((_, member), _)| *member == account);
        let invitations: BTreeMap<_, _> =
            received.filter_map(|((from, _), tie)| Some((*from, tie.invitation?.to_owned()))).collect();
        let administrator = self.administrator_of(account);
        let members = ties().filter(|((administrator, _), _)| *administrator == account);
        let members = members.filter_map(|((_, member), tie)| {
            let status = tie.entry?;
            let joined = ["Enabled", "Disabled"].contains(&status);
            Some((*member, (status.to_owned(), joined.then(|| self.detectors[member].plans))))
        });
        let detector = self.detectors.get(&account);
        View {
            detector: detector.map(|detector| (detector.on, detector.plans)),
            administrator: administrator
                .filter(|_| detector.is_some())
                .map(|(administrator, status)| (administrator, status.to_owned())),
            invitations_count: json!(invitations.len() - usize::from(administrator.is_some())),
            invitations,
            members: members.collect(),
        }
    }
}

/// The plans of a detector, under their new names and, if they have one, under their old name.
fn plans(detector: &Value) -> [bool; 4] {
    let features = detector["features"].as_array().cloned().unwrap_or_default();
    let status = |name: &&str| features.iter().any(|one| one["name"] == *name && one["status"] == "ENABLED");
    let plans: Vec<bool> = PLANS.iter().map(status).collect();
    let sources = &detector["dataSources"];
    let old = [
        &sources["s3Logs"],
        &sources["kubernetes"]["auditLogs"],
        &sources["malwareProtection"]["scanEc2InstanceWithFindings"]["ebsVolumes"],
    ];
    for (old, on) in old.into_iter().zip(&plans) {
        assert_eq!(old["status"], if *on { "ENABLED" } else { "DISABLED" }, "{detector}");
    }
    plans.try_into().expect("there are four")
}

fn with(mut body: Value, plans: &Plans) -> Value {
    let feature = |name: &str, on: bool| json!({"name": name, "status": if on { "ENABLED" } else { "DISABLED" }});
    match plans {
        Plans::Unnamed => {}
        Plans::Features(named) => {
            body["features"] = named.iter().map(|(plan, on)| feature(PLANS[*plan], *on)).collect();
        }
        Plans::Sources(named) => {
            let paths: [&[&str]; 3] = [
                &["s3Logs", "enable"],
                &["kubernetes", "auditLogs", "enable"],
                &["malwareProtection", "scanEc2InstanceWithFindings", "ebsVolumes"],
            ];
            for (plan, on) in named {
                let place = paths[*plan].iter().fold(&mut body["dataSources"], |place, name| &mut place[*name]);
                *place = json!(on);
            }
        }
        Plans::Both => {
            body["features"] = json!([feature("S3_DATA_EVENTS", true)]);
            body["dataSources"] = json!({"s3Logs": {"enable": true}});
        }
        Plans::Analyst => body["features"] = json!([feature("AI_ANALYST", true)]),
        Plans::Strange => {
            let mut strange = feature("S3_DATA_EVENTS", true);
            strange["additionalConfiguration"] = json!([feature("S3_AGENT_MANAGEMENT", true)]);
            body["features"] = json!([strange]);
        }
    }
    body
}

fn place(id: &Value) -> Account {
    ACCOUNTS.iter().position(|account| id == account).expect("nobody else was named")
}

fn word(status: &Value) -> String {
    status.as_str().expect("a status").to_owned()
}

/// Whether the simulator's answer is of the expected kind.
fn agrees(answer: &support::Answer, expected: &Answer) -> bool {
    match expected {
        Answer::Refused(fragment) => answer.status == 400 && answer.message.contains(fragment),
        Answer::Done(left_out) => {
            let entries = answer.body["unprocessedAccounts"].as_array().cloned().unwrap_or_default();
            let told = |(account, fragment): (&Account, &&str)| {
                let mut entries = entries.iter();
                entries.any(|one| place(&one["accountId"]) == *account && word(&one["result"]).contains(*fragment))
            };
            answer.status == 200 && entries.len() == left_out.len() && left_out.iter().all(told)
        }
    }
}

fn live_through(asleep_fails: bool, calls: &[Call]) {
    let (simulator, mut model) = (Simulator::new(asleep_fails), Model { asleep_fails, ..Model::default() });
    for (step, call) in calls.iter().enumerate() {
        let told = simulator.call(call);
        let expected = model.call(call);
        assert!(agrees(&told, &expected), "call {step}, {call:?}: {told:?}, expected {expected:?}");
        for (account, id) in ACCOUNTS.iter().enumerate() {
            assert_eq!(simulator.view(account), model.view(account), "{id} after call {step}, {call:?}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_simulator_and_a_second_opinion_agree_after_every_call(
        asleep_fails: bool,
        calls in sequences::sequence(),
    ) {
        live_through(asleep_fails, &calls);
    }
}
