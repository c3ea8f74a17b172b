"""Transfers and changes of explanation on paper, and their announcement."""

import uuid
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from khlang.budget import commands
from khlang.budget import queries as budget
from khlang.budget.rules import ChangeDraft, ChangeKind, Explanation, PartDraft
from khlang.identity.queries import entity
from khlang.kernel.money import baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.official_forms import queries
from khlang.official_forms.rules.change_form import change_form
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.thai_breaks import plain
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.budget import makers
from tests.budget.makers import AT, DAY, FUEL, ROAD, SUPPLIES, YEAR, line

pytestmark = pytest.mark.django_db
PRINTING = Printing(printed_at=datetime(2026, 11, 23, 9, 42))
NEW_TEXT = Explanation(text="Road of 250 metres", plan_reference="page 12 no. 3")


@pytest.fixture
def house():
    """An office whose head may approve, and its lines."""
    actor = makers.a_house()
    lines = makers.in_force(
        line("1000.00"), line("500.00", budget_type=FUEL), line("900.00", budget_type=ROAD, item="Road"), actor=actor
    )
    return actor, lines


def sent(actor, *parts, kind="transfer"):
    change_id = uuid.uuid4()
    draft = ChangeDraft(ChangeKind(kind), YEAR, "Not enough fuel", parts)
    commands.save_change(actor=actor, change_id=change_id, revision=0, draft=draft, at=AT)
    return change_id


def approved(actor, change_id, **resolution):
    commands.submit_change(actor=actor, change_id=change_id, at=AT)
    done = {"approved_on": DAY, "idempotency_key": uuid.uuid4(), "at": AT}
    commands.approve_change(actor=actor, change_id=change_id, **done, **resolution)


def paper_of(actor, change_id, **asked):
    with entity_transaction(actor.entity_id):
        return queries.change_paper(actor=actor, change_id=change_id, **asked)


def a_transfer(lines, amount="300.00"):
    return PartDraft("from", baht(amount), lines[SUPPLIES]), PartDraft("to", baht(amount), lines[FUEL])


def test_transfer_prints_what_lines_have_before_and_after(house):
    actor, lines = house
    change_id = sent(actor, *a_transfer(lines))
    draft = paper_of(actor, change_id)
    approved(actor, change_id)

    paper = paper_of(actor, change_id)
    form = change_form(paper=paper, printing=PRINTING)
    with entity_transaction(actor.entity_id):
        board = budget.board_lines(fiscal_year=YEAR)

    cells = [row["cells"][3:8] for row in form["rows"]]
    assert cells == [
        ["1,000.00", "1,000.00", "300.00", "-", "700.00"],
        ["500.00", "500.00", "-", "300.00", "800.00"],
        ["", "", "300.00", "300.00", ""],
    ]
    assert [each.after for each in paper.lines] == [board[lines[code]].balance.available for code in (SUPPLIES, FUEL)]
    assert [(each.before, each.after) for each in draft.lines] == [(each.before, each.after) for each in paper.lines]
    assert (draft.route, change_form(paper=draft, printing=PRINTING)["watermark"]) == ("executive", "ร่าง")
    assert form["watermark"] == ""
    assert any("ข้อ 26" in text for text in form["said"])
    assert "ครั้งที่ 1" in form["heads"]


def test_change_of_explanation_prints_both_texts_and_the_resolution(house):
    actor, lines = house
    change_id = sent(actor, PartDraft("to", baht("0.00"), lines["Road"], explanation=NEW_TEXT), kind="explanation")
    approved(actor, change_id, resolution_number="2/2569", resolved_on=date(2026, 1, 4))

    form = change_form(paper=paper_of(actor, change_id), printing=PRINTING)

    assert form["rows"][0]["cells"][-2:] == ["As planned", "Road of 250 metres"]
    assert any("มติ" in plain(text) and "2/2569" in text for text in form["said"])
    assert any("ข้อ 29" in text for text in form["said"])
    assert len(form["signatures"]) == 5


def test_announcement_waits_for_the_approval(house):
    actor, lines = house
    change_id = sent(actor, *a_transfer(lines))
    with pytest.raises(Refused) as too_early:
        paper_of(actor, change_id, announced=True)
    with pytest.raises(Refused) as unknown:
        paper_of(actor, uuid.UUID(int=5))
    approved(actor, change_id)
    client = Client()
    builders.sign_in(client, builders.a_person("budget_officer", entity=entity(code=actor.entity_code)))
    where = {"entity_code": actor.entity_code, "change_id": change_id}

    answers = [
        client.get(reverse(f"official_forms:{name}", kwargs=where)) for name in ("budget_change", "budget_announcement")
    ]
    form = change_form(paper=paper_of(actor, change_id, announced=True), printing=PRINTING, announced=True)

    assert all(answer.content.startswith(b"%PDF") for answer in answers)
    assert "ได้อนุมัติการโอนงบประมาณรายจ่าย" in plain(form["letter"]["paragraphs"][0])
    assert too_early.value.refusals == (Refusal("official_forms.part_unknown", {"part": "announcement"}),)
    assert unknown.value.refusals == (Refusal("official_forms.change_unknown", {"change": str(uuid.UUID(int=5))}),)
