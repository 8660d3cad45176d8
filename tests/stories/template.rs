//! CloudFormation templates with their parameters filled in: as much of the language as ours use.

#[path = "../cloudformation/mod.rs"]
mod cloudformation;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value, json};

/// A template, deployed.
pub struct Template {
    name: &'static str,
    document: Arc<Value>,
    /// What `Ref` returns for parameters, pseudo parameters, and the resources that a policy names.
    names: BTreeMap<String, Value>,
}

impl Template {
    /// The template at that path, deployed in that account in Virginia, with all parameters at their defaults. A
    /// parameter without a default needs a value before it is used.
    pub fn new(path: &'static str, account: &str) -> Self {
        let document = cloudformation::read(path);
        let pseudo =
            [("Partition", "aws"), ("Region", "us-east-1"), ("AccountId", account), ("URLSuffix", "amazonaws.com")];
        let pseudo = pseudo.map(|(name, value)| (format!("AWS::{name}"), json!(value)));
        let parameters = document["Parameters"].as_object().into_iter().flatten();
        let defaults =
            parameters.filter_map(|(name, parameter)| Some((name.clone(), parameter.get("Default")?.clone())));
        let names = defaults.chain(pseudo).collect();
        Self { name: path, document, names }
    }

    /// With another value for a parameter, or for a name or `Resource.Attribute` that AWS would assign.
    pub fn with(mut self, name: &str, value: &str) -> Self {
        let resource = name.split('.').next().unwrap_or_default();
        let known = !self.document["Parameters"][name].is_null() || !self.document["Resources"][resource].is_null();
        assert!(known, "{} has neither parameter nor resource {name}", self.name);
        self.names.insert(name.into(), json!(value));
        self
    }

    /// The properties of a resource, evaluated, without those that have no value.
    pub fn properties(&self, resource: &str) -> Value {
        let properties = &self.document["Resources"][resource]["Properties"];
        assert!(properties.is_object(), "{} has no resource {resource}", self.name);
        self.evaluated(properties).unwrap_or_default()
    }

    /// The permissions policies of a role, as JSON.
    pub fn policies(&self, role: &str) -> Vec<String> {
        let properties = self.properties(role);
        let policies = properties["Policies"].as_array().expect("policies written out");
        policies.iter().map(|policy| policy["PolicyDocument"].to_string()).collect()
    }

    /// The policy of a bucket, as JSON.
    pub fn bucket_policy(&self, resource: &str) -> String {
        self.properties(resource)["PolicyDocument"].to_string()
    }

    /// The trust policy of a role, as JSON.
    pub fn trust(&self, role: &str) -> String {
        self.properties(role)["AssumeRolePolicyDocument"].to_string()
    }

    /// The parameter of that name, or the one that the function's setting of that name is taken from, if it is one.
    pub fn parameter_of<'a>(&'a self, setting: &'a str) -> Option<&'a str> {
        if !self.document["Parameters"][setting].is_null() {
            return Some(setting);
        }
        let variables = &self.document["Resources"]["Function"]["Properties"]["Environment"]["Variables"];
        let variable = &variables[setting];
        // A setting that not every stack has is taken from the branch in which its condition holds.
        let variable = if variable["Fn::If"].is_null() { variable } else { &variable["Fn::If"][1] };
        let name = variable["Ref"].as_str()?;
        (!self.document["Parameters"][name].is_null()).then_some(name)
    }

    /// `None` is `AWS::NoValue`, which removes the property that has it.
    fn evaluated(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Object(object) => match object.iter().next() {
                Some((function, argument)) if object.len() == 1 => self.call(function, argument, object),
                _ => Some(self.object(object)),
            },
            Value::Array(items) => Some(items.iter().filter_map(|item| self.evaluated(item)).collect()),
            plain => Some(plain.clone()),
        }
    }

    fn object(&self, object: &Map<String, Value>) -> Value {
        let evaluated = object.iter().filter_map(|(name, value)| Some((name.clone(), self.evaluated(value)?)));
        Value::Object(evaluated.collect())
    }

    fn call(&self, function: &str, argument: &Value, object: &Map<String, Value>) -> Option<Value> {
        Some(match function {
            "Ref" if argument == "AWS::NoValue" => return None,
            "Ref" => self.named(argument.as_str().expect("a name")),
            "Fn::Sub" => json!(self.substituted(argument)),
            "Fn::GetAtt" => {
                let path: Vec<&str> = argument.as_str().map_or_else(
                    || argument.as_array().into_iter().flatten().filter_map(Value::as_str).collect(),
                    |text| text.splitn(2, '.').collect(),
                );
                self.named(&path.join("."))
            }
            "Fn::If" => {
                let branch = if self.condition(argument[0].as_str().expect("a condition")) { 1 } else { 2 };
                return self.evaluated(&argument[branch]);
            }
            "Fn::Split" => {
                let text = self.text(&argument[1]);
                text.split(argument[0].as_str().expect("a separator")).map(Value::from).collect()
            }
            "Fn::Select" => {
                let place = argument[0].as_u64().and_then(|place| usize::try_from(place).ok()).expect("a place");
                self.evaluated(&argument[1]).expect("a list")[place].clone()
            }
            _ => self.object(object),
        })
    }

    fn condition(&self, name: &str) -> bool {
        let condition = &self.document["Conditions"][name];
        assert!(!condition.is_null(), "{} has no condition {name}", self.name);
        self.holds(condition)
    }

    fn holds(&self, condition: &Value) -> bool {
        let (function, argument) = condition.as_object().and_then(|object| object.iter().next()).expect("a function");
        let mut all = argument.as_array().into_iter().flatten();
        match function.as_str() {
            "Condition" => self.condition(argument.as_str().expect("a name")),
            "Fn::Equals" => self.text(&argument[0]) == self.text(&argument[1]),
            "Fn::Not" => !self.holds(&argument[0]),
            "Fn::And" => all.all(|one| self.holds(one)),
            "Fn::Or" => all.any(|one| self.holds(one)),
            _ => panic!("{}: {function} is not understood in a condition", self.name),
        }
    }

    fn text(&self, value: &Value) -> String {
        match self.evaluated(value).unwrap_or_default() {
            Value::String(text) => text,
            other => other.to_string(),
        }
    }

    fn substituted(&self, argument: &Value) -> String {
        let (text, own) = match argument {
            Value::Array(parts) => (parts[0].as_str(), parts[1].as_object()),
            text => (text.as_str(), None),
        };
        let mut pieces = text.expect("a text").split("${");
        let mut result = pieces.next().unwrap_or_default().to_owned();
        for piece in pieces {
            let (name, rest) = piece.split_once('}').expect("a closing brace");
            let value = own.and_then(|own| own.get(name)).map_or_else(|| self.named(name), Clone::clone);
            result += &self.text(&value);
            result += rest;
        }
        result
    }

    fn named(&self, name: &str) -> Value {
        let parameter = !self.document["Parameters"][name].is_null();
        assert!(!parameter || self.names.contains_key(name), "{}: parameter {name} has no value", self.name);
        // A resource without a name here does not matter, but must not be taken for another one.
        self.names.get(name).cloned().unwrap_or_else(|| json!(format!("(the {name} of {})", self.name)))
    }
}
