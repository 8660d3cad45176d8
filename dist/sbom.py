"""Makes a CycloneDX bill of materials exact and reproducible: only what ships, no path of this machine, no time.

`sbom.py <packages> < bom.json > exact.json`: in the file packages each line is a name and a version. cargo-cyclonedx
unites the features of a workspace, tests included, and lists packages that a program never sees.
"""

import json
import sys
from pathlib import Path
from typing import Any

Part = dict[str, Any]


def name(component: Part) -> str:
    """What it is called in a file of packages."""
    return f"{component['name']} {component['version']}"


def reference(component: Part) -> str:
    """Its package URL. Ours are on no registry: there, somebody else may have a package of their name."""
    if component["bom-ref"].startswith("path+"):
        return f"pkg:generic/{component['name']}@{component['version']}"
    return component["purl"]


def renamed(component: Part) -> Part:
    url = reference(component)
    # The parts of a package of ours, such as its library, are named by paths.
    kept = {key: value for key, value in component.items() if key != "components"}
    return kept | {"bom-ref": url, "purl": url}


def exact(bom: Part, packages: set[str]) -> Part:
    """The bill of those packages alone."""
    program = bom["metadata"]["component"]
    shipped = [component for component in bom["components"] if name(component) in packages]
    missing = packages - {name(component) for component in [program, *shipped]}
    if missing:
        raise SystemExit(f"the bill of {program['name']} lacks {', '.join(sorted(missing))}")
    by_old = {component["bom-ref"]: reference(component) for component in [program, *shipped]}
    edges = [
        {
            "ref": by_old[edge["ref"]],
            "dependsOn": sorted(by_old[to] for to in edge.get("dependsOn", []) if to in by_old),
        }
        for edge in bom["dependencies"]
        if edge["ref"] in by_old
    ]
    return {
        "bomFormat": bom["bomFormat"],
        "specVersion": bom["specVersion"],
        "version": bom["version"],
        "metadata": {"tools": bom["metadata"]["tools"], "component": renamed(program)},
        "components": sorted(map(renamed, shipped), key=lambda component: component["bom-ref"]),
        "dependencies": sorted(edges, key=lambda edge: edge["ref"]),
    }


def main():
    packages = set(Path(sys.argv[1]).read_text(encoding="utf-8").splitlines())
    json.dump(exact(json.load(sys.stdin), packages), sys.stdout, indent=1, ensure_ascii=False)
    print()


if __name__ == "__main__":
    main()
