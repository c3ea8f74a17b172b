"""Money is transferred as an approved change says and in no other way, whoever calls the function; attacked by raw SQL."""

import uuid

import pytest

from khlang.budget import commands, queries
from khlang.budget.rules import ChangeDraft, ChangeKind, ChangeState, PartDraft
from khlang.kernel.money import baht
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import AT, FUEL, SUPPLIES, YEAR
from tests.budget.old_workbooks import OldLine, write
from tests.budget.test_changes import DESK, a_computer, approve, down, house, sent, transfer, up
from tests.budget.test_control import call, codes, request
from tests.budget.test_moving_over import GOOD, opened

pytestmark = pytest.mark.django_db
__all__ = ["house"]
TIED = ["budget.not_as_the_change_says"]
APPROVAL = {"number": 1, "route": "executive", "resolution_number": "", "notice_due_on": "2026-01-20"}


def asked(change_id, lines, *, out="50000.00", into="50000.00", to=FUEL, kind="transfer", **more):
    """A call of the function for a change, as somebody with a database password would write it."""
    moves = [
        {"line_id": str(lines[SUPPLIES]), "kind": "transfer_out", "amount": out},
        {"line_id": str(lines[to]), "kind": "transfer_in", "amount": into},
    ]
    document = {"kind": kind, "id": str(change_id), "label": "1/2569"}
    return request(document=document, moves=moves, change=APPROVAL, **more)


def state_of(actor, change_id):
    with entity_transaction(actor.entity_id):
        return queries.change(change_id=change_id).state


def test_the_function_moves_what_a_sent_change_says_once_and_approves_it(house):
    actor, lines = house
    change_id = sent(actor, transfer(down(lines[SUPPLIES]), up(lines[FUEL])))

    call(actor, asked(change_id, lines))

    assert state_of(actor, change_id) is ChangeState.APPROVED
    assert codes(lambda: call(actor, asked(change_id, lines))) == TIED
    assert makers.balance(actor, lines[FUEL]).transferred_in == baht("50000.00")


STRANGE = {
    "another amount": {"out": "50000.01", "into": "50000.01"},
    "another line": {"to": "Road"},
    "another kind of document": {"kind": "contract"},
    "the kind of the other changes": {"kind": "explanation"},
    "other words beside it": {"explanations": [{"line_id": "", "content": {"text": "Anything"}}]},
    "another year": {"fiscal_year": 2570},
}


@pytest.mark.parametrize("name", STRANGE)
def test_the_function_refuses_what_the_change_does_not_say(house, name):
    actor, lines = house
    change_id = sent(actor, transfer(down(lines[SUPPLIES]), up(lines[FUEL])))
    strange = asked(change_id, lines, **STRANGE[name])
    for words in strange.get("explanations", ()):
        words["line_id"] = str(lines[FUEL])
    if name == "another year":
        strange["on"] = "2026-11-05"

    assert codes(lambda: call(actor, strange))[:1] == TIED
    assert state_of(actor, change_id) is ChangeState.SUBMITTED
    assert makers.balance(actor, lines[FUEL]).available == baht("20000.00")


def test_the_function_transfers_nothing_for_a_change_that_is_nowhere_or_was_not_sent(house):
    actor, lines = house
    draft_id = uuid.uuid4()
    draft = transfer(down(lines[SUPPLIES]), up(lines[FUEL]))
    commands.save_change(actor=actor, change_id=draft_id, revision=0, draft=draft, at=AT)

    assert codes(lambda: call(actor, asked(uuid.uuid4(), lines))) == TIED
    assert codes(lambda: call(actor, asked(draft_id, lines))) == TIED


def test_the_function_rewords_no_line_without_a_change(house):
    actor, lines = house
    words = [{"line_id": str(lines["Road"]), "content": {"text": "A longer road"}}]
    bare = request(explanations=words, moves=[])
    change_id = uuid.uuid4()
    part = PartDraft("to", baht("0"), lines["Road"], explanation=DESK)
    draft = ChangeDraft(ChangeKind.EXPLANATION, YEAR, "Soil", (part,))
    commands.save_change(actor=actor, change_id=change_id, revision=0, draft=draft, at=AT)
    commands.submit_change(actor=actor, change_id=change_id, at=AT)
    document = {"kind": "explanation", "id": str(change_id), "label": ""}

    assert codes(lambda: call(actor, bare)) == TIED
    assert codes(lambda: call(actor, {**bare, "document": document, "change": APPROVAL})) == TIED


def test_a_new_line_is_tied_by_what_it_is(house):
    actor, lines = house
    change_id = sent(actor, transfer(down(lines[SUPPLIES]), a_computer()))

    view = approve(actor, change_id, resolution_number="3/2569", resolved_on=makers.DAY)

    assert view.state is ChangeState.APPROVED
    assert makers.balance(actor, makers.ids(actor)["Desk computer"]).transferred_in == baht("50000.00")


def test_what_the_old_system_moved_is_brought_over_once(tmp_path):
    actor = makers.a_house()
    old = [
        OldLine(GOOD, 100_000, transferred_out=30_000),
        OldLine("9969011133080001", 0, transferred_in=30_000),
    ]
    ordinance_id = uuid.uuid4()
    opened(actor, write(tmp_path / "b.xlsx", old), divisions={"": "01"}, ordinance_id=ordinance_id)
    again = asked(ordinance_id, makers.ids(actor), out="1.00", into="1.00", kind="opening")

    assert codes(lambda: call(actor, again)) == TIED
