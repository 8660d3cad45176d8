"""Deploys templates on moto's CloudFormation, and holds moto to having made everything but a list of named gaps."""

import json
import re

from samtranslator.translator.transform import transform

from tests.support.programs import Failed, check

# Everything else in the templates is made, and the script fails if it is not, or if one of these is.
NOT_ON_MOTO = {
    "AWS::CloudWatch::Alarm": "moto's CloudFormation has no alarms",
    "AWS::Events::EventBusPolicy": "moto's CloudFormation has no policies of buses, and moto admits every account",
    "AWS::S3::BucketPolicy": "moto's CloudFormation has no policies of buckets",
    "AWS::SNS::Subscription": "moto's CloudFormation has no subscriptions",
    "AWS::SNS::TopicPolicy": "moto's CloudFormation has no policies of topics",
    "AWS::SQS::QueuePolicy": "moto's CloudFormation has no policies of queues, and moto lets everybody send",
}

NOTHING = {"Ref": "AWS::NoValue"}


class NoManagedPolicies:
    """Ours has none, so SAM need not ask IAM for them."""

    def load(self):
        return {}


def transformed(template, code):
    """A SAM template as plain CloudFormation, its function's code lying at `code`."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::Serverless::Function":
            resource["Properties"]["CodeUri"] = code
    return transform(template, {}, NoManagedPolicies())


class Stack:
    """A template with parameters, deployed in an account and a Region."""

    def __init__(self, cloud, account, region, name, template, parameters):
        self.account = account
        self.region = region
        self.template = template
        self.parameters = {
            key: str(entry["Default"]) for key, entry in template["Parameters"].items() if "Default" in entry
        }
        self.parameters |= parameters
        self._check_parameters()
        self._cloudformation = cloud.client("cloudformation", account, region)
        self._cloudformation.create_stack(
            StackName=name,
            # moto would leave a null where a choice falls on nothing, which no policy may have. So we choose.
            TemplateBody=json.dumps(self._chosen(template)),
            Parameters=[{"ParameterKey": key, "ParameterValue": text} for key, text in parameters.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        stack = self._cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        check(stack["StackStatus"] == "CREATE_COMPLETE", f"stack {name} is {stack['StackStatus']}")
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        made = self._cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        # moto lists what it cannot make, too, but without a name.
        made = [resource for resource in made if "LogicalResourceId" in resource]
        self.resources = {resource["LogicalResourceId"]: resource.get("PhysicalResourceId") for resource in made}
        self.gaps = self._check_made(name)

    def _check_parameters(self):
        """CloudFormation refuses what does not fit; moto takes anything."""
        for key, text in self.parameters.items():
            check(key in self.template["Parameters"], f"the template has no parameter {key}")
            pattern = self.template["Parameters"][key].get("AllowedPattern", "")
            check(re.search(pattern, text), f"parameter {key}: {text!r} does not match {pattern}")
        missing = set(self.template["Parameters"]) - set(self.parameters)
        check(not missing, f"the template wants values for {sorted(missing)}")

    def _check_made(self, name):
        wanted = {key: entry["Type"] for key, entry in self.template["Resources"].items() if self._exists(entry)}
        gaps = {key for key, kind in wanted.items() if kind in NOT_ON_MOTO}
        more, less = set(self.resources) - (set(wanted) - gaps), set(wanted) - gaps - set(self.resources)
        check(not more, f"stack {name}: moto can make {more} by now, which the list of gaps denies")
        check(not less, f"stack {name}: moto did not make {less}")
        outputs = {key for key, entry in self.template["Outputs"].items() if self._exists(entry)}
        check(set(self.outputs) == outputs, f"stack {name} has the outputs {sorted(self.outputs)}, expected {outputs}")
        return {wanted[key] for key in gaps}

    def _exists(self, entry):
        return "Condition" not in entry or self._holds({"Condition": entry["Condition"]})

    def _holds(self, condition):
        ((function, argument),) = condition.items()
        if function == "Condition":
            return self._holds(self.template["Conditions"][argument])
        if function == "Fn::Not":
            return not self._holds(argument[0])
        if function == "Fn::And":
            return all(map(self._holds, argument))
        if function == "Fn::Or":
            return any(map(self._holds, argument))
        if function == "Fn::Equals":
            left, right = map(self._value, argument)
            return left == right
        raise Failed(f"the script does not know the condition {function}")

    def _value(self, node):
        if not isinstance(node, dict):
            return str(node)
        known = {"AWS::Partition": "aws", "AWS::Region": self.region, "AWS::AccountId": self.account}
        return (known | self.parameters)[node["Ref"]]

    def _chosen(self, node):
        if isinstance(node, dict) and "Fn::If" in node:
            condition, yes, no = node["Fn::If"]
            return self._chosen(yes if self._holds({"Condition": condition}) else no)
        if isinstance(node, dict):
            chosen = {key: self._chosen(item) for key, item in node.items()}
            return {key: item for key, item in chosen.items() if item != NOTHING}
        if isinstance(node, list):
            return [item for item in map(self._chosen, node) if item != NOTHING]
        return node
