"""Read what a page sends: the voucher form, the filter of the list, the answers of dialogs. Nothing is judged here."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from khlang.journal_vouchers.rules import KINDS, LineContent, VoucherContent, VoucherFilter, VoucherState, content_of
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.toolkit.page_keys import key_of

_CELL = re.compile(r"lines\.(\d{1,6})\.([a-z_]+)")
_PAGE_MAX = 100_000


def content_of_fields(fields: Mapping[str, str]) -> VoucherContent:
    """The content of a form whose fields are called `date`, `lines.0.account` and so on, in the order of the rows."""
    rows: dict[int, dict[str, str]] = {}
    for name, text in fields.items():
        cell = _CELL.fullmatch(name)
        if cell and cell[2] in LineContent.__dataclass_fields__:
            rows.setdefault(int(cell[1]), {})[cell[2]] = text
    head = {name: fields.get(name, "") for name in ("date", "kind", "description")}
    return content_of({**head, "lines": [rows[number] for number in sorted(rows)]})


@dataclass(frozen=True, slots=True)
class VoucherForm:
    """The voucher form as sent: what was typed, over which version, and what is to be done."""

    content: VoucherContent
    revision: int
    key: UUID
    do: str
    overwrite: bool = False


def voucher_form(fields: Mapping[str, str]) -> VoucherForm:
    """Read the voucher form."""
    return VoucherForm(
        content=content_of_fields(fields),
        revision=whole_number(fields.get("revision", ""), least=0),
        key=key_of(fields),
        do=fields.get("do", "save"),
    )


def whole_number(text: str, *, least: int, otherwise: int | None = None) -> int:
    """A whole number of at least `least`; `otherwise` (or the least) when the text is none."""
    number = int(text) if text.isascii() and text.isdecimal() and len(text) < len(str(_PAGE_MAX)) + 4 else None
    if number is None or number < least:
        return least if otherwise is None else otherwise
    return number


@dataclass(frozen=True, slots=True)
class ListForm:
    """The filter of the list, with what of it could not be understood."""

    chosen: VoucherFilter
    refusals: tuple[Refusal, ...]

    @property
    def is_narrowed(self) -> bool:
        """Whether anything is left out of the list."""
        chosen = self.chosen
        return bool(
            chosen.search or chosen.state or chosen.kind or chosen.start or chosen.end or chosen.made_by is not None
        )


def list_form(fields: Mapping[str, str], *, today: date) -> ListForm:
    """Read the filter from the address; a wrong date narrows nothing and is said."""
    refusals: list[Refusal] = []
    days: dict[str, date | None] = {}
    for name in ("start", "end"):
        try:
            text = fields.get(name, "").strip()
            days[name] = parse_date(text, today=today).day if text else None
        except Refused as refused:
            days[name] = None
            refusals += [refusal.at(name) for refusal in refused.refusals]
    maker = fields.get("maker", "")
    chosen = VoucherFilter(
        search=fields.get("search", "").strip()[:100],
        state=_one_of(fields.get("state", ""), list(VoucherState)),
        kind=_one_of(fields.get("kind", ""), KINDS),
        start=days["start"],
        end=days["end"],
        made_by=whole_number(maker, least=0) if maker else None,
        order=fields.get("order", "") or "-saved",
        page=min(whole_number(fields.get("page", ""), least=1), _PAGE_MAX),
    )
    return ListForm(chosen, tuple(refusals))


def _one_of(text: str, known: tuple[str, ...] | list[VoucherState]) -> str:
    return text if text in known else ""


@dataclass(frozen=True, slots=True)
class ReversalForm:
    """The answer of the dialog that reverses."""

    day: date | None
    reason: str
    key: UUID
    refusals: tuple[Refusal, ...]


def reversal_form(fields: Mapping[str, str], *, today: date) -> ReversalForm:
    """Read the reversal's date and reason."""
    reason, key = fields.get("reason", ""), key_of(fields)
    try:
        return ReversalForm(parse_date(fields.get("day", ""), today=today).day, reason, key, ())
    except Refused as refused:
        return ReversalForm(None, reason, key, tuple(refusal.at("day") for refusal in refused.refusals))
