//! What is said of many memberships alike, once: a row for the accounts of which it is said in the same Regions.

use std::collections::{BTreeMap, BTreeSet};

use guardduty_onboarding::account::{AccountId, Region};
use guardduty_onboarding::run::{Membership, Run};

use super::form::{accounts, regions};

/// Stand for the account and the Region of each.
const ACCOUNT: &str = "<account>";
const REGION: &str = "<Region>";

/// What is said of one membership.
pub(super) struct Said<'a> {
    /// Lower ones come first.
    pub(super) rank: u8,
    pub(super) word: &'static str,
    pub(super) sentence: String,
    pub(super) membership: &'a Membership,
}

/// What memberships of one row have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Common {
    rank: u8,
    word: &'static str,
    /// Without account and Region.
    sentence: String,
}

type Regions<'a> = BTreeSet<&'a Region>;
type Accounts = BTreeSet<AccountId>;

/// Rows of a word, accounts, Regions and a sentence.
pub(super) fn alike<'a>(all: impl Iterator<Item = Said<'a>>, run: &Run) -> Vec<[String; 4]> {
    let mut regions_of: BTreeMap<(Common, AccountId), Regions<'a>> = BTreeMap::new();
    for Said { rank, word, sentence, membership } in all {
        let Membership { account, region, .. } = membership;
        let sentence = sentence.replace(account.as_str(), ACCOUNT).replace(region.as_str(), REGION);
        regions_of.entry((Common { rank, word, sentence }, *account)).or_default().insert(region);
    }
    let mut accounts_of: BTreeMap<(Common, Regions<'a>), Accounts> = BTreeMap::new();
    for ((common, account), regions) in regions_of {
        accounts_of.entry((common, regions)).or_default().insert(account);
    }
    let mut rows: Vec<_> = accounts_of.into_iter().collect();
    rows.sort_by(|((one, _), these), ((other, _), those)| (one.rank, these).cmp(&(other.rank, those)));
    rows.into_iter().map(|((common, of), these)| row(common, &these, &of, run)).collect()
}

fn row(common: Common, of: &Accounts, within: &Regions<'_>, run: &Run) -> [String; 4] {
    let Common { word, mut sentence, .. } = common;
    if let (Some(account), 1) = (of.first(), of.len()) {
        sentence = sentence.replace(ACCOUNT, account.as_str());
    }
    if let (Some(region), 1) = (within.first(), within.len()) {
        sentence = sentence.replace(REGION, region.as_str());
    }
    [word.to_owned(), accounts(of), regions(within, run), sentence]
}
