"""What the pages of the ledger are asked, cleaned. Nothing here saves."""

from typing import Final

from django import forms
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khlang.kernel.thai_text import normalise, to_arabic_digits
from khlang.ledger.rules.chart import ChartFilter
from khlang.ledger.rules.views import PeriodState
from khlang.reference.rules import CHARTS, NATIONAL_CHART, OLD_CHART

KINDS: Final[dict[str, Promise]] = {
    "asset": _("Assets"),
    "liability": _("Liabilities"),
    "net_assets": _("Net assets"),
    "revenue": _("Revenue"),
    "expense": _("Expenses"),
}
CHART_NAMES: Final[dict[str, Promise]] = {
    NATIONAL_CHART: _("Present chart, 10 digits (from 2564)"),
    OLD_CHART: _("Older charts, 3, 6 and 8 digits (up to 2563)"),
}
SIDES: Final[dict[str, Promise]] = {"debit": _("Debit"), "credit": _("Credit")}
CONFIDENCE: Final[dict[str, Promise]] = {
    "high": pgettext_lazy("how sure", "High"),
    "medium": pgettext_lazy("how sure", "Medium"),
    "low": pgettext_lazy("how sure", "Low"),
}


class ChartFilterForm(forms.Form):
    """The filter bar of the chart of accounts. What is not understood is left out."""

    search = forms.CharField(required=False, max_length=200)
    chart = forms.ChoiceField(required=False, choices=[(chart, chart) for chart in CHARTS])
    kind = forms.ChoiceField(required=False, choices=[(kind, kind) for kind in KINDS])
    own = forms.BooleanField(required=False)
    page = forms.IntegerField(required=False, min_value=1)

    def chosen(self, *, usual_chart: str) -> ChartFilter:
        """The filter that the query string asks for."""
        self.is_valid()
        asked = self.cleaned_data
        return ChartFilter(
            chart=asked.get("chart") or usual_chart,
            kind=asked.get("kind", ""),
            search=normalise(asked.get("search", "")),
            own_only=bool(asked.get("own")),
            page=asked.get("page") or 1,
        )


def sub_account_fields(posted: QueryDict) -> dict[str, str]:
    """Number and name of a sub-account as typed; Thai digits are read."""
    return {
        "sub_account": to_arabic_digits(posted.get("sub_account", "")).strip(),
        "name_th": normalise(posted.get("name_th", "")),
    }


def typed_year(posted: QueryDict) -> int | None:
    """A fiscal year of the Buddhist era as typed, or None when it is not one."""
    text = to_arabic_digits(posted.get("fiscal_year", "")).strip()
    return int(text) if text.isdigit() and 2500 <= int(text) <= 2700 else None  # noqa: PLR2004


def asked_state(text: str) -> PeriodState | None:
    """The state that a period should take, or None when it is no state."""
    return PeriodState(text) if text in set(PeriodState) else None
