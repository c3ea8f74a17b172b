"""A text that PostgreSQL cannot hold is a request that cannot be read, not a fault of ours."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.db import DataError
from django.http import HttpRequest, HttpResponseBase

_NUL = "NUL (0x00)"


class UnreadableMiddleware:
    """Answers 400 where a character without meaning (NUL) was sent in an address, a form or a body."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        """Wrap the rest of the chain."""
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve one request."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Turn the database's refusal of the character into a bad request; everything else stays what it is."""
        del request
        if isinstance(exception, DataError | ValueError) and _NUL in str(exception):
            raise BadRequest("a character without meaning was sent") from exception
