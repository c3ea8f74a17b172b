"""Rows of a sheet or of a csv become journals: one journal for each run of rows with one reference."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from uuid import UUID

from khlang.continuity.rules import keys
from khlang.continuity.rules.cellcodes import AccountCode, CodeReader
from khlang.continuity.rules.findings import Weight
from khlang.continuity.rules.layouts import HeaderMatch, mark, place, sample_prefix
from khlang.continuity.rules.reading import Candidate, Reading
from khlang.continuity.rules.seen import Seen
from khlang.continuity.rules.values import Cell, ReadDay, day_of, is_blank, money_of, text_of
from khlang.kernel.fiscal_calendar import fiscal_year_of, year_start
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Fact, Refusal, Refused
from khlang.ledger.rules import JournalDraft, LineDraft

Row = tuple[int, tuple[Cell, ...]]


@dataclass(slots=True)
class _Line:
    row: int
    account: str
    fund_source: str
    debit: Baht
    credit: Baht
    description: str
    budget_type: str | None

    def content(self) -> tuple[object, ...]:
        return (self.account, self.fund_source, self.debit, self.credit, self.description, self.budget_type)


@dataclass(slots=True)
class _Group:
    """A journal while its rows are being read."""

    reference: str
    row: int
    day: ReadDay | None = None
    kind: str = ""
    description: str = ""
    lines: list[_Line] = field(default_factory=list)
    rows: list[int] = field(default_factory=list)
    found: list[tuple[Weight, Refusal]] = field(default_factory=list)


class JournalRows:
    """Reads the rows of one table. It keeps one journal at a time, and a few bytes for each that went by."""

    def __init__(self, *, match: HeaderMatch, reading: Reading, is_opening: bool = False) -> None:
        self._match = match
        self._reading = reading
        self._codes = CodeReader(reading)
        self._references = Seen()
        self._contents = Seen()
        self._days: dict[object, ReadDay] = {}
        self._is_opening = is_opening
        self._fallback_day = year_start(reading.fiscal_year) if reading.fiscal_year else reading.today
        self._suffix = mark("reference_in_description")
        self._sample = sample_prefix()
        self._at = {name: match.positions.get(name, -1) for name in _FIELDS}

    def journals(self, rows: Iterable[Row]) -> Iterator[Candidate]:
        """Every journal of the table, in order, right or wrong."""
        group: _Group | None = None
        for number, cells in rows:
            if all(map(is_blank, cells)):
                continue
            reference = self._reference(cells)
            if reference.startswith(self._sample):
                continue
            if group is None or not self._continues(group, reference, cells):
                if group is not None:
                    yield self._finish(group)
                group = self._begin(number, reference, cells)
            self._add(group, number, cells)
        if group is not None:
            yield self._finish(group)

    def _cell(self, cells: tuple[Cell, ...], name: str) -> Cell:
        position = self._at[name]
        return cells[position] if 0 <= position < len(cells) else None

    def _where(self, row: int, name: str) -> str:
        return place(self._match.sheet, row, self._match.letter(name))

    def _reference(self, cells: tuple[Cell, ...]) -> str:
        try:
            return text_of(self._cell(cells, "reference"))
        except Refused:
            return ""

    def _continues(self, group: _Group, reference: str, cells: tuple[Cell, ...]) -> bool:
        """The same reference again, or none and no date: people leave the head of a journal out below its first row."""
        if self._is_opening or (reference and reference == group.reference):
            return True
        return not reference and is_blank(self._cell(cells, "date"))

    def _begin(self, number: int, reference: str, cells: tuple[Cell, ...]) -> _Group:
        group = _Group(reference, number)
        if self._is_opening:
            return self._begin_opening(group)
        if not reference:
            group.found.append(
                (Weight.ERROR, Refusal("continuity.reference_missing", {}, self._where(number, "reference")))
            )
        elif first := self._references.first_row(reference, row=number):
            facts: dict[str, Fact] = {"reference": reference, "row": first}
            group.found.append(
                (Weight.ERROR, Refusal("continuity.reference_again", facts, self._where(number, "reference")))
            )
        group.day = self._day(group, number, self._cell(cells, "date"))
        group.kind = self._codes.kind(group.found, self._cell(cells, "kind"), self._where(number, "kind"))
        group.description = self._text(group, number, cells, "description")
        return group

    def _begin_opening(self, group: _Group) -> _Group:
        year = self._reading.fiscal_year
        if year is None:
            group.found.append(
                (Weight.ERROR, Refusal("continuity.year_unknown", {}, place(self._match.sheet, group.row)))
            )
        else:
            group.day = ReadDay(year_start(year))
            group.kind = "opening"
            group.description = mark("opening_description").format(year=year - 1)
        return group

    def _add(self, group: _Group, number: int, cells: tuple[Cell, ...]) -> None:
        group.rows.append(number)
        if number != group.row and not self._is_opening:
            self._compare_head(group, number, cells)
        debit, credit = self._money(group, number, cells, "debit"), self._money(group, number, cells, "credit")
        at = self._where(number, "account")
        account = self._codes.account(group.found, self._cell(cells, "account"), at)
        description = self._text(group, number, cells, "line_description")
        line = _Line(number, account.code, self._fund_source(group, number, cells), debit, credit, description, None)
        line.budget_type = self._budget_type(group, number, cells)
        self._note_repeat(group, line, account)
        group.lines.append(line)

    def _note_repeat(self, group: _Group, line: _Line, account: AccountCode) -> None:
        content = line.content()
        for earlier in group.lines:
            if earlier.content() == content:
                facts: dict[str, Fact] = {"row": earlier.row, "account": account.code}
                group.found.append(
                    (Weight.WARNING, Refusal("continuity.row_repeated", facts, self._where(line.row, "account")))
                )
                return

    def _compare_head(self, group: _Group, number: int, cells: tuple[Cell, ...]) -> None:
        """Below the first row, date and kind may stand empty but may not say something else."""
        cell = self._cell(cells, "date")
        if not is_blank(cell):
            day = self._day(group, number, cell)
            if day is not None and group.day is not None and day.day != group.day.day:
                self._differs(group, number, "date", day.day, group.day.day)
        kind_cell = self._cell(cells, "kind")
        if not is_blank(kind_cell):
            kind = self._codes.kind(group.found, kind_cell, self._where(number, "kind"))
            if kind != group.kind:
                self._differs(group, number, "kind", kind, group.kind)

    def _differs(self, group: _Group, number: int, name: str, here: object, above: object) -> None:
        facts = {"here": str(here), "above": str(above), "reference": group.reference}
        group.found.append((Weight.ERROR, Refusal(f"continuity.{name}_differs", facts, self._where(number, name))))

    def _day(self, group: _Group, number: int, cell: Cell) -> ReadDay | None:
        known = self._days.get(cell)
        try:
            day = known or day_of(cell, today=self._reading.today)
        except Refused as refused:
            group.found += [(Weight.ERROR, reason.at(self._where(number, "date"))) for reason in refused.refusals]
            return None
        if known is None and len(self._days) < _DAYS_REMEMBERED:
            self._days[cell] = day
        if day.note and number == group.row:
            facts = {"typed": day.typed, "date": day.day.isoformat()}
            group.found.append((Weight.NOTE, Refusal(day.note, facts, self._where(number, "date"))))
        return day

    def _money(self, group: _Group, number: int, cells: tuple[Cell, ...], name: str) -> Baht:
        try:
            return money_of(self._cell(cells, name))
        except Refused as refused:
            group.found += [(Weight.ERROR, reason.at(self._where(number, name))) for reason in refused.refusals]
            return ZERO

    def _text(self, group: _Group, number: int, cells: tuple[Cell, ...], name: str) -> str:
        try:
            return text_of(self._cell(cells, name))
        except Refused as refused:
            group.found += [(Weight.ERROR, reason.at(self._where(number, name))) for reason in refused.refusals]
            return ""

    def _fund_source(self, group: _Group, number: int, cells: tuple[Cell, ...]) -> str:
        cell = self._cell(cells, "fund_source")
        return self._codes.fund_source(group.found, cell, self._where(number, "fund_source"))

    def _budget_type(self, group: _Group, number: int, cells: tuple[Cell, ...]) -> str | None:
        cell = self._cell(cells, "budget_type")
        return self._codes.budget_type(group.found, cell, self._where(number, "budget_type"))

    def _finish(self, group: _Group) -> Candidate:
        made = Candidate(self._match.sheet, group.rows, group.reference, self._match, found=group.found)
        # A day that could not be read is refused already; the rest of the journal is judged as if it were of the year.
        day = group.day.day if group.day else self._fallback_day
        self._fallback_day = day
        self._check_year(group, made)
        year = fiscal_year_of(day)
        self._note_same_content(group, made)
        lines = tuple(
            LineDraft(
                account=line.account,
                fund_source=line.fund_source,
                debit=line.debit,
                credit=line.credit,
                description=line.description,
                budget_type=line.budget_type,
            )
            for line in group.lines
        )
        made.draft = JournalDraft(
            idempotency_key=self._key(group, year),
            date=day,
            kind=group.kind,
            description=self._description(group),
            lines=lines,
            source_area="continuity",
        )
        return made

    def _description(self, group: _Group) -> str:
        if not group.reference or not group.description:
            return group.description
        return self._suffix.format(description=group.description, reference=group.reference)

    def _key(self, group: _Group, year: int) -> UUID:
        if self._is_opening:
            return keys.opening_key(entity_id=self._reading.entity_id, fiscal_year=year)
        return keys.journal_key(entity_id=self._reading.entity_id, fiscal_year=year, reference=group.reference)

    def _check_year(self, group: _Group, made: Candidate) -> None:
        declared, day = self._reading.fiscal_year, group.day
        if declared is not None and day is not None and fiscal_year_of(day.day) != declared:
            facts: dict[str, Fact] = {
                "date": day.day.isoformat(),
                "fiscal_year": declared,
                "own_year": fiscal_year_of(day.day),
            }
            made.found.append((Weight.ERROR, Refusal("continuity.date_outside_year", facts, made.where("date"))))

    def _note_same_content(self, group: _Group, made: Candidate) -> None:
        content = (
            group.day and group.day.day,
            group.kind,
            group.description,
            *(line.content() for line in group.lines),
        )
        if first := self._contents.first_row(content, row=group.row):
            facts: dict[str, Fact] = {"row": first, "reference": group.reference}
            made.found.append((Weight.WARNING, Refusal("continuity.journal_repeated", facts, made.where(""))))


_FIELDS = (
    "reference",
    "date",
    "kind",
    "description",
    "account",
    "fund_source",
    "debit",
    "credit",
    "line_description",
    "budget_type",
)
_DAYS_REMEMBERED = 2000
