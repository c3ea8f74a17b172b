"""Pages of oversight: the record of acts, exceptions and their review."""

from khlang.oversight.views.acts import act_list, act_workbook
from khlang.oversight.views.exceptions import exception_detail, exception_list, exception_workbook, review_selected

__all__ = [
    "act_list",
    "act_workbook",
    "exception_detail",
    "exception_list",
    "exception_workbook",
    "review_selected",
]
