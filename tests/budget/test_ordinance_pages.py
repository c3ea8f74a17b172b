"""Pages of ordinances: drafting side by side, versions, steps by those who may, and what each page refuses."""

import json
import re
import uuid
from datetime import date

import pytest
from django.test import Client

from khlang.budget import commands, queries
from khlang.budget.commands import LineRemoval, LineSave
from khlang.budget.rules import EstimateDraft, OrdinanceKind, OrdinanceState
from khlang.kernel.money import baht
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import AT, COMPUTER, FUEL, SUPPLIES, YEAR, line
from tests.builders import a_person, an_actor, an_entity, sign_in

pytestmark = pytest.mark.django_db


class House:
    """An entity with two divisions, a draft of one line in each, a budget officer and a clerk of the first division."""

    def __init__(self) -> None:
        self.entity = an_entity()
        self.operator = makers.a_house(actor=an_actor(entity=self.entity))
        self.officer = a_person("budget_officer", entity=self.entity, name="Orn Budget")
        self.clerk = a_person("unit_clerk", entity=self.entity, name="Kik Division")
        commands.set_division_member(
            actor=self.operator, division="01", user_id=self.clerk.user_id, is_member=True, at=AT
        )
        self.draft = makers.a_draft(line("10.00"), line("20.00", division="02"), actor=self.operator)
        self.home = f"/{self.entity.code}/budget/ordinances/{self.draft}/"

    def browser(self, actor) -> Client:
        client = Client()
        sign_in(client, actor)
        return client

    def lines(self):
        with entity_transaction(self.entity.entity_id):
            return queries.draft_lines(ordinance_id=self.draft)


@pytest.fixture
def house():
    return House()


def sent(**changes):
    fields = {"division": "01", "work": "00111", "budget_type": FUEL, "fund_source": "FS01", "amount": "1,500"}
    return {**fields, "revision": "0", "text": "Fuel of the year", **changes}


def codes(answer) -> list[tuple[str, str]]:
    return [(each.code, each.where) for each in answer.context["refusals"]]


def test_a_division_writes_its_lines_and_is_told_every_error_at_its_field(house):
    client, address = house.browser(house.clerk), f"{house.home}lines/{uuid.uuid4()}/"

    wrong = client.post(address, sent(work="99999", budget_type="1", amount="many"))
    foreign = client.post(address, sent(division="02"))
    kept = client.post(f"{address}?do=next", sent())

    assert wrong.status_code == foreign.status_code == 422
    assert codes(wrong) == [
        ("kernel.amount_not_a_number", "amount"),
        ("budget.code_unknown", "work"),
        ("budget.code_unknown", "budget_type"),
    ]
    assert codes(foreign) == [("budget.not_your_division", "division")]
    assert "many" in wrong.content.decode()
    assert kept.status_code == 302
    # The next line begins where this one stands.
    again = client.get(kept.url, follow=True).content.decode()
    assert f'value="{FUEL}"' in again
    assert [each.draft.amount for each in house.lines()] == [baht("10.00"), baht("20.00"), baht("1500.00")]


def test_two_editors_of_one_line_see_both_versions_and_choose(house):
    mine = house.lines()[0]
    address, client = f"{house.home}lines/{mine.id}/", house.browser(house.clerk)
    save = LineSave(mine.id, 1, line("11.00"))
    commands.save_lines(actor=house.officer, ordinance_id=house.draft, lines=[save], at=AT)

    page = client.post(address, sent(budget_type=SUPPLIES, amount="12", revision="1"))
    body = json.dumps({"revision": 1, "fields": sent(budget_type=SUPPLIES, amount="12")})
    typed = client.put(f"{address}draft/", body, content_type="application/json")

    assert page.status_code == typed.status_code == 409
    assert [(each.mine, each.theirs) for each in page.context["theirs"] if each.theirs == "11.00"] == [("12", "11.00")]
    assert (typed.json()["by"], typed.json()["revision"], typed.json()["fields"]["amount"]) == (
        "Orn Budget",
        2,
        "11.00",
    )
    assert house.lines()[0].draft.amount == baht("11.00")
    again = client.post(address, sent(budget_type=SUPPLIES, amount="12", revision=str(page.context["revision"])))
    assert again.status_code == 302
    assert house.lines()[0].draft.amount == baht("12.00")


def test_what_is_typed_is_kept_once_its_codes_are_right(house):
    client, address = house.browser(house.clerk), f"{house.home}lines/{uuid.uuid4()}/draft/"

    def put(**changes):
        body = json.dumps({"revision": 0, "fields": sent(**changes)})
        return client.put(address, body, content_type="application/json")

    assert (put(work="").status_code, put().json()) == (422, {"revision": 1})
    assert client.get(address).json()["fields"]["amount"] == "1,500.00"
    assert client.put(address, "[]", content_type="application/json").status_code == 400


def test_a_line_taken_out_can_be_brought_back(house):
    mine, client = house.lines()[0], house.browser(house.clerk)

    out = client.post(f"{house.home}lines/{mine.id}/remove/", {"revision": "1"})
    page = client.get(out.url)
    back = client.post(f"{house.home}lines/{mine.id}/restore/", {"revision": str(page.context["removed"].revision)})

    assert (page.context["page"].count, back.status_code, len(house.lines())) == (1, 302, 2)


def test_many_lines_are_written_all_or_none_with_every_conflict_told(house):
    first, second = house.lines()
    annual = makers.a_draft(line("5.00"), actor=house.operator, year=YEAR + 1)
    with entity_transaction(house.entity.entity_id):
        (foreign,) = queries.draft_lines(ordinance_id=annual)

    def write(actor):
        saves = [
            LineSave(first.id, 7, line("11.00")),
            LineSave(foreign.id, 1, line("6.00", budget_type=FUEL)),
            LineSave(uuid.uuid4(), 0, line("20.00", division="02")),
        ]
        removals = [LineRemoval(second.id, 9), LineRemoval(uuid.uuid4(), 1)]
        commands.write_lines(actor=actor, ordinance_id=house.draft, saves=saves, removals=removals, at=AT)

    with pytest.raises(Refused) as caught:
        write(house.operator)
    told = [(each.code, each.where) for each in caught.value.refusals]
    assert told == [
        ("budget.changed_meanwhile", "lines.0"),
        ("budget.line_of_other_ordinance", "lines.1"),
        ("budget.changed_meanwhile", "removed.0"),
        ("budget.line_unknown", "removed.1"),
    ]
    with pytest.raises(Refused) as caught:
        write(house.clerk)
    assert ("budget.not_your_division", "lines.2.division") in [(e.code, e.where) for e in caught.value.refusals]
    assert [each.draft.amount for each in house.lines()] == [baht("10.00"), baht("20.00")]


def test_the_standing_beside_counts_the_line_as_it_is_typed(house):
    client = house.browser(house.clerk)
    mine = house.lines()[0]

    answer = client.post(f"{house.home}standing/", sent(line_id=str(mine.id), budget_type=SUPPLIES, amount="1000010"))

    # 20.00 of the other division stands; mine is counted as typed, not as kept.
    assert "1,000,030.00" in answer.content.decode()
    assert len(house.lines()) == 2


def test_estimates_are_kept_over_the_version_that_was_read(house):
    client = house.browser(house.officer)
    address = f"{house.home}estimates/"
    page = client.get(address)
    (row,) = page.context["rows"]
    estimates = [EstimateDraft("411001", baht("40.00"))]
    commands.save_estimates(actor=house.operator, ordinance_id=house.draft, estimates=estimates, at=AT)

    def post(amount, revision):
        fields = {"budget_type": "411001", "enterprise": "", "amount": amount, "revision": revision, "explanation": ""}
        return client.post(f"{address}save/", {f"estimates.0.{name}": value for name, value in fields.items()})

    stale, unread = post("50.00", row.view.revision), post("fifty", "2")
    assert [code for code, _where in codes(stale)] == ["budget.changed_meanwhile"]
    assert [code for code, _where in codes(unread)] == ["kernel.amount_not_a_number"]
    assert 'value="fifty"' in unread.content.decode()
    assert post("50.00", "2").status_code == 302
    assert client.get(address).context["rows"][0].view.amount == baht("50.00")


def test_one_ordinance_of_a_year_is_opened_and_only_for_a_year_near(house):
    client = house.browser(house.officer)
    address = f"/{house.entity.code}/budget/ordinances/new/"

    def post(kind, year):
        fields = {"kind": kind, "fiscal_year": year, "ordinance_id": str(uuid.uuid4())}
        return client.post(address, fields)

    assert codes(post("annual", YEAR)) == [("budget.ordinance_exists", "fiscal_year")]
    assert codes(post("supplementary", YEAR)) == [("budget.annual_not_in_force", "fiscal_year")]
    assert codes(post("annual", "0")) == [("budget.year_not_right", "fiscal_year")]
    opened = post("annual", YEAR + 1)
    assert client.get(opened.url).context["view"].kind is OrdinanceKind.ANNUAL


def test_each_step_is_taken_by_those_who_may_and_says_what_is_missing(house):
    executive = a_person("executive", entity=house.entity, name="Prasit Executive")
    officer, boss = house.browser(house.officer), house.browser(executive)
    wrong = {"state": "submitted", "happened_on": "some day", "step_id": str(uuid.uuid4())}

    assert officer.post(f"{house.home}executive/", {"state": "signed"}).status_code == 403
    assert officer.post(f"{house.home}step/", {"state": "signed"}).status_code == 404
    assert codes(officer.post(f"{house.home}step/", wrong)) == [("kernel.date_not_understood", "happened_on")]
    days = {"consolidated": "1/8/2568", "exec_accepted": "4/8/2568"}
    done = officer.post(f"{house.home}step/", {"state": "consolidated", "happened_on": days["consolidated"]})
    # The page names who takes the next one, to whoever may not.
    assert "Prasit Executive" in officer.get(done.url).content.decode()
    boss.post(f"{house.home}executive/", {"state": "exec_accepted", "happened_on": days["exec_accepted"]})
    missing = officer.post(f"{house.home}step/", {"state": "submitted", "happened_on": "16/8/2568", "note": ""})
    assert codes(missing) == [
        ("budget.document_number_missing", "document_number"),
        ("budget.late_reason_missing", "note"),
    ]
    assert missing.context["view"].state is OrdinanceState.EXEC_ACCEPTED


def test_coming_into_force_shows_what_will_happen_and_every_reason_against_it(house):
    clerk = house.browser(a_person("clerk", entity=house.entity))
    address = f"{house.home}force/"
    costly = [LineSave(uuid.uuid4(), 0, line("900.00", budget_type=COMPUTER, item="PC", explanation=makers.NO_PLAN))]
    commands.save_lines(actor=house.operator, ordinance_id=house.draft, lines=costly, at=AT)

    page = clerk.get(address)
    told = [code for code, _where in codes(clerk.post(address, {"effective_on": "1/10/2568"}))]

    assert (page.context["lines"].count, str(page.context["lines"].total)) == (3, "930.00")
    assert told == ["budget.not_ready_for_force", "budget.not_balanced", "budget.plan_reference_missing"]
    assert re.search(r"930\.00", page.content.decode())


def test_what_is_left_to_do_names_the_draft_before_its_deadline_and_the_next_step(house):
    executive = a_person("executive", entity=house.entity)

    def told(actor, today):
        with entity_transaction(house.entity.entity_id):
            return [(each.urgency, each.due) for each in queries.ordinance_tasks(actor=actor, today=today)]

    due = date(2025, 8, 15)
    assert told(house.officer, date(2025, 5, 1)) == []
    assert told(house.officer, date(2025, 7, 1)) == [("todo", due)]
    assert told(house.officer, date(2025, 8, 10)) == [("due", due)]
    assert told(house.officer, date(2025, 8, 16)) == [("overdue", due)]
    assert told(executive, date(2025, 8, 10)) == []
    makers.take(house.operator, house.draft, OrdinanceState.CONSOLIDATED, date(2025, 8, 1))
    assert told(executive, date(2025, 8, 10)) == [("due", due)]
    assert told(house.officer, date(2025, 8, 10)) == []
    for state, day, number in makers.WAY[1:]:
        makers.take(house.operator, house.draft, state, day, number)
    assert told(house.officer, date(2025, 9, 20)) == []
    assert told(a_person("clerk", entity=house.entity), date(2025, 9, 20)) == [("todo", None)]


def test_many_new_lines_are_kept_at_once_or_every_error_is_told_at_its_row(house):
    client, address = house.browser(house.clerk), f"{house.home}lines/many/"
    cells = {"work": "00111", "budget_type": FUEL, "fund_source": "FS01", "amount": "1,000", "item": "", "text": "Fuel"}
    rows = [cells, {**cells, "budget_type": "", "amount": "", "text": ""}, {**cells, "budget_type": "5330300"}]

    def post(rows):
        fields = {f"lines.{n}.{name}": text for n, row in enumerate(rows) for name, text in row.items()}
        return client.post(address, {"division": "01", **fields})

    wrong = post([*rows, {**cells, "work": "00999"}, {**cells, "budget_type": COMPUTER}, cells])
    unread = post([*rows, {**cells, "amount": "much"}])

    assert codes(wrong) == [
        ("budget.code_unknown", "lines.3.work"),
        ("budget.item_missing", "lines.4.item"),
        ("budget.line_exists", "lines.5"),
    ]
    assert codes(unread) == [("kernel.amount_not_a_number", "lines.3.amount")]
    assert len(house.lines()) == 2
    for _ in range(2):
        assert post(rows).status_code == 302
    assert len(house.lines()) == 4
