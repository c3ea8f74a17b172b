"""The workbook in which an office writes its list of people: headings, drop-downs, text cells, an explanation."""

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any

import xlsxwriter

from khlang.identity.rules import PEOPLE_MAX, FileColumn, Role, file_columns, hat_words, people_file

_INK, _PAPER, _HINT, _LINE = "#FFFFFF", "#1F4E79", "#F2F6FA", "#D5DEE8"
_WIDTHS = (36, 80, 36)
_LETTERS_A_LINE = 95


def people_template(*, entity_name: str, roles: Sequence[Role], english: bool = False) -> bytes:
    """An empty list for one entity, whose drop-downs offer the roles that may be given there."""
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        writer = _Writer(book, "en" if english else "th")
        names = [hat_words(role).en if english else hat_words(role).th for role in roles]
        writer.people(file_columns(english=english), {"roles": len(names), "answers": 2})
        writer.notes(entity_name, file_columns(english=english), roles)
        writer.lists(names)
    return out.getvalue()


class _Writer:
    """One workbook in one language."""

    def __init__(self, book: Any, language: str) -> None:
        self.book, self.language, self.words = book, language, people_file()
        body = {"font_name": "Sarabun", "font_size": 11, "valign": "top"}
        head = {**body, "bold": True, "font_color": _INK, "bg_color": _PAPER, "border": 1, "text_wrap": True}
        cell = {**body, "text_wrap": True, "bg_color": _HINT, "border": 1, "border_color": _LINE}
        self.head = book.add_format({**head, "valign": "vcenter"})
        # "@" keeps what is typed as text: a leading zero stays, thirteen digits are not rounded.
        self.text = book.add_format({**body, "num_format": "@"})
        self.note = book.add_format({**body, "text_wrap": True})
        self.title = book.add_format({**body, "bold": True, "font_size": 15, "font_color": _PAPER})
        self.cell = book.add_format(cell)
        self.example = book.add_format({**cell, "num_format": "@"})

    def word(self, entry: Mapping[str, str]) -> str:
        return entry[self.language]

    def _sheet(self, name: str) -> Any:
        sheet = self.book.add_worksheet(self.word(self.words["sheets"][name]))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        return sheet

    def people(self, columns: Sequence[FileColumn], listed: Mapping[str, int]) -> None:
        """The sheet to fill in."""
        sheet = self._sheet("people")
        sheet.freeze_panes(1, 1)
        sheet.set_row(0, 26)
        sheet.repeat_rows(0)
        source = self.word(self.words["sheets"]["lists"])
        for position, column in enumerate(columns):
            sheet.set_column(position, position, column.width, self.text)
            sheet.write_string(0, position, f"{column.heading} *" if column.needed else column.heading, self.head)
            rule: dict[str, Any] = {"validate": "any"}
            if column.listed:
                letter = "A" if column.listed == "roles" else "B"
                place = f"='{source}'!${letter}$2:${letter}${listed[column.listed] + 1}"
                rule = {"validate": "list", "source": place}
            hint = {"input_title": column.heading[:32], "input_message": column.hint[:255]}
            sheet.data_validation(1, position, PEOPLE_MAX, position, {**rule, **hint})
        sheet.activate()

    def notes(self, entity_name: str, columns: Sequence[FileColumn], roles: Sequence[Role]) -> None:
        """What goes where, and what each role is for."""
        sheet, notes = self._sheet("notes"), self.words["notes"]
        sheet.hide_gridlines(2)
        for position, width in enumerate(_WIDTHS):
            sheet.set_column(position, position, width)
        sheet.set_row(0, 26)
        sheet.write_string(0, 0, self.word(notes["title"]), self.title)
        row = 1
        for line in (entity_name, *notes[f"lines_{self.language}"]):
            sheet.merge_range(row, 0, row, len(_WIDTHS) - 1, line, self.note)
            sheet.set_row(row, 18 * (1 + len(line) // (_LETTERS_A_LINE + 50)))
            row += 1
        heads = [self.word(notes[name]) for name in ("column", "meaning", "example")]
        row = self._rows(sheet, row + 1, heads, [(each.heading, each.hint, each.example) for each in columns])
        heads = [self.word(notes["role"]), self.word(notes["does"])]
        words = [hat_words(role) for role in roles]
        told = [(each.en, each.does_en) if self.language == "en" else (each.th, each.does_th) for each in words]
        self._rows(sheet, row + 1, heads, told)

    def _rows(self, sheet: Any, row: int, heads: Sequence[str], rows: Sequence[tuple[str, ...]]) -> int:
        sheet.write_row(row, 0, heads, self.head)
        for number, cells in enumerate(rows, start=row + 1):
            for position, text in enumerate(cells):
                sheet.write_string(number, position, text, self.example if position > 1 else self.cell)
            sheet.set_row(number, 18 * (1 + len(cells[1]) // _LETTERS_A_LINE))
        return row + len(rows) + 1

    def lists(self, roles: Sequence[str]) -> None:
        """What the drop-downs offer."""
        sheet, notes, answers = self._sheet("lists"), self.words["notes"], self.words["answers"]
        sheet.write_column(0, 0, [self.word(notes["role"]), *roles], self.text)
        heading = self.word(self.words["columns"]["known"])
        sheet.write_column(0, 1, [heading, self.word(answers["yes"]), self.word(answers["no"])], self.text)
        sheet.set_column(0, 1, 36)
        sheet.hide()
