"""Pages of oversight: the record of acts, exceptions and their review."""

from khlang.oversight.views.acts import act_detail, act_file, act_list, verify, witness
from khlang.oversight.views.exceptions import exception_detail, exception_list, exception_workbook, review_selected
from khlang.oversight.views.readings import reading_list
from khlang.oversight.views.visits import end_visit, visit, visit_list

__all__ = [
    "act_detail",
    "act_file",
    "act_list",
    "end_visit",
    "exception_detail",
    "exception_list",
    "exception_workbook",
    "reading_list",
    "review_selected",
    "verify",
    "visit",
    "visit_list",
    "witness",
]
