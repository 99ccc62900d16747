"""Keeping: what a frozen game computes from its parameters once and needs at every question.

It lies beside the fields, so that it is neither a parameter, nor compared, nor sent to another
process, where it is computed again.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

K = TypeVar("K")


class Keeping:
    """A base for frozen slotted dataclasses."""

    __slots__ = ("_held",)
    _held: dict[object, Any]

    def kept(self, name: object, computed: Callable[[], K]) -> K:
        """Return what is kept under the name, computing it the first time."""
        try:
            held = self._held
        except AttributeError:
            held = {}
            object.__setattr__(self, "_held", held)
        if name not in held:
            held[name] = computed()
        found: K = held[name]
        return found
