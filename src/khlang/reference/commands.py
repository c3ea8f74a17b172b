"""Bring the national tables to what the files say. Run by the owner of the database, never by the serving role."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import Model

from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.thai_text import sort_key
from khlang.reference import models, rules

MODELS: Mapping[str, type[Model]] = {
    "account": models.Account,
    "bank": models.Bank,
    "budget_line_kind": models.BudgetLineKind,
    "budget_type": models.BudgetType,
    "entity_kind": models.EntityKind,
    "fund_source": models.FundSource,
    "grant_kind": models.GrantKind,
    "holiday": models.Holiday,
    "journal_kind": models.JournalKind,
    "legal_instrument": models.LegalInstrument,
    "parameter": models.Parameter,
    "plan": models.Plan,
    "province": models.Province,
    "statement_line": models.StatementLine,
}

MEANING: Mapping[str, tuple[str, ...]] = {
    "account": ("chart", "kind", "normal_side", "is_postable", "is_cash"),
    "fund_source": ("in_budget",),
    "budget_type": ("side",),
    "journal_kind": ("series",),
}
"""What may never change once books use the row: posted figures would silently say something else."""

IN_FILE_ORDER = frozenset({"journal_kind", "entity_kind", "budget_line_kind", "grant_kind"})
WITHOUT_STORED_ORDER = frozenset({"legal_instrument", "parameter", "holiday", "statement_line"})
Key = tuple[Any, ...]
Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ListReport:
    """What loading did to one list, in rows."""

    name: str
    rows: int
    added: int
    changed: int
    removed: int


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What loading did, list by list."""

    lists: tuple[ListReport, ...]

    @property
    def changes(self) -> int:
        """Rows added, changed or removed in all."""
        return sum(each.added + each.changed + each.removed for each in self.lists)


def read_reference_data(*, directory: Path | None = None) -> rules.ReferenceSet:
    """Read and check the files; without a directory, those that came with the program.

    Refuses with every fault at once, each at its file and row (all codes of `rules.parse` and `rules.check`).
    """
    base = directory or resources.files("khlang.reference") / "data"
    texts = {}
    for path in rules.PATHS:
        file = base.joinpath(*path.split("/"))
        if file.is_file():
            texts[path] = file.read_bytes()
    return rules.read(texts)


def load_reference_data(*, directory: Path | None = None) -> LoadReport:
    """Bring every national table to what the files say, in one transaction; a second run changes nothing.

    Refuses what `read_reference_data` refuses, and reference.only_owner_loads,
    reference.row_may_not_leave {list, code}, reference.meaning_is_fixed {list, code, column, before, after}.
    """
    found = read_reference_data(directory=directory)
    _require_owner()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("LOCK TABLE reference_account IN SHARE ROW EXCLUSIVE MODE")
        work = [_Work.prepare(national, found) for national in rules.LISTS]
        refuse_any(refusal for each in work for refusal in each.refusals())
        return LoadReport(tuple(each.write() for each in work))


def _require_owner() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege('reference_account', 'INSERT'), current_user")
        allowed, user = cursor.fetchone()
    if not allowed:
        raise Refused(Refusal("reference.only_owner_loads", {"user": user}))


@dataclass(frozen=True, slots=True)
class _Work:
    """One list on its way into its table: what is there and what is wanted, by key."""

    national: rules.NationalList
    places: Mapping[Key, str]
    wanted: Mapping[Key, Row]
    present: Mapping[Key, Row]

    @classmethod
    def prepare(cls, national: rules.NationalList, found: rules.ReferenceSet) -> "_Work":
        """Compare the files with the table."""
        wanted, places = {}, {}
        for number, placed in enumerate(found.rows[national.name]):
            row = asdict(placed.value)
            row |= _sort_key(national.name, row, number)
            key = _key(national, row)
            wanted[key], places[key] = row, placed.place
        names = list(next(iter(wanted.values())))
        rows = MODELS[national.name].objects.values(*names)  # type: ignore[attr-defined]
        return cls(national, places, wanted, {_key(national, row): row for row in rows})

    def refusals(self) -> Iterator[Refusal]:
        """Rows that may not leave, and columns that may not change."""
        name = self.national.name
        for key in self.present:
            if key not in self.wanted and not self.national.may_shrink:
                yield Refusal(
                    "reference.row_may_not_leave", {"list": name, "code": _text(key)}, self.national.files[0].path
                )
        for key in self.changed():
            before, after = self.present[key], self.wanted[key]
            columns = [column for column in MEANING.get(name, ()) if before[column] != after[column]]
            if columns and _is_used(name, str(key[0])):
                for column in columns:
                    facts = {"list": name, "code": _text(key), "column": column}
                    facts |= {"before": str(before[column]), "after": str(after[column])}
                    yield Refusal("reference.meaning_is_fixed", facts, self.places[key])

    def changed(self) -> list[Key]:
        """Keys of rows that are there and should be otherwise."""
        return [key for key, row in self.wanted.items() if key in self.present and self.present[key] != row]

    def write(self) -> ListReport:
        """Add, change, remove; says how many."""
        model = MODELS[self.national.name]
        added = [key for key in self.wanted if key not in self.present]
        changed = self.changed()
        removed = [key for key in self.present if key not in self.wanted]
        for key in removed:
            model.objects.filter(**dict(zip(self.national.key, key, strict=True))).delete()  # type: ignore[attr-defined]
        touched = [model(**self.wanted[key]) for key in (*added, *changed)]
        if touched:
            others = [name for name in self.wanted[(*added, *changed)[0]] if name not in self.national.key]
            model.objects.bulk_create(  # type: ignore[attr-defined]
                touched, batch_size=500, update_conflicts=True, unique_fields=self.national.key, update_fields=others
            )
        return ListReport(self.national.name, len(self.wanted), len(added), len(changed), len(removed))


def _key(national: rules.NationalList, row: Row) -> Key:
    return tuple(row[name] for name in national.key)


def _text(key: Key) -> str:
    return " ".join(str(part) for part in key)


def _sort_key(name: str, row: Row, number: int) -> Row:
    """The stored order of a list: codes sort themselves, names in Thai order, some lists as written."""
    if name in WITHOUT_STORED_ORDER:
        return {}
    if name in IN_FILE_ORDER:
        return {"sort_key": f"{number:03d}"}
    return {"sort_key": sort_key(row["name_th"]) if name == "province" else row["code"]}


def _is_used(name: str, code: str) -> bool:
    """Whether any row of any table of any entity refers to this code.

    The foreign keys are asked, by a deletion that is always taken back: only they see past row-level security.
    """
    trial = transaction.savepoint()
    try:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM reference_{name} WHERE code = %s", [code])  # noqa: S608  (name is ours)
    except IntegrityError:
        return True
    else:
        return False
    finally:
        transaction.savepoint_rollback(trial)
