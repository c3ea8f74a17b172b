"""The department writes an announcement, sees it as readers will, publishes it, and follows how far it came."""

import uuid
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refused, refuse_any
from khlang.kernel.thai_dates import thai_date
from khlang.operations import commands, forms, queries
from khlang.operations.rules import AnnouncementDraft, AnnouncementView, Audience
from khlang.operations.views.announcements import told
from khlang.operations.words import AUDIENCES
from khlang.toolkit import sql
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import list_workbook, workbook_response


@require_GET
@page(act="operations.announce")
def published(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everything published, the newest first."""
    at = timezone.now()
    rows = [(view, AUDIENCES[view.audience], view.is_shown(at)) for view in queries.announcements()]
    return render(request, "operations/published.html", {"actor": actor, "rows": rows})


@require_GET
@page(act="operations.announce")
def new_announcement(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The empty form, or a published announcement to be corrected (?replaces=number)."""
    asked = request.GET.get("replaces", "")
    view = queries.announcement(number=int(asked)) if asked.isdecimal() else None
    return _form(request, actor, _typed(view) if view else {"audience": "all"})


@require_POST
@page(act="operations.announce")
def publish(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Show it as readers will see it; published only from there."""
    form = forms.AnnouncementForm(request.POST)
    draft, at = form.draft(), timezone.now()
    try:
        refuse_any(form.refusals)
        if request.POST.get("do") != "publish":
            commands.check_draft(draft=draft, at=at)
            return _form(
                request, actor, request.POST.dict(), draft=draft if request.POST.get("do") == "preview" else None
            )
        number = commands.announce(actor=actor, draft=draft, at=at, key=form.sent_key)
    except Refused as refused:
        response = _form(request, actor, request.POST.dict(), refused=refused)
        response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response
    messages.success(request, _("Published."))
    return redirect("operations:receipts", entity_code=actor.entity_code, number=number)


@require_GET
@page(act="operations.announce")
def receipts(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """How far an announcement has come: by province, and on asking which entities have not read it."""
    view, found = _receipts(number)
    province = request.GET.get("province", "")
    silent = [entity for entity, readers, _acknowledgers in found if not readers and entity.province_code == province]
    names = {each.code: each for each in queries.audience_codes(Audience.PROVINCE)}
    facts = {
        "actor": actor,
        "view": view,
        "reach": [(each, names.get(each.province)) for each in queries.reach(found)],
        "entities": len(found),
        "read": sum(readers > 0 for _entity, readers, _acknowledgers in found),
        "acknowledged": sum(acknowledgers > 0 for _entity, _readers, acknowledgers in found),
        "province": names.get(province),
        "silent": silent,
    }
    return render(request, "operations/receipts.html", facts)


@require_GET
@page(act="operations.announce")
def receipts_workbook(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:  # noqa: ARG001
    """Every entity with how many of its people read and acknowledged; never who."""
    _view, found = _receipts(number)
    content = list_workbook(
        title=_("Receipts"),
        headings=[_("Province"), _("Entity code"), _("Name"), _("People who read"), _("People who acknowledged")],
        rows=(
            (entity.province_code, entity.code, entity.name_th, readers, acknowledgers)
            for entity, readers, acknowledgers in found
        ),
    )
    return workbook_response(content=content, name=f"announcement-{number}")


def _receipts(number: int) -> tuple[AnnouncementView, list[Any]]:
    view = queries.announcement(number=number)
    if view is None:
        raise Http404
    with sql.named_refusals():
        return view, queries.receipts(view=view)


def _form(
    request: HttpRequest,
    actor: Actor,
    typed: dict[str, str],
    *,
    draft: AnnouncementDraft | None = None,
    refused: Refused | None = None,
) -> HttpResponse:
    facts = {
        "actor": actor,
        "typed": typed,
        "key": typed.get("key") or uuid.uuid4(),
        "audiences": AUDIENCES.items(),
        "provinces": queries.audience_codes(Audience.PROVINCE),
        "kinds": queries.audience_codes(Audience.KIND),
        "refusals": refused.refusals if refused else (),
        "preview": _previewed(draft, actor) if draft else None,
    }
    if draft:
        facts["told"] = told(_previewed(draft, actor))
    with entity_transaction(actor.entity_id, read_only=True):
        return render(request, "operations/announcement_form.html", facts)


def _previewed(draft: AnnouncementDraft, actor: Actor) -> AnnouncementView:
    at = timezone.now()
    return AnnouncementView(
        number=0,
        audience=draft.audience,
        audience_code=draft.audience_code,
        title_th=draft.title_th,
        title_en=draft.title_en,
        body_th=draft.body_th,
        body_en=draft.body_en,
        shown_from=draft.shown_from or at,
        shown_until=draft.shown_until or at,
        is_important=draft.is_important,
        is_acknowledged=draft.is_acknowledged,
        recorded_by_name=actor.name,
        recorded_at=at,
    )


def _typed(view: AnnouncementView) -> dict[str, str]:
    """A published announcement as if typed again, to be corrected."""
    last_day = view.shown_until.astimezone(THAI_TIME) - timedelta(seconds=1)
    return {
        "audience": view.audience,
        **({view.audience: view.audience_code} if view.audience_code else {}),
        "title_th": view.title_th,
        "title_en": view.title_en,
        "body_th": view.body_th,
        "body_en": view.body_en,
        "until_on": _day(last_day),
        "important": "on" if view.is_important else "",
        "acknowledged": "on" if view.is_acknowledged else "",
        "replaces": str(view.number),
    }


def _day(moment: datetime) -> str:
    return thai_date(moment.date())
