"""The switches, as a page for people and as JSON for tests."""

import json
from http import HTTPStatus

from thaid_simulator import pages
from thaid_simulator.faults import FaultBoard, known_faults
from thaid_simulator.grants import Grants
from thaid_simulator.messages import Answer, Request, data, error, page, redirect

TIMES_MAX = 100
SECONDS_MAX = 600


def control_page(*, faults: FaultBoard, request: Request) -> Answer:
    """The page, and what is pressed on it."""
    if request.method != "POST":
        return page(pages.control(faults.switched()))
    form = request.form
    name = form.get("fault", "")
    if form.get("act") == "clear":
        faults.clear()
    elif name in known_faults() and form.get("act") == "off":
        faults.switch_off(name)
    elif name in known_faults():
        once = form.get("act") == "once"
        seconds = form.get("seconds", "")
        faults.switch_on(
            name, times=1 if once else None, seconds=_seconds(int(seconds)) if seconds.isdecimal() else None
        )
    return redirect(pages.CONTROL)


def control_json(*, faults: FaultBoard, grants: Grants, request: Request, now: int) -> Answer:
    """GET tells what is on; POST {"faults": {"slow": {"seconds": 3, "times": 1}}} switches on; DELETE clears."""
    if request.method == "DELETE":
        faults.clear()
    elif request.method == "POST":
        try:
            _switch(faults, json.loads(request.body)["faults"])
        except (ValueError, TypeError, KeyError, AttributeError) as problem:
            return error("invalid_request", f"not understood: {problem!r}")
    elif request.method != "GET":
        return error("invalid_request", "GET, POST or DELETE", HTTPStatus.METHOD_NOT_ALLOWED)
    on = {name: {"times": each.times, "seconds": each.seconds} for name, each in faults.switched().items()}
    return data({"faults": on, "known": list(known_faults()), "tokens_alive": grants.tokens_alive(now=now)})


def _switch(faults: FaultBoard, wanted: dict[str, dict[str, int]]) -> None:
    unknown = [name for name in wanted if name not in known_faults()]
    if unknown:
        raise KeyError(*unknown)
    for name, how in wanted.items():
        times = how.get("times")
        seconds = how.get("seconds")
        faults.switch_on(
            name,
            times=None if times is None else max(1, min(TIMES_MAX, int(times))),
            seconds=None if seconds is None else _seconds(int(seconds)),
        )


def _seconds(wanted: int) -> int:
    return max(0, min(SECONDS_MAX, wanted))
