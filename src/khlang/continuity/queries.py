"""Reads of imports, and what a reading is checked against."""

import contextlib
import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.db.models import Q

from khlang.continuity.models import Import
from khlang.continuity.rules.findings import Finding
from khlang.continuity.rules.reading import Reading, Vocabulary
from khlang.continuity.rules.states import ImportState
from khlang.continuity.rules.views import ImportView
from khlang.continuity.writers.template import TemplateFacts, write_template
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import normalise
from khlang.ledger import queries as ledger
from khlang.ledger.rules import AccountView, LedgerFacts
from khlang.toolkit import sql
from khlang.toolkit.tenancy import required_entity_id

PAGE_SIZE = 50
STALE_AFTER = timedelta(seconds=30)
_FIELDS = tuple(ImportView.__dataclass_fields__)


def _view(row: Import) -> ImportView:
    values = {name: getattr(row, name) for name in _FIELDS}
    values["state"] = ImportState(row.state)
    values["findings"] = tuple(Finding.from_json(kept) for kept in row.findings)
    return ImportView(**values)


def import_(*, import_id: UUID) -> ImportView:
    """One import of the entity. Refuses continuity.import_unknown."""
    row = Import.objects.filter(entity_id=required_entity_id(), id=import_id).first()
    if row is None:
        raise Refused(Refusal("continuity.import_unknown"))
    return _view(row)


def known_import(*, import_id: UUID) -> ImportView | None:
    """One import of the entity, or None."""
    row = Import.objects.filter(entity_id=required_entity_id(), id=import_id).first()
    return _view(row) if row else None


def hands_of_import(number: str) -> dict[str, tuple[int, ...]]:
    """Who took which step of an import of the entity of the transaction; nobody where the number is unknown."""
    with contextlib.suppress(ValueError):
        found = known_import(import_id=UUID(number))
        return {"journal_prepared": (found.made_by,)} if found else {}
    return {}


# For whoever collects work (parameters: entity, now): a file of the last weeks waits for a decision or a correction.
IMPORTS_WAIT = """EXISTS (SELECT FROM continuity_import WHERE entity_id = %(entity)s AND mode = 'journals'
    AND state IN ('checked', 'refused', 'stopped') AND made_at > %(now)s - interval '1 month')"""


def imports(*, search: str = "", state: str = "", page: int = 1) -> tuple[list[ImportView], int]:
    """One page of imports, newest first, narrowed by file name or person and by state; and how many match."""
    found = Import.objects.filter(entity_id=required_entity_id()).defer("findings").order_by("-made_at", "-id")
    if search:
        found = found.filter(Q(file_name__icontains=search) | Q(made_by_name__icontains=search))
    if state:
        found = found.filter(state=state)
    first = (page - 1) * PAGE_SIZE
    return [_listed(row) for row in found[first : first + PAGE_SIZE]], found.count()


def _listed(row: Import) -> ImportView:
    row.findings = []
    return _view(row)


def same_file(*, sha256: str, besides: UUID) -> ImportView | None:
    """The latest other import of the same file that posted something."""
    found = Import.objects.filter(entity_id=required_entity_id(), file_sha256=sha256, posted__gt=0)
    row = found.exclude(id=besides).exclude(state=str(ImportState.UNDONE)).order_by("-made_at").first()
    return _view(row) if row else None


def is_undoing(*, besides: UUID) -> bool:
    """Whether another import of the entity is being undone now."""
    found = Import.objects.filter(entity_id=required_entity_id(), state=str(ImportState.UNDOING))
    return found.exclude(id=besides).exists()


def is_stale(view: ImportView, *, now: datetime) -> bool:
    """Whether work on it was interrupted: nobody has moved it for half a minute."""
    return view.is_at_work and now - view.beat_at > STALE_AFTER


def vocabulary(*, facts: LedgerFacts) -> Vocabulary:
    """The words that files may use for kinds, sources of money, types and accounts."""
    kinds = sql.rows("SELECT code, prefix_th, label_th, label_en FROM reference_journal_kind")
    funds = sql.rows("SELECT code, name_th, name_en FROM reference_fund_source")
    return Vocabulary(
        kinds=_labels(kinds),
        fund_sources=_labels(funds),
        budget_types={code.lower(): code for code in facts.budget_types},
        accounts=frozenset(facts.accounts),
        todays_code={
            code: fact.mapped_code for code, fact in facts.accounts.items() if fact.mapped_code and "-" not in code
        },
    )


def _labels(rows: Iterable[tuple[str, ...]]) -> dict[str, str]:
    return {normalise(label).lower(): values[0] for values in rows for label in values if label}


def reading(*, actor: Actor, view: ImportView, facts: LedgerFacts, today: date) -> Reading:
    """What the file of an import is read against."""
    return Reading(
        entity_id=actor.entity_id,
        entity_code=actor.entity_code,
        today=today,
        vocabulary=vocabulary(facts=facts),
        fiscal_year=view.fiscal_year,
        converts_old_codes=view.converts_old_codes,
    )


def facts_digest(facts: LedgerFacts) -> str:
    """A short sign of everything a check depends on: when it is the same, nothing needs to be checked again."""
    sha = hashlib.sha256()
    for code in sorted(facts.accounts):
        fact = facts.accounts[code]
        sha.update(f"{code}|{fact.is_postable}|{fact.is_open}|{fact.valid_from_year}|{fact.valid_to_year}\n".encode())
    for year in sorted(facts.years):
        sha.update(f"{year}|{sorted(facts.years[year].periods.items())}\n".encode())
    return sha.hexdigest()[:32]


def template_accounts(*, fiscal_year: int) -> list[AccountView]:
    """The postable accounts of a year, for the drop-downs of the template."""
    return [view for view in ledger.accounts(fiscal_year=fiscal_year, postable_only=True) if view.is_open]


def stored_path(view: ImportView) -> str:
    """Where the file of an import lies on disk."""
    return str(settings.KHLANG_HOME / view.file_path)


def template_facts(*, actor: Actor, fiscal_year: int) -> TemplateFacts:
    """What the template of an entity and a fiscal year (B.E.) offers in its lists."""
    return TemplateFacts(
        entity_code=actor.entity_code,
        entity_name=actor.entity_name,
        fiscal_year=fiscal_year,
        accounts=[(view.account, view.name_th) for view in template_accounts(fiscal_year=fiscal_year)],
        fund_sources=sql.rows("SELECT code, name_th FROM reference_fund_source ORDER BY sort_key, code"),
        kinds=sql.rows("SELECT label_th, '' FROM reference_journal_kind ORDER BY sort_key, code"),
        budget_types=sql.rows("SELECT code, name_th FROM reference_budget_type ORDER BY code"),
    )


def template_to(output: Path | BinaryIO, *, facts: TemplateFacts) -> None:
    """Write the template; needs no transaction."""
    write_template(output, facts=facts)
