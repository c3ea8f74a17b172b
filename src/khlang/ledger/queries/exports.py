"""The books of one fiscal year, streamed as text for outside checkers."""

from collections.abc import Iterator

from khlang.kernel.actors import Actor
from khlang.ledger.queries.journals import stream_journals
from khlang.ledger.rules.exports import ExportedAccount, ExportedBooks, export
from khlang.toolkit import sql


def exported_books(*, actor: Actor, fiscal_year: int) -> ExportedBooks:
    """Every account and fund source that moved in the fiscal year (B.E.), in code order."""
    found = sql.rows(
        "SELECT DISTINCT concat_ws('-', b.account_code, nullif(b.sub_account, '')), b.fund_source, a.kind,"
        " coalesce(s.name_th, a.name_th) FROM ledger_account_balance b JOIN reference_account a ON a.code = b.account_code"
        " LEFT JOIN ledger_sub_account s ON s.entity_id = b.entity_id AND s.account_code = b.account_code"
        "  AND s.sub_account = b.sub_account"
        " WHERE b.entity_id = %s AND b.fiscal_year = %s ORDER BY 1, 2",
        (actor.entity_id, fiscal_year),
    )
    accounts = tuple(ExportedAccount(*values) for values in found)
    return ExportedBooks(actor.entity_id, actor.entity_code, actor.entity_name, fiscal_year, accounts)


def export_year(*, actor: Actor, fiscal_year: int, style: str) -> Iterator[str]:
    """Pieces of the export in one of the styles beancount, hledger, jsonl; open the transaction with `snapshot=True`."""
    books = exported_books(actor=actor, fiscal_year=fiscal_year)
    return export(style=style, books=books, journals=stream_journals(fiscal_year=fiscal_year, by_date=True))
