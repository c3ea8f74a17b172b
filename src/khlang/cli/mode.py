"""`khlang mode`: what all offices can do now, and what is planned."""

import uuid
from datetime import datetime
from typing import Any

import click
from django.utils import timezone
from django.utils.translation import gettext as _

from khlang.cli.answers import answer, json_option
from khlang.identity import queries as identity
from khlang.identity.rules import Level
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal, Refused
from khlang.operations import commands, queries
from khlang.operations.rules import Mode, ModeDraft, ModeView, instant_words

FORMATS = ["%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"]


@click.group(help=_("The mode of the whole system: normal, read_only, identity_only, maintenance."))
def mode() -> None:
    """Hold the subcommands."""


@mode.command(help=_("Say which mode holds and what is planned."))
@json_option
def show(*, as_json: bool) -> None:
    """Show."""
    found = queries.situation(at=timezone.now())
    value = {"mode": str(found.mode), "until": instant_words(found.until), "next": _as_dict(found.next)}
    text = _("Now: %(mode)s, until %(until)s") % value
    if found.next is not None:
        text += "\n" + _("Planned: number %(number)s, %(mode)s from %(starts_at)s") % _as_dict(found.next)
    answer(value, text, as_json=as_json)


@mode.command(
    name="set", help=_("Set a mode at once, or plan it with --from. Times are Thai time: '2026-11-25 22:00'.")
)
@click.argument("name", type=click.Choice([each.value for each in Mode]))
@click.option("--from", "starts_at", type=click.DateTime(FORMATS), help=_("When it begins; at once when left out."))
@click.option("--until", "expected_end", type=click.DateTime(FORMATS), help=_("When it is expected to end."))
@click.option("--words-th", default="", help=_("What people are told, in Thai."))
@click.option("--words-en", default="", help=_("What people are told, in English."))
@click.option("--reason", default="", help=_("Why, for the record of acts."))
@json_option
def set_(
    *,
    name: str,
    starts_at: datetime | None,
    expected_end: datetime | None,
    words_th: str,
    words_en: str,
    reason: str,
    as_json: bool,
) -> None:
    """Set or plan."""
    draft = ModeDraft(name, _thai(starts_at), _thai(expected_end), words_th, words_en, reason)
    number = commands.set_mode(actor=_department(), draft=draft, at=timezone.now(), key=uuid.uuid4())
    value = {"number": number, "mode": name}
    answer(value, _("Written as number %(number)s: %(mode)s") % value, as_json=as_json)


@mode.command(help=_("Call a planned mode off, by its number."))
@click.argument("number", type=int)
@click.option("--reason", default="", help=_("Why, for the record of acts."))
@json_option
def cancel(*, number: int, reason: str, as_json: bool) -> None:
    """Call off."""
    commands.call_off_mode(actor=_department(), number=number, reason=reason, at=timezone.now(), key=uuid.uuid4())
    answer(
        {"number": number, "called_off": True}, _("Called off: number %(number)s") % {"number": number}, as_json=as_json
    )


def _department() -> Actor:
    """The operator in the department, in whose record the act stands. Refuses operations.not_the_department."""
    found = identity.entities(level=Level.DEPARTMENT)
    if not found:
        raise Refused(Refusal("operations.not_the_department"))
    return identity.operator(entity_code=found[0].code)


def _thai(moment: datetime | None) -> datetime | None:
    return moment.replace(tzinfo=THAI_TIME) if moment else None


def _as_dict(row: ModeView | None) -> dict[str, Any]:
    if row is None:
        return {}
    return {
        "number": row.number,
        "mode": str(row.mode),
        "starts_at": instant_words(row.starts_at),
        "expected_end": instant_words(row.expected_end),
    }
