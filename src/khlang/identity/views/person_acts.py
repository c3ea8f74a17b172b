"""What an administrator does with people: parse, one command, back to the page."""

from collections.abc import Callable
from http import HTTPStatus

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from uuid6 import uuid7

from khlang.identity import commands, queries
from khlang.identity.access import page
from khlang.identity.forms import person_draft, text_of
from khlang.identity.rules import PersonDraft, roles_at
from khlang.identity.views.people import person_page
from khlang.identity.views.showing import hat_choices
from khlang.kernel.actors import Actor
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_text import to_arabic_digits
from khlang.toolkit.page_keys import key_of
from khlang.toolkit.tenancy import entity_transaction

_ACT = "identity.manage_people"


@never_cache
@require_http_methods(["GET", "POST"])
@page(act=_ACT)
def new_person(request: HttpRequest, actor: Actor) -> HttpResponse:
    """The form of a new person; when she was added, her one-time password, this once."""
    if request.method == "GET":
        return _form(request, actor, PersonDraft(""), str(uuid7()))
    draft, key = person_draft(request.POST), key_of(request.POST.dict())
    try:
        added = commands.add_person(actor=actor, draft=draft, key=key, at=timezone.now())
    except Refused as refused:
        status = HTTPStatus.UNPROCESSABLE_ENTITY
        return _form(request, actor, draft, str(key), refusals=refused.refusals, status=status)
    if not added.password:
        said = _("%(name)s is on the list already.") if added.replayed else _("%(name)s is now on the list.")
        messages.success(request, said % {"name": added.name})
        return redirect("identity:person", entity_code=actor.entity_code, user_id=added.user_id)
    return render(request, "identity/person_added.html", {"added": added, "draft": draft})


def _form(
    request: HttpRequest,
    actor: Actor,
    draft: PersonDraft,
    key: str,
    *,
    refusals: tuple[Refusal, ...] = (),
    status: HTTPStatus = HTTPStatus.OK,
) -> HttpResponse:
    level = queries.entity(code=actor.entity_code).level
    context = {
        "draft": draft,
        "key": key,
        "roles": hat_choices(roles_at(level), chosen=draft.roles),
        "refusals": refusals,
    }
    return render(request, "identity/person_new.html", context, status=status)


def _done(
    request: HttpRequest, actor: Actor, user_id: int, *, ask: str, said: str, command: Callable[[], None]
) -> HttpResponse:
    """Do one act and show the person; refused, the same page says why and keeps what was typed."""
    try:
        command()
    except Refused as refused:
        typed = {name: str(text) for name, text in request.POST.items() if name != "citizen_number"}
        with entity_transaction(actor.entity_id, read_only=True):
            status = HTTPStatus.UNPROCESSABLE_ENTITY
            return person_page(request, actor, user_id, ask=ask, refusals=refused.refusals, typed=typed, status=status)
    messages.success(request, said)
    return redirect("identity:person", entity_code=actor.entity_code, user_id=user_id)


@require_POST
@page(act=_ACT)
def rename(request: HttpRequest, actor: Actor, *, user_id: int) -> HttpResponse:
    """Change a name."""
    fields = request.POST.dict()

    def command() -> None:
        name, reason = text_of(fields, "full_name"), text_of(fields, "reason")
        commands.rename_person(actor=actor, user_id=user_id, full_name=name, reason=reason, at=timezone.now())

    said = _("The name was changed. Documents keep the name they were made under.")
    return _done(request, actor, user_id, ask="name", said=said, command=command)


@require_POST
@page(act=_ACT)
def contact(request: HttpRequest, actor: Actor, *, user_id: int) -> HttpResponse:
    """Change title, telephone, e-mail."""
    fields = request.POST.dict()

    def command() -> None:
        named = {name: text_of(fields, name) for name in ("title", "phone", "email")}
        named["phone"] = to_arabic_digits(named["phone"])
        commands.change_contact(actor=actor, user_id=user_id, at=timezone.now(), **named)

    return _done(request, actor, user_id, ask="contact", said=_("Saved."), command=command)


@require_POST
@page(act=_ACT)
def give_role(request: HttpRequest, actor: Actor, *, user_id: int) -> HttpResponse:
    """Give a role by position."""
    fields = request.POST.dict()

    def command() -> None:
        role, reason = str(fields.get("role", "")), text_of(fields, "reason")
        commands.grant_role(actor=actor, user_id=user_id, role=role, reason=reason, at=timezone.now())

    return _done(request, actor, user_id, ask="give", said=_("The role was given."), command=command)


@require_POST
@page(act=_ACT)
def end_role(request: HttpRequest, actor: Actor, *, user_id: int) -> HttpResponse:
    """Take a role back."""
    fields = request.POST.dict()
    role = str(fields.get("role", ""))

    def command() -> None:
        commands.end_role(actor=actor, user_id=user_id, role=role, reason=text_of(fields, "reason"), at=timezone.now())

    return _done(request, actor, user_id, ask=f"end-{role}", said=_("The role ended."), command=command)


@require_POST
@page(act=_ACT)
def leave(request: HttpRequest, actor: Actor, *, user_id: int) -> HttpResponse:
    """Let a person go."""
    reason = text_of(request.POST.dict(), "reason")

    def command() -> None:
        commands.leave(actor=actor, user_id=user_id, reason=reason, at=timezone.now())

    said = _("The person has left: roles and orders here ended. Everything done stays.")
    return _done(request, actor, user_id, ask="leave", said=said, command=command)


@sensitive_post_parameters("citizen_number")
@require_POST
@page(act=_ACT)
def citizen_number(request: HttpRequest, actor: Actor, *, user_id: int) -> HttpResponse:
    """Take a citizen number for ThaiD; it is never shown again, not even to whoever typed it wrongly."""
    number = str(request.POST.get("citizen_number", ""))[:40]

    def command() -> None:
        commands.set_citizen_number(actor=actor, user_id=user_id, number=number, at=timezone.now())

    said = _("ThaiD can be used from now on. The number itself is kept nowhere.")
    return _done(request, actor, user_id, ask="citizen", said=said, command=command)
