"""Work that a dead worker left behind is taken up again: every job of Khlang may be run twice without harm."""

from procrastinate import JobContext
from procrastinate.contrib.django import app

SECONDS_SILENT = 45


@app.periodic(cron="* * * * *")
@app.task(queue="care", queueing_lock="take-up-again", pass_context=True)
async def take_up_again(context: JobContext, timestamp: int) -> None:
    """Put jobs back in the queue whose worker has given no sign of life."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SECONDS_SILENT):
        await manager.retry_job(job)
