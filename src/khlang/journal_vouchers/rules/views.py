"""What this area shows: frozen values for pages, the API and the printed form. Amounts in baht."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID

from khlang.journal_vouchers.rules.contents import VoucherContent
from khlang.journal_vouchers.rules.states import Act, VoucherState
from khlang.kernel.money import Baht


@dataclass(frozen=True, slots=True)
class EventView:
    """One act on a voucher: who, what, when, why."""

    event_id: UUID
    act: Act
    actor_id: int
    actor_name: str
    at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class AttachmentView:
    """One attached file; its bytes lie under `sha256`."""

    attachment_id: UUID
    voucher_id: UUID
    name: str
    media_type: str
    size_bytes: int
    sha256: str
    attached_by_name: str
    attached_at: datetime


@dataclass(frozen=True, slots=True)
class VoucherRow:
    """One voucher in a list."""

    voucher_id: UUID
    revision: int
    state: VoucherState
    kind: str
    day: date | None
    description: str
    total: Baht
    made_by: int
    made_by_name: str
    saved_at: datetime
    journal: tuple[int, int] | None
    journal_label: str
    reversal: tuple[int, int] | None
    reversal_label: str


@dataclass(frozen=True, slots=True)
class VoucherView:
    """One voucher, whole: the row, what was typed, who prepared it, its events and files."""

    row: VoucherRow
    content: VoucherContent
    prepared_by: tuple[int, ...]
    copied_from: UUID | None
    events: tuple[EventView, ...] = ()
    attachments: tuple[AttachmentView, ...] = ()

    @property
    def reason(self) -> str:
        """The reason given last: why it was returned, cancelled or reversed."""
        return next((event.reason for event in reversed(self.events) if event.reason), "")


@dataclass(frozen=True, slots=True)
class VoucherFilter:
    """What a list is narrowed by; `search` looks in description, number, account and amount."""

    search: str = ""
    state: str = ""
    kind: str = ""
    start: date | None = None
    end: date | None = None
    made_by: int | None = None
    order: str = "-saved"
    page: int = 1
    page_size: int = 50


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of the approval path: what, who did it and when, and whether it is done, now or ahead."""

    act: Act
    mark: Literal["done", "now", "ahead"]
    actor_name: str = ""
    at: datetime | None = None


def approval_path(*, state: VoucherState, events: Sequence[EventView]) -> tuple[PathStep, ...]:
    """The path of a voucher: prepared, sent for checking, posted. A return leads back to the first step."""
    now = {VoucherState.SUBMITTED: 2, VoucherState.POSTED: 3}.get(state, 0)
    steps: list[PathStep] = []
    for place, act in enumerate((Act.CREATE, Act.SUBMIT, Act.POST)):
        acts = {Act.CREATE, Act.COPY} if act is Act.CREATE else {act}
        last = next((event for event in reversed(events) if event.act in acts), None)
        if place < now and last is not None:
            steps.append(PathStep(act, "done", last.actor_name, last.at))
        elif place == now:
            name = last.actor_name if last and act is Act.CREATE else ""
            steps.append(PathStep(act, "now" if state is not VoucherState.CANCELLED else "ahead", name))
        else:
            steps.append(PathStep(act, "ahead"))
    return tuple(steps)
