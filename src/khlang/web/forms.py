"""What people type into the pages of the shell."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


@dataclass(frozen=True, slots=True)
class LogIn:
    """A name and a password as typed, and the page to go on to."""

    username: str
    password: str
    next: str


def log_in(request: HttpRequest) -> LogIn:
    """Read the log-in form."""
    return LogIn(request.POST.get("username", "").strip(), request.POST.get("password", ""), next_page(request))


def next_page(request: HttpRequest, default: str = "/") -> str:
    """The page to go on to: only one of our own."""
    asked = request.POST.get("next") or request.GET.get("next") or default
    safe = url_has_allowed_host_and_scheme(asked, {request.get_host()}, require_https=request.is_secure())
    return asked if safe and not asked.startswith(settings.LOGIN_URL) else default
