"""What a person has beside her password."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class PasskeyView:
    """One passkey: what its owner calls it, since when, and when it was last used."""

    number: int
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class SecondFactors:
    """Everything a person may prove herself with beside her password; `recovery_left` is None when there are none."""

    passkeys: tuple[PasskeyView, ...] = ()
    app_since: datetime | None = None
    recovery_left: int | None = None

    @property
    def has_app(self) -> bool:
        """Whether an authenticator app is set up."""
        return self.app_since is not None

    @property
    def any(self) -> bool:
        """Whether a password alone is not enough to log in."""
        return bool(self.passkeys) or self.has_app

    @property
    def names(self) -> list[str]:
        """The ways of the second step, the most convenient first."""
        return [*(["passkey"] if self.passkeys else []), *(["code"] if self.any else [])]
