"""Bringing people in from a file: send it, look at what it would do, take it, give out the first passwords."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from uuid6 import uuid7

from khlang.identity import commands, queries, words
from khlang.identity.access import page
from khlang.identity.forms import sent_file
from khlang.identity.rules import FILE_BYTES_MAX, PEOPLE_MAX, LineKind, LineVerdict, PeopleFileView, TakeMode, roles_at
from khlang.identity.views.showing import FINDINGS_SHOWN
from khlang.identity.workbooks import people_template
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.page_keys import key_of
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import workbook_response

_ACT = "identity.manage_people"


@require_safe
@page(act=_ACT)
def template(request: HttpRequest, actor: Actor) -> HttpResponse:  # noqa: ARG001  (the decorator passes it)
    """The workbook to fill in."""
    found = queries.entity(code=actor.entity_code)
    name = found.name_en if words.english() and found.name_en else found.name_th
    content = people_template(
        entity_name=f"{name} ({found.code})", roles=roles_at(found.level), english=words.english()
    )
    return workbook_response(content=content, name=f"{actor.entity_code}-people-template")


@require_http_methods(["GET", "POST"])
@page(act=_ACT)
def new_import(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form to send a file; it is read, kept for looking at, and takes nobody in."""
    if request.method == "GET":
        return _form(request, str(uuid7()))
    key = key_of(request.POST.dict())
    try:
        name, content = sent_file(request.FILES.get("file"), limit=FILE_BYTES_MAX)
        made = commands.send_people_file(actor=actor, key=key, name=name, content=content, at=timezone.now())
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _form(request, str(key), refused.refusals, HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("identity:people-import", entity_code=actor.entity_code, people_import_id=made)


def _form(
    request: HttpRequest, key: str, refusals: Sequence[Refusal] = (), status: HTTPStatus = HTTPStatus.OK
) -> HttpResponse:
    limits = {"megabytes": FILE_BYTES_MAX // 2**20, "people_max": PEOPLE_MAX}
    context = {"key": key, "refusals": refusals, "files": queries.people_files(), **limits}
    return render(request, "identity/people_import_new.html", context, status=status)


@require_safe
@page(act=_ACT)
def import_detail(request: HttpRequest, actor: Actor, *, people_import_id: UUID) -> HttpResponse:
    """What the file would do now; once it was taken, what it did and who waits for a first password."""
    del actor
    return _detail(request, people_import_id)


def _detail(
    request: HttpRequest,
    import_id: UUID,
    *,
    mode: str = "",
    refusals: Sequence[Refusal] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    view = queries.people_file_view(import_id=import_id, at=timezone.now())
    if view is None:
        raise Http404
    if view.done_at is not None:
        return render(request, "identity/people_import_done.html", _done_context(view))
    findings = [each for verdict in view.verdicts for each in sorted(verdict.refusals, key=_place)]
    wrong = view.count(LineKind.WRONG)
    context = {
        "file": view,
        "rows": [_shown(each) for each in view.verdicts],
        "added": view.count(LineKind.ADD),
        "changed": view.count(LineKind.CHANGE),
        "same": view.count(LineKind.SAME),
        "wrong": wrong,
        "to_take": view.count(LineKind.ADD) + view.count(LineKind.CHANGE),
        "mode": mode or (TakeMode.VALID if wrong else TakeMode.ALL),
        "findings": findings[:FINDINGS_SHOWN],
        "hidden": max(0, len(findings) - FINDINGS_SHOWN),
        "refusals": refusals,
    }
    return render(request, "identity/people_import.html", context, status=status)


def _place(refusal: Refusal) -> tuple[int, str]:
    """Column Z before column AA, as the sheet shows them."""
    return len(refusal.where), refusal.where


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row of the file on the page."""

    row: int
    username: str
    name: str
    title: str
    roles: tuple[str, ...]
    tone: str
    verdict: str
    changes: tuple[str, ...]
    user_id: int


def _shown(verdict: LineVerdict) -> ShownRow:
    tone, label = words.LINE_KINDS[verdict.kind]
    draft = verdict.line.draft
    return ShownRow(
        row=verdict.line.row,
        username=draft.username,
        name=verdict.name or draft.full_name,
        title=draft.title,
        roles=tuple(words.hat(role) for role in draft.roles),
        tone=tone,
        verdict=str(label),
        changes=tuple(str(words.LINE_FIELDS[name]) for name in verdict.changes),
        user_id=verdict.user_id,
    )


@dataclass(frozen=True, slots=True)
class TakenRow:
    """One person who was brought in or changed."""

    row: int
    user_id: int
    name: str
    what: str
    waits: bool


def _done_context(view: PeopleFileView) -> dict[str, object]:
    names = queries.names_of(user_ids=[each.user_id for each in view.taken])
    waiting = set(queries.without_password(user_ids=[each.user_id for each in view.taken if each.is_new]))
    rows = [
        TakenRow(each.row, each.user_id, names[each.user_id], str(words.TAKEN[each.what]), each.user_id in waiting)
        for each in view.taken
    ]
    added = sum(1 for each in view.taken if each.what == LineKind.ADD)
    return {
        "file": view,
        "rows": rows,
        "added": added,
        "changed": len(rows) - added,
        "waiting": len(waiting),
        "total": len(waiting),
        "given": 0,
    }


@require_POST
@page(act=_ACT)
def take(request: HttpRequest, actor: Actor, *, people_import_id: UUID) -> HttpResponse:
    """Take the list: all rows or only the valid ones; pressed twice it is done once."""
    mode = str(request.POST.get("mode", ""))
    try:
        done = commands.take_people_file(actor=actor, import_id=people_import_id, mode=mode, at=timezone.now())
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return _detail(request, people_import_id, mode=mode, refusals=refused.refusals, status=status)
    if done.replayed:
        said = _("This list was brought in already; nothing was added again.")
    else:
        said = _("%(added)d added, %(changed)d changed") % {"added": done.added, "changed": done.changed}
    messages.success(request, said)
    return redirect("identity:people-import", entity_code=actor.entity_code, people_import_id=people_import_id)


@never_cache
@require_POST
@page(act=_ACT)
def passwords(request: HttpRequest, actor: Actor, *, people_import_id: UUID) -> HttpResponse:
    """The one-time passwords of the next people, as slips to cut apart; a fragment goes on by itself until all are made."""
    try:
        made = commands.give_first_passwords(actor=actor, import_id=people_import_id, at=timezone.now())
    except Refused as refused:
        raise Http404 from refused
    with entity_transaction(actor.entity_id, read_only=True):
        view = queries.people_file_view(import_id=people_import_id, at=timezone.now())
        if view is None:
            raise Http404
        context = _done_context(view)
    context |= {"slips": made, "total": _count(request, "total"), "given": _count(request, "given") + len(made)}
    fragment = "HX-Request" in request.headers
    name = "identity/_first_passwords.html" if fragment else "identity/people_import_passwords.html"
    return render(request, name, context)


def _count(request: HttpRequest, name: str) -> int:
    text = str(request.POST.get(name, ""))[:3]
    return int(text) if text.isascii() and text.isdecimal() else 0
