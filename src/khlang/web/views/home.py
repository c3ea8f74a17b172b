"""The home page of an entity."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from khlang.identity.access import page
from khlang.kernel.actors import Actor
from khlang.web import queries
from khlang.web.shell import Shell, language
from khlang.web.templatetags.khlang import thai_date


@require_GET
@page(act="web.home")
def home(request: HttpRequest, actor: Actor) -> HttpResponse:
    """What is left to do, key figures, closing, deadlines; for an office above, what it does for all others."""
    shell = Shell(request, actor)
    request.khlang_shell = shell  # type: ignore[attr-defined]
    today = timezone.localdate()
    words = _("%(weekday)s %(date)s") % {"weekday": WEEKDAYS[today.weekday()], "date": thai_date(today, "long")}
    above = queries.above(actor=actor, found=shell.tasks, at=timezone.now())
    if above is not None:
        return render(request, "web/home_above.html", {"above": above, "today_words": words})
    found = queries.home(
        actor=actor,
        found=shell.tasks,
        fiscal_year=shell.fiscal_year,
        today=today,
        language=language(),
    )
    return render(request, "web/home.html", {"home": found, "today_words": words})
