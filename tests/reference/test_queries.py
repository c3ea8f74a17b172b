"""What other areas ask of the national lists."""

from datetime import date

import pytest

from khlang.kernel.refusals import Refused
from khlang.reference import queries

pytestmark = pytest.mark.django_db


def test_accounts_of_a_year_are_those_of_its_chart():
    assert {account.chart for account in queries.accounts(fiscal_year=2554)} == {"elaas-2546"}
    assert {account.chart for account in queries.accounts(fiscal_year=2568)} == {"national-2564"}


def test_eight_digit_accounts_begin_later():
    assert "11012001" not in {account.code for account in queries.accounts(fiscal_year=2554)}
    assert "11012001" in {account.code for account in queries.accounts(fiscal_year=2560)}


def test_accounts_are_found_by_code_and_by_words():
    found = [
        account.code for account in queries.accounts(fiscal_year=2568, search="ออมทรัพย์ ธนาคาร", postable_only=True)
    ]

    assert found == ["1101030102"]
    assert queries.accounts(fiscal_year=2568, search="1101030102")[0].name_en == "Bank deposits - savings"


def test_old_codes_lead_to_todays():
    assert queries.new_code(code="021") == "1101030102"
    assert queries.new_code(code="1101030102") == "1101030102"
    assert queries.new_code(code="unknown") == ""
    assert "021" in {account.code for account in queries.old_codes()["1101030102"]}


def test_a_parameter_is_chosen_by_the_day_of_the_obligation():
    def ceiling(day: date) -> str:
        return queries.parameter(name="social_security_wage_ceiling", on_date=day).value

    assert ceiling(date(2025, 12, 31)) == "15000"
    assert ceiling(date(2026, 1, 1)) == "17500"


def test_a_parameter_of_the_entity_kind_goes_first():
    def rate(kind: str) -> str:
        return queries.parameter(name="pension_rate", on_date=date(2024, 10, 1), applies_to=kind).value

    assert rate("town_municipality") == "2"
    assert rate("subdistrict_administrative_organization") == "1"


def test_an_unknown_parameter_is_refused():
    with pytest.raises(Refused) as refused:
        queries.parameter(name="tax_on_air", on_date=date(2024, 10, 1))

    assert refused.value.refusals[0].code == "reference.parameter_unknown"


def test_the_published_report_has_its_lines_in_its_order():
    lines = queries.statement_lines(layout="receipts-and-payments", chart="elaas-2546", fiscal_year=2554)
    printed = [line.printed_code for line in lines if line.kind == "detail" and line.detail == "" and line.side == "in"]

    assert printed == [
        *("411000", "412000", "413000", "414000", "415000", "416000", "421000", "431000", "441000"),
        *("0012", "0081", "0082", "0083", "0090", "0602", "0707", "0707", "0900", "0999"),
    ]


def test_lists_come_in_their_order():
    assert queries.provinces()[0].name_en == "Krabi"
    assert queries.journal_kinds()[0].code == "opening"
    assert [kind.code for kind in queries.entity_kinds(level="department")] == ["department"]
    assert len(queries.fund_sources(fiscal_year=2568)) == 16
    assert {each.side for each in queries.budget_types(side="revenue")} == {"revenue"}
    assert len(queries.plans()) == 54
    assert queries.holidays(since=date(2024, 12, 1), until=date(2024, 12, 31))
    assert {each.code for each in queries.legal_instruments()} >= {"FIN66", "FIN47"}
    assert queries.parameters()
