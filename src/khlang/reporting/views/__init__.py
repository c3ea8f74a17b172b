"""Pages of reports and journals: read the address, one query, one page or file."""

from khlang.reporting.views.journals import journal, journal_list, journal_workbook
from khlang.reporting.views.reports import download, index, line, report

__all__ = ["download", "index", "journal", "journal_list", "journal_workbook", "line", "report"]
