//! Members that an administrator has through AWS Organizations, as its delegated administrator.

use serde_json::json;

use crate::iam::call::ApiCall;
use crate::iam::keys::ADMINISTRATOR;
use crate::state::State;
use crate::state::status;
use crate::wire::refusal::Refusal;
use crate::wire::reply::Reply;
use crate::wire::texts;

/// DescribeOrganizationConfiguration. The text for an account that is no delegated administrator is not documented.
pub(super) fn describe(state: &State, call: &ApiCall) -> Result<Reply, Refusal> {
    let setting = state.organization.auto_enable.as_deref().filter(|_| call.caller.account == ADMINISTRATOR);
    let setting = setting.ok_or_else(|| Refusal::bad_request(texts::OUT_OF_RANGE))?;
    Ok(Reply::json(&json!({
        "autoEnable": setting != "NONE",
        "autoEnableOrganizationMembers": setting,
        "memberAccountLimitReached": false,
    })))
}

/// ListOrganizationAdminAccounts. Any account may call it, although AWS answers only the management account.
pub(super) fn administrators(state: &State) -> Reply {
    let delegated = state.organization.auto_enable.iter();
    let delegated: Vec<_> =
        delegated.map(|_| json!({"adminAccountId": ADMINISTRATOR, "adminStatus": "ENABLED"})).collect();
    Reply::json(&json!({"adminAccounts": delegated}))
}

/// Refuses a whole batch with an account that cannot be let go, where the world is set so.
pub(super) fn whole(state: &State, call: &ApiCall, ids: &[String]) -> Result<(), Refusal> {
    if !state.knobs.auto_enable_refuses_batch {
        return Ok(());
    }
    ids.iter().try_for_each(|id| held(state, call, id)).map_err(Refusal::bad_request)
}

/// Refuses to suspend, disassociate or delete a member through an organization that enables all its accounts (API
/// reference of the three operations).
pub(super) fn held(state: &State, call: &ApiCall, id: &str) -> Result<(), &'static str> {
    let all = state.organization.auto_enable.as_deref() == Some("ALL");
    let member = state.region(call.region).relationship(&call.caller.account, id);
    if all && member.is_some_and(|member| member.by_organization() && status::associated(member.status(call.now))) {
        return Err(state.knobs.auto_enable_refusal);
    }
    Ok(())
}

/// Whether CreateMembers associates the account at once: it was a member through the organization before (API
/// reference, DisassociateMembers).
pub(super) fn returns(state: &State, call: &ApiCall, id: &str) -> bool {
    let former = state.region(call.region).relationship(&call.caller.account, id);
    state.organization.auto_enable.is_some()
        && former.is_some_and(|former| former.by_organization() && !status::associated(former.status(call.now)))
}
