"""Transfers and changes of explanation through the commands, with their routes, numbers, papers and effects."""

import uuid
from datetime import date

import pytest

from khlang.budget import commands, queries
from khlang.budget.rules import (
    Balance,
    ChangeDraft,
    ChangeKind,
    ChangeState,
    Explanation,
    LineIdentity,
    PartDraft,
    Route,
)
from khlang.kernel.money import baht
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import AT, COMPUTER, DAY, FUEL, ROAD, SUPPLIES, YEAR, a_move, line, use
from tests.builders import a_person

pytestmark = pytest.mark.django_db
DESK = Explanation(text="Desk computer", nature="computer", quantity="1", plan_reference="p. 9")


def refused(call) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [each.code for each in caught.value.refusals]


@pytest.fixture
def house():
    """A budget of supplies, fuel and a road."""
    actor = makers.a_house()
    road = Explanation(text="Concrete road", quantity="200 m", place="Village 3", plan_reference="p. 1")
    lines = makers.in_force(
        line("100000.00"),
        line("20000.00", budget_type=FUEL),
        line("500000.00", budget_type=ROAD, item="Road", work="00312", explanation=road),
        line("9.00", enterprise="WATER", budget_type="5330200"),
        actor=actor,
    )
    return actor, lines


def transfer(*parts: PartDraft, reason: str = "Less needed", **more) -> ChangeDraft:
    return ChangeDraft(ChangeKind.TRANSFER, YEAR, reason, parts, **more)


def down(line_id, amount: str = "50000.00", **more) -> PartDraft:
    return PartDraft("from", baht(amount), line_id, **more)


def up(line_id, amount: str = "50000.00", **more) -> PartDraft:
    return PartDraft("to", baht(amount), line_id, **more)


def a_computer(amount: str = "50000.00", explanation: Explanation = DESK) -> PartDraft:
    identity = LineIdentity("01", "00111", COMPUTER, "FS01", "Desk computer")
    return PartDraft("to", baht(amount), new_line=identity, explanation=explanation)


def sent(actor, draft) -> uuid.UUID:
    change_id = uuid.uuid4()
    commands.save_change(actor=actor, change_id=change_id, revision=0, draft=draft, at=AT)
    commands.submit_change(actor=actor, change_id=change_id, at=AT)
    return change_id


def approve(actor, change_id, *, key=None, **papers):
    asked = {"approved_on": DAY, "idempotency_key": key or uuid.uuid4(), "at": AT} | papers
    return commands.approve_change(actor=actor, change_id=change_id, **asked)


def test_a_transfer_from_supplies_to_fuel_is_approved_by_the_executive(house):
    """V13."""
    actor, lines = house
    change_id = sent(actor, transfer(down(lines[SUPPLIES]), up(lines[FUEL])))

    view = approve(actor, change_id)

    assert (view.route, view.number, view.state) == (Route.EXECUTIVE, 1, ChangeState.APPROVED)
    assert [(each.before, each.after) for each in view.effects] == [
        (baht("100000.00"), baht("50000.00")),
        (baht("20000.00"), baht("70000.00")),
    ]
    assert view.notice_due_on == date(2026, 1, 20)
    assert makers.balance(actor, lines[SUPPLIES]) == Balance(
        approved=baht("100000.00"), transferred_out=baht("50000.00")
    )
    assert makers.balance(actor, lines[FUEL]) == Balance(approved=baht("20000.00"), transferred_in=baht("50000.00"))
    assert makers.faults(actor) == []


def test_a_transfer_to_a_new_desk_computer_needs_the_council_with_its_resolution(house):
    """V14."""
    actor, lines = house
    change_id = sent(actor, transfer(down(lines[SUPPLIES]), a_computer()))

    assert refused(lambda: approve(actor, change_id)) == ["budget.resolution_missing"]
    later = {"resolution_number": "3/2569", "resolved_on": date(2026, 1, 6)}
    assert refused(lambda: approve(actor, change_id, **later)) == ["budget.step_before_the_last"]
    view = approve(actor, change_id, resolution_number="3/2569", resolved_on=DAY)

    assert (view.route, view.number) == (Route.COUNCIL, 1)
    computer = makers.ids(actor)["Desk computer"]
    assert makers.balance(actor, computer) == Balance(transferred_in=baht("50000.00"))
    with entity_transaction(actor.entity_id):
        detail = queries.line(fiscal_year=YEAR, line_id=computer)
    assert detail.explanations[0].content == DESK.as_json()
    assert detail.line.nature == "investment"
    assert [m.document.label for m in detail.movements] == ["1/2569"]


def test_a_road_that_moves_to_another_village_needs_the_council(house):
    """V15."""
    actor, lines = house
    elsewhere = Explanation(text="Concrete road", quantity="200 m", place="Village 4", plan_reference="p. 1")
    part = PartDraft("to", baht("0"), lines["Road"], explanation=elsewhere)
    change_id = sent(actor, ChangeDraft(ChangeKind.EXPLANATION, YEAR, "Soil", (part,)))

    view = approve(actor, change_id, resolution_number="4/2569", resolved_on=DAY)

    assert (view.route, view.number) == (Route.COUNCIL, 1)
    with entity_transaction(actor.entity_id):
        detail = queries.line(fiscal_year=YEAR, line_id=lines["Road"])
    assert [each.content["place"] for each in detail.explanations] == ["Village 3", "Village 4"]
    assert detail.balance.approved == baht("500000.00")


def test_who_approves_is_who_the_lines_say(house):
    actor, lines = house
    entity = queries_entity(actor)
    executive, secretary = a_person("executive", entity=entity), a_person("council_secretary", entity=entity)
    own = sent(actor, transfer(down(lines[SUPPLIES], "1.00"), up(lines[FUEL], "1.00")))
    of_council = sent(actor, transfer(down(lines[SUPPLIES], "1.00"), a_computer("1.00")))
    papers = {"resolution_number": "3/2569", "resolved_on": DAY}

    assert refused(lambda: approve(secretary, own)) == ["identity.not_permitted"]
    assert refused(lambda: approve(executive, of_council, **papers)) == ["identity.not_permitted"]
    assert approve(executive, own).state is ChangeState.APPROVED
    assert approve(secretary, of_council, **papers).state is ChangeState.APPROVED


def queries_entity(actor):
    from khlang.identity.queries import entity

    return entity(code=actor.entity_code)


BAD = {
    "not zero-sum": (lambda lines: (down(lines[SUPPLIES]), up(lines[FUEL], "1.00")), "budget.transfer_not_zero_sum"),
    "into an enterprise": (
        lambda lines: (down(lines[SUPPLIES], "1.00"), up(lines["5330200"], "1.00")),
        "budget.transfer_between_budgets",
    ),
    "more than is free": (
        lambda lines: (down(lines[SUPPLIES], "100000.01"), up(lines[FUEL], "100000.01")),
        "budget.not_enough",
    ),
    "nothing": (lambda _: (), "budget.change_empty"),
    "a new line that explains nothing": (
        lambda lines: (down(lines[SUPPLIES], "1.00"), PartDraft("to", baht("1.00"), new_line=a_computer().new_line)),
        "budget.explanation_missing",
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_submit_change_refuses(house, name):
    actor, lines = house
    parts, code = BAD[name]

    assert refused(lambda: sent(actor, transfer(*parts(lines)))) == [code]


def test_a_committed_part_is_not_transferred(house):
    actor, lines = house
    use(actor, a_move(lines[SUPPLIES], "obligate", "60000.00"))

    assert refused(lambda: sent(actor, transfer(down(lines[SUPPLIES]), up(lines[FUEL])))) == ["budget.not_enough"]


def test_money_that_went_between_sending_and_approving_is_not_transferred(house):
    actor, lines = house
    change_id = sent(actor, transfer(down(lines[SUPPLIES]), up(lines[FUEL])))
    use(actor, a_move(lines[SUPPLIES], "obligate", "60000.00"))

    assert refused(lambda: approve(actor, change_id)) == ["budget.not_enough"]
    assert makers.balance(actor, lines[FUEL]).available == baht("20000.00")


def test_a_transfer_after_the_year_is_refused(house):
    actor, lines = house
    late = AT.replace(month=10)
    change_id = uuid.uuid4()
    draft = transfer(down(lines[SUPPLIES]), up(lines[FUEL]))
    commands.save_change(actor=actor, change_id=change_id, revision=0, draft=draft, at=AT)

    assert refused(lambda: commands.submit_change(actor=actor, change_id=change_id, at=late)) == ["budget.outside_year"]


def test_lines_that_are_there_or_are_not_are_told_when_drafting(house):
    actor, _lines = house

    def save(*parts):
        commands.save_change(actor=actor, change_id=uuid.uuid4(), revision=0, draft=transfer(*parts), at=AT)

    assert refused(lambda: save(down(uuid.uuid4()))) == ["budget.line_unknown"]
    there = PartDraft("to", baht("1.00"), new_line=LineIdentity("01", "00111", FUEL, "FS01"))
    assert refused(lambda: save(there)) == ["budget.line_exists"]
    no_type = PartDraft("to", baht("1.00"), new_line=LineIdentity("01", "00111", "411001", "FS01"))
    assert refused(lambda: save(no_type)) == ["budget.code_unknown"]


def test_changes_are_numbered_in_the_order_of_their_approval_and_by_kind(house):
    actor, lines = house
    first, second = (sent(actor, transfer(down(lines[SUPPLIES], "1.00"), up(lines[FUEL], "1.00"))) for _ in range(2))
    wording = PartDraft("to", baht("0"), lines[SUPPLIES], explanation=DESK)
    other = sent(actor, ChangeDraft(ChangeKind.EXPLANATION, YEAR, "Clearer", (wording,)))

    assert [approve(actor, each).number for each in (second, first, other)] == [1, 2, 1]
    with entity_transaction(actor.entity_id):
        assert [each.number for each in queries.changes(fiscal_year=YEAR, kind="transfer")] == [1, 2]


def test_approve_change_twice_with_one_key_is_done_once(house):
    actor, lines = house
    change_id, key = sent(actor, transfer(down(lines[SUPPLIES]), up(lines[FUEL]))), uuid.uuid4()

    first, again = approve(actor, change_id, key=key), approve(actor, change_id, key=key)

    assert first == again
    assert makers.balance(actor, lines[FUEL]).transferred_in == baht("50000.00")
    assert refused(lambda: approve(actor, change_id)) == ["budget.step_not_allowed"]


def test_a_change_is_drafted_over_what_was_read_and_settled_for_good(house):
    actor, lines = house
    change_id = uuid.uuid4()

    def save(amount, revision):
        draft = transfer(down(lines[SUPPLIES], amount), up(lines[FUEL], amount))
        return commands.save_change(actor=actor, change_id=change_id, revision=revision, draft=draft, at=AT)

    assert (save("1.00", 0).revision, save("1.00", 0).revision, save("2.00", 1).revision) == (1, 1, 2)
    assert refused(lambda: save("3.00", 1)) == ["budget.changed_meanwhile"]
    commands.submit_change(actor=actor, change_id=change_id, at=AT)
    assert refused(lambda: save("3.00", 2)) == ["budget.not_open_to_drafts"]
    back = {"actor": actor, "change_id": change_id, "at": AT}
    assert refused(lambda: commands.close_change(**back, state=ChangeState.DRAFT, reason="")) == [
        "budget.reason_missing"
    ]
    assert commands.close_change(**back, state=ChangeState.DRAFT, reason="Wrong").state is ChangeState.DRAFT
    assert save("3.00", 2).revision == 3
    assert (
        commands.close_change(**back, state=ChangeState.CANCELLED, reason="Not needed").state is ChangeState.CANCELLED
    )
    assert refused(lambda: commands.submit_change(actor=actor, change_id=change_id, at=AT)) == [
        "budget.step_not_allowed"
    ]
    assert refused(lambda: commands.submit_change(actor=actor, change_id=uuid.uuid4(), at=AT)) == [
        "budget.change_unknown"
    ]


def test_an_approved_change_is_announced_and_reported_on_days_in_order(house):
    actor, lines = house
    change_id = sent(actor, transfer(down(lines[SUPPLIES]), up(lines[FUEL])))
    approve(actor, change_id, approved_on=date(2026, 1, 2))
    common = {"actor": actor, "change_id": change_id, "at": AT}

    early = {"announced_on": date(2026, 1, 1)}
    assert refused(lambda: commands.announce_change(**common, **early)) == ["budget.step_before_the_last"]
    assert refused(lambda: commands.report_change(**common, notified_on=DAY)) == ["budget.step_not_allowed"]
    commands.announce_change(**common, announced_on=date(2026, 1, 3))
    assert refused(lambda: commands.report_change(**common, notified_on=date(2026, 1, 6))) == ["budget.step_in_future"]
    view = commands.report_change(**common, notified_on=DAY)

    assert (view.state, view.announced_on, view.notified_on) == (ChangeState.REPORTED, date(2026, 1, 3), DAY)


def test_preview_change_tells_route_and_reasons_and_writes_nothing(house):
    actor, lines = house
    draft = transfer(down(lines[SUPPLIES], "100000.01"), a_computer("100000.01"))

    found, reasons, parts = commands.preview_change(actor=actor, draft=draft, on=DAY)

    assert (found.route, found.clause, found.line) == (Route.COUNCIL, "R112", "Desk computer")
    assert [each.code for each in reasons] == ["budget.not_enough"]
    assert [each.available for each in parts] == [baht("100000.00"), baht("0.00")]
    with entity_transaction(actor.entity_id):
        assert queries.changes(fiscal_year=YEAR) == []
