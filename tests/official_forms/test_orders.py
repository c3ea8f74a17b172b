"""Orders on paper: what they say, that no number of a person stands in them, who may print."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from django.test import Client
from django.urls import reverse

from khlang.identity.queries import entity, order_numbered
from khlang.identity.rules import EXCEPTION_RULES, OrderKind
from khlang.kernel.money import baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.official_forms import queries
from khlang.official_forms.rules.order_form import OrderPaper, OrderPaperLine, order_form
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.thai_breaks import plain
from khlang.toolkit.tenancy import entity_transaction
from tests import builders

PRINTING = Printing(printed_at=datetime(2026, 11, 23, 9, 42), thai_digits=True)
LINE = OrderPaperLine("นางสาววรรณา มั่นคง", "ผู้อำนวยการกองคลัง", "กรรมการเก็บรักษาเงิน", date(2025, 10, 1), does="เก็บรักษาเงิน")


def a_paper(*lines: OrderPaperLine, kind: str = "appointment") -> OrderPaper:
    day = date(2025, 9, 25)
    return OrderPaper("อบต.ทุ่งสวรรค์", "145/2568", day, kind, "แต่งตั้ง", "นายสมศักดิ์", "นายก", lines=lines or (LINE,))


def said(paper: OrderPaper) -> str:
    """All the words of a printed order."""
    form = order_form(order=paper, printing=PRINTING)
    items = [" ".join(item.values()) for item in form["items"]]
    return plain(" ".join([form["number"], form["preamble"], *items, form["period"], form["ordered"]]))


def test_order_says_number_days_and_duties_in_thai():
    words = said(a_paper())

    assert "ที่ ๑๔๕/๒๕๖๘" in words
    assert "เป็นกรรมการเก็บรักษาเงิน มีหน้าที่เก็บรักษาเงิน" in words
    assert "ทั้งนี้ ตั้งแต่วันที่ ๑ ตุลาคม พ.ศ. ๒๕๖๘ เป็นต้นไป" in words
    assert "สั่ง ณ วันที่ ๒๕ กันยายน พ.ศ. ๒๕๖๘" in words


def test_days_that_differ_stand_with_each_person():
    short = replace(LINE, ends_on=date(2025, 10, 1), amount_max=baht("5000.00"))
    early = replace(LINE, ends_on=date(2026, 9, 30), ended_on=date(2026, 1, 7), ended_reason="ย้าย")

    form = order_form(order=a_paper(short, early), printing=PRINTING)

    assert form["period"] == ""
    assert "ภายในวงเงินไม่เกิน ๕,๐๐๐.๐๐ บาท เฉพาะวันที่ ๑ ตุลาคม" in form["items"][0]["gives"].replace("\u2060", "")
    assert "สิ้นสุดก่อนกำหนดเมื่อสิ้นวันที่ ๗ มกราคม" in form["items"][1]["gives"].replace("\u2060", "")


@pytest.mark.parametrize("kind", list(OrderKind))
def test_every_kind_of_order_has_its_words(kind):
    assert said(a_paper(replace(LINE, gives="R331" if kind == "exception" else "ปลัด"), kind=kind))


@pytest.mark.parametrize("rule", EXCEPTION_RULES)
def test_every_exception_says_what_it_allows(rule):
    assert rule not in said(a_paper(replace(LINE, gives=rule, does="", reviewer="นายเอ"), kind="exception"))


@pytest.mark.django_db
def test_order_prints_for_who_may_read_it_and_names_no_number_of_a_person():
    here = builders.an_entity()
    clerk, reviewer = builders.a_person("finance_officer", entity=here), builders.a_person("clerk", entity=here)
    number = builders.an_exception(person=clerk, reviewer=reviewer)
    with entity_transaction(here.entity_id):
        order_id = order_numbered(number=number).order_id
        paper = queries.order_paper(actor=clerk, order_id=order_id)
        with pytest.raises(Refused) as unknown:
            queries.order_paper(actor=clerk, order_id=builders.uuid.UUID(int=1))
    reader = builders.a_person("local_administrator", entity=entity(code=here.code))
    client = Client()
    builders.sign_in(client, reader)
    address = reverse("official_forms:order", kwargs={"entity_code": here.code, "order_id": order_id})
    response = client.get(address)

    assert response.content.startswith(b"%PDF")
    assert address in client.get(reverse("identity:order", args=[here.code, order_id])).content.decode()
    assert [(line.name, line.reviewer, line.gives) for line in paper.lines] == [(clerk.name, reviewer.name, "R331")]
    assert unknown.value.refusals == (
        Refusal("official_forms.order_unknown", {"order": str(builders.uuid.UUID(int=1))}),
    )
