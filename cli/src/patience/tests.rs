//! What `--wait` waits for, and for how long, in virtual time.

use guardduty_onboarding::roster;

use super::*;
use crate::sandbox::{REGION, noon, sandbox};

const LIST: &str = "111122223333,root@example.com";
const ACCOUNT: &str = "111122223333";

/// The last run of a list whose account gets its role so many seconds after the start, and how long it took.
async fn waited(role_after: u64, patience: Duration) -> (Run, Duration) {
    let engine = sandbox(REGION, |world| {
        world.role_ready_at(ACCOUNT, noon() + Duration::from_secs(role_after));
    })
    .await;
    let roster = roster::read(LIST.as_bytes(), &engine.rules(Goal::Monitored));
    let source = Source::Request { request: "team.csv".into() };
    let began = Instant::now();
    let run = until_done(&engine, &source, Goal::Monitored, &roster, patience).await;
    (run, began.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_role_that_appears_during_the_pauses_is_found_by_the_next_try() {
    let (run, took) = waited(45, Duration::from_mins(10)).await;
    assert!(run.summary().complete, "{:?}", run.summary());
    // Tries begin at 0, 30 and 90 seconds, each later by what the ones before took.
    assert!((90..120).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn pauses_double_up_to_fifteen_minutes() {
    // At 0, 0.5, 1.5, 3.5, 7.5, 15.5 and 30.5 minutes; the next pause is 15 minutes again.
    let (run, took) = waited(31 * 60, Duration::from_hours(2)).await;
    assert!(run.summary().complete, "{:?}", run.summary());
    assert!((45 * 60..48 * 60).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn when_the_time_is_up_there_is_one_last_try() {
    let (run, took) = waited(45, Duration::from_secs(60)).await;
    assert!(run.summary().complete, "{:?}", run.summary());
    assert!((60..80).contains(&took.as_secs()), "{took:?}");

    let (run, took) = waited(100, Duration::from_secs(60)).await;
    assert_eq!(run.summary().pending, 1);
    assert!((60..80).contains(&took.as_secs()), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn without_patience_there_is_one_try() {
    let (run, took) = waited(45, Duration::ZERO).await;
    assert_eq!(run.summary().pending, 1);
    assert!(took.as_secs() < 30, "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn ctrl_c_ends_a_pause() {
    let engine = sandbox(REGION, |world| world.role_missing(ACCOUNT)).await;
    let roster = roster::read(LIST.as_bytes(), &engine.rules(Goal::Monitored));
    let source = Source::Request { request: "team.csv".into() };
    let stop = engine.stop.clone();
    let began = Instant::now();
    let stopping = async {
        sleep(Duration::from_secs(20)).await;
        stop.now();
    };
    let patience = Duration::from_hours(1);
    let (run, ()) = tokio::join!(until_done(&engine, &source, Goal::Monitored, &roster, patience), stopping);
    assert!(!run.summary().complete);
    assert!(began.elapsed().as_secs() < 30, "{:?}", began.elapsed());
}
