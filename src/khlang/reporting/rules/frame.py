"""The outside of every statement: titles, heading lines, notes and places to sign."""

from collections.abc import Mapping, Sequence

from khlang.kernel.fiscal_calendar import period_end, period_of
from khlang.kernel.statements import Check, Column, ColumnKind, Row, Signature, Statement
from khlang.kernel.thai_dates import english_date, thai_date
from khlang.reporting.rules.values import Scope
from khlang.reporting.rules.words import Language, position, word

MONTHLY = ("prepared", "checked", "treasury")
"""Who signs a book or a monthly working report (R268, R299)."""
OFFICIAL = ("prepared", "treasury", "clerk", "executive")
"""Who signs a statement that leaves the office (R299, R302)."""


def column(key: str, kind: ColumnKind) -> Column:
    """A column whose labels stand in words.toml under its key."""
    name = key.replace("_", "-")
    return Column(key, word(f"columns.{name}", "th"), word(f"columns.{name}", "en"), kind)


def both(path: str, **facts: str) -> tuple[str, str]:
    """A phrase in Thai and in English."""
    return word(path, "th", **facts), word(path, "en", **facts)


def as_at(scope: Scope) -> tuple[str, str]:
    """The date line of a statement of balances."""
    return (
        word("headings.as-at", "th", to=thai_date(scope.to, "long")),
        word("headings.as-at", "en", to=english_date(scope.to, "long")),
    )


def from_to(scope: Scope) -> tuple[str, str]:
    """The date line of a book or a statement of movement."""
    return (
        word("headings.from-to", "th", since=thai_date(scope.since, "long"), to=thai_date(scope.to, "long")),
        word("headings.from-to", "en", since=english_date(scope.since, "long"), to=english_date(scope.to, "long")),
    )


def for_month(scope: Scope) -> tuple[str, str]:
    """The date line of a monthly report; of part of a month, its days."""
    if scope.to != period_end(scope.fiscal_year, period_of(scope.to)):
        return from_to(scope)
    return (
        word("headings.for-month", "th", month=thai_date(scope.to, "month")),
        word("headings.for-month", "en", month=english_date(scope.to, "month")),
    )


def signatures(offices: Sequence[str], entity_kind: str) -> tuple[Signature, ...]:
    """Places to sign, with the official's title where the kind of entity fixes it."""
    return tuple(Signature(*both(f"signatures.{office}"), position=position(office, entity_kind)) for office in offices)


def frame(
    *,
    code: str,
    scope: Scope,
    columns: Sequence[Column],
    rows: Sequence[Row],
    heading: Sequence[tuple[str, str]],
    checks: Sequence[Check],
    offices: Sequence[str],
    title: str = "",
    notes: Sequence[tuple[str, str]] = (),
    facts: Mapping[str, str] | None = None,
) -> Statement:
    """Put a finished table into the frame that all statements share."""
    lines = [*heading, *_known_at(scope), *_fund_source(scope)]
    told = [*notes] if rows else [both("notes.nothing-posted"), *notes]
    return Statement(
        code=code,
        title_th=word(f"titles.{title or code}", "th"),
        title_en=word(f"titles.{title or code}", "en"),
        entity_code=scope.entity_code,
        entity_name=scope.entity_name,
        heading_lines_th=tuple(th for th, _ in lines),
        heading_lines_en=tuple(en for _, en in lines),
        columns=tuple(columns),
        rows=tuple(rows),
        notes_th=tuple(th for th, _ in told),
        notes_en=tuple(en for _, en in told),
        signatures=signatures(offices, scope.entity_kind),
        facts=_facts(scope, facts or {}),
        checks=tuple(checks),
    )


def _known_at(scope: Scope) -> list[tuple[str, str]]:
    if scope.known_at is None:
        return []
    clock = f"{scope.known_at:%H:%M}"
    day = scope.known_at.date()
    return [
        (
            word("headings.known-at", "th", day=f"{thai_date(day, 'long')} {clock}"),
            word("headings.known-at", "en", day=f"{english_date(day, 'long')} {clock}"),
        ),
    ]


def _fund_source(scope: Scope) -> list[tuple[str, str]]:
    return [both("headings.fund-source", name=scope.fund_source)] if scope.fund_source else []


def _facts(scope: Scope, more: Mapping[str, str]) -> dict[str, str]:
    facts = {
        "entity": scope.entity_code,
        "fiscal_year": str(scope.fiscal_year),
        "since": scope.since.isoformat(),
        "to": scope.to.isoformat(),
        "language": scope.language,
        **more,
    }
    if scope.known_at is not None:
        facts["known_at"] = scope.known_at.isoformat()
    if scope.fund_source:
        facts["fund_source"] = scope.fund_source
    return facts


def label_of(statement: Statement, language: Language) -> str:
    """The title of a statement in one language."""
    return statement.title_th if language == "th" else statement.title_en
