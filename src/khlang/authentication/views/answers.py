"""How a refusal at a door is said to a page's script."""

from django.http import JsonResponse

from khlang.kernel.refusals import Refused, message, next_step
from khlang.toolkit.request_language import page_language


def refused_to_script(refused: Refused, *, status: int) -> JsonResponse:
    """The first reason and its next step, in the language of the page."""
    first, language = refused.refusals[0], page_language()
    words = f"{message(first, language)} {next_step(first, language)}"
    return JsonResponse({"code": first.code, "message": words}, status=status)
