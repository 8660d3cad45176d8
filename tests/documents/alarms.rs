//! Alarms: the operator's table has a row for each, and each one's e-mail says where that table is.

use std::collections::BTreeSet;

use crate::markdown::{Document, names, words};
use crate::stack::{ORGANIZATION_EVENTS, STACK, Template};

const DOCUMENT: &str = "docs/operate.md";
const CHAPTER: &str = "When an alarm comes";

#[test]
fn the_table_of_alarms_says_for_each_what_to_do() {
    let document = Document::read(DOCUMENT);
    let table = document.table(&["alarm", "what to do"]);
    let documented: BTreeSet<&str> = table.keys().filter_map(|cell| names(cell).next()).collect();
    let templates = [STACK, ORGANIZATION_EVENTS].map(Template::read);
    let alarms: Vec<_> = templates.iter().flat_map(Template::alarms).collect();
    let named: BTreeSet<&str> = alarms.iter().filter_map(|alarm| alarm["AlarmName"].as_str()).collect();
    assert_eq!(documented, named, "alarms: documented, then those of the templates");
}

#[test]
fn the_email_of_an_alarm_says_where_the_next_step_is() {
    let wanted = format!("{DOCUMENT}, \"{CHAPTER}\"");
    for alarm in [STACK, ORGANIZATION_EVENTS].map(Template::read).iter().flat_map(Template::alarms) {
        let description = words(alarm["AlarmDescription"].as_str().expect("a description"));
        assert!(description.contains(&wanted), "{}: {description:?} has no {wanted}", alarm["AlarmName"]);
    }
    assert!(Document::read(DOCUMENT).text.contains(&format!("\n## {CHAPTER}\n")), "{DOCUMENT} has no such chapter");
}

#[test]
fn the_documents_count_the_alarms_of_the_stack() {
    const WORDS: [&str; 11] = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let stack = Template::read(STACK);
    let conditions: Vec<&str> = stack.alarm_conditions().into_iter().flatten().collect();
    assert_eq!(conditions, ["Reconciles"], "alarms that are not always there");
    let count = stack.alarms().len() - conditions.len();
    let always = WORDS[count];
    Document::read("docs/deploy.md")
        .says(&format!("its {always} alarms are not red (with `ReconcileSchedule` one more)"));
    Document::read("docs/cost.md").says(&format!("; {count} alarms, and 1 more with `ReconcileSchedule`; 1 dashboard"));
}
