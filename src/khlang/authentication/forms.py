"""What people type at the doors."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest

from khlang.authentication.access import next_page
from khlang.authentication.commands import Proof
from khlang.kernel.refusals import Refusal

_NUMBER_DIGITS_MAX = 19


@dataclass(frozen=True, slots=True)
class LogIn:
    """A name and a password as typed, and the page to go on to."""

    username: str
    password: str
    next: str


def log_in(request: HttpRequest) -> LogIn:
    """Read the log-in form."""
    return LogIn(request.POST.get("username", "").strip(), request.POST.get("password", ""), next_page(request))


def proof(request: HttpRequest) -> Proof:
    """Read what was given as a proof of identity."""
    given = request.POST
    return Proof(given.get("password", ""), given.get("code", ""), given.get("credential", ""))


@dataclass(frozen=True, slots=True)
class Halves:
    """A name and the two halves of an emergency code, as typed."""

    username: str
    first: str
    second: str


def halves(request: HttpRequest) -> Halves:
    """Read the emergency form."""
    given = request.POST
    return Halves(given.get("username", "").strip(), given.get("first_half", ""), given.get("second_half", ""))


@dataclass(frozen=True, slots=True)
class Emergency:
    """For whom an officer asks, and why."""

    user_id: int
    reason: str


def emergency(request: HttpRequest) -> Emergency:
    """Read the request of the first officer; 0 when nobody was chosen."""
    number = request.POST.get("user_id", "")
    known = number.isascii() and number.isdecimal() and len(number) < _NUMBER_DIGITS_MAX
    return Emergency(int(number) if known else 0, request.POST.get("reason", ""))


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A new password, typed twice."""

    current: str
    new: str
    again: str


def new_password(request: HttpRequest) -> NewPassword:
    """Read the form of a new password."""
    given = request.POST
    return NewPassword(
        given.get("current_password", ""), given.get("new_password", ""), given.get("new_password_again", "")
    )


def check_new_password(typed: NewPassword) -> Iterator[Refusal]:
    """Yield authentication.passwords_differ when the two are not the same."""
    if typed.new != typed.again:
        yield Refusal("authentication.passwords_differ", where="new_password_again")
