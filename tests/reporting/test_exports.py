import csv
import io
import json
from dataclasses import replace

from khlang.kernel.money import baht
from khlang.reporting.rules.exports import fingerprint, statement_csv, statement_json
from khlang.reporting.rules.trial_balance import trial_balance
from khlang.reporting.rules.values import Account
from tests.reporting.paper_books import ACCOUNTS, a_busy_month, a_scope


def a_trial_balance(**changes):
    return trial_balance(scope=a_scope(**changes), accounts=ACCOUNTS, balances=a_busy_month().balances())


def test_trial_balance_json_has_the_agreed_form():
    answer = json.loads(statement_json(statement=a_trial_balance()))

    assert answer["rows"].pop(0) == {
        "account": "1101030102-01",
        "name": "ออมทรัพย์ กรุงไทย",
        "debit": "1111.50",
        "credit": "0.00",
    }
    assert {key: value for key, value in answer.items() if key != "rows"} == {
        "entity": "6120304",
        "fiscal_year": 2568,
        "to": "2025-09-30",
        "total_debit": "1251.50",
        "total_credit": "1251.50",
    }


def test_statement_json_writes_amounts_as_text_with_two_decimals():
    statement = trial_balance(
        scope=a_scope(), accounts=ACCOUNTS, balances=a_busy_month().balances(), variant="movement"
    )

    answer = json.loads(statement_json(statement=statement))

    assert answer["rows"][1]["cells"]["closing_debit"] == "1111.50"
    assert answer["checks"] == [{"name": "debits-equal-credits", "holds": True, "detail": statement.checks[0].detail}]


def test_statement_csv_keeps_formulas_from_running():
    accounts = ACCOUNTS | {"2111020199": Account("2111020199", '=HYPERLINK("http://x")', "liability")}
    statement = trial_balance(scope=a_scope(), accounts=accounts, balances=a_busy_month().balances())

    rows = list(csv.reader(io.StringIO(statement_csv(statement=statement))))

    assert rows[0] == ["เลขที่บัญชี", "ชื่อบัญชี", "เดบิต", "เครดิต"]
    assert rows[4] == ["2111020199", '\'=HYPERLINK("http://x")', "", "1.00"]


def test_fingerprint_changes_with_a_satang():
    statement = a_trial_balance()
    row = statement.rows[0]
    changed = replace(
        statement, rows=(replace(row, cells=(*row.cells[:2], baht("1111.51"), None)), *statement.rows[1:])
    )

    assert fingerprint(statement=statement) == fingerprint(statement=a_trial_balance())
    assert fingerprint(statement=statement) != fingerprint(statement=changed)
