//! The templates, as far as documents speak of them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::cloudformation;

pub const STACK: &str = "template.yaml";
pub const MEMBER_ROLE: &str = "templates/member-role.yaml";
pub const ORGANIZATION_EVENTS: &str = "templates/organization-events.yaml";
pub const TEMPLATES: [&str; 3] = [STACK, MEMBER_ROLE, ORGANIZATION_EVENTS];

pub struct Template(Arc<Value>);

impl Template {
    pub fn read(path: &'static str) -> Self {
        Self(cloudformation::read(path))
    }

    fn part(&self, name: &str) -> &Map<String, Value> {
        self.0[name].as_object().unwrap_or_else(|| panic!("the template has no {name}"))
    }

    /// Which release of ours it is of.
    pub fn version(&self) -> Option<&str> {
        self.0["Metadata"]["guardduty-onboarding"]["Version"].as_str()
    }

    pub fn parameters(&self) -> &Map<String, Value> {
        self.part("Parameters")
    }

    pub fn outputs(&self) -> BTreeSet<String> {
        self.part("Outputs").keys().cloned().collect()
    }

    pub fn properties(&self, resource: &str) -> &Value {
        &self.part("Resources")[resource]["Properties"]
    }

    pub fn rule(&self, name: &str) -> &Value {
        &self.part("Rules")[name]
    }

    /// Its resources of one type: logical id to properties.
    pub fn of_type(&self, kind: &str) -> BTreeMap<&str, &Value> {
        let of_kind = self.part("Resources").iter().filter(|(_, resource)| resource["Type"] == kind);
        of_kind.map(|(name, resource)| (name.as_str(), &resource["Properties"])).collect()
    }

    pub fn alarms(&self) -> Vec<&Value> {
        self.of_type("AWS::CloudWatch::Alarm").into_values().collect()
    }

    /// The condition of each alarm that exists only under one.
    pub fn alarm_conditions(&self) -> Vec<Option<&str>> {
        let alarms = self.part("Resources").values().filter(|resource| resource["Type"] == "AWS::CloudWatch::Alarm");
        alarms.map(|alarm| alarm["Condition"].as_str()).collect()
    }

    pub fn has_resource(&self, name: &str) -> bool {
        self.part("Resources").contains_key(name)
    }

    /// The function's environment: variable to value.
    pub fn variables(&self) -> &Map<String, Value> {
        let variables = &self.properties("Function")["Environment"]["Variables"];
        variables.as_object().expect("variables of the function")
    }

    /// The parameter or resource that a variable is taken from, under whatever condition; without it, it is not set.
    pub fn source(&self, variable: &str) -> &str {
        let value = &self.variables()[variable];
        let value = match value["Fn::If"].as_array() {
            Some(branches) => {
                assert_eq!(branches[2]["Ref"], "AWS::NoValue", "{variable} is set otherwise, too: {value}");
                &branches[1]
            }
            None => value,
        };
        let source = value["Ref"].as_str().unwrap_or_else(|| panic!("{variable} is {value}, no parameter or resource"));
        let known = self.parameters().contains_key(source) || self.has_resource(source);
        assert!(known, "{variable} is {source}, no parameter or resource");
        source
    }
}

/// A default as CloudFormation hands it on.
pub fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
