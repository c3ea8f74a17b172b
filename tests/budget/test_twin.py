"""The line followed in memory and the line in the database, walked through the same moves, end the same."""

import random
import uuid

import pytest

from khlang.budget.rules import Kind, LineAccount, Move
from khlang.kernel.money import Baht
from khlang.kernel.refusals import Refused
from tests.budget import makers

pytestmark = pytest.mark.django_db
USES = [
    kind
    for kind in Kind
    if kind not in (Kind.APPROVE, Kind.WITHDRAW, Kind.SUPPLEMENT, Kind.TRANSFER_IN, Kind.TRANSFER_OUT, Kind.CARRY)
]


@pytest.mark.parametrize("seed", range(6))
def test_the_database_and_the_rules_decide_alike_about_every_move(seed):
    chance, account = random.Random(seed), LineAccount()
    actor, line_id = makers.a_budget("20.00")
    account.move(Move(line_id, Kind.APPROVE, Baht(20)))
    decided = []
    for _ in range(60):
        kind = chance.choice(USES)
        takes = chance.choice([None, *account.holds])
        hold = None if kind in (Kind.REFUND, Kind.RELEASE, Kind.CANCEL) else uuid.uuid4()
        asked = Move(line_id, kind, Baht.from_satang(chance.randint(1, 600)), hold, takes)
        expected = account.move(asked)
        try:
            makers.use(actor, asked)
            found = ""
        except Refused as refused:
            found = refused.refusals[0].code
        decided.append((expected, found))

        assert found == expected, (kind, asked)

    assert makers.balance(actor, line_id) == account.balance
    assert {code for code, _ in decided} >= {"", "budget.stage_does_not_fit"}
    assert makers.faults(actor) == []
