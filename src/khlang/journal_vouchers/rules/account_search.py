"""Which accounts a few typed letters mean: by code, by name, tone marks wanted or not."""

from collections.abc import Iterable

from khlang.kernel.thai_text import normalise, search_key
from khlang.ledger.rules import AccountView

FOUND_MAX = 30


def matching_accounts(accounts: Iterable[AccountView], search: str, *, limit: int = FOUND_MAX) -> list[AccountView]:
    """The accounts a search means, best first: code, start of the name, exact spelling, then without tone marks."""
    exact, words = normalise(search).lower(), search_key(search).split()
    ranked: list[tuple[int, str, AccountView]] = []
    for account in accounts:
        rank = _rank(account, exact, words)
        if rank is not None:
            ranked.append((rank, account.account, account))
    ranked.sort(key=lambda entry: entry[:2])
    return [account for _, _, account in ranked[:limit]]


def _rank(account: AccountView, exact: str, words: list[str]) -> int | None:
    name = normalise(f"{account.name_th} {account.name_en}").lower()
    known = search_key(f"{account.account} {account.printed_code} {account.name_th} {account.name_en}")
    if not all(word in known for word in words):
        return None
    if account.account.startswith(exact) or (account.printed_code and account.printed_code.startswith(exact)):
        return 0
    if name.startswith(exact):
        return 1
    return 2 if exact in name else 3
