"""Money is exact, immutable, and read the way people type it."""

import pickle
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.kernel.money import AMOUNT_LIMIT, ZERO, Baht, baht, parse_amount
from khlang.kernel.refusals import Refused

amounts = st.integers(min_value=-AMOUNT_LIMIT.satang, max_value=AMOUNT_LIMIT.satang).map(Baht.from_satang)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("1234.50", "1234.50"),
        ("-1234.5", "-1234.50"),
        ("0", "0.00"),
        ("-0.00", "0.00"),
        ("1.100", "1.10"),
        (12, "12.00"),
        (-3, "-3.00"),
        (Decimal("0.01"), "0.01"),
        (Decimal("1E+3"), "1000.00"),
        (Decimal("0E-9"), "0.00"),
        (Decimal("-12345678901234567890.10"), "-12345678901234567890.10"),
    ],
)
def test_baht_reads_machine_form_exactly(value: str | int | Decimal, expected: str) -> None:
    assert str(baht(value)) == expected


@pytest.mark.parametrize(
    "value",
    [
        "",
        "1.001",
        "1,000.00",
        " 1",
        "1e5",
        "NaN",
        "+1",
        "๑",
        "1.",
        Decimal("0.001"),
        Decimal("NaN"),
        Decimal("Infinity"),
        Decimal("1E+99"),
    ],
)
def test_baht_refuses_what_is_not_whole_satang(value: str | Decimal) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (each value has words of its own)
        baht(value)


@pytest.mark.parametrize("value", [0.1, True, None])
def test_baht_refuses_what_is_not_exact(value: object) -> None:
    with pytest.raises(TypeError):
        baht(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "shown"),
    [("0", "0.00"), ("1234567.89", "1,234,567.89"), ("-1240", "(1,240.00)"), ("-0.05", "(0.05)")],
)
def test_display_is_how_accounts_show_it(text: str, shown: str) -> None:
    assert baht(text).display() == shown


def test_baht_cannot_be_changed() -> None:
    amount = baht("1.00")

    with pytest.raises(AttributeError):
        amount.satang = 5
    with pytest.raises(AttributeError):
        del amount.satang


@pytest.mark.parametrize("other", [1, 1.0, Decimal(1), "1.00", None])
def test_baht_does_not_mix_with_other_numbers(other: object) -> None:
    assert baht("1.00") != other
    with pytest.raises(TypeError):
        baht("1.00") + other  # type: ignore[operator]
    with pytest.raises(TypeError):
        baht("1.00") - other  # type: ignore[operator]
    with pytest.raises(TypeError):
        baht("1.00") < other  # type: ignore[operator]  # noqa: B015


def test_baht_is_not_multiplied_by_a_fraction() -> None:
    with pytest.raises(TypeError):
        baht("1.00") * Decimal("1.5")  # type: ignore[operator]


@given(amounts, amounts)
def test_addition_and_subtraction_undo_each_other(left: Baht, right: Baht) -> None:
    assert left + right - right == left
    assert -(left - right) == right - left


@given(st.lists(amounts))
def test_a_sum_is_exact_in_any_order(parts: list[Baht]) -> None:
    assert sum(parts, start=ZERO) == sum(reversed(parts), start=ZERO)
    assert sum(parts, start=ZERO).amount == sum((part.amount for part in parts), start=Decimal(0))


@given(amounts)
def test_every_form_of_an_amount_reads_back_as_itself(amount: Baht) -> None:
    assert baht(str(amount)) == amount
    assert baht(amount.amount) == amount
    assert parse_amount(amount.display()) == amount
    assert pickle.loads(pickle.dumps(amount)) == amount  # noqa: S301  (our own bytes)
    assert eval(repr(amount)) == amount  # noqa: S307


@given(amounts, amounts)
def test_order_is_the_order_of_decimals(left: Baht, right: Baht) -> None:
    assert (left < right) == (left.amount < right.amount)
    assert (left >= right) == (left.amount >= right.amount)
    assert (hash(left) == hash(right)) or left != right


def test_zero_is_false_and_anything_else_is_true() -> None:
    assert not ZERO
    assert baht("0.01")
    assert baht("-0.01")
    assert abs(baht("-2.50")) == baht("2.50")
    assert 3 * baht("2.50") == baht("7.50") == baht("2.50") * 3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1234.50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1,234,567.8", "1234567.80"),
        ("๑,๒๓๔.๕๐", "1234.50"),
        (" 1234 ", "1234.00"),
        ("1 234.50", "1234.50"),
        ("1\N{NO-BREAK SPACE}234.50", "1234.50"),
        ("฿1,234.50", "1234.50"),
        ("1,234.50 บาท", "1234.50"),
        ("-฿5", "-5.00"),
        ("฿-5", "-5.00"),
        ("(1,240.00)", "-1240.00"),
        ("\N{MINUS SIGN}5", "-5.00"),
        (".5", "0.50"),
        ("5.", "5.00"),
        ("007", "7.00"),
        ("0", "0.00"),
        ("999999999999999.99", "999999999999999.99"),
    ],
)
def test_parse_amount_reads_what_people_type(text: str, expected: str) -> None:
    assert str(parse_amount(text)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "kernel.amount_not_a_number"),
        ("-", "kernel.amount_not_a_number"),
        (".", "kernel.amount_not_a_number"),
        ("()", "kernel.amount_not_a_number"),
        ("บาท", "kernel.amount_not_a_number"),
        ("ห้าร้อย", "kernel.amount_not_a_number"),
        ("1e5", "kernel.amount_not_a_number"),
        ("8000*1.07", "kernel.amount_not_a_number"),
        ("1,23", "kernel.amount_not_a_number"),
        ("12,34,567", "kernel.amount_not_a_number"),
        ("1 2", "kernel.amount_not_a_number"),
        ("--5", "kernel.amount_not_a_number"),
        ("1.2.3", "kernel.amount_not_a_number"),
        ("NaN", "kernel.amount_not_a_number"),
        ("\N{DEVANAGARI DIGIT FIVE}", "kernel.amount_not_a_number"),
        ("1.234", "kernel.amount_too_many_decimals"),
        ("100.000", "kernel.amount_too_many_decimals"),
        ("1000000000000000", "kernel.amount_too_large"),
        ("-1,000,000,000,000,000.00", "kernel.amount_too_large"),
        ("9" * 10_000, "kernel.amount_too_large"),
    ],
)
def test_parse_amount_refuses_with_the_text_typed(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        parse_amount(text)

    assert [refusal.code for refusal in caught.value.refusals] == [code]
    assert caught.value.refusals[0].facts["text"] == text


@given(st.text())
def test_parse_amount_gives_an_amount_or_a_refusal_for_any_text(text: str) -> None:
    try:
        amount = parse_amount(text)
    except Refused:
        return
    assert abs(amount) <= AMOUNT_LIMIT
