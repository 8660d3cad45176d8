"""Packs what is released, so that the same files give the same bytes: no times, no users, one order.

`archive.py zip <program> <file>` packs a function: the program alone, as `bootstrap`.
`archive.py tar <folder> <file>` packs a folder with everything in it, under its own name.
`archive.py sums <folder>` writes the folder's SHA256SUMS.
"""

import gzip
import hashlib
import sys
import tarfile
import zipfile
from pathlib import Path

# The first moment that a zip can name.
BEGINNING = (1980, 1, 1, 0, 0, 0)
SUMS = "SHA256SUMS"


def pack_function(program: Path, archive: Path):
    entry = zipfile.ZipInfo("bootstrap", BEGINNING)
    # A regular file that everybody may run. Lambda unpacks it as another user.
    entry.external_attr = 0o100755 << 16
    entry.create_system = 3
    entry.compress_type = zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(archive, "w") as writing:
        writing.writestr(entry, program.read_bytes(), compresslevel=9)


def anonymous(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    runs = entry.isdir() or entry.mode & 0o100
    entry.mode = 0o755 if runs else 0o644
    entry.mtime = entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    return entry


def pack_folder(folder: Path, archive: Path):
    with (
        archive.open("wb") as file,
        gzip.GzipFile(filename="", mode="wb", fileobj=file, mtime=0) as packed,
        tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as writing,
    ):
        for path in [folder, *sorted(folder.rglob("*"))]:
            name = path.relative_to(folder.parent)
            writing.add(path, str(name), recursive=False, filter=anonymous)


def sum_up(folder: Path):
    """As sha256sum writes and checks them."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != SUMS)
    sums = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder)}\n" for path in files]
    (folder / SUMS).write_text("".join(sums), encoding="utf-8")


def main():
    match sys.argv[1:]:
        case ["zip", program, archive]:
            pack_function(Path(program), Path(archive))
        case ["tar", folder, archive]:
            pack_folder(Path(folder), Path(archive))
        case ["sums", folder]:
            sum_up(Path(folder))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
