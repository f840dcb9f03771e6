"""What do we keep in memory, so that it never grows past its bound?"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


@dataclass(slots=True, kw_only=True)
class Bounded(Generic[K, V]):
    """Values by key, `most` of them by their weight; those not needed for longest go first. Safe between threads."""

    most: int
    weigh: Callable[[V], int] = lambda _: 1
    _values: OrderedDict[K, V] = field(default_factory=OrderedDict)
    _weight: int = 0
    _lock: Lock = field(default_factory=Lock)

    def get(self, key: K) -> V | None:
        """Return what is kept under a key."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def keep(self, key: K, value: V) -> V:
        """Keep a value, and return it."""
        with self._lock:
            self._drop(key)
            self._values[key] = value
            self._weight += self.weigh(value)
            while self._weight > self.most:
                self._drop(next(iter(self._values)))
        return value

    def forget(self, key: K) -> None:
        """Keep nothing under a key."""
        with self._lock:
            self._drop(key)

    def _drop(self, key: K) -> None:
        if key in self._values:
            self._weight -= self.weigh(self._values.pop(key))
