"""JSON lines become journals: one line, one journal, in the form that decisions fix for machines."""

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any
from uuid import UUID

from khlang.continuity.rules.cellcodes import CodeReader
from khlang.continuity.rules.findings import Weight
from khlang.continuity.rules.reading import Candidate, Reading
from khlang.continuity.rules.seen import Seen
from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Fact, Refusal, Refused
from khlang.kernel.thai_text import normalise
from khlang.ledger.rules import JournalDraft, LineDraft

_HEAD = frozenset({"idempotency_key", "date", "kind", "description", "lines", "fiscal_year", "period"})
_LINE = frozenset({"account", "fund_source", "debit", "credit", "description", "budget_type"})
_YEAR_DIGITS = 4
_REQUIRED = ("idempotency_key", "date", "description", "lines")


class JsonJournals:
    """Reads journals from JSON lines, one line at a time."""

    def __init__(self, *, reading: Reading) -> None:
        self._codes = CodeReader(reading)
        self._reading = reading
        self._keys = Seen()
        self._contents = Seen()

    def journals(self, lines: Iterable[tuple[int, str]]) -> Iterator[Candidate]:
        """Every journal of the file, right or wrong; empty lines are passed over."""
        for number, text in lines:
            if text.strip():
                yield self._candidate(number, text)

    def _candidate(self, number: int, text: str) -> Candidate:
        made = Candidate("", [number], "", None, key_is_ours=False)
        try:
            # Numbers stay text, so that no figure passes through a float.
            body = json.loads(text, parse_float=str, parse_int=str, parse_constant=str)
        except (ValueError, RecursionError):
            made.refuse(Refusal("continuity.line_not_json", {"line": number}))
            return made
        if not isinstance(body, dict):
            made.refuse(Refusal("continuity.line_not_json", {"line": number}))
            return made
        _check_fields(made, body, _HEAD, _REQUIRED, "")
        made.reference = str(body.get("idempotency_key", ""))
        key, day, lines = self._key(made, body), self._day(made, body), self._lines(made, body)
        if not made.has_errors and key is not None and day is not None:
            self._finish(made, body, key, day, lines)
        return made

    def _finish(
        self, made: Candidate, body: dict[str, Any], key: UUID, day: date, lines: tuple[LineDraft, ...]
    ) -> None:
        draft = JournalDraft(
            idempotency_key=key,
            date=day,
            kind=_text(body.get("kind") or "general"),
            description=normalise(_text(body.get("description", ""))),
            lines=lines,
            fiscal_year=_whole(made, body, "fiscal_year"),
            period=_whole(made, body, "period"),
            source_area="continuity",
        )
        if made.has_errors:
            return
        self._compare_earlier(made, draft)
        made.draft = draft

    def _compare_earlier(self, made: Candidate, draft: JournalDraft) -> None:
        """The same key again: the same content is the same journal; other content is refused."""
        first = self._keys.first_row(draft.idempotency_key.int, row=made.row)
        same = self._contents.first_row(
            (draft.idempotency_key.int, draft.date, draft.kind, draft.description, draft.lines), row=made.row
        )
        if not first:
            return
        facts: dict[str, Fact] = {"line": first, "key": str(draft.idempotency_key)}
        if same:
            made.repeats_earlier = True
            made.found.append((Weight.WARNING, Refusal("continuity.key_again", facts, made.where("idempotency_key"))))
        else:
            made.refuse(Refusal("continuity.key_with_other_content", facts, "idempotency_key"))

    def _key(self, made: Candidate, body: Mapping[str, Any]) -> UUID | None:
        text = body.get("idempotency_key")
        if text is None:
            return None
        try:
            return UUID(_text(text))
        except ValueError:
            made.refuse(Refusal("continuity.key_not_uuid", {"text": _short(text)}, "idempotency_key"))
            return None

    def _day(self, made: Candidate, body: Mapping[str, Any]) -> date | None:
        text = body.get("date")
        if text is None:
            return None
        try:
            return date.fromisoformat(_text(text))
        except ValueError:
            made.refuse(Refusal("continuity.date_not_iso", {"text": _short(text)}, "date"))
            return None

    def _lines(self, made: Candidate, body: Mapping[str, Any]) -> tuple[LineDraft, ...]:
        lines = body.get("lines", [])
        if not isinstance(lines, list) or not all(isinstance(line, dict) for line in lines):
            made.refuse(Refusal("continuity.lines_not_list", where="lines"))
            return ()
        return tuple(self._line(made, index, line) for index, line in enumerate(lines))

    def _line(self, made: Candidate, index: int, line: dict[str, Any]) -> LineDraft:
        at = f"lines.{index}"
        _check_fields(made, line, _LINE, ("account", "fund_source"), f"{at}.")
        said: list[tuple[Weight, Refusal]] = []
        found = self._codes.account(said, _text(line.get("account", "")), "")
        if said:
            made.found += [(weight, refusal.at(made.where(f"{at}.account"))) for weight, refusal in said]
        budget_type = line.get("budget_type")
        return LineDraft(
            account=found.code,
            fund_source=_text(line.get("fund_source", "")),
            debit=_money(made, line, f"{at}.debit", "debit"),
            credit=_money(made, line, f"{at}.credit", "credit"),
            description=normalise(_text(line.get("description", ""))),
            budget_type=_text(budget_type) if budget_type else None,
        )


def _check_fields(
    made: Candidate, body: Mapping[str, Any], known: frozenset[str], required: Iterable[str], at: str
) -> None:
    for name in required:
        if body.get(name) is None:
            made.refuse(Refusal("continuity.field_missing", {"field": name}, f"{at}{name}"))
    for name in body.keys() - known:
        made.refuse(Refusal("continuity.field_unknown", {"field": _short(name)}, at.rstrip(".")))


def _money(made: Candidate, line: Mapping[str, Any], where: str, side: str) -> Baht:
    value = line.get(side)
    if value is None:
        return ZERO
    try:
        return parse_amount(_text(value))
    except Refused as refused:
        for reason in refused.refusals:
            made.refuse(reason.at(where))
        return ZERO


def _whole(made: Candidate, body: Mapping[str, Any], name: str) -> int | None:
    value = body.get(name)
    if value is None:
        return None
    text = _text(value)
    if not (text.isascii() and text.isdigit() and len(text) <= _YEAR_DIGITS):
        made.refuse(Refusal("continuity.field_not_whole", {"field": name, "text": _short(text)}, name))
        return None
    return int(text)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if value is None else json.dumps(value, ensure_ascii=False)


def _short(value: Any) -> str:
    return _text(value)[:60]
