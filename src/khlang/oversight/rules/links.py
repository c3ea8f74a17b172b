"""Where the key of a document in the record ("voucher:…") leads."""

from collections.abc import Mapping

from khlang.kernel.statements import Link

# Kind → page and the names of its parameters, in the order of the key's parts; parts that are left over lead nowhere.
PAGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "journal": ("reporting:journal", ("fiscal_year", "sequence_no")),
    "batch": ("continuity:detail", ("import_id",)),
    "import": ("continuity:detail", ("import_id",)),
    "voucher": ("journal_vouchers:detail", ("voucher_id",)),
    "period": ("ledger:periods-of-year", ("fiscal_year",)),
    "year": ("ledger:periods-of-year", ("fiscal_year",)),
    "account": ("ledger:account", ("account",)),
    "person": ("identity:person", ("user_id",)),
    "order": ("identity:order", ("order_id",)),
}


def document_link(document: str) -> Link | None:
    """The page of a document, or None when its kind has none."""
    kind, _, key = document.partition(":")
    if kind not in PAGES or not key:
        return None
    page, names = PAGES[kind]
    parts = key.split(":")
    if len(parts) < len(names) or not all(parts):
        return None
    return Link(page, dict(zip(names, parts, strict=False)))
