"""Lists of vouchers: narrowing, counting, who made what."""

from datetime import date

import pytest

from khlang.identity.queries import entity
from khlang.journal_vouchers import queries
from khlang.journal_vouchers.rules import VoucherFilter, VoucherState
from khlang.toolkit.tenancy import entity_transaction
from tests.builders import a_person
from tests.journal_vouchers.makers import a_draft, a_submitted, a_team, content

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("chosen", "found"),
    [
        ({}, 3),
        ({"state": "draft"}, 2),
        ({"kind": "adjusting"}, 1),
        ({"search": "ทอดถิน"}, 0),
        ({"search": "ภาษีปาย"}, 1),
        ({"search": "1,234.50"}, 1),
        ({"start": date(2024, 10, 5)}, 1),
        ({"end": date(2024, 10, 4)}, 2),
        ({"made_by": 0}, 0),
    ],
)
def test_vouchers_are_narrowed(chosen, found):
    maker, _ = a_team()
    a_draft(maker, content("1234.50", description="ภาษีป้าย"))
    a_draft(maker, content(kind="adjusting", date="6/10/2567"))
    a_submitted(maker)

    with entity_transaction(maker.entity_id):
        assert queries.vouchers(VoucherFilter(**chosen)).count == found


@pytest.mark.parametrize("rows", [1, 3])
def test_vouchers_asks_the_database_twice_however_many_there_are(rows, django_assert_num_queries):
    maker, _ = a_team()
    for _ in range(rows):
        a_draft(maker)

    with entity_transaction(maker.entity_id), django_assert_num_queries(2):
        queries.vouchers(VoucherFilter())


def test_makers_and_counts_tell_who_and_how_many():
    maker, _ = a_team()
    a_draft(maker)
    a_submitted(maker)
    a_person("auditor", entity=entity(code=maker.entity_code))

    with entity_transaction(maker.entity_id):
        assert queries.makers() == [(maker.user_id, maker.name)]
        assert queries.counts_by_state() == {VoucherState.DRAFT: 1, VoucherState.SUBMITTED: 1}
