"""What the checks of the templates share: what they complain of, the stack, and the documents' tables."""

import re
import sys

from cloudformation import ROOT, STACK, load

problems = []

PAGES = ("README.md", *(f"docs/{name}.md" for name in ("deploy", "operate", "reference", "semantics", "cost")))


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


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def documents():
    """README and the pages that it links to, as one text."""
    return "\n".join(map(read, PAGES))


def table(*header):
    """The rows of the documents' table with that header: first cell to the others. The names are printed as code."""
    lines = iter(documents().splitlines())
    wanted = f"| {' | '.join(header)} |"
    rows = {}
    if wanted not in lines:
        problems.append(f"the documents have no table {wanted}")
        return rows
    next(lines)
    for line in lines:
        if not line.startswith("|"):
            break
        first, *others = (cell.strip() for cell in re.split(r"(?<!\\)\|", line.strip("|")))
        check(first not in rows, f"{first} stands twice in the documents' table {wanted}")
        rows[first] = others
    check(rows, f"the documents' table {wanted} is empty")
    return rows


def plain(cell):
    return cell.strip("`")


def number_in_readme(pattern):
    """The number in that sentence of the documents, wherever its lines break."""
    text = " ".join(documents().split())
    found = set(re.findall(pattern, text))
    check(len(found) == 1, f"the documents: {pattern!r} is there with {sorted(found)}, expected one number")
    return int(found.pop()) if len(found) == 1 else None


def as_text(value):
    """A default as CloudFormation hands it on."""
    return str(value).lower() if isinstance(value, bool) else str(value)


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
