"""Passkeys, authenticator apps and recovery codes: allauth checks them, behind our own pages and limits."""

import struct
from datetime import datetime
from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, LoginWebAuthnForm
from allauth.mfa.webauthn.internal import auth as webauthn
from django.db import transaction

from khlang.authentication.commands.attempts import Try, begin_try, note_change
from khlang.authentication.commands.passwords import refuse_wrong
from khlang.authentication.queries import account_of
from khlang.authentication.rules import Door, Origin
from khlang.kernel.refusals import Refusal, Refused
from khlang.toolkit import sql

PASSKEY_NAME_CHARACTERS_MAX = 60
# A step is written only when it is newer than the last one taken; otherwise the code was seen before.
_TAKE_STEP = """
INSERT INTO authentication_code_step (authenticator_id, step) VALUES (%s, %s)
ON CONFLICT (authenticator_id) DO UPDATE SET step = EXCLUDED.step WHERE authentication_code_step.step < EXCLUDED.step
RETURNING step
"""


def try_code(*, user: Any, code: str, origin: Origin, at: datetime) -> Try:
    """Check a code of an authenticator app, or a recovery code, which counts once.

    Refuses authentication.code_wrong {left, minutes}, also for a code that was used before; and pauses.
    """
    attempt = begin_try(account=account_of(user=user), door=Door.CODE, origin=origin, at=at)
    with transaction.atomic():
        form = AuthenticateForm({"code": code.replace(" ", "")}, user=user)
        taken = form.is_valid() and _first_use(form.authenticator, code)
    if not taken:
        refuse_wrong(attempt, at=at, clause="code_wrong")
    Authenticator.objects.filter(pk=form.authenticator.pk).update(last_used_at=at)
    return attempt


def _first_use(authenticator: Any, code: str) -> bool:
    if authenticator.type != Authenticator.Type.TOTP:
        return True
    step = _step_of(get_adapter().decrypt(authenticator.data["secret"]), code.replace(" ", ""))
    return step is not None and sql.row(_TAKE_STEP, (authenticator.pk, step)) is not None


def _step_of(secret: str, code: str) -> int | None:
    """The newest step of thirty seconds to which a code belongs."""
    steps = sorted(totp.yield_hotp_counters_from_time(), reverse=True)
    return next((step for step in steps if totp.format_hotp_value(totp.hotp_value(secret, step)) == code), None)


def passkey_options(*, user: Any = None) -> dict[str, Any]:
    """What a browser needs to ask for a passkey: one of this person, or any."""
    options: dict[str, Any] = webauthn.begin_authentication(user)
    return options


def try_passkey(*, credential: str, origin: Origin, at: datetime, user: Any = None) -> Try:
    """Check a passkey: of this person, or of whoever it belongs to. It works while passwords are paused.

    Refuses authentication.passkey_refused: not ours, somebody else's, or the device did not check its owner.
    """
    form = (
        AuthenticateWebAuthnForm({"credential": credential}, user=user)
        if user is not None
        else LoginWebAuthnForm({"credential": credential})
    )
    if not _is_valid(form):
        raise Refused(Refusal("authentication.passkey_refused"))
    found = form.cleaned_data["credential"]
    owner = found.user
    if not owner.is_active:
        raise Refused(Refusal("authentication.passkey_refused"))
    Authenticator.objects.filter(pk=found.pk).update(last_used_at=at)
    return begin_try(account=account_of(user=owner), door=Door.PASSKEY, origin=origin, at=at, paused=False)


def _is_valid(form: Any) -> bool:
    """Whether allauth takes it. What browsers never send makes its readers stumble; that is a no, too."""
    try:
        return bool(form.is_valid())
    except (LookupError, TypeError, ValueError, AttributeError, struct.error):
        return False


def new_passkey_options(*, user: Any) -> dict[str, Any]:
    """What a browser needs to make a passkey for this person."""
    options: dict[str, Any] = webauthn.begin_registration(user, passwordless=True)
    return options


def add_passkey(*, user: Any, name: str, credential: str, origin: Origin, at: datetime) -> list[str]:
    """Keep a new passkey; gives recovery codes when these are the first. Refuses authentication.passkey_not_made."""
    given = {"name": name.strip()[:PASSKEY_NAME_CHARACTERS_MAX], "credential": credential, "passwordless": "on"}
    form = AddWebAuthnForm(given, user=user)
    if not _is_valid(form):
        raise Refused(Refusal("authentication.passkey_not_made"))
    with transaction.atomic():
        webauthn.WebAuthn.add(user, form.cleaned_data["name"], form.cleaned_data["credential"])
        note_change(user=user, origin=origin, at=at, what="passkey_added")
        return _first_recovery_codes(user)


def rename_passkey(*, user: Any, number: int, name: str) -> None:
    """Call a passkey something else. Refuses authentication.passkey_unknown, .name_missing."""
    row = _passkey(user, number)
    if not name.strip():
        raise Refused(Refusal("authentication.name_missing", where="name"))
    row.data["name"] = name.strip()[:PASSKEY_NAME_CHARACTERS_MAX]
    row.save(update_fields=["data"])


def remove_passkey(*, user: Any, number: int, origin: Origin, at: datetime) -> None:
    """Take a passkey away. Refuses authentication.passkey_unknown."""
    with transaction.atomic():
        _passkey(user, number).delete()
        _drop_lonely_codes(user)
        note_change(user=user, origin=origin, at=at, what="passkey_removed")


def _passkey(user: Any, number: int) -> Any:
    row = Authenticator.objects.filter(user_id=user.pk, pk=number, type=Authenticator.Type.WEBAUTHN).first()
    if row is None:
        raise Refused(Refusal("authentication.passkey_unknown"))
    return row


def offer_app(*, user: Any) -> tuple[str, str]:
    """A new secret for an authenticator app: as text and as a drawn square (SVG). Kept in the session until it is used."""
    secret: str = ActivateTOTPForm(user=user).secret
    adapter = get_adapter()
    return secret, adapter.build_totp_svg(adapter.build_totp_url(user, secret))


def offered_app(*, user: Any) -> tuple[str, str]:
    """The same secret once more, after a wrong code."""
    secret: str = totp.get_totp_secret()
    adapter = get_adapter()
    return secret, adapter.build_totp_svg(adapter.build_totp_url(user, secret))


def add_app(*, user: Any, code: str, origin: Origin, at: datetime) -> list[str]:
    """Take the app into use when its first code is right; gives recovery codes when these are the first.

    Refuses authentication.app_code_wrong, .app_exists.
    """
    if Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).exists():
        raise Refused(Refusal("authentication.app_exists"))
    form = ActivateTOTPForm({"code": code.replace(" ", "")}, user=user)
    if not form.is_valid():
        raise Refused(Refusal("authentication.app_code_wrong", where="code"))
    with transaction.atomic():
        row = totp.TOTP.activate(user, form.secret).instance
        _first_use(row, code)
        note_change(user=user, origin=origin, at=at, what="app_added")
        return _first_recovery_codes(user)


def remove_app(*, user: Any, origin: Origin, at: datetime) -> None:
    """Take the authenticator app out of use; again is harmless."""
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.TOTP).delete()
        _drop_lonely_codes(user)
        if removed:
            note_change(user=user, origin=origin, at=at, what="app_removed")


def renew_recovery_codes(*, user: Any, origin: Origin, at: datetime) -> list[str]:
    """Ten new codes; the old ones are worth nothing. Refuses authentication.codes_without_factor."""
    with transaction.atomic():
        rows = Authenticator.objects.select_for_update().filter(user_id=user.pk)
        if not rows.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
            raise Refused(Refusal("authentication.codes_without_factor"))
        rows.filter(type=Authenticator.Type.RECOVERY_CODES).delete()
        note_change(user=user, origin=origin, at=at, what="codes_renewed")
        return _first_recovery_codes(user)


def _first_recovery_codes(user: Any) -> list[str]:
    """The codes when they are made now; shown this once."""
    if Authenticator.objects.filter(user_id=user.pk, type=Authenticator.Type.RECOVERY_CODES).exists():
        return []
    codes = RecoveryCodes.activate(user)
    codes.mark_as_viewed()
    found: list[str] = codes.generate_codes()
    return found


def _drop_lonely_codes(user: Any) -> None:
    """Recovery codes stand in for a second factor; without one they go too."""
    rows = Authenticator.objects.filter(user_id=user.pk)
    if not rows.exclude(type=Authenticator.Type.RECOVERY_CODES).exists():
        rows.delete()


def drop_factors(*, user_id: int) -> None:
    """Take every second factor of a person away, when her administrator lets her begin anew."""
    Authenticator.objects.filter(user_id=user_id).delete()


def lock_anew() -> int:
    """Lock every secret with the newest key, after a key was added; gives how many."""
    adapter, count = get_adapter(), 0
    with transaction.atomic():
        for row in Authenticator.objects.select_for_update().exclude(type=Authenticator.Type.WEBAUTHN):
            name = "secret" if row.type == Authenticator.Type.TOTP else "seed"
            row.data[name] = adapter.encrypt(adapter.decrypt(row.data[name]))
            row.save(update_fields=["data"])
            count += 1
    return count
