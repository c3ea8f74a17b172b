"""How a refusal at a door is answered."""

from http import HTTPStatus

from django.http import JsonResponse

from khlang.kernel.refusals import Refused, message, next_step
from khlang.toolkit.request_language import page_language

_PAUSES = frozenset(
    f"authentication.{clause}" for clause in ("account_paused_here", "account_paused", "address_paused")
)


def refused_status(refused: Refused) -> HTTPStatus:
    """429 for a pause, 422 for what can be mended."""
    paused = any(refusal.code in _PAUSES for refusal in refused.refusals)
    return HTTPStatus.TOO_MANY_REQUESTS if paused else HTTPStatus.UNPROCESSABLE_ENTITY


def refused_to_script(refused: Refused) -> JsonResponse:
    """The first reason and its next step, in the language of the page."""
    first, language = refused.refusals[0], page_language()
    words = f"{message(first, language)} {next_step(first, language)}"
    return JsonResponse({"code": first.code, "message": words}, status=refused_status(refused))
