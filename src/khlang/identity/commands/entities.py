"""Make entities, one by one or from a file, and bring their names up to date."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from khlang.audit import commands as audit
from khlang.identity.models import Entity
from khlang.identity.permissions import require
from khlang.identity.queries import entity
from khlang.identity.rules import PARENT_LEVEL, EntityView, Level, provincial_code
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.kernel.tables import find_columns
from khlang.kernel.thai_text import normalise, search_key, sort_key
from khlang.reference import queries as reference
from khlang.toolkit import sql
from khlang.toolkit.tables import TableLimits, read_table
from khlang.toolkit.tenancy import entity_transaction

COLUMNS = ("code", "kind", "name_th", "name_en", "province", "parent")
REQUIRED = ("code", "kind", "name_th")
FILE_BYTES_MAX = 10 * 2**20
LIMITS = TableLimits(FILE_BYTES_MAX, rows_max=40_000)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{1,19}", re.ASCII)


@dataclass(frozen=True, slots=True)
class EntityDraft:
    """One entity to be made: code, kind (from the reference list), names, two-digit province, code of the parent."""

    code: str
    kind: str
    name_th: str
    name_en: str = ""
    province: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True)
class ImportCount:
    """What a file of entities did."""

    added: int
    changed: int
    same: int


def add_entity(*, draft: EntityDraft) -> EntityView:
    """Make one entity, or bring its names up to date when the code exists with the same kind (R4).

    Refuses identity.entity_code_malformed, .entity_kind_unknown, .name_missing, .province_unknown, .parent_unknown,
    .entity_code_used (another kind has the code).
    """
    with transaction.atomic():
        save_entity(draft)
    return entity(code=draft.code)


def import_entities(*, path: Path) -> ImportCount:
    """Make or update every entity of a workbook or a UTF-8 CSV with the columns of `COLUMNS`; all of it or none.

    Parents come before children in the file or exist already. Each refusal's `where` is the cell ("B7").
    Refuses identity.file_column_missing, those of `read_table`, and those of `add_entity`.
    """
    return _take(path.read_bytes(), name=path.name)


def take_entities(*, actor: Actor, content: bytes, name: str) -> ImportCount:
    """The same from a page, recorded with the department (R4)."""
    require(actor, "identity.manage_entities")
    with entity_transaction(actor.entity_id):
        count = _take(content, name=name)
        facts = {"file": name, "added": count.added, "changed": count.changed, "same": count.same}
        audit.record(actor=actor, act="identity.import_entities", document=f"entity:{actor.entity_code}", facts=facts)
    return count


def keep_entity(*, actor: Actor, draft: EntityDraft) -> EntityView:
    """`add_entity` from a page, recorded with the department."""
    require(actor, "identity.manage_entities")
    with entity_transaction(actor.entity_id):
        what = save_entity(draft)
        audit.record(
            actor=actor,
            act="identity.keep_entity",
            document=f"entity:{draft.code}",
            facts={"what": what, "kind": draft.kind, "name": draft.name_th, "parent": draft.parent},
        )
    return entity(code=draft.code)


def _take(content: bytes, *, name: str) -> ImportCount:
    rows = read_table(name=name, content=content, limits=LIMITS)
    columns = find_columns(rows, {each: (each,) for each in COLUMNS})
    missing = [each for each in REQUIRED if columns.at(each) is None]
    refuse_any(Refusal("identity.file_column_missing", {"column": each}, str(columns.row)) for each in missing)
    counts = {"added": 0, "changed": 0, "same": 0}
    refusals: list[Refusal] = []
    with transaction.atomic():
        for row in rows:
            if row.number <= columns.row:
                continue
            refusals += row.faults
            values = {each: row.text(columns.at(each)) for each in COLUMNS}
            try:
                counts[save_entity(EntityDraft(**values))] += 1
            except Refused as refused:
                refusals += [refusal.at(row.place(columns.at(refusal.where))) for refusal in refused.refusals]
        refuse_any(refusals)
    return ImportCount(**counts)


def save_entity(draft: EntityDraft) -> str:
    """The write itself: added, changed or same. A local government stands under the office of its province."""
    kinds = {kind.code: kind for kind in reference.entity_kinds()}
    row = Entity.objects.filter(code=draft.code).first()
    kind = kinds.get(draft.kind)
    above = provincial_code(draft.province) if kind and kind.level == str(Level.LOCAL_GOVERNMENT) else ""
    parent = Entity.objects.filter(code=draft.parent or above).first() if draft.parent or above else None
    refuse_any(_entity_refusals(draft, row, parent, {code: kind.level for code, kind in kinds.items()}))
    name = normalise(draft.name_th)
    fields = {
        "name_th": name,
        "name_en": draft.name_en,
        "sort_key": sort_key(name),
        "search_text": search_key(f"{draft.code} {name} {draft.name_en}"),
        "province_code": draft.province or (parent.province_code if parent else ""),
        "parent": parent,
    }
    if row is None:
        number = sql.scalar("SELECT nextval('identity_entity_number')")
        level = kinds[draft.kind].level
        Entity.objects.create(entity_id=number, code=draft.code, kind=draft.kind, level=level, **fields)
        return "added"
    before = {key: getattr(row, key) for key in fields}
    if before == fields:
        return "same"
    Entity.objects.filter(pk=row.pk).update(**fields)
    return "changed"


def _entity_refusals(
    draft: EntityDraft,
    row: Entity | None,
    parent: Entity | None,
    levels: dict[str, str],
) -> Iterator[Refusal]:
    if not _CODE.fullmatch(draft.code):
        yield Refusal("identity.entity_code_malformed", {"entity": draft.code}, "code")
    if draft.kind not in levels:
        yield Refusal("identity.entity_kind_unknown", {"kind": draft.kind}, "kind")
        return
    if not normalise(draft.name_th):
        yield Refusal("identity.name_missing", where="name_th")
    if draft.province and draft.province not in {province.code for province in reference.provinces()}:
        yield Refusal("identity.province_unknown", {"province": draft.province}, "province")
    if row is not None and row.kind != draft.kind:
        yield Refusal("identity.entity_code_used", {"entity": draft.code, "name": row.name_th}, "code")
    level = Level(levels[draft.kind])
    wrong_level = parent is not None and parent.level != PARENT_LEVEL.get(level)
    orphan = parent is None and (bool(draft.parent) or level is Level.UNIT)
    if wrong_level or orphan:
        yield Refusal("identity.parent_unknown", {"parent": draft.parent or "-"}, "parent")
