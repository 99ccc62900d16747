"""Extras: packages that few prices need, imported when one does."""

from __future__ import annotations

import importlib
from types import ModuleType

from pricing.errors import MissingExtra


def extra(module: str, name: str) -> ModuleType:
    """Import a package that the extra `name` brings, or raise `MissingExtra` naming the extra."""
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise MissingExtra(f"{module} is not here: pip install 'guapai[{name}]'") from error
