"""Lines that run out soon, for the list of work."""

from datetime import date, datetime, time
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import override

from khlang.budget.queries.facts import divisions_of
from khlang.budget.queries.planning import warned_count
from khlang.identity.permissions import may
from khlang.kernel.actors import Actor
from khlang.kernel.fiscal_calendar import THAI_TIME, fiscal_year_of
from khlang.kernel.statements import Link
from khlang.kernel.tasks import Task

# Without a budget of the present year there is no pace: its fiscal year (B.E.) begins three months before its calendar year.
PACE_TELLS: Final = """EXISTS (SELECT FROM budget_entry WHERE entity_id = %(entity)s
  AND fiscal_year = extract(year FROM %(today)s::date + interval '3 months')::integer + 543)"""


def pace_tasks(*, actor: Actor, today: date) -> list[Task]:
    """Lines that run out soon, for whoever can ask for a transfer: the budget officer all, a division its own."""
    if not may(actor, "budget.transfer"):
        return []
    year, at = fiscal_year_of(today), datetime.combine(today, time(12), tzinfo=THAI_TIME)
    own = None if may(actor, "budget.draft_all") else divisions_of(user_id=actor.user_id, at=at)
    count = warned_count(fiscal_year=year, today=today, divisions=own)
    if not count:
        return []
    said = []
    for language in ("th", "en"):
        with override(language):
            title = _("%(lines)s budget lines run out soon") % {"lines": count}
            said.append((title, _("Look at them, and transfer money in time where it is needed")))
    (title_th, detail_th), (title_en, detail_en) = said
    link = Link("budget:forecast", {"fiscal_year": str(year)})
    return [Task(f"budget:{year}:warned", "todo", title_th, title_en, link, detail_th, detail_en, icon="chart-bar")]
