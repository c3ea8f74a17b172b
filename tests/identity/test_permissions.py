"""One table says who may do what."""

import pytest

from khlang.identity.permissions import MATRIX, may, require
from khlang.identity.rules import Role
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refused, message


def an_actor(*roles: Role) -> Actor:
    return Actor(1, "Malee", 1, "X", "Somewhere", frozenset(roles))


def test_an_auditor_reads_everything_of_the_books_and_writes_nothing():
    auditor = an_actor(Role.AUDITOR)
    allowed = {act for act in MATRIX if may(auditor, act)}

    assert {"ledger.read", "reporting.read", "audit.read"} <= allowed
    assert not any(act.endswith((".post", ".draft", ".reverse", ".import", ".manage_people")) for act in allowed)


def test_a_local_administrator_sees_no_figure():
    administrator = an_actor(Role.LOCAL_ADMINISTRATOR)

    assert not may(administrator, "ledger.read")
    assert not may(administrator, "reporting.read")
    assert may(administrator, "identity.manage_people")


def test_several_roles_add_up():
    assert may(an_actor(Role.CLERK, Role.FINANCE_OFFICER), "journal_vouchers.draft")
    assert not may(an_actor(Role.CLERK), "journal_vouchers.draft")


def test_require_refuses_naming_the_act_and_who_may():
    with pytest.raises(Refused) as caught:
        require(an_actor(Role.CLERK), "journal_vouchers.post")

    refusal = caught.value.refusals[0]
    assert refusal.code == "identity.not_permitted"
    assert refusal.facts["act"]
    assert "operator" not in message(refusal, "en")


def test_an_act_without_a_row_in_the_table_is_a_bug():
    with pytest.raises(KeyError):
        may(an_actor(Role.OPERATOR), "ledger.levitate")


def test_nobody_is_left_without_a_role_for_an_act():
    assert all(permission.hats for permission in MATRIX.values())
