"""Honest pages for what went wrong: what happened, what it means for one's work, what to do, a code to tell."""

import json
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from khlang.authentication.access import is_script, signed_out
from khlang.identity.access import NotPermitted
from khlang.identity.permissions import MATRIX
from khlang.identity.rules import Duty, Role, hat_name
from khlang.toolkit.json_logs import request_id

_CODE_LENGTH = 8


def error_id() -> str:
    """The short code by which the log line of this request is found."""
    return request_id.get()[:_CODE_LENGTH].upper()


def _answer(request: HttpRequest, status: HTTPStatus, heading: str, lines: list[str], **facts: object) -> HttpResponse:
    if is_script(request):
        return _to_script(status, status.phrase, heading)
    shown = {"heading": heading, "lines": lines, "error_id": error_id(), **facts}
    return render(request, "web/problem.html", shown, status=status)


def _to_script(status: HTTPStatus, code: str, heading: str) -> JsonResponse:
    """The same for a script; htmx leaves the fragment as it is, and the page says what happened."""
    told = {"message": heading, "error_id": error_id()}
    response = JsonResponse({"code": code, **told}, status=status)
    response["HX-Reswap"] = "none"
    response["HX-Trigger"] = json.dumps({"problem": told})
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  (Django passes it)
    """400."""
    lines = [_("The browser sent something that cannot be read. Nothing was changed.")]
    return _answer(request, HTTPStatus.BAD_REQUEST, _("This request cannot be read"), lines)


def not_permitted(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: which act, and which roles may do it."""
    lines = [_("You are logged in, but this page is not part of your duties in this entity.")]
    why = ""
    if isinstance(exception, NotPermitted):
        act = str(exception.refused.refusals[0].facts.get("act", ""))
        hats = MATRIX[act].hats if act in MATRIX else frozenset()
        roles = [hat_name(hat, english=get_language() == "en") for hat in [*Role, *Duty] if hat in hats]
        why = _why_page(request, act)
        lines.append(_("It belongs to: %(roles)s.") % {"roles": ", ".join(roles)})
        lines.append(_("If it should be yours, ask the system administrator of your office for the role."))
    heading = _("You may not open this page")
    return _answer(request, HTTPStatus.FORBIDDEN, heading, lines, why=why)


def _why_page(request: HttpRequest, act: str) -> str:
    """The page that says what is missing and who can, in the entity of the address."""
    entity_code = request.resolver_match.kwargs.get("entity_code", "") if request.resolver_match else ""
    if not entity_code or act not in MATRIX:
        return ""
    return f"{reverse('identity:why', kwargs={'entity_code': entity_code})}?act={act}"


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    """404: also for the books of others, so that nobody can find out by trying which entities exist."""
    lines = [
        _("The address may be mistyped or old, or it belongs to an entity in which you have no role."),
        _("Press Ctrl K on any page to search by number, amount or name."),
    ]
    return _answer(request, HTTPStatus.NOT_FOUND, _("There is no such page"), lines)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: rendered without the database and without the request's context, which may be what failed."""
    heading = _("Something broke on our side")
    if is_script(request):
        return _to_script(HTTPStatus.INTERNAL_SERVER_ERROR, "error", heading)
    lines = [
        _("It is not your mistake, and nothing was half done: what was under way was undone as a whole."),
        _("What you typed is kept on this computer. Try again in a moment."),
    ]
    facts = {"heading": heading, "lines": lines, "error_id": error_id(), "retry": request.get_full_path()}
    return HttpResponse(render_to_string("web/problem.html", facts), status=HTTPStatus.INTERNAL_SERVER_ERROR)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001  (never shown)
    """A form's token is old: after a new log-in in another tab, or after the session ended."""
    if is_script(request):
        return signed_out()
    lines = [
        _("This page was open since before the last log-in, so what it sent was not accepted. Nothing was changed."),
        _("Go back, reload the page, and send again. What you typed is kept on this computer."),
    ]
    back = request.headers.get("Referer", "/")
    retry = back if back.startswith(f"{request.scheme}://{request.get_host()}/") else "/"
    return _answer(request, HTTPStatus.FORBIDDEN, _("The page is too old to be sent"), lines, retry=retry)
