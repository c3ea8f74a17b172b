"""Tags that every area's templates use."""

from datetime import UTC, date, datetime

import pytest
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO, baht
from khlang.kernel.refusals import Refusal
from khlang.kernel.statements import Link

ACTOR = Actor(1, "มาลี ศรีสุข", 1, "A1", "อบต.ตัวอย่าง", frozenset({"finance_officer"}))


def shown(text: str, language: str = "th", **context) -> str:
    with translation.override(language):
        return Template("{% load khlang %}" + text).render(Context(context))


@pytest.mark.parametrize(
    ("amount", "text"),
    [("1234.5", "1,234.50"), ("0", "0.00"), ("-1240", '<span class="vh">ลบ </span>(1,240.00)')],
)
def test_money_is_written_as_accounts_write_it(amount, text):
    assert shown("{{ amount|money }}", amount=baht(amount if "." not in amount else f"{amount}0")) == text


def test_no_money_is_nothing_and_a_ledger_leaves_zero_blank():
    assert shown("[{{ none|money }}][{{ zero|money_blank }}]", none=None, zero=ZERO) == "[][]"


def test_days_are_buddhist_in_thai_and_gregorian_in_english():
    day = date(2026, 11, 23)

    assert shown('{{ day|thai_date }} {{ day|thai_date:"table" }}', day=day) == "23 พ.ย. 2569 23/11/69"
    assert shown("{{ day|thai_date }}", "en", day=day) == "23 Nov 2026"
    assert (
        shown('{{ at|thai_date:"time" }}', at=datetime(2026, 11, 23, 2, 42, tzinfo=UTC)) == "23 พ.ย. 2569 เวลา 09:42 น."
    )


def test_a_refusal_says_why_and_what_next_in_the_language_of_the_page():
    refusal = Refusal("authentication.account_paused_here", {"until": "09:42"}, where="username")

    assert "พักการเข้าใช้" in shown("{% refusal one %}", one=refusal)
    assert "Try again from 09:42" in shown("{% refusal one %}", "en", one=refusal)


def test_refusals_of_a_field_and_of_a_row_are_found():
    found = [
        Refusal("authentication.account_paused_here", where=where)
        for where in ("lines.2.debit", "lines.2", "lines.20.debit")
    ]

    assert shown('{{ found|at:"lines.2"|length }}{{ found|at:"lines.2.debit"|length }}', found=found) == "21"


def test_a_chip_has_a_word_and_a_shape():
    assert shown('{% chip "posted" %}').strip() == '<span class="chip ok">ลงบัญชีแล้ว</span>'
    assert "Waiting for review" in shown('{% chip "submitted" %}', "en")


def test_a_link_leads_into_the_entity_of_the_page_or_nowhere():
    link = Link("web:home")

    assert shown("{% address link as href %}{{ href }}", link=link, actor=ACTOR) == "/A1/"
    assert shown("{% address link %}", link=Link("nowhere:page"), actor=ACTOR) == ""


def test_the_query_of_a_page_is_changed_not_lost():
    request = RequestFactory().get("/?q=a&page=3")

    assert shown('{% query_string page=4 q="" %}', request=request) == "?page=4"


def test_a_bar_is_drawn_without_a_style():
    assert 'width="76"' in shown('{% bar 76 "ok" %}')
    assert "style" not in shown("{% bar 140 %}")


def test_initials_pass_over_leading_vowels():
    assert shown("{{ name|initials }}", name="เสาวลักษณ์ ใจดี") == "สจ"
