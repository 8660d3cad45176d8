//! Structured logs: one JSON object a line, at the level that the operator asks for.

use tracing::Level;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

const OURS: &str = "guardduty_onboarding";

/// Starts logging. The level is `AWS_LAMBDA_LOG_LEVEL`, then `RUST_LOG`, then INFO.
pub fn start(lookup: impl Fn(&str) -> Option<String>) {
    let ours = level(&lookup);
    // Only the innermost span: it has the invocation's id.
    let layer = tracing_subscriber::fmt::layer().json().flatten_event(true).with_span_list(false);
    let layer = layer.with_writer(std::io::stdout);
    tracing_subscriber::registry().with(targets(ours)).with(layer).init();
}

/// The same for a command line, whose standard output is its result.
pub fn start_on_standard_error(lookup: impl Fn(&str) -> Option<String>) {
    let ours = level(&lookup);
    let layer = tracing_subscriber::fmt::layer().json().flatten_event(true).with_writer(std::io::stderr);
    tracing_subscriber::registry().with(targets(ours)).with(layer).init();
}

fn level(lookup: impl Fn(&str) -> Option<String>) -> LevelFilter {
    let named = ["AWS_LAMBDA_LOG_LEVEL", "RUST_LOG"].into_iter().filter_map(lookup).find(|value| !value.is_empty());
    let Some(text) = named else { return LevelFilter::INFO };
    // Lambda has FATAL, tracing has not.
    if text.eq_ignore_ascii_case("fatal") {
        return LevelFilter::ERROR;
    }
    text.parse().ok().or_else(|| ours_in(&text)).unwrap_or(LevelFilter::INFO)
}

/// The level of our own code in `RUST_LOG` directives such as `warn,guardduty_onboarding=debug`.
fn ours_in(directives: &str) -> Option<LevelFilter> {
    let targets: Targets = directives.parse().ok()?;
    let levels = [Level::TRACE, Level::DEBUG, Level::INFO, Level::WARN, Level::ERROR];
    let enabled = levels.into_iter().find(|level| targets.would_enable(OURS, level));
    Some(enabled.map_or(LevelFilter::OFF, LevelFilter::from_level))
}

/// Dependencies never go beyond INFO: the SDK prints whole requests, e-mail addresses included, at TRACE.
fn targets(ours: LevelFilter) -> Targets {
    Targets::new().with_default(ours.min(LevelFilter::INFO)).with_target(OURS, ours)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn level_of(settings: &[(&str, &str)]) -> LevelFilter {
        level(|name| settings.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn lambdas_setting_comes_before_rust_log() {
        assert_eq!(level_of(&[]), LevelFilter::INFO);
        assert_eq!(level_of(&[("RUST_LOG", "debug")]), LevelFilter::DEBUG);
        assert_eq!(level_of(&[("AWS_LAMBDA_LOG_LEVEL", "WARN"), ("RUST_LOG", "debug")]), LevelFilter::WARN);
        assert_eq!(level_of(&[("AWS_LAMBDA_LOG_LEVEL", "FATAL")]), LevelFilter::ERROR);
        assert_eq!(level_of(&[("RUST_LOG", "warn,guardduty_onboarding=trace")]), LevelFilter::TRACE);
        assert_eq!(level_of(&[("RUST_LOG", "nonsense=[")]), LevelFilter::INFO);
    }

    #[test]
    fn dependencies_stay_at_info_whatever_is_asked_for_ours() {
        let targets = targets(LevelFilter::TRACE);
        assert!(targets.would_enable("guardduty_onboarding::reconcile", &Level::TRACE));
        assert!(!targets.would_enable("aws_smithy_runtime::client", &Level::DEBUG));
        assert!(targets.would_enable("aws_smithy_runtime::client", &Level::INFO));
    }
}
