"""An entity's own sub-accounts, and the budget figures of its reports."""

import json
import re
from collections.abc import Iterable

from khlang.audit import commands as audit
from khlang.identity.permissions import require
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise
from khlang.ledger.rules import Estimate
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction

_SUB_ACCOUNT = re.compile("[0-9]{2,4}")
_SET = "SELECT ledger_set_sub_account(%s, %s, %s, %s, %s)"


def add_sub_account(*, actor: Actor, account: str, sub_account: str, name_th: str) -> bool:
    """Add (or rename, or open again) a leaf under a national account; True when it is new.

    Refuses ledger.sub_account_malformed {sub_account}, ledger.name_missing, ledger.account_not_postable.
    """
    require(actor, "ledger.manage_accounts")
    name = normalise(name_th)
    if not _SUB_ACCOUNT.fullmatch(sub_account):
        raise Refused(Refusal("ledger.sub_account_malformed", {"sub_account": sub_account}, "sub_account"))
    if not name:
        raise Refused(Refusal("ledger.name_missing", where="name_th"))
    return _set(actor=actor, account=account, sub_account=sub_account, name=name, is_open=True)


def close_sub_account(*, actor: Actor, account: str, sub_account: str, name_th: str) -> None:
    """Let nothing more be posted on a sub-account; its history stays. Refuses ledger.batch_running."""
    require(actor, "ledger.manage_accounts")
    _set(actor=actor, account=account, sub_account=sub_account, name=name_th, is_open=False)


def _set(*, actor: Actor, account: str, sub_account: str, name: str, is_open: bool) -> bool:
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        made = bool(sql.scalar(_SET, (actor.entity_id, account, sub_account, name, is_open)))
        audit.record(
            actor=actor,
            act="ledger.set_sub_account",
            document=f"account:{account}-{sub_account}",
            facts={"name": name, "open": is_open},
        )
        return made


def set_estimates(*, actor: Actor, fiscal_year: int, estimates: Iterable[Estimate]) -> int:
    """Keep the budget figure of each account for the budget column (baht); returns how many were written."""
    require(actor, "continuity.import")
    rows = [{"account": e.account_code, "sub_account": e.sub_account, "amount": str(e.amount)} for e in estimates]
    with sql.named_refusals(), entity_transaction(actor.entity_id):
        count = int(
            sql.scalar(
                "SELECT ledger_set_estimates(%s, %s, %s::jsonb)", (actor.entity_id, fiscal_year, json.dumps(rows))
            ),
        )
        audit.record(
            actor=actor,
            act="ledger.set_estimates",
            document=f"year:{fiscal_year}",
            facts={"accounts": count},
        )
        return count
