"""What a browser says of itself, cut down to what a person recognises and what betrays a stolen cookie."""

import hashlib
import re

# The first that fits wins: several browsers also claim to be Chrome, and Chrome to be Safari.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("FxiOS", "Firefox"),
    ("Firefox/", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("CrOS", "ChromeOS"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def device_label(agent: str) -> str:
    """The browser and the system, as in "Chrome · Windows"; what is unknown is left out."""
    found = (next((word for mark, word in table if mark in agent), "") for table in (_BROWSERS, _SYSTEMS))
    return " · ".join(word for word in found if word)


def agent_mark(agent: str) -> str:
    """A mark of the kind of browser, its version left out: it stays through an update, and differs on another machine."""
    if not agent:
        return ""
    return hashlib.sha256(re.sub(r"\d+", "", agent).encode()).hexdigest()[:32]
