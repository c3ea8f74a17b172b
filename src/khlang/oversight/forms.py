"""What a reader of the record asks for."""

from datetime import date

from django import forms
from django.http import QueryDict
from django.utils import timezone

from khlang.audit.rules import ActFilter
from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_dates import parse_date
from khlang.kernel.thai_text import normalise

PAGE = 50


class ActFilterForm(forms.Form):
    """The filter bar; a day that cannot be read is said beside its field, the rest still works."""

    search = forms.CharField(required=False, max_length=200)
    act = forms.CharField(required=False, max_length=100)
    person = forms.IntegerField(required=False, min_value=0)
    start = forms.CharField(required=False, max_length=40)
    end = forms.CharField(required=False, max_length=40)
    document = forms.CharField(required=False, max_length=200)
    before = forms.IntegerField(required=False, min_value=1)

    def __init__(self, data: QueryDict) -> None:
        super().__init__(data)
        self.refusals: list[Refusal] = []

    def chosen(self, *, limit: int) -> ActFilter:
        """The filter that the query string asks for."""
        self.is_valid()
        asked = self.cleaned_data
        return ActFilter(
            document=asked.get("document", ""),
            act=asked.get("act", ""),
            actor_id=asked.get("person"),
            search=normalise(asked.get("search", "")),
            start=self._day("start"),
            end=self._day("end"),
            before=asked.get("before"),
            limit=limit,
        )

    def _day(self, name: str) -> date | None:
        text = self.cleaned_data.get(name, "")
        try:
            return parse_date(text, today=timezone.localdate()).day if text else None
        except Refused as refused:
            self.refusals += [refusal.at(name) for refusal in refused.refusals]
            return None
