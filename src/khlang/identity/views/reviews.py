"""The half-yearly review of the list of users, and those of before."""

from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods
from uuid6 import uuid7

from khlang.identity import commands, queries, words
from khlang.identity.access import page
from khlang.identity.forms import judgements
from khlang.identity.rules import Judgement, PersonFilter, chosen_people
from khlang.identity.views.showing import hats_in_words
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit.page_keys import key_of
from khlang.toolkit.tenancy import entity_transaction
from khlang.toolkit.workbook import list_workbook, workbook_response


@require_http_methods(["GET", "POST"])
@page(act="identity.review_people")
def review(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Everybody on the list, to be kept or ended, and the reviews of before."""
    if request.method == "GET":
        return _page(request, uuid7())
    fields = {name: str(text) for name, text in request.POST.items()}
    key, judged = key_of(fields), judgements(fields)
    try:
        made = commands.sign_review(actor=actor, review_id=key, judged=judged, at=timezone.now())
    except Refused as refused:
        with entity_transaction(actor.entity_id, read_only=True):
            return _page(request, key, judged=judged, refusals=refused.refusals)
    messages.success(request, _("The review is signed. Ended: %(count)s.") % {"count": made.ended})
    return redirect("identity:review-past", entity_code=actor.entity_code, review_id=made.review_id)


def _page(
    request: HttpRequest,
    key: UUID,
    *,
    judged: tuple[Judgement, ...] = (),
    refusals: tuple[Refusal, ...] = (),
) -> HttpResponse:
    by_number = {each.user_id: each for each in judged}
    rows = chosen_people(queries.all_people(at=timezone.now()), PersonFilter())
    context = {
        "key": key,
        "people": [(row, hats_in_words(row), by_number.get(row.user_id)) for row in rows],
        "due": queries.review_due(today=timezone.localdate()),
        "today": timezone.localdate(),
        "reviews": queries.reviews(),
        "refusals": refusals,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "identity/review.html", context, status=status)


@require_GET
@page(act="identity.review_people")
def past_review(request: HttpRequest, actor: Actor, *, review_id: UUID) -> HttpResponse:  # noqa: ARG001
    """One review as it was signed."""
    found = queries.review(review_id=review_id)
    if found is None:
        raise Http404
    people = [(each, [words.hat(str(hat)) for hat in _list(each.get("hats"))]) for each in found.people]
    return render(request, "identity/review_past.html", {"review": found, "people": people})


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []


@require_GET
@page(act="identity.review_people")
def review_workbook(request: HttpRequest, actor: Actor, *, review_id: UUID) -> HttpResponse:  # noqa: ARG001
    """The same as a workbook."""
    found = queries.review(review_id=review_id)
    if found is None:
        raise Http404
    verdicts = {"keep": _("kept"), "end": _("ended")}
    content = list_workbook(
        title=_("Review of users"),
        headings=[_("Name"), _("Title"), _("Roles and duties"), _("Last log-in"), _("Judged"), _("Reason")],
        rows=(
            (
                str(each["name"]),
                str(each["title"]),
                "; ".join(words.hat(str(hat)) for hat in _list(each.get("hats"))),
                str(each["last_login"])[:10],
                str(verdicts.get(str(each["verdict"]), each["verdict"])),
                str(each["reason"]),
            )
            for each in found.people
        ),
    )
    return workbook_response(content=content, name=f"{actor.entity_code}-review-{found.reviewed_at:%Y-%m-%d}")
