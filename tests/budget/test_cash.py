"""The cash of a source is looked at beside the appropriation: a warning, or a refusal where the country says so (R213)."""

import pytest

from tests.budget import makers
from tests.budget.makers import a_budget, a_move, use
from tests.budget.test_control import codes

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture
def cash_is_demanded(owner_connection):
    """The national parameter says `refuse` for the length of a test."""
    change = "UPDATE reference_parameter SET value = %s WHERE name = 'budget_cash_check'"
    assert owner_connection.execute(change, ("refuse",)).rowcount == 1
    owner_connection.commit()
    yield
    owner_connection.execute(change, ("warn",))
    owner_connection.commit()


def test_without_the_cash_a_request_is_refused_where_the_parameter_says_so(cash_is_demanded):
    actor, line_id = a_budget("500.00")

    assert codes(lambda: use(actor, a_move(line_id, "request", "120.00"))) == ["budget.cash_short"]
    assert codes(lambda: use(actor, a_move(line_id, "advance", "120.00"))) == ["budget.cash_short"]
    assert makers.balance(actor, line_id).available == makers.baht("500.00")
    assert use(actor, a_move(line_id, "reserve", "120.00")).warnings == ()
    assert makers.faults(actor) == []
