"""The printed ordinance: its words by kind of office, figures that add up, its mark until it is in force."""

import shutil
import subprocess
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from khlang.budget import queries as budget
from khlang.identity.queries import entity
from khlang.kernel.money import ZERO, Baht, baht
from khlang.kernel.refusals import Refusal, Refused
from khlang.official_forms import queries
from khlang.official_forms.printing import ordinance_pdf
from khlang.official_forms.rules.budget_tree import difference
from khlang.official_forms.rules.ordinance_form import PARTS, mark_of, ordinance_form, parts_of
from khlang.official_forms.rules.ordinance_tables import receipts, spending
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.thai_breaks import plain
from khlang.toolkit.tenancy import entity_transaction
from tests import builders
from tests.budget import makers
from tests.official_forms.ordinances import PROVINCE, SAO, TOWN, a_line, a_paper, a_step, an_estimate

PRINTING = Printing(printed_at=datetime(2026, 11, 23, 9, 42), printed_by="สุดารัตน์ ใจดี")
SIGNED = (a_step("reading_3"), a_step("approved"), a_step("signed"), a_step("announced"))


def blocks(paper, part):
    return ordinance_form(paper=paper, document=part, printing=PRINTING)["parts"][0]["blocks"]


def said(paper, part):
    """All the words of a part."""
    found = []
    for block in blocks(paper, part):
        found += [*block.get("lines", []), *(block.get(key, "") for key in ("text", "name", "title", "dated"))]
        found += block.get("told", [])
    return plain("\n".join(found))


def total_row(block):
    return next(row["cells"] for row in block["rows"] if row["kind"] == "total")


@pytest.mark.parametrize(
    ("office", "law", "head", "act"),
    [
        (SAO, "ร่างข้อบัญญัติองค์การบริหารส่วนตำบลทุ่งสวรรค์", "นายกองค์การบริหารส่วนตำบลทุ่งสวรรค์", "พ.ศ. 2537"),
        (TOWN, "ร่างเทศบัญญัติเทศบาลเมืองบัวใหญ่", "นายกเทศมนตรีเมืองบัวใหญ่", "พระราชบัญญัติเทศบาล พ.ศ. 2496"),
        (PROVINCE, "ร่างข้อบัญญัติองค์การบริหารส่วนจังหวัดนครราชสีมา", "นายกองค์การบริหารส่วนจังหวัด", "พ.ศ. 2540"),
    ],
)
def test_articles_speak_the_law_of_the_kind_of_office(office, law, head, act):
    words = said(a_paper(office=office), "articles")

    assert all(text in words for text in (law, head, act, office.supervisor))
    assert "ข้อ 2  " in words
    assert "ตั้งแต่วันที่ 1 ตุลาคม พ.ศ. 2568" in words
    assert "จำนวนรวมทั้งสิ้น 100.00 บาท (หนึ่งร้อยบาทถ้วน)" in words


def test_ordinance_in_force_is_no_draft_and_names_council_and_supervisor():
    paper = a_paper(state="in_force", steps=SIGNED, effective_on=date(2025, 10, 1))

    words = said(paper, "articles")

    assert (mark_of(paper), mark_of(a_paper()), mark_of(a_paper(state="lapsed"))) == ("", "ร่าง", "ตกไป")
    assert words.startswith("ข้อบัญญัติองค์การ")
    assert "เห็นชอบ ในการประชุมครั้งที่ 1/2568 เมื่อวันที่ 15 กันยายน พ.ศ. 2568" in words
    assert "ประกาศ ณ วันที่ 15 กันยายน พ.ศ. 2568" in words


def test_a_sitting_written_out_is_told_as_it_is_written():
    steps = (a_step("reading_3", number="สมัยสามัญ สมัยที่ 3 ครั้งที่ 2"),)

    assert "ในการประชุมสมัยสามัญ สมัยที่ 3 ครั้งที่ 2 เมื่อวันที่" in said(a_paper(steps=steps), "articles")


def test_supplementary_ordinance_names_its_money():
    paper = a_paper(kind="supplementary", money_source="ภาษีที่ได้รับเกินประมาณการ")

    words = said(paper, "articles")

    assert "งบประมาณรายจ่ายเพิ่มเติม ฉบับที่ 1" in words
    assert "จ่ายจากภาษีที่ได้รับเกินประมาณการ" in words
    assert "นับแต่วันประกาศ" in words


def test_budget_used_for_the_time_being_has_tables_and_no_articles():
    assert "articles" not in parts_of(a_paper(kind="provisional"))
    assert "expenditure" in parts_of(a_paper(kind="provisional"))


def test_tables_compare_three_years_with_the_current_and_the_proposed():
    key = ("", ("00111", "5330100", ""))
    paper = a_paper(
        a_line("150.00"),
        spent={2566: {key: baht("90.00")}},
        approved={key: baht("100.00")},
        estimates=[an_estimate("7")],
    )

    (detail,) = [row for row in blocks(paper, "expenditure")[1]["rows"] if row["kind"] == "detail"]

    cells = [plain(cell) for cell in detail["cells"]]
    assert cells == ["วัสดุสำนักงาน", "-", "90.00", "-", "100.00", "50.00", "150.00"]


def test_what_earlier_years_spent_on_items_that_are_gone_stands_with_their_type():
    gone = {("", ("00111", "5420000", "Old road")): baht("70.00")}
    paper = a_paper(a_line("10.00", budget_type="5420000", item="New road"), approved=gone)

    assert [(key[2], [str(each) for each in figures[3:]]) for key, figures in spending(paper, "")] == [
        ("", ["70.00", "0.00"]),
        ("New road", ["0.00", "10.00"]),
    ]


def test_details_tell_the_explanation_the_law_and_the_plan():
    words = said(a_paper(), "expenditure-details")

    assert all(text in words for text in ("เพื่อจ่ายเป็นค่าวัสดุ", "เป็นไปตาม หนังสือ ว 1657", "แผนพัฒนาท้องถิ่น หน้า 12 ข้อ 3"))
    assert "(สำนักปลัด จ่ายจากเงินรายได้)" in words


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [("100", "150", "50.00"), ("3", "4", "33.33"), ("150", "100", "-33.33"), ("0", "5", ""), ("100", "100", "0.00")],
)
def test_difference_is_rounded_to_two_places(before, after, shown):
    assert difference(baht(before), baht(after)) == shown


MONEY = st.integers(0, 10**11).map(Baht.from_satang)
LINES = st.lists(
    st.tuples(
        MONEY,
        st.sampled_from(["00111", "00113", "00312"]),
        st.sampled_from(["5330100", "5220100", "5420000", "5110400"]),
        st.sampled_from(["", "ถนน", "ศาลา"]),
        st.sampled_from(["", "WATER"]),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(LINES)
def test_every_printed_sum_is_the_sum_of_its_lines(drawn):
    lines = [a_line(amount, work=w, budget_type=t, item=i, enterprise=e) for amount, w, t, i, e in drawn]
    paper = a_paper(*lines, estimates=[an_estimate("5.00"), an_estimate("6.00", enterprise="WATER")])
    general = sum((line.draft.amount for line in lines if not line.draft.identity.enterprise), ZERO)
    printed = general.display() if general else "-"

    table = blocks(paper, "expenditure")[1]
    carried = [row["carry"] for row in table["rows"] if row["carry"]]
    entries = [block for block in blocks(paper, "expenditure-details") if block["kind"] == "entry"]
    amounts = [baht(entry["amount"].replace(",", "")) for entry in entries if not entry["is_head"]]

    assert total_row(table)[-1] == printed
    assert carried[-1:] in ([general.display()], [])
    assert all(baht(a.replace(",", "")) <= baht(b.replace(",", "")) for a, b in pairwise(carried))
    assert sum(amounts, ZERO) == general
    assert total_row(blocks(paper, "principles")[5])[-1] == printed
    assert total_row(blocks(paper, "revenue")[1])[-1] == "5.00"
    assert sum((row[1][-1] for row in receipts(paper, "WATER")), ZERO) == baht("6.00")


def carried_at(page, word):
    return next(line for line in page.splitlines() if word in line).split()[-1]


def test_volume_is_printed_with_its_figures_on_the_page(tmp_path):
    if shutil.which("pdftotext") is None:
        pytest.skip("poppler is not on this machine")
    roads = [a_line("4321.50", budget_type="5420000", item=f"Road {number}") for number in range(70)]
    paper = a_paper(*roads, a_line("1.25", enterprise="WATER"), estimates=[an_estimate("302505.00")])
    path = tmp_path / "volume.pdf"
    path.write_bytes(ordinance_pdf(paper=paper, document="all", printing=PRINTING))

    text = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True).stdout
    table = [page for page in text.split("\f") if "Road" in page and "2565" in page]

    assert "302,505.00" in table[-1]
    assert len(table) > 1
    assert all(page.count("ประมาณการ") >= 2 for page in table)
    # What one page carries on is what the next page begins with.
    for before, after in pairwise(table):
        assert carried_at(before, "ยอดยกไป") == carried_at(after, "ยอดยกมา")


@pytest.mark.django_db
def test_ordinance_in_force_prints_what_the_board_shows():
    actor = makers.a_house()
    makers.in_force(makers.line("120000.00"), makers.line("5000.50", budget_type=makers.ROAD, item="Road"), actor=actor)
    with entity_transaction(actor.entity_id):
        (found,) = budget.ordinances(fiscal_year=makers.YEAR)
        paper = queries.ordinance_paper(actor=actor, ordinance_id=found.id, document="expenditure")
        board = budget.board(fiscal_year=makers.YEAR).total
        with pytest.raises(Refused) as no_ordinance:
            queries.ordinance_paper(actor=actor, ordinance_id=builders.uuid.UUID(int=3), document="expenditure")
        with pytest.raises(Refused) as no_part:
            queries.ordinance_paper(actor=actor, ordinance_id=found.id, document="enterprises")
    officer = builders.a_person("budget_officer", entity=entity(code=actor.entity_code))
    client = Client()
    builders.sign_in(client, officer)
    where = {"entity_code": actor.entity_code, "ordinance_id": found.id}

    answers = [
        client.get(reverse("official_forms:ordinance", kwargs={**where, "document": part}))
        for part in ("articles", "x")
    ]

    assert total_row(blocks(paper, "expenditure")[1])[-1] == board.approved.display() == "125,000.50"
    assert answers[0].content.startswith(b"%PDF")
    assert answers[1].status_code == 404
    unknown = {"ordinance": str(builders.uuid.UUID(int=3))}
    assert no_ordinance.value.refusals == (Refusal("official_forms.ordinance_unknown", unknown),)
    assert no_part.value.refusals == (Refusal("official_forms.part_unknown", {"part": "enterprises"}),)


def test_columns_are_as_wide_as_their_longest_figure():
    wide = a_paper(a_line("123456789012.00"))
    thai = replace(PRINTING, thai_digits=True)
    form = ordinance_form(paper=wide, document="expenditure", printing=thai)["parts"][0]["blocks"][1]

    assert [column["width"] for column in form["columns"]] == [0, 27, 27, 27, 27, 27, 46]


def test_every_part_has_a_title():
    assert set(PARTS) == set(parts_of(a_paper(a_line(enterprise="WATER"))))
