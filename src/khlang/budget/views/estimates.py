"""What an ordinance expects to receive beside what came in before; its texts; copying a year; each over the version read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from khlang.budget import commands, queries
from khlang.budget.forms.ordinances import TEXTS, estimate_keys, estimates_form, texts_of, whole
from khlang.budget.rules import OPEN_TO_BUDGET_OFFICER, OPEN_TO_DIVISIONS, EstimateView, OrdinanceView
from khlang.budget.views import ordinance_showing as showing
from khlang.budget.views import ordinance_words as words
from khlang.identity.access import allowed, page
from khlang.kernel.actors import Actor
from khlang.kernel.money import ZERO, Baht
from khlang.kernel.refusals import Refusal, Refused, message
from khlang.reference import queries as reference
from khlang.toolkit.tenancy import entity_transaction

_SIGNED_DIGITS_MAX = 5


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """One revenue type of the form: what is estimated, what came in, what was typed."""

    number: int
    view: EstimateView
    category: str
    actuals: tuple[tuple[int, Baht], ...]
    typed: str

    @property
    def place(self) -> str:
        """How refusals call the row."""
        return f"estimates.{self.number}"


def may_estimate(actor: Actor, view: OrdinanceView) -> bool:
    """Whether this actor may write estimates as the ordinance stands."""
    open_states = OPEN_TO_BUDGET_OFFICER if allowed(actor, "budget.draft_all") else OPEN_TO_DIVISIONS
    return allowed(actor, "budget.estimate") and view.state in open_states


@require_GET
@page(act="budget.read")
def estimates(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """Revenue estimates of one budget, general or of an enterprise, with up to three years of actuals (R83)."""
    return _estimates_page(request, actor, ordinance_id)


@require_POST
@page(act="budget.estimate")
def save_estimates(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """Keep the estimates as typed, each over the version it was read in."""
    sent = request.POST.dict()
    form = estimates_form(sent, estimate_keys(sent))
    reasons = _by_key(form.refusals, estimate_keys(sent))
    if not reasons:
        try:
            commands.save_estimates(
                actor=actor,
                ordinance_id=ordinance_id,
                estimates=form.estimates,
                revisions=form.revisions,
                at=timezone.now(),
            )
        except Refused as refused:
            showing.door_refused(refused)
            reasons = _by_key(refused.refusals, [(each.enterprise, each.budget_type) for each in form.estimates])
    if reasons:
        with entity_transaction(actor.entity_id, read_only=True):
            return _estimates_page(request, actor, ordinance_id, typed=form.typed, refusals=reasons)
    messages.success(request, _("Estimates saved."))
    place = {"entity_code": actor.entity_code, "ordinance_id": ordinance_id}
    enterprise = request.GET.get("enterprise", "")
    chosen = {"enterprise": enterprise} if enterprise in _known_enterprises(actor) else None
    return redirect(reverse("budget:estimates", kwargs=place, query=chosen))


def _known_enterprises(actor: Actor) -> Mapping[str, str]:
    with entity_transaction(actor.entity_id, read_only=True):
        return queries.enterprises()


def _by_key(
    refusals: Sequence[Refusal], keys: Sequence[tuple[str, str]]
) -> list[tuple[tuple[str, str] | None, Refusal]]:
    """Reasons with the enterprise and type of the row each is about."""
    found: list[tuple[tuple[str, str] | None, Refusal]] = []
    for each in words.worded(refusals):
        parts = each.where.split(".")
        is_row = parts[0] == "estimates" and len(parts) == len(("estimates", "n", "field"))
        found.append((keys[int(parts[1])] if is_row else None, each))
    return found


def _estimates_page(
    request: HttpRequest,
    actor: Actor,
    ordinance_id: UUID,
    *,
    typed: Mapping[tuple[str, str], str] | None = None,
    refusals: Sequence[tuple[tuple[str, str] | None, Refusal]] = (),
) -> HttpResponse:
    view = showing.known(ordinance_id)
    enterprises = queries.enterprises()
    asked = request.GET.get("enterprise", "")
    enterprise = asked if asked in enterprises else ""
    everything = request.GET.get("all") == "1"
    rows = _shown_rows(view, enterprise, everything=everything, typed=typed or {})
    years = sorted({year for row in rows for year, _amount in row.actuals})
    places = {(row.view.enterprise, row.view.budget_type): row.number for row in rows}
    told = [each.at(f"estimates.{places[key]}.amount") if key in places else each for key, each in refusals]
    standing = queries.draft_standing(ordinance=view, entity_kind=showing.kind_of_entity(actor))
    context = {
        "view": view,
        "name": showing.title(view, actor),
        "tone": words.STATES[view.state][0],
        "word": words.STATES[view.state][1],
        "rows": rows,
        "years": years,
        "columns": len(years) + 3,
        "all_types": everything,
        "sums": [sum((row.actuals[n][1] for row in rows), ZERO) for n in range(len(years))],
        "total": sum((row.view.amount for row in rows), ZERO),
        "enterprises": enterprises,
        "enterprise": enterprise,
        "standing": showing.standing_shown(standing, _("General budget")),
        "may_write": may_estimate(actor, view),
        "refusals": told,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if refusals else HTTPStatus.OK
    return render(request, "budget/estimates.html", context, status=status)


def _shown_rows(
    view: OrdinanceView, enterprise: str, *, everything: bool, typed: Mapping[tuple[str, str], str]
) -> list[EstimateRow]:
    """Types of revenue in the order of the list: every one, or those in use and those that were typed."""
    held = queries.estimates(ordinance_id=view.id, fiscal_year=view.fiscal_year)
    found = {(each.enterprise, each.budget_type): each for each in held}
    years = sorted({year for each in held for year in each.actuals})
    types = reference.budget_types(side="revenue", fiscal_year=view.fiscal_year)
    names = {each.code: each.name_th for each in types}
    rows: list[EstimateRow] = []
    for each in types:
        key = (enterprise, each.code)
        here = found.get(key) or EstimateView(each.code, each.name_th, enterprise, ZERO, "", 0)
        if each.level == "type" and (everything or _in_use(here) or key in typed):
            rows.append(_row(len(rows), here, names.get(each.parent_code, ""), years, typed))
    return rows


def _in_use(view: EstimateView) -> bool:
    """Whether something is estimated of a type, or came in before."""
    return bool(view.revision or any(view.actuals.values()))


def _row(
    number: int,
    view: EstimateView,
    category: str,
    years: Sequence[int],
    typed: Mapping[tuple[str, str], str],
) -> EstimateRow:
    past = tuple((year, view.actuals.get(year, ZERO)) for year in years)
    kept = view.amount.display() if view.revision else ""
    text = typed.get((view.enterprise, view.budget_type), kept)
    return EstimateRow(number, view, category, past, text)


@require_GET
@page(act="budget.read")
def texts(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """The statement, principle and reason of an ordinance, and where the money of an addition comes from (R82, R116)."""
    return _texts_page(request, actor, ordinance_id)


@require_POST
@page(act="budget.draft_all")
def save_texts(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """Keep the texts over the version they were read in."""
    with entity_transaction(actor.entity_id, read_only=True):
        showing.known(ordinance_id)
    try:
        commands.write_texts(
            actor=actor,
            ordinance_id=ordinance_id,
            texts=texts_of(request.POST.dict()),
            revision=whole(request.POST.get("revision", "")),
            at=timezone.now(),
        )
    except Refused as refused:
        showing.door_refused(refused)
        with entity_transaction(actor.entity_id, read_only=True):
            return _texts_page(request, actor, ordinance_id, refusals=refused.refusals)
    messages.success(request, _("Texts saved."))
    return redirect("budget:texts", entity_code=actor.entity_code, ordinance_id=ordinance_id)


def _texts_page(
    request: HttpRequest, actor: Actor, ordinance_id: UUID, *, refusals: Sequence[Refusal] = ()
) -> HttpResponse:
    view = showing.known(ordinance_id)
    kept = {name: str(getattr(view, name)) for name in TEXTS}
    typed = {**kept, **texts_of(request.POST.dict())}
    context = {
        "view": view,
        "name": showing.title(view, actor),
        "tone": words.STATES[view.state][0],
        "word": words.STATES[view.state][1],
        "typed": typed,
        "kept": {name: text for name, text in kept.items() if refusals and typed[name] != text},
        "may_write": allowed(actor, "budget.draft_all") and view.state in OPEN_TO_BUDGET_OFFICER,
        "refusals": words.worded(each.at("") for each in refusals),
    }
    status = HTTPStatus.CONFLICT if refusals else HTTPStatus.OK
    return render(request, "budget/texts.html", context, status=status)


@require_POST
@page(act="budget.draft_all")
def copy_year(request: HttpRequest, actor: Actor, *, ordinance_id: UUID) -> HttpResponse:
    """Copy the lines of the year before, changed by a percentage; what was left behind is told with its reason."""
    text = request.POST.get("percent", "").strip() or "0"
    digits = text.removeprefix("-")
    number = int(text) if digits.isascii() and digits.isdecimal() and len(digits) < _SIGNED_DIGITS_MAX else 10**4
    try:
        report = commands.copy_year(
            actor=actor,
            ordinance_id=ordinance_id,
            percent=number,
            with_investment=bool(request.POST.get("with_investment")),
            at=timezone.now(),
        )
    except Refused as refused:
        showing.door_refused(refused)
        messages.error(request, " ".join(message(each) for each in words.worded(refused.refusals)))
    else:
        said = ngettext("%(count)s line copied.", "%(count)s lines copied.", report.copied)
        messages.success(request, said % {"count": report.copied})
        for name, reasons in report.left:
            left = {"line": name, "why": " ".join(message(each) for each in words.worded(reasons))}
            messages.warning(request, _("Left behind: %(line)s. %(why)s") % left)
    return redirect("budget:draft-lines", entity_code=actor.entity_code, ordinance_id=ordinance_id)
