"""Template tags for every page: icons, money, dates, refusals, chips, addresses."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, cast

from django.template import Context, Library
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khlang.identity.rules import hat_name
from khlang.kernel import refusals, thai_dates
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Language, Refusal
from khlang.kernel.statements import Cell, Column, Link, Row
from khlang.web.words import STATES

register = Library()


def _language() -> Language:
    return "en" if get_language() == "en" else "th"


@register.simple_tag
def icon(name: str, extra: str = "") -> SafeString:
    """Draw one icon of the sprite; a word always stands beside it, so it is hidden from screen readers."""
    return format_html(
        '<svg class="i {}" viewBox="0 0 24 24" aria-hidden="true"><use href="{}#{}"/></svg>',
        extra,
        static("khlang/icons.svg"),
        name,
    )


@register.filter
def money(amount: Baht | None) -> SafeString | str:
    """Show an amount as accounts do; a negative one stands in parentheses and is called so for those who listen."""
    if amount is None:
        return ""
    if amount < Baht.from_satang(0):
        return format_html('<span class="vh">{} </span>{}', _("minus"), amount.display())
    return amount.display()


@register.filter
def money_blank(amount: Baht | None) -> SafeString | str:
    """Show an amount, and nothing at all for zero, as two-sided ledgers are printed."""
    return money(amount) if amount else ""


@register.filter
def thai_date(day: date | None, style: str = "short") -> str:
    """Show a day in the Buddhist era, or in English with its Gregorian year on an English page."""
    if day is None:
        return ""
    clock = ""
    if isinstance(day, datetime):
        local = timezone.localtime(day) if timezone.is_aware(day) else day
        day = local.date()
        clock = f"{local:%H:%M}"
    if style == "time":
        return _("%(date)s at %(time)s") % {"date": thai_date(day), "time": clock}
    write = thai_dates.english_date if _language() == "en" else thai_dates.thai_date
    return write(day, cast(thai_dates.DateStyle, style))


@register.filter
def duration(seconds: int) -> str:
    """Show a stretch of time in days, hours and minutes; a dash for none at all."""
    minutes = -(-int(seconds) // 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    parts = {"days": days, "hours": hours, "minutes": minutes}
    if days:
        return _("%(days)s d %(hours)s h") % parts
    if hours:
        return _("%(hours)s h %(minutes)s min") % parts
    return _("%(minutes)s min") % parts if minutes else "–"


@register.filter
def shown(cell: object) -> SafeString | str:
    """Show one cell of a statement by what it is."""
    match cell:
        case None:
            return ""
        case Baht():
            return money(cell)
        case date():
            return thai_date(cell, "table")
        case _:
            return str(cell)


@register.filter
def says(refusal: Refusal) -> str:
    """What was refused and why."""
    return refusals.message(refusal, _language())


@register.filter
def next_step(refusal: Refusal) -> str:
    """What the reader can do about it."""
    return refusals.next_step(refusal, _language())


@register.filter
def at(found: Iterable[Refusal] | None, where: str) -> list[Refusal]:
    """The refusals of one field, or of one row and all its fields (`lines.2`)."""
    return [refusal for refusal in found or () if refusal.where == where or refusal.where.startswith(f"{where}.")]


@register.inclusion_tag("web/_refusal.html", name="refusal")
def refusal_tag(refusal: Refusal) -> dict[str, object]:
    """Show a refusal with its next step."""
    return {"refusal": refusal}


@register.inclusion_tag("web/_chip.html")
def chip(state: object, label: str = "") -> dict[str, object]:
    """Show the state of a document: shape, colour and word."""
    tone, word = STATES.get(str(state), ("none", str(state)))
    return {"tone": tone, "label": label or word}


@register.simple_tag
def chip_word(state: object) -> str:
    """The word of a state alone, where a chip cannot stand."""
    return str(STATES.get(str(state), ("", str(state)))[1])


@register.filter
def role(name: str) -> str:
    """The name of a role or duty."""
    return hat_name(str(name), english=_language() == "en")


@register.filter
def in_language(value: Any, name: str) -> str:
    """`name_th` or `name_en` of a value, by the language of the page; Thai where there is no English."""
    found = getattr(value, f"{name}_{_language()}", "") or getattr(value, f"{name}_th", "")
    return str(found)


@register.filter
def in_language_lines(value: Any, name: str) -> Iterable[str]:
    """A tuple of lines by the language of the page."""
    return getattr(value, f"{name}_{_language()}", ()) or getattr(value, f"{name}_th", ())


@register.simple_tag(takes_context=True)
def address(context: Context, link: Link | None) -> str:
    """The address of a link value, inside the entity of the page; empty when that page does not exist."""
    if link is None:
        return ""
    actor = context.get("actor") or getattr(context.get("request"), "actor", None)
    parameters: dict[str, object] = dict(link.parameters)
    if actor is not None:
        parameters.setdefault("entity_code", actor.entity_code)
    try:
        return reverse(link.name, kwargs=parameters)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def query_string(context: Context, **changes: object) -> str:
    """The query of this page with changes; a change to None or nothing takes the name out."""
    query = context["request"].GET.copy()
    for name, value in changes.items():
        query.pop(name, None)
        if value not in (None, ""):
            query[name] = str(value)
    return f"?{query.urlencode()}" if query else "?"


@register.filter
def before(page: int) -> int:
    """The number of the page before this one."""
    return page - 1


@register.filter
def after(page: int) -> int:
    """The number of the page after this one."""
    return page + 1


@register.filter
def cells_of(row: Row, columns: tuple[Column, ...]) -> list[tuple[Column, Cell]]:
    """The cells of a statement's row, each with its column."""
    return list(zip(columns, row.cells, strict=True))


@register.simple_tag
def bar(percent: int, tone: str = "u", label: str = "") -> SafeString:
    """Draw a bar filled to `percent`; its figure must also stand beside it as text."""
    width = max(0, min(100, int(percent)))
    return format_html(
        '<svg class="bar" viewBox="0 0 100 9" preserveAspectRatio="none" role="img" aria-label="{}">'
        '<rect class="{}" width="{}" height="9"/></svg>',
        label or f"{width}%",
        tone,
        width,
    )


@register.filter
def initials(name: str) -> str:
    """Two letters for the picture of a person: first letters of her names, leading Thai vowels passed over."""
    leading = set(map(chr, range(0x0E40, 0x0E45)))
    letters = ["".join(sign for sign in part if sign not in leading)[:1] for part in name.split()[:2]]
    return "".join(letters)
