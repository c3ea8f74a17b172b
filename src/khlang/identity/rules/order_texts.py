"""An order as it is typed: text that is kept as it is until every word of it can be read."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from khlang.identity.rules.orders import OrderDraft, OrderKind, OrderLineDraft
from khlang.kernel.money import Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date

Value = TypeVar("Value")
_DIGITS_MAX = 18
_HEAD = ("number", "ordered_on", "kind", "subject", "signed_by", "signed_as", "signed_role", "signed_by_id", "note")


@dataclass(frozen=True, slots=True)
class LineText:
    """One row of the form as typed."""

    user_id: str = ""
    gives: str = ""
    position: str = ""
    acting_for: str = ""
    reviewer_id: str = ""
    amount_max: str = ""
    starts_on: str = ""
    ends_on: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was chosen or typed in it; what is given and from when may stand there by default."""
        return not (self.user_id or self.position or self.acting_for or self.reviewer_id or self.amount_max)


@dataclass(frozen=True, slots=True)
class OrderText:
    """The form as typed."""

    number: str = ""
    ordered_on: str = ""
    kind: str = OrderKind.APPOINTMENT
    subject: str = ""
    signed_by: str = ""
    signed_as: str = ""
    signed_role: str = ""
    signed_by_id: str = ""
    note: str = ""
    lines: tuple[LineText, ...] = ()


def order_text(fields: Mapping[str, str], rows: tuple[LineText, ...]) -> OrderText:
    """The head of a form from its fields, with rows read before."""
    head = {name: fields.get(name, "") for name in _HEAD if name in fields}
    return OrderText(lines=rows, **head)


def read_order(typed: OrderText, *, today: date) -> tuple[OrderDraft, tuple[Refusal, ...]]:
    """Read a typed order; what cannot be read is told at its field and stands as nothing in the draft.

    Blank rows are passed over; refusals keep the place of the typed row (`lines.2.ends_on`).
    """
    wrong: list[Refusal] = []
    lines = []
    for index, row in enumerate(typed.lines):
        if not row.is_blank:
            lines.append(_line(row, typed.kind, f"lines.{index}", today, wrong))
    head_day = _read(typed.ordered_on, lambda text: parse_date(text, today=today).day, "ordered_on", wrong)
    draft = OrderDraft(
        number=typed.number,
        ordered_on=head_day or today,
        kind=typed.kind,
        subject=typed.subject,
        signed_by=typed.signed_by,
        signed_as=typed.signed_as,
        signed_role=typed.signed_role,
        signed_by_id=_number(typed.signed_by_id),
        note=typed.note,
        lines=tuple(lines),
    )
    if not typed.ordered_on.strip():
        wrong.append(Refusal("identity.order_day_missing", where="ordered_on"))
    return draft, tuple(wrong)


def _line(row: LineText, kind: str, place: str, today: date, wrong: list[Refusal]) -> OrderLineDraft:
    def day(name: str) -> date | None:
        return _read(getattr(row, name), lambda text: parse_date(text, today=today).day, f"{place}.{name}", wrong)

    if not row.starts_on.strip():
        wrong.append(Refusal("identity.order_day_missing", where=f"{place}.starts_on"))
    amount: Baht | None = _read(row.amount_max, parse_amount, f"{place}.amount_max", wrong)
    is_exception = kind == OrderKind.EXCEPTION
    return OrderLineDraft(
        user_id=_number(row.user_id) or 0,
        starts_on=day("starts_on") or today,
        ends_on=day("ends_on"),
        hat="" if is_exception else row.gives,
        rule=row.gives if is_exception else "",
        position=row.position,
        acting_for=row.acting_for if kind == OrderKind.ACTING else "",
        reviewer_id=_number(row.reviewer_id) if is_exception else None,
        amount_max=amount,
    )


def _read(text: str, reader: Callable[[str], Value], where: str, wrong: list[Refusal]) -> Value | None:
    if not text.strip():
        return None
    try:
        return reader(text)
    except Refused as refused:
        wrong += [refusal.at(where) for refusal in refused.refusals]
        return None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= _DIGITS_MAX else None


def typed_places(typed: OrderText) -> list[int]:
    """The rows of the form that became lines, by their typed place: the rules count lines, the page counts rows."""
    return [index for index, row in enumerate(typed.lines) if not row.is_blank]
