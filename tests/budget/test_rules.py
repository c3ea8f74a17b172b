"""Pure rules: routes, checks, codes, forecasts. Vectors V13-V15 of the regulations."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.budget import rules
from khlang.budget.rules import (
    ChangeFacts,
    ChangeKind,
    ChangePart,
    Explanation,
    LineDraft,
    LineFacts,
    LineIdentity,
    Route,
)
from khlang.budget.rules.lines import TEXT_CHARACTERS_MAX
from khlang.kernel.money import Baht, baht
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
