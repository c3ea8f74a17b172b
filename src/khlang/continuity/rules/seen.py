"""Remembers which references and contents came before, in twelve bytes each, so that memory stays flat."""

from array import array

_FIRST_SIZE = 1 << 12
_MASK_64 = (1 << 64) - 1
_FULL_TENTHS = 6


class Seen:
    """First row of each value, by its 64-bit hash; open addressing in two flat arrays."""

    def __init__(self) -> None:
        self._size = _FIRST_SIZE
        self._used = 0
        self._keys = array("Q", bytes(8 * _FIRST_SIZE))
        self._rows = array("L", bytes(array("L").itemsize * _FIRST_SIZE))

    def first_row(self, value: object, *, row: int) -> int:
        """The row where the value came first: 0 when it is here, in `row`."""
        key = (hash(value) & _MASK_64) or 1
        slot = self._slot(key)
        if self._keys[slot] == key:
            return self._rows[slot]
        self._keys[slot] = key
        self._rows[slot] = row
        self._used += 1
        if self._used * 10 > self._size * _FULL_TENTHS:
            self._grow()
        return 0

    def _slot(self, key: int) -> int:
        keys, mask = self._keys, self._size - 1
        slot = key & mask
        while keys[slot] and keys[slot] != key:
            slot = (slot + 1) & mask
        return slot

    def _grow(self) -> None:
        old_keys, old_rows = self._keys, self._rows
        self._size *= 2
        self._keys = array("Q", bytes(8 * self._size))
        self._rows = array("L", bytes(array("L").itemsize * self._size))
        for key, row in zip(old_keys, old_rows, strict=True):
            if key:
                slot = self._slot(key)
                self._keys[slot], self._rows[slot] = key, row
