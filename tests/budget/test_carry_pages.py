"""Pages of carry-overs, commitments and moving over from the old system, over HTTP, without scripts; and their tasks."""

import json
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from khlang.budget import commands, queries
from khlang.budget.rules import Kind, Move
from khlang.kernel.fiscal_calendar import year_end
from khlang.kernel.money import baht
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import FUEL, ROAD, SUPPLIES
from tests.budget.old_workbooks import OldLine, write
from tests.budget.test_change_pages import at, browser_of, form, office
from tests.budget.this_year import a_house_now, code, lines, somebody, this_year

pytestmark = pytest.mark.django_db
__all__ = ["office"]
ROAD_CODE = code(ROAD, work="00312")


def day(when=None) -> str:
    return (when or timezone.localdate()).isoformat()


def tasks(actor, today=None):
    with entity_transaction(actor.entity_id):
        return {task.title_en: task for task in queries.tasks(actor=actor, today=today or timezone.localdate())}


def proposed(client, actor, **more):
    carry_id = uuid.uuid4()
    typed = {"line": ROAD_CODE, "what": "unobligated", "amount": "1000", "reason": "Rain", "carry_id": str(carry_id)}
    answer = client.post(at(actor, "propose-carry"), typed | more)
    return carry_id, answer


def test_investment_is_carried_over_by_the_council_and_extended_once(office):
    _actor, officer, _executive = office
    client, secretary = browser_of(officer), somebody(officer, "council_secretary")
    carry_id, _answer = proposed(client, officer)
    decide = at(secretary, "council-carry", carry_id=carry_id)
    end = year_end(this_year() + 1)
    given = {"decided_on": day(), "expires_on": day(end), "approval_number": "4/2569"}

    page = client.get(at(officer, "carry-overs") + f"?line={ROAD_CODE}").content.decode()
    bare = browser_of(secretary).post(decide, given | {"do": "approve", "approval_number": ""})
    browser_of(secretary).post(decide, given | {"do": "approve", "idempotency_key": str(uuid.uuid4())})
    later = {"do": "extend", "expires_on": day(year_end(this_year() + 2)), "reason": "Flood"}
    browser_of(secretary).post(decide, given | later)
    again = browser_of(secretary).post(decide, given | later | {"expires_on": day(year_end(this_year() + 3))})

    assert "Not obligated yet: 499,000.00" not in page
    assert "Not obligated yet: 500,000.00 left" in page
    assert [each.code for each in bare.context["refusals"]] == ["budget.resolution_missing"]
    assert "budget.carry_extended_already" in [each.code for each in again.context["refusals"]]
    with entity_transaction(officer.entity_id):
        view = queries.carry_over(carry_id=carry_id)
    assert (view.ends_on, view.left, view.state) == (year_end(this_year() + 2), baht("1000.00"), "active")
    assert (
        browser_of(somebody(makers.a_house(), "clerk")).get(at(officer, "carry-over", carry_id=carry_id)).status_code
        == 404
    )


def test_a_proposal_says_what_is_wrong_at_its_field(office):
    _actor, officer, _executive = office
    client = browser_of(officer)

    nothing = proposed(client, officer, amount="x", reason="", what="")[1]
    supplies = proposed(client, officer, line=code(SUPPLIES))[1]
    unknown = proposed(client, officer, line="1")[1]

    assert [each.where for each in nothing.context["refusals"]] == ["amount", "what"]
    assert [each.code for each in supplies.context["refusals"]] == ["budget.carry_needs_investment"]
    assert [each.code for each in unknown.context["refusals"]] == ["budget.line_unknown"]


def test_a_contract_is_carried_over_or_refused_by_the_executive(office):
    actor, officer, executive = office
    with entity_transaction(actor.entity_id):
        line_id = queries.lines_by_code(fiscal_year=this_year(), codes=[ROAD_CODE])[ROAD_CODE].line_id
    contract = Move(line_id, Kind.OBLIGATE, baht("700.00"), uuid.uuid4())
    commands.use_budget(
        actor=actor,
        document=makers.a_document(label="Contract 7"),
        fiscal_year=this_year(),
        on=timezone.localdate(),
        moves=[contract],
        idempotency_key=uuid.uuid4(),
    )
    client, boss = browser_of(officer), browser_of(executive)
    assert "Contract 7" in client.get(at(officer, "carry-overs") + f"?line={ROAD_CODE}").content.decode()
    ours = [proposed(client, officer, what=str(contract.hold_id), amount=amount)[0] for amount in ("500", "200")]

    ends = {"decided_on": day(), "expires_on": day(year_end(this_year() + 1))}
    boss.post(at(executive, "decide-carry", carry_id=ours[0]), ends | {"do": "approve"})
    boss.post(at(executive, "decide-carry", carry_id=ours[1]), {"do": "refuse", "decided_on": day()})
    early = client.post(at(officer, "lapse-carry", carry_id=ours[0]))

    with entity_transaction(actor.entity_id):
        assert [each.state for each in queries.carry_overs(fiscal_year=this_year())] == ["active", "refused"]
    assert [each.code for each in early.context["refusals"]] == ["budget.carry_still_runs"]
    end = year_end(this_year() + 1)
    assert tasks(officer) == {}
    near, over = tasks(officer, end - timedelta(days=30)), tasks(officer, end + timedelta(days=1))
    assert [(task.urgency, task.due, task.amount) for task in near.values()] == [("due", end, baht("500.00"))]
    assert [task.urgency for task in over.values()] == ["overdue"]
    assert any("fall into savings" in title for title in over)


def test_machines_extend_and_end_a_carry_over_by_the_api(office):
    _actor, officer, _executive = office
    secretary = somebody(officer, "council_secretary")
    client, carry_id = browser_of(secretary), proposed(browser_of(officer), officer)[0]
    given = {"decided_on": day(), "expires_on": day(year_end(this_year() + 1)), "approval_number": "4/2569"}
    client.post(at(secretary, "council-carry", carry_id=carry_id), given | {"do": "approve"})
    base = f"/api/v1/{officer.entity_code}/budget/carry-overs/{carry_id}"
    later = given | {"expires_on": day(year_end(this_year() + 2)), "reason": "Flood"}

    keyed = {"idempotency_key": str(uuid.uuid4())}
    asked = later | {"extension_id": str(uuid.uuid4())}
    extended = client.post(f"{base}/extend", json.dumps(asked), content_type="application/json")
    early = browser_of(officer).post(f"{base}/lapse", json.dumps(keyed), content_type="application/json")

    assert (extended.json()["ends_on"], extended.json()["left"]) == (day(year_end(this_year() + 2)), "1000.00")
    assert [each["code"] for each in early.json()["refusals"]] == ["budget.carry_still_runs"]


def test_tasks_follow_a_change_from_hand_to_hand_until_the_supervisor_was_told(office):
    _actor, officer, executive = office
    client, change_id = browser_of(officer), uuid.uuid4()
    client.post(at(officer, "edit-change", change_id=change_id) + "?do=save", form())
    assert [task.urgency for task in tasks(officer).values()] == ["todo"]
    assert tasks(executive) == {}

    client.post(at(officer, "edit-change", change_id=change_id) + "?do=submit", form() | {"revision": "1"})
    assert [task.urgency for task in tasks(officer).values()] == ["waiting"]
    assert list(tasks(executive)) == ["Approve the budget change: Less needed"]

    browser_of(executive).post(at(executive, "approve-change", change_id=change_id), {"approved_on": day()})
    (task,) = tasks(officer).values()
    due = timezone.localdate() + timedelta(days=15)
    assert (task.title_en, task.due) == (
        f"Announce budget change 1/{this_year()} and tell the supervising officer",
        due,
    )
    assert [each.urgency for each in tasks(officer, due + timedelta(days=1)).values()] == ["overdue"]
    assert tasks(executive) == {}


def test_a_commitment_over_years_is_recorded_with_its_resolution(office):
    _actor, officer, _executive = office
    client = browser_of(somebody(officer, "council_secretary"))
    typed = {"line": ROAD_CODE, "title": "Bridge", "why_not_split": "One work", "resolution_number": "2/2569"}
    typed |= {"resolved_on": day(), f"years.{this_year()}": "500", f"years.{this_year() + 1}": "900"}
    address = at(officer, "record-commitment")

    bare = client.post(address, typed | {"resolution_number": "", f"years.{this_year() + 1}": ""})
    wrong = client.post(address, typed | {f"years.{this_year()}": "much", "line": ""})
    client.post(address, typed)

    assert {each.code for each in bare.context["refusals"]} == {"budget.resolution_missing", "budget.years_not_in_row"}
    assert [each.where for each in wrong.context["refusals"]] == ["line", f"years.{this_year()}"]
    with entity_transaction(officer.entity_id):
        (view,) = queries.commitments(fiscal_year=this_year() + 1)
    assert (view.draft.title, view.total) == ("Bridge", baht("1400.00"))
    assert "Bridge" in client.get(at(officer, "commitments")).content.decode()


# ---- moving over -----------------------------------------------------------------------------------------------------------


def moving(actor, name="moving-overs", **kwargs):
    return reverse(f"budget:{name}", kwargs={"entity_code": actor.entity_code, **kwargs})


def sent(client, actor, tmp_path: Path, old, name="B_RemainedBudget.xlsx"):
    content = write(tmp_path / "b.xlsx", old, year=str(this_year())).read_bytes() if isinstance(old, list) else old
    moving_id = uuid.uuid4()
    file = {"file": SimpleUploadedFile(name, content), "moving_id": str(moving_id)}
    return moving_id, client.post(moving(actor, "send-workbook"), file)


def test_a_year_is_moved_over_from_the_first_look_to_the_open_budget(tmp_path):
    actor = makers.a_house()
    clerk = somebody(actor, "clerk")
    client = browser_of(clerk)
    moving_id, _answer = sent(client, clerk, tmp_path, lines())

    seen = client.get(moving(clerk, "moving-over", moving_id=moving_id))
    too_early = client.post(moving(clerk, "open-year", moving_id=moving_id), {"effective_on": day()})
    client.post(moving(clerk, "name-divisions", moving_id=moving_id), {"division.all": "01", "division.00312": "02"})
    kept = client.get(moving(clerk, "moving-over", moving_id=moving_id)).content.decode()
    opened = [client.post(moving(clerk, "open-year", moving_id=moving_id), {"effective_on": day()}) for _ in range(2)]

    assert "Road to village 3" in seen.content.decode()
    assert len(seen.context["missing"]) == 2
    assert {each.code for each in too_early.context["refusals"]} == {"budget.import_division_missing"}
    assert '<option value="02" selected>' in kept
    assert {answer.status_code for answer in opened} == {302}
    with entity_transaction(actor.entity_id):
        board = queries.board(fiscal_year=this_year()).lines
        (road,) = [each for each in board if each.line.code == ROAD_CODE]
        rows = queries.source_rows(fiscal_year=this_year(), line_id=road.line.line_id)
    assert (road.line.identity.division, road.balance.available) == ("02", baht("500000.00"))
    assert rows == [("11", "B_RemainedBudget.xlsx", moving_id)]
    line = reverse(
        "budget:line",
        kwargs={"entity_code": clerk.entity_code, "fiscal_year": this_year(), "line_id": road.line.line_id},
    )
    assert "row 11" in client.get(line).content.decode()
    original = client.get(moving(clerk, "workbook-file", moving_id=moving_id))
    assert b"".join(original.streaming_content).startswith(b"PK")
    assert original.headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox")


def test_what_does_not_hold_in_a_workbook_is_told_and_opens_nothing(tmp_path):
    actor = makers.a_house()
    clerk = somebody(actor, "clerk")
    client = browser_of(clerk)
    old = [OldLine(code(FUEL), 100, changed={14: 0.5}), OldLine(f"99{this_year() % 100}999999999901", 100)]
    old += [OldLine(code(SUPPLIES), 0, work="Another name")]
    moving_id, _answer = sent(client, clerk, tmp_path, old)

    page = client.get(moving(clerk, "moving-over", moving_id=moving_id))
    client.post(moving(clerk, "name-divisions", moving_id=moving_id), {"division.all": "01"})
    refused = client.post(moving(clerk, "open-year", moving_id=moving_id), {"effective_on": day()})

    assert [each.code for each in page.context["faults"]] == [
        "budget.import_does_not_add_up",
        "budget.import_code_unknown",
    ]
    assert [each.code for each in page.context["guesses"]] == ["budget.import_name_differs"]
    assert [each.where for each in refused.context["refusals"]] == ["O9", "F10"]
    with entity_transaction(actor.entity_id):
        assert queries.years() == []


@pytest.mark.parametrize("content", [b"no workbook", b"", b"PK\x03\x04broken"])
def test_a_file_that_is_no_workbook_is_refused_and_not_kept(tmp_path, content):
    actor = makers.a_house()
    clerk = somebody(actor, "clerk")

    _moving_id, answer = sent(browser_of(clerk), clerk, tmp_path, content)

    assert answer.status_code == 422
    assert [each.code for each in answer.context["refusals"]] == ["budget.import_not_a_workbook"]
    with entity_transaction(actor.entity_id):
        assert queries.moving_overs() == []


def test_workbooks_of_another_office_are_not_found(tmp_path):
    actor = makers.a_house()
    clerk, stranger = somebody(actor, "clerk"), somebody(makers.a_house(), "clerk")
    moving_id, _answer = sent(browser_of(clerk), clerk, tmp_path, lines())

    for name in ("moving-over", "workbook-file"):
        assert browser_of(stranger).get(moving(stranger, name, moving_id=moving_id)).status_code == 404
    assert browser_of(somebody(actor, "executive")).post(moving(clerk, "send-workbook")).status_code == 403


def test_a_budget_of_nothing_is_opened_and_gives_nothing():
    actor = a_house_now(OldLine(code(SUPPLIES), 0), OldLine(code(FUEL), 0))

    with entity_transaction(actor.entity_id):
        board = queries.board(fiscal_year=this_year())
    assert [str(each.balance.available) for each in board.lines] == ["0.00", "0.00"]
