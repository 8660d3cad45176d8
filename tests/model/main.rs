//! A reference model: operations act on the simulated AWS and on the model, and after each GuardDuty, the calls and the report
//! are what the model says.
//!
//! proptest makes up the sequences: uploads, reconciles, deliveries that go well or are stopped, and what other people do in between. A
//! failure ends with the smallest sequence that was found, to be kept in `regressions.rs`.
//! `PROPTEST_CASES=10000 cargo test --test model` looks further.

mod calls;
mod deliveries;
mod fleet_report;
mod harness;
mod lists;
mod operations;
mod people;
mod plans;
mod reconciles;
mod reference;
mod regressions;
mod report;
mod world;

use proptest::prelude::*;

/// `Err` with the sentence, unless it holds.
fn ensure(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

proptest! {
    // No file of failures beside the tests: what fails is kept in `regressions.rs`, by name.
    #![proptest_config(ProptestConfig { failure_persistence: None, max_shrink_iters: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn guardduty_the_calls_and_the_report_are_what_the_model_says(sequence in operations::any_sequence()) {
        harness::live_through(&sequence).map_err(TestCaseError::fail)?;
    }
}
