"""Programs by other authors that read our export: Beancount, hledger, ledger. Each answers balances, or a complaint."""

import csv
import io
import shutil
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

PROGRAMS = Path(sys.executable).parent


def needs(program: str) -> pytest.MarkDecorator:
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not on this machine")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


def bean_check(file: Path) -> str:
    """What bean-check complains of; empty when it is content."""
    done = run(str(PROGRAMS / "bean-check"), "--no-cache", str(file))
    return done.stderr + done.stdout if done.returncode else ""


def bean_balances(file: Path) -> dict[str, Decimal]:
    from beancount import loader
    from beancount.core import data, realization

    entries, errors, _ = loader.load_file(str(file))
    assert errors == []
    found = {}
    for account in realization.iter_children(
        realization.realize([e for e in entries if isinstance(e, data.Transaction)])
    ):
        balance = account.balance
        if account.txn_postings:
            found[account.account] = balance.get_currency_units("THB").number
    return found


def hledger_check(file: Path) -> str:
    done = run("hledger", "-f", str(file), "check", "-s", "accounts", "commodities", "ordereddates")
    return done.stderr if done.returncode else ""


def hledger_balances(file: Path) -> dict[str, Decimal]:
    done = run("hledger", "-f", str(file), "balance", "-N", "--flat", "-E", "-O", "csv")
    assert done.returncode == 0, done.stderr
    rows = list(csv.reader(io.StringIO(done.stdout)))[1:]
    return {account: Decimal(amount.removesuffix(" THB")) for account, amount in rows}


def ledger_check(file: Path) -> str:
    done = run("ledger", "--no-pager", "-f", str(file), "balance")
    return done.stderr if done.returncode else ""


def ledger_balances(file: Path) -> dict[str, Decimal]:
    line = "%(account)\t%(scrub(display_total))\n"
    done = run("ledger", "--no-pager", "-f", str(file), "balance", "--flat", "--empty", "--no-total", "--format", line)
    assert done.returncode == 0, done.stderr
    rows = [row.split("\t") for row in done.stdout.splitlines() if row.strip()]
    return {account: Decimal(amount.removesuffix(" THB")) for account, amount in rows}
