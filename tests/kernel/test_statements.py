"""A statement value has as many cells in each row as it has columns."""

import pytest

from khlang.kernel.money import baht
from khlang.kernel.statements import Column, Row, Statement


def a_statement(*rows: Row) -> Statement:
    columns = (Column("account", "บัญชี", "Account", "text"), Column("debit", "เดบิต", "Debit", "money"))
    return Statement("trial-balance", "งบทดลอง", "Trial balance", "X", "Somewhere", (), (), columns, rows)


def test_a_statement_keeps_its_rows() -> None:
    row = Row("detail", ("Cash", baht("1.00")))

    assert a_statement(row).rows == (row,)


def test_a_statement_with_a_short_row_is_a_mistake_of_its_builder() -> None:
    with pytest.raises(ValueError, match=r"rows \[1\] of trial-balance"):
        a_statement(Row("detail", ("Cash", baht("1.00"))), Row("total", (baht("1.00"),)))
