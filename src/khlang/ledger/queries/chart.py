"""The chart of accounts as a page shows it: every account with its place, its old codes and its successor."""

from khlang.kernel.thai_text import search_key
from khlang.ledger.queries.accounts import account as one_account
from khlang.ledger.queries.accounts import accounts
from khlang.ledger.rules.chart import AccountPage, ChartFilter, ChartRow
from khlang.ledger.rules.views import AccountView, Page
from khlang.reference import queries as reference

_STATEMENTS = ("financial-position", "financial-performance")


def chart_rows(*, asked: ChartFilter) -> list[ChartRow]:
    """The accounts of a chart that the filter leaves, in printed order, the entity's own among them."""
    every = accounts()
    known = {view.account: view for view in every}
    old_codes = {code: tuple(old.code for old in found) for code, found in reference.old_codes().items()}
    rows = (_row(view, known, old_codes) for view in every if view.chart == asked.chart)
    words = search_key(asked.search).split()
    return [row for row in rows if _is_wanted(row.view, asked) and all(word in search_key(row.words) for word in words)]


def chart_page(*, asked: ChartFilter) -> Page[ChartRow]:
    """One page of the same."""
    rows = chart_rows(asked=asked)
    first = (asked.page - 1) * asked.page_size
    return Page(tuple(rows[first : first + asked.page_size]), len(rows), asked.page, asked.page_size)


def _is_wanted(view: AccountView, asked: ChartFilter) -> bool:
    if asked.kind and view.kind != asked.kind:
        return False
    if asked.own_only and not view.sub_account:
        return False
    return view.is_postable or not asked.postable_only


def _row(view: AccountView, known: dict[str, AccountView], old_codes: dict[str, tuple[str, ...]]) -> ChartRow:
    successor = known.get(view.mapped_code)
    return ChartRow(
        view=view,
        level=_level(view, known),
        old_codes=() if view.sub_account else old_codes.get(view.code, ()),
        new_name_th=successor.name_th if successor else "",
        new_name_en=successor.name_en if successor else "",
    )


def _level(view: AccountView, known: dict[str, AccountView]) -> int:
    return len(_groups(view, known))


def _groups(view: AccountView, known: dict[str, AccountView]) -> tuple[AccountView, ...]:
    """The groups an account stands under, outermost first."""
    found: list[AccountView] = []
    above = known.get(view.parent_code)
    while above is not None and above not in found:
        found.insert(0, above)
        above = known.get(above.parent_code)
    return tuple(found)


def account_page(*, account: str) -> AccountPage | None:
    """Everything about one national account; None when there is none. A sub-account shows the account above it."""
    code = account.partition("-")[0]
    view, national = one_account(account=code), reference.account(code=code)
    if view is None or national is None:
        return None
    every = accounts()
    lines = (line for layout in _STATEMENTS for line in reference.statement_lines(layout=layout, chart=view.chart))
    return AccountPage(
        view=view,
        national=national,
        groups=_groups(view, {each.account: each for each in every}),
        sub_accounts=tuple(each for each in every if each.sub_account and each.code == code),
        old_accounts=tuple(reference.old_codes().get(code, ())),
        new_account=reference.account(code=view.mapped_code) if view.mapped_code else None,
        statement_line=next((line for line in lines if line.line_code == view.statement_line), None),
        budget_type=next((each for each in reference.budget_types() if each.code == view.budget_type), None),
    )
