"""Rebuild the third-party files under static/khlang from the versions in vendor.toml: fonts, icon sprite, licences.

    python scripts/vendor.py            fetch with npm, compare sums, write the files
    python scripts/vendor.py --lock     the same, but write the sums found into vendor.toml (after a change of version)

Nothing here runs when Khlang runs or is installed: the files it writes are part of the repository.
"""

import argparse
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from pathlib import Path
from xml.etree import ElementTree as ET

SOURCE = Path(__file__).resolve().parents[1] / "src" / "khlang"
WEB = SOURCE / "web"
STATIC = WEB / "static" / "khlang"
LOCK = WEB / "vendor.toml"
FONT_FILES = [f"sarabun-{script}-{weight}-normal.woff2" for script in ("thai", "latin") for weight in (400, 600)]
ICON_IN_TEMPLATE = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")
ICON_IN_DATA = re.compile(r"""^\s*icon\s*=\s*"([a-z0-9-]+)\"""", re.MULTILINE)
SVG = "http://www.w3.org/2000/svg"


def icon_names(lock: dict) -> list[str]:
    """Every icon named in templates and navigation data, and those the lock file adds."""
    names = set(lock["icons"]["also"])
    for template in SOURCE.glob("*/templates/**/*.html"):
        for found in ICON_IN_TEMPLATE.finditer(template.read_text(encoding="utf-8")):
            names.add(found[1] or found[2])
    for data in WEB.glob("*.toml"):
        names.update(ICON_IN_DATA.findall(data.read_text(encoding="utf-8")))
    return sorted(names)


def package(name: str, version: str, folder: Path) -> Path:
    """The archive of one npm package, fetched with npm."""
    command = ["npm", "pack", "--silent", f"{name}@{version}", "--pack-destination", str(folder)]
    answer = subprocess.run(command, capture_output=True, text=True, check=True)
    return folder / answer.stdout.split()[-1]


def sum_of(file: Path) -> str:
    """The SHA-256 of a file."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def write_fonts(archive: tarfile.TarFile, _lock: dict) -> None:
    """Copy the four font files and their licence."""
    for name in FONT_FILES:
        (STATIC / "fonts" / name).write_bytes(member(archive, f"package/files/{name}"))
    (STATIC / "licences" / "sarabun-OFL-1.1.txt").write_bytes(member(archive, "package/LICENSE"))


def write_icons(archive: tarfile.TarFile, lock: dict) -> None:
    """Write one sprite with a symbol for each icon, and the licence."""
    ET.register_namespace("", SVG)
    sprite = ET.Element(f"{{{SVG}}}svg")
    for name in icon_names(lock):
        drawing = ET.fromstring(member(archive, f"package/icons/outline/{name}.svg"))  # noqa: S314  (its sum is known)  # nosec B314
        symbol = ET.SubElement(sprite, f"{{{SVG}}}symbol", {"id": name, "viewBox": "0 0 24 24"})
        for shape in drawing:
            if shape.get("stroke") != "none":
                shape.tail = None
                symbol.append(shape)
    (STATIC / "icons.svg").write_text(ET.tostring(sprite, encoding="unicode") + "\n", encoding="utf-8")
    (STATIC / "licences" / "tabler-icons-MIT.txt").write_bytes(member(archive, "package/LICENSE"))


def write_htmx(archive: tarfile.TarFile, _lock: dict) -> None:
    """Copy the script and its licence."""
    (STATIC / "htmx.min.js").write_bytes(member(archive, "package/dist/htmx.min.js"))
    (STATIC / "licences" / "htmx-0BSD.txt").write_bytes(member(archive, "package/LICENSE"))


def member(archive: tarfile.TarFile, name: str) -> bytes:
    """The bytes of one file of an archive."""
    found = archive.extractfile(name)
    if found is None:
        sys.exit(f"{name} is not in the archive")
    return found.read()


WRITERS = {"@fontsource/sarabun": write_fonts, "@tabler/icons": write_icons, "htmx.org": write_htmx}


def main() -> None:
    """Fetch, compare, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lock", action="store_true", help="write the sums found into vendor.toml")
    asked = parser.parse_args()
    text = LOCK.read_text(encoding="utf-8")
    lock = tomllib.loads(text)
    for folder in ("fonts", "licences"):
        (STATIC / folder).mkdir(parents=True, exist_ok=True)
    sums = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, facts in lock["packages"].items():
            file = package(name, facts["version"], Path(folder))
            sums[name] = sum_of(file)
            if not asked.lock and sums[name] != facts["sha256"]:
                sys.exit(f"{name} {facts['version']} is not the file the lock names: {sums[name]}")
            with tarfile.open(file) as archive:
                WRITERS[name](archive, lock)
    if asked.lock:
        for name, found in sums.items():
            text = re.sub(rf'("{re.escape(name)}"\](?:\n[^\[\n]*)*?\nsha256 = ")[^"]*', rf"\g<1>{found}", text)
        LOCK.write_text(text, encoding="utf-8")
    print(f"{len(icon_names(lock))} icons, {len(FONT_FILES)} font files")


if __name__ == "__main__":
    main()
