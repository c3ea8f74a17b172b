"""A statement as a file."""

from typing import Literal

from khlang.kernel.statements import Statement
from khlang.reporting.rules.exports import statement_csv, statement_json
from khlang.reporting.rules.words import Language
from khlang.reporting.workbooks import statement_workbook

FileStyle = Literal["json", "csv", "xlsx"]
CONTENT_TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def statement_file(*, statement: Statement, style: FileStyle, language: Language = "th") -> bytes:
    """The statement as JSON, CSV or an Excel workbook."""
    match style:
        case "json":
            return f"{statement_json(statement=statement)}\n".encode()
        case "csv":
            # Excel takes a CSV for Thai text only when it begins with a byte order mark.
            return statement_csv(statement=statement, language=language).encode("utf-8-sig")
        case "xlsx":
            return statement_workbook(statement=statement, language=language)
