"""What the pages of vouchers are filled with, worked out from frozen values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID, uuid5

from django.utils.translation import get_language

from khlang.journal_vouchers import words
from khlang.journal_vouchers.rules import (
    KINDS,
    LineContent,
    VoucherContent,
    VoucherReading,
    VoucherView,
    approval_path,
    read_content,
)
from khlang.kernel.actors import Actor
from khlang.kernel.money import AMOUNT_LIMIT, ZERO
from khlang.kernel.refusals import Refusal
from khlang.kernel.thai_text import baht_words
from khlang.ledger import queries as ledger
from khlang.ledger.rules import split_account
from khlang.reference import queries as reference

ROWS_AT_FIRST = 4
_CELLS = ("account", "fund_source", "description", "debit", "credit")


@dataclass(frozen=True, slots=True)
class Choice:
    """One entry of a drop-down list."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row of the grid: what was typed, the account's name, and what is wrong in each cell."""

    number: int
    prefix: str
    line: LineContent
    account_name: str
    wrong: Mapping[str, list[Refusal]]
    reasons: list[Refusal]


@dataclass(frozen=True, slots=True)
class StepView:
    """One step of the approval path with its words."""

    number: int
    mark: str
    label: str
    detail: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """One act with its word."""

    label: str
    actor_name: str
    at: datetime
    reason: str


def grid_rows(content: VoucherContent, refusals: Sequence[Refusal], names: Mapping[str, str]) -> list[GridRow]:
    """The rows of the grid with at least one blank row at the end, so that typing can begin."""
    lines = list(content.lines)
    while len(lines) < ROWS_AT_FIRST:
        fund = lines[-1].fund_source if lines else ""
        lines.append(LineContent(fund_source=fund))
    rows = []
    for index, line in enumerate(lines):
        prefix = f"lines.{index}"
        wrong = {name: [each for each in refusals if each.where == f"{prefix}.{name}"] for name in _CELLS}
        reasons = [each for found in wrong.values() for each in found]
        rows.append(GridRow(index + 1, prefix, line, names.get(line.account, ""), wrong, reasons))
    return rows


def fund_choices() -> list[Choice]:
    """Sources of money for a drop-down list."""
    return [Choice(fund.code, f"{fund.code} {_named(fund)}") for fund in reference.fund_sources()]


def _named(value: object) -> str:
    name = getattr(value, "name_en", "") if get_language() == "en" else ""
    return str(name or getattr(value, "name_th", ""))


def kind_choices() -> list[Choice]:
    """Kinds of vouchers for a drop-down list."""
    return [Choice(kind, str(words.KINDS[kind])) for kind in KINDS]


def account_names(lines: Sequence[LineContent]) -> dict[str, str]:
    """Names of the accounts typed, as far as they exist; a sub-account with its own name."""
    wanted = {line.account for line in lines if line.account}
    if not wanted:
        return {}
    prefixes = {split_account(account)[0] for account in wanted}
    known = {view.account: _named(view) for view in ledger.accounts() if view.code in prefixes}
    return {account: known.get(account, "") for account in wanted}


def totals(reading: VoucherReading) -> dict[str, object]:
    """Sums, difference and the amount in words, as far as the text could be read."""
    larger = max(reading.debit, reading.credit)
    spoken = baht_words(larger) if ZERO < larger <= AMOUNT_LIMIT and not reading.difference else ""
    return {
        "debit": reading.debit,
        "credit": reading.credit,
        "difference": abs(reading.difference),
        "balanced": bool(larger) and not reading.difference,
        "words": spoken,
    }


def steps(view: VoucherView) -> list[StepView]:
    """The approval path of a voucher."""
    found = approval_path(state=view.row.state, events=view.events)
    return [
        StepView(
            number, step.mark, str(words.STEPS[step.act][0]), step.actor_name or str(words.STEPS[step.act][1]), step.at
        )
        for number, step in enumerate(found, 1)
    ]


def steps_of_a_new_voucher(actor: Actor) -> list[StepView]:
    """The path that lies ahead of a voucher not yet kept."""
    marks = ("now", "ahead", "ahead")
    return [
        StepView(number, mark, str(label), actor.name if mark == "now" else str(detail), None)
        for number, (mark, (label, detail)) in enumerate(zip(marks, words.STEPS.values(), strict=True), 1)
    ]


def event_lines(view: VoucherView) -> list[EventLine]:
    """What happened, newest first."""
    return [
        EventLine(str(words.ACTS[event.act]), event.actor_name, event.at, event.reason)
        for event in reversed(view.events)
    ]


def read_lines(view: VoucherView, today: date) -> tuple[VoucherReading, list[dict[str, object]]]:
    """The lines of a voucher for reading: amounts as amounts where they can be read, else as typed."""
    reading = read_content(view.content, today=today)
    names = account_names([line for line in view.content.lines if not line.is_blank])
    rows: list[dict[str, object]] = []
    for place, read in zip(reading.places, reading.lines, strict=True):
        typed = view.content.lines[place]
        rows.append(
            {
                "account": read.account,
                "name": names.get(typed.account, ""),
                "fund_source": read.fund_source,
                "description": read.description,
                "debit": read.debit or typed.debit,
                "credit": read.credit or typed.credit,
            },
        )
    return reading, rows


def act_key(view: VoucherView | None, voucher_id: UUID, act: str) -> UUID:
    """The idempotency key of the next such act: the same for every copy of the page at this point of the story."""
    return uuid5(voucher_id, f"{act} {len(view.events) if view else 0}")


def kind_label(kind: str) -> str:
    """The name of a kind of voucher."""
    return str(words.KINDS.get(kind, kind))
