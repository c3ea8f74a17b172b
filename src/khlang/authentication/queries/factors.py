"""What a person has beside her password."""

from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes

from khlang.authentication.rules import PasskeyView, SecondFactors


def second_factors(*, user_id: int) -> SecondFactors:
    """Every second factor of a person."""
    rows = list(Authenticator.objects.filter(user_id=user_id).order_by("created_at"))
    by_kind: dict[str, Any] = {row.type: row for row in rows}
    app, codes = by_kind.get(Authenticator.Type.TOTP), by_kind.get(Authenticator.Type.RECOVERY_CODES)
    since: datetime | None = app.created_at if app is not None else None
    return SecondFactors(
        passkeys=tuple(_passkey(row) for row in rows if row.type == Authenticator.Type.WEBAUTHN),
        app_since=since,
        recovery_left=len(RecoveryCodes(codes).get_unused_codes()) if codes is not None else None,
    )


def _passkey(row: Any) -> PasskeyView:
    return PasskeyView(int(row.pk), str(row.data["name"]), row.created_at, row.last_used_at)
