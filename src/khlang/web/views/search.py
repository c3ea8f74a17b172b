"""Answers of the search boxes, as JSON."""

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.web import queries
from khlang.web.shell import language

_LONGEST = 80


@require_GET
@page(act="web.home")
def palette(request: HttpRequest, actor: Actor) -> JsonResponse:
    """Budget lines with what is left, journals and accounts that match `q`."""
    found = queries.hits(
        actor=actor,
        text=request.GET.get("q", "")[:_LONGEST],
        fiscal_year=queries.working_year(),
        today=timezone.localdate(),
    )
    return JsonResponse({"results": [[hit.label, hit.href, hit.icon, hit.detail, hit.group] for hit in found]})


@require_GET
@page(act="ledger.read")
def account_choices(request: HttpRequest, actor: Actor) -> JsonResponse:  # noqa: ARG001  (the decorator passes it)
    """Accounts one may post to, for a field of entry: `q` code or words, `year` fiscal year (B.E.)."""
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() else queries.working_year() or fiscal_year_of(timezone.localdate())
    found = queries.account_choices(text=request.GET.get("q", "")[:_LONGEST], fiscal_year=year)
    english = language() == "en"
    return JsonResponse(
        {
            "results": [
                {"value": view.account, "label": (english and view.name_en) or view.name_th, "detail": view.sub_account}
                for view in found
            ],
        },
    )
