"""Papers as they are printed; rows are read inside the entity's transaction."""

from khlang.official_forms.queries.budget import budget_board, budget_scope, line_register, year_register
from khlang.official_forms.queries.changes import change_paper, printed_change
from khlang.official_forms.queries.orders import order_paper, printed_order
from khlang.official_forms.queries.ordinances import ordinance_paper, printed_ordinance
from khlang.official_forms.queries.vouchers import journal_paper, printed_statement, printed_voucher, voucher_paper

__all__ = [
    "budget_board",
    "budget_scope",
    "change_paper",
    "journal_paper",
    "line_register",
    "order_paper",
    "ordinance_paper",
    "printed_change",
    "printed_order",
    "printed_ordinance",
    "printed_statement",
    "printed_voucher",
    "voucher_paper",
    "year_register",
]
