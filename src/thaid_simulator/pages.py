"""The pages: the Thai words lie in `data/pages`, every value is escaped."""

from collections.abc import Mapping
from html import escape
from importlib import resources
from string import Template

from thaid_simulator.configuration import Configuration
from thaid_simulator.faults import Switched, known_faults
from thaid_simulator.people import people

ANSWER = "/simulator/answer/"
CONTROL = "/simulator/control/"


def _filled(part: str, /, **values: str) -> str:
    """A page part with its values, which are HTML already."""
    text = (resources.files("thaid_simulator") / "data" / "pages" / f"{part}.html").read_text(encoding="utf-8")
    return Template(text).substitute(values)


def _page(part: str, /, **values: str) -> str:
    return _filled("frame", content=_filled(part, **values))


def front(settings: Configuration) -> str:
    """What this is, and where its switches are."""
    return _page("front", issuer=escape(settings.issuer), client=escape(settings.client.client_id), control=CONTROL)


def consent(*, number: str, scopes: tuple[str, ...], client_id: str) -> str:
    """Who are you, and do you agree? In place of the QR code and the phone."""
    choices = "".join(
        _filled(
            "person",
            key=escape(each.key),
            name=escape(f"{each.title}{each.given_name} {each.family_name}"),
            note=escape(each.note),
            checked="checked" if place == 0 else "",
        )
        for place, each in enumerate(people())
    )
    return _page(
        "consent",
        number=escape(number),
        reference=escape(number[:6].upper()),
        client=escape(client_id),
        scopes=escape(", ".join(scopes)),
        people=choices,
        action=ANSWER,
    )


def control(switched: Mapping[str, Switched]) -> str:
    """Every failure with its switches, those that are on first."""
    ordered = sorted(known_faults().values(), key=lambda fault: fault.name not in switched)
    rows = []
    for fault in ordered:
        on = switched.get(fault.name)
        size = _filled("seconds", name=escape(fault.name), seconds=str(on.seconds if on else fault.seconds))
        state = "" if on is None else _filled("on_once" if on.times else "on_sticky", times=str(on.times or ""))
        rows.append(
            _filled(
                "fault",
                name=escape(fault.name),
                place=escape(fault.place),
                th=escape(fault.th),
                en=escape(fault.en),
                seconds=size if fault.seconds else "",
                state=state,
                mark="on" if on else "",
            )
        )
    return _page("control", rows="".join(rows))
