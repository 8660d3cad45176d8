"""Checks what `sam build` made: `built.py <folder of the function>`.

Nothing but Python is needed, so that this can check anybody's build.
"""

import io
import platform
import re
import subprocess
import sys
import zipfile
from pathlib import Path

# Amazon Linux 2023, on which the runtime provided.al2023 is built, has this one.
NEWEST_GLIBC = (2, 34)
# Lambda takes 50 MB. A larger function starts later, and this one has no reason to be.
MOST_ZIPPED = 5_000_000

ELF_64_BIT_LITTLE_ENDIAN = b"\x7fELF\x02\x01"
ELF_X86_64 = 62
# What an exception of Rust is marked with. Where a panic aborts the process there are no exceptions.
RUST_EXCEPTION = b"MOZ\0RUST"

OTHER_COMPILER = (
    "was it built without zig, against this machine's C library? pip brings zig along with cargo-lambda; unset "
    "CARGO_LAMBDA_COMPILER and build again"
)


def glibc_versions(binary: bytes) -> list[tuple[int, int]]:
    """The versions of the C library that the binary names, from its table of strings."""
    found = re.findall(rb"\0GLIBC_(\d+)\.(\d+)[\d.]*(?=\0)", binary)
    return sorted({(int(major), int(minor)) for major, minor in found})


def zipped_size(file: Path) -> int:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as writing:
        writing.write(file, file.name)
    return len(archive.getvalue())


def main():
    folder = Path(sys.argv[1])
    bootstrap = folder / "bootstrap"
    files = sorted(path.name for path in folder.iterdir())
    if files != ["bootstrap"]:
        sys.exit(f"{folder} has {files}, expected bootstrap alone")
    if not bootstrap.stat().st_mode & 0o111:
        sys.exit(f"{bootstrap} is not executable")

    binary = bootstrap.read_bytes()
    if not binary.startswith(ELF_64_BIT_LITTLE_ENDIAN):
        sys.exit(f"{bootstrap} is no 64-bit program for Linux")
    if (machine := int.from_bytes(binary[18:20], "little")) != ELF_X86_64:
        sys.exit(f"{bootstrap} is for ELF machine {machine}, expected {ELF_X86_64}, x86-64; for Arm see docs/deploy.md")

    versions = glibc_versions(binary)
    if not versions:
        sys.exit(f"{bootstrap} names no version of the GNU C library, which Lambda has: {OTHER_COMPILER}")
    newest = ".".join(map(str, versions[-1]))
    if versions[-1] > NEWEST_GLIBC:
        sys.exit(f"{bootstrap} needs glibc {newest}, Lambda has {'.'.join(map(str, NEWEST_GLIBC))}: {OTHER_COMPILER}")

    if RUST_EXCEPTION not in binary:
        sys.exit(f'a panic would abort {bootstrap}, unreported: does [profile.release] still say panic = "unwind"?')

    size = zipped_size(bootstrap)
    if size > MOST_ZIPPED:
        sys.exit(f"{bootstrap} has {size:,} bytes in a zip, at most {MOST_ZIPPED:,} expected")

    # Without settings it says what is missing, which shows that it can be loaded and started.
    if platform.system() == "Linux" and platform.machine() == "x86_64":
        started = subprocess.run([bootstrap.resolve()], env={}, capture_output=True, text=True, timeout=60, check=False)
        if started.returncode != 1 or "MEMBER_ROLE_NAME is not set" not in started.stdout + started.stderr:
            sys.exit(f"{bootstrap} started without settings ended with {started}, expected a word about them")

    print(f"bootstrap: x86-64, glibc {newest} or newer, {len(binary):,} bytes, {size:,} in a zip")


if __name__ == "__main__":
    main()
