"""Bills of materials: what ships and nothing else, without a trace of the machine that made them."""

import copy
import json

import pytest

from dist.sbom import exact

REGISTRY = "registry+https://registry.example.com/index#"
OURS = "path+file:///home/somebody/cli#gdo@0.1.0"


def component(name: str) -> dict[str, str]:
    return {"bom-ref": f"{REGISTRY}{name}@1.0.0", "name": name, "version": "1.0.0", "purl": f"pkg:cargo/{name}@1.0.0"}


PROGRAM = {
    "bom-ref": OURS,
    "name": "gdo",
    "version": "0.1.0",
    "purl": "pkg:cargo/gdo@0.1.0?download_url=file://.",
    "components": [{"bom-ref": f"{OURS} bin-target-0", "name": "gdo"}],
}
BOM = {
    "bomFormat": "CycloneDX",
    "specVersion": "1.5",
    "version": 1,
    "serialNumber": "urn:uuid:00000000-0000-0000-0000-000000000000",
    "metadata": {"timestamp": "2026-01-01T12:00:00Z", "tools": [], "component": PROGRAM, "properties": []},
    "components": [component("tokio"), component("ring"), component("csv")],
    "dependencies": [
        {"ref": f"{REGISTRY}tokio@1.0.0", "dependsOn": [f"{REGISTRY}ring@1.0.0"]},
        {"ref": f"{REGISTRY}ring@1.0.0"},
        {"ref": f"{REGISTRY}csv@1.0.0"},
        {"ref": OURS, "dependsOn": [f"{REGISTRY}tokio@1.0.0", f"{REGISTRY}csv@1.0.0"]},
    ],
}
SHIPPED = {"gdo 0.1.0", "tokio 1.0.0", "csv 1.0.0"}


def test_a_package_that_does_not_ship_is_in_no_bill():
    bill = exact(BOM, SHIPPED)
    assert [part["name"] for part in bill["components"]] == ["csv", "tokio"]
    assert bill["dependencies"] == [
        {"ref": "pkg:cargo/csv@1.0.0", "dependsOn": []},
        {"ref": "pkg:cargo/tokio@1.0.0", "dependsOn": []},
        {"ref": "pkg:generic/gdo@0.1.0", "dependsOn": ["pkg:cargo/csv@1.0.0", "pkg:cargo/tokio@1.0.0"]},
    ]


def test_a_bill_tells_no_time_and_no_path():
    later = copy.deepcopy(BOM)
    later["serialNumber"] = "urn:uuid:11111111-1111-1111-1111-111111111111"
    later["metadata"]["timestamp"] = "2026-01-02T12:00:00Z"
    text = json.dumps(exact(BOM, SHIPPED))
    assert text == json.dumps(exact(later, SHIPPED))
    assert "file:" not in text


def test_a_package_that_the_bill_lacks_is_named():
    with pytest.raises(SystemExit, match=r"the bill of gdo lacks hyper 1\.0\.0"):
        exact(BOM, SHIPPED | {"hyper 1.0.0"})
