"""The files that come with the program are right, and a wrong file is told every fault at its row."""

from importlib import resources

import pytest

from khlang.kernel.refusals import Refused
from khlang.reference import rules
from khlang.reference.rules import checks, selectors

DATA = resources.files("khlang.reference") / "data"


@pytest.fixture(scope="module")
def national():
    return rules.read(the_files())


def the_files() -> dict[str, bytes]:
    return {path: DATA.joinpath(*path.split("/")).read_bytes() for path in rules.PATHS}


def faults(path: str, *changes: tuple[str, str]) -> set[tuple[str, str]]:
    """Codes and places found after replacing texts in one file."""
    files = the_files()
    text = files[path].decode()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    files[path] = text.encode()
    with pytest.raises(Refused) as refused:
        rules.read(files)
    return {(refusal.code.removeprefix("reference."), refusal.where) for refusal in refused.value.refusals}


def codes(path: str, *changes: tuple[str, str]) -> set[str]:
    return {code for code, _ in faults(path, *changes)}


def test_every_postable_account_stands_on_exactly_one_line_in_every_year(national):
    lines = [
        line for line in national.values("statement_line") if line.layout in checks.STATEMENTS and line.kind == "detail"
    ]
    for account in national.values("account"):
        if account.is_postable:
            for year in (account.valid_from_year, account.valid_to_year or 2600):
                chosen = [line for line in selectors.lines_of(account, lines) if line.holds_in(year)]
                assert [line.line_code for line in chosen] == [account.statement_line], account.code


def test_both_charts_are_there_with_their_years(national):
    years = {(a.chart, a.valid_to_year) for a in national.values("account")}

    assert years == {("national-2564", None), ("elaas-2546", 2563)}
    assert rules.chart_of_year(2563) == "elaas-2546"
    assert rules.chart_of_year(2564) == "national-2564"


def test_old_accounts_have_three_generations(national):
    old = [a.code for a in national.values("account") if a.chart == rules.OLD_CHART]

    assert {len(code) for code in old} == {3, 4, 6, 8}
    assert {"021", "012", "081", "082", "083", "090", "704", "7071", "707", "821", "900", "999", "220100"} <= set(old)


def test_every_old_balance_has_an_account_to_go_to(national):
    accounts = national.by_code("account")
    for account in accounts.values():
        if account.chart == rules.OLD_CHART and account.is_postable and account.kind in checks.CARRIED_KINDS:
            target = accounts[account.mapped_code]
            assert (target.is_postable, target.kind, target.chart) == (True, account.kind, rules.NATIONAL_CHART)


def test_code_707_is_kept_apart_and_printed_as_it_was(national):
    accounts = national.by_code("account")

    assert (accounts["707"].kind, accounts["707"].printed_code) == ("net_assets", "707")
    assert (accounts["7071"].kind, accounts["7071"].printed_code) == ("asset", "707")


def test_cash_is_marked(national):
    cash = {a.code for a in national.values("account") if a.is_cash}

    assert {"021", "010", "1101010101", "1101030102", "1104010101"} <= cash
    assert "012" not in cash


def test_provinces_are_complete(national):
    provinces = national.by_code("province")

    assert len(provinces) == 77
    assert provinces["12"].name_en == "Nonthaburi"
    assert {len(code) for code in provinces} == {2}


def test_kinds_of_local_government_know_their_supervisor_and_budget_law(national):
    for kind in national.values("entity_kind"):
        if kind.level == "local_government":
            assert kind.supervisor_th
            assert kind.budget_law_th


def test_totals_end_in_both_statements(national):
    for chart, total in (("national-2564", "SFP_TOT_LE"), ("elaas-2546", "LFP_TOT_LIABILITIES")):
        lines = {x.line_code: x for x in national.values("statement_line") if x.chart == chart}
        assert lines[total].must_equal in lines


def test_every_budget_type_of_an_account_exists_and_leads_back(national):
    types = national.by_code("budget_type")
    for account in national.values("account"):
        assert not account.budget_type or account.budget_type in types


def test_a_row_with_faults_tells_all_of_them_at_its_row():
    found = faults("fund_sources.csv", ("FS02,", ","), ("true,false,", "perhaps,maybe,"))

    assert found == {
        ("cell_missing", "fund_sources.csv:3"),
        ("cell_not_understood", "fund_sources.csv:2"),
    }


def test_a_missing_file_and_a_missing_column_are_told():
    files = the_files()
    del files["banks.csv"]
    files["provinces.csv"] = files["provinces.csv"].replace(b"region", b"part", 1)
    with pytest.raises(Refused) as refused:
        rules.read(files)
    told = [(refusal.code, refusal.where) for refusal in refused.value.refusals]

    assert ("reference.file_missing", "banks.csv") in told
    assert ("reference.columns_wrong", "provinces.csv:1") in told


def test_a_file_of_another_encoding_is_told_with_its_row():
    files = the_files()
    lines = files["banks.csv"].split(b"\n")
    lines[2] = lines[2].decode().encode("cp874")
    files["banks.csv"] = b"\n".join(lines)
    with pytest.raises(Refused) as refused:
        rules.read(files)

    assert ("reference.file_not_utf8", "banks.csv:3") in [(r.code, r.where) for r in refused.value.refusals]


def test_half_a_row_is_told():
    assert faults("banks.csv", ("002,BBL,", "002 BBL ")) == {("row_has_wrong_length", "banks.csv:3")}


NATIONAL, OLD = "chart_of_accounts/2564/accounts.csv", "chart_of_accounts/2546/accounts.csv"
POSITION = "statements/2564/financial-position.csv"
CASH_REPORT = "statements/2564/receipts-and-payments.csv"


@pytest.mark.parametrize(
    ("path", "before", "after", "code"),
    [
        ("provinces.csv", "11,", "10,", "code_twice"),
        ("provinces.csv", "96,", "10,", "provinces_incomplete"),
        (NATIONAL, "asset,debit,1101000000,false", "asset,debit,1109000000,false", "parent_unknown"),
        (NATIONAL, "asset,debit,1101010000,true", "asset,debit,1101010101,true", "parent_circular"),
        (NATIONAL, "asset,debit,1101010000,true", "asset,debit,2100000000,true", "parent_does_not_fit"),
        (NATIONAL, "411012,", "419999,", "budget_type_unknown"),
        (NATIONAL, "true,SFP_CASH,", "true,SFP_OCA,", "account_on_another_line"),
        (NATIONAL, "1000000000,false,,", "1000000000,false,SFP_CASH,", "group_on_a_line"),
        (NATIONAL, "2564,,", "2564,2560,", "ends_before_it_begins"),
        (NATIONAL, "2564,,", "2021,,", "year_not_buddhist"),
        (OLD, "1101010101,010", "9999999999,010", "mapping_unknown"),
        (OLD, "1101010101,010", "2101020197,010", "mapping_does_not_fit"),
        (POSITION, "debit,1203,", "debit,1299,", "account_on_no_line"),
        (POSITION, "debit,1203,", "debit,1203;1101,", "account_on_several_lines"),
        (POSITION, "debit,1203,", "debit,every account,", "selector_not_understood"),
        (POSITION, "SFP_TOT_NCA,,,2564", "SFP_TOT_NONE,,,2564", "line_unknown"),
        (CASH_REPORT, "in,rest:,", "in,999,", "catch_all_missing"),
        (CASH_REPORT, "RP_TOT_REC - RP_TOT_PAY", "RP_TOT_REC * 2", "formula_not_understood"),
        (CASH_REPORT, "RP_TOT_REC - RP_TOT_PAY", "RP_DIFF - RP_TOT_PAY", "total_circular"),
        (CASH_REPORT, "RP_TOT_REC - RP_TOT_PAY", "", "total_of_nothing"),
        ("budget_structure/budget_types.csv", ",4101010108,", ",4101010000,", "account_unknown"),
        ("budget_structure/budget_types.csv", "411001,revenue", "4110010,revenue", "code_has_wrong_length"),
        ("parameters.csv", "FIN66", "FIN99", "instrument_unknown"),
        ("parameters.csv", "pension_rate,city_municipality", "pension_rate,village", "entity_kind_unknown"),
        ("parameters.csv", "2015-09-30", "2015-10-01", "parameters_overlap"),
        ("holidays.csv", "2024-01-01", "1/1/2567", "cell_not_understood"),
    ],
)
def test_a_fault_across_the_lists_is_told(path, before, after, code):
    assert code in codes(path, (before, after))


def test_every_fault_names_its_place(national):
    for placed in national.rows["account"]:
        path, _, row = placed.place.rpartition(":")
        assert path in rules.PATHS
        assert int(row) > 1
