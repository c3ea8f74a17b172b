"""What everybody may see: figures as JSON, and a page in each language made of them."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from functools import cache
from importlib import resources
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from khlang.kernel.fiscal_calendar import THAI_TIME
from khlang.operations.rules.availability import Share, Tally, midnight
from khlang.operations.rules.savetimes import SaveTimes, Steps
from khlang.operations.status.looks import Look, announced
from khlang.operations.words import MODES, THAID

WINDOWS = (1, 7, 30, 90)
PAGES = {"th": "index.html", "en": "en.html"}
CONTENT_TYPES = {
    "index.html": "text/html; charset=utf-8",
    "en.html": "text/html; charset=utf-8",
    "status.css": "text/css; charset=utf-8",
    "status.json": "application/json",
}
FONTS = tuple(f"sarabun-{script}-{weight}-normal.woff2" for script in ("thai", "latin") for weight in (400, 600))
CONTENT_TYPES |= dict.fromkeys(FONTS, "font/woff2")
CONTENT_POLICY = "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_PERCENT = 95
_GOOD, _FAIR = 9990, 9900


def facts(*, look: Look, said: dict[str, Any], tally: Tally, saves: SaveTimes, at: datetime) -> dict[str, Any]:
    """Everything the page shows, in whole numbers: seconds, milliseconds, hundredths of a percent."""
    today = at.astimezone(THAI_TIME).date()
    days = [today - timedelta(days=back) for back in range(WINDOWS[-1] - 1, -1, -1)]
    return {
        "at": at.isoformat(timespec="seconds"),
        "since": tally.first.isoformat(timespec="seconds") if tally.first else None,
        "state": str(tally.last.state) if tally.last else "unknown",
        "web": look.web,
        "database": look.database,
        "milliseconds": look.milliseconds,
        "availability": {str(window): _share(tally.share(days=window, at=at)) for window in WINDOWS},
        "days": [{"day": day.isoformat(), **_share(tally.day(day, at=at))} for day in days],
        "saves": {"hour": _saves(saves.last_hour(at=at)), "today": _saves(saves.since(midnight(today)))},
        "jobs_waiting": look.said.get("jobs_waiting"),
        "thaid": look.said.get("thaid"),
        "said": said,
    }


def _share(share: Share) -> dict[str, Any]:
    return {**asdict(share), "available": share.available, "measured": share.measured}


def _saves(steps: Steps) -> dict[str, Any]:
    return {"count": steps.saves, "p95_milliseconds": steps.percentile(_PERCENT), "failed": steps.failed}


def files(found: dict[str, Any]) -> dict[str, bytes]:
    """The pages, their style and the figures, by file name."""
    made = {"status.json": json.dumps(found, ensure_ascii=False, indent=1).encode(), **_dress()}
    for language, name in PAGES.items():
        with translation.override(language):
            made[name] = render_to_string("operations/status.html", _shown(found, language)).encode()
    return made


@cache
def _dress() -> dict[str, bytes]:
    """The style of all pages and its letters, laid beside the page: it stands alone, and no office machine lacks Thai."""
    folder = resources.files("khlang.web") / "static" / "khlang"
    style = "\n".join((folder / name).read_text(encoding="utf-8") for name in ("tokens.css", "khlang.css"))
    letters = {name: (folder / "fonts" / name).read_bytes() for name in FONTS}
    return {"status.css": style.replace('url("fonts/', 'url("').encode(), **letters}


def _shown(found: dict[str, Any], language: str) -> dict[str, Any]:
    at = datetime.fromisoformat(found["at"])
    present, following = (_mode(found["said"].get(key)) for key in ("present", "next"))
    return {
        "language": language,
        "at": at,
        "since": datetime.fromisoformat(found["since"]) if found["since"] else None,
        "state": found["state"],
        "web": found["web"],
        "database": found["database"],
        "milliseconds": found["milliseconds"],
        "windows": [(_window(days), found["availability"][str(days)], _percent(found, days)) for days in WINDOWS],
        "days": [_bar(number, entry) for number, entry in enumerate(found["days"])],
        "saves": found["saves"],
        "jobs_waiting": found["jobs_waiting"],
        "thaid": THAID.get(str(found["thaid"])),
        "present": present if present and present["mode"] != "normal" and found["state"] != "up" else None,
        "next": following if following and following["starts_at"] > at else None,
        "planned_known": bool(announced(found["said"])),
    }


def _window(days: int) -> str:
    return _("Today") if days == 1 else _("%(days)s days") % {"days": days}


def _percent(found: dict[str, Any], days: int) -> str:
    return percent_words(found["availability"][str(days)]["available"])


def percent_words(hundredths: int | None) -> str:
    """Hundredths of a percent as people read them, with two decimals; a dash where nothing is known."""
    return "–" if hundredths is None else f"{hundredths // 100}.{hundredths % 100:02d} %"


def _bar(number: int, entry: dict[str, Any]) -> dict[str, Any]:
    available = entry["available"]
    tone = "none" if available is None else "ok" if available >= _GOOD else "warn" if available >= _FAIR else "bad"
    day = datetime.fromisoformat(entry["day"]).date()
    return {**entry, "x": number * 10, "tone": tone, "day": day, "percent": percent_words(available)}


def _mode(entry: Any) -> dict[str, Any] | None:
    """A mode that the system spoke of, ready for the page."""
    if not isinstance(entry, dict) or entry.get("mode") not in MODES:
        return None
    moments = {key: entry.get(key) and datetime.fromisoformat(entry[key]) for key in ("starts_at", "expected_end")}
    words = {key: str(entry.get(key, "")) for key in ("words_th", "words_en")}
    said = words[f"words_{translation.get_language()}"] or words["words_th"]
    return {"mode": entry["mode"], "name": MODES[entry["mode"]][0], "words": said, **moments}
