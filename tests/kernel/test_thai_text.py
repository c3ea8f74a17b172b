"""Thai digits, one spelling, dictionary order, amounts in words."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from khlang.kernel.money import Baht, baht
from khlang.kernel.thai_text import (
    baht_words,
    normalise,
    search_key,
    sort_key,
    to_arabic_digits,
    to_thai_digits,
)

thai = st.text(alphabet=[chr(code) for code in range(0x0E01, 0x0E5C) if not 0x0E3B <= code <= 0x0E3E] + list(" ab1."))


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        ("0", "ศูนย์บาทถ้วน"),
        ("0.01", "หนึ่งสตางค์"),
        ("0.11", "สิบเอ็ดสตางค์"),
        ("0.21", "ยี่สิบเอ็ดสตางค์"),
        ("0.25", "ยี่สิบห้าสตางค์"),
        ("1", "หนึ่งบาทถ้วน"),
        ("10", "สิบบาทถ้วน"),
        ("11", "สิบเอ็ดบาทถ้วน"),
        ("20", "ยี่สิบบาทถ้วน"),
        ("21", "ยี่สิบเอ็ดบาทถ้วน"),
        ("101", "หนึ่งร้อยเอ็ดบาทถ้วน"),
        ("111", "หนึ่งร้อยสิบเอ็ดบาทถ้วน"),
        ("1000001", "หนึ่งล้านเอ็ดบาทถ้วน"),
        ("11000011", "สิบเอ็ดล้านสิบเอ็ดบาทถ้วน"),
        ("21000000.50", "ยี่สิบเอ็ดล้านบาทห้าสิบสตางค์"),
        ("2121212121.21", "สองพันหนึ่งร้อยยี่สิบเอ็ดล้านสองแสนหนึ่งหมื่นสองพันหนึ่งร้อยยี่สิบเอ็ดบาทยี่สิบเอ็ดสตางค์"),
        ("1000000000000", "หนึ่งล้านล้านบาทถ้วน"),
        ("27143635.64", "ยี่สิบเจ็ดล้านหนึ่งแสนสี่หมื่นสามพันหกร้อยสามสิบห้าบาทหกสิบสี่สตางค์"),
        ("230000", "สองแสนสามหมื่นบาทถ้วน"),
    ],
)
def test_baht_words_are_those_of_a_voucher(amount: str, words: str) -> None:
    assert baht_words(baht(amount)) == words


def test_baht_words_refuse_a_negative_amount() -> None:
    with pytest.raises(ValueError, match="negative"):
        baht_words(baht("-1"))


@given(st.integers(min_value=0, max_value=10**17), st.integers(min_value=0, max_value=10**17))
def test_different_amounts_have_different_words(left: int, right: int) -> None:
    one, other = Baht.from_satang(left), Baht.from_satang(right)
    assert (baht_words(one) == baht_words(other)) == (one == other)


def test_digits_change_script_and_nothing_else_changes() -> None:
    assert to_thai_digits("ฎีกา 12/2568") == "ฎีกา ๑๒/๒๕๖๘"
    assert to_arabic_digits("ฎีกา ๑๒/๒๕๖๘") == "ฎีกา 12/2568"


@given(st.text())
def test_arabic_digits_come_back_unchanged(text: str) -> None:
    assert to_arabic_digits(to_thai_digits(text)) == to_arabic_digits(text)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("น\u0e4d\u0e32", "น\u0e33"),
        ("น\u0e4d\u0e49\u0e32", "น\u0e49\u0e33"),
        ("น\u0e33\u0e49", "น\u0e49\u0e33"),
        ("\u0e40\u0e40ก้ว", "แก้ว"),
        ("\u200bสม\u200dชาย\ufeff", "สมชาย"),
        ("  สมชาย \N{NO-BREAK SPACE}\t ใจดี ", "สมชาย ใจดี"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_normalise_keeps_one_spelling(typed: str, kept: str) -> None:
    assert normalise(typed) == kept


@given(thai)
def test_normalise_twice_is_normalise_once(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@given(st.one_of(thai, st.text()))
def test_normalise_does_not_depend_on_what_stands_around(text: str) -> None:
    assert normalise(f" {text}") == normalise(text)


def test_sort_key_gives_dictionary_order() -> None:
    words = ["1", "กนก", "กาน", "ก่าน", "ก้าน", "เกตุ", "แก้ว", "โกมล", "ไก่", "ขจร", "abc", "zoo"]
    shuffled = random.Random(7).sample(words, len(words))

    assert sorted(shuffled, key=sort_key) == words


def test_sort_key_puts_a_shorter_word_before_the_longer_one_it_begins() -> None:
    assert sorted(["เงินสดในมือ", "เงินสด", "เงินสดย่อย", "เงิน"], key=sort_key) == [
        "เงิน",
        "เงินสด",
        "เงินสดในมือ",
        "เงินสดย่อย",
    ]


def test_search_key_finds_what_is_typed_without_tone_marks() -> None:
    assert search_key("เจ้าหนี้ค่าจ้าง") == search_key("เจาหนีคาจาง")
    assert search_key("โรงเรียน ๑  ABC") == "โรงเรียน 1 abc"
    assert search_key("เงินสด") != search_key("เงินฝาก")
