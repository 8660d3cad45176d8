//! Access key ids: four letters for their kind, then base32 that contains the account number, as in AWS's own.
//!
//! Of the ten bytes, the first bit is set, the next forty bits are the account number, and the rest is free. Others
//! have worked this out from real keys; moto and LocalStack write the same.

/// The account of every long-term access key (`AKIA…`), and the GuardDuty administrator of the stories.
pub const ADMINISTRATOR: &str = "123456789012";

const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// One bit, then the account, then seven free bits, in 48.
const MARK: u64 = 1 << 47;
const ACCOUNT: u64 = 0x7fff_ffff_ff80;
const FREE: u32 = 7;

/// The account that signs with this access key id: the one in a temporary key, else the administrator.
///
/// ```
/// assert_eq!(aws_sim::account_of_key("AKIAIOSFODNN7EXAMPLE"), aws_sim::ADMINISTRATOR);
/// ```
#[must_use]
pub fn account_of_key(key: &str) -> String {
    let account = key.strip_prefix("AKIA").map_or_else(|| decoded(key), |_| None);
    account.unwrap_or_else(|| ADMINISTRATOR.into())
}

/// A temporary key of this account. `random` makes it unique.
pub(crate) fn issue(account: &str, random: u64) -> String {
    let number: u64 = account.parse().unwrap_or_default();
    let head = MARK | (number << FREE) | (random >> 57);
    let bits = (u128::from(head) << 32) | u128::from(random & 0xffff_ffff);
    let tail = (0..16).rev().map(|place| letter(bits >> (5 * place)));
    "ASIA".chars().chain(tail).collect()
}

/// The unique id of a role, `AROA…`, from bits that depend on the role.
pub(crate) fn role_id(bits: u64) -> String {
    let tail = (0..17).map(|place| letter(u128::from(bits.rotate_left(place * 5))));
    "AROA".chars().chain(tail).collect()
}

fn letter(bits: u128) -> char {
    let place = usize::try_from(bits & 31).unwrap_or_default();
    char::from(ALPHABET[place])
}

fn decoded(key: &str) -> Option<String> {
    // Ten letters hold the 48 bits that matter, and two others.
    let letters = key.as_bytes().get(4..14)?;
    let mut bits: u64 = 0;
    for letter in letters {
        let value = ALPHABET.iter().position(|found| found == letter)?;
        bits = (bits << 5) | u64::try_from(value).ok()?;
    }
    let head = bits >> 2;
    let number = (head & ACCOUNT) >> FREE;
    (head & MARK != 0 && number <= 999_999_999_999).then(|| format!("{number:012}"))
}

#[cfg(test)]
mod tests {
    use super::{ADMINISTRATOR, account_of_key, issue};

    #[test]
    fn a_temporary_key_carries_its_account() {
        for account in ["111122223333", "444455556666", "000000000001", "999999999999"] {
            for random in [0, 1, u64::MAX, 0x0123_4567_89ab_cdef] {
                let key = issue(account, random);
                assert!(key.starts_with("ASIA") && key.len() == 20, "{key}");
                assert_eq!(account_of_key(&key), account);
            }
        }
    }

    #[test]
    fn a_key_of_another_sts_is_understood() {
        // The published example of the scheme.
        assert_eq!(account_of_key("ASIAQNZGKIQY56JQ7WML"), "029608264753");
    }

    #[test]
    fn what_carries_no_account_is_the_administrators() {
        for key in ["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "AKIAQNZGKIQY56JQ7WML", "", "ASIA", "test"] {
            assert_eq!(account_of_key(key), ADMINISTRATOR, "{key}");
        }
    }
}
