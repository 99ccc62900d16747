"""Plug-ins that a market names: which group each field draws from, and how one is built.

Parameters are written as in [price files](docs/price-files.md) and kept in their wire form, so a
market stays data that can be hashed.  A plug-in with chance has a parameter `seed`; a market leaves
it out, and whoever plays the market gives each agent's plug-in a seed of its own.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any, Final

from exchange.formats.price_file import said
from exchange.simulation.market import PlugIn
from pricing.errors import PricingError
from pricing.registry import registered
from pricing.wire import from_wire

GROUPS: Final[Mapping[str, str]] = {
    "strategy": "strategies",
    "learner": "learners",
    "mechanism": "mechanisms",
    "allocator": "allocators",
}


def built(field: str, plug_in: PlugIn, *, seed: int) -> Any:  # noqa: ANN401 - of the field's group
    """Return the plug-in that stands in a field of a kind, with a seed if it takes one.

    A seed that the market gives stays.  Raises `UnknownPlugin` naming those that are installed, and
    `BadInput` naming the parameter that breaks its rule.
    """
    plugin = registered(GROUPS[field], plug_in.name).plugin
    parameters = dict(plug_in.parameters)
    if "seed" in {each.name for each in dataclasses.fields(plugin)}:
        parameters.setdefault("seed", seed)
    return from_wire(plugin, said(plugin, parameters), "")


def wired(field: str, plug_in: PlugIn) -> PlugIn:
    """Return the plug-in with parameters in their wire form; what is none of its own stays."""
    try:
        plugin = registered(GROUPS[field], plug_in.name).plugin
        return dataclasses.replace(plug_in, parameters=said(plugin, plug_in.parameters))
    except PricingError:  # whoever builds it says why
        return plug_in
