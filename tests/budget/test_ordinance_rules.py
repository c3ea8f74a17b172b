"""Pure rules of an ordinance as a whole and of the way it goes."""

from datetime import date

import pytest

from khlang.budget import rules
from khlang.budget.rules import Explanation, LineDraft, OrdinanceKind, OrdinanceState, Step, StepFacts
from khlang.kernel.money import ZERO, baht
from tests.budget.test_rules import FACTS, FUEL, LIMITS, ROAD, SALARY, YEAR, codes, identity

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
