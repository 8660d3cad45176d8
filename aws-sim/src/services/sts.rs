//! STS: AssumeRole and GetCallerIdentity, in the query protocol.

mod assume;

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::iam::action::Action;
use crate::iam::arn;
use crate::iam::caller::{Asked, Intent, Session};
use crate::state::State as World;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::request::pairs;
use crate::wire::service::Service;
use crate::wire::xml;

/// What STS remembers.
#[derive(Debug, Default)]
pub(crate) struct State {
    sessions: HashMap<String, Arc<Session>>,
    /// Calls of the last second, by calling account and Region.
    recent: HashMap<(String, String), VecDeque<SystemTime>>,
}

impl State {
    /// The session behind an access key id, if we have issued it.
    pub(crate) fn session(&self, key: &str) -> Option<Arc<Session>> {
        self.sessions.get(key).cloned()
    }

    /// The session policies that were given with AssumeRole.
    pub(crate) fn policies(&self) -> impl Iterator<Item = &str> {
        self.sessions.values().filter_map(|session| session.policy_text.as_deref())
    }

    /// How long sessions were to last.
    pub(crate) fn lifetimes(&self) -> impl Iterator<Item = Duration> {
        self.sessions.values().map(|session| session.lifetime)
    }

    /// Whether this call is one too many. The quota is the calling account's, in each Region (IAM quotas).
    fn crowded(&mut self, asked: &Asked, per_second: u32) -> bool {
        let calls = self.recent.entry((asked.caller.account.clone(), asked.region.into())).or_default();
        while calls.front().is_some_and(|&at| at + Duration::from_secs(1) <= asked.now) {
            calls.pop_front();
        }
        let crowded = calls.len() >= usize::try_from(per_second).unwrap_or(usize::MAX);
        if !crowded {
            calls.push_back(asked.now);
        }
        crowded
    }
}

/// What a request wants of STS.
pub(crate) fn intent(world: &World, asked: &Asked) -> Result<Intent, String> {
    let form = form(asked);
    let operation = field(&form, "Action").unwrap_or_default();
    let mut intent = Intent::plain(Service::Sts, operation, false);
    match operation {
        "AssumeRole" => {
            let role = field(&form, "RoleArn").unwrap_or_default();
            intent.accounts = arn::account(role).map(Into::into).into_iter().collect();
            let action = Action::on("sts:AssumeRole", role);
            let organization = intent.accounts.first().and_then(|account| world.organization_of(account));
            intent.actions = vec![match organization {
                Some(organization) => action.with("aws:resourceorgid", organization),
                None => action,
            }];
        }
        // Needs no permission (API reference).
        "GetCallerIdentity" => intent.actions.clear(),
        "" => return Err(format!("{} {}", asked.request.method, asked.request.path)),
        unknown => return Err(unknown.into()),
    }
    Ok(intent)
}

/// Does what the request wants.
pub(crate) fn answer(world: &mut World, asked: &Asked, operation: &str) -> Result<Reply, Refusal> {
    if world.sts.crowded(asked, world.knobs.sts_per_second) {
        return Err(Refusal::throttled(Service::Sts));
    }
    match operation {
        "AssumeRole" => assume::role(world, asked, &form(asked)),
        "GetCallerIdentity" => {
            let caller = asked.caller;
            let (arn, user) = (xml::text("Arn", &caller.arn), xml::text("UserId", &caller.user_id));
            Ok(result(world, operation, &(arn + &user + &xml::text("Account", &caller.account))))
        }
        unknown => Err(Refusal::unknown_operation(unknown)),
    }
}

fn result(world: &mut World, operation: &str, content: &str) -> Reply {
    let request_id = xml::text("RequestId", &world.ids.uuid());
    let result = xml::element(&format!("{operation}Result"), content);
    let metadata = xml::element("ResponseMetadata", &request_id);
    Reply::xml(xml::document(&format!("{operation}Response"), xml::STS_NAMESPACE, &(result + &metadata)))
}

/// The fields, from the body or, of a GET request, from the query.
fn form(asked: &Asked) -> Vec<(String, String)> {
    let body = String::from_utf8_lossy(&asked.request.body);
    pairs(if body.is_empty() { &asked.request.query } else { &body })
}

fn field<'a>(form: &'a [(String, String)], name: &str) -> Option<&'a str> {
    form.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
}
