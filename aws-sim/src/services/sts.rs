//! STS: AssumeRole and GetCallerIdentity, in the query protocol.

mod assume;

use super::query::{self, Form};
use crate::iam::action::Action;
use crate::iam::arn;
use crate::iam::call::{ApiCall, Authorization};
use crate::state::State;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::service::Service;
use crate::wire::xml;

pub(crate) fn authorization(state: &State, call: &ApiCall) -> Result<Authorization, String> {
    let form = Form::read(call);
    let operation = form.field("Action").unwrap_or_default();
    let mut authorization = Authorization::plain(Service::Sts, operation, false);
    match operation {
        "AssumeRole" => {
            let role = form.field("RoleArn").unwrap_or_default();
            authorization.accounts = arn::account(role).map(Into::into).into_iter().collect();
            let action = Action::on("sts:AssumeRole", role);
            let organization = authorization.accounts.first().and_then(|account| state.organization_of(account));
            authorization.actions = vec![match organization {
                Some(organization) => action.with("aws:resourceorgid", organization),
                None => action,
            }];
        }
        // Needs no permission (API reference).
        "GetCallerIdentity" => authorization.actions.clear(),
        "" => return Err(format!("{} {}", call.request.method, call.request.path)),
        unknown => return Err(unknown.into()),
    }
    Ok(authorization)
}

pub(crate) fn answer(state: &mut State, call: &ApiCall, operation: &str) -> Result<Reply, Refusal> {
    if state.sessions.crowded(call, state.knobs.sts_per_second) {
        return Err(Refusal::throttled(Service::Sts));
    }
    match operation {
        "AssumeRole" => assume::role(state, call, &Form::read(call)),
        "GetCallerIdentity" => {
            let caller = call.caller;
            let (arn, user) = (xml::text("Arn", &caller.arn), xml::text("UserId", &caller.user_id));
            Ok(query::reply(
                state,
                xml::STS_NAMESPACE,
                operation,
                &(arn + &user + &xml::text("Account", &caller.account)),
            ))
        }
        unknown => Err(Refusal::unknown_operation(unknown)),
    }
}
