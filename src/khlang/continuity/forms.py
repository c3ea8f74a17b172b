"""What the pages of imports are asked, cleaned. Nothing here saves."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.utils import timezone

from khlang.kernel.fiscal_calendar import fiscal_year_of
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.kernel.thai_text import normalise, to_arabic_digits

MODES = ("journals", "trial-balance")
_YEARS = range(2500, 2701)


@dataclass(frozen=True, slots=True)
class UploadAsked:
    """An upload as asked for, with what is wrong with the asking."""

    import_id: UUID
    file: "UploadedFile[bytes] | None"
    mode: str
    converts_old_codes: bool
    compare_to: date | None
    refusals: tuple[Refusal, ...] = ()


def upload_asked(request: HttpRequest) -> UploadAsked:
    """Read the upload form. Finds continuity.file_missing and kernel.date_*."""
    refusals: list[Refusal] = []
    found = request.FILES.get("file")
    file = found if isinstance(found, UploadedFile) else None
    if file is None:
        refusals.append(Refusal("continuity.file_missing", where="file"))
    mode = request.POST.get("mode", "")
    day = None
    typed = request.POST.get("compare_to", "").strip()
    if typed and mode == "trial-balance":
        try:
            day = parse_date(typed, today=timezone.localdate()).day
        except Refused as refused:
            refusals += [reason.at("compare_to") for reason in refused.refusals]
    return UploadAsked(
        import_id=_number(request.POST.get("import_id", "")),
        file=file,
        mode=mode if mode in MODES else MODES[0],
        converts_old_codes=bool(request.POST.get("convert")),
        compare_to=day,
        refusals=tuple(refusals),
    )


def _number(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        return uuid4()


class HistoryForm(forms.Form):
    """The filter bar of the history. What is not understood is left out."""

    search = forms.CharField(required=False, max_length=100)
    page = forms.IntegerField(required=False, min_value=1)

    def asked(self) -> tuple[str, int]:
        """What is searched for, and which page."""
        self.is_valid()
        return normalise(self.cleaned_data.get("search", "")), self.cleaned_data.get("page") or 1


def template_year(asked: QueryDict) -> int:
    """The fiscal year of the template; this year's when it is missing or no year."""
    text = to_arabic_digits(asked.get("year", "")).strip()
    year = int(text) if text.isascii() and text.isdigit() else 0
    return year if year in _YEARS else fiscal_year_of(timezone.localdate())


def reason_asked(posted: QueryDict) -> str:
    """Why an import is undone. Refuses continuity.reason_missing."""
    reason = normalise(posted.get("reason", ""))
    if not reason:
        raise Refused(Refusal("continuity.reason_missing", where="reason"))
    return reason[:300]
