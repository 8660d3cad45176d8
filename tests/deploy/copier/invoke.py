"""Calls the copier's handler once, as Lambda does: the event comes on standard input.

`invoke.py <folder> <constants>`: index.py lies in the folder; the constants, as JSON, take the place of its own, so
that nobody has to wait.
"""

import importlib
import json
import sys


def main():
    folder, constants = sys.argv[1:]
    sys.path.insert(0, folder)
    copier = importlib.import_module("index")
    for name, constant in json.loads(constants).items():
        assert hasattr(copier, name), f"the copier has no {name}"
        setattr(copier, name, constant)
    copier.handler(json.load(sys.stdin), None)


if __name__ == "__main__":
    main()
