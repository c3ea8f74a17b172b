"""Makers of import files, right and wrong, as an office would have them."""

import io
import json
import tomllib
import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import xlsxwriter
from django.utils import timezone

from khlang.continuity import commands
from khlang.continuity.rules import ImportView
from khlang.kernel.actors import Actor

AT = datetime(2025, 1, 15, 3, tzinfo=UTC)
TODAY = AT.date()
LAYOUT = tomllib.loads(
    (Path(__file__).resolve().parents[2] / "src/khlang/continuity/layouts/workbook.toml").read_text(encoding="utf-8"),
)
CASH, BANK, TAX, FUEL = "1101010101", "1101030101", "4101010101", "5104010110"


def headers(sheet: str) -> list[str]:
    """The header words of a sheet, as the layout has them."""
    return [column["header"] for column in LAYOUT[sheet]["columns"]]


def sheet_name(sheet: str) -> str:
    """The name of a sheet."""
    return LAYOUT[sheet]["name"]


def two_rows(
    reference: str, amount: object = 100.0, *, day: object = "2024-10-03", text: str = "รับภาษี", kind: str = ""
):
    """A journal of two rows that balances."""
    return [
        [reference, day, kind, text, CASH, "FS01", amount, None, "", ""],
        [reference, "", "", "", TAX, "FS01", None, amount, "", ""],
    ]


def a_workbook(
    rows: Iterable[list], *, version: str = "khlang-journals-1", entity: str = "", year: str = "", **sheets
) -> bytes:
    """A workbook of the template's form; `sheets` are rows of the other sheets by key."""
    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True})
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for key, content in ({"journals": rows} | sheets).items():
        page = book.add_worksheet(sheet_name(key))
        page.write_row(0, 0, headers(key))
        for number, cells in enumerate(content, start=1):
            for position, cell in enumerate(cells):
                if isinstance(cell, Formula):
                    page.write_formula(number, position, cell.text, None, cell.value)
                elif hasattr(cell, "year"):
                    page.write_datetime(number, position, cell, day)
                else:
                    page.write(number, position, cell)
    if version:
        marks = book.add_worksheet("khlang")
        marks.write_column(0, 1, [version, entity, year])
    book.close()
    return buffer.getvalue()


class Formula:
    """A cell with a formula and the value Excel kept for it ('' when it was never calculated)."""

    def __init__(self, text: str, value: object = "") -> None:
        self.text, self.value = text, value


def a_csv(rows: Iterable[list], *, encoding: str = "utf-8") -> bytes:
    """The same columns as a csv."""
    lines = [headers("journals"), *rows]
    text = "\r\n".join(",".join("" if cell is None else str(cell) for cell in line) for line in lines)
    return text.encode(encoding)


def a_json_line(*, key: str | None = None, amount: str = "100.00", day: str = "2024-10-03", **more) -> dict:
    """One journal in the form for machines."""
    return {
        "idempotency_key": key or str(uuid.uuid4()),
        "date": day,
        "kind": "general",
        "description": "Tax received",
        "lines": [
            {"account": CASH, "fund_source": "FS01", "debit": amount},
            {"account": TAX, "fund_source": "FS01", "credit": amount},
        ],
        **more,
    }


def json_lines(journals: Iterable[dict]) -> bytes:
    """JSON lines."""
    return "\n".join(json.dumps(journal, ensure_ascii=False) for journal in journals).encode()


def sent(actor: Actor, content: bytes, name: str = "journals.xlsx", **options) -> ImportView:
    """The file taken in and checked."""
    view = commands.upload(
        actor=actor,
        import_id=uuid.uuid4(),
        file_name=name,
        chunks=[content],
        at=timezone.now(),
        **options,
    )
    if options.get("mode") == "trial-balance":
        return commands.review_balances(actor=actor, import_id=view.id)
    return commands.check(actor=actor, import_id=view.id, today=TODAY)


def posted(
    actor: Actor, content: bytes, name: str = "journals.xlsx", *, accepts_valid: bool = False, **options
) -> ImportView:
    """The file taken in, checked and posted."""
    view = sent(actor, content, name, **options)
    assert accepts_valid or not view.errors, reasons(view)
    return commands.post(actor=actor, import_id=view.id, at=AT, accepts_valid=accepts_valid)


def reasons(view: ImportView, weight: str = "error") -> list[tuple[str, str]]:
    """Place and code of what was found."""
    return [(f.refusal.where, f.refusal.code) for f in view.findings if f.weight == weight]
