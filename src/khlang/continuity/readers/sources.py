"""One door to a file, whatever its form: what it says about itself, its side sheets, and its journals as a stream."""

import hashlib
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from khlang.continuity.readers.texts import TextFile, csv_rows, json_lines, text_file
from khlang.continuity.readers.workbooks import Workbook
from khlang.continuity.rules import layouts
from khlang.continuity.rules.findings import Findings, Weight
from khlang.continuity.rules.journals import JournalRows, Row
from khlang.continuity.rules.json_journals import JsonJournals
from khlang.continuity.rules.layouts import HeaderMatch, SheetLayout
from khlang.continuity.rules.reading import Candidate, FileFacts, Reading, SubAccountRow
from khlang.continuity.rules.side_sheets import SideSheet
from khlang.continuity.rules.values import is_blank
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise
from khlang.ledger.rules import Estimate, LedgerFacts

_DIGEST_CHUNK = 1 << 20
_KINDS = {".xlsx": "workbook", ".xlsm": "workbook", ".csv": "csv", ".txt": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl"}


class Source(ABC):
    """A file opened for one reading."""

    facts: FileFacts

    @abstractmethod
    def describe(self, reading: Reading, findings: Findings) -> Reading:
        """Add what the file itself gets wrong (version, entity, headers); return the reading with its declared year."""

    def sub_accounts(self, reading: Reading, findings: Findings, facts: LedgerFacts) -> list[SubAccountRow]:
        """The sub-accounts that the file asks for."""
        del reading, findings, facts
        return []

    def estimates(self, reading: Reading, findings: Findings, facts: LedgerFacts) -> list[Estimate]:
        """The estimates that the file brings."""
        del reading, findings, facts
        return []

    @abstractmethod
    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Every journal of the file, in order."""


def open_source(path: Path, *, name: str) -> Source:
    """Open a file by the ending of its name. Refuses continuity.file_kind_unknown {name} and what the readers refuse."""
    kind = _KINDS.get(Path(name).suffix.lower())
    if kind is None:
        raise Refused(Refusal("continuity.file_kind_unknown", {"name": normalise(name)}))
    facts = FileFacts(name=name, size=path.stat().st_size, sha256=digest(path))
    if not facts.size:
        raise Refused(Refusal("continuity.file_empty"))
    if kind == "workbook":
        return WorkbookSource(Workbook(path), facts)
    text = text_file(path)
    facts = replace(facts, encoding=text.encoding)
    return CsvSource(text, facts) if kind == "csv" else JsonSource(text, facts)


def digest(path: Path) -> str:
    """The SHA-256 of a file, read in pieces."""
    sha = hashlib.sha256()
    with path.open("rb") as file:
        while piece := file.read(_DIGEST_CHUNK):
            sha.update(piece)
    return sha.hexdigest()


def _note_encoding(facts: FileFacts, findings: Findings) -> None:
    if facts.encoding not in ("utf-8", "utf-8-sig"):
        findings.add(Weight.NOTE, Refusal("continuity.encoding_read", {"encoding": facts.encoding}), row=0)


class JsonSource(Source):
    """JSON lines."""

    def __init__(self, text: TextFile, facts: FileFacts) -> None:
        self._text, self.facts = text, facts

    def describe(self, reading: Reading, findings: Findings) -> Reading:
        """Say how the text was read."""
        _note_encoding(self.facts, findings)
        return reading

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Every line a journal."""
        return JsonJournals(reading=reading).journals(json_lines(self._text))


class CsvSource(Source):
    """A csv with the columns of the journals sheet."""

    def __init__(self, text: TextFile, facts: FileFacts) -> None:
        self._text, self.facts = text, facts
        self._match: HeaderMatch | None = None

    def describe(self, reading: Reading, findings: Findings) -> Reading:
        """Find the header."""
        _note_encoding(self.facts, findings)
        self._match = find_header(csv_rows(self._text), layouts.sheet("journals"), "", findings)
        return reading

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """Runs of lines with one reference."""
        if self._match is None:
            return iter(())
        rows = after_header(csv_rows(self._text), self._match)
        return JournalRows(match=self._match, reading=reading).journals(rows)


class WorkbookSource(Source):
    """The import workbook."""

    def __init__(self, book: Workbook, facts: FileFacts) -> None:
        self._book = book
        self.facts = facts
        self._matches: dict[str, HeaderMatch] = {}
        self._names = {
            key: next((name for name in book.names if layouts.sheet(key).is_named(name)), "")
            for key in ("opening", "journals", "estimates", "sub_accounts")
        }

    def describe(self, reading: Reading, findings: Findings) -> Reading:
        """Check version and entity, find every header, take the year the template was made for."""
        reading = self._declared(reading, findings)
        if not any(self._names.values()):
            wanted = layouts.sheet("journals").name
            findings.add(Weight.ERROR, Refusal("continuity.sheet_missing", {"sheet": wanted}), row=0)
        for key, name in self._names.items():
            if name and not (key != "journals" and self._is_empty(name)):
                match = find_header(self._book.rows(name), layouts.sheet(key), name, findings)
                if match is not None:
                    self._matches[key] = match
        return reading

    def _is_empty(self, name: str) -> bool:
        return self._book.sheet(name).rows <= 0

    def _declared(self, reading: Reading, findings: Findings) -> Reading:
        marks = layouts.mark("version_sheet")
        if marks not in self._book.names:
            findings.add(
                Weight.NOTE, Refusal("continuity.version_missing", {"version": layouts.workbook_version()}), row=0
            )
            return reading
        version, entity, year = (
            self._book.cell(marks, layouts.mark(f"{name}_cell")) for name in ("version", "entity", "year")
        )
        where = f"{marks}!{layouts.mark('version_cell')}"
        if version not in layouts.readable_versions():
            facts = {"found": version or "-", "version": layouts.workbook_version()}
            findings.add(Weight.ERROR, Refusal("continuity.version_unknown", facts, where), row=1)
        if entity and entity != reading.entity_code:
            other = {"found": entity, "entity": reading.entity_code}
            findings.add(Weight.ERROR, Refusal("continuity.other_entity", other, where), row=1)
        declared = int(year) if year.isascii() and year.isdigit() else None
        self.facts = replace(self.facts, version=version, entity_code=entity, fiscal_year=declared)
        return replace(reading, fiscal_year=reading.fiscal_year or declared)

    def _rows(self, key: str) -> Iterator[Row]:
        return after_header(self._book.rows(self._names[key]), self._matches[key])

    def sub_accounts(self, reading: Reading, findings: Findings, facts: LedgerFacts) -> list[SubAccountRow]:
        """The rows of the sheet of sub-accounts."""
        if "sub_accounts" not in self._matches:
            return []
        sheet = SideSheet(match=self._matches["sub_accounts"], reading=reading, findings=findings)
        return sheet.sub_accounts(self._rows("sub_accounts"), facts=facts)

    def estimates(self, reading: Reading, findings: Findings, facts: LedgerFacts) -> list[Estimate]:
        """The rows of the sheet of estimates."""
        if "estimates" not in self._matches:
            return []
        sheet = SideSheet(match=self._matches["estimates"], reading=reading, findings=findings)
        return sheet.estimates(self._rows("estimates"), facts=facts)

    def candidates(self, reading: Reading) -> Iterator[Candidate]:
        """The opening balances first, then the journals."""
        for key in ("opening", "journals"):
            if key in self._matches:
                table = JournalRows(match=self._matches[key], reading=reading, is_opening=key == "opening")
                yield from table.journals(self._rows(key))


def find_header(rows: Iterable[Row], layout: SheetLayout, sheet_name: str, findings: Findings) -> HeaderMatch | None:
    """The row whose words head the columns, looked for in the first rows.

    Adds continuity.header_missing {sheet}, .column_missing {column}, .column_unknown {column} to the findings.
    """
    best: HeaderMatch | None = None
    for number, cells in rows:
        if number > layouts.limit("check", "header_rows_searched"):
            break
        if all(map(is_blank, cells)):
            continue
        match = layouts.match_header(columns=layout.columns, cells=cells, sheet_name=sheet_name, row=number)
        if best is None or len(match.positions) > len(best.positions):
            best = match
    enough = min(2, len(layout.columns))
    if best is None or len(best.positions) < enough:
        where = layouts.place(sheet_name, 1)
        findings.add(Weight.ERROR, Refusal("continuity.header_missing", {"sheet": layout.name}, where), row=1)
        return None
    for refusal in layouts.header_refusals(columns=layout.columns, match=best):
        findings.add(Weight.ERROR, refusal, row=best.row)
    return best


def after_header(rows: Iterable[Row], match: HeaderMatch) -> Iterator[Row]:
    """The rows below the header."""
    return (row for row in rows if row[0] > match.row)
