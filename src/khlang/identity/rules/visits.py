"""A visit: an officer above reads an entity's books for a recorded reason (R321)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class VisitView:
    """Who came from where to read the books of an entity, why, from when until when."""

    visit_id: str
    entity_code: str
    entity_name: str
    user_id: int
    user_name: str
    from_code: str
    from_name: str
    reason: str
    started_at: datetime
    ends_at: datetime

    def lasts(self, at: datetime) -> bool:
        """Whether it goes on at this moment."""
        return self.started_at <= at < self.ends_at

    def minutes_left(self, at: datetime) -> int:
        """Whole minutes until it ends; 0 when it has ended."""
        return max(0, int((self.ends_at - at).total_seconds() // 60))
