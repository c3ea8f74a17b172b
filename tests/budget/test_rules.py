"""Pure rules: routes, checks, codes, forecasts. Vectors V13-V15 of the regulations."""

import uuid
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.budget import rules
from khlang.budget.rules import (
    Balance,
    ChangeFacts,
    ChangeKind,
    ChangePart,
    Explanation,
    Kind,
    LineAccount,
    LineDraft,
    LineFacts,
    LineIdentity,
    Move,
    OrdinanceKind,
    OrdinanceState,
    Pot,
    Route,
    Step,
    StepFacts,
)
from khlang.budget.rules.lines import TEXT_CHARACTERS_MAX
from khlang.kernel.money import ZERO, Baht, baht
from khlang.reference import rules as reference
from tests.reference.test_rules import the_files

YEAR = 2569
NATIONAL = reference.read(the_files())
KINDS = tuple(NATIONAL.values("budget_line_kind"))
TYPES = {each.code: each.name_th for each in NATIONAL.values("budget_type") if each.level == "type"}
FACTS = LineFacts(
    works={plan.code: plan.name_th for plan in NATIONAL.values("plan") if plan.level == "work"},
    types={code: name for code, name in TYPES.items() if code.startswith("5")},
    fund_sources=frozenset({"FS01", "FS02", "FS03"}),
    divisions=frozenset({"01", "02"}),
    enterprises=frozenset({"WATER"}),
    kinds=KINDS,
)
SUPPLIES, FUEL, COMPUTER, ROAD, SUBSIDY, SALARY = "5330100", "5330800", "5411600", "5421000", "5610300", "5220100"
LIMITS = rules.Limits(personnel_percent=40, pension_percent=2, health_fund_percent=50)


def identity(budget_type: str = SUPPLIES, *, item: str = "", enterprise: str = "", **more) -> LineIdentity:
    return LineIdentity(
        **{"division": "01", "work": "00111", "fund_source": "FS01"} | more,
        budget_type=budget_type,
        item=item,
        enterprise=enterprise,
    )


def part(budget_type: str, *, item: str = "", is_project: bool = False, enterprise: str = "", **more) -> ChangePart:
    treated = FACTS.treatment(budget_type=budget_type, is_project=is_project)
    found = identity(budget_type, item=item, enterprise=enterprise)
    return ChangePart("lines.0", item or budget_type, found, treated, **more)


def codes(refusals) -> list[str]:
    return [refusal.code for refusal in refusals]


# ---- routes --------------------------------------------------------------------------------------------------------

DESK = Explanation(text="Desk computer", nature="computer", quantity="1", quality="standard 1")
ROAD_A = Explanation(text="Concrete road", nature="road", quantity="200 m", quality="15 cm", place="Village 3")


def moved(**changed: str) -> Explanation:
    return rules.explanation_of({**ROAD_A.as_json(), **changed})


ROUTES = {
    "V13 office supplies to fuel": (
        [part(SUPPLIES, down=baht("50000.00")), part(FUEL, up=baht("50000.00"))],
        ChangeKind.TRANSFER,
        (Route.EXECUTIVE, "R98"),
    ),
    "V14 office supplies to a new desk computer": (
        [
            part(SUPPLIES, down=baht("50000.00")),
            part(COMPUTER, item="PC", up=baht("50000.00"), is_new=True, after=DESK),
        ],
        ChangeKind.TRANSFER,
        (Route.COUNCIL, "R112"),
    ),
    "V15 the place of a construction changes": (
        [part(ROAD, item="Road", before=ROAD_A, after=moved(place="Village 4"))],
        ChangeKind.EXPLANATION,
        (Route.COUNCIL, "R113"),
    ),
    "a new recurrent line": (
        [part(SUPPLIES, down=baht("1.00")), part(FUEL, up=baht("1.00"), is_new=True, after=DESK)],
        ChangeKind.TRANSFER,
        (Route.EXECUTIVE, "R98"),
    ),
    "out of investment that stays what it is": (
        [part(ROAD, item="Road", down=baht("1.00"), before=ROAD_A), part(FUEL, up=baht("1.00"))],
        ChangeKind.TRANSFER,
        (Route.EXECUTIVE, "R98"),
    ),
    "into investment that stays what it is": (
        [part(FUEL, down=baht("1.00")), part(ROAD, item="Road", up=baht("1.00"), before=ROAD_A)],
        ChangeKind.TRANSFER,
        (Route.EXECUTIVE, "R98"),
    ),
    "out of investment that becomes shorter": (
        [
            part(ROAD, item="Road", down=baht("1.00"), before=ROAD_A, after=moved(quantity="150 m")),
            part(FUEL, up=baht("1.00")),
        ],
        ChangeKind.TRANSFER,
        (Route.COUNCIL, "R112"),
    ),
    "into investment of better quality": (
        [
            part(FUEL, down=baht("1.00")),
            part(ROAD, item="Road", up=baht("1.00"), before=ROAD_A, after=moved(quality="20 cm")),
        ],
        ChangeKind.TRANSFER,
        (Route.COUNCIL, "R112"),
    ),
    "only the legal basis of an investment": (
        [part(ROAD, item="Road", before=ROAD_A, after=moved(legal_basis="W 33"))],
        ChangeKind.EXPLANATION,
        (Route.EXECUTIVE, "R113"),
    ),
    "the printed text of an investment": (
        [part(ROAD, item="Road", before=ROAD_A, after=moved(text="Other words"))],
        ChangeKind.EXPLANATION,
        (Route.COUNCIL, "R113"),
    ),
    "a recurrent explanation": (
        [part(SUPPLIES, before=DESK, after=moved(place="Village 4"))],
        ChangeKind.EXPLANATION,
        (Route.EXECUTIVE, "R113"),
    ),
    "a project of the operating budget": (
        [part("5320300", item="Sports day", is_project=True, before=ROAD_A, after=moved(place="Village 4"))],
        ChangeKind.EXPLANATION,
        (Route.EXECUTIVE, "R113"),
    ),
}


@pytest.mark.parametrize("name", ROUTES)
def test_route_of_is_computed_from_lines_and_kind_of_change(name):
    parts, kind, (route, clause) = ROUTES[name]

    found = rules.route_of(parts, kind=kind)

    assert (found.route, found.clause) == (route, clause)


# ---- transfers -----------------------------------------------------------------------------------------------------


def change(*parts: ChangePart, kind: ChangeKind = ChangeKind.TRANSFER, **more) -> list[str]:
    told = {"on": date(2026, 1, 5), "reason": "Saved", "entity_kind": "town_municipality"} | more
    return codes(rules.check_change(ChangeFacts(kind=kind, fiscal_year=YEAR, parts=parts, **told)))


def giving(amount: str = "50.00", *, available: str = "100.00", **more) -> ChangePart:
    return part(SUPPLIES, down=baht(amount), available=baht(available), **more)


TRANSFERS = {
    "right": ([giving(), part(FUEL, up=baht("50.00"))], {}, []),
    "nothing": ([], {}, ["budget.change_empty"]),
    "not zero-sum": ([giving(), part(FUEL, up=baht("49.99"))], {}, ["budget.transfer_not_zero_sum"]),
    "more than is free": (
        [giving(available="49.99"), part(FUEL, up=baht("50.00"))],
        {},
        ["budget.not_enough"],
    ),
    "into an enterprise": (
        [giving(), part(FUEL, up=baht("50.00"), enterprise="WATER")],
        {},
        ["budget.transfer_between_budgets"],
    ),
    "after the year": ([giving(), part(FUEL, up=baht("50.00"))], {"on": date(2026, 10, 1)}, ["budget.outside_year"]),
    "without a reason": ([giving(), part(FUEL, up=baht("50.00"))], {"reason": " "}, ["budget.reason_missing"]),
    "a new line without explanation": (
        [giving(), part(FUEL, up=baht("50.00"), is_new=True)],
        {},
        ["budget.explanation_missing"],
    ),
    "a new subsidy of a municipality": (
        [giving(), part(SUBSIDY, up=baht("50.00"), is_new=True, after=DESK)],
        {},
        ["budget.legal_answer_missing"],
    ),
    "a new subsidy with the answer": (
        [giving(), part(SUBSIDY, up=baht("50.00"), is_new=True, after=DESK)],
        {"legal_answer": "Consented with the ordinance"},
        [],
    ),
    "a new subsidy elsewhere": (
        [giving(), part(SUBSIDY, up=baht("50.00"), is_new=True, after=DESK)],
        {"entity_kind": "subdistrict_administrative_organization"},
        [],
    ),
    "a line without amount": (
        [giving(), part(FUEL, up=baht("50.00")), part(ROAD, item="Road")],
        {},
        ["budget.amount_not_right"],
    ),
}


@pytest.mark.parametrize("name", TRANSFERS)
def test_check_change_of_a_transfer(name):
    parts, more, expected = TRANSFERS[name]

    assert change(*parts, **more) == expected


def test_check_change_of_an_explanation_wants_a_change_and_no_money():
    same = part(ROAD, item="Road", before=ROAD_A, after=ROAD_A)
    money = part(ROAD, item="Road", before=ROAD_A, after=moved(place="x"), up=baht("1.00"))

    assert change(same, kind=ChangeKind.EXPLANATION) == ["budget.explanation_unchanged"]
    assert change(money, kind=ChangeKind.EXPLANATION) == ["budget.amount_not_right"]


@given(st.lists(st.tuples(st.integers(1, 10**9), st.booleans()), min_size=1, max_size=8))
def test_check_change_takes_exactly_the_transfers_that_sum_to_zero(amounts):
    parts = [
        giving(str(Baht.from_satang(n)), available=str(Baht.from_satang(n)))
        if down
        else part(FUEL, up=Baht.from_satang(n))
        for n, down in amounts
    ]
    zero = sum((p.up.satang - p.down.satang for p in parts), 0) == 0

    assert ("budget.transfer_not_zero_sum" not in change(*parts)) == zero


def test_an_approval_of_the_council_rests_on_its_resolution():
    asked = {"state": rules.ChangeState.SUBMITTED, "approved_on": date(2026, 1, 5)}
    missing = rules.check_approval(**asked, route=Route.COUNCIL, resolution_number="", resolved_on=None)
    later = rules.check_approval(**asked, route=Route.COUNCIL, resolution_number="3/2569", resolved_on=date(2026, 1, 6))
    executive = rules.check_approval(**asked, route=Route.EXECUTIVE, resolution_number="", resolved_on=None)
    draft = rules.check_approval(
        **asked | {"state": rules.ChangeState.DRAFT}, route=Route.EXECUTIVE, resolution_number="", resolved_on=None
    )

    assert codes(missing) == ["budget.resolution_missing"]
    assert codes(later) == ["budget.step_before_the_last"]
    assert codes(executive) == []
    assert codes(draft) == ["budget.step_not_allowed"]


def test_the_supervising_officer_is_told_within_fifteen_days():
    assert rules.notice_due(approved_on=date(2026, 1, 5), days=15) == date(2026, 1, 20)


# ---- lines ---------------------------------------------------------------------------------------------------------

TREATMENTS = {
    SUPPLIES: ("type", "recurrent", False, False),
    SALARY: ("type", "recurrent", True, False),
    "5210600": ("type", "recurrent", False, False),
    "5310400": ("type", "recurrent", True, False),
    COMPUTER: ("item", "investment", False, True),
    ROAD: ("item", "investment", False, True),
    SUBSIDY: ("type", "recurrent", False, True),
    "5111000": ("type", "recurrent", False, False),
}


@pytest.mark.parametrize("budget_type", TREATMENTS)
def test_treatment_follows_the_list_of_line_kinds(budget_type):
    found = FACTS.treatment(budget_type=budget_type, is_project=False)

    assert (found.control_level, found.nature, found.is_personnel, found.needs_plan_reference) == TREATMENTS[
        budget_type
    ]


def test_a_project_is_counted_by_item_and_needs_the_plan():
    found = FACTS.treatment(budget_type="5320300", is_project=True)

    assert (found.control_level, found.nature, found.needs_plan_reference) == ("item", "recurrent", True)
    assert FACTS.treatment(budget_type="411001", is_project=False) is None


def test_every_expenditure_type_is_treated():
    assert [code for code in FACTS.types if FACTS.treatment(budget_type=code, is_project=False) is None] == []


def test_check_line_names_every_code_that_does_not_hold():
    wrong = LineDraft(LineIdentity("99", "00110", "5330000", "FS99", "", "MARKET"), baht("-1.00"))

    found = list(rules.check_line(wrong, FACTS, where="lines.3"))

    assert [(r.code, r.where) for r in found] == [
        *(
            ("budget.code_unknown", f"lines.3.{name}")
            for name in ("division", "work", "budget_type", "fund_source", "enterprise")
        ),
        ("budget.amount_not_right", "lines.3.amount"),
    ]


def test_check_line_wants_an_item_where_items_are_counted_and_bears_with_length():
    assert codes(rules.check_line(LineDraft(identity(COMPUTER), baht("1.00")), FACTS)) == ["budget.item_missing"]
    long = LineDraft(identity(), baht("1.00"), Explanation(text="x" * (TEXT_CHARACTERS_MAX + 1)))
    assert codes(rules.check_line(long, FACTS)) == ["budget.text_too_long"]


def test_control_lines_puts_items_of_a_type_together_and_keeps_items_of_investment_apart():
    drafts = [
        ("a", LineDraft(identity(SUPPLIES, item="Paper"), baht("10.00"), Explanation(text="white"))),
        ("b", LineDraft(identity(SUPPLIES, item="Pens"), baht("5.00"))),
        ("c", LineDraft(identity(COMPUTER, item="PC"), baht("7.00"), DESK)),
        ("d", LineDraft(identity(COMPUTER, item="Printer"), baht("3.00"), DESK)),
    ]

    found = rules.control_lines(drafts, FACTS)

    assert [(line.identity.item, line.amount, line.draft_ids) for line in found] == [
        ("", baht("15.00"), ("a", "b")),
        ("PC", baht("7.00"), ("c",)),
        ("Printer", baht("3.00"), ("d",)),
    ]
    assert found[0].explanation()["text"] == "Paper white\nPens"
    assert found[1].explanation() == DESK.as_json()


@given(st.lists(st.sampled_from([SUPPLIES, FUEL, ROAD, SALARY]), max_size=150), st.integers(2560, 2599))
def test_budget_codes_are_unique_and_read_back(types, year):
    found = rules.budget_codes([identity(budget_type) for budget_type in types], fiscal_year=year)

    assert len(set(found)) == len(found)
    for code, budget_type in zip(found, types, strict=True):
        parts = rules.read_code(code)
        assert (parts.fiscal_year, parts.work, parts.budget_type) == (year, "00111", budget_type)


def test_read_code_knows_the_code_of_e_laas():
    assert rules.read_code("9969011121010001") == rules.CodeParts(2569, "00111", "5210100", 1)
    assert [rules.read_code(text) for text in ("", "x" * 16, "8869011121010001", "99690111210100")] == [None] * 4


# ---- the ordinance as a whole ------------------------------------------------------------------------------------------


def whole(*lines: LineDraft, revenue: str = "1000.00", **more) -> list[str]:
    estimates = [rules.EstimateDraft("411001", baht(revenue)), *more.pop("estimates", ())]
    return codes(rules.check_ordinance(lines=lines, estimates=estimates, facts=FACTS, limits=LIMITS))


def test_check_ordinance_of_a_balanced_one_finds_nothing():
    assert whole(LineDraft(identity(), baht("600.00")), LineDraft(identity(SALARY), baht("400.00"))) == []


def test_check_ordinance_refuses_an_empty_one():
    assert whole() == ["budget.ordinance_empty"]
    assert whole(LineDraft(identity(), ZERO)) == ["budget.ordinance_empty"]


def test_check_ordinance_refuses_expenditure_above_revenue_in_each_budget():
    water = LineDraft(identity(FUEL, enterprise="WATER"), baht("1.00"))

    assert whole(LineDraft(identity(), baht("1000.01"))) == ["budget.not_balanced"]
    assert whole(LineDraft(identity(), baht("1000.00")), water) == ["budget.not_balanced"]
    estimate = rules.EstimateDraft("411001", baht("1.00"), "WATER")
    assert whole(LineDraft(identity(), baht("1000.00")), water, estimates=[estimate]) == []


def test_check_ordinance_refuses_personnel_above_forty_percent_by_one_satang():
    assert whole(LineDraft(identity(), baht("599.99")), LineDraft(identity(SALARY), baht("400.01"))) == [
        "budget.personnel_over_cap"
    ]


def test_check_ordinance_wants_the_plan_of_investment():
    lines = [LineDraft(identity(ROAD, item="Road"), baht("1.00")), LineDraft(identity(), baht("2.00"))]

    assert whole(*lines) == ["budget.plan_reference_missing"]
    assert whole(LineDraft(identity(ROAD, item="Road"), baht("1.00"), Explanation(plan_reference="p. 4"))) == []


def test_standing_computes_personnel_live():
    lines = [LineDraft(identity(), baht("600.00")), LineDraft(identity(SALARY), baht("300.00"))]

    found = rules.standing(lines=lines, estimates=[], facts=FACTS, limits=LIMITS)

    assert (found.total, found.personnel, found.personnel_limit, found.personnel_room) == (
        baht("900.00"),
        baht("300.00"),
        baht("360.00"),
        baht("60.00"),
    )


def test_advise_asks_for_statutory_lines_and_stops_nothing():
    estimates = [rules.EstimateDraft("411001", baht("1000.00")), rules.EstimateDraft("431002", baht("5000.00"))]

    found = list(rules.advise(lines=[LineDraft(identity(), baht("1.00"))], estimates=estimates, limits=LIMITS))

    assert codes(found) == ["budget.pension_share_short", "budget.health_share_missing"]
    assert found[0].facts["wanted"] == "20.00"
    paid = [LineDraft(identity("5120100"), baht("20.00")), LineDraft(identity("5111200"), baht("1.00"))]
    assert codes(rules.advise(lines=paid, estimates=estimates, limits=LIMITS)) == []


# ---- the way of an ordinance ----------------------------------------------------------------------------------------------


def step_codes(state: OrdinanceState, step: Step, **more) -> list[str]:
    told = {"last_step_on": date(2025, 8, 1), "submit_by": date(2025, 8, 15), "approval_days": 15} | more
    facts = StepFacts(state=state, fiscal_year=YEAR, kind=OrdinanceKind.ANNUAL, today=date(2025, 12, 31), **told)
    return codes(rules.check_step(step, facts))


S = OrdinanceState
STEPS = {
    "in order": (S.EXEC_ACCEPTED, Step(S.SUBMITTED, date(2025, 8, 15), "412"), []),
    "skipping": (S.EXEC_ACCEPTED, Step(S.READING_1, date(2025, 8, 15), "1"), ["budget.step_not_allowed"]),
    "into force by a step": (S.ANNOUNCED, Step(S.IN_FORCE, date(2025, 10, 1), "1"), ["budget.step_not_allowed"]),
    "late without a reason": (
        S.EXEC_ACCEPTED,
        Step(S.SUBMITTED, date(2025, 8, 16), "412"),
        ["budget.late_reason_missing"],
    ),
    "late with a reason": (S.EXEC_ACCEPTED, Step(S.SUBMITTED, date(2025, 8, 16), "412", "Flood"), []),
    "without its number": (S.SUBMITTED, Step(S.READING_1, date(2025, 8, 20)), ["budget.document_number_missing"]),
    "before the last": (S.SUBMITTED, Step(S.READING_1, date(2025, 7, 31), "1"), ["budget.step_before_the_last"]),
    "in the future": (S.SUBMITTED, Step(S.READING_1, date(2026, 1, 1), "1"), ["budget.step_in_future"]),
    "rejected without a reason": (S.READING_1, Step(S.REJECTED_1, date(2025, 8, 20), "1"), ["budget.reason_missing"]),
    "silence too early": (
        S.SENT_FOR_APPROVAL,
        Step(S.APPROVED, date(2025, 8, 16)),
        ["budget.approval_letter_missing"],
    ),
    "silence after the days": (S.SENT_FOR_APPROVAL, Step(S.APPROVED, date(2025, 8, 17)), []),
    "approved by letter": (S.SENT_FOR_APPROVAL, Step(S.APPROVED, date(2025, 8, 2), "0818/77"), []),
    "returned and read again": (S.RETURNED_BY_SUPERVISOR, Step(S.COMMITTEE, date(2025, 8, 20)), []),
}


@pytest.mark.parametrize("name", STEPS)
def test_check_step(name):
    state, step, expected = STEPS[name]

    assert step_codes(state, step) == expected


def test_every_state_is_in_the_table_of_moves_and_leads_somewhere_or_ends():
    ends = {S.ANNOUNCED, S.IN_FORCE, S.LAPSED, S.REPLACED}

    assert set(rules.MOVES) == set(OrdinanceState)
    assert {state for state, after in rules.MOVES.items() if not after} == ends


def test_the_draft_reaches_the_council_by_15_august_and_counts_from_1_october():
    assert rules.submission_deadline(fiscal_year=YEAR, month_day="08-15") == date(2025, 8, 15)
    assert rules.effective_day(fiscal_year=YEAR, announced_on=date(2025, 9, 16)) == date(2025, 10, 1)
    assert rules.effective_day(fiscal_year=YEAR, announced_on=date(2025, 10, 20)) == date(2025, 10, 20)


def test_check_force_wants_the_announcement_and_a_day_of_the_year():
    told = {"kind": OrdinanceKind.ANNUAL, "fiscal_year": YEAR, "today": date(2025, 12, 1)}

    assert codes(rules.check_force(state=S.SIGNED, effective_on=date(2025, 9, 30), **told)) == [
        "budget.not_ready_for_force",
        "budget.outside_year",
    ]
    assert codes(rules.check_force(state=S.ANNOUNCED, effective_on=date(2026, 1, 1), **told)) == [
        "budget.step_in_future"
    ]
    assert codes(rules.check_force(state=S.ANNOUNCED, effective_on=date(2025, 10, 1), **told)) == []


# ---- pace and plans ----------------------------------------------------------------------------------------------------


def test_forecast_runs_out_at_the_pace_of_the_year():
    balance = Balance(approved=baht("300.00"), paid=baht("100.00"), reserved=baht("100.00"))

    found = rules.forecast(balance=balance, fiscal_year=YEAR, today=date(2026, 1, 8), warning_days=120)

    # A hundred days took 100; the 100 that no document holds last a hundred days more.
    assert found.runs_out_on == date(2026, 4, 19)
    assert found.spent_a_day == baht("1.00")
    assert found.warn is True
    late = rules.forecast(balance=balance, fiscal_year=YEAR, today=date(2026, 1, 8), warning_days=60)
    assert late.warn is False


FORECASTS = {
    "nothing given": (Balance(), date(2026, 1, 8), None, False),
    "nothing spent": (Balance(approved=baht("1.00")), date(2026, 1, 8), None, False),
    "nothing left": (Balance(approved=baht("1.00"), paid=baht("1.00")), date(2026, 1, 8), date(2026, 1, 8), True),
    "lasts beyond the year": (Balance(approved=baht("900.00"), paid=baht("1.00")), date(2026, 1, 8), None, False),
    "a few days say nothing": (Balance(approved=baht("2.00"), paid=baht("1.00")), date(2025, 10, 5), None, False),
    "after the year": (Balance(approved=baht("2.00"), paid=baht("1.00")), date(2026, 10, 1), None, False),
}


@pytest.mark.parametrize("name", FORECASTS)
def test_forecast_says_nothing_where_there_is_nothing_to_say(name):
    balance, today, runs_out_on, warn = FORECASTS[name]

    found = rules.forecast(balance=balance, fiscal_year=YEAR, today=today, warning_days=60)

    assert (found.runs_out_on, found.warn) == (runs_out_on, warn)


def test_check_plan_keeps_within_the_line_and_the_quarters():
    told = {"appropriation": baht("100.00"), "label": "x"}

    assert codes(rules.check_plan(shares={1: baht("50.00"), 4: baht("50.00")}, **told)) == []
    assert codes(rules.check_plan(shares={1: baht("100.01")}, **told)) == ["budget.plan_above_line"]
    assert codes(rules.check_plan(shares={5: baht("1.00"), 1: baht("-1.00")}, **told)) == [
        "budget.quarter_unknown",
        "budget.amount_not_right",
    ]


def test_a_commitment_covers_years_in_a_row_with_a_resolution():
    def draft(**changed):
        told = {"title": "Road", "why_not_split": "One work", "resolution_number": "3", "resolved_on": date(2025, 9, 1)}
        years = {2569: baht("1.00"), 2570: baht("2.00")}
        return codes(
            rules.check_commitment(rules.CommitmentDraft(**{**told, "years": years} | changed), first_year=YEAR)
        )

    assert draft() == []
    assert draft(years={2569: baht("1.00")}) == ["budget.years_not_in_row"]
    assert draft(years={2569: baht("1.00"), 2571: baht("1.00")}) == ["budget.years_not_in_row"]
    assert draft(resolution_number=" ", why_not_split="") == ["budget.reason_missing", "budget.resolution_missing"]


# ---- one line in memory --------------------------------------------------------------------------------------------------

OPENING = [kind for kind in Kind if kind not in (Kind.REFUND, Kind.RELEASE, Kind.CANCEL)]


@given(st.data())
def test_a_line_never_goes_below_zero_whatever_is_asked(data):
    account = LineAccount()
    line_id = uuid.UUID(int=1)
    for number in range(2, 40):
        kind = data.draw(st.sampled_from(list(Kind)))
        held = list(account.holds)
        takes = data.draw(st.sampled_from([None, *held]))
        amount = Baht.from_satang(data.draw(st.integers(1, 500)))
        before = account.balance
        hold = uuid.UUID(int=number) if kind in OPENING else None
        code = account.move(Move(line_id, kind, amount, hold, takes))
        if code:
            assert account.balance == before
        for pot in rules.POTS:
            assert getattr(account.balance, pot) >= ZERO, (kind, pot)
        assert account.balance.available >= ZERO
        assert account.balance.refunded <= account.balance.paid
        for stage in (Pot.RESERVED, Pot.OBLIGATED, Pot.REQUESTED, Pot.ADVANCED, Pot.CARRIED):
            held_now = sum((amount for pot, amount, _ in account.holds.values() if pot is stage), ZERO)
            assert held_now == getattr(account.balance, stage.value), (kind, stage)
