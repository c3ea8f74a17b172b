"""Words that Python hands to pages: states of documents, and what the scripts of a page say."""

import json
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from khlang.kernel.thai_words import word_list

Words = str | Promise

STATES: Final[dict[str, tuple[str, Words]]] = {
    "draft": ("none", _("Draft")),
    "submitted": ("", _("Waiting for review")),
    "approved": ("ok", _("Approved")),
    "posted": ("ok", _("Posted to the books")),
    "returned": ("bad", _("Sent back")),
    "reversed": ("none struck", _("Reversed")),
    "cancelled": ("none struck", _("Cancelled")),
    "open": ("ok", pgettext_lazy("period", "Open")),
    "soft_closed": ("warn", _("Soft-closed")),
    "closed": ("none", pgettext_lazy("period", "Closed")),
    "uploaded": ("none", _("Received")),
    "pending": ("none", _("Waiting")),
    "running": ("", _("In progress")),
    "checked": ("", _("Checked, not yet posted")),
    "done": ("ok", _("Done")),
    "failed": ("bad", _("Failed")),
    "undone": ("none struck", _("Undone")),
    "ok": ("ok", _("Correct")),
    "warning": ("warn", _("Look at this")),
    "error": ("bad", _("Has errors")),
    "unreviewed": ("warn", pgettext_lazy("review", "To be reviewed")),
    "in_order": ("ok", pgettext_lazy("review", "In order")),
    "questioned": ("bad", pgettext_lazy("review", "Questioned")),
    "asked": ("", pgettext_lazy("request", "Waiting for the other hand")),
    "agreed": ("ok", pgettext_lazy("request", "Agreed")),
    "refused": ("bad", pgettext_lazy("request", "Refused")),
    "withdrawn": ("none struck", pgettext_lazy("request", "Taken back")),
    "lapsed": ("none", pgettext_lazy("request", "Lapsed")),
    "overdue": ("bad", _("Overdue")),
    "due": ("warn", _("Due soon")),
    "todo": ("", _("To do")),
    "waiting": ("none", _("With others")),
}
"""State of any document → shape and colour of its chip, and its word. One vocabulary everywhere."""

SCRIPT_WORDS: Final[dict[str, Words]] = {
    "saving": _("Saving…"),
    "saved": _("Saved at {time}"),
    "local": _("Kept on this computer, waiting to send ({count})"),
    "offline": _("Offline. Keep typing, nothing is lost."),
    "conflict": _("Someone else changed it too. See the difference."),
    "no_store": _("This computer cannot keep drafts. Stay online."),
    "stored": _("Everything is saved"),
    "retry": _("Send now"),
    "waiting_list": _("Waiting on this computer"),
    "nothing_waiting": _("Nothing is waiting. Everything has reached the server."),
    "mine": _("Mine, on this page"),
    "theirs": _("Changed by {name}"),
    "keep_mine": _("Keep mine"),
    "take_theirs": _("Take theirs"),
    "field": _("Field"),
    "recovered": _("We brought back what you typed at {time} and had not reached the server."),
    "row_deleted": _("Row {row} deleted"),
    "undo": _("Undo"),
    "paste_title": _("Paste {rows} rows from Excel"),
    "paste_hint": _("Check the rows. Nothing is put into the form until you accept."),
    "paste_accept": _("Put {rows} rows into the form"),
    "paste_bad": _("{count} cells are not amounts; they are marked."),
    "cancel": _("Cancel"),
    "column_skip": _("(leave out)"),
    "no_amount": _("“{text}” is not an amount"),
    "rounded": _("Rounded to {amount}"),
    "calculated": _("{sum} = {amount}"),
    "no_date": _("“{text}” is not understood as a date. Try 23/11/2569 or 231169."),
    "gregorian": _("Year {year} was read as a Christian-era year: {date}"),
    "fiscal": _("fiscal year {year}"),
    "open_calendar": _("Open the calendar"),
    "month_before": _("Month before"),
    "month_after": _("Month after"),
    "none_found": _("Nothing found"),
    "searching": _("Searching…"),
    "results": _("{count} results"),
    "recent": _("Opened lately"),
    "pages": _("Pages and commands"),
    "unreachable": _("The server cannot be reached"),
    "ends_soon": _("You will be logged out in five minutes."),
    "stay": _("Stay logged in"),
    "signed_out": _("You were signed out. Your work is kept on this computer."),
    "entity_choose": _("Change entity"),
    "entity_filter": _("Type a few letters of the name"),
    "passkey_failed": _("The passkey did not work. Try again, or use another way."),
    "show_password": _("Show password"),
    "hide_password": _("Hide password"),
    "new_version": _("A new version is ready."),
    "update_now": _("Update now"),
    "offline_pages": _("You are offline. Commands open when the line is back."),
}


def script_words(language: str) -> dict[str, object]:
    """Everything the scripts of a page need to speak and to read dates."""
    words: dict[str, object] = {key: str(text) for key, text in SCRIPT_WORDS.items()}
    words["language"] = language
    words["months"] = [
        list(word_list(f"months_{form}_{tongue}")) for tongue in ("th", "en") for form in ("long", "short")
    ]
    words["days"] = {name: list(word_list(name)) for name in ("today", "tomorrow", "yesterday")}
    words["eras"] = [list(word_list(f"{era}_prefixes")) for era in ("buddhist", "gregorian")]
    words["prefixes"] = list(word_list("day_prefixes"))
    words["baht"] = list(word_list("currency"))
    return words


def script_words_json(language: str) -> str:
    """The same as JSON text that is safe inside a script element."""
    text = json.dumps(script_words(language), ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
