"""What the shell asks the areas: the reader's work, key figures, search. All inside an entity transaction."""

from khlang.web.queries.above import Above, above
from khlang.web.queries.calendar import Deadline
from khlang.web.queries.home import Home, home
from khlang.web.queries.search import Hit, account_choices, hits
from khlang.web.queries.work import tasks, working_year

__all__ = ["Above", "Deadline", "Hit", "Home", "above", "account_choices", "hits", "home", "tasks", "working_year"]
