"""Drafting: divisions side by side, versions, copies of a year, estimates beside actuals; and the board of what is in force."""

import uuid
from datetime import date

import pytest

from khlang.budget import commands, queries, rules
from khlang.budget.commands import LineSave
from khlang.budget.rules import EstimateDraft, OrdinanceKind, OrdinanceState
from khlang.kernel.money import baht
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import AT, COMPUTER, FUEL, ROAD, SUPPLIES, YEAR, line
from tests.builders import TAX, a_fiscal_year, a_line, a_person, a_posted_journal, an_actor, an_entity

pytestmark = pytest.mark.django_db
FIRST = date(2025, 10, 1)


def refused(call) -> list[str]:
    with pytest.raises(Refused) as caught:
        call()
    return [each.code for each in caught.value.refusals]


def force(actor, ordinance_id, *, on=FIRST, key=None):
    return commands.bring_into_force(
        actor=actor, ordinance_id=ordinance_id, effective_on=on, idempotency_key=key or uuid.uuid4(), at=AT
    )


def drafts(actor, ordinance_id):
    with entity_transaction(actor.entity_id):
        return queries.draft_lines(ordinance_id=ordinance_id)


def test_lines_are_written_while_drafted_and_by_the_budget_officer_before_the_committee():
    entity = an_entity()
    operator = makers.a_house(actor=an_actor(entity=entity))
    officer, member = a_person("budget_officer", entity=entity), a_person("unit_clerk", entity=entity)
    commands.set_division_member(actor=operator, division="01", user_id=member.user_id, is_member=True, at=AT)
    ordinance_id = makers.a_draft(line("10.00"), actor=operator)

    def write(actor, budget_type):
        saves = [LineSave(uuid.uuid4(), 0, line("1.00", budget_type=budget_type))]
        return commands.save_lines(actor=actor, ordinance_id=ordinance_id, lines=saves, at=AT)

    write(member, FUEL)
    estimates = [EstimateDraft("411001", baht("100.00"))]
    commands.save_estimates(actor=officer, ordinance_id=ordinance_id, estimates=estimates, at=AT)
    makers.take(operator, ordinance_id, OrdinanceState.CONSOLIDATED, date(2025, 8, 1))
    write(officer, "5330200")
    assert refused(lambda: write(member, "5330300")) == ["budget.not_open_to_drafts"]
    makers.take(operator, ordinance_id, OrdinanceState.EXEC_ACCEPTED, date(2025, 8, 2))
    assert refused(lambda: write(officer, "5330300")) == ["budget.not_open_to_drafts"]
    for state, day, number in makers.WAY[2:5]:
        makers.take(operator, ordinance_id, state, day, number)
    write(officer, "5330300")


def test_a_division_writes_its_own_lines_only():
    entity = an_entity()
    operator = makers.a_house(actor=an_actor(entity=entity))
    member = a_person("unit_clerk", entity=entity)
    commands.set_division_member(actor=operator, division="01", user_id=member.user_id, is_member=True, at=AT)
    ordinance_id = makers.a_draft(line("10.00", division="02"), actor=operator)
    theirs = drafts(operator, ordinance_id)[0]

    def save(draft, line_id=None, revision=0):
        saves = [LineSave(line_id or uuid.uuid4(), revision, draft)]
        return commands.save_lines(actor=member, ordinance_id=ordinance_id, lines=saves, at=AT)

    assert save(line("1.00", division="01"))[0].revision == 1
    assert refused(lambda: save(line("1.00", division="02", budget_type=FUEL))) == ["budget.not_your_division"]
    # Nor is a line of another division made one's own.
    assert refused(lambda: save(line("9.00", division="01", budget_type=FUEL), theirs.id, 1)) == [
        "budget.not_your_division"
    ]
    commands.set_division_member(actor=operator, division="01", user_id=member.user_id, is_member=False, at=AT)
    assert refused(lambda: save(line("1.00", budget_type=FUEL))) == ["budget.not_your_division"]


def test_two_who_edit_one_line_are_told_of_both_versions():
    actor = makers.a_house()
    ordinance_id = makers.a_draft(line("10.00"), actor=actor)
    kept = drafts(actor, ordinance_id)[0]

    def save(amount, revision):
        saves = [LineSave(kept.id, revision, line(amount))]
        return commands.save_lines(actor=actor, ordinance_id=ordinance_id, lines=saves, at=AT)[0]

    assert save("20.00", 1).revision == 2
    with pytest.raises(Refused) as caught:
        save("30.00", 1)
    facts = dict(caught.value.refusals[0].facts)
    assert caught.value.refusals[0].code == "budget.changed_meanwhile"
    assert (facts["kept"], facts["sent"], facts["revision"]) == ("20.00", "30.00", 2)
    # The same content again is no quarrel.
    assert save("20.00", 1).revision == 2


def test_one_item_stands_once_until_it_is_removed():
    actor = makers.a_house()
    ordinance_id = makers.a_draft(line("10.00"), actor=actor)
    kept = drafts(actor, ordinance_id)[0]
    twice = [LineSave(uuid.uuid4(), 0, line("1.00"))]

    def save():
        return commands.save_lines(actor=actor, ordinance_id=ordinance_id, lines=twice, at=AT)

    assert refused(save) == ["budget.line_exists"]
    for _ in range(2):
        commands.remove_line(actor=actor, ordinance_id=ordinance_id, line_id=kept.id, revision=1, at=AT)
    save()
    assert [each.draft.amount for each in drafts(actor, ordinance_id)] == [baht("1.00")]
    unknown = uuid.uuid4()
    assert refused(
        lambda: commands.remove_line(actor=actor, ordinance_id=ordinance_id, line_id=unknown, revision=1, at=AT)
    ) == ["budget.line_unknown"]


def test_copy_year_brings_recurrent_lines_with_a_change_and_leaves_investment():
    actor = makers.a_house()
    makers.in_force(
        line("1001.00"), line("90.00", budget_type=COMPUTER, item="PC"), line("100.00", budget_type=FUEL), actor=actor
    )
    ordinance_id = uuid.uuid4()
    commands.open_ordinance(
        actor=actor, ordinance_id=ordinance_id, kind=OrdinanceKind.ANNUAL, fiscal_year=YEAR + 1, at=AT
    )
    mine = [LineSave(uuid.uuid4(), 0, line("7.00", budget_type=FUEL))]
    commands.save_lines(actor=actor, ordinance_id=ordinance_id, lines=mine, at=AT)

    report = commands.copy_year(actor=actor, ordinance_id=ordinance_id, percent=5, at=AT)
    again = commands.copy_year(actor=actor, ordinance_id=ordinance_id, percent=5, at=AT)

    assert (report.copied, report.left, again.copied) == (1, (), 0)
    assert [(each.draft.identity.budget_type, each.draft.amount) for each in drafts(actor, ordinance_id)] == [
        (SUPPLIES, baht("1051.00")),
        (FUEL, baht("7.00")),
    ]
    assert commands.copy_year(actor=actor, ordinance_id=ordinance_id, with_investment=True, at=AT).copied == 1
    assert refused(lambda: commands.copy_year(actor=actor, ordinance_id=ordinance_id, percent=-101, at=AT)) == [
        "budget.percent_not_right"
    ]


def test_copy_year_leaves_lines_of_a_closed_division_behind_with_the_reason():
    actor = makers.a_house()
    makers.in_force(line("10.00", division="02"), actor=actor)
    commands.set_division(actor=actor, division="02", name_th="Gone", is_open=False)
    ordinance_id = uuid.uuid4()
    begin = {"actor": actor, "ordinance_id": ordinance_id, "kind": OrdinanceKind.ANNUAL, "at": AT}
    commands.open_ordinance(**begin, fiscal_year=YEAR + 1)

    report = commands.copy_year(actor=actor, ordinance_id=ordinance_id, at=AT)

    assert (report.copied, [(name, [r.code for r in reasons]) for name, reasons in report.left]) == (
        0,
        [(SUPPLIES, ["budget.code_unknown"])],
    )
    other = uuid.uuid4()
    commands.open_ordinance(**begin | {"ordinance_id": other}, fiscal_year=YEAR + 5)
    assert refused(lambda: commands.copy_year(actor=actor, ordinance_id=other, at=AT)) == ["budget.nothing_to_copy"]


def test_estimates_stand_beside_what_came_in_during_the_years_before():
    actor = a_fiscal_year(actor=makers.a_house(), year=2568)
    lines = (a_line("1101010101", debit="500.00"), a_line(TAX, credit="500.00", budget_type="411001"))
    a_posted_journal(actor=actor, lines=lines)
    ordinance_id = makers.a_draft(line("10.00"), actor=actor)

    with entity_transaction(actor.entity_id):
        found = queries.estimates(ordinance_id=ordinance_id, fiscal_year=YEAR)

    assert [(each.budget_type, each.amount, each.actuals) for each in found] == [
        ("411001", baht("10.00"), {2568: baht("500.00")})
    ]
    wrong = [EstimateDraft("999999", baht("-1.00"), "MARKET")]
    assert refused(lambda: commands.save_estimates(actor=actor, ordinance_id=ordinance_id, estimates=wrong, at=AT)) == [
        "budget.code_unknown",
        "budget.code_unknown",
        "budget.amount_not_right",
    ]


def test_texts_are_written_over_the_version_that_was_read():
    actor = makers.a_house()
    ordinance_id = makers.a_draft(line("10.00"), actor=actor)

    def write(text, revision):
        texts = {"statement": text}
        return commands.write_texts(actor=actor, ordinance_id=ordinance_id, texts=texts, revision=revision, at=AT)

    assert write("First", 1).revision == 2
    assert write("First", 1).revision == 2
    assert refused(lambda: write("Second", 1)) == ["budget.changed_meanwhile"]


def test_the_board_finds_lines_by_word_code_division_plan_and_type():
    actor = makers.a_house()
    makers.in_force(
        line("1.00", budget_type=ROAD, item="Road to village 3", work="00312"),
        line("2.00"),
        line("4.00", budget_type=FUEL, division="02"),
        line("8.00", budget_type=FUEL, division="02", enterprise="WATER"),
        actor=actor,
    )

    def total(**chosen):
        with entity_transaction(actor.entity_id):
            return str(queries.board(fiscal_year=YEAR, chosen=rules.BoardFilter(**chosen)).total.approved)

    assert total() == "15.00"
    assert total(search="ROAD village") == "1.00"
    assert total(search="road_%") == "0.00"
    assert total(search="9969011133010001") == "2.00"
    assert total(search="เชื้อเพลิง") == "12.00"
    assert total(division="02") == "12.00"
    assert total(plan="00300") == "1.00"
    assert total(plan="00110") == "14.00"
    assert total(budget_type="5330000") == "14.00"
    assert total(budget_type=FUEL, enterprise="") == "4.00"
    assert total(fund_source="FS02") == "0.00"


def test_the_board_adds_up_at_any_level():
    actor = makers.a_house()
    makers.in_force(line("2.00"), line("1.00", budget_type=ROAD, item="Road", work="00312"), actor=actor)
    with entity_transaction(actor.entity_id):
        board, names = queries.board(fiscal_year=YEAR), queries.names(fiscal_year=YEAR)

    groups = {level: rules.grouped(board, level=level, names=names) for level in rules.Level}

    assert [(g.key, g.name, g.lines, str(g.balance.approved)) for g in groups[rules.Level.PLAN]] == [
        ("00110", "แผนงานบริหารงานทั่วไป", 1, "2.00"),
        ("00310", "แผนงานอุตสาหกรรมและการโยธา", 1, "1.00"),
    ]
    assert [g.key for g in groups[rules.Level.BUDGET]] == ["5300000", "5400000"]
    assert {str(sum((g.balance.approved for g in found), baht("0"))) for found in groups.values()} == {"3.00"}


@pytest.mark.parametrize(
    ("code", "name", "refusal"),
    [("a", "x", "budget.code_malformed"), ("01", " ", "budget.name_missing")],
)
def test_set_division_refuses(code, name, refusal):
    actor = an_actor()

    assert refused(lambda: commands.set_division(actor=actor, division=code, name_th=name)) == [refusal]
    assert refused(
        lambda: commands.set_division_member(actor=actor, division="77", user_id=7, is_member=True, at=AT)
    ) == ["budget.code_unknown"]
