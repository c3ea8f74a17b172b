"""What the API takes and gives. Amounts are texts with two decimals, days ISO dates, years of the Buddhist era."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict

from khlang.identity.rules import EntityView
from khlang.kernel.money import ZERO, Baht, parse_amount
from khlang.kernel.refusals import Refusal, Refused, message, next_step
from khlang.ledger.rules import AccountView, JournalDraft, JournalView, LineDraft, PeriodView
from khlang.reference.rules import FundSource


class EntityOut(Schema):
    """An entity in which the caller has a role."""

    code: str
    name_th: str
    name_en: str
    level: str
    kind: str

    @classmethod
    def of(cls, view: EntityView) -> "EntityOut":
        """The entity for machines."""
        return cls(code=view.code, name_th=view.name_th, name_en=view.name_en, level=view.level, kind=view.kind)


class AccountOut(Schema):
    """An account of the entity's chart, or its own sub-account (`code-NN`)."""

    account: str
    name_th: str
    name_en: str
    kind: str
    normal_side: str
    is_postable: bool
    is_open: bool

    @classmethod
    def of(cls, view: AccountView) -> "AccountOut":
        """The account for machines."""
        return cls(
            account=view.account,
            name_th=view.name_th,
            name_en=view.name_en,
            kind=view.kind,
            normal_side=view.normal_side,
            is_postable=view.is_postable,
            is_open=view.is_open,
        )


class FundSourceOut(Schema):
    """A source of money."""

    code: str
    name_th: str
    name_en: str
    in_budget: bool
    restricted: bool

    @classmethod
    def of(cls, fund: FundSource) -> "FundSourceOut":
        """The source for machines."""
        return cls(**{name: getattr(fund, name) for name in cls.model_fields})


class PeriodOut(Schema):
    """One period of a fiscal year: 0 opening, 1 to 12 from October, 13 closing."""

    period: int
    state: str
    journals: int


class FiscalYearOut(Schema):
    """An opened fiscal year (B.E.)."""

    fiscal_year: int
    periods: list[PeriodOut]

    @classmethod
    def of(cls, fiscal_year: int, periods: Sequence[PeriodView]) -> "FiscalYearOut":
        """The year for machines."""
        made = [PeriodOut(period=each.period, state=str(each.state), journals=each.journals) for each in periods]
        return cls(fiscal_year=fiscal_year, periods=made)


class LineOut(Schema):
    """A posted line."""

    account: str
    fund_source: str
    budget_type: str | None
    debit: str
    credit: str
    description: str


class JournalOut(Schema):
    """A posted journal with its lines, its place in the chain, and the journals that reverse or are reversed by it."""

    fiscal_year: int
    sequence_no: int
    label: str
    kind: str
    period: int
    date: date
    description: str
    posted_at: datetime
    posted_by_name: str
    reverses: tuple[int, int] | None
    reversed_by: tuple[int, int] | None
    idempotency_key: UUID
    hash: str
    lines: list[LineOut]

    @classmethod
    def of(cls, view: JournalView) -> "JournalOut":
        """The journal for machines."""
        lines = [
            LineOut(
                account=line.account,
                fund_source=line.fund_source,
                budget_type=line.budget_type,
                debit=str(line.debit),
                credit=str(line.credit),
                description=line.description,
            )
            for line in view.lines
        ]
        names = set(cls.model_fields) - {"lines", "hash"}
        return cls(**{name: getattr(view, name) for name in names}, hash=view.hash.hex(), lines=lines)


class JournalPage(Schema):
    """Some journals of a year, without lines, and how many there are."""

    count: int
    page: int
    pages: int
    journals: list[JournalOut]


class LineIn(Schema):
    """One side of a journal; exactly one of debit and credit is given."""

    model_config = ConfigDict(extra="forbid", strict=True)

    account: str
    fund_source: str
    debit: str = "0"
    credit: str = "0"
    description: str = ""
    budget_type: str | None = None

    def draft(self, where: str) -> LineDraft:
        """The line as the ledger takes it. Refuses kernel.amount_* at its field."""
        return LineDraft(
            account=self.account,
            fund_source=self.fund_source,
            debit=_amount(self.debit, f"{where}.debit"),
            credit=_amount(self.credit, f"{where}.credit"),
            description=self.description,
            budget_type=self.budget_type,
        )


class JournalIn(Schema):
    """A journal to be checked, in the form of `khlang journals import`."""

    model_config = ConfigDict(extra="forbid")

    idempotency_key: UUID
    date: date
    kind: str = "general"
    description: str
    lines: list[LineIn]

    def draft(self) -> JournalDraft:
        """The journal as the ledger takes it. Refuses kernel.amount_*."""
        lines = tuple(line.draft(f"lines.{number}") for number, line in enumerate(self.lines))
        return JournalDraft(self.idempotency_key, self.date, self.kind, self.description, lines)


class CheckedOut(Schema):
    """Where the journal would stand if it were posted now."""

    fiscal_year: int
    period: int
    label: str
    replayed: bool


class RefusalOut(Schema):
    """One reason: its code for programs, its words for people."""

    code: str
    facts: dict[str, Any]
    where: str
    message_th: str
    message_en: str
    next_th: str
    next_en: str

    @classmethod
    def of(cls, refusal: Refusal) -> "RefusalOut":
        """The reason for machines and people."""
        return cls(
            code=refusal.code,
            facts=dict(refusal.facts),
            where=refusal.where,
            message_th=message(refusal, "th"),
            message_en=message(refusal, "en"),
            next_th=next_step(refusal, "th"),
            next_en=next_step(refusal, "en"),
        )


class RefusedOut(Schema):
    """The one body of every answer that is no success."""

    refusals: list[RefusalOut]

    @classmethod
    def of(cls, *refusals: Refusal) -> "RefusedOut":
        """Every reason, most basic first."""
        return cls(refusals=[RefusalOut.of(refusal) for refusal in refusals])


def _amount(text: str, where: str) -> Baht:
    try:
        return parse_amount(text) if text else ZERO
    except Refused as refused:
        raise Refused(*(refusal.at(where) for refusal in refused.refusals)) from refused
