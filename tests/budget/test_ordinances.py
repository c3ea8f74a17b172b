"""Ordinances through the commands: several divisions at once, the whole way, into force in one act, provisional, supplementary."""

import uuid
from datetime import date

import pytest

from khlang.audit import queries as audit
from khlang.budget import commands, queries
from khlang.budget.rules import Balance, EstimateDraft, Explanation, OrdinanceKind, OrdinanceState
from khlang.kernel.money import baht
from khlang.kernel.refusals import Refused
from khlang.toolkit.tenancy import entity_transaction
from tests.budget import makers
from tests.budget.makers import AT, COMPUTER, FUEL, ROAD, SALARY, SUPPLIES, YEAR, a_move, line, use
from tests.builders import a_person, an_actor, an_entity

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


def test_an_ordinance_goes_its_whole_way_and_comes_into_force_in_one_act():
    actor = makers.a_house()
    ordinance_id = makers.announced(
        actor,
        makers.a_draft(
            line("600.00"),
            line("300.00", budget_type=ROAD, item="Road to village 3", work="00312"),
            line("100.00", budget_type=FUEL, division="02"),
            line("0.00", budget_type="5330200"),
            line("50.00", budget_type=SUPPLIES, enterprise="WATER"),
            actor=actor,
        ),
    )

    moved = force(actor, ordinance_id)

    with entity_transaction(actor.entity_id):
        view = queries.ordinance(ordinance_id=ordinance_id)
        board = queries.board(fiscal_year=YEAR)
        acts = [act.act for act in audit.all_acts() if act.document == f"ordinance:{ordinance_id}"]
    assert (moved.entry_no, moved.replayed) == (1, False)
    assert (view.state, view.entry_no) == (OrdinanceState.IN_FORCE, 1)
    assert [step.state for step in view.steps] == [*(state for state, _, _ in makers.WAY), OrdinanceState.IN_FORCE]
    assert view.step(OrdinanceState.ANNOUNCED).document_number == "1/2568"
    assert [(each.line.code, each.line.name, each.balance.available) for each in board.lines] == [
        ("9969011133010001", "วัสดุสำนักงาน", baht("600.00")),
        ("9969011133020001", "วัสดุไฟฟ้าและวิทยุ", baht("0.00")),
        ("9969011133080001", "วัสดุเชื้อเพลิงและหล่อลื่น", baht("100.00")),
        ("9969031242100001", "Road to village 3", baht("300.00")),
        ("9969011133010002", "วัสดุสำนักงาน", baht("50.00")),
    ]
    assert board.total == Balance(approved=baht("1050.00"))
    assert makers.faults(actor) == []
    assert acts[-1] == "budget.bring_into_force"
    assert acts[:3] == ["budget.open_ordinance", "budget.draft", "budget.estimate"]


def test_bring_into_force_twice_with_one_key_is_done_once():
    actor = makers.a_house()
    ordinance_id, key = makers.announced(actor, makers.a_draft(line("10.00"), actor=actor)), uuid.uuid4()

    first, again = force(actor, ordinance_id, key=key), force(actor, ordinance_id, key=key)

    assert (first.replayed, again.replayed, again.entry_no) == (False, True, first.entry_no)
    assert refused(lambda: force(actor, ordinance_id)) == ["budget.not_ready_for_force"]


def test_an_ordinance_that_does_not_balance_goes_nowhere():
    actor = makers.a_house()
    ordinance_id = makers.a_draft(line("1000.01"), actor=actor, revenue="1000.00")

    def consolidate():
        return makers.take(actor, ordinance_id, OrdinanceState.CONSOLIDATED, date(2025, 8, 1))

    assert refused(consolidate) == ["budget.not_balanced"]
    estimates = [EstimateDraft("411001", baht("1000.01"))]
    commands.save_estimates(actor=actor, ordinance_id=ordinance_id, estimates=estimates, at=AT)
    assert consolidate().state is OrdinanceState.CONSOLIDATED


def test_a_step_taken_twice_with_one_id_is_taken_once():
    actor = makers.a_house()
    ordinance_id, step_id = makers.a_draft(line("10.00"), actor=actor), uuid.uuid4()
    step = makers.Step(OrdinanceState.CONSOLIDATED, date(2025, 8, 1))

    for _ in range(2):
        view = commands.take_step(actor=actor, ordinance_id=ordinance_id, step_id=step_id, step=step, at=AT)

    assert len(view.steps) == 1
    other = makers.Step(OrdinanceState.EXEC_ACCEPTED, date(2025, 8, 1))
    assert refused(
        lambda: commands.take_step(actor=actor, ordinance_id=ordinance_id, step_id=step_id, step=other, at=AT)
    ) == ["budget.idempotency_conflict"]


def test_a_year_has_one_annual_ordinance_and_additions_only_to_one_in_force():
    actor = makers.a_house()
    makers.a_draft(line("10.00"), actor=actor)

    def begin(kind):
        return commands.open_ordinance(actor=actor, ordinance_id=uuid.uuid4(), kind=kind, fiscal_year=YEAR, at=AT)

    assert refused(lambda: begin(OrdinanceKind.ANNUAL)) == ["budget.ordinance_exists"]
    assert refused(lambda: begin(OrdinanceKind.OPENING)) == ["budget.ordinance_exists"]
    assert refused(lambda: begin(OrdinanceKind.SUPPLEMENTARY)) == ["budget.annual_not_in_force"]
    assert refused(lambda: makers.take(actor, uuid.uuid4(), OrdinanceState.LAPSED, date(2025, 8, 1))) == [
        "budget.ordinance_unknown"
    ]


def test_a_supplementary_ordinance_adds_to_lines_and_opens_new_ones():
    actor = makers.a_house()
    makers.in_force(line("600.00"), line("300.00", budget_type=SALARY), actor=actor)
    ordinance_id = makers.a_draft(
        line("50.00"), line("70.00", budget_type=FUEL), actor=actor, kind=OrdinanceKind.SUPPLEMENTARY
    )
    makers.announced(actor, ordinance_id, shift=3)

    force(actor, ordinance_id, on=date(2025, 12, 20))

    lines = makers.ids(actor)
    assert makers.balance(actor, lines[SUPPLIES]) == Balance(approved=baht("600.00"), supplemented=baht("50.00"))
    assert makers.balance(actor, lines[FUEL]) == Balance(supplemented=baht("70.00"))
    assert makers.faults(actor) == []


def test_a_supplementary_ordinance_shows_its_money_and_keeps_the_ceiling_of_the_year():
    actor = makers.a_house()
    makers.in_force(line("600.00"), line("400.00", budget_type=SALARY), actor=actor)
    ordinance_id = makers.a_draft(line("1.00", budget_type=SALARY), actor=actor, kind=OrdinanceKind.SUPPLEMENTARY)
    commands.write_texts(actor=actor, ordinance_id=ordinance_id, texts={"money_source": ""}, revision=2, at=AT)

    assert refused(lambda: makers.take(actor, ordinance_id, OrdinanceState.CONSOLIDATED, date(2025, 12, 1))) == [
        "budget.personnel_over_cap",
        "budget.money_source_missing",
    ]


def test_last_year_is_not_used_once_the_budget_of_the_year_is_in_force():
    actor = makers.a_house()
    makers.in_force(line("10.00"), actor=actor)
    provisional = {"kind": OrdinanceKind.PROVISIONAL, "fiscal_year": YEAR, "at": AT}

    assert refused(lambda: commands.open_ordinance(actor=actor, ordinance_id=uuid.uuid4(), **provisional)) == [
        "budget.ordinance_exists"
    ]


def test_last_year_is_used_for_now_and_what_was_used_is_charged_to_the_new_budget():
    actor = makers.a_house()
    makers.in_force(
        line("600.00"), line("100.00", budget_type=FUEL), line("90.00", budget_type=COMPUTER, item="PC"), actor=actor
    )
    next_year, provisional_id = YEAR + 1, uuid.uuid4()
    later = AT.replace(year=2026, month=10, day=5)
    for _ in range(2):
        commands.use_last_year_for_now(
            actor=actor, ordinance_id=provisional_id, fiscal_year=next_year, idempotency_key=uuid.UUID(int=5), at=later
        )
    lines = makers.ids(actor, next_year)
    assert set(lines) == {SUPPLIES, FUEL}  # no investment, no projects
    used = a_move(lines[SUPPLIES], "request", "200.00")
    document = makers.a_document()
    use_it = {"actor": actor, "document": document, "fiscal_year": next_year, "on": date(2026, 10, 6)}
    commands.use_budget(**use_it, moves=[used], idempotency_key=uuid.uuid4())

    ordinance_id = makers.a_draft(line("150.00"), line("10.00", budget_type=FUEL), actor=actor, year=next_year)
    makers.announced(actor, ordinance_id)
    ready = {"actor": actor, "ordinance_id": ordinance_id, "effective_on": date(2026, 10, 20)}
    in_time = AT.replace(year=2026, month=10, day=21)

    assert refused(lambda: commands.bring_into_force(**ready, idempotency_key=uuid.uuid4(), at=in_time)) == [
        "budget.not_enough"
    ]
    assert makers.balance(actor, lines[SUPPLIES], next_year).approved == baht("600.00")


def test_a_new_budget_takes_the_place_of_the_provisional_one():
    actor = makers.a_house()
    makers.in_force(line("600.00"), line("100.00", budget_type=FUEL), actor=actor)
    next_year, provisional_id = YEAR + 1, uuid.uuid4()
    later = AT.replace(year=2026, month=10, day=5)
    commands.use_last_year_for_now(
        actor=actor, ordinance_id=provisional_id, fiscal_year=next_year, idempotency_key=uuid.uuid4(), at=later
    )
    lines = makers.ids(actor, next_year)
    used = a_move(lines[SUPPLIES], "request", "200.00")
    use_it = {"actor": actor, "document": makers.a_document(), "fiscal_year": next_year, "on": date(2026, 10, 6)}
    commands.use_budget(**use_it, moves=[used], idempotency_key=uuid.uuid4())
    ordinance_id = makers.announced(actor, makers.a_draft(line("700.00"), actor=actor, year=next_year))

    commands.bring_into_force(
        actor=actor,
        ordinance_id=ordinance_id,
        effective_on=date(2026, 10, 20),
        idempotency_key=uuid.uuid4(),
        at=AT.replace(year=2026, month=10, day=21),
    )

    assert makers.balance(actor, lines[SUPPLIES], next_year) == Balance(
        approved=baht("700.00"), requested=baht("200.00")
    )
    assert makers.balance(actor, lines[FUEL], next_year) == Balance()
    assert makers.faults(actor, next_year) == []
    with entity_transaction(actor.entity_id):
        assert queries.ordinance(ordinance_id=provisional_id).state is OrdinanceState.REPLACED


def test_explanations_keep_what_is_counted_together():
    actor = makers.a_house()
    paper, pens = Explanation(text="white"), Explanation(text="blue")
    lines = makers.in_force(
        line("1.00", item="Paper", explanation=paper), line("2.00", item="Pens", explanation=pens), actor=actor
    )

    with entity_transaction(actor.entity_id):
        detail = queries.line(fiscal_year=YEAR, line_id=lines[SUPPLIES])

    assert detail.balance.approved == baht("3.00")
    assert detail.explanations[0].content["text"] == "Paper white\nPens blue"


def test_each_act_on_a_budget_needs_its_right():
    entity = an_entity()
    operator = makers.a_house(actor=an_actor(entity=entity))
    auditor = a_person("auditor", entity=entity)
    ordinance_id = makers.announced(operator, makers.a_draft(line("10.00"), actor=operator))

    calls = [
        lambda: force(auditor, ordinance_id),
        lambda: makers.a_draft(line("1.00"), actor=auditor, year=2570),
        lambda: use(auditor, a_move(uuid.uuid4(), "reserve", "1.00")),
        lambda: makers.take(auditor, ordinance_id, OrdinanceState.IN_FORCE, FIRST),
        lambda: commands.set_division(actor=auditor, division="03", name_th="x"),
    ]

    assert [refused(call) for call in calls] == [["identity.not_permitted"]] * len(calls)
