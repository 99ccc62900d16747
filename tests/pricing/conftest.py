from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib.metadata import EntryPoint, EntryPoints, entry_points

import pytest

from pricing import registry

Register = Callable[..., None]


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Iterator[Register]:
    """Register plug-ins beside the built-ins: ``register("strategies", whim="module:Class")``."""

    def beside(kind: str, **values: str) -> None:
        group = f"pricing.{kind}"
        claims = [*entry_points(group=group)]
        claims += [EntryPoint(name, value, group) for name, value in values.items()]

        def found(*, group: str) -> EntryPoints:
            return EntryPoints(claims).select(group=group)

        monkeypatch.setattr(registry, "entry_points", found)
        registry.discovered.cache_clear()

    yield beside
    registry.discovered.cache_clear()
