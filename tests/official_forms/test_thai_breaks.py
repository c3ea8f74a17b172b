import pytest

from khlang.official_forms.rules.thai_breaks import WORD_JOINER, keep_words, plain


@pytest.mark.parametrize("word", ["องค์การบริหารส่วนตำบล", "เบี้ยยังชีพ", "งบรายจ่ายอื่น", "รองนายก", "ผู้อำนวยการ", "ข้อบัญญัติ"])
def test_words_that_are_cut_badly_are_joined(word):
    assert WORD_JOINER in keep_words(word)
    assert plain(keep_words(word)) == word


def test_other_text_is_left_alone():
    assert keep_words("1101030102 Savings") == "1101030102 Savings"


def test_the_longest_word_is_joined_first():
    assert keep_words("ผู้อำนวยการ") == "ผู้⁠อำนวย⁠การ"
