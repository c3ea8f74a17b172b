"""The record of sign-ins: for the person herself, and for the administrator of her office."""

from khlang.authentication.models import Device
from khlang.authentication.rules import DeviceView, SignInView
from khlang.toolkit import sql

# One line a try with what became of it, and one for each thing that was changed or refused.
_SIGN_INS = """
SELECT a.at, a.door, a.device, a.address,
       CASE WHEN a.outcome = 'tried' THEN coalesce((
              SELECT CASE f.outcome WHEN 'refused' THEN f.reason ELSE f.outcome END FROM authentication_attempt f WHERE f.of_attempt = a.attempt_id ORDER BY f.at DESC LIMIT 1
            ), 'failed')
            ELSE a.reason END
FROM authentication_attempt a
WHERE a.user_id = %s AND (a.outcome = 'tried' OR (a.outcome IN ('refused', 'changed') AND a.of_attempt IS NULL))
ORDER BY a.at DESC, a.attempt_id DESC LIMIT %s
"""


def sign_ins(*, user_id: int, limit: int = 50) -> list[SignInView]:
    """What happened at the doors of one account, the newest first."""
    return [SignInView(*values) for values in sql.rows(_SIGN_INS, (user_id, limit))]


def devices(*, user_id: int) -> list[DeviceView]:
    """The devices on which a person logged in before, the latest first."""
    found = Device.objects.filter(user_id=user_id, forgotten_at__isnull=True).order_by("-last_used_at")
    return [DeviceView(row.label, row.first_used_at, row.last_used_at) for row in found]
