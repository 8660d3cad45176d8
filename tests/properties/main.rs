//! Properties of account lists and events, over generated input and over inputs that fuzzers kept.
//!
//! A failure ends with the smallest input that was found, to be pasted or put into a file of `fuzz/regressions/`.
//! `PROPTEST_CASES=100000 cargo test --test properties` looks further.

mod announced;
mod any_event;
mod any_list;
mod check;
mod dialect;
mod event;
mod list;
mod replay;
mod roster;

use std::fs;

use any_event::{any_event, any_json, any_request};
use any_list::{Bytes, any_bytes, any_list, mangled};
use proptest::prelude::*;

/// No file of failures beside the tests: what fails is kept in `fuzz/regressions/`, by hand and by name.
fn config() -> ProptestConfig {
    ProptestConfig { failure_persistence: None, ..ProptestConfig::default() }
}

fn judged(result: Result<(), String>) -> Result<(), TestCaseError> {
    result.map_err(TestCaseError::fail)
}

fn sample_list() -> Bytes {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/events/sample-accounts.csv");
    Bytes(fs::read(path).expect("the sample list is there"))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_properties_hold_for_any_bytes_as_a_list(bytes in any_bytes()) {
        judged(list::holds(&bytes.0))?;
    }

    #[test]
    fn the_properties_hold_for_lists_of_good_and_bad_rows(bytes in any_list()) {
        judged(list::holds(&bytes.0))?;
    }

    #[test]
    fn the_properties_hold_for_mangled_lists(bytes in mangled(any_list())) {
        judged(list::holds(&bytes.0))?;
    }

    #[test]
    fn the_properties_hold_for_the_mangled_sample_list(bytes in mangled(Just(sample_list()))) {
        judged(list::holds(&bytes.0))?;
    }

    #[test]
    fn the_same_accounts_are_read_in_every_dialect(dialect in dialect::any_dialect(), rows in dialect::any_rows()) {
        judged(dialect::reads_back(&dialect, &rows))?;
    }

    #[test]
    fn the_properties_hold_for_any_bytes_as_an_event(bytes in any_bytes()) {
        judged(event::holds(&bytes.0))?;
    }

    #[test]
    fn the_properties_hold_for_any_json_as_an_event(text in any_json()) {
        judged(event::holds(text.as_bytes()))?;
    }

    #[test]
    fn the_properties_hold_for_requests_of_good_and_bad_rows(text in any_request()) {
        judged(event::holds(text.as_bytes()))?;
    }

    #[test]
    fn the_properties_hold_for_the_changed_sample_events(text in any_event()) {
        judged(event::holds(text.as_bytes()))?;
    }
}

/// serde_json reads 127 levels. Deeper JSON cannot arrive as an event, but may be a message's body.
#[test]
fn the_properties_hold_for_events_of_any_depth() {
    for depth in [1, 50, 126, 127, 128, 5_000, 100_000] {
        for (open, close) in
            [("[", "]"), ("{\"detail\":", "}"), ("{\"serviceEventDetails\":", "}"), ("{\"Records\":[", "]}")]
        {
            let nested = format!("{}1{}", open.repeat(depth), close.repeat(depth));
            let announced = format!(
                r#"{{"source":"aws.organizations","detail-type":"x","detail":{{"eventName":"CreateAccountResult","serviceEventDetails":{nested}}}}}"#
            );
            for text in [nested, announced] {
                event::holds(text.as_bytes()).unwrap_or_else(|why| panic!("{depth} times {open}: {why}"));
            }
        }
    }
}

/// Ten thousand records, every third of them bad. Each is read on its own, and the text about all of them is bounded.
#[test]
fn the_properties_hold_for_ten_thousand_records() {
    let record = |n: usize| match n % 3 {
        0 => format!(
            r#"{{"eventSource":"aws:s3","s3":{{"bucket":{{"name":"b"}},"object":{{"key":"accounts/{n}.csv"}}}}}}"#
        ),
        1 => format!(r#"{{"eventSource":"user@example.com {}"}}"#, "x".repeat(n % 500)),
        _ => format!(r#"{{"s3":{{"bucket":{{"name":"b"}},"object":{{"key":"%ff{n}"}}}}}}"#),
    };
    let records: Vec<String> = (0..10_000).map(record).collect();
    let event = format!(r#"{{"Records":[{}]}}"#, records.join(","));
    event::holds(event.as_bytes()).unwrap_or_else(|why| panic!("{}", why.chars().take(2_000).collect::<String>()));
}
