"""What an order may give, as rules without a database."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.identity.rules import (
    EXCEPTION_RULES,
    LineText,
    OrderDraft,
    OrderFacts,
    OrderFilter,
    OrderLineDraft,
    OrderLineView,
    OrderText,
    OrderView,
    Role,
    RunningLine,
    StaffFacts,
    check_last_day,
    check_order,
    chosen_orders,
    hats_by_order,
    order_warnings,
    read_order,
)
from khlang.identity.rules.orders import overlaps
from khlang.kernel.money import baht

TODAY = date(2026, 11, 25)
MALEE, HEAD, CLERK, ADMIN = 1, 2, 3, 4
STAFF = {
    MALEE: StaffFacts("มาลี", frozenset({"finance_officer"})),
    HEAD: StaffFacts("สมชาย", frozenset({"head_of_treasury"}), frozenset({"executive"})),
    CLERK: StaffFacts("วรรณา", frozenset({"clerk"})),
    ADMIN: StaffFacts("อนันต์", frozenset({"local_administrator"})),
}
FACTS = OrderFacts("local_government", TODAY, CLERK, STAFF, numbers={"1/2570": "เดิม"})


def a_line(**more) -> OrderLineDraft:
    return replace(OrderLineDraft(MALEE, TODAY, TODAY + timedelta(days=30), "cash_committee"), **more)


def an_order(*lines: OrderLineDraft, **more) -> OrderDraft:
    draft = OrderDraft("125/2570", TODAY, "appointment", "แต่งตั้ง", "ประสิทธิ์", "นายก", "executive", lines=lines)
    return replace(draft, **more)


def found(draft, facts=FACTS) -> list[tuple[str, str]]:
    return [(refusal.code.removeprefix("identity."), refusal.where) for refusal in check_order(draft, facts)]


ACTING = {"hat": "head_of_treasury", "acting_for": "สมชาย"}
EXCEPTION = {"hat": "", "rule": "R331", "reviewer_id": CLERK}


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (an_order(a_line()), []),
        (an_order(a_line(**ACTING), kind="acting"), []),
        (an_order(a_line(hat="head_of_treasury"), kind="delegation", signed_by_id=HEAD), []),
        (an_order(a_line(**EXCEPTION), kind="exception"), []),
        (an_order(), [("order_without_lines", "lines")]),
        (an_order(a_line(), number=" "), [("order_number_missing", "number")]),
        (an_order(a_line(), number="1/2570"), [("order_number_used", "number")]),
        (an_order(a_line(), ordered_on=TODAY + timedelta(days=1)), [("order_in_future", "ordered_on")]),
        (
            an_order(a_line(), subject="", signed_by="", signed_as=" "),
            [
                ("order_text_missing", "subject"),
                ("order_text_missing", "signed_by"),
                ("order_text_missing", "signed_as"),
            ],
        ),
        (an_order(a_line(), kind="wish"), [("order_kind_unknown", "kind"), ("hat_not_by_order", "lines.0.hat")]),
        (an_order(a_line(user_id=99)), [("order_person_unknown", "lines.0.user_id")]),
        (an_order(a_line(ends_on=TODAY - timedelta(days=1))), [("order_ends_before_start", "lines.0.ends_on")]),
        (an_order(a_line(amount_max=baht("0"))), [("limit_not_positive", "lines.0.amount_max")]),
        (an_order(a_line(hat="head_of_treasury")), [("hat_not_by_order", "lines.0.hat")]),
        (an_order(a_line(hat="cash_committee"), kind="acting"), [("hat_not_by_order", "lines.0.hat")]),
        (an_order(a_line(hat="auditor", acting_for="x"), kind="acting"), [("hat_not_by_order", "lines.0.hat")]),
        (an_order(a_line(hat="head_of_treasury"), kind="acting"), [("acting_for_missing", "lines.0.acting_for")]),
        (an_order(a_line(hat="clerk"), kind="delegation"), [("delegation_needs_giver", "signed_by_id")]),
        (
            an_order(a_line(hat="clerk"), kind="delegation", signed_by_id=HEAD),
            [("delegation_beyond_giver", "lines.0.hat")],
        ),
        (
            an_order(a_line(hat="executive"), kind="delegation", signed_by_id=HEAD),
            [("acting_cannot_delegate", "lines.0.hat")],
        ),
        (
            an_order(a_line(hat="head_of_treasury", user_id=HEAD), kind="delegation", signed_by_id=HEAD),
            [("delegation_to_oneself", "lines.0.user_id")],
        ),
        (
            an_order(a_line(**EXCEPTION), kind="exception", signed_role="clerk"),
            [("exception_needs_executive", "signed_role")],
        ),
        (
            an_order(a_line(hat="", rule="R999", ends_on=None), kind="exception"),
            [
                ("exception_rule_unknown", "lines.0.rule"),
                ("reviewer_missing", "lines.0.reviewer_id"),
                ("exception_needs_end", "lines.0.ends_on"),
            ],
        ),
        (
            an_order(a_line(**{**EXCEPTION, "reviewer_id": MALEE}), kind="exception"),
            [("reviewer_is_person", "lines.0.reviewer_id")],
        ),
        (
            an_order(a_line(**{**EXCEPTION, "reviewer_id": 99}), kind="exception"),
            [("order_person_unknown", "lines.0.reviewer_id")],
        ),
        (an_order(a_line(), a_line()), [("order_overlaps", "lines.1.starts_on")]),
        (an_order(a_line(user_id=ADMIN, **ACTING), kind="acting"), [("roles_incompatible", "lines.0.hat")]),
        (
            an_order(a_line(hat="local_administrator", acting_for="อนันต์"), kind="acting"),
            [("roles_incompatible", "lines.0.hat")],
        ),
    ],
)
def test_check_order_yields_every_reason_at_its_field(draft, expected):
    assert found(draft) == expected


def test_the_keeper_of_users_acts_in_finance_only_under_an_exception_that_covers_every_day():
    draft = an_order(a_line(user_id=ADMIN, **ACTING), kind="acting")
    covering = RunningLine(ADMIN, "R332", "9/2570", TODAY, TODAY + timedelta(days=30))

    assert found(draft, replace(FACTS, running=(covering,))) == []
    short = replace(covering, last_day=TODAY + timedelta(days=29))
    assert found(draft, replace(FACTS, running=(short,))) == [("roles_incompatible", "lines.0.hat")]


@pytest.mark.parametrize("kind", ["appointment", "acting", "delegation", "exception"])
@pytest.mark.parametrize("level", ["department", "province", "local_government", "unit"])
def test_no_order_gives_what_is_never_granted(kind, level):
    given_by_order = set(hats_by_order(kind, level))

    assert not given_by_order & {Role.OPERATOR, Role.VISITOR, Role.AUDITOR}
    assert (given_by_order == set()) is (kind == "exception")


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
SPANS = st.tuples(DAYS, st.one_of(st.none(), st.integers(0, 400))).map(
    lambda pair: (pair[0], None if pair[1] is None else pair[0] + timedelta(days=pair[1]))
)


@given(SPANS, SPANS)
def test_two_orders_overlap_when_and_only_when_they_share_a_day(one, two):
    line, other = a_line(starts_on=one[0], ends_on=one[1]), RunningLine(MALEE, "cash_committee", "9", *two)
    horizon = date(2030, 1, 1)
    ends = [min(span[1] or horizon, horizon) for span in (one, two)]

    shares = max(one[0], two[0]) <= min(ends)

    assert overlaps(line, other) is shares
    facts = replace(FACTS, running=(other,))
    assert (("order_overlaps", "lines.0.starts_on") in found(an_order(line), facts)) is shares


@given(
    st.lists(
        st.tuples(SPANS, st.sampled_from([MALEE, HEAD]), st.sampled_from(["cash_committee", "daily_checker"])),
        max_size=5,
    )
)
def test_an_order_that_is_accepted_never_gives_the_same_twice_for_one_day(rows):
    lines = [a_line(user_id=who, hat=hat, starts_on=span[0], ends_on=span[1]) for span, who, hat in rows]
    draft = an_order(*lines)
    if lines and not found(draft):
        taken = set()
        for line in lines:
            last = line.ends_on or date(2029, 12, 31)
            for number in range((last - line.starts_on).days + 1):
                key = (line.user_id, line.hat, line.starts_on + timedelta(days=number))
                assert key not in taken
                taken.add(key)


def test_warnings_are_given_for_what_is_allowed_and_strange():
    late = a_line(starts_on=TODAY - timedelta(days=5), ends_on=TODAY - timedelta(days=1))
    own = a_line(user_id=CLERK, hat="daily_checker")

    warned = [(each.code, each.where) for each in order_warnings(an_order(late, own), FACTS)]

    assert warned == [
        ("identity.order_after_start", "lines.0.starts_on"),
        ("identity.order_is_over", "lines.0.ends_on"),
        ("identity.order_for_oneself", "lines.1.user_id"),
    ]


def a_view(*, ends_on=None, ended_on=None, starts_on=TODAY) -> OrderLineView:
    reason = "ยกเลิก" if ended_on else ""
    return OrderLineView(
        1, MALEE, "มาลี", "cash_committee", "", "", "", None, "", None, starts_on, ends_on, ended_on, reason
    )


@pytest.mark.parametrize(
    ("line", "state"),
    [
        (a_view(), "valid"),
        (a_view(ends_on=TODAY), "valid"),
        (a_view(starts_on=TODAY + timedelta(days=1)), "coming"),
        (a_view(starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1)), "ended"),
        (a_view(starts_on=TODAY - timedelta(days=9), ended_on=TODAY - timedelta(days=1)), "taken_back"),
        (a_view(starts_on=TODAY - timedelta(days=9), ended_on=TODAY), "valid"),
    ],
)
def test_a_line_has_one_state_on_a_day(line, state):
    assert line.state(TODAY) == state


@pytest.mark.parametrize(
    ("line", "last_day", "expected"),
    [
        (a_view(), TODAY, []),
        (a_view(), TODAY - timedelta(days=1), []),
        (a_view(), TODAY - timedelta(days=2), ["last_day_in_past"]),
        (a_view(ends_on=TODAY + timedelta(days=3)), TODAY + timedelta(days=3), ["last_day_after_end"]),
        (a_view(ended_on=TODAY), TODAY, ["already_ended"]),
        (a_view(ends_on=TODAY - timedelta(days=1)), TODAY, ["already_ended"]),
    ],
)
def test_an_order_is_taken_back_from_now_on_and_never_for_the_past(line, last_day, expected):
    refusals = check_last_day(line=line, last_day=last_day, today=TODAY)

    assert [refusal.code.removeprefix("identity.") for refusal in refusals] == expected


def test_a_typed_order_is_read_with_thai_days_and_every_fault_at_its_row():
    rows = (
        LineText("1", "cash_committee", starts_on="๑/๑๒/๒๕๖๙", ends_on="31/12/2569", amount_max="1,000"),
        LineText(),
        LineText("2", "daily_checker", starts_on="", ends_on="never", amount_max="x"),
    )
    typed = OrderText("125/2570", "25/11/2569", "appointment", "เรื่อง", "ก", "ข", lines=rows)

    draft, wrong = read_order(typed, today=TODAY)

    assert draft.ordered_on == TODAY
    assert draft.lines[0] == OrderLineDraft(
        1, date(2026, 12, 1), date(2026, 12, 31), "cash_committee", amount_max=baht("1000.00")
    )
    assert len(draft.lines) == 2
    assert [(each.code, each.where) for each in wrong] == [
        ("identity.order_day_missing", "lines.2.starts_on"),
        ("kernel.amount_not_a_number", "lines.2.amount_max"),
        ("kernel.date_not_understood", "lines.2.ends_on"),
    ]
    assert [each.where for each in read_order(replace(typed, ordered_on=""), today=TODAY)[1]][-1] == "ordered_on"


def test_the_list_of_orders_narrows_by_state_kind_gift_and_words():
    def a_recorded(number, kind, line):
        at = datetime(2026, 11, 25, tzinfo=UTC)
        return OrderView(number, number, TODAY, kind, "เรื่อง", "ก", "ข", "", None, "", 0, "", at, (line,))

    valid = a_recorded("1", "appointment", a_view())
    over = a_recorded("2", "acting", a_view(starts_on=TODAY - timedelta(days=9), ends_on=TODAY - timedelta(days=1)))
    back = a_recorded("3", "acting", a_view(starts_on=TODAY - timedelta(days=9), ended_on=TODAY - timedelta(days=1)))

    def numbers(**chosen):
        return {each.number for each in chosen_orders([valid, over, back], OrderFilter(**chosen), day=TODAY)}

    assert numbers() == {"1", "2", "3"}
    assert numbers(state="valid") == {"1"}
    assert numbers(state="ended") == {"2", "3"}
    assert numbers(kind="acting", search="มาลี") == {"2", "3"}
    assert numbers(hat="daily_checker") == set()
    assert len(EXCEPTION_RULES) == 7
