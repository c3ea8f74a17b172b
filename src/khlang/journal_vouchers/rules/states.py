"""Where a voucher stands, and which act leads where."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

from khlang.kernel.refusals import Refusal


class VoucherState(StrEnum):
    """A voucher's state; a cancelled one is kept and shown struck through (R9)."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    POSTED = "posted"
    CANCELLED = "cancelled"


class Act(StrEnum):
    """What a person does with a voucher; each leaves one event."""

    CREATE = "create"
    COPY = "copy"
    SAVE = "save"
    ATTACH = "attach"
    DETACH = "detach"
    SUBMIT = "submit"
    RETURN = "return"
    CANCEL = "cancel"
    POST = "post"
    REVERSE = "reverse"


_OPEN = frozenset({VoucherState.DRAFT, VoucherState.RETURNED})

MOVES: Mapping[Act, Mapping[VoucherState, VoucherState]] = {
    Act.SAVE: {state: state for state in _OPEN},
    Act.ATTACH: {state: state for state in _OPEN},
    Act.DETACH: {VoucherState.DRAFT: VoucherState.DRAFT, VoucherState.RETURNED: VoucherState.RETURNED},
    Act.SUBMIT: dict.fromkeys(_OPEN, VoucherState.SUBMITTED),
    Act.CANCEL: dict.fromkeys(_OPEN, VoucherState.CANCELLED),
    Act.RETURN: {VoucherState.SUBMITTED: VoucherState.RETURNED},
    Act.POST: {VoucherState.SUBMITTED: VoucherState.POSTED},
    Act.REVERSE: {VoucherState.POSTED: VoucherState.POSTED},
}
"""Act → state before → state after. What is not here is refused."""

NEEDS_REASON = frozenset({Act.RETURN, Act.CANCEL, Act.REVERSE})


def state_after(act: Act, state: VoucherState) -> VoucherState | None:
    """The state an act leads to, or None when it cannot be done from here."""
    return MOVES.get(act, {}).get(state)


def check_move(act: Act, state: VoucherState, *, reason: str = "") -> Iterator[Refusal]:
    """Yield journal_vouchers.move_not_allowed {act, state} and .reason_missing (R9)."""
    if state_after(act, state) is None:
        yield Refusal("journal_vouchers.move_not_allowed", {"act": str(act), "state": str(state)})
    if act in NEEDS_REASON and not reason.strip():
        yield Refusal("journal_vouchers.reason_missing", where="reason")
