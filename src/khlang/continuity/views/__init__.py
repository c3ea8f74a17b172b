"""Pages of imports: parse, one call, render."""

from khlang.continuity.views.acts import check_again, new_import, post_import, resume, undo_import
from khlang.continuity.views.files import marked_workbook, sent_file, template
from khlang.continuity.views.pages import import_detail, import_list, progress

__all__ = [
    "check_again",
    "import_detail",
    "import_list",
    "marked_workbook",
    "new_import",
    "post_import",
    "progress",
    "resume",
    "sent_file",
    "template",
    "undo_import",
]
