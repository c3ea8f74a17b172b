"""Work that a dead worker left behind is taken up again: every job of Khlang may be run twice without harm."""

from procrastinate import BaseRetryStrategy, JobContext, RetryDecision
from procrastinate.contrib.django import app
from procrastinate.jobs import Job

from khlang.toolkit.tenancy import WritesClosedError

SECONDS_SILENT = 45
SECONDS_CLOSED = 30


class PatientStrategy(BaseRetryStrategy):
    """Retries as `other` says; but while the system is closed to writing a job waits, however long that lasts."""

    def __init__(self, other: BaseRetryStrategy) -> None:
        self.other = other

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        """Half a minute later when writing is closed; otherwise what the other strategy decides."""
        if isinstance(exception, WritesClosedError):
            return RetryDecision(retry_in={"seconds": SECONDS_CLOSED})
        return self.other.get_retry_decision(exception=exception, job=job)


@app.periodic(cron="* * * * *")
@app.task(queue="care", queueing_lock="take-up-again", pass_context=True)
async def take_up_again(context: JobContext, timestamp: int) -> None:
    """Put jobs back in the queue whose worker has given no sign of life."""
    del timestamp
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SECONDS_SILENT):
        await manager.retry_job(job)
