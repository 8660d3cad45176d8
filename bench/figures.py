"""Figures of several runs, and how they are printed."""

import json
import statistics
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path

# Of one thing that was measured several times: median, least and most, and how often.
Spread = dict[str, float]


def spread(values: Sequence[float]) -> Spread:
    """Median, least and most."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "runs": len(values)}


def shown(figures: Spread, unit: float = 1.0, digits: int = 1) -> str:
    """A spread in text: 5.5 (5.2-7.9), in that unit."""
    middle, least, most = (f"{figures[name] / unit:.{digits}f}" for name in ("median", "min", "max"))
    return f"{middle} ({least}-{most})"


def sizes(binary: Path, folder: Path) -> dict[str, int]:
    """Bytes of a binary, and of the zip that Lambda gets."""
    path = folder / "function.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.write(binary, "bootstrap")
    return {"binary_bytes": binary.stat().st_size, "zip_bytes": path.stat().st_size}


def table(rows: Sequence[Sequence[object]]):
    """Columns of text, the first to the left and the others to the right."""
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [str(cell).rjust(width) for cell, width in zip(row, widths, strict=True)]
        cells[0] = str(row[0]).ljust(widths[0])
        print("  ".join(cells).rstrip())


def progress(text: str):
    """What goes on, where it does not get into the figures."""
    print(text, file=sys.stderr, flush=True)


def as_json(figures: object):
    print(json.dumps(figures, indent=1))
