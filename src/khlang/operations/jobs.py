"""Background work of operations."""

import logging

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from khlang.operations import commands
from khlang.reference import queries as reference

_log = logging.getLogger(__name__)


@app.periodic(cron="7 * * * *")
@app.task(queue="care", queueing_lock="keep-traffic")
def keep_traffic(timestamp: int) -> None:
    """Close and prune the traffic log of this machine, each hour; the parameter traffic_log_days says how long it is kept."""
    del timestamp
    close_old_connections()
    today = timezone.localdate()
    days = int(reference.parameter(name="traffic_log_days", on_date=today).value)
    kept = commands.keep_traffic(folder=settings.KHLANG_TRAFFIC, today=today, days=days)
    if kept.closed or kept.pruned:
        _log.info("traffic log", extra={"facts": {"closed": kept.closed, "pruned": kept.pruned}})
