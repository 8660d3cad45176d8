"""Holds the templates against the code and README: names and defaults that have to agree.

Nothing on AWS would say that they don't: an alarm on a metric that nobody writes is silent, and a variable that nobody
reads is ignored.
"""

import json
import re

from agreement import as_text, check, documents, finish, of_type, parameters, plain, read, resources, same, same_names, table
from cloudformation import MEMBER_ROLE, ORGANIZATION_EVENTS, STACK, TEMPLATES, load


def source_of(value):
    """The parameter or resource that a value is taken from, if it is taken from one, under whatever condition."""
    if isinstance(value, dict) and "Fn::If" in value:
        _, value, otherwise = value["Fn::If"]
        check(
            otherwise == {"Ref": "AWS::NoValue"}, f"{STACK}: {value} is set to {otherwise} otherwise, expected nothing"
        )
    return value.get("Ref") if isinstance(value, dict) else None


def check_settings():
    """Each setting is set from a parameter or a resource, nothing else is, and the defaults are README's."""
    settings = {plain(name): default for name, (default, _) in table("variable", "default", "meaning").items()}
    variables = resources["Function"]["Properties"]["Environment"]["Variables"]
    same_names(f"{STACK}: the function's variables against README's settings", variables, settings)
    for name, value in variables.items():
        source = source_of(value)
        known = source in parameters or source in resources
        check(known, f"{STACK}: {name} is {value}, expected a parameter or resource")
        if source not in parameters or name not in settings:
            continue
        # Who is asked for it without a default may say that there is none.
        default = as_text(parameters[source].get("Default", ""))
        documented = settings[name]
        if documented.startswith("`"):
            same(f"{STACK}: {source}'s default against README's of {name}", default, plain(documented))
        elif documented == "required":
            check(default, f"{STACK}: {source} has no default, but {name} is required")
        else:
            # "none", or said in words: what holds when it is not set.
            same(f"{STACK}: {source}'s default, where {name}'s is said to be {documented!r}", default, "")

    # A Rust test holds the function against the same values.
    for name, values in json.loads(read("tests/settings.json")).items():
        pattern = parameters[source_of(variables[name])]["AllowedPattern"]
        for value in values["good"]:
            check(re.fullmatch(pattern, value), f"{STACK}: {name}'s parameter refuses {value!r}")
        for value in values["bad"]:
            check(not re.fullmatch(pattern, value), f"{STACK}: {name}'s parameter takes {value!r}")

    # What the template lets pass, the function must not refuse when it starts.
    ranges = re.findall(r'optional\("(\w+)", \|text\| number\(text, (\d+), (\d+)\)\)', read("src/config/read.rs"))
    same_names(
        "src/config/read.rs: the settings that are numbers",
        [name for name, *_ in ranges],
        ["MAX_DELIVERIES", "MAX_CONCURRENCY", "SETTLE_SECONDS"],
    )
    for name, least, most in ranges:
        parameter = parameters.get(source_of(variables.get(name)))
        if parameter:
            allowed = (parameter["MinValue"], parameter["MaxValue"])
            check(
                int(least) <= allowed[0] <= allowed[1] <= int(most),
                f"{STACK}: {name}'s parameter allows {allowed}, but the function takes {least} to {most}",
            )
    return len(settings)


def check_tables():
    """README's tables of parameters and outputs are those of the templates."""
    count = 0
    for template in TEMPLATES:
        found = load(template)
        documented = table(f"parameter of `{template}`", "default", "what it is")
        same_names(f"README's parameters of {template}", map(plain, documented), found["Parameters"])
        for name, (default, _) in documented.items():
            parameter = found["Parameters"].get(plain(name), {})
            wanted = "required"
            if "Default" in parameter:
                wanted = f"`{as_text(parameter['Default'])}`" if parameter["Default"] != "" else "none"
            same(f"README's default of {template}'s {plain(name)}", default, wanted)

        outputs = table(f"output of `{template}`", "what it is")
        same_names(f"README's outputs of {template}", map(plain, outputs), found["Outputs"])
        count += len(documented) + len(outputs)
    return count


def dashboard():
    """Its body, with a stand-in for whatever CloudFormation puts in."""
    (properties,) = of_type("AWS::CloudWatch::Dashboard").values()
    return json.loads(re.sub(r"\$\{([\w:.]+)\}", r"<\1>", properties["DashboardBody"]["Fn::Sub"]))


def charted(widget):
    """Namespace, name and dimensions of each metric of a widget; `.` and `...` repeat the line before."""
    before = []
    for line in widget["properties"].get("metrics", []):
        line = [part for part in line if not isinstance(part, dict)]
        if line[0] == "...":
            line = before[: len(before) - len(line) + 1] + line[1:]
        line = [before[place] if part == "." else part for place, part in enumerate(line)]
        before = line
        yield line[0], line[1], tuple(line[2:])


def check_metrics():
    """Every metric that is watched is written, every one that is written is watched, and README has them all."""
    code = read("src/lambda/metrics.rs").split("#[cfg(test)]")[0]
    written = set(re.findall(r'writer\.value\(\s*"(\w+)"', code))
    namespace = re.search(r'NAMESPACE: &str = "(\w+)"', code)[1]
    dimension = re.search(r'REASON: &str = "(\w+)"', code)[1]

    documented = table("metric", "what it counts")
    names = {name for cell in documented for name in re.findall(r"`(\w+)`", cell)} - {dimension}
    same_names("README's metrics against the code's", names, written)
    check(f"namespace `{namespace}`" in " ".join(documents().split()), f"README has no namespace `{namespace}`")

    alarms = of_type("AWS::CloudWatch::Alarm")
    widgets = dashboard()["widgets"]
    watched = [
        (alarm["AlarmName"], alarm["Namespace"], alarm["MetricName"], alarm.get("Dimensions", ()))
        for alarm in alarms.values()
    ]
    watched += [("the dashboard", *metric) for widget in widgets for metric in charted(widget)]
    for where, space, name, dimensions in watched:
        if space == namespace:
            check(name in written, f"{STACK}: {where} watches {name}, which the function does not write")
            # A metric with dimensions and one without are two metrics; ours have none, failures by reason apart.
            check(not dimensions, f"{STACK}: {where} watches {name} with {dimensions}, but it is written without")
        else:
            check(space in ("AWS/Lambda", "AWS/SQS"), f"{STACK}: {where} watches the namespace {space}")
            check(dimensions, f"{STACK}: {where} watches {space} {name} of no function or queue")
    unwatched = written - {name for _, space, name, _ in watched if space == namespace}
    check(not unwatched, f"{STACK}: on no dashboard and in no alarm: {sorted(unwatched)}")

    (overview,) = (widget for widget in widgets if widget["type"] == "alarm")
    same_names(
        f"{STACK}: the dashboard's alarms",
        [arn.rpartition(":alarm:")[2] for arn in overview["properties"]["alarms"]],
        [alarm["AlarmName"] for alarm in alarms.values()],
    )

    # A Duration is written in milliseconds, unless another unit is asked for.
    for written_so in ('"RunDuration", &self.duration)', '"PendingAge", &age.as_secs().with_unit::<Second>())'):
        check(written_so in code, f"src/lambda/metrics.rs: no {written_so}; which unit is it written in now?")
    timeout = resources["Function"]["Properties"]["Timeout"]
    limits = [alarm["Threshold"] for alarm in alarms.values() if alarm["MetricName"] == "PendingAge"]
    for name, unit, lines in (("RunDuration", "milliseconds", [timeout * 1000]), ("PendingAge", "seconds", limits)):
        charts = [widget for widget in widgets if (namespace, name, ()) in charted(widget)]
        check(len(charts) == 1, f"{STACK}: {len(charts)} charts of {namespace} {name}, expected one")
        if len(charts) != 1:
            continue
        (widget,) = charts
        same(f"{STACK}: the label of {name}'s axis", widget["properties"]["yAxis"]["left"]["label"], unit)
        drawn = [mark["value"] for mark in widget["properties"]["annotations"]["horizontal"]]
        same(f"{STACK}: the line in {name}'s chart, in {unit}", drawn, lines)
        said = documented.get(f"`{name}`", [""])[0]
        check(re.match(rf"{unit}\b", said), f"README: {name} is {said!r}, expected {unit}")
    return len(written)


def granted(part):
    """Every action that a policy, or any part of it, allows."""
    if isinstance(part, dict):
        if part.get("Effect") == "Allow":
            action = part["Action"]
            return {action} if isinstance(action, str) else set(action)
        part = list(part.values())
    return set().union(*map(granted, part)) if isinstance(part, list) else set()


def check_alarms():
    """README says for each alarm what to do."""
    documented = [name for cell in table("alarm", "what to do") for name in re.findall(r"`([^`]+)`", cell)]
    alarms = {
        resource["Properties"]["AlarmName"]: resource["Properties"]["AlarmDescription"]
        for template in (STACK, ORGANIZATION_EVENTS)
        for resource in load(template)["Resources"].values()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }
    same_names("README's table of alarms", documented, alarms)
    for name, description in alarms.items():
        check("When an alarm comes" in description, f"{name} does not say where README says what to do")
    words = {2: "two", 3: "three", 4: "four", 5: "five", 6: "six", 7: "seven", 8: "eight", 9: "nine", 10: "ten"}
    count = len(of_type("AWS::CloudWatch::Alarm"))
    text = " ".join(documents().split())
    for said in (f"its {words[count]} alarms are not red", f"; {count} alarms; 1 dashboard"):
        check(said in text, f"README does not say {said!r}, but the stack has {count}")


def check_permissions():
    """README's tables of permissions are what the roles have, and no action has a wildcard."""
    roles_of = {
        "permission of the function's role": (STACK, ["FunctionRole"]),
        "permission of the member role": (MEMBER_ROLE, ["MemberRole"]),
        "permission in the management account": (ORGANIZATION_EVENTS, ["ReaderRole", "ForwardingRole"]),
    }
    count = 0
    for header, (template, roles) in roles_of.items():
        cells = table(header, "used for", "narrowed to")
        documented = {name for cell in cells for name in re.findall(r"`([^`]+)`", cell)}
        found = load(template)["Resources"]
        same_names(
            f"{template}: its roles against README's table",
            [name for name, resource in found.items() if resource["Type"] == "AWS::IAM::Role"],
            roles,
        )
        actions = set().union(*(granted(found[role]["Properties"]["Policies"]) for role in roles))
        same_names(f"README's table of the {header}", documented, actions)
        check(not any("*" in action for action in actions), f"{template}: {sorted(actions)} has a wildcard")
        count += len(actions)
    return count


def check_uninstall():
    """README deletes nothing before what depends on it; a member role outlives the function's role at its own risk."""
    section = documents().split("**Uninstall**")[-1].split("**Members stay members**")[0]
    steps = ("guardduty-onboarding-events", "delete-stack-set ", "`sam delete`")
    places = [section.find(step) for step in steps]
    check(-1 < places[0] < places[1] < places[2], f"README's Uninstall has {steps} at {places}, expected this order")


def main():
    settings = check_settings()
    documented = check_tables()
    metrics = check_metrics()
    check_alarms()
    check_uninstall()
    permissions = check_permissions()
    finish(
        f"names agree: {settings} settings, {documented} parameters and outputs, {metrics} metrics, "
        f"{permissions} permissions"
    )


if __name__ == "__main__":
    main()
