"""Entities of the whole country, for the department: find, add, bring in from a file."""

from collections.abc import Sequence
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khlang.identity import commands, queries, words
from khlang.identity.access import page
from khlang.identity.commands import EntityDraft
from khlang.identity.forms import page_of, sent_file, text_of
from khlang.identity.rules import EntityFilter, Level
from khlang.identity.views.showing import FINDINGS_SHOWN, Choice, cell_findings
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.reference import queries as reference
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import list_workbook, workbook_response

_ACT = "identity.manage_entities"


@require_GET
@page(act=_ACT)
def entity_list(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001  (the decorator passes it)
    """Entities, narrowed as the address says, fifty at a time."""
    return _page(request)


def _chosen(request: HttpRequest) -> EntityFilter:
    fields = {name: str(text) for name, text in request.GET.items()}
    named = {name: text_of(fields, name) for name in ("search", "level", "kind")}
    return EntityFilter(**named, province_code=text_of(fields, "province"), page=page_of(fields))


def _page(
    request: HttpRequest,
    *,
    draft: EntityDraft | None = None,
    refusals: Sequence[Refusal] = (),
    findings: Sequence[Refusal] = (),
    ask: str = "",
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    chosen = _chosen(request)
    name = "name_en" if words.english() else "name_th"
    kinds = {kind.code: getattr(kind, name) or kind.name_th for kind in reference.entity_kinds()}
    provinces = {each.code: getattr(each, name) or each.name_th for each in reference.provinces()}
    found = queries.entity_page(chosen)
    context = {
        "chosen": chosen,
        "page": found,
        "entities": [
            (each, kinds.get(each.kind, each.kind), provinces.get(each.province_code, "")) for each in found.rows
        ],
        "levels": [Choice(level, str(words.LEVELS[level])) for level in Level],
        "kinds": [Choice(code, label) for code, label in kinds.items()],
        "provinces": [Choice(code, f"{code} {label}") for code, label in provinces.items()],
        "is_narrowed": bool(chosen.search or chosen.level or chosen.kind or chosen.province_code),
        "draft": draft or EntityDraft("", "", ""),
        "refusals": refusals,
        "findings": findings[:FINDINGS_SHOWN],
        "hidden": max(0, len(findings) - FINDINGS_SHOWN),
        "ask": ask or request.GET.get("ask", ""),
    }
    return render(request, "identity/entities.html", context, status=status)


@require_GET
@page(act=_ACT)
def entity_workbook(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The list as narrowed, whole, with the columns that an import takes."""
    chosen = _chosen(request)
    found = queries.entities(
        level=chosen.level, kind=chosen.kind, province_code=chosen.province_code, search=chosen.search
    )
    content = list_workbook(
        title=_("Entities"),
        headings=["code", "kind", "name_th", "name_en", "province", "parent"],
        rows=((e.code, e.kind, e.name_th, e.name_en, e.province_code, e.parent_code) for e in found),
    )
    return workbook_response(content=content, name=f"{actor.entity_code}-entities")


@require_POST
@page(act=_ACT)
def keep_entity(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Add one entity, or bring its names up to date."""
    fields = {name: str(text) for name, text in request.POST.items()}
    draft = EntityDraft(**{name: text_of(fields, name) for name in commands.COLUMNS})
    try:
        made = commands.keep_entity(actor=actor, draft=draft)
    except Refused as refused:
        return _refused(request, actor, refused, ask="add", draft=draft)
    messages.success(request, _("In the list: %(code)s %(name)s") % {"code": made.code, "name": made.name_th})
    return redirect("identity:entities", entity_code=actor.entity_code)


@require_POST
@page(act=_ACT)
def take_entities(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Bring in a workbook or a CSV; all of it or none, every fault at its cell."""
    try:
        name, content = sent_file(request.FILES.get("file"), limit=commands.FILE_BYTES_MAX)
        count = commands.take_entities(actor=actor, content=content, name=name)
    except Refused as refused:
        return _refused(request, actor, refused, ask="file")
    said = _("%(added)d added, %(changed)d changed, %(same)d as they were")
    messages.success(request, said % {"added": count.added, "changed": count.changed, "same": count.same})
    return redirect("identity:entities", entity_code=actor.entity_code)


def _refused(
    request: HttpRequest, actor: Actor, refused: Refused, *, ask: str, draft: EntityDraft | None = None
) -> HttpResponse:
    status = HTTPStatus.UNPROCESSABLE_ENTITY
    cells, others = cell_findings(refused.refusals) if ask == "file" else ((), refused.refusals)
    with entity_transaction(actor.entity_id, read_only=True):
        return _page(request, draft=draft, refusals=others, findings=cells, ask=ask, status=status)
