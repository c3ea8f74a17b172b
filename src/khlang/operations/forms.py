"""What the department types about modes and announcements."""

import re
import uuid
from datetime import datetime, time, timedelta

from django import forms
from django.http import QueryDict
from django.utils import timezone

from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.kernel.thai_text import normalise, to_arabic_digits
from khlang.operations.rules import AnnouncementDraft, ModeDraft

_CLOCK = re.compile(r"(\d{1,2})[:.]?(\d\d)")


class MomentsForm(forms.Form):
    """A form with days and times of day; what cannot be read is said beside its field."""

    key = forms.UUIDField(required=False)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.is_valid()
        self.refusals: list[Refusal] = []

    @property
    def sent_key(self) -> uuid.UUID:
        """The key under which this form may be sent twice; one of its own when a script left it out."""
        found = self.cleaned_data.get("key")
        return found if isinstance(found, uuid.UUID) else uuid.uuid4()

    def text(self, name: str) -> str:
        """A line as typed, in normal form."""
        return normalise(self.cleaned_data.get(name) or "")

    def moment(self, day_field: str, time_field: str = "", *, otherwise: time) -> datetime | None:
        """A day and a time of day by the clock of a Thai office; None when no day was given."""
        typed = self.text(day_field)
        if not typed:
            return None
        clock = self._clock(time_field, otherwise) if time_field else otherwise
        try:
            day = parse_date(typed, today=timezone.localdate()).day
        except Refused as refused:
            self.refusals += [refusal.at(day_field) for refusal in refused.refusals]
            return None
        return datetime.combine(day, clock, THAI_TIME)

    def _clock(self, name: str, otherwise: time) -> time:
        typed = to_arabic_digits(self.text(name))
        if not typed:
            return otherwise
        found = _CLOCK.fullmatch(typed)
        hour, minute = (int(part) for part in found.groups()) if found else (24, 0)
        if hour > 23 or minute > 59:  # noqa: PLR2004  (the clock)
            self.refusals.append(Refusal("operations.time_not_understood", {"text": typed}, name))
            return otherwise
        return time(hour, minute)


class ModeForm(MomentsForm):
    """The form that sets a mode."""

    mode = forms.CharField(required=False, max_length=40)
    starts_on = forms.CharField(required=False, max_length=40)
    starts_time = forms.CharField(required=False, max_length=10)
    ends_on = forms.CharField(required=False, max_length=40)
    ends_time = forms.CharField(required=False, max_length=10)
    words_th = forms.CharField(required=False, max_length=500)
    words_en = forms.CharField(required=False, max_length=500)
    reason = forms.CharField(required=False, max_length=500)

    def draft(self) -> ModeDraft:
        """What was typed; look at `refusals` for what could not be read."""
        midnight = time(0, 0)
        return ModeDraft(
            mode=self.text("mode"),
            starts_at=self.moment("starts_on", "starts_time", otherwise=midnight),
            expected_end=self.moment("ends_on", "ends_time", otherwise=midnight),
            words_th=self.text("words_th"),
            words_en=self.text("words_en"),
            reason=self.text("reason"),
        )


class AnnouncementForm(MomentsForm):
    """The form of an announcement."""

    audience = forms.CharField(required=False, max_length=20)
    province = forms.CharField(required=False, max_length=10)
    kind = forms.CharField(required=False, max_length=60)
    entity = forms.CharField(required=False, max_length=20)
    title_th = forms.CharField(required=False, max_length=200)
    title_en = forms.CharField(required=False, max_length=200)
    body_th = forms.CharField(required=False, max_length=10_000)
    body_en = forms.CharField(required=False, max_length=10_000)
    from_on = forms.CharField(required=False, max_length=40)
    until_on = forms.CharField(required=False, max_length=40)
    important = forms.BooleanField(required=False)
    acknowledged = forms.BooleanField(required=False)
    replaces = forms.IntegerField(required=False, min_value=1)

    def draft(self) -> AnnouncementDraft:
        """What was typed; look at `refusals` for what could not be read. The last day is shown to its end."""
        audience = self.text("audience")
        until = self.moment("until_on", otherwise=time(0, 0))
        return AnnouncementDraft(
            audience=audience,
            audience_code=self.text(audience) if audience in ("province", "kind", "entity") else "",
            title_th=self.text("title_th"),
            title_en=self.text("title_en"),
            body_th=self.cleaned_data.get("body_th") or "",
            body_en=self.cleaned_data.get("body_en") or "",
            shown_from=self.moment("from_on", otherwise=time(0, 0)),
            shown_until=until + timedelta(days=1) if until else None,
            is_important=bool(self.cleaned_data.get("important")),
            is_acknowledged=bool(self.cleaned_data.get("acknowledged")),
            replaces=self.cleaned_data.get("replaces"),
        )
