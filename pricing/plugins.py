"""Plug-ins by name, each with the protocol of its kind; `pricing.registry` finds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, overload

from pricing.registry import Registered, discovered, names, registered

if TYPE_CHECKING:
    from pricing.appraisal import Appraiser
    from pricing.bargain import Protocolled
    from pricing.billing import Tariff
    from pricing.estimate import Estimator
    from pricing.games import Utility
    from pricing.learning import Learner
    from pricing.mechanisms import Mechanism
    from pricing.noises import Noise
    from pricing.queries import QueryPricer
    from pricing.quote import Strategy
    from pricing.sharing import Allocator
    from pricing.versions import Versioner

__all__ = ["Registered", "discovered", "load", "names", "registered"]


@overload
def load(kind: Literal["appraisers"], name: str) -> Callable[..., Appraiser]: ...
@overload
def load(kind: Literal["estimators"], name: str) -> Callable[..., Estimator]: ...
@overload
def load(kind: Literal["strategies"], name: str) -> Callable[..., Strategy]: ...
@overload
def load(kind: Literal["allocators"], name: str) -> Callable[..., Allocator]: ...
@overload
def load(kind: Literal["tariffs"], name: str) -> Callable[..., Tariff]: ...
@overload
def load(kind: Literal["mechanisms"], name: str) -> Callable[..., Mechanism]: ...
@overload
def load(kind: Literal["utilities"], name: str) -> Callable[..., Utility]: ...
@overload
def load(kind: Literal["versioners"], name: str) -> Callable[..., Versioner]: ...
@overload
def load(kind: Literal["query_pricers"], name: str) -> Callable[..., QueryPricer]: ...
@overload
def load(kind: Literal["noises"], name: str) -> Callable[..., Noise]: ...
@overload
def load(kind: Literal["learners"], name: str) -> Callable[..., Learner]: ...
@overload
def load(kind: Literal["bargains"], name: str) -> Callable[..., Protocolled]: ...
@overload
def load(kind: str, name: str) -> Callable[..., Any]: ...
def load(kind: str, name: str) -> Callable[..., Any]:
    """Return the plug-in's class, to be built with its parameters, or raise `UnknownPlugin`."""
    return registered(kind, name).plugin
