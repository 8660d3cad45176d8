"""Figures of several runs, and how they are printed."""

import json
import statistics
import sys
import zipfile


def spread(values):
    """Median, least and most."""
    return {"median": statistics.median(values), "min": min(values), "max": max(values), "runs": len(values)}


def shown(figures, unit=1.0, digits=1):
    """A spread in text: 5.5 (5.2-7.9), in that unit."""
    middle, least, most = (f"{figures[name] / unit:.{digits}f}" for name in ("median", "min", "max"))
    return f"{middle} ({least}-{most})"


def sizes(binary, folder):
    """Bytes of a binary, and of the zip that Lambda gets."""
    path = folder / "function.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        archive.write(binary, "bootstrap")
    return {"binary_bytes": binary.stat().st_size, "zip_bytes": path.stat().st_size}


def table(rows):
    """Columns of text, the first to the left and the others to the right."""
    widths = [max(len(str(row[column])) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [str(cell).rjust(width) for cell, width in zip(row, widths)]
        cells[0] = str(row[0]).ljust(widths[0])
        print("  ".join(cells).rstrip())


def progress(text):
    """What goes on, where it does not get into the figures."""
    print(text, file=sys.stderr, flush=True)


def as_json(figures):
    print(json.dumps(figures, indent=1))
