"""What is over goes: ended sessions each hour, tries when traffic logs go. And somebody looks how ThaiD does."""

from django.db import close_old_connections
from django.utils import timezone
from procrastinate.contrib.django import app

from khlang.authentication import commands
from khlang.authentication.thaid import condition
from khlang.reference import queries as reference


@app.periodic(cron="17 * * * *")
@app.task(queue="care", queueing_lock="authentication-sessions")
def clear_sessions(timestamp: int) -> None:
    """Delete sessions that are over."""
    del timestamp
    close_old_connections()
    commands.clear_sessions(at=timezone.now())


@app.periodic(cron="43 2 * * *")
@app.task(queue="care", queueing_lock="authentication-attempts")
def prune_attempts(timestamp: int) -> None:
    """Delete tries that have been kept as long as traffic logs are."""
    del timestamp
    close_old_connections()
    days = reference.parameter(name="traffic_log_days", on_date=timezone.localdate())
    commands.prune_attempts(days=int(days.value))


@app.periodic(cron="* * * * * */30")
@app.task(queue="care", queueing_lock="authentication-thaid")
def look_at_thaid(timestamp: int) -> None:
    """Keep how ThaiD does, so that no page has to wait for it. Two seconds at most."""
    del timestamp
    close_old_connections()
    condition.look(at=timezone.now())
