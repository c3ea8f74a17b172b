"""The search box: budget lines, journals, accounts, pages. Amounts with or without commas and in Thai digits are found."""

from dataclasses import dataclass
from datetime import date

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from khlang.budget import queries as budget
from khlang.identity.permissions import may
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.money import parse_amount
from khlang.kernel.refusals import Refused
from khlang.kernel.thai_dates import thai_date
from khlang.kernel.thai_text import normalise, search_key, to_arabic_digits
from khlang.ledger import queries as ledger
from khlang.ledger.rules import AccountView, JournalFilter, JournalView

_HITS = 6
_SHORTEST = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """Something found: where it leads and how it reads."""

    group: str
    label: str
    detail: str
    href: str
    icon: str


def hits(*, actor: Actor, text: str, fiscal_year: int | None, today: date) -> list[Hit]:
    """Budget lines with what is left, journals and accounts that match what was typed, as far as the actor may read them."""
    typed = to_arabic_digits(normalise(text))
    if len(typed) < _SHORTEST:
        return []
    year = fiscal_year or fiscal_year_of(today)
    lines = _budget_lines(actor, typed, today) if may(actor, "budget.read") else []
    if not may(actor, "ledger.read"):
        return lines
    return [*lines, *_journals(actor, typed, year), *_accounts(actor, typed, year)]


def _budget_lines(actor: Actor, typed: str, today: date) -> list[Hit]:
    """How much is left in the lines of the present year, or of the latest with a budget, that are called so."""
    found: list[Hit] = []
    for each in budget.lines_called(text=typed, today=today, limit=_HITS):
        kwargs = {"entity_code": actor.entity_code, "fiscal_year": each.line.fiscal_year, "line_id": each.line.line_id}
        try:
            href = reverse("budget:line", kwargs=kwargs)
        except NoReverseMatch:
            return found
        left = _("left %(amount)s") % {"amount": each.balance.available.display()}
        group = pgettext("search", "Budget lines %(year)s") % {"year": each.line.fiscal_year}
        found.append(Hit(group, f"{each.line.name} · {each.line.work_name}", left, href, "wallet"))
    return found


def _journals(actor: Actor, typed: str, year: int) -> list[Hit]:
    found: dict[tuple[int, int], JournalView] = {}
    for asked in _filters(typed, year):
        for view in ledger.journals(asked).rows:
            found.setdefault((view.fiscal_year, view.sequence_no), view)
    return [hit for view in list(found.values())[:_HITS] if (hit := _journal_hit(actor, view))]


def _filters(typed: str, year: int) -> list[JournalFilter]:
    asked = [JournalFilter(fiscal_year=year, search=typed, page_size=_HITS)]
    try:
        amount = parse_amount(typed)
    except Refused:
        return asked
    return [JournalFilter(fiscal_year=year, amount=abs(amount), page_size=_HITS), *asked] if amount else asked


def _journal_hit(actor: Actor, view: JournalView) -> Hit | None:
    try:
        href = reverse(
            "reporting:journal",
            kwargs={
                "entity_code": actor.entity_code,
                "fiscal_year": view.fiscal_year,
                "sequence_no": view.sequence_no,
            },
        )
    except NoReverseMatch:
        return None
    detail = f"{view.label} · {thai_date(view.date)} · {view.total.display()}"
    return Hit(pgettext("search", "Journals"), view.description, detail, href, "file-text")


def _accounts(actor: Actor, typed: str, year: int) -> list[Hit]:
    found: list[Hit] = []
    for view in account_choices(text=typed, fiscal_year=year, limit=_HITS):
        kwargs: dict[str, object] = {"entity_code": actor.entity_code, "fiscal_year": year}
        try:
            href = f"{reverse('reporting:general-ledger', kwargs=kwargs)}?account={view.account}"
        except NoReverseMatch:
            return found
        found.append(Hit(pgettext("search", "Accounts"), view.name_th, view.account, href, "list-tree"))
    return found


def account_choices(*, text: str, fiscal_year: int, limit: int = 20) -> list[AccountView]:
    """Postable accounts for a field of entry, best first: code begins so, name has it, name has it without tone marks."""
    typed = to_arabic_digits(normalise(text))
    exact = ledger.accounts(fiscal_year=fiscal_year, search=typed, postable_only=True, limit=limit)
    if len(exact) >= limit or not typed:
        return exact
    key = search_key(typed)
    known = {view.account for view in exact}
    similar = [
        view
        for view in ledger.accounts(fiscal_year=fiscal_year, postable_only=True)
        if view.account not in known and key in search_key(view.name_th)
    ]
    return [*exact, *similar][:limit]
