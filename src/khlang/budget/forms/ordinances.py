"""Read what the pages of ordinances send: which to open, steps, texts, estimates. Nothing is judged here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from khlang.budget.rules import EstimateDraft, OrdinanceKind, OrdinanceState, Step
from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.kernel.thai_text import normalise
from khlang.toolkit.page_keys import uuid_or_new

TEXTS = ("statement", "principle", "reason", "money_source")
_DIGITS_MAX = 6


def whole(text: str) -> int:
    """A whole number as sent by a field that people do not type in; 0 when it is none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX else 0


def amount_or_refusal(text: str, where: str) -> tuple[Baht, list[Refusal]]:
    """The amount typed, zero when nothing was; with the reasons when it is none."""
    if not text.strip():
        return ZERO, []
    try:
        return parse_amount(text), []
    except Refused as refused:
        return ZERO, [each.at(where) for each in refused.refusals]


def day_or_refusal(text: str, where: str, today: date) -> tuple[date, list[Refusal]]:
    """The day typed; today with the reasons when it is none."""
    try:
        return parse_date(text, today=today).day, []
    except Refused as refused:
        return today, [each.at(where) for each in refused.refusals]


@dataclass(frozen=True, slots=True)
class OpenForm:
    """Which ordinance is to be opened."""

    ordinance_id: UUID
    kind: OrdinanceKind
    fiscal_year: int


def open_form(fields: Mapping[str, str]) -> OpenForm:
    """Read which ordinance is to be opened; anything else than an addition is the annual one."""
    extra = fields.get("kind", "") == OrdinanceKind.SUPPLEMENTARY
    kind = OrdinanceKind.SUPPLEMENTARY if extra else OrdinanceKind.ANNUAL
    return OpenForm(uuid_or_new(fields.get("ordinance_id", "")), kind, whole(fields.get("fiscal_year", "")))


@dataclass(frozen=True, slots=True)
class StepForm:
    """A step as it was filled in."""

    step_id: UUID
    step: Step
    refusals: tuple[Refusal, ...]


def step_form(fields: Mapping[str, str], *, state: OrdinanceState, today: date) -> StepForm:
    """Read the day, number and note of a step."""
    day, reasons = day_or_refusal(fields.get("happened_on", ""), "happened_on", today)
    number, note = (normalise(fields.get(name, "")) for name in ("document_number", "note"))
    return StepForm(uuid_or_new(fields.get("step_id", "")), Step(state, day, number, note), tuple(reasons))


@dataclass(frozen=True, slots=True)
class EstimatesForm:
    """Revenue estimates as typed, over which versions, and what could not be read."""

    estimates: tuple[EstimateDraft, ...]
    revisions: Mapping[tuple[str, str], int]
    typed: Mapping[tuple[str, str], str]
    refusals: tuple[Refusal, ...]


def estimates_form(fields: Mapping[str, str], keys: Sequence[tuple[str, str]]) -> EstimatesForm:
    """Read the estimates of some types, `estimates.n.amount` and so on, in the order of `keys` (enterprise, type)."""
    estimates, reasons, revisions, typed = [], [], {}, {}
    for number, (enterprise, code) in enumerate(keys):
        where = f"estimates.{number}"
        text = fields.get(f"{where}.amount")
        if text is None:
            continue
        amount, wrong = amount_or_refusal(text, f"{where}.amount")
        reasons += wrong
        typed[enterprise, code] = text
        revisions[enterprise, code] = whole(fields.get(f"{where}.revision", ""))
        words = normalise(fields.get(f"{where}.explanation", ""))
        if amount or words or revisions[enterprise, code]:
            estimates.append(EstimateDraft(code, amount, enterprise, words))
    return EstimatesForm(tuple(estimates), revisions, typed, tuple(reasons))


def key_of_estimate(fields: Mapping[str, str], number: int) -> tuple[str, str]:
    """Enterprise and type of a row of the estimates."""
    return fields.get(f"estimates.{number}.enterprise", ""), fields.get(f"estimates.{number}.budget_type", "")


def estimate_keys(fields: Mapping[str, str]) -> list[tuple[str, str]]:
    """Enterprise and type of each row of the estimates as sent."""
    count = sum(name.startswith("estimates.") and name.endswith(".budget_type") for name in fields)
    return [key_of_estimate(fields, number) for number in range(count)]


def texts_of(fields: Mapping[str, str]) -> dict[str, str]:
    """The texts of an ordinance as sent."""
    return {name: fields[name].replace("\r\n", "\n").strip() for name in TEXTS if name in fields}
