"""`khlang worker`: background work, taken from the database."""

import asyncio

import click
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import postgres

SECONDS_TO_FINISH = 30


@click.command(help=_("Do background work (imports, exports, schedules) until Ctrl-C."))
@click.option("--once", is_flag=True, help=_("Do what is waiting, then end."))
def worker(*, once: bool) -> None:
    """Run two jobs at a time; on Ctrl-C finish those under way first."""
    if not postgres.status().running:
        raise Refused(Refusal("toolkit.database_not_running"))
    autodiscover_modules("jobs")
    asyncio.run(_work(wait=not once))


async def _work(*, wait: bool) -> None:
    with app.replace_connector(app.connector.get_worker_connector()):  # type: ignore[attr-defined]
        async with app.open_async():
            await app.run_worker_async(
                concurrency=2, wait=wait, shutdown_graceful_timeout=SECONDS_TO_FINISH, install_signal_handlers=wait
            )
