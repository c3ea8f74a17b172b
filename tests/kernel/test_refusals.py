"""A refusal carries its facts, and says them in both languages."""

import pytest

from khlang.kernel.refusals import Refusal, Refused, catalogue, message, next_step, refuse_any, shown_fact


def test_message_fills_in_the_facts_in_both_languages() -> None:
    refusal = Refusal("kernel.amount_too_large", {"text": "1e20", "limit": "999999999999999.99"})

    assert message(refusal, "en") == (
        "“1e20” is larger than 999,999,999,999,999.99, the largest amount that can be kept."
    )
    assert message(refusal) == "“1e20” มากกว่า 999,999,999,999,999.99 บาท ซึ่งเป็นจำนวนสูงสุดที่บันทึกได้"
    assert next_step(refusal, "en") == "Check the number of zeros, or split the entry."
    assert next_step(refusal) == "ตรวจจำนวนเลขศูนย์ หรือแยกเป็นหลายรายการ"


def test_message_stays_readable_when_a_fact_is_missing() -> None:
    assert message(Refusal("kernel.amount_not_a_number"), "en") == "“{text}” is not an amount of money."


def test_message_of_an_unknown_code_is_the_code() -> None:
    assert message(Refusal("nowhere.at_all", {"a": 1})) == "nowhere.at_all"


@pytest.mark.parametrize(
    ("fact", "thai", "english"),
    [
        ("1234.50", "1,234.50", "1,234.50"),
        ("-1234.50", "(1,234.50)", "(1,234.50)"),
        ("2026-11-23", "23/11/2569", "2026-11-23"),
        ("1101010101", "1101010101", "1101010101"),
        (2568, "2568", "2568"),
    ],
)
def test_facts_are_shown_as_people_read_them(fact: str | int, thai: str, english: str) -> None:
    assert (shown_fact(fact, "th"), shown_fact(fact, "en")) == (thai, english)


def test_facts_with_braces_do_not_become_instructions() -> None:
    refusal = Refusal("kernel.amount_not_a_number", {"text": "{code.__class__}"})

    assert message(refusal, "en") == "“{code.__class__}” is not an amount of money."


def test_refused_holds_every_reason_in_order() -> None:
    first, second = Refusal("kernel.one"), Refusal("kernel.two", {"a": 1}, where="lines.0")

    with pytest.raises(Refused) as caught:
        refuse_any(iter([first, second]))

    assert caught.value.refusals == (first, second)
    assert str(caught.value) == "kernel.one {}; kernel.two {'a': 1} lines.0"


def test_no_reason_is_no_refusal() -> None:
    refuse_any([])
    with pytest.raises(ValueError, match="at least one"):
        Refused()


def test_a_reason_can_be_moved_to_where_it_was_found() -> None:
    assert Refusal("kernel.one", {"a": 1}).at("B4") == Refusal("kernel.one", {"a": 1}, where="B4")


def test_catalogue_holds_the_codes_of_every_area() -> None:
    assert "kernel.amount_not_a_number" in catalogue()
