"""Money: exact baht with two decimals, and the reading of what people type into an amount field."""

import re
from decimal import Decimal
from functools import cache, total_ordering
from typing import Final, NoReturn, final

from khlang.kernel.refusals import Refusal, Refused
from khlang.kernel.thai_words import word_list

_MACHINE = re.compile(r"(-?)([0-9]+)(?:\.([0-9]{1,2})0*)?", re.ASCII)
_TYPED = re.compile(r"([0-9]+|[0-9]{1,3}(?:,[0-9]{3})+)?(?:\.([0-9]*))?", re.ASCII)
_PLAIN = re.compile(r"([0-9]{1,15})(?:\.([0-9]{2}))?", re.ASCII)
_BAHT_SIGN = "\N{THAI CURRENCY SYMBOL BAHT}"
_MINUS_SIGNS = ("-", "\N{MINUS SIGN}", "\N{EN DASH}")
_TYPED_DIGITS = {ord("\N{THAI DIGIT ZERO}") + digit: str(digit) for digit in range(10)}


@final
@total_ordering
class Baht:
    """An exact amount of baht with two decimals; immutable, hashable, never rounded, never a float.

    Kept as whole satang, so that adding and comparing are integer operations.
    """

    __slots__ = ("satang",)
    satang: int

    def __init__(self, amount: Decimal | int | str = 0) -> None:
        _write(self, _satang(amount))

    @classmethod
    def from_satang(cls, satang: int) -> "Baht":
        """Return the amount of so many hundredths of a baht."""
        made = object.__new__(cls)
        _write(made, satang)
        return made

    @property
    def amount(self) -> Decimal:
        """The amount in baht with exactly two decimals, as the database keeps it."""
        return Decimal(str(self))

    def display(self) -> str:
        """Show the amount as accounts show it: `1,234.50`, negative `(1,234.50)`."""
        whole, rest = divmod(abs(self.satang), 100)
        shown = f"{whole:,}.{rest:02d}"
        return f"({shown})" if self.satang < 0 else shown

    def __str__(self) -> str:
        whole, rest = divmod(abs(self.satang), 100)
        return f"-{whole}.{rest:02d}" if self.satang < 0 else f"{whole}.{rest:02d}"

    def __repr__(self) -> str:
        return f"Baht('{self}')"

    def __add__(self, other: "Baht") -> "Baht":
        if other.__class__ is not Baht:
            return NotImplemented
        return Baht.from_satang(self.satang + other.satang)

    def __sub__(self, other: "Baht") -> "Baht":
        if other.__class__ is not Baht:
            return NotImplemented
        return Baht.from_satang(self.satang - other.satang)

    def __mul__(self, times: int) -> "Baht":
        if times.__class__ is not int:
            return NotImplemented
        return Baht.from_satang(self.satang * times)

    __rmul__ = __mul__

    def __neg__(self) -> "Baht":
        return Baht.from_satang(-self.satang)

    def __abs__(self) -> "Baht":
        return Baht.from_satang(abs(self.satang))

    def __bool__(self) -> bool:
        return self.satang != 0

    def __eq__(self, other: object) -> bool:
        return self.satang == other.satang if isinstance(other, Baht) else NotImplemented

    def __lt__(self, other: "Baht") -> bool:
        if other.__class__ is not Baht:
            return NotImplemented
        return self.satang < other.satang

    def __hash__(self) -> int:
        return hash((Baht, self.satang))

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError(f"Baht is immutable, {name} cannot be set")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError(f"Baht is immutable, {name} cannot be removed")

    def __reduce__(self) -> tuple[type["Baht"], tuple[str]]:
        return Baht, (str(self),)


# The slot's own setter: the one way past the refusal to set attributes, and quicker than object.__setattr__.
_write = Baht.__dict__["satang"].__set__

ZERO: Final = Baht.from_satang(0)
# One digit less than numeric(18,2) can hold, so that sums of many lines still fit.
AMOUNT_LIMIT: Final = Baht.from_satang(99_999_999_999_999_999)


def baht(value: str | int | Decimal) -> Baht:
    """Read machine form (`"1234.50"`, `1234`, `Decimal`) exactly.

    Raises ValueError when the value is not a finite amount of whole satang, TypeError for a float.
    """
    return Baht(value)


def parse_amount(text: str) -> Baht:
    """Read an amount in baht as people type it: commas, spaces, the baht sign, Thai digits, `(1,240.00)`.

    Refused: kernel.amount_not_a_number, kernel.amount_too_many_decimals, kernel.amount_too_large.
    """
    if plain := _PLAIN.fullmatch(text):
        whole, decimals = plain.groups()
        return Baht.from_satang(int(whole) * 100 + int(decimals or 0))
    negative, digits = _unwrapped(text)
    typed = _TYPED.fullmatch(digits)
    if typed is None or not (typed[1] or typed[2]):
        raise Refused(Refusal("kernel.amount_not_a_number", {"text": text}))
    whole, decimals = (typed[1] or "0").replace(",", ""), typed[2] or ""
    if len(decimals) > 2:
        raise Refused(Refusal("kernel.amount_too_many_decimals", {"text": text}))
    # Counting digits first keeps a ten-thousand-digit paste from becoming a huge integer.
    if len(whole.lstrip("0")) > len(str(AMOUNT_LIMIT.satang)) - 2:
        raise Refused(Refusal("kernel.amount_too_large", {"text": text, "limit": str(AMOUNT_LIMIT)}))
    satang = int(whole) * 100 + int(decimals.ljust(2, "0"))
    return Baht.from_satang(-satang if negative else satang)


def _unwrapped(text: str) -> tuple[bool, str]:
    """Take sign, currency and outer spaces off; return whether the amount is negative, and the rest."""
    digits = _without_currency(text.translate(_TYPED_DIGITS))
    negative = digits.startswith(_MINUS_SIGNS)
    if negative:
        digits = _without_currency(digits[1:])
    elif digits.startswith("(") and digits.endswith(")"):
        negative, digits = True, _without_currency(digits[1:-1])
    # A space inside stands for a comma, and must stand where a comma would.
    return negative, ",".join(digits.split())


def _without_currency(text: str) -> str:
    text = text.strip()
    for word in _currency_words():
        text = text.removeprefix(word).removesuffix(word).strip()
    return text


@cache
def _currency_words() -> tuple[str, ...]:
    return (_BAHT_SIGN, *word_list("currency"))


def _satang(value: Decimal | int | str) -> int:
    if isinstance(value, str):
        return _satang_of_text(value)
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise TypeError(f"an amount is made of text, whole baht or Decimal, not {type(value).__name__}")
    if isinstance(value, int):
        return value * 100
    if not value.is_finite():
        raise ValueError(f"{value} is not an amount")
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int) or abs(exponent) > 40:
        raise ValueError(f"{value} is out of range")
    written = "".join(map(str, digits)) + "0" * (exponent + 2)
    kept, lost = (written[: exponent + 2], written[exponent + 2 :]) if exponent < -2 else (written, "")
    if lost.strip("0"):
        raise ValueError(f"{value} has more than two decimals")
    return -int(kept or "0") if sign else int(kept or "0")


def _satang_of_text(text: str) -> int:
    found = _MACHINE.fullmatch(text)
    if found is None:
        raise ValueError(f"{text!r} is not an amount with at most two decimals")
    sign, whole, decimals = found.groups()
    satang = int(whole) * 100 + (int(decimals.ljust(2, "0")) if decimals else 0)
    return -satang if sign else satang
