"""How a page learns who is there: entity from the address, person from the session, permission from the table."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from functools import cache, wraps
from http import HTTPStatus
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.utils import timezone

from khlang.audit import commands as audit
from khlang.identity import queries
from khlang.identity.models import User
from khlang.identity.permissions import check, may
from khlang.identity.rules import EntityView, Role
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.reference import queries as reference
from khlang.toolkit.json_logs import request_address
from khlang.toolkit.tenancy import entity_transaction, once

# Session key: when the person last proved who she is, in seconds of the epoch. Written by `authentication` alone.
PROVED_AT = "proved_at"
View = Callable[..., HttpResponseBase]
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class NotPermitted(PermissionDenied):
    """The refusal behind a 403 page: which act, and which roles may do it."""

    def __init__(self, refused: Refused) -> None:
        super().__init__(str(refused))
        self.refused = refused


def actor_of(request: HttpRequest, entity_code: str) -> Actor:
    """The signed-in person in the entity of the address; 404 when the entity is not hers, so that none can be probed."""
    return _actor_in(request, _place_of(entity_code))


def _place_of(entity_code: str) -> EntityView:
    found = queries.known_entity(code=entity_code)
    if found is None:
        raise Http404
    return found


def _actor_in(request: HttpRequest, place: EntityView) -> Actor:
    user = request.user
    if not isinstance(user, User):
        raise Http404
    at = timezone.now()
    found = queries.actor_in(
        place,
        user_id=user.pk,
        user_name=user.full_name,
        at=at,
        address=request_address.get(),
        request_id=getattr(request, "request_id", ""),
        fresh=is_fresh(request, at),
    )
    if found is None:
        raise Http404
    return found


def is_fresh(request: HttpRequest, at: datetime) -> bool:
    """Whether the person proved who she is within the last minutes, as approvals and payments ask (step-up)."""
    proved_at = request.session.get(PROVED_AT)
    return isinstance(proved_at, int) and at.timestamp() - proved_at <= step_up_minutes() * 60


@cache
def step_up_minutes() -> int:
    """How long a proof of identity counts for approvals and payments; a national parameter, read once a process."""
    found = reference.parameter(name="step_up_minutes", on_date=timezone.localdate())
    return int(found.value)


def page(*, act: str, writes: bool = False, reads: str = "") -> Callable[[View], View]:
    """Guard a view: log-in, membership, permission for `act`; then call `view(request, actor, **kwargs)`.

    Safe methods run in a read-only transaction of the entity. Other methods open none: the command they call does;
    `writes` says that a view means to open its own even for safe methods. `reads` names whose personal data is shown in
    full ("person:{user_id}", filled with the view's arguments): that it was read is recorded before it is shown. A file
    says how many rows it holds by `response.personal_rows`. Whoever only visits reads, and sends nothing.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, entity_code: str, **kwargs: Any) -> HttpResponseBase:
            if not request.user.is_authenticated:
                return redirect_to_login(request.get_full_path())
            place, safe = _place_of(entity_code), request.method in SAFE_METHODS
            if writes or not safe:
                actor = _admitted(request, place, act, safe=safe)
                response = view(request, actor, **kwargs)
            else:
                # Who she is, what she may, and what she reads: one transaction.
                with entity_transaction(place.entity_id, read_only=True):
                    once(("entity", place.code), lambda: place)
                    actor = _admitted(request, place, act, safe=True)
                    response = _rendered(view(request, actor, **kwargs))
            document = reads.format(**kwargs)
            # Her own data is hers to read.
            if reads and safe and response.status_code == HTTPStatus.OK and document != f"person:{actor.user_id}":
                rows = int(getattr(response, "personal_rows", 1))
                audit.record_reading(actor=actor, document=document, page=act, rows=rows)
            return response

        guarded.act = act  # type: ignore[attr-defined]
        guarded.reads = reads  # type: ignore[attr-defined]
        return guarded

    return guard


def _admitted(request: HttpRequest, place: EntityView, act: str, *, safe: bool) -> Actor:
    """Whoever asks, when she may do the act: a page is shown to whoever may act on it; the proof is asked when she acts."""
    actor = _actor_in(request, place)
    request.actor = actor  # type: ignore[attr-defined]
    refusal = check(replace(actor, fresh=True) if safe else actor, act)
    if refusal is not None:
        raise NotPermitted(Refused(refusal))
    if not safe:
        _refuse_visitors(actor)
    return actor


def _rendered(response: HttpResponseBase) -> HttpResponseBase:
    """Rendered here, while the transaction that may read is still open."""
    if hasattr(response, "render") and not getattr(response, "is_rendered", True):
        rendered: HttpResponseBase = response.render()
        return rendered
    return response


def _refuse_visitors(actor: Actor) -> None:
    """Refuse identity.visitor_only_reads to whoever is here by a visit and nothing else (R321)."""
    if actor.roles == {Role.VISITOR} and not actor.duties:
        raise NotPermitted(Refused(Refusal("identity.visitor_only_reads")))


def allowed(actor: Actor, act: str) -> bool:
    """Whether a page should offer this act to the actor."""
    return may(actor, act)
