"""Registry of pricing plug-ins, by entry points in groups ``pricing.<kind>``.

Built-ins register exactly as strangers do.  A plug-in that fails to import is absent and the
log says so: one broken engine must not close the market.  So is a name that two distributions
claim, since a recorded price must mean one plug-in.
"""

from __future__ import annotations

import dataclasses
import functools
import logging
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from pricing.errors import UnknownPlugin

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Registered:
    """A plug-in that can be used, and the distribution it came with."""

    kind: str
    name: str
    distribution: str
    version: str
    plugin: type[Any]


@functools.cache
def discovered(kind: str) -> Mapping[str, Registered]:
    """Return the usable plug-ins of a kind by name; looked for once in a process."""
    claims: dict[str, list[EntryPoint]] = defaultdict(list)
    for entry in entry_points(group=f"pricing.{kind}"):
        claims[entry.name].append(entry)
    usable = (_usable(kind, claims[name]) for name in sorted(claims))
    return MappingProxyType({one.name: one for one in usable if one is not None})


def names(kind: str) -> tuple[str, ...]:
    """Name the usable plug-ins of a kind, in order of the alphabet."""
    return tuple(discovered(kind))


def registered(kind: str, name: str) -> Registered:
    """Return the plug-in, or raise `UnknownPlugin` naming what there is instead."""
    try:
        return discovered(kind)[name]
    except KeyError:
        there = ", ".join(names(kind)) or "none"
        raise UnknownPlugin(f"no {name!r} in pricing.{kind}; available: {there}") from None


def registration(kind: str, plugin: type[Any]) -> Registered:
    """Return what a class is registered as, or raise `UnknownPlugin` where it is not."""
    for source in discovered(kind).values():
        if source.plugin is plugin:
            return source
    raise UnknownPlugin(f"{plugin.__name__} is not registered in pricing.{kind}")


def _usable(kind: str, claims: list[EntryPoint]) -> Registered | None:
    name, group = claims[0].name, f"pricing.{kind}"
    if len(claims) > 1:
        values = ", ".join(sorted(entry.value for entry in claims))
        _log.warning("%s %r is absent: claimed more than once, by %s", group, name, values)
        return None
    try:
        plugin = claims[0].load()
    except Exception as error:  # noqa: BLE001 - a stranger's module may raise anything
        _log.warning("%s %r is absent: %s: %s", group, name, type(error).__name__, error)
        return None
    # Its fields are its parameters: without them a price could not be recorded and recomputed.
    if not (isinstance(plugin, type) and dataclasses.is_dataclass(plugin)):
        _log.warning("%s %r is absent: %r is not a dataclass", group, name, plugin)
        return None
    source = claims[0].dist
    return Registered(
        kind, name, source.name if source else "", source.version if source else "", plugin
    )
