"""How a command answers: text for people, JSON for machines."""

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import click
from django.utils import translation
from django.utils.translation import gettext as _

from khlang.kernel.refusals import Language, Refusal, Refused, message, next_step

JSON_ASKED = "khlang.cli.json_asked"
Item = TypeVar("Item")


def language() -> Language:
    """The language of this run."""
    return "en" if translation.get_language() == "en" else "th"


def json_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option `--json`, the same on every command; arrives as `as_json`."""
    return click.option("--json", "as_json", is_flag=True, help=_("Answer as JSON, for machines."))(command)


def answer(value: Mapping[str, Any], text: str, *, as_json: bool) -> None:
    """Print one answer: `value` for machines, `text` for people."""
    click.echo(json.dumps(value, ensure_ascii=False) if as_json else text)


def refusal_for_machines(refusal: Refusal) -> dict[str, Any]:
    """One refusal as JSON: code and facts for programs, sentences for whoever reads their log."""
    return {
        "code": refusal.code,
        "facts": dict(refusal.facts),
        "where": refusal.where,
        "message": message(refusal, language()),
        "next_step": next_step(refusal, language()),
    }


def show_refused(refused: Refused, *, as_json: bool) -> None:
    """Print every reason and what to do about it, on standard output."""
    if as_json:
        click.echo(
            json.dumps({"refused": [refusal_for_machines(each) for each in refused.refusals]}, ensure_ascii=False)
        )
        return
    for refusal in refused.refusals:
        place = f"{refusal.where}: " if refusal.where else ""
        click.echo(f"{place}{message(refusal, language())} [{refusal.code}]")
        click.echo(f"  → {next_step(refusal, language())}")


def note(remark: Refusal) -> None:
    """A remark beside the answer, on standard error."""
    click.echo(message(remark, language()), err=True)


def progress(
    items: Iterable[Item] | None = None, *, label: str, length: int | None = None
) -> AbstractContextManager[Any]:
    """A progress bar on standard error, shown only on a terminal, so that piped answers stay clean."""
    return click.progressbar(
        items, label=label, length=length, file=sys.stderr, hidden=not sys.stderr.isatty(), show_pos=True
    )
