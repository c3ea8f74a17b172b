"""What the practice organizations are and which journals their years hold; pure, the same on every machine."""

from khlang.practice.rules.amounts import share_of
from khlang.practice.rules.estimates import estimates_of
from khlang.practice.rules.templates import (
    Books,
    Event,
    Organization,
    Person,
    PracticeEntity,
    PracticeOrder,
    books,
    organization,
)
from khlang.practice.rules.vouchers import PracticeVoucher, VoucherPlan, voucher_plan
from khlang.practice.rules.years import YearOfBooks, working_day, years_of

__all__ = [
    "Books",
    "Event",
    "Organization",
    "Person",
    "PracticeEntity",
    "PracticeOrder",
    "PracticeVoucher",
    "VoucherPlan",
    "YearOfBooks",
    "books",
    "estimates_of",
    "organization",
    "share_of",
    "voucher_plan",
    "working_day",
    "years_of",
]
