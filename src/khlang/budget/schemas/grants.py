"""What the API takes and gives of grants outside the ordinance (R199-R206)."""

from datetime import date
from uuid import UUID

from pydantic import Field

from khlang.budget.rules import (
    CONDITIONS,
    Clock,
    ClockView,
    Extension,
    GrantDraft,
    GrantFigures,
    GrantLineDraft,
    GrantTask,
    GrantView,
    GrantWhole,
    MoneyKind,
    MoneyView,
    Place,
    explanation_of,
)
from khlang.budget.schemas.lines import BalanceOut, BudgetLineOut
from khlang.budget.schemas.ordinances import ExplanationText
from khlang.budget.schemas.values import Asked, Told, Year, amount_of
from khlang.kernel.money import Baht


class GrantLineText(Asked):
    """One line of a letter; its id is made by the caller."""

    line_id: UUID
    division: str
    work: str
    budget_type: str
    item: str
    amount: str
    explanation: ExplanationText = Field(default_factory=ExplanationText)

    def draft(self, where: str) -> GrantLineDraft:
        """As the command takes it. Refuses kernel.amount_* at its field."""
        amount, explanation = amount_of(self.amount, f"{where}.amount"), explanation_of(self.explanation.dict())
        codes = (self.division, self.work, self.budget_type)
        return GrantLineDraft(self.line_id, *codes, self.item.strip(), amount, explanation)

    @classmethod
    def of(cls, line: GrantLineDraft) -> "GrantLineText":
        """A line for machines."""
        return cls.model_validate(line.as_json())


class ConditionsText(Asked):
    """What a letter asks for besides (R199, R202)."""

    match_share: str = ""
    site: str = ""
    design: str = ""
    interest: str = ""
    channel: str = ""


class GrantText(Asked):
    """A grant as its letter says."""

    fiscal_year: Year
    kind: str
    title: str
    agency: str
    letter_number: str
    letter_on: date
    notified_on: date
    amount: str
    place: Place
    obligate_by: date
    spend_by: date
    returns_left_over: bool = True
    conditions: ConditionsText = Field(default_factory=ConditionsText)
    lines: list[GrantLineText] = Field(default_factory=list)

    def draft(self) -> GrantDraft:
        """As the command takes it."""
        return GrantDraft(
            self.fiscal_year,
            self.kind,
            self.title.strip(),
            self.agency.strip(),
            self.letter_number.strip(),
            self.letter_on,
            self.notified_on,
            amount_of(self.amount, "amount"),
            self.place,
            Clock(self.obligate_by, self.spend_by),
            tuple(each.draft(f"lines.{number}") for number, each in enumerate(self.lines)),
            self.returns_left_over,
            {name: text for name, text in self.conditions.dict().items() if text},
        )

    @classmethod
    def of(cls, draft: GrantDraft) -> "GrantText":
        """A letter for machines."""
        names = [
            "fiscal_year",
            "kind",
            "title",
            "agency",
            "letter_number",
            "letter_on",
            "notified_on",
            "place",
            "returns_left_over",
        ]
        known = {name: getattr(draft, name) for name in names}
        return cls(
            **known,
            amount=str(draft.amount),
            obligate_by=draft.clock.obligate_by,
            spend_by=draft.clock.spend_by,
            conditions=ConditionsText(**{name: draft.conditions.get(name, "") for name in CONDITIONS}),
            lines=[GrantLineText.of(line) for line in draft.lines],
        )


class GrantIn(Asked):
    """A letter over the version it was typed over; 0 for a new one."""

    revision: int
    content: GrantText


class GrantOpenIn(Asked):
    """The opening of a grant; the same key again opens it once."""

    opened_on: date
    idempotency_key: UUID


class GrantMoneyIn(Asked):
    """Cash that came, was lent ahead by savings, or the loan that was cleared; its id is made by the caller."""

    money_id: UUID
    kind: MoneyKind
    amount: str
    happened_on: date
    document_number: str
    note: str = ""

    def baht(self) -> Baht:
        """The amount. Refuses kernel.amount_*."""
        return amount_of(self.amount, "amount")


class ExtensionIn(Asked):
    """A recorded paper that sets one of the two clocks anew."""

    extension_id: UUID
    layer: Place
    obligate_by: date
    spend_by: date
    document_number: str
    document_on: date
    reason: str
    contract: str = ""

    def extension(self) -> Extension:
        """As the command takes it."""
        clock = Clock(self.obligate_by, self.spend_by)
        return Extension(self.layer, clock, self.document_number, self.document_on, self.reason, self.contract)


class ReturnIn(Asked):
    """What is given back: parts of lines, or all that is free when none is named."""

    returned_on: date
    document_number: str
    note: str = ""
    amounts: dict[UUID, str] | None = None
    idempotency_key: UUID

    def parts(self) -> dict[UUID, Baht] | None:
        """The amounts as values."""
        if self.amounts is None:
            return None
        return {line_id: amount_of(text, f"amounts.{line_id}") for line_id, text in self.amounts.items()}


class StrikeIn(Asked):
    """Why a grant is struck before it was opened."""

    reason: str


class ClockOut(Told):
    """Two deadlines."""

    obligate_by: date
    spend_by: date


class CashOfGrantOut(Told):
    """The cash of a grant."""

    received: str
    lent: str
    cleared: str
    returned: str
    kept: str
    owed: str
    in_hand: str


class GrantOut(Told):
    """A grant with its clocks, which of them binds now, its cash and what is left."""

    id: UUID
    revision: int
    state: str
    fund_source: str
    made_by_name: str
    opened_by_name: str
    content: GrantText
    state_clock: ClockOut
    own_clock: ClockOut
    binding: ClockOut
    cash: CashOfGrantOut
    balance: BalanceOut
    drawable: str

    @classmethod
    def fields_of(cls, view: GrantView) -> dict[str, object]:
        """The fields a grant gives."""
        return {
            "content": GrantText.of(view.draft),
            "state_clock": ClockOut.of(view.state_clock),
            "own_clock": ClockOut.of(view.own_clock),
            "binding": ClockOut.of(view.binding),
            "cash": CashOfGrantOut.of(view.money),
            "balance": BalanceOut.of(view.balance),
        }

    @classmethod
    def of_grant(cls, view: GrantView) -> "GrantOut":
        """A grant for machines."""
        return cls.of(view, **cls.fields_of(view))


class ClockSettingOut(Told):
    """One setting of a clock with its paper."""

    layer: str
    version_no: int
    obligate_by: date
    spend_by: date
    document_number: str
    document_on: date
    reason: str
    contract: str
    recorded_by_name: str

    @classmethod
    def of_view(cls, view: ClockView) -> "ClockSettingOut":
        """A setting for machines."""
        return cls.of(view, obligate_by=view.clock.obligate_by, spend_by=view.clock.spend_by)


class CashMovementOut(Told):
    """One movement of the cash."""

    id: UUID
    kind: str
    amount: str
    happened_on: date
    document_number: str
    note: str
    recorded_by_name: str

    @classmethod
    def of_view(cls, view: MoneyView) -> "CashMovementOut":
        """A movement for machines."""
        return cls.of(view)


class GrantWholeOut(GrantOut):
    """A grant with its lines in force, the settings of its clocks and the movements of its cash."""

    lines: list[BudgetLineOut]
    clocks: list[ClockSettingOut]
    movements: list[CashMovementOut]

    @classmethod
    def whole(cls, found: GrantWhole) -> "GrantWholeOut":
        """A grant for machines."""
        more = {
            "lines": [BudgetLineOut.of_line(each) for each in found.lines],
            "clocks": [ClockSettingOut.of_view(each) for each in found.clocks],
            "movements": [CashMovementOut.of_view(each) for each in found.movements],
        }
        return cls.of(found.grant, **cls.fields_of(found.grant), **more)


class GrantReportOut(Told):
    """The report of one grant as of a day (R206)."""

    grant_id: UUID
    title: str
    letter_number: str
    given: str
    received: str
    obligated: str
    paid: str
    carried: str
    returned: str
    left: str

    @classmethod
    def of_figures(cls, found: GrantFigures) -> "GrantReportOut":
        """A row of the report for machines."""
        draft = found.grant.draft
        return cls.of(found, grant_id=found.grant.id, title=draft.title, letter_number=draft.letter_number)


class GrantTaskOut(Told):
    """A deadline that comes near with money still open."""

    grant_id: UUID
    title: str
    clock: str
    due_on: date
    open_amount: str
    days_left: int

    @classmethod
    def of_task(cls, task: GrantTask) -> "GrantTaskOut":
        """A task for machines."""
        return cls.of(task, grant_id=task.grant.id, title=task.grant.draft.title)
