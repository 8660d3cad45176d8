//! The stack's dashboard: what it draws, and that it shows every alarm.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::stack::{STACK, Template};

/// A metric as an alarm or a chart names it.
pub struct Metric {
    pub namespace: String,
    pub name: String,
    pub dimensions: Vec<String>,
}

impl Metric {
    pub fn of_alarm(alarm: &Value) -> Self {
        let dimensions = alarm["Dimensions"].as_array().into_iter().flatten();
        Self {
            namespace: alarm["Namespace"].as_str().expect("a namespace").into(),
            name: alarm["MetricName"].as_str().expect("a name").into(),
            dimensions: dimensions.map(ToString::to_string).collect(),
        }
    }
}

/// The widgets, with a stand-in for whatever CloudFormation puts in.
fn widgets(stack: &Template) -> Vec<Value> {
    let dashboards = stack.of_type("AWS::CloudWatch::Dashboard");
    let [properties] = &dashboards.into_values().collect::<Vec<_>>()[..] else { panic!("one dashboard") };
    let parts = properties["DashboardBody"]["Fn::Sub"].as_array().expect("a text and its pieces");
    let mut body = parts[0].as_str().expect("a text").to_owned();
    for (name, piece) in parts[1].as_object().expect("pieces of the text") {
        // Under a condition: everything that may stand there.
        let text = piece["Fn::If"][1]["Fn::Sub"].as_str().expect("a text under a condition");
        assert!(body.contains(&format!("${{{name}}}")), "{name} is not used");
        body = body.replace(&format!("${{{name}}}"), text);
    }
    let mut pieces = body.split("${");
    let mut text = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').expect("a closing brace");
        text.extend(["<", name, ">", rest]);
    }
    let body: Value = serde_json::from_str(&text).expect("JSON");
    body["widgets"].as_array().expect("widgets").clone()
}

/// The metrics of a widget; `.` and `...` repeat the line before.
fn charted(widget: &Value) -> Vec<Metric> {
    let mut before: Vec<String> = Vec::new();
    let lines = widget["properties"]["metrics"].as_array().into_iter().flatten();
    let metrics = lines.map(|line| {
        let parts: Vec<&str> = line.as_array().expect("a line").iter().filter_map(Value::as_str).collect();
        let parts = match parts.split_first() {
            Some((&"...", rest)) => {
                let kept = before.len() - rest.len();
                before[..kept].iter().cloned().chain(rest.iter().map(ToString::to_string)).collect::<Vec<_>>()
            }
            _ => parts.iter().map(ToString::to_string).collect(),
        };
        let filled =
            parts.into_iter().enumerate().map(|(place, part)| if part == "." { before[place].clone() } else { part });
        before = filled.collect();
        Metric { namespace: before[0].clone(), name: before[1].clone(), dimensions: before[2..].to_vec() }
    });
    metrics.collect()
}

/// Every metric that is drawn.
pub fn metrics(stack: &Template) -> Vec<Metric> {
    widgets(stack).iter().flat_map(charted).collect()
}

/// The properties of the widgets that draw that metric without dimensions.
pub fn charts_of(stack: &Template, namespace: &str, name: &str) -> Vec<Value> {
    let draws = |widget: &Value| {
        let mut metrics = charted(widget).into_iter();
        metrics.any(|metric| metric.namespace == namespace && metric.name == name && metric.dimensions.is_empty())
    };
    widgets(stack).iter().filter(|widget| draws(widget)).map(|widget| widget["properties"].clone()).collect()
}

#[test]
fn the_dashboard_shows_every_alarm_of_the_stack() {
    let stack = Template::read(STACK);
    let overviews: Vec<Value> = widgets(&stack).into_iter().filter(|widget| widget["type"] == "alarm").collect();
    let [overview] = &overviews[..] else { panic!("{} widgets of alarms, expected one", overviews.len()) };
    let arns = overview["properties"]["alarms"].as_array().expect("ARNs").iter().filter_map(Value::as_str);
    let shown: BTreeSet<&str> = arns.filter_map(|arn| arn.split(":alarm:").nth(1)).collect();
    let alarms = stack.alarms();
    let alarms: BTreeSet<&str> = alarms.iter().filter_map(|alarm| alarm["AlarmName"].as_str()).collect();
    assert_eq!(shown, alarms);
}

#[test]
fn a_line_of_a_chart_may_repeat_the_one_before() {
    let widget = serde_json::json!({"properties": {"metrics": [
        ["AWS/SQS", "Visible", "QueueName", "one", {"label": "ready"}],
        [".", "NotVisible", ".", "."],
        ["...", "two", {"label": "other"}],
    ]}});
    let told: Vec<String> =
        charted(&widget).iter().map(|metric| format!("{} {:?}", metric.name, metric.dimensions)).collect();
    assert_eq!(
        told,
        [r#"Visible ["QueueName", "one"]"#, r#"NotVisible ["QueueName", "one"]"#, r#"NotVisible ["QueueName", "two"]"#]
    );
}
