"""What allauth asks us: the host name of passkeys, names on a telephone's list, and keys that lock up secrets."""

import base64
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.translation import pgettext

from khlang.toolkit.postgres_home import secret

KEY_FILE = "second-factors"


@cache
def lock() -> MultiFernet:
    """The keys for secrets of second factors: the first one locks, every one opens.

    One a line in KHLANG_HOME/keys/second-factors, or in KHLANG_SECOND_FACTOR_KEYS where several machines serve.
    """
    given = os.environ.get("KHLANG_SECOND_FACTOR_KEYS") or secret(Path(settings.KHLANG_HOME), KEY_FILE)
    return MultiFernet([Fernet(_fernet_key(line)) for line in given.split()])


def _fernet_key(line: str) -> bytes:
    return base64.urlsafe_b64encode(hashlib.sha256(f"khlang.authentication:{line}".encode()).digest())


class KhlangMFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    """allauth's second factors as Khlang keeps them."""

    def encrypt(self, text: str) -> str:
        """Lock a secret up before it goes into the database."""
        return lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open it again."""
        return lock().decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        """What a telephone's list calls us."""
        return str(pgettext("brand", "Khlang"))

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """For which host name passkeys are made."""
        host: str = settings.KHLANG_RP_ID or context.request.get_host().partition(":")[0]
        return {"id": host, "name": self.get_totp_issuer()}

    def get_public_key_credential_user_entity(self, user: Any) -> dict[str, Any]:
        """Under which names a passkey is kept: her own, then the one she logs in with."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.full_name, "name": user.get_username()}
