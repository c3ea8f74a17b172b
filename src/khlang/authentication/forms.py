"""What people type at the doors."""

from dataclasses import dataclass

from django.http import HttpRequest

from khlang.authentication.access import next_page


@dataclass(frozen=True, slots=True)
class LogIn:
    """A name and a password as typed, and the page to go on to."""

    username: str
    password: str
    next: str


def log_in(request: HttpRequest) -> LogIn:
    """Read the log-in form."""
    return LogIn(request.POST.get("username", "").strip(), request.POST.get("password", ""), next_page(request))
