"""A transfer or a change of explanation on paper, and its announcement (R98-R102, R112-R115)."""

from dataclasses import dataclass
from datetime import date
from functools import partial

from khlang.budget.rules import ChangeKind, ChangeView, Explanation, Route
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.statements import Signature
from khlang.official_forms.rules.blocks import money
from khlang.official_forms.rules.letters import data_fingerprint, letter_day, letter_signature, sitting
from khlang.official_forms.rules.ordinance_paper import Office
from khlang.official_forms.rules.paper import Printing, circumstances, text_for
from khlang.official_forms.rules.phrases import phrase, phrases
from khlang.official_forms.rules.statement_form import signature_place

say = partial(phrase, "changes")
_MONEY = 24
_TRANSFER = ("approved", "before", "down", "up", "after")


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One line of a change: where it stands, what it had, gives or takes and has then (baht), how it reads before and after."""

    plan: str
    work: str
    budget: str
    category: str
    type_name: str
    item: str
    is_new: bool
    approved: Baht
    before: Baht
    down: Baht
    up: Baht
    after: Baht
    old_text: Explanation
    new_text: Explanation | None


@dataclass(frozen=True, slots=True)
class ChangePaper:
    """What is printed. `route`: who must agree, as computed from the lines as they are."""

    office: Office
    change: ChangeView
    route: str
    lines: tuple[ChangeLine, ...]

    @property
    def is_transfer(self) -> bool:
        """Whether money moves."""
        return self.change.draft.kind is ChangeKind.TRANSFER

    @property
    def down(self) -> Baht:
        """All that lines give, in baht."""
        return sum((line.down for line in self.lines), ZERO)

    @property
    def up(self) -> Baht:
        """All that lines take, in baht."""
        return sum((line.up for line in self.lines), ZERO)


def change_document(paper: ChangePaper) -> dict[str, object]:
    """The change as plain JSON values, as it is attached to its PDF."""
    change = paper.change
    return {
        "change": str(change.id),
        "kind": str(change.draft.kind),
        "fiscal_year": change.draft.fiscal_year,
        "number": change.number,
        "state": str(change.state),
        "route": paper.route,
        "resolution_number": change.resolution_number,
        "approved_on": change.approved_on.isoformat() if change.approved_on else None,
        "reason": change.draft.reason,
        "lines": [
            {"type": line.type_name, "item": line.item, "old_text": line.old_text.text}
            | {name: str(getattr(line, name)) for name in _TRANSFER}
            | ({"new_text": line.new_text.text} if line.new_text else {})
            for line in paper.lines
        ],
    }


def change_form(*, paper: ChangePaper, printing: Printing, announced: bool = False) -> dict[str, object]:
    """Describe a change for the template `change.typ`; `announced` puts the announcement before its table."""
    change, draft = paper.change, paper.change.draft

    def text(words: str) -> str:
        return text_for(printing, words)

    number = say("titles", "number", number=change.number) if change.number else say("titles", "no_number")
    attached = [say("titles", "attached", office=paper.office.name, day=_day(change.announced_on))] if announced else []
    title = say("titles", draft.kind)
    return circumstances(printing, data_fingerprint(change_document(paper))) | {
        "entity": paper.office.name,
        "title": text(title),
        "watermark": phrases("changes")["marks"].get(str(change.state), ""),
        "landscape": False,
        "tagged": True,
        "size": 10,
        "letter": _letter(paper, printing) if announced else None,
        "heads": [text(line) for line in (f"{title} {_year(paper)}", number, paper.office.name, *attached)],
        "columns": _columns(paper, printing),
        "rows": _rows(paper, printing),
        "said": [] if announced else [text(line) for line in _said(paper)],
        "signatures": [] if announced or not printing.signatures else _signatures(paper, printing),
    }


def _year(paper: ChangePaper) -> str:
    return phrase("volume", "words", "year", year=paper.change.draft.fiscal_year)


def _day(day: date | None) -> str:
    return letter_day(day) if day else say("announcement", "blank_day")


def _clause(paper: ChangePaper) -> str:
    return say("clauses", f"{paper.change.draft.kind}_{paper.route}")


def _columns(paper: ChangePaper, printing: Printing) -> list[dict[str, object]]:
    figures = _TRANSFER if paper.is_transfer else ("approved",)
    texts = ("explanation",) if paper.is_transfer else ("old_text", "new_text")
    kinds = [("plan", "text"), ("type", "text"), ("item", "text"), *((name, "money") for name in figures)]
    return [
        {
            "label": text_for(printing, say("columns", name)),
            "kind": kind,
            "align": "right" if kind == "money" else "left",
            "width": _MONEY if kind == "money" else 0,
        }
        for name, kind in (*kinds, *((name, "text") for name in texts))
    ]


def _rows(paper: ChangePaper, printing: Printing) -> list[dict[str, object]]:
    rows = [("detail", _cells(line, is_transfer=paper.is_transfer)) for line in paper.lines]
    if paper.is_transfer:
        sums = ["", "", money(paper.down), money(paper.up), "", ""]
        rows.append(("total", [say("columns", "total"), "", "", *sums]))
    return [{"kind": kind, "level": 0, "cells": [text_for(printing, cell) for cell in cells]} for kind, cells in rows]


def _cells(line: ChangeLine, *, is_transfer: bool) -> list[str]:
    item = line.item or line.type_name
    named = say("columns", "new_item", name=item) if line.is_new else item
    where = [f"{line.plan} / {line.work}", f"{line.budget} / {line.category} / {line.type_name}", named]
    new = line.new_text.text if line.new_text else ""
    if is_transfer:
        return [*where, *(money(getattr(line, name)) for name in _TRANSFER), new]
    return [*where, money(line.approved), line.old_text.text, new]


def _said(paper: ChangePaper) -> list[str]:
    change, council = paper.change, paper.office.council
    said = [say("said", "reason", reason=change.draft.reason)]
    if change.draft.legal_answer:
        said.append(say("said", "legal_answer", text=change.draft.legal_answer))
    if paper.route:
        said.append(say("said", "power", who=say("who", paper.route), clause=_clause(paper)))
    if change.resolution_number and change.resolved_on:
        day = letter_day(change.resolved_on)
        said.append(say("said", "resolution", council=council, number=sitting(change.resolution_number), day=day))
    if change.approved_on:
        who = council if paper.route == Route.COUNCIL else paper.office.head
        said.append(say("said", "approved", day=letter_day(change.approved_on), who=who))
    if change.announced_on:
        said.append(say("said", "announced", day=letter_day(change.announced_on)))
    if change.notified_on:
        said.append(say("said", "notified", supervisor=paper.office.supervisor, day=letter_day(change.notified_on)))
    return said


def _signatures(paper: ChangePaper, printing: Printing) -> list[dict[str, object]]:
    by_council = paper.route == Route.COUNCIL
    approver = "" if by_council else paper.change.approved_by_name
    places = [
        ("made", paper.change.made_by_name, ""),
        ("treasury", "", say("roles", "treasury_title")),
        ("budget", "", say("roles", "budget_title")),
        ("proposer" if by_council else "approver", approver, paper.office.head),
        *([("council", "", say("roles", "council_title"))] if by_council else []),
    ]
    return [
        signature_place(Signature(say("roles", role), say("roles", role), name, title), printing.in_language("th"))
        for role, name, title in places
    ]


def _letter(paper: ChangePaper, printing: Printing) -> dict[str, object]:
    change, office = paper.change, paper.office
    facts = {
        "name": say("names", change.draft.kind),
        "year": _year(paper),
        "number": change.number,
        "head": office.head,
        "council": office.council,
        "day": _day(change.approved_on),
        "resolution": sitting(change.resolution_number),
        "resolved": _day(change.resolved_on),
        "clause": _clause(paper),
    }

    def text(words: str) -> str:
        return text_for(printing, words)

    return {
        "heads": [text(say("titles", "announcement", office=office.name)), text(say("titles", "subject", **facts))],
        "paragraphs": [text(say("announcement", paper.route, **facts)), text(say("announcement", "end"))],
        "dated": text(say("announcement", "dated", day=_day(change.announced_on))),
        "signature": letter_signature(name="", title=office.head, printing=printing),
    }
