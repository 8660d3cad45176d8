//! Reads CloudFormation templates as JSON, short forms of functions included: `!Ref x` becomes `{"Ref": "x"}`, `!Sub x`
//! becomes `{"Fn::Sub": "x"}`.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use yaml_serde::Value as Yaml;

/// The template of that path, read once for all tests.
pub fn read(path: &'static str) -> Arc<Value> {
    static READ: Mutex<BTreeMap<&str, Arc<Value>>> = Mutex::new(BTreeMap::new());
    let parse = || {
        let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).expect("a template");
        Arc::new(json(yaml_serde::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))))
    };
    let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
    Arc::clone(read.entry(path).or_insert_with(parse))
}

fn json(yaml: Yaml) -> Value {
    match yaml {
        Yaml::Null => Value::Null,
        Yaml::Bool(truth) => truth.into(),
        Yaml::Number(number) => number.as_i64().map_or_else(|| json!(number.as_f64()), Into::into),
        Yaml::String(text) => text.into(),
        Yaml::Sequence(items) => items.into_iter().map(json).collect(),
        Yaml::Mapping(pairs) => {
            let pairs = pairs.into_iter().map(|(name, value)| (name.as_str().expect("a name").to_owned(), json(value)));
            Value::Object(pairs.collect())
        }
        Yaml::Tagged(tagged) => {
            let tag = tagged.tag.to_string();
            let tag = tag.trim_start_matches('!');
            let function = if matches!(tag, "Ref" | "Condition") { tag.to_owned() } else { format!("Fn::{tag}") };
            json!({function: json(tagged.value)})
        }
    }
}
