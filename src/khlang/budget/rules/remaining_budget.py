"""The workbook of remaining budget of New e-LAAS: its rows as they are, what does not hold, what was guessed. Pure."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

from khlang.budget.rules.lines import LineFacts, read_code
from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise, to_arabic_digits

AMOUNTS = ("approved", "transferred_in", "transferred_out", "obligated", "disbursed", "remaining")
_YEAR = re.compile(r"25[0-9]{2}")
_CODE = re.compile(r"([0-9]{16,20})(?:\.0+)?")
# Excel keeps fifteen digits of a number: the running number at the end of a longer code is lost, work and type are not.
_DIGITS_OF_A_NUMBER = 15


@cache
def layout() -> Mapping[str, Any]:
    """The layout of the workbook, from its file."""
    text = (resources.files("khlang.budget") / "layouts" / "remaining_budget.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True)
class RemainingRow:
    """One line of the workbook: where it stands, what it names, its amounts (baht), what is wrong or was guessed."""

    row: int
    work: str
    budget_type: str
    item: str
    code: str
    names: tuple[str, str, str]
    approved: Baht
    transferred_in: Baht
    transferred_out: Baht
    obligated: Baht
    disbursed: Baht
    remaining: Baht
    faults: tuple[Refusal, ...] = ()
    guesses: tuple[Refusal, ...] = ()

    @property
    def computed(self) -> Baht:
        """What must remain by the row's own figures."""
        return self.approved + self.transferred_in - self.transferred_out - self.obligated - self.disbursed


@dataclass(frozen=True, slots=True)
class RemainingBook:
    """The whole workbook as read: its year (B.E.; 0 when not found), the name it bears, its rows, faults of the whole."""

    fiscal_year: int
    entity_name: str
    rows: tuple[RemainingRow, ...]
    faults: tuple[Refusal, ...]

    @property
    def all_faults(self) -> tuple[Refusal, ...]:
        """Everything that must be mended before the year can be opened from it."""
        return (*self.faults, *(fault for row in self.rows for fault in row.faults))

    @property
    def guesses(self) -> tuple[Refusal, ...]:
        """Everything a person should look at."""
        return tuple(guess for row in self.rows for guess in row.guesses)


def read_remaining(*, sheet: Sequence[Sequence[str]], facts: LineFacts, fiscal_year: int = 0) -> RemainingBook:
    """Read the sheet, given as rows of texts; every row is read, whatever is wrong with the others.

    Faults, each at its cell: budget.import_not_this_form, .import_year_missing, .import_other_year, .import_code_unknown,
    .import_amount_not_read, .import_does_not_add_up, .import_overspent, .import_transfers_apart. Guesses:
    budget.import_name_differs, .import_code_was_a_number.
    """
    form = layout()
    columns = _columns(_row(sheet, form["header_row"]))
    found = _YEAR.search(to_arabic_digits(_cell(_row(sheet, form["year_row"]), form["text_column"])))
    year = int(found[0]) if found else 0
    name = _cell(_row(sheet, form["entity_row"]), form["text_column"])
    rows = tuple(_rows(sheet, columns, facts, year or fiscal_year))
    return RemainingBook(year or fiscal_year, name, rows, tuple(_faults(rows, year, fiscal_year)))


def _faults(rows: Sequence[RemainingRow], year: int, asked: int) -> Iterator[Refusal]:
    if not rows:
        yield Refusal("budget.import_not_this_form", where="")
    if not year and not asked:
        yield Refusal("budget.import_year_missing", where=f"B{layout()['year_row']}")
    elif year and asked and year != asked:
        yield Refusal("budget.import_other_year", {"found": year, "asked": asked}, f"B{layout()['year_row']}")
    moved_in = sum((row.transferred_in for row in rows), ZERO)
    moved_out = sum((row.transferred_out for row in rows), ZERO)
    if moved_in != moved_out:
        facts = {"up": str(moved_in), "down": str(moved_out), "difference": str(abs(moved_in - moved_out))}
        yield Refusal("budget.import_transfers_apart", facts)


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Where each column stands: by the words of the header, else where it always stood."""
    known: Mapping[str, Mapping[str, Any]] = layout()["columns"]
    heads = ["".join(normalise(cell).split()) for cell in header]
    places: dict[str, int] = {}
    for name, column in known.items():
        exact = [heads.index(word) for word in column["words"] if word in heads]
        places[name] = exact[0] if exact else column["position"]
    # Two columns in one place: the words misled, so positions decide.
    if len(set(places.values())) != len(places):
        return {name: column["position"] for name, column in known.items()}
    return places


def _rows(
    sheet: Sequence[Sequence[str]], columns: Mapping[str, int], facts: LineFacts, year: int
) -> Iterator[RemainingRow]:
    work_name = category = ""
    for number, cells in enumerate(sheet, start=1):
        if number <= layout()["header_row"]:
            continue
        texts = {name: normalise(_cell(cells, place)) for name, place in columns.items()}
        first = next((text for text in (texts["work"], texts["category"], texts["type"]) if text), "")
        if first.startswith(tuple(layout()["total_words"])):
            continue
        # Merged cells leave the work and the category on their first row only.
        work_name, category = texts["work"] or work_name, texts["category"] or category
        if texts["code"] or texts["approved"]:
            yield _one(number, texts | {"work": work_name, "category": category}, columns, facts, year)


def _one(
    number: int, texts: Mapping[str, str], columns: Mapping[str, int], facts: LineFacts, year: int
) -> RemainingRow:
    def place(name: str) -> str:
        return f"{_letter(columns[name])}{number}"

    (work, budget_type, code), faults, guesses = _coded(texts["code"], year, facts, place("code"))
    named = (("work", work, facts.works.get(work, "")), ("type", budget_type, facts.types.get(budget_type, "")))
    for name, known, expected in named:
        if known and expected and texts[name] and texts[name] != expected:
            told = {"found": texts[name], "expected": expected, "code": known}
            guesses.append(Refusal("budget.import_name_differs", told, place(name)))
    amounts = [_amount(texts[name], place(name), faults) for name in AMOUNTS]
    names = (texts["work"], texts["category"], texts["type"])
    named_row = (number, work, budget_type, texts["item"], code, names)
    approved, moved_in, moved_out, obligated, disbursed, remaining = amounts
    row = RemainingRow(*named_row, approved, moved_in, moved_out, obligated, disbursed, remaining)
    if row.computed != row.remaining:
        told = {
            "computed": str(row.computed),
            "found": str(row.remaining),
            "difference": str(row.computed - row.remaining),
        }
        faults.append(Refusal("budget.import_does_not_add_up", told, place("remaining")))
    if row.computed < ZERO:
        faults.append(Refusal("budget.import_overspent", {"over": str(-row.computed)}, place("remaining")))
    return replace(row, faults=tuple(faults), guesses=tuple(guesses))


def _coded(
    text: str, year: int, facts: LineFacts, where: str
) -> tuple[tuple[str, str, str], list[Refusal], list[Refusal]]:
    """Work, expenditure type and code of a row as far as the code tells them; what is wrong, what was guessed."""
    matched = _CODE.fullmatch(to_arabic_digits(text).replace(" ", ""))
    parts = read_code(matched[1]) if matched else None
    if matched is None or parts is None:
        return ("", "", text), [Refusal("budget.import_code_unknown", {"code": text or "-"}, where)], []
    faults, guesses, code = [], [], matched[1]
    if parts.work not in facts.works or parts.budget_type not in facts.types:
        faults.append(Refusal("budget.import_code_unknown", {"code": code}, where))
    if year and parts.fiscal_year != year:
        faults.append(Refusal("budget.import_other_year", {"found": parts.fiscal_year, "asked": year}, where))
    if text.endswith(".0") and len(code) > _DIGITS_OF_A_NUMBER:
        guesses.append(Refusal("budget.import_code_was_a_number", {"code": code}, where))
    return (parts.work, parts.budget_type, code), faults, guesses


def _amount(text: str, where: str, faults: list[Refusal]) -> Baht:
    plain = text
    for word in layout()["currency_words"]:
        plain = plain.replace(word, "")
    plain = plain.strip()
    if plain in ("", "-"):
        return ZERO
    try:
        amount = parse_amount(plain)
    except Refused:
        amount = None
    if amount is None or amount < ZERO:
        faults.append(Refusal("budget.import_amount_not_read", {"text": text}, where))
        return ZERO
    return amount


def _row(sheet: Sequence[Sequence[str]], number: int) -> Sequence[str]:
    return sheet[number - 1] if len(sheet) >= number else ()


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _letter(place: int) -> str:
    return chr(ord("A") + place)


def divisions_missing(book: RemainingBook, divisions: Mapping[str, str], known: Iterable[str]) -> list[Refusal]:
    """Works of the book for which no known division was given; the workbook itself names none."""
    there = set(known)
    works = dict.fromkeys(row.work for row in book.rows if row.work)
    return [
        Refusal("budget.import_division_missing", {"work": work}, "divisions")
        for work in works
        if divisions.get(work, divisions.get("", "")) not in there
    ]
