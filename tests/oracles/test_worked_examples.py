"""Worked examples of other authors, restated in our accounts: the figures to reach are theirs.

python-accounting (README): six transactions of a small company, its income statement, balance sheet and cash flow.
Tryton account (scenario_close_fiscalyear): balances are deferred into the new year, and a closed year takes no entry.
"""

import uuid
from datetime import date

import pytest

from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refused
from khlang.ledger import commands, queries
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import a_fiscal_year, a_journal, a_line, a_posted_journal, lines_of

pytestmark = pytest.mark.django_db

BANK, CLIENTS, ASSETS = "1101030101", "1102040102", "1206010101"
SUPPLIERS, TAXES = "2101010102", "2102040107"
REVENUE, OPERATING, OTHER = "4202020101", "5104010112", "5104030299"


def entry(day, **sides):
    """Amounts by account: positive is debit."""
    lines = []
    for account, amount in sides.items():
        side = "credit" if amount < 0 else "debit"
        lines.append(a_line(account, **{side: f"{abs(amount)}.00"}))
    return a_journal(day=date(2024, 10, day), lines=lines)


def six_transactions():
    return [
        entry(1, **{BANK: 120, REVENUE: -100, TAXES: -20}),
        entry(2, **{CLIENTS: 180, REVENUE: -150, TAXES: -30}),
        entry(3, **{OPERATING: 100, TAXES: 10, BANK: -110}),
        entry(4, **{ASSETS: 100, TAXES: 10, SUPPLIERS: -110}),
        entry(5, **{OTHER: 30, BANK: -30}),
        entry(6, **{BANK: 50, CLIENTS: -50}),
    ]


def test_python_accounting_example_gives_its_published_figures():
    actor = a_fiscal_year()
    commands.post_journals(actor=actor, journals=six_transactions())

    with entity_transaction(actor.entity_id):
        found = {row.account: row.balance for row in queries.balances(fiscal_year=2568)}
        moved = queries.cash_movements(fiscal_year=2568, start=date(2024, 10, 1), to=date(2024, 10, 31))
        cash = queries.cash_balance(fiscal_year=2568)

    def total(*accounts):
        return sum((found[account] for account in accounts), ZERO)

    assert -total(REVENUE, OPERATING, OTHER) == Baht("120.00")
    assert (total(ASSETS), total(BANK), total(CLIENTS)) == (Baht("100.00"), Baht("30.00"), Baht("130.00"))
    assert total(ASSETS, BANK, CLIENTS) == Baht("260.00")
    assert (-total(TAXES), -total(SUPPLIERS), -total(TAXES, SUPPLIERS)) == (
        Baht("30.00"),
        Baht("110.00"),
        Baht("140.00"),
    )
    assert sum((move.credit - move.debit for move in moved), ZERO) == cash == Baht("30.00")


def test_tryton_close_fiscal_year_defers_balances_and_refuses_the_closed_year():
    actor = a_fiscal_year(actor=a_fiscal_year(), year=2569)
    a_posted_journal(actor=actor, lines=lines_of("10.00", debit=CLIENTS, credit=REVENUE))
    a_posted_journal(actor=actor, lines=lines_of("4.00", debit=BANK, credit=CLIENTS))
    for period in range(14):
        for state in ("soft_closed", "closed"):
            commands.change_period(actor=actor, fiscal_year=2568, period=period, state=state)

    commands.carry_forward(actor=actor, fiscal_year=2569, description="Brought forward")

    with entity_transaction(actor.entity_id):
        found = {row.account: str(row.balance) for row in queries.balances(fiscal_year=2569)}
    assert found == {CLIENTS: "6.00", BANK: "4.00", "3102010101": "-10.00"}
    with pytest.raises(Refused, match=r"ledger\.period_closed"):
        a_posted_journal(actor=actor)


def test_tryton_move_cancel_leaves_both_moves_and_no_balance():
    actor = a_fiscal_year()
    posted = a_posted_journal(actor=actor, lines=lines_of("42.00", debit=CLIENTS, credit=REVENUE))

    commands.reverse_journal(
        actor=actor,
        fiscal_year=2568,
        sequence_no=posted.sequence_no,
        day=posted.date,
        reason="Cancelled",
        idempotency_key=uuid.uuid4(),
    )

    with entity_transaction(actor.entity_id):
        assert len(queries.account_lines(fiscal_year=2568, account=CLIENTS)) == 2
        assert {row.balance for row in queries.balances(fiscal_year=2568)} == {ZERO}
