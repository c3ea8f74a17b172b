"""What the API takes and gives of vouchers. Amounts of read vouchers are texts with two decimals, days ISO dates."""

from datetime import date, datetime
from uuid import UUID

from ninja import Schema
from pydantic import ConfigDict, Field

from khlang.journal_vouchers.rules import LineContent, VoucherContent, VoucherPreview, VoucherRow, VoucherView
from khlang.ledger.rules import Page


class LineText(Schema):
    """One row as typed; nothing is refused before the voucher is submitted."""

    model_config = ConfigDict(extra="forbid", strict=True)

    account: str = ""
    fund_source: str = ""
    description: str = ""
    debit: str = ""
    credit: str = ""
    budget_type: str = ""


class ContentText(Schema):
    """The whole voucher as typed."""

    model_config = ConfigDict(extra="forbid")

    date: str = ""
    kind: str = "general"
    description: str = ""
    lines: list[LineText] = Field(default_factory=list)

    def content(self) -> VoucherContent:
        """The same as a value."""
        lines = tuple(LineContent(**line.dict()) for line in self.lines)
        return VoucherContent(self.date, self.kind, self.description, lines)

    @classmethod
    def of(cls, content: VoucherContent) -> "ContentText":
        """Content for machines."""
        return cls(**content.as_json())


class DraftIn(Schema):
    """A draft over the version it was typed over; 0 for a new voucher."""

    model_config = ConfigDict(extra="forbid")

    revision: int
    content: ContentText


class VoucherOut(Schema):
    """A voucher in a list."""

    voucher_id: UUID
    revision: int
    state: str
    kind: str
    date: date | None
    description: str
    total: str
    made_by_name: str
    saved_at: datetime
    journal: tuple[int, int] | None
    journal_label: str
    reversal: tuple[int, int] | None
    reversal_label: str

    @classmethod
    def fields_of(cls, row: VoucherRow) -> dict[str, object]:
        """The fields a row gives."""
        same = ("voucher_id", "revision", "kind", "description", "made_by_name", "saved_at")
        places = ("journal", "journal_label", "reversal", "reversal_label")
        fields: dict[str, object] = {name: getattr(row, name) for name in (*same, *places)}
        return {**fields, "state": str(row.state), "date": row.day, "total": str(row.total)}

    @classmethod
    def of(cls, row: VoucherRow) -> "VoucherOut":
        """A row for machines."""
        return cls.model_validate(cls.fields_of(row))


class EventOut(Schema):
    """One act on a voucher."""

    act: str
    actor_name: str
    at: datetime
    reason: str


class AttachmentOut(Schema):
    """One file of a voucher."""

    attachment_id: UUID
    name: str
    media_type: str
    size_bytes: int
    sha256: str


class VoucherWhole(VoucherOut):
    """A voucher with what was typed, its story and its files."""

    content: ContentText
    events: list[EventOut]
    attachments: list[AttachmentOut]

    @classmethod
    def whole(cls, view: VoucherView) -> "VoucherWhole":
        """A voucher for machines."""
        events = [
            EventOut(act=str(event.act), actor_name=event.actor_name, at=event.at, reason=event.reason)
            for event in view.events
        ]
        files = [
            AttachmentOut(**{name: getattr(each, name) for name in AttachmentOut.model_fields})
            for each in view.attachments
        ]
        fields = cls.fields_of(view.row)
        return cls.model_validate(
            {**fields, "content": ContentText.of(view.content), "events": events, "attachments": files},
        )


class VoucherPage(Schema):
    """Some vouchers, and how many there are with what total."""

    count: int
    total: str
    page: int
    pages: int
    vouchers: list[VoucherOut]

    @classmethod
    def of(cls, page: Page[VoucherRow]) -> "VoucherPage":
        """A page of a list for machines."""
        rows = [VoucherOut.of(row) for row in page.rows]
        return cls(count=page.count, total=str(page.total), page=page.page, pages=page.pages, vouchers=rows)


class ActIn(Schema):
    """An act on a version one has seen; the same key again does it once."""

    model_config = ConfigDict(extra="forbid")

    revision: int
    idempotency_key: UUID


class ReasonIn(Schema):
    """An act that needs a reason."""

    model_config = ConfigDict(extra="forbid")

    reason: str
    idempotency_key: UUID


class ReversalIn(ReasonIn):
    """A reversal on a day."""

    date: date


class CopyIn(Schema):
    """The number of the voucher to be made."""

    model_config = ConfigDict(extra="forbid")

    voucher_id: UUID


class EffectOut(Schema):
    """One balance before and after (baht, debit positive)."""

    account: str
    name: str
    fund_source: str
    before: str
    after: str


class PreviewOut(Schema):
    """What posting would do now."""

    label: str
    fiscal_year: int
    period: int
    debit: str
    credit: str
    effects: list[EffectOut]

    @classmethod
    def of(cls, preview: VoucherPreview) -> "PreviewOut":
        """A preview for machines."""
        effects = [
            EffectOut(
                account=each.account,
                name=each.name,
                fund_source=each.fund_source,
                before=str(each.before),
                after=str(each.after),
            )
            for each in preview.effects
        ]
        posted = preview.posted
        return cls(
            label=posted.label,
            fiscal_year=posted.fiscal_year,
            period=posted.period,
            debit=str(preview.debit),
            credit=str(preview.credit),
            effects=effects,
        )
