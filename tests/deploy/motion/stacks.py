"""Deploys templates on moto's CloudFormation, and holds moto to having made everything but a list of named gaps."""

import json
import re
from collections.abc import Mapping

from tests.deploy.motion.cloud import Cloud
from tests.support.conditions import chosen, holds
from tests.support.templates import Node

# Everything else in the templates is made, and deploying fails if it is not, or if one of these is.
NOT_ON_MOTO = {
    "AWS::CloudWatch::Alarm": "moto's CloudFormation has no alarms",
    "AWS::Events::EventBusPolicy": "moto's CloudFormation has no policies of buses, and moto admits every account",
    "AWS::S3::BucketPolicy": "moto's CloudFormation has no policies of buckets",
    "AWS::SNS::Subscription": "moto's CloudFormation has no subscriptions",
    "AWS::SNS::TopicPolicy": "moto's CloudFormation has no policies of topics",
    "AWS::SQS::QueuePolicy": "moto's CloudFormation has no policies of queues, and moto lets everybody send",
}


class Stack:
    """A template with parameters, deployed in an account and a Region."""

    def __init__(
        self, cloud: Cloud, account: str, region: str, name: str, template: Node, parameters: Mapping[str, str]
    ):
        self.template = template
        defaults = {key: entry["Default"] for key, entry in template["Parameters"].items() if "Default" in entry}
        self.parameters = {key: str(value) for key, value in (defaults | parameters).items()}
        self._check_parameters()
        self._names = self.parameters | {
            "AWS::Partition": "aws",
            "AWS::Region": region,
            "AWS::AccountId": account,
        }
        self._conditions = template.get("Conditions", {})
        cloudformation = cloud.client("cloudformation", account, region)
        cloudformation.create_stack(
            StackName=name,
            # moto would leave a null where a choice falls on nothing, which no policy may have. So we choose.
            TemplateBody=json.dumps(chosen(template, self._names, self._conditions)),
            Parameters=[{"ParameterKey": key, "ParameterValue": text} for key, text in parameters.items()],
            Capabilities=["CAPABILITY_NAMED_IAM"],
        )
        stack = cloudformation.describe_stacks(StackName=name)["Stacks"][0]
        assert stack["StackStatus"] == "CREATE_COMPLETE", f"stack {name} is {stack['StackStatus']}"
        self.outputs = {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}
        made = cloudformation.describe_stack_resources(StackName=name)["StackResources"]
        # moto lists what it cannot make, too, but without a name.
        made = [resource for resource in made if "LogicalResourceId" in resource]
        self.resources = {resource["LogicalResourceId"]: resource.get("PhysicalResourceId") for resource in made}
        self.gaps = self._check_made(name)

    def _check_parameters(self):
        """CloudFormation refuses what does not fit; moto takes anything."""
        known = self.template["Parameters"]
        for key, text in self.parameters.items():
            assert key in known, f"the template has no parameter {key}"
            pattern = known[key].get("AllowedPattern", "")
            assert re.search(pattern, text), f"parameter {key}: {text!r} does not match {pattern}"
        missing = set(known) - set(self.parameters)
        assert not missing, f"the template wants values for {sorted(missing)}"

    def _check_made(self, name: str) -> set[str]:
        wanted = {key: entry["Type"] for key, entry in self.template["Resources"].items() if self._exists(entry)}
        gaps = {key for key, kind in wanted.items() if kind in NOT_ON_MOTO}
        more, less = set(self.resources) - (set(wanted) - gaps), set(wanted) - gaps - set(self.resources)
        assert not more, f"stack {name}: moto can make {more} by now, which the list of gaps denies"
        assert not less, f"stack {name}: moto did not make {less}"
        outputs = {key for key, entry in self.template["Outputs"].items() if self._exists(entry)}
        assert set(self.outputs) == outputs, f"stack {name} has the outputs {sorted(self.outputs)}, expected {outputs}"
        return {wanted[key] for key in gaps}

    def _holds(self, condition: str) -> bool:
        return holds({"Condition": condition}, self._names, self._conditions)

    def _exists(self, entry: Node) -> bool:
        return "Condition" not in entry or self._holds(entry["Condition"])
