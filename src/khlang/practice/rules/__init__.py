"""What the practice organizations are and which journals their years hold; pure, the same on every machine."""

from khlang.practice.rules.amounts import share_of
from khlang.practice.rules.budgets import (
    BudgetPlan,
    PracticeDocument,
    Transfer,
    budget_plan,
    documents_of,
    revenue_of,
)
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
    "BudgetPlan",
    "Event",
    "Organization",
    "Person",
    "PracticeDocument",
    "PracticeEntity",
    "PracticeOrder",
    "PracticeVoucher",
    "Transfer",
    "VoucherPlan",
    "YearOfBooks",
    "books",
    "budget_plan",
    "documents_of",
    "estimates_of",
    "organization",
    "revenue_of",
    "share_of",
    "voucher_plan",
    "working_day",
    "years_of",
]
