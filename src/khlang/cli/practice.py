"""`khlang practice`: organizations with invented books, to try everything on."""

import os
import secrets
from pathlib import Path
from typing import Any

import click
from django.conf import settings
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option, progress
from khlang.practice import commands
from khlang.practice.commands import LoadReport, PracticeLogin

STEPS = 4
DIGITS = 6


@click.group(help=_("Practice organizations with invented books and people."))
def practice() -> None:
    """Hold the subcommands."""


@practice.command(help=_("Make the practice organizations; what is there already stays as it is."))
@json_option
def load(*, as_json: bool) -> None:
    """Load, then say who may log in."""
    password = _password()
    with progress(label=_("Preparing the practice organizations"), length=STEPS) as bar:
        report = commands.load_practice(password=password, step=lambda _name: bar.update(1))
    answer(_as_dict(report, password), _sentences(report, password), as_json=as_json)


def _password() -> str:
    """One password for all practice people, chosen by chance once and kept in this home, readable by its owner only."""
    file = Path(settings.KHLANG_HOME) / "practice-password"
    if not file.exists():
        chosen = "khlang-" + "".join(str(secrets.randbelow(10)) for _ in range(DIGITS))
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as kept:
            kept.write(chosen)
    return file.read_text(encoding="utf-8").strip()


def _as_dict(report: LoadReport, password: str) -> dict[str, Any]:
    return {
        "entities": report.entities,
        "journals": report.journals,
        "vouchers": report.vouchers,
        "password": password,
        "logins": [{"username": each.username, "name": each.name, "role": each.role} for each in report.logins],
    }


def _sentences(report: LoadReport, password: str) -> str:
    width = max(len(each.username) for each in report.logins)
    lines = [
        _("Practice organization: %(code)s, %(journals)d journals and %(vouchers)d vouchers made now.")
        % {"code": report.entities[0], "journals": report.journals, "vouchers": report.vouchers},
        _("Log in as one of these; the password of all of them is %(password)s") % {"password": password},
        *(f"  {each.username.ljust(width)}  {_title(each)}" for each in report.logins),
    ]
    return "\n".join(lines)


def _title(login: PracticeLogin) -> str:
    return f"{login.title} ({login.name})"
