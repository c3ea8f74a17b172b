"""The vouchers that are still on their way, so that a newcomer finds work on the desk."""

import tomllib
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class PracticeVoucher:
    """One voucher as typed, and how far it has come: draft, submitted, returned, posted."""

    state: str
    date: str
    kind: str
    text: str
    lines: tuple[tuple[str, str, str, str], ...]
    reason: str = ""
    attachment: bool = False


@dataclass(frozen=True, slots=True)
class VoucherPlan:
    """Whose vouchers, who prepares and who posts."""

    entity: str
    prepared_by: str
    posted_by: str
    vouchers: tuple[PracticeVoucher, ...]


def voucher_plan() -> VoucherPlan:
    """Read the plan."""
    file = resources.files("khlang.practice") / "data" / "vouchers.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    vouchers = tuple(
        PracticeVoucher(**{**each, "lines": tuple((a, f, d, c) for a, f, d, c in each["lines"])})
        for each in data["vouchers"]
    )
    return VoucherPlan(data["entity"], data["prepared_by"], data["posted_by"], vouchers)
