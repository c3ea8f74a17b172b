"""What happens to every request: its session is looked at, and an ended one never costs what was typed."""

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY as USER
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from khlang.authentication import commands
from khlang.authentication.access import is_script, origin_of, remember_devices, signed_out
from khlang.authentication.rules import comes_from_elsewhere
from khlang.authentication.session_store import SessionStore

Answer = Callable[[HttpRequest], HttpResponseBase]
# Asked by scripts that wait for the line; nobody sits there.
_NOBODY_THERE = ("/health",)
_OPEN_BEFORE = (
    "doors:password",
    "doors:logout",
    "doors:session",
    "doors:new-passkey-options",
    "doors:add-passkey",
    "doors:prove",
    "doors:prove-options",
    "web:preferences",
)


class SessionGuardMiddleware:
    """Binds a session to the kind of browser it was given to, and notes that its person is still there."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request."""
        session = request.session
        if isinstance(session, SessionStore):
            self._look_at(request, session)
        response = self.get_response(request)
        remember_devices(request, response)
        return response

    def _look_at(self, request: HttpRequest, session: SessionStore) -> None:
        origin = origin_of(request)
        session.bind(agent=origin.agent, address=origin.address)
        if session.session_key is None or request.path in _NOBODY_THERE:
            return
        user_id = session.get(USER)
        if user_id and session.row and comes_from_elsewhere(kept=session.row.agent, shown=session.agent):
            commands.note_stolen(user_id=int(user_id), origin=origin, at=timezone.now())
            # The session stays for the browser it was given to; this one is nobody and may log in.
            request.session = SessionStore(None)
            request.session.bind(agent=origin.agent, address=origin.address)
            return
        session.touch()


class SessionEndMiddleware:
    """Turns a redirect to the log-in page into 401 for scripts, and keeps pages of the books out of caches."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request."""
        response = self.get_response(request)
        to_login = response.headers.get("Location", "").split("?")[0] == settings.LOGIN_URL
        if to_login and is_script(request) and not request.user.is_authenticated:
            return signed_out()
        if request.user.is_authenticated:
            # Shared machines: a page of the books is not kept after log-out, and Back asks the server again.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


class NewPasswordMiddleware:
    """Whoever came in by a password that somebody else made sets her own before anything else."""

    def __init__(self, get_response: Answer) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request."""
        if getattr(request.user, "must_change_password", False) and not self._open(request):
            return HttpResponseRedirect(reverse("doors:password"))
        return self.get_response(request)

    def _open(self, request: HttpRequest) -> bool:
        return request.path in {*_NOBODY_THERE, *(reverse(name) for name in _OPEN_BEFORE)}
