"""Entities: one, many, a page of 30,000. The list is national; any connection may ask."""

from django.db.models import Count, QuerySet

from khlang.identity.models import Entity
from khlang.identity.rules import EntityFilter, EntityView, Listing
from khlang.identity.rules.people import PEOPLE_A_PAGE
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import search_key
from khlang.toolkit.tenancy import once


def entity_view(row: Entity) -> EntityView:
    """A row as others see it."""
    return EntityView(
        entity_id=row.entity_id,
        code=row.code,
        name_th=row.name_th,
        name_en=row.name_en,
        level=row.level,
        kind=row.kind,
        province_code=row.province_code,
        parent_code=row.parent.code if row.parent else "",
    )


def entity(*, code: str) -> EntityView:
    """The entity with this code; refuses identity.entity_unknown {entity}."""
    found = known_entity(code=code)
    if found is None:
        raise Refused(Refusal("identity.entity_unknown", {"entity": code}))
    return found


def known_entity(*, code: str) -> EntityView | None:
    """The entity with this code, or None."""
    return once(("entity", code), lambda: _known_entity(code))


def _known_entity(code: str) -> EntityView | None:
    row = Entity.objects.select_related("parent").filter(code=code).first()
    return None if row is None else entity_view(row)


def entities(*, level: str = "", kind: str = "", province_code: str = "", search: str = "") -> list[EntityView]:
    """Entities in Thai order, narrowed by what is given; `search` looks in code and names."""
    chosen = EntityFilter(search, level, kind, province_code)
    return [entity_view(row) for row in _narrowed(chosen)]


def entity_page(chosen: EntityFilter) -> Listing[EntityView]:
    """One page of the entities that match, in Thai order."""
    found = _narrowed(chosen)
    start = (chosen.page - 1) * PEOPLE_A_PAGE
    rows = tuple(entity_view(row) for row in found[start : start + PEOPLE_A_PAGE])
    return Listing(rows, found.count(), chosen.page)


def entity_counts(*, province_code: str = "") -> dict[str, int]:
    """How many entities stand on each level, in one province or all."""
    found = Entity.objects.filter(province_code=province_code) if province_code else Entity.objects.all()
    return dict(found.values_list("level").annotate(count=Count("pk")).order_by("level"))


def _narrowed(chosen: EntityFilter) -> QuerySet[Entity]:
    asked = {"level": chosen.level, "kind": chosen.kind, "province_code": chosen.province_code}
    found = Entity.objects.select_related("parent").filter(**{name: value for name, value in asked.items() if value})
    for word in search_key(chosen.search).split():
        found = found.filter(search_text__contains=word)
    return found.order_by("sort_key", "code")
