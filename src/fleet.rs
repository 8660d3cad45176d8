//! All lists together: what they declare of each account, where they contradict each other, and whom they name.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::account::{Account, AccountId, Email};
use crate::declared::Goal;
use crate::outcome::{Contradiction, Mention, Outcome, Reason};
use crate::roster::Roster;
use crate::run::ListRead;

/// One list that could be read as a list. It may have no valid row.
#[derive(Debug, Clone)]
pub struct List {
    pub key: Arc<str>,
    pub version_id: Option<String>,
    pub goal: Goal,
    pub roster: Roster,
}

impl List {
    /// As a report names it.
    #[must_use]
    pub fn read(&self) -> ListRead {
        ListRead {
            key: Arc::clone(&self.key),
            version_id: self.version_id.clone(),
            declared: self.goal.word(),
            accounts: self.roster.accounts.len(),
            rejected_rows: self.roster.rejected.len(),
        }
    }
}

/// What all lists declare.
#[derive(Debug, Clone, Default)]
pub struct Merged {
    /// Each account once, where the first list names it; all rejected rows.
    pub roster: Roster,
    pub goals: HashMap<AccountId, Goal>,
    /// Accounts that lists contradict each other about, and how their memberships end.
    pub decided: HashMap<AccountId, Outcome>,
    /// Every account that a list names, on a rejected row, too.
    pub named: HashSet<AccountId>,
}

/// Merges lists, in their order.
#[must_use]
pub fn merge(lists: &[List]) -> Merged {
    let mut merged = Merged::default();
    let mut first: HashMap<AccountId, (Mention, Option<Email>)> = HashMap::new();
    for list in lists {
        for account in &list.roster.accounts {
            let line = account.line.unwrap_or_default();
            let mention = Mention { goal: list.goal, key: Arc::clone(&list.key), line };
            match first.entry(account.id) {
                Entry::Vacant(entry) => {
                    entry.insert((mention, account.email.clone()));
                    let account = Account { list: Some(Arc::clone(&list.key)), ..account.clone() };
                    merged.goals.insert(account.id, list.goal);
                    merged.roster.accounts.push(account);
                }
                Entry::Occupied(entry) => {
                    let (before, email) = entry.get();
                    let other_email =
                        matches!((email, &account.email), (Some(one), Some(other)) if !one.is_same_as(other.expose()));
                    if before.goal != list.goal || other_email {
                        let contradiction = Contradiction { one: before.clone(), other: mention };
                        let outcome = Outcome::Failed(Reason::Contradiction(Box::new(contradiction)));
                        merged.decided.entry(account.id).or_insert(outcome);
                    }
                }
            }
        }
        for row in &list.roster.rejected {
            merged.named.extend(AccountId::parse(&row.account_id));
            let mut row = row.clone();
            row.list = Some(Arc::clone(&list.key));
            merged.roster.rejected.push(row);
        }
        merged.roster.notices.extend(list.roster.notices.iter().cloned());
    }
    merged.named.extend(first.into_keys());
    merged
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::roster::{self, Rules};

    fn list(key: &str, rows: &str) -> List {
        let (goal, _) = crate::declared::by_key(key).expect("a prefix");
        let administrator = AccountId::parse("123456789012").expect("twelve digits");
        let roster = roster::read(rows.as_bytes(), &Rules { goal, administrator: Some(administrator), protected: &[] });
        List { key: key.into(), version_id: None, goal, roster }
    }

    fn id(text: &str) -> AccountId {
        AccountId::parse(text).expect("twelve digits")
    }

    #[test]
    fn an_account_on_several_lists_that_agree_is_one_account() {
        let merged = merge(&[
            list("accounts/a.csv", "111122223333,user@example.com\n"),
            list("accounts/b.csv", "111122223333,USER@example.com\n444455556666,other@example.com\n"),
            list("remove/c.csv", "222233334444\n"),
            list("remove/d.csv", "222233334444\nno account\n"),
        ]);
        let accounts: Vec<_> = merged.roster.accounts.iter().map(|one| (one.list.as_deref(), one.line)).collect();
        assert_eq!(
            accounts,
            [(Some("accounts/a.csv"), Some(1)), (Some("accounts/b.csv"), Some(2)), (Some("remove/c.csv"), Some(1))]
        );
        assert_eq!(merged.goals[&id("222233334444")], Goal::Removed);
        assert!(merged.decided.is_empty());
        assert_eq!(merged.roster.rejected[0].list.as_deref(), Some("remove/d.csv"));
    }

    #[test]
    fn two_meanings_or_two_emails_are_a_contradiction_that_names_both_rows() {
        let merged = merge(&[
            list("accounts/a.csv", "111122223333,user@example.com\n444455556666,one@example.com\n"),
            list("accounts/b.csv", "444455556666,two@example.com\n"),
            list("suspend/c.csv", "111122223333\n"),
            list("remove/d.csv", "111122223333\n"),
        ]);
        let row = |key: &str, goal, line| Mention { goal, key: key.into(), line };
        let one = row("accounts/a.csv", Goal::Monitored, 1);
        let expected = Contradiction { one, other: row("suspend/c.csv", Goal::Suspended, 1) };
        let failed = Outcome::Failed(Reason::Contradiction(Box::new(expected)));
        assert_eq!(merged.decided[&id("111122223333")], failed, "the first that differs");
        let Outcome::Failed(Reason::Contradiction(emails)) = &merged.decided[&id("444455556666")] else {
            panic!("{:?}", merged.decided)
        };
        assert_eq!((&*emails.one.key, &*emails.other.key), ("accounts/a.csv", "accounts/b.csv"));
        assert_eq!(merged.roster.accounts.len(), 2);
    }

    #[test]
    fn a_rejected_row_names_its_account_too() {
        let merged = merge(&[list("accounts/a.csv", "111122223333,no address\n444455556666,user@example.com\n")]);
        assert!(merged.named.contains(&id("111122223333")) && merged.named.contains(&id("444455556666")));
    }
}
