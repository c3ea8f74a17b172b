"""Acts that ask for a new proof of identity: the page asks, keeps everything typed, and goes on where one was."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from http import HTTPStatus
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers

from khlang.authentication import commands, queries
from khlang.authentication.access import is_script, origin_of, prove_again, to_script
from khlang.authentication.answers import refused_status, refused_to_script
from khlang.authentication.commands import Proof
from khlang.identity.access import NotPermitted, actor_of, is_fresh
from khlang.kernel.refusals import Refused

EVENT = "step-up-needed"
CODE = "identity.step_up_needed"
# The proof travels beside the fields of the form it is for.
MARK = "step_up"
_PROOF = {name: f"{MARK}_{name}" for name in ("password", "code", "credential")}
_OURS = frozenset({MARK, "csrfmiddlewaretoken", *_PROOF.values()})


def ask(
    request: HttpRequest,
    *,
    fields: Iterable[tuple[str, str]],
    action: str,
    refused: Refused | None = None,
    marked: bool = False,
) -> HttpResponse:
    """The page that asks, with everything that was typed in it. `marked`: the answer goes to the act itself."""
    facts = {
        "fields": list(fields),
        "action": action,
        "factors": queries.second_factors(user_id=int(request.user.pk or 0)),
        "refusals": refused.refusals if refused else (),
        "names": _PROOF if marked else {name: name for name in _PROOF},
        "mark": MARK if marked else "",
        "files": sorted(request.FILES),
    }
    if is_script(request):
        return render(request, "authentication/_prove_form.html", {**facts, "in_place": True})
    status = refused_status(refused) if refused else HTTPStatus.UNAUTHORIZED
    response = render(request, "authentication/prove.html", facts, status=status)
    add_never_cache_headers(response)
    return response


def _roles(request: HttpRequest, entity_code: str, at: datetime) -> frozenset[str]:
    """What the person is where she acts; anywhere, for what belongs to no entity."""
    if entity_code:
        with suppress(Http404):
            return actor_of(request, entity_code).roles
    return queries.roles_of(user_id=int(request.user.pk or 0), at=at)


class StepUpMiddleware:
    """Turns `identity.step_up_needed` of any page into the question, and takes the answer before the page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request."""
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: object, _arguments: object, view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        """Take a proof that came with a form. The form's own token was checked before."""
        if request.method != "POST" or MARK not in request.POST or not request.user.is_authenticated:
            return None
        now = timezone.now()
        given = {name: request.POST.get(field, "") for name, field in _PROOF.items()}
        if is_fresh(request, now) and not any(given.values()):
            # Proved meanwhile in another tab, by ThaiD.
            return None
        roles = _roles(request, view_kwargs.get("entity_code", ""), now)
        try:
            attempt, door = commands.try_proof(
                user=request.user, proof=Proof(**given), origin=origin_of(request), at=now, roles=roles
            )
        except Refused as refused:
            return self._ask(request, refused)
        commands.succeed(attempt=attempt, at=now, remember=False)
        prove_again(request, door=door, at=now)
        return None

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Ask instead of refusing."""
        if not isinstance(exception, NotPermitted) or exception.refused.refusals[0].code != CODE:
            return None
        return self._ask(request, None)

    def _ask(self, request: HttpRequest, refused: Refused | None) -> HttpResponseBase:
        if is_script(request):
            return refused_to_script(refused) if refused else to_script(event=EVENT, told={}, status=401)
        fields = [(name, value) for name, found in request.POST.lists() if name not in _OURS for value in found]
        return ask(request, fields=fields, action=request.get_full_path(), refused=refused, marked=True)
