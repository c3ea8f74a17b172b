"""How a paper is printed and answered: language, digits, places to sign, the file."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import get_language

from khlang.kernel.actors import Actor
from khlang.official_forms.rules.paper import Printing
from khlang.official_forms.rules.words import Language


def language_of_page() -> Language:
    """The language in which the reader sees pages."""
    return "en" if get_language() == "en" else "th"


def printing_of(request: HttpRequest, actor: Actor) -> Printing:
    """Thai digits and places to sign are the office's choice: `digits=thai`, `signatures=0`."""
    return Printing(
        printed_at=timezone.localtime(),
        printed_by=actor.name,
        language=language_of_page(),
        thai_digits=request.GET.get("digits") == "thai",
        signatures=request.GET.get("signatures", "1") != "0",
    )


def letter_printing(request: HttpRequest, actor: Actor) -> Printing:
    """Orders and announcements are Thai, with Thai digits unless `digits=arabic`."""
    return Printing(
        printed_at=timezone.localtime(),
        printed_by=actor.name,
        thai_digits=request.GET.get("digits") != "arabic",
    )


def pdf_answer(content: bytes, name: str) -> HttpResponse:
    """The paper, to be read in the browser."""
    disposition = f'inline; filename="{name}.pdf"'
    return HttpResponse(content, content_type="application/pdf", headers={"Content-Disposition": disposition})
