"""The citizen number, of which only a keyed hash is ever kept (R12, PDPA). No Django here."""

import hashlib
import hmac
import os

from khlang.toolkit.postgres_home import home_folder, secret

KEY_NAME = "citizen-number-key"
DIGITS = 13


def is_citizen_number(text: str) -> bool:
    """Whether this is a citizen number: thirteen digits of which the last follows from the others."""
    if len(text) != DIGITS or not (text.isascii() and text.isdecimal()):
        return False
    total = sum(int(digit) * (DIGITS - place) for place, digit in enumerate(text[:-1]))
    return (11 - total % 11) % 10 == int(text[-1])


def pid_hash(*, pid: str) -> str:
    """HMAC-SHA256 of a citizen number, by which its owner is found and from which it cannot be read.

    The key is KHLANG_PID_KEY where several machines serve, else a file of this home. It must never change: every
    officer would have to be registered again.
    """
    key = os.environ.get("KHLANG_PID_KEY") or secret(home_folder(), KEY_NAME)
    return hmac.digest(key.encode(), pid.encode(), hashlib.sha256).hex()
