"""What the API takes and gives of a year that moves over from New e-LAAS."""

import base64
import binascii
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

from khlang.budget.rules.remaining_budget import AMOUNTS, RemainingBook, RemainingRow
from khlang.budget.schemas.changes import ReasonOut
from khlang.budget.schemas.values import Asked, Told
from khlang.kernel.refusals import Refusal, Refused


class WorkbookIn(Asked):
    """The workbook B_RemainedBudget.xlsx, base64."""

    workbook: str

    @contextmanager
    def file(self) -> Iterator[Path]:
        """The workbook as a file, for as long as it is read. Refuses budget.import_not_a_workbook."""
        try:
            content = base64.b64decode(self.workbook, validate=True)
        except (binascii.Error, ValueError) as fault:
            raise Refused(Refusal("budget.import_not_a_workbook", {"file": "-"}, "workbook")) from fault
        with tempfile.NamedTemporaryFile(suffix=".xlsx") as kept:
            kept.write(content)
            kept.flush()
            yield Path(kept.name)


class OpeningIn(WorkbookIn):
    """A year to open: the owning division of each work ("" for every other), and the id of the opening, made by the caller."""

    divisions: dict[str, str]
    ordinance_id: UUID


class RemainingRowOut(Told):
    """One row as read."""

    row: int
    work: str
    budget_type: str
    item: str
    code: str
    approved: str
    transferred_in: str
    transferred_out: str
    obligated: str
    disbursed: str
    remaining: str

    @classmethod
    def of_row(cls, row: RemainingRow) -> "RemainingRowOut":
        """A row for machines."""
        amounts = {name: str(getattr(row, name)) for name in AMOUNTS}
        return cls.of(row, **amounts)


class RemainingOut(Told):
    """The workbook as read: its rows, every fault at its cell, what was guessed. Nothing is written."""

    fiscal_year: int
    entity_name: str
    rows: list[RemainingRowOut]
    faults: list[ReasonOut]
    guesses: list[ReasonOut]

    @classmethod
    def of_book(cls, book: RemainingBook) -> "RemainingOut":
        """The book for machines."""
        return cls.of(
            book,
            rows=[RemainingRowOut.of_row(row) for row in book.rows],
            faults=[ReasonOut.of_refusal(each) for each in book.all_faults],
            guesses=[ReasonOut.of_refusal(each) for each in book.guesses],
        )
