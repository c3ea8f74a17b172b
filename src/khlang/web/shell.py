"""What every page shows around its own contents, worked out once a request and only when a template asks."""

import json
from functools import cached_property

from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from khlang.identity import queries as identity
from khlang.identity.rules import Role, VisitView
from khlang.kernel.actors import Actor
from khlang.kernel.tasks import Task
from khlang.operations import queries as operations
from khlang.toolkit.request_language import page_language
from khlang.toolkit.tenancy import entity_transaction
from khlang.web import navigation, queries
from khlang.web.words import script_words_json

THEMES = ("light", "dark")
THEME_COOKIE = "khlang_theme"
MODULES = ("text", "money", "dates", "combo", "lines", "paste", "asking", "store", "drafts", "palette")


language = page_language


def module_addresses() -> list[str]:
    """The scripts that app.js imports, so that the browser asks for all of them at once."""
    return [staticfiles_storage.url(f"khlang/{name}.js") for name in MODULES]


class Shell:
    """The frame of one page for one actor."""

    def __init__(self, request: HttpRequest, actor: Actor) -> None:
        self._request = request
        self._actor = actor
        self.entity_code = actor.entity_code
        self.entity_name = actor.entity_name
        self.person = actor.name
        self.roles = sorted(actor.roles)
        self.home = reverse("web:home", kwargs={"entity_code": actor.entity_code})
        self.palette = reverse("web:palette", kwargs={"entity_code": actor.entity_code})

    @cached_property
    def several_entities(self) -> bool:
        """Whether the person works in more than one entity; asked once a session."""
        known = self._request.session.get("several_entities")
        if known is None:
            known = len(identity.entities_of(user_id=self._actor.user_id, at=timezone.now())) > 1
            self._request.session["several_entities"] = known
        return bool(known)

    @cached_property
    def _own_year(self) -> int | None:
        with entity_transaction(self._actor.entity_id, read_only=True):
            return queries.working_year()

    @cached_property
    def visit(self) -> tuple[VisitView, int] | None:
        """The visit by which the reader is here and the minutes left of it; None for people of the entity."""
        if Role.VISITOR not in self._actor.roles:
            return None
        now = timezone.now()
        with entity_transaction(self._actor.entity_id, read_only=True):
            found = identity.visit_of(user_id=self._actor.user_id, at=now)
        return (found, found.minutes_left(now)) if found else None

    @property
    def fiscal_year(self) -> int | None:
        """The year of the page, else the entity's working year."""
        match = self._request.resolver_match
        asked = match.kwargs.get("fiscal_year") if match else None
        return int(asked) if asked else self._own_year

    @cached_property
    def unread(self) -> int:
        """How many announcements this person has not read or not acknowledged."""
        return operations.unread_count(actor=self._actor, at=timezone.now())

    @cached_property
    def tasks(self) -> list[Task]:
        """What is left to do in the entity for this actor."""
        with entity_transaction(self._actor.entity_id, read_only=True):
            return queries.tasks(actor=self._actor)

    @cached_property
    def places(self) -> list[navigation.Place]:
        """Areas of work for the menu."""
        match = self._request.resolver_match
        return navigation.places(
            actor=self._actor,
            language=language(),
            fiscal_year=self.fiscal_year,
            view_name=match.view_name if match else "",
            tasks=sum(task.urgency != "waiting" for task in self.tasks),
        )

    @cached_property
    def commands(self) -> list[navigation.PageLink]:
        """What can be begun from anywhere."""
        return navigation.commands(actor=self._actor, language=language())

    @property
    def buttons(self) -> list[navigation.PageLink]:
        """The commands that stand on the home page."""
        return [command for command in self.commands if command.button]

    @property
    def begin(self) -> str:
        """Where an entity without books begins; empty when the actor may not."""
        return next((command.href for command in self.commands if command.begins), "")

    @property
    def begin_label(self) -> str:
        """What that button says."""
        return next((command.label for command in self.commands if command.begins), "")

    @property
    def commands_json(self) -> SafeString:
        """Pages and commands inside the page, so that Ctrl K answers at once and offline."""
        pages = navigation.all_pages(actor=self._actor, language=language(), fiscal_year=self.fiscal_year)
        entries = [[link.label, link.href, link.icon, link.key, link.found_by] for link in [*self.commands, *pages]]
        return safe_json(entries)


def safe_json(value: object) -> SafeString:
    """JSON text that cannot end the script element it stands in."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    escaped = text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return mark_safe(escaped)  # noqa: S308  (every sign that could leave the element is escaped above)


def page_frame(request: HttpRequest) -> dict[str, object]:
    """Context processor: theme, mode of the system, words of the scripts, and the shell when an actor is known."""
    theme = request.COOKIES.get(THEME_COOKIE, "")
    frame: dict[str, object] = {
        "theme": theme if theme in THEMES else "",
        "notice": operations.situation(at=timezone.now()),
        "script_modules": module_addresses(),
        "script_words": mark_safe(script_words_json(language())),  # noqa: S308  (escaped where it is made)
    }
    actor = getattr(request, "actor", None)
    if isinstance(actor, Actor):
        shell = getattr(request, "khlang_shell", None) or Shell(request, actor)
        request.khlang_shell = shell  # type: ignore[attr-defined]
        frame |= {"actor": actor, "shell": shell}
    return frame
