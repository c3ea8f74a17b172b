"""What was typed, letter for letter, and its reading as a journal. Nothing typed is ever dropped."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.kernel.thai_text import normalise, to_arabic_digits
from khlang.ledger.rules import JournalDraft, LedgerFacts, LineDraft, check_journal

KINDS = ("general", "adjusting", "opening", "closing")
LINES_MAX = 500
TEXT_CHARACTERS_MAX = 1000
SOURCE_AREA = "journal_vouchers"

# A chosen account may stand with its name behind the code: the code counts.
_CODE_FIRST = re.compile(r"([0-9]{3,10}(?:-[0-9]{2,4})?)(?:\s.*)?", re.DOTALL)
_SIDES = ("debit", "credit")
# As they stand on the page.
_HEADER = ("date", "kind", "description")
_CELLS = ("account", "fund_source", "description", *_SIDES, "budget_type")


@dataclass(frozen=True, slots=True)
class LineContent:
    """One row of the grid as typed."""

    account: str = ""
    fund_source: str = ""
    description: str = ""
    debit: str = ""
    credit: str = ""
    budget_type: str = ""

    @property
    def is_blank(self) -> bool:
        """Whether nothing was meant by this row; a fund source alone comes from the row above."""
        return not any(text.strip() for text in (self.account, self.description, self.debit, self.credit))


@dataclass(frozen=True, slots=True)
class VoucherContent:
    """The whole form as typed, wrong text included."""

    date: str = ""
    kind: str = "general"
    description: str = ""
    lines: tuple[LineContent, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The same as plain lists and dictionaries, for keeping and sending."""
        return {**asdict(self), "lines": [asdict(line) for line in self.lines]}

    @property
    def is_blank(self) -> bool:
        """Whether nothing has been typed yet but what the page filled in by itself."""
        return not self.description.strip() and all(line.is_blank for line in self.lines)


@dataclass(frozen=True, slots=True)
class VoucherReading:
    """What the typed text means: the journal as far as it can be read, and every place that cannot."""

    day: date | None
    was_gregorian: bool
    lines: tuple[LineDraft, ...]
    refusals: tuple[Refusal, ...]
    # Position of each read line among the typed rows, for blank rows are passed over.
    places: tuple[int, ...] = field(default=())

    @property
    def debit(self) -> Baht:
        """The sum of the debit side, as far as it can be read."""
        return sum((line.debit for line in self.lines), ZERO)

    @property
    def credit(self) -> Baht:
        """The sum of the credit side, as far as it can be read."""
        return sum((line.credit for line in self.lines), ZERO)

    @property
    def difference(self) -> Baht:
        """Debit less credit."""
        return self.debit - self.credit


def content_of(value: Mapping[str, Any]) -> VoucherContent:
    """Read content kept or sent as JSON; what is missing is empty, what is no text becomes text."""
    rows = value.get("lines")
    rows = rows if isinstance(rows, Sequence) and not isinstance(rows, str) else ()
    return VoucherContent(
        date=_text(value.get("date")),
        kind=_text(value.get("kind")) or "general",
        description=_text(value.get("description")),
        lines=tuple(_line_of(row) for row in rows if isinstance(row, Mapping)),
    )


def _line_of(row: Mapping[str, Any]) -> LineContent:
    return LineContent(**{name: _text(row.get(name)) for name in LineContent.__dataclass_fields__})


def _text(value: object) -> str:
    # PostgreSQL keeps no NUL; everything else a keyboard or clipboard gives is kept.
    return "" if value is None else str(value).replace("\x00", "")


def content_size_refusals(content: VoucherContent) -> Iterator[Refusal]:
    """Yield journal_vouchers.too_many_lines and .text_too_long: the only reasons a draft is not kept."""
    if len(content.lines) > LINES_MAX:
        facts = {"lines": len(content.lines), "limit": LINES_MAX}
        yield Refusal("journal_vouchers.too_many_lines", facts, "lines")
    texts = {"date": content.date, "kind": content.kind, "description": content.description}
    for index, line in enumerate(content.lines):
        texts |= {f"lines.{index}.{name}": text for name, text in asdict(line).items()}
    for where, text in texts.items():
        if len(text) > TEXT_CHARACTERS_MAX:
            facts = {"characters": len(text), "limit": TEXT_CHARACTERS_MAX}
            yield Refusal("journal_vouchers.text_too_long", facts, where)


def read_content(content: VoucherContent, *, today: date) -> VoucherReading:
    """Read date and amounts as people type them; each place not understood becomes a refusal with its `where`."""
    refusals: list[Refusal] = []
    day, was_gregorian = None, False
    try:
        if content.date.strip():
            parsed = parse_date(content.date, today=today)
            day, was_gregorian = parsed.day, parsed.was_gregorian
        else:
            refusals.append(Refusal("journal_vouchers.date_missing", where="date"))
    except Refused as refused:
        refusals += [refusal.at("date") for refusal in refused.refusals]
    lines, places = [], []
    for index, row in enumerate(content.lines):
        if not row.is_blank:
            lines.append(_read_line(row, f"lines.{index}", refusals))
            places.append(index)
    return VoucherReading(day, was_gregorian, tuple(lines), tuple(refusals), tuple(places))


def _read_line(row: LineContent, where: str, refusals: list[Refusal]) -> LineDraft:
    amounts = dict.fromkeys(_SIDES, ZERO)
    for side in _SIDES:
        text = getattr(row, side).strip()
        try:
            amounts[side] = parse_amount(text) if text else ZERO
        except Refused as refused:
            refusals += [refusal.at(f"{where}.{side}") for refusal in refused.refusals]
    account = to_arabic_digits(row.account).strip()
    code = _CODE_FIRST.fullmatch(account)
    return LineDraft(
        account=code[1] if code else account,
        fund_source=row.fund_source.split(maxsplit=1)[0] if row.fund_source.strip() else "",
        debit=amounts["debit"],
        credit=amounts["credit"],
        description=normalise(row.description),
        budget_type=row.budget_type.strip() or None,
    )


def journal_of(*, voucher_id: UUID, content: VoucherContent, reading: VoucherReading, day: date) -> JournalDraft:
    """The journal a voucher asks for; the voucher's own number is its idempotency key."""
    return JournalDraft(
        idempotency_key=voucher_id,
        date=day,
        kind=content.kind,
        description=normalise(content.description),
        lines=reading.lines,
        source_area=SOURCE_AREA,
        source_id=voucher_id,
    )


def check_content(
    content: VoucherContent,
    facts: LedgerFacts,
    *,
    voucher_id: UUID,
    today: date,
) -> tuple[JournalDraft | None, list[Refusal]]:
    """The journal when it may be posted, else None and every reason at once, in the order of the form (R270)."""
    reading = read_content(content, today=today)
    found = list(reading.refusals)
    if content.kind not in KINDS:
        found.append(Refusal("journal_vouchers.kind_not_offered", {"kind": content.kind}, "kind"))
    journal = journal_of(
        voucher_id=voucher_id,
        content=content,
        reading=reading,
        day=reading.day or today,
    )
    unread = {refusal.where for refusal in reading.refusals}
    known = (_at_typed_row(refusal, reading.places) for refusal in check_journal(journal, facts))
    found += [refusal for refusal in known if not _follows_from(refusal, unread)]
    found.sort(key=_form_order)
    return (None, found) if found else (journal, [])


def _at_typed_row(refusal: Refusal, places: Sequence[int]) -> Refusal:
    head, _, cell = refusal.where.partition(".")
    if head != "lines" or not cell:
        return refusal
    row, _, name = cell.partition(".")
    return refusal.at(f"lines.{places[int(row)]}.{name}")


def _follows_from(refusal: Refusal, unread: set[str]) -> bool:
    """Whether a reason only repeats that a text could not be read."""
    row, _, _ = refusal.where.rpartition(".")
    unread_row = any(f"{row}.{side}" in unread for side in _SIDES)
    return (
        (refusal.code == "ledger.unbalanced" and any(place.endswith(_SIDES) for place in unread))
        or (refusal.code == "ledger.line_without_amount" and unread_row)
        or (refusal.where == "date" and "date" in unread)
        or (refusal.code == "ledger.kind_unknown")
    )


def _form_order(refusal: Refusal) -> tuple[int, int, int]:
    """Header first, then row by row and cell by cell, then what concerns the whole."""
    head, _, cell = refusal.where.partition(".")
    if head != "lines":
        return (0, 0, _HEADER.index(head) if head in _HEADER else len(_HEADER))
    row, _, name = cell.partition(".")
    return (1, int(row), _CELLS.index(name)) if cell else (2, 0, 0)
