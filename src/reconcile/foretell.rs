//! The dry run: what a real one would do, said without doing it.

use super::ground::Ground;
use crate::account::{Account, Region};
use crate::outcome::Outcome;
use crate::plan::{self, Progress};
use crate::run::Membership;

/// Looks at up to 50 accounts once and says what would be done.
pub(super) async fn foretell(ground: &Ground, accounts: &[Account]) -> Vec<Membership> {
    let asked: Vec<&Account> = accounts.iter().collect();
    let (members, refusals) = ground.administrator.members(&ground.detector, &asked).await;
    let foretold = |account: &Account| {
        let actual = members.get(&account.id);
        let outcome = match refusals.get(account.id) {
            Some(trouble) => Outcome::from_administrator_call(trouble.clone()),
            None => plan::next(account, actual, &Progress::default()).planned(actual),
        };
        Membership::new(account, &ground.region, actual.map(|member| member.status.clone()), outcome)
    };
    accounts.iter().map(foretold).collect()
}

/// Says what would be done where the administrator has no members yet.
pub(super) fn foretell_new(accounts: &[Account], region: &Region) -> Vec<Membership> {
    let foretold = |account| plan::next(account, None, &Progress::default()).planned(None);
    accounts.iter().map(|account| Membership::new(account, region, None, foretold(account))).collect()
}
