"""Grants outside the ordinance through the commands: one control, two clocks, their cash, what goes back (R199-R206)."""

import uuid
from datetime import date

import pytest

from khlang.budget import commands, queries
from khlang.budget.rules import Balance, BoardFilter, CarryKind, GrantState, Place
from khlang.kernel.money import baht
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.grant_makers import (
    LAST,
    LATER,
    a_draft_grant,
    an_open_grant,
    extend,
    give_back,
    letter,
    money,
    opened,
    seen,
)
from tests.budget.makers import AT, SUPPLIES, YEAR, a_move, faults, line, use
from tests.budget.test_changes import down, refused, sent, transfer, up
from tests.builders import a_person, an_entity

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor():
    return makers.a_house()


def test_a_grant_opens_once_and_its_lines_are_lines_of_the_budget_under_their_source(actor):
    grant_id, key = a_draft_grant(actor, letter("250.00")), uuid.uuid4()

    first, again = opened(actor, grant_id, key), opened(actor, grant_id, key)

    assert (again.entry_no, again.replayed) == (first.entry_no, True)
    found = seen(actor, grant_id)
    assert (found.grant.state, found.grant.balance) == (GrantState.OPEN, Balance(approved=baht("250.00")))
    assert {each.layer for each in found.clocks} == {Place.STATE, Place.OWN}
    with entity_transaction(actor.entity_id):
        board = queries.board(fiscal_year=YEAR, chosen=BoardFilter(fund_source="FS04"))
        (row,) = queries.register(fiscal_year=YEAR, line_id=found.lines[0].line.line_id)
    assert board.total.available == baht("250.00")
    assert (row.movement.document.kind, row.movement.document.id) == ("grant", grant_id)
    assert faults(actor) == []


def test_open_grant_tells_every_reason_against_it(actor):
    wrong = letter("100.00", title=" ", lines=(), notified_on=date(2025, 9, 1))

    found = refused(lambda: opened(actor, a_draft_grant(actor, wrong)))

    assert found == [
        "budget.grant_letter_incomplete",
        "budget.outside_year",
        "budget.step_before_the_last",
        "budget.grant_does_not_add_up",
    ]
    assert refused(lambda: a_draft_grant(actor, letter(kind="stated_purpose"))) == ["budget.grant_belongs_in_ordinance"]


def test_two_letters_may_give_the_same_item_and_are_counted_apart(actor):
    (one, first), (other, second) = (an_open_grant(actor, received="100.00") for _ in range(2))

    use(actor, a_move(first, "request", "100.00"))

    assert refused(lambda: use(actor, a_move(first, "request", "0.01"))) == ["budget.not_enough"]
    assert (seen(actor, one).grant.balance.available, seen(actor, other).grant.balance.available) == (
        baht("0.00"),
        baht("100.00"),
    )
    assert makers.balance(actor, second).held == baht("0.00")


def test_the_last_baht_of_a_grant_is_refused_like_any_other(actor):
    _, line_id = an_open_grant(actor, amount="119999.99", received="119999.99")

    assert refused(lambda: use(actor, a_move(line_id, "request", "120000.00"))) == ["budget.not_enough"]


def test_nothing_is_asked_for_before_the_money_came_or_savings_lent_it(actor):
    grant_id, line_id = an_open_grant(actor)
    obligated = a_move(line_id, "obligate", "60.00")
    use(actor, obligated)

    def ask(amount="60.00"):
        return use(actor, a_move(line_id, "request", amount, takes=obligated.hold_id))

    assert refused(ask) == ["budget.grant_money_not_there"]
    money(actor, grant_id, "40.00", "lent", number="3/2569")
    assert refused(ask) == ["budget.grant_money_not_there"]
    ask("40.00")
    after = money(actor, grant_id, "100.00")
    # What comes clears the loan at once (R216).
    assert (after.money.owed, after.money.in_hand, after.drawable) == (baht("0.00"), baht("100.00"), baht("60.00"))
    ask("20.00")


def test_cash_keeps_within_what_was_notified_owed_and_free(actor):
    grant_id, line_id = an_open_grant(actor)
    assert refused(lambda: money(actor, grant_id, "100.01")) == ["budget.grant_money_too_much"]
    assert refused(lambda: money(actor, grant_id, "1.00", "cleared")) == ["budget.grant_money_too_much"]
    assert refused(lambda: money(actor, grant_id, "1.00", number=" ")) == ["budget.grant_paper_missing"]
    key = uuid.uuid4()
    for _ in range(2):
        money(actor, grant_id, "100.00", key=key)
    use(actor, a_move(line_id, "request", "100.00"))

    assert seen(actor, grant_id).grant.money.received == baht("100.00")
    of_state = an_open_grant(actor, place=Place.STATE)[0]
    assert refused(lambda: money(actor, of_state, "1.00")) == ["budget.grant_money_stays_with_state"]


def test_money_of_a_grant_is_not_diverted(actor):
    lines = makers.in_force(line("50.00"), actor=actor)
    _, granted = an_open_grant(actor, received="100.00")

    change = transfer(down(granted, "10.00"), up(lines[SUPPLIES], "10.00"))
    assert refused(lambda: sent(actor, change)) == ["budget.grant_not_diverted"]
    assert refused(
        lambda: commands.propose_carry(
            actor=actor,
            carry_id=uuid.uuid4(),
            fiscal_year=YEAR,
            line_id=granted,
            kind=CarryKind.UNOBLIGATED_INVESTMENT,
            amount=baht("1.00"),
            from_hold_id=None,
            reason="x",
            at=AT,
        )
    ) == ["budget.grant_has_its_clocks"]


def test_a_new_ordinance_leaves_grants_alone(actor):
    """The annual budget takes back what a provisional one gave; a grant is of another letter."""
    grant_id, _ = an_open_grant(actor, received="100.00")

    makers.in_force(line("50.00"), actor=actor)

    assert seen(actor, grant_id).grant.balance.available == baht("100.00")
    assert faults(actor) == []


def test_obligating_and_spending_end_with_their_clocks_and_an_extension_goes_on_after_the_year(actor):
    grant_id, line_id = an_open_grant(actor, received="100.00")
    held = a_move(line_id, "obligate", "70.00")
    use(actor, held, on=LAST)
    asked = a_move(line_id, "request", "70.00", takes=held.hold_id)
    late = date(2026, 10, 1)

    assert refused(lambda: use(actor, a_move(line_id, "obligate", "1.00"), on=late)) == [
        "budget.grant_obligated_too_late"
    ]
    assert refused(lambda: use(actor, asked, on=late)) == ["budget.grant_spent_too_late"]
    extend(actor, grant_id, "own", date(2027, 3, 31))
    # The obligation was made in time; only spending was extended.
    assert refused(lambda: use(actor, a_move(line_id, "obligate", "1.00"), on=late)) == [
        "budget.grant_obligated_too_late"
    ]
    use(actor, asked, on=late)
    use(actor, a_move(line_id, "pay", "70.00", takes=asked.hold_id), on=date(2027, 1, 15))
    with entity_transaction(actor.entity_id):
        (told,) = queries.grant_figures(fiscal_year=YEAR, to=date(2027, 1, 31))
        (before,) = queries.grant_figures(fiscal_year=YEAR, to=LAST)
    assert (told.paid, told.carried, told.received) == (baht("70.00"), baht("100.00"), baht("100.00"))
    assert (before.paid, before.obligated, before.carried) == (baht("0.00"), baht("70.00"), baht("0.00"))
    assert faults(actor) == []


def test_the_clock_that_binds_is_that_of_where_the_money_lies(actor):
    grant_id, _ = an_open_grant(actor)
    extend(actor, grant_id, "own", date(2027, 9, 30))

    def binds():
        return seen(actor, grant_id).grant.binding.spend_by

    assert binds() == LAST
    money(actor, grant_id, "40.00")
    assert binds() == LAST
    money(actor, grant_id, "60.00")
    assert binds() == date(2027, 9, 30)


@pytest.mark.parametrize(
    ("layer", "spend_by", "papers", "code"),
    [
        ("state", date(2027, 4, 1), {}, "budget.grant_extended_too_far"),
        ("own", date(2027, 10, 1), {}, "budget.grant_extended_too_far"),
        ("own", date(2027, 3, 1), {"document_on": date(2026, 10, 1)}, "budget.grant_extended_too_late"),
        ("own", date(2027, 3, 1), {"document_number": ""}, "budget.grant_paper_missing"),
        ("own", LAST, {}, "budget.grant_clock_not_right"),
    ],
)
def test_an_extension_keeps_within_the_law(actor, layer, spend_by, papers, code):
    grant_id, _ = an_open_grant(actor)

    assert refused(lambda: extend(actor, grant_id, layer, spend_by, **papers)) == [code]


def test_six_months_of_the_state_end_in_march_and_a_contract_binds_longer_in_the_own_bank(actor):
    grant_id, _ = an_open_grant(actor)

    assert extend(actor, grant_id, "state", date(2027, 3, 31)).state_clock.spend_by == date(2027, 3, 31)
    assert extend(actor, grant_id, "own", date(2028, 6, 30), contract="7/2569").own_clock.spend_by == date(2028, 6, 30)


def test_what_is_left_goes_back_once_and_closes_the_grant(actor):
    grant_id, line_id = an_open_grant(actor, received="90.00")
    asked = a_move(line_id, "request", "70.00")
    use(actor, asked)
    use(actor, a_move(line_id, "pay", "70.00", takes=asked.hold_id))
    key = uuid.uuid4()

    for _ in range(2):
        give_back(actor, grant_id, key=key)

    found = seen(actor, grant_id).grant
    # Ten baht never came: of thirty left, twenty go back.
    assert (found.money.returned, found.balance.available, found.state) == (
        baht("20.00"),
        baht("0.00"),
        GrantState.CLOSED,
    )
    assert refused(lambda: give_back(actor, grant_id)) == ["budget.grant_not_open"]
    assert faults(actor) == []


def test_nothing_goes_back_while_savings_wait_or_nothing_is_free(actor):
    grant_id, line_id = an_open_grant(actor)
    money(actor, grant_id, "100.00", "lent")
    assert refused(lambda: give_back(actor, grant_id)) == ["budget.grant_loan_not_cleared"]
    money(actor, grant_id, "100.00")
    use(actor, a_move(line_id, "request", "100.00"))

    assert refused(lambda: give_back(actor, grant_id)) == ["budget.grant_nothing_left"]
    assert refused(lambda: give_back(actor, uuid.uuid4())) == ["budget.grant_unknown"]


def test_what_the_letter_lets_us_keep_is_kept(actor):
    grant_id, _ = an_open_grant(actor, received="100.00", returns_left_over=False)

    give_back(actor, grant_id)

    cash = seen(actor, grant_id).grant.money
    assert (cash.kept, cash.returned, cash.in_hand) == (baht("100.00"), baht("0.00"), baht("0.00"))


def test_deadlines_are_tasks_while_money_is_open(actor):
    line_id = an_open_grant(actor, received="100.00")[1]
    use(actor, a_move(line_id, "obligate", "100.00"))

    def tasks(today):
        with entity_transaction(actor.entity_id):
            return [(t.clock, t.days_left) for t in queries.grant_tasks(fiscal_years=[YEAR], today=today)]

    assert tasks(date(2026, 6, 1)) == []
    assert tasks(date(2026, 9, 20)) == [("spend", 10)]


def test_whoever_records_a_grant_does_not_open_extend_or_give_back(actor):
    officer, grant_id = a_person("finance_officer", entity=an_entity()), uuid.uuid4()

    for call in (
        lambda: opened(officer, grant_id),
        lambda: extend(officer, grant_id, "own", LATER.date()),
        lambda: give_back(officer, grant_id),
    ):
        assert refused(call) == ["identity.not_permitted"]


def test_two_who_write_one_grant_both_learn_of_it(actor):
    grant_id = a_draft_grant(actor)
    commands.save_grant(actor=actor, grant_id=grant_id, revision=1, draft=letter(title="Mine"), at=AT)

    def theirs():
        return commands.save_grant(actor=actor, grant_id=grant_id, revision=1, draft=letter(title="Theirs"), at=AT)

    assert refused(theirs) == ["budget.changed_meanwhile"]
    assert refused(lambda: commands.cancel_grant(actor=actor, grant_id=grant_id, reason=" ")) == [
        "budget.reason_missing"
    ]
    assert commands.cancel_grant(actor=actor, grant_id=grant_id, reason="Wrong letter").state is GrantState.CANCELLED
    assert refused(lambda: opened(actor, grant_id)) == ["budget.not_open_to_drafts"]
