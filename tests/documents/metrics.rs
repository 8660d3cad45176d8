//! Metrics: the reference's table, the lines that the function writes, and what alarms and the dashboard watch.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use guardduty_onboarding::lambda::{Metrics, NAMESPACE};
use serde_json::Value;
use time::OffsetDateTime;

use crate::dashboard::{self, Metric};
use crate::markdown::{Document, names};
use crate::stack::{STACK, Template};

const DOCUMENT: &str = "docs/reference.md";

/// Name and dimension of a metric.
type Key = (String, Option<String>);

/// Every metric that the function can write, with its unit in words, read from the lines themselves.
#[expect(clippy::default_trait_access, reason = "their types have no public names")]
fn written() -> BTreeMap<Key, String> {
    let mut metrics = Metrics {
        at: OffsetDateTime::UNIX_EPOCH,
        duration: Duration::from_millis(1500),
        calls: 70,
        throttled_calls: 3,
        runs: Default::default(),
    };
    metrics.runs.failed = [("Denied", 2), ("WrongEmail", 1)].into();
    metrics.runs.fleet = Some(Default::default());
    metrics.runs.pending_age = Some(Duration::from_secs(4000));
    let lines = metrics.lines();
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).expect("JSON"));
    lines.flat_map(|line| of_line(&line)).collect()
}

fn of_line(line: &Value) -> Vec<(Key, String)> {
    let [directive] = &line["_aws"]["CloudWatchMetrics"].as_array().expect("directives")[..] else {
        panic!("{line} has several directives");
    };
    assert_eq!(directive["Namespace"], NAMESPACE);
    let [dimensions] = &directive["Dimensions"].as_array().expect("sets of dimensions")[..] else {
        panic!("{line} has several sets of dimensions");
    };
    let dimensions = dimensions.as_array().expect("dimensions");
    assert!(dimensions.len() <= 1, "{line} has several dimensions");
    let dimension = dimensions.first().and_then(Value::as_str);
    if let Some(dimension) = dimension {
        assert!(line[dimension].is_string(), "{line} has no value for {dimension}");
    }
    let metrics = directive["Metrics"].as_array().expect("metrics");
    let of_metric = |metric: &Value| {
        let name = metric["Name"].as_str().expect("a name");
        assert!(line[name].is_number(), "{line} has no value for {name}");
        let unit = metric["Unit"].as_str().unwrap_or("None").to_lowercase();
        ((name.to_owned(), dimension.map(str::to_owned)), unit)
    };
    metrics.iter().map(of_metric).collect()
}

fn plain_names() -> BTreeSet<String> {
    written().into_keys().filter(|(_, dimension)| dimension.is_none()).map(|(name, _)| name).collect()
}

#[test]
fn the_table_of_metrics_is_what_the_function_writes() {
    let mut documented = BTreeMap::new();
    for (metric, cells) in Document::read(DOCUMENT).table(&["metric", "unit", "what it counts"]) {
        let dimension = metric.split_once(" by ").and_then(|(_, dimension)| names(dimension).next());
        for name in names(metric.split(" by ").next().unwrap_or_default()) {
            let twice = documented.insert((name.to_owned(), dimension.map(str::to_owned)), cells[0].clone());
            assert_eq!(twice, None, "{metric} stands twice");
        }
    }
    assert_eq!(documented, written());
}

#[test]
fn the_namespace_of_the_metrics_is_the_functions() {
    Document::read(DOCUMENT).says(&format!("namespace `{NAMESPACE}`"));
}

#[test]
fn every_metric_that_is_watched_is_written_and_every_one_that_is_written_is_watched() {
    let stack = Template::read(STACK);
    let mut watched = dashboard::metrics(&stack);
    watched.extend(stack.alarms().into_iter().map(Metric::of_alarm));
    let written = plain_names();
    let mut seen = BTreeSet::new();
    for Metric { namespace, name, dimensions } in watched {
        if namespace == NAMESPACE {
            // A metric with dimensions and one without are two metrics. Those that are watched have none.
            assert!(dimensions.is_empty(), "{name} is watched with {dimensions:?}, but written without");
            seen.insert(name);
        } else {
            assert!(["AWS/Lambda", "AWS/SQS"].contains(&namespace.as_str()), "{name} of {namespace} is watched");
            assert!(!dimensions.is_empty(), "{namespace} {name} is watched of no function or queue");
        }
    }
    assert_eq!(seen, written, "those that are watched against those that are written");
}

#[test]
fn a_chart_of_a_time_has_the_unit_that_is_written_and_a_line_at_its_limit() {
    let stack = Template::read(STACK);
    let timeout = stack.properties("Function")["Timeout"].as_u64().expect("seconds");
    let pending = stack.alarms().into_iter().filter(|alarm| alarm["MetricName"] == "PendingAge");
    let pending: Vec<u64> = pending.map(|alarm| alarm["Threshold"].as_u64().expect("seconds")).collect();
    let written = written();
    for (name, limits) in [("RunDuration", vec![timeout * 1000]), ("PendingAge", pending)] {
        let charts = dashboard::charts_of(&stack, NAMESPACE, name);
        let [chart] = &charts[..] else { panic!("{} charts of {name}, expected one", charts.len()) };
        let unit = &written[&(name.to_owned(), None)];
        assert_eq!(chart["yAxis"]["left"]["label"].as_str(), Some(unit.as_str()), "the axis of {name}");
        let marks = chart["annotations"]["horizontal"].as_array().expect("a line in the chart");
        let marks: Vec<u64> = marks.iter().map(|mark| mark["value"].as_u64().expect("a number")).collect();
        assert_eq!(marks, limits, "the line in the chart of {name}, in {unit}");
    }
}

#[test]
fn the_page_of_costs_counts_the_metrics_of_an_invocation() {
    let page = Document::read("docs/cost.md");
    page.says(&format!("{} metrics, four of them only with a reconcile, and one for each reason", plain_names().len()));
}
