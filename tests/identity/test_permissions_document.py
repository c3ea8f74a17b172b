"""docs/permissions.md says what the table says, and the script sees when it does not."""

import importlib.util
from pathlib import Path

from khlang.identity.permissions import PERMISSIONS

ROOT = Path(__file__).resolve().parents[2]


def the_script():
    found = importlib.util.spec_from_file_location("permissions_script", ROOT / "scripts" / "permissions.py")
    script = importlib.util.module_from_spec(found)
    found.loader.exec_module(script)
    return script


def test_the_document_is_current_and_names_every_act():
    script = the_script()

    assert script.main("check") == 0
    assert all(f"`{each.act}`" in script.document() for each in PERMISSIONS)


def test_an_old_document_is_seen_and_made_anew(tmp_path, capsys):
    script = the_script()
    script.DOCUMENT = tmp_path / "permissions.md"

    assert script.main("check") == 1
    assert "scripts/permissions.py write" in capsys.readouterr().out
    assert script.main("write") == 0
    assert script.main("check") == 0
