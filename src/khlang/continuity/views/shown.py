"""What the templates of imports are given: words for states, findings in order, months and previews as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khlang.continuity import queries
from khlang.continuity.rules import Finding, ImportState, ImportView, Weight
from khlang.continuity.rules.layouts import limit
from khlang.identity import queries as identity
from khlang.identity.access import allowed
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Refusal

CHIPS: Final[Mapping[ImportState, tuple[str, str | Promise]]] = {
    ImportState.UPLOADED: ("uploaded", _("Received")),
    ImportState.CHECKING: ("running", _("Being checked")),
    ImportState.CHECKED: ("checked", _("Checked, not yet posted")),
    ImportState.POSTING: ("running", _("Being posted")),
    ImportState.POSTED: ("posted", _("Posted to the books")),
    ImportState.STOPPED: ("warning", _("Stopped half-way")),
    ImportState.REFUSED: ("failed", _("Cannot be read")),
    ImportState.UNDOING: ("running", _("Being undone")),
    ImportState.UNDONE: ("undone", _("Undone")),
}
REVIEWED: Final = ("done", pgettext_lazy("table of balances", "Reviewed"))
WEIGHTS: Final = {Weight.ERROR: "error", Weight.WARNING: "warning", Weight.NOTE: "none"}


@dataclass(frozen=True, slots=True)
class ListedImport:
    """One row of the history."""

    view: ImportView
    chip: str
    word: str | Promise


@dataclass(frozen=True, slots=True)
class MonthTotal:
    """What of a month would be posted."""

    day: date
    count: int
    amount: Baht


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One of the first journals that would be posted."""

    reference: str
    where: str
    day: date
    description: str
    lines: int
    amount: Baht


def chip_of(view: ImportView) -> tuple[str, str | Promise]:
    """Shape, colour and word of a state."""
    if view.mode == "trial-balance" and view.state is ImportState.CHECKED:
        return REVIEWED
    if view.state is ImportState.CHECKED and view.errors:
        return "error", _("Checked, has errors")
    return CHIPS[view.state]


def listed(views: list[ImportView]) -> list[ListedImport]:
    """Rows of the history with their words."""
    return [ListedImport(view, *chip_of(view)) for view in views]


def detail(actor: Actor, view: ImportView, *, now: datetime, refusals: tuple[Refusal, ...] = ()) -> dict[str, Any]:
    """Everything the page of one import shows."""
    chip, word = chip_of(view)
    summary = view.summary
    return {
        "actor": actor,
        "import": view,
        "chip": chip,
        "word": word,
        "is_review": view.mode == "trial-balance",
        "is_stale": queries.is_stale(view, now=now) or (view.state is ImportState.UPLOADED and _waits_long(view, now)),
        "errors": [finding for finding in view.findings if finding.weight is Weight.ERROR],
        "others": [finding for finding in view.findings if finding.weight is not Weight.ERROR],
        "months": [
            MonthTotal(date.fromisoformat(f"{month}-01"), count, Baht(amount))
            for month, count, amount in summary.get("months", ())
        ],
        "preview": [_preview(row) for row in summary.get("preview", ())],
        "total_debit": Baht(summary["debit"]) if summary.get("debit") else None,
        "total_credit": Baht(summary["credit"]) if summary.get("credit") else None,
        "books_year": _year_of(view),
        "old_codes": "ledger.account_not_in_chart" in summary.get("by_code", {}) and not view.converts_old_codes,
        "may_mark": _may_mark(view),
        **_second_hand(actor, view, now),
        "may_undo": view.may_undo and allowed(actor, "continuity.undo"),
        "hidden": view.hidden_findings,
        "refusals": refusals,
    }


def _second_hand(actor: Actor, view: ImportView, now: datetime) -> dict[str, Any]:
    """Whether this actor may approve the import, and what is said about whoever sent it herself (R331, R333)."""
    may_approve = allowed(actor, "continuity.post")
    is_mine = view.made_by == actor.user_id and "operator" not in actor.roles
    excepted = None
    if may_approve and is_mine:
        excepted = identity.exception_covering(user_id=actor.user_id, rule="R331", day=localdate(now))
    return {
        "may_approve": may_approve and (not is_mine or excepted is not None),
        "excepted": excepted,
        "uses": identity.exception_uses(document=f"import:{view.id}"),
    }


def _may_mark(view: ImportView) -> bool:
    """Whether the workbook can be given back with cells marked: it is one, not too large, and has cells to mark."""
    small = view.file_size <= limit("workbook", "markable_bytes_max")
    return small and view.file_path.endswith(".xlsx") and any("!" in found.refusal.where for found in view.findings)


def _year_of(view: ImportView) -> int | None:
    """The fiscal year in whose reports the journals are seen."""
    months = view.summary.get("months", ())
    return view.fiscal_year or (fiscal_year_of(date.fromisoformat(f"{months[0][0]}-01")) if months else None)


def _waits_long(view: ImportView, now: datetime) -> bool:
    return now - view.made_at > queries.STALE_AFTER


def _preview(row: Mapping[str, Any]) -> PreviewRow:
    return PreviewRow(
        row["reference"],
        row["where"],
        date.fromisoformat(row["date"]),
        row["description"],
        row["lines"],
        Baht(row["amount"]),
    )


def weight_chip(finding: Finding) -> str:
    """The chip of a finding."""
    return WEIGHTS[finding.weight]
