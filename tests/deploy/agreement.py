"""What the checks of the templates share: what they complain of, and the stack."""

import sys

from tests.support.templates import STACK, load

problems = []


def check(good, problem):
    if not good:
        problems.append(problem)


def same(what, got, wanted):
    check(got == wanted, f"{what}: {got!r}, expected {wanted!r}")


def same_names(what, got, wanted):
    """Both ways, saying which names are the trouble."""
    got, wanted = set(got), set(wanted)
    check(not wanted - got, f"{what}: missing {sorted(wanted - got)}")
    check(not got - wanted, f"{what}: not expected {sorted(got - wanted)}")


stack = load(STACK)
parameters = stack["Parameters"]
resources = stack["Resources"]


def of_type(kind):
    return {name: resource["Properties"] for name, resource in resources.items() if resource["Type"] == kind}


def finish(summary):
    """Ends the program: with everything that is wrong, or with what agrees."""
    for problem in dict.fromkeys(problems):
        print(f"WRONG: {problem}", file=sys.stderr)
    if problems:
        sys.exit(1)
    print(summary)
