"""A value that an object which never changes works out once, and keeps.

Like `functools.cached_property`, which takes a lock before Python 3.12: a new case asks for
nineteen such values, and the locks cost a fifth of its review.  Two threads that ask at the same
moment both work the value out; as the object never changes, they find the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, Self, TypeVar, overload

V = TypeVar("V")


class kept(Generic[V]):  # noqa: N801 - a decorator, read like `property`
    """Make a method without arguments a value that is worked out when it is first asked for."""

    def __init__(self, function: Callable[[Any], V]) -> None:
        self._function = function
        self._name = function.__name__
        self.__doc__ = function.__doc__

    @overload
    def __get__(self, instance: None, owner: type) -> Self: ...

    @overload
    def __get__(self, instance: object, owner: type) -> V: ...

    def __get__(self, instance: object | None, owner: type) -> Self | V:
        """Work the value out; the next time Python finds it before it asks here."""
        if instance is None:
            return self
        value = instance.__dict__[self._name] = self._function(instance)
        return value
