"""The page on which the department sets the mode of the whole system."""

import uuid
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused, refuse_any
from khlang.operations import commands, forms, queries
from khlang.operations.rules import ModeView
from khlang.operations.words import MODES
from khlang.toolkit.tenancy import entity_transaction


@require_GET
@page(act="operations.set_mode")
def modes(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The mode now, what is planned, the form, and the whole history."""
    return _page(request, actor, {"mode": "read_only"})


@require_POST
@page(act="operations.set_mode")
def set_mode(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Set or plan a mode."""
    form = forms.ModeForm(request.POST)
    draft = form.draft()
    try:
        refuse_any(form.refusals)
        commands.set_mode(actor=actor, draft=draft, at=timezone.now(), key=form.sent_key)
    except Refused as refused:
        return _refused(request, actor, refused)
    messages.success(
        request, _("The mode is planned.") if draft.starts_at else _("The mode is set, everywhere at once.")
    )
    return redirect("operations:modes", entity_code=actor.entity_code)


@require_POST
@page(act="operations.set_mode")
def call_off_mode(request: HttpRequest, actor: Actor, number: int) -> HttpResponse:
    """Call a planned mode off."""
    form = forms.MomentsForm(request.POST)
    reason = request.POST.get("reason", "")
    try:
        commands.call_off_mode(actor=actor, number=number, reason=reason, at=timezone.now(), key=form.sent_key)
    except Refused as refused:
        # The reason of a row in the list, not the one of the form above it.
        return _refused(request, actor, Refused(*(Refusal(each.code, each.facts, "") for each in refused.refusals)))
    messages.success(request, _("Called off."))
    return redirect("operations:modes", entity_code=actor.entity_code)


def _refused(request: HttpRequest, actor: Actor, refused: Refused) -> HttpResponse:
    with entity_transaction(actor.entity_id, read_only=True):
        response = _page(request, actor, request.POST.dict(), refused)
    response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
    return response


def _page(request: HttpRequest, actor: Actor, typed: dict[str, str], refused: Refused | None = None) -> HttpResponse:
    at = timezone.now()
    found = queries.history()
    planned = [row for row in found if row.starts_at > at and not row.called_off_by]
    facts = {
        "actor": actor,
        "situation": queries.situation(at=at),
        "choices": [(mode, *words) for mode, words in MODES.items()],
        "planned": [(row, _name(row), uuid.uuid4()) for row in sorted(planned, key=lambda row: row.starts_at)],
        "history": [(row, _name(row)) for row in found if row not in planned],
        "names": MODES,
        "typed": typed,
        "key": typed.get("key") if refused else uuid.uuid4(),
        "refusals": refused.refusals if refused else (),
    }
    facts["name"] = MODES[facts["situation"].mode][0]  # type: ignore[attr-defined]
    return render(request, "operations/modes.html", facts)


def _name(row: ModeView) -> object:
    return MODES[row.mode][0]
