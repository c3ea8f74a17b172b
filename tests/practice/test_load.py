"""`load_practice` on a real database: done once, left alone the second time, and every book right."""

import pytest

from khlang.identity import queries as identity
from khlang.journal_vouchers import queries as vouchers
from khlang.kernel.money import ZERO
from khlang.ledger import queries
from khlang.practice.commands import load_practice
from khlang.practice.rules import organization
from khlang.toolkit.tenancy import entity_transaction

pytestmark = pytest.mark.django_db
PASSWORD = "khlang-274910"


def test_load_practice_makes_books_that_hold_and_a_second_time_nothing():
    first = load_practice(password=PASSWORD)
    second = load_practice(password="khlang-000000")

    assert first.journals > 1000
    assert first.vouchers == 9
    assert first.budget_lines == 84
    assert (second.journals, second.vouchers, second.budget_lines) == (0, 0, 0)
    assert {login.password for login in first.logins} == {PASSWORD}
    assert {login.password for login in second.logins} == {""}
    for entity in organization().entities:
        actor = identity.operator(entity_code=entity.code)
        with entity_transaction(actor.entity_id):
            assert queries.verify(entity_code=entity.code).faults == ()
            for year in (2569, 2570):
                rows = queries.balances(fiscal_year=year)
                assert rows
                assert sum((row.balance for row in rows), ZERO) == ZERO
                assert queries.cash_balance(fiscal_year=year) > ZERO
                assert queries.estimates(fiscal_year=year)
    assert _states("6120304", 2569) == ["soft_closed"] * 13 + ["open"]
    assert _states("6120304", 2570) == ["soft_closed"] * 2 + ["open"] * 12


def _states(code, year):
    actor = identity.operator(entity_code=code)
    with entity_transaction(actor.entity_id):
        counts = vouchers.counts_by_state()
        assert {str(state): count for state, count in counts.items() if count} == {
            "draft": 3,
            "submitted": 3,
            "returned": 1,
            "posted": 2,
        }
        return [str(period.state) for period in queries.periods(fiscal_year=year)]
