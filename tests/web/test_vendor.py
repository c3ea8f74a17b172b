"""Third-party files in the package: versions written down, licences beside them, nothing fetched from elsewhere."""

import re
import tomllib
from pathlib import Path

import khlang

SOURCE = Path(khlang.__file__).parent
STATIC = SOURCE / "web" / "static" / "khlang"
LOCK = tomllib.loads((SOURCE / "web" / "vendor.toml").read_text(encoding="utf-8"))
ICON = re.compile(r"""\{%\s*icon\s+["']([a-z0-9-]+)["']|\bicon=["']([a-z0-9-]+)["']""")


def test_every_package_is_pinned_with_a_sum_and_a_licence():
    for name, facts in LOCK["packages"].items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", facts["version"]), name
        assert re.fullmatch(r"[0-9a-f]{64}", facts["sha256"]), name
    assert len(list((STATIC / "licences").iterdir())) == len(LOCK["packages"])


def test_the_script_is_the_version_the_lock_names():
    text = (STATIC / "htmx.min.js").read_text(encoding="utf-8")

    assert f'"{LOCK["packages"]["htmx.org"]["version"]}"' in text


def test_every_icon_a_template_draws_is_in_the_sprite():
    sprite = set(re.findall(r'id="([a-z0-9-]+)"', (STATIC / "icons.svg").read_text(encoding="utf-8")))
    drawn = {
        (found[1] or found[2], template.name)
        for template in SOURCE.glob("*/templates/**/*.html")
        for found in ICON.finditer(template.read_text(encoding="utf-8"))
    }

    assert {(name, place) for name, place in drawn if name not in sprite} == set()


def test_no_style_or_script_of_ours_names_another_server():
    for file in [*STATIC.glob("*.css"), *(file for file in STATIC.glob("*.js") if file.name != "htmx.min.js")]:
        text = file.read_text(encoding="utf-8").replace("http://www.w3.org/", "")
        assert "http" not in re.sub(r"//.*", "", text).replace("https?", ""), file.name
