//! The name of a report: no two triggers share one.

use std::fmt::Write as _;

use sha2::{Digest, Sha256};

use crate::run::Source;

/// The longest key that S3 takes, in bytes (AWS O8).
const LONGEST: usize = 1_024;
/// The length of a report's longest ending, `.json`.
const ENDING: usize = 5;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportName {
    /// Without `.json` or `.csv`.
    pub key: String,
    /// Whether it is cut, because S3 allows no longer one.
    pub cut: bool,
}

impl ReportName {
    /// The report's name under `prefix`: the upload's key without `.csv`, the event's account or the request's id. If
    /// `report_bucket` is set, the name of a list in another bucket begins with that bucket's name.
    #[must_use]
    pub fn new(source: &Source, prefix: &str, report_bucket: Option<&str>) -> Self {
        let name = match source {
            Source::Upload { bucket, key, .. } => {
                let own = report_bucket.is_none_or(|report_bucket| report_bucket == bucket);
                let bucket = if own { String::new() } else { format!("{bucket}/") };
                format!("{bucket}{}", list_name(key))
            }
            Source::Announcement { account, .. } => format!("events/{account}"),
            Source::Request { request } => format!("requests/{request}"),
            Source::Reconcile { .. } => "fleet".into(),
        };
        fitted(format!("{prefix}{name}"))
    }
}

/// `accounts/team` and `accounts/team.csv` are two lists: the second loses its ending, so the first gets one.
fn list_name(key: &str) -> String {
    match key.strip_suffix(".csv").filter(|name| name.strip_suffix(".list").is_none()) {
        Some(name) => name.to_owned(),
        None => format!("{key}.list"),
    }
}

fn fitted(mut key: String) -> ReportName {
    if key.len() + ENDING <= LONGEST {
        return ReportName { key, cut: false };
    }
    let mut number = String::from("-");
    for byte in &Sha256::digest(&key)[..8] {
        // Writing to memory cannot fail.
        let _ = write!(number, "{byte:02x}");
    }
    let mut end = LONGEST - ENDING - number.len();
    while !key.is_char_boundary(end) {
        end -= 1;
    }
    key.truncate(end);
    ReportName { key: key + &number, cut: true }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::AccountId;

    fn name(bucket: &str, key: &str, report_bucket: Option<&str>) -> String {
        let source = Source::Upload { bucket: bucket.into(), key: key.into(), version_id: None };
        ReportName::new(&source, "reports/", report_bucket).key
    }

    #[test]
    fn reports_are_named_after_what_triggered_them() {
        assert_eq!(name("b", "accounts/team.csv", None), "reports/accounts/team");
        let account = AccountId::parse("111122223333").expect("twelve digits");
        let event = Source::Announcement { event: "CreateAccountResult".into(), id: "e".into(), account };
        assert_eq!(ReportName::new(&event, "r/", Some("b")).key, "r/events/111122223333");
        let request = Source::Request { request: "r-1".into() };
        assert_eq!(ReportName::new(&request, "r/", None), ReportName { key: "r/requests/r-1".into(), cut: false });
    }

    #[test]
    fn no_two_keys_share_a_report() {
        let keys = [
            "a",
            "a.csv",
            "a.list",
            "a.list.csv",
            "a.CSV",
            "a.csv.csv",
            "a.list.list",
            "a.csv.list",
            "a.list.csv.list",
        ];
        let mut names: Vec<_> = keys.iter().map(|key| name("b", &format!("accounts/{key}"), None)).collect();
        assert_eq!(
            names[..4].join(" "),
            "reports/accounts/a.list reports/accounts/a reports/accounts/a.list.list reports/accounts/a.list.csv.list"
        );
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), keys.len(), "{names:?}");
    }

    #[test]
    fn a_list_of_another_bucket_has_a_report_of_its_own() {
        assert_eq!(name("b", "accounts/a.csv", Some("b")), "reports/accounts/a");
        assert_eq!(name("other", "accounts/a.csv", Some("b")), "reports/other/accounts/a");
    }

    #[test]
    fn a_name_that_s3_would_not_accept_is_cut_and_stays_unique() {
        let longest = format!("{}.csv", "k".repeat(LONGEST - ENDING - "reports/".len()));
        assert_eq!(name("b", &longest, None).len() + ENDING, LONGEST);
        let [one, two] = ["x", "y"].map(|end| name("b", &format!("{}{end}.csv", "é".repeat(508)), None));
        assert!(one.len() + ENDING <= LONGEST && one != two, "{one}");
        assert!(one[one.len() - 17..].starts_with('-') && one[one.len() - 16..].bytes().all(|b| b.is_ascii_hexdigit()));
        let source = Source::Upload { bucket: "b".into(), key: "k".repeat(1024), version_id: None };
        assert!(ReportName::new(&source, "reports/", None).cut);
    }
}
