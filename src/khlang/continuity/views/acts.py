"""Send a file, check it again, post it, go on, take it back. Small files are done at once, large ones by a job."""

from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from khlang.continuity import commands, jobs
from khlang.continuity.forms import UploadAsked, reason_asked, template_year, upload_asked
from khlang.continuity.rules import ImportState, ImportView
from khlang.continuity.rules.layouts import limit
from khlang.continuity.views import shown
from khlang.continuity.views.pages import wanted
from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.ledger import queries as ledger
from khlang.toolkit.tenancy import entity_transaction

AT_ONCE_JOURNALS_MAX = 300


@require_http_methods(["GET", "HEAD", "POST"])
@page(act="continuity.import")
def new_import(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form that takes a file in."""
    if request.method != "POST":
        return _form(request, actor)
    asked = upload_asked(request)
    if asked.refusals or asked.file is None:
        return _form(request, actor, asked, asked.refusals)
    try:
        view = commands.upload(
            actor=actor,
            import_id=asked.import_id,
            file_name=asked.file.name or "",
            chunks=asked.file.chunks(),
            at=timezone.now(),
            mode=asked.mode,
            converts_old_codes=asked.converts_old_codes,
            compare_to=asked.compare_to,
        )
    except Refused as refused:
        return _form(request, actor, asked, tuple(reason.at("file") for reason in refused.refusals))
    _check(actor, view)
    return _to(actor, view.id)


def _form(
    request: HttpRequest,
    actor: Actor,
    asked: UploadAsked | None = None,
    refusals: tuple[Refusal, ...] = (),
) -> HttpResponse:
    with entity_transaction(actor.entity_id):
        years = ledger.fiscal_years()
    context: dict[str, Any] = {
        "actor": actor,
        "years": years,
        "year": years[0] if years else template_year(request.GET),
        "import_id": uuid4(),
        "asked": asked,
        "refusals": refusals,
    }
    return render(request, "continuity/import_new.html", context, status=422 if refusals else 200)


def _check(actor: Actor, view: ImportView) -> None:
    """Check at once what is small; the double click of a form finds its work under way."""
    if view.state is not ImportState.UPLOADED:
        return
    if view.mode == "trial-balance":
        commands.review_balances(actor=actor, import_id=view.id)
    elif view.file_size <= limit("check", "small_file_bytes"):
        commands.check(actor=actor, import_id=view.id, today=timezone.localdate())
    else:
        jobs.check_import.defer(**_asker(actor, view.id))


def _asker(actor: Actor, import_id: UUID) -> dict[str, Any]:
    return {
        "entity_code": actor.entity_code,
        "user_id": actor.user_id,
        "user_name": actor.name,
        "import_id": str(import_id),
    }


def _to(actor: Actor, import_id: UUID) -> HttpResponse:
    return redirect("continuity:detail", entity_code=actor.entity_code, import_id=import_id)


def _view(actor: Actor, import_id: UUID) -> ImportView:
    with entity_transaction(actor.entity_id):
        return wanted(import_id)


def _refused(request: HttpRequest, actor: Actor, import_id: UUID, refused: Refused) -> HttpResponse:
    with entity_transaction(actor.entity_id):
        context = shown.detail(actor, wanted(import_id), now=timezone.now(), refusals=refused.refusals)
        return render(request, "continuity/import_detail.html", context, status=422)


@require_POST
@page(act="continuity.post")
def post_import(request: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse:
    """Post what was checked: all of it, or the right journals only."""
    view = _view(actor, import_id)
    accepts_valid = request.POST.get("what") == "valid"
    if view.total > AT_ONCE_JOURNALS_MAX:
        return _post_later(request, actor, view, accepts_valid=accepts_valid)
    try:
        commands.post(actor=actor, import_id=import_id, at=timezone.now(), accepts_valid=accepts_valid)
    except Refused as refused:
        return _refused(request, actor, import_id, refused)
    return _to(actor, import_id)


def _post_later(request: HttpRequest, actor: Actor, view: ImportView, *, accepts_valid: bool) -> HttpResponse:
    """Begin the posting, so that the page shows it at once, and leave the work to a job."""
    try:
        commands.begin_posting(actor=actor, import_id=view.id, at=timezone.now(), accepts_valid=accepts_valid)
    except Refused as refused:
        return _refused(request, actor, view.id, refused)
    jobs.post_import.defer(**_asker(actor, view.id), accepts_valid=accepts_valid)
    return _to(actor, view.id)


@require_POST
@page(act="continuity.import")
def check_again(request: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse:
    """Check the same file once more, perhaps reading old codes as today's."""
    view = _view(actor, import_id)
    try:
        commands.choose(actor=actor, import_id=import_id, converts_old_codes=bool(request.POST.get("convert")))
        if view.file_size <= limit("check", "small_file_bytes"):
            commands.check(actor=actor, import_id=import_id, today=timezone.localdate())
        else:
            jobs.check_import.defer(**_asker(actor, import_id))
    except Refused as refused:
        return _refused(request, actor, import_id, refused)
    return _to(actor, import_id)


@require_POST
@page(act="continuity.import")
def resume(request: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse:
    """Go on with work that was interrupted; with posting, only who may approve it."""
    view = _view(actor, import_id)
    if view.state in (ImportState.POSTING, ImportState.STOPPED):
        try:
            commands.begin_posting(
                actor=actor, import_id=import_id, at=timezone.now(), accepts_valid=view.accepts_valid
            )
        except Refused as refused:
            return _refused(request, actor, import_id, refused)
        jobs.post_import.defer(**_asker(actor, import_id), accepts_valid=view.accepts_valid)
    elif view.state is ImportState.UNDOING:
        jobs.undo_import.defer(**_asker(actor, import_id), reason=view.reason)
    elif view.state in (ImportState.UPLOADED, ImportState.CHECKING):
        jobs.check_import.defer(**_asker(actor, import_id))
    return _to(actor, import_id)


@require_POST
@page(act="continuity.undo")
def undo_import(request: HttpRequest, actor: Actor, import_id: UUID) -> HttpResponse:
    """Take an import back by reversing each of its journals."""
    view = _view(actor, import_id)
    try:
        reason = reason_asked(request.POST)
        if view.posted > AT_ONCE_JOURNALS_MAX:
            commands.begin_undo(actor=actor, import_id=import_id, reason=reason)
            jobs.undo_import.defer(**_asker(actor, import_id), reason=reason)
            return _to(actor, import_id)
        view = commands.undo(actor=actor, import_id=import_id, reason=reason)
    except Refused as refused:
        return _refused(request, actor, import_id, refused)
    messages.success(
        request, _("Undone: %(count)d journals were reversed. Both stay visible.") % {"count": view.undone}
    )
    return _to(actor, import_id)
