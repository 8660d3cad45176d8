//! Statements with a number, a word or an order that the templates decide.

use serde_json::Value;

use crate::markdown::{Document, chapter, words};
use crate::stack::{MEMBER_ROLE, ORGANIZATION_EVENTS, STACK, Template};

const DEPLOY: &str = "docs/deploy.md";

/// Complains unless the text has all of these, in this order.
fn in_order(text: &str, steps: &[&str]) {
    let places: Vec<Option<usize>> = steps.iter().map(|step| text.find(step)).collect();
    let told = places.iter().all(Option::is_some) && places.is_sorted();
    assert!(told, "{steps:?} stand at {places:?}, expected this order");
}

#[test]
fn deliveries_and_days_are_the_stacks() {
    let stack = Template::read(STACK);
    let deliveries = stack.parameters()["MaxDeliveries"]["Default"].as_u64().expect("a number");
    Document::read("docs/semantics.md").says(&format!("({deliveries} deliveries"));
    let seconds = stack.properties("DeadLetterQueue")["MessageRetentionPeriod"].as_u64().expect("seconds");
    let days = seconds / 86_400;
    Document::read(DEPLOY).says(&format!("dead-letter queue that keeps messages for {days} days"));
    Document::read("docs/operate.md").says(&format!("After {days} days messages are gone"));
}

#[test]
fn the_least_memory_is_what_the_reference_advises() {
    let least = Template::read(STACK).parameters()["MemorySize"]["MinValue"].clone();
    Document::read("docs/reference.md").says(&format!("at least {least} MB"));
}

/// `docs/performance.md` is written by the benchmark, the other pages by hand.
#[test]
fn the_figures_of_the_whole_quota_are_those_of_the_page_of_performance() {
    let performance = Document::read("docs/performance.md");
    let figure = |row: &str| {
        let start = format!("| {row} | ");
        let line = performance.text.lines().find_map(|line| line.strip_prefix(&start)).expect("a row of the quota");
        line.split(" |").next().unwrap_or_default().to_owned()
    };
    let (wall, memory) = (figure("wall clock"), figure("peak resident memory"));
    let seconds: f64 = wall.trim_end_matches(" s").parse().expect("seconds");
    for page in ["README.md", "docs/reference.md"] {
        Document::read(page).says(&format!("{seconds:.0} seconds"));
        Document::read(page).says(&memory);
    }
}

/// CloudFormation may take the default of a parameter that is left out.
#[test]
fn an_update_of_the_member_roles_names_every_parameter_and_comes_before_the_stacks() {
    let document = Document::read(DEPLOY);
    let chapter = chapter(&document.text, "## Upgrade");
    for name in Template::read(MEMBER_ROLE).parameters().keys() {
        assert!(chapter.contains(&format!("ParameterKey={name},")), "{DEPLOY}, Upgrade does not name {name}");
    }
    in_order(
        chapter,
        &[
            "Member roles first, then the stack",
            "update-stack-set",
            "repeat `package` and `deploy`",
            "`sam build`, `sam deploy`",
        ],
    );
}

#[test]
fn who_has_no_external_id_is_told_to_write_none() {
    Document::read(DEPLOY).says("`none`");
    for (template, name) in [(STACK, "MemberRoleExternalId"), (MEMBER_ROLE, "ExternalId")] {
        let description = Template::read(template).parameters()[name]["Description"].to_string();
        assert!(words(&description).contains("Write none"), "{template}: {name} says {description}");
    }
}

/// EventBridge sends nothing to another Region in these two partitions, so people must be told where the bus has to be.
#[test]
fn where_the_bus_has_to_be_in_china_and_govcloud_stands_wherever_somebody_chooses() {
    let events = Template::read(ORGANIZATION_EVENTS);
    let assertion = &events.rule("OrganizationsAnnouncesInOneRegion")["Assertions"][0]["Assert"];
    let announcing = assertion["Fn::Contains"][0].as_array().expect("Regions").iter().filter_map(Value::as_str);
    let regions: Vec<&str> =
        announcing.filter(|region| region.starts_with("cn-") || region.starts_with("us-gov-")).collect();
    assert_eq!(regions.len(), 2, "{regions:?}");
    for page in [STACK, ORGANIZATION_EVENTS, DEPLOY] {
        for region in &regions {
            Document::read(page).says(region);
        }
    }
}

/// A member role outlives the function's role at its own risk: it trusts a name that is free then.
#[test]
fn nothing_is_uninstalled_before_what_depends_on_it() {
    let document = Document::read(DEPLOY);
    let chapter = chapter(&document.text, "## Uninstall");
    in_order(chapter, &["guardduty-onboarding-events", "delete-stack-set ", "`sam delete`"]);
    // Reports cannot be deleted before the policy that keeps them.
    in_order(chapter, &["`sam delete`", "delete-bucket-policy", "\"Empty\""]);
}
