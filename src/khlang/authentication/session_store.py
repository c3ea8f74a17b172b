"""The session engine: keys kept as hashes, whose browser it is, and when it ends (idle, and at all)."""

import hashlib
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from django.contrib.auth import SESSION_KEY as USER
from django.contrib.sessions.backends import db
from django.utils import timezone

from khlang.authentication.models import Session
from khlang.authentication.rules import Lifetimes, agent_mark, device_label, ends_at
from khlang.reference import queries as reference

PROVED_BY = "proved_by"
# Somebody who is not logged in keeps a session only between the two steps of a log-in.
ANONYMOUS_SECONDS = 3600
# Requests that were under way with the old key are still answered.
GRACE = timedelta(seconds=10)
_SEEN_EVERY = timedelta(seconds=60)


@lru_cache(maxsize=4)
def lifetimes(day: Any) -> Lifetimes:
    """How long sessions last on a day; read once a day and process."""
    hours = (reference.parameter(name=f"session_{name}_hours", on_date=day).value for name in ("idle", "absolute"))
    idle, absolute = (timedelta(hours=int(value)) for value in hours)
    return Lifetimes(idle, absolute)


def hashed(key: str) -> str:
    """What the database knows of a session's key: a copy of the table opens no session."""
    return hashlib.sha256(key.encode()).hexdigest()


class SessionStore(db.SessionStore):
    """A session in the table `authentication_session`."""

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.row: Session | None = None
        self._begun_at: datetime | None = None
        self._agent = ""
        self._device = ""
        self._address = ""

    @classmethod
    def get_model_class(cls) -> type[Any]:
        """The table."""
        return Session

    def bind(self, *, agent: str, address: str) -> None:
        """Tell which browser this is, before anything is saved."""
        self._agent, self._device, self._address = agent_mark(agent), device_label(agent), address

    @property
    def agent(self) -> str:
        """The mark of the browser that shows the cookie now."""
        return self._agent

    def _get_session_from_db(self) -> Session | None:
        found = Session.objects.filter(session_key=hashed(self.session_key or ""), expire_date__gt=timezone.now())
        self.row = found.first()
        if self.row is None:
            self._session_key = None
            return None
        self._begun_at = self.row.created_at
        return self.row

    def exists(self, session_key: str) -> bool:
        """Whether the key is taken."""
        return Session.objects.filter(session_key=hashed(session_key)).exists()

    def create(self) -> None:
        """A new key; its time begins now."""
        self.row, self._begun_at = None, None
        super().create()

    def renew(self) -> None:
        """Change the key after a new proof of identity, keeping everything else, its age too."""
        self.get(USER)
        old, begun_at, data = self.row, self._begun_at, dict(self.items())
        self.create()
        self._session_cache = data
        self._begun_at = begun_at
        self.modified = True
        if old is not None:
            now = timezone.now()
            Session.objects.filter(pk=old.pk).update(replaced_at=now, expire_date=now + GRACE)

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        """The row to be written."""
        now, before = timezone.now(), self.row
        user_id = int(data[USER]) if data.get(USER) else None
        self._begun_at = self._begun_at or now
        replaced = before is not None and before.replaced_at is not None
        self.row = Session(
            session_key=hashed(self.session_key or ""),
            session_data=self.encode(data),
            expire_date=before.expire_date if before is not None and replaced else self._end(now, user_id),
            user_id=user_id,
            created_at=self._begun_at,
            last_seen_at=now,
            address=self._address,
            agent=self._agent or (before.agent if before else ""),
            device=self._device or (before.device if before else ""),
            proved_by=data.get(PROVED_BY, ""),
            replaced_at=before.replaced_at if before is not None else None,
        )
        return self.row

    def _end(self, now: datetime, user_id: int | None) -> datetime:
        if user_id is None:
            return now + timedelta(seconds=ANONYMOUS_SECONDS)
        return ends_at(
            begun_at=self._begun_at or now,
            last_seen_at=now,
            lifetimes=lifetimes(timezone.localdate(now)),
        )

    def touch(self) -> None:
        """Note that the person is still there, once a minute at most; and which browser, when that was not known."""
        row, now = self.row, timezone.now()
        if row is None or row.replaced_at is not None:
            return
        if row.agent and now - row.last_seen_at < _SEEN_EVERY:
            return
        row.last_seen_at, row.expire_date = now, self._end(now, row.user_id)
        row.agent, row.device, row.address = row.agent or self._agent, self._device or row.device, self._address
        kept = ("last_seen_at", "expire_date", "agent", "device", "address")
        Session.objects.filter(pk=row.pk).update(**{name: getattr(row, name) for name in kept})

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        key = session_key or self.session_key
        if key:
            Session.objects.filter(session_key=hashed(key)).delete()

    def get_expiry_age(self, **kwargs: Any) -> int:
        """How long the cookie is kept: the whole life of the session, which lying idle may end before."""
        del kwargs
        if not self.get(USER):
            return ANONYMOUS_SECONDS
        now = timezone.now()
        whole = lifetimes(timezone.localdate(now)).absolute
        return max(0, round(((self._begun_at or now) + whole - now).total_seconds()))

    @property
    def seconds_left(self) -> int:
        """How long until the session ends if nothing more happens."""
        now = timezone.now()
        user_id = int(self[USER]) if self.get(USER) else None
        return max(0, round((self._end(now, user_id) - now).total_seconds()))
