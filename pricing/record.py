"""Pricing records: what a price was computed from, so that anyone can compute it again.

`recorded` runs a plug-in on inputs as the record holds them, so nothing can enter a price that
is not in its record.  `replay` runs the installed plug-in again and compares byte for byte, and
where that fails by value: another processor or another build of numpy may give the last bit of
a statistic otherwise, and never an amount.  It shows that the price follows from the record,
not that the inputs were true; and the version is testimony: a later version that still yields
the same output replays.
"""

from __future__ import annotations

import dataclasses
import enum
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final, overload

from pricing.appraisal import Appraisal, Appraiser, Evidence
from pricing.bargain import Agreement, Bargain, Protocolled
from pricing.billing import Bill, Statement, Tariff
from pricing.errors import BadInput, NotReplayed
from pricing.estimate import Estimate, Estimator, MarketHistory
from pricing.learning import History, Learner, Proposal
from pricing.mechanisms import Auction, Mechanism, Outcome
from pricing.queries import QueryCase, QueryPrice, QueryPricer
from pricing.quote import Quote, QuoteRequest, Strategy
from pricing.registry import Registered, registered, registration
from pricing.sharing import Allocation, Allocator, SharingCase
from pricing.versions import Demand, Menu, Versioner
from pricing.wire import canonical, digest, from_wire, to_wire

_SHA256: Final = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Kind:
    """What a kind of plug-in is asked (`verb`), on what, and what it answers."""

    verb: str
    subject: type[Any]
    result: type[Any]


# A kind that is to be recorded and replayed has a row here; docs/pricing.md has the same rows.
KINDS: Final[Mapping[str, Kind]] = {
    "appraisers": Kind("appraise", Evidence, Appraisal),
    "estimators": Kind("estimate", MarketHistory, Estimate),
    "strategies": Kind("quote", QuoteRequest, Quote),
    "tariffs": Kind("rate", Statement, Bill),
    "versioners": Kind("menu", Demand, Menu),
    "query_pricers": Kind("price", QueryCase, QueryPrice),
    "allocators": Kind("allocate", SharingCase, Allocation),
    "mechanisms": Kind("clear", Auction, Outcome),
    "learners": Kind("propose", History, Proposal),
    "bargains": Kind("agree", Bargain, Agreement),
}


class Replayed(enum.StrEnum):
    """How well a recorded result came out again."""

    BIT_FOR_BIT = "bit for bit"
    TO_THE_UNIT = "to the minor unit"
    """Every amount, count and word is the same; a figure beside them differs by rounding."""


# Two platforms round the logarithms and sums of a statistic differently by some units in the
# last of 16 places; what differs by more than this is another result.
TOLERANCE: Final = 1e-9


@dataclass(frozen=True, slots=True)
class PricingRecord:
    """Plug-in, parameters, seed and inputs of one result, all in their wire form.

    `version` is that of the distribution the plug-in came with.  `input_digests` has the SHA-256
    of each input, which `replay` compares, and of any document that the inputs were taken from,
    which only a holder of the document can compare.
    """

    plugin: str
    version: str
    kind: str
    parameters: Mapping[str, Any]
    seed: int | None
    inputs: Mapping[str, Any]
    input_digests: Mapping[str, str]
    output: Mapping[str, Any]

    def to_record(self) -> dict[str, Any]:
        """Return a JSON object of strings and integers; no seed is no field."""
        fields = {f.name: getattr(self, f.name) for f in dataclasses.fields(self)}
        return {
            name: dict(held) if isinstance(held, Mapping) else held
            for name, held in fields.items()
            if held is not None
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> PricingRecord:
        """Read what `to_record` returned, or raise `BadInput` naming the field."""
        fields = {field.name for field in dataclasses.fields(cls)}
        if not fields - {"seed"} <= record.keys() <= fields:
            wrong = min(map(str, (fields - {"seed"}) - record.keys() or record.keys() - fields))
            raise BadInput(f"{wrong}: missing from a pricing record, or no field of it")
        for field in ("plugin", "version", "kind"):
            if not isinstance(record[field], str):
                raise BadInput(f"{field}: {record[field]!r} is not text")
        for field in ("parameters", "inputs", "input_digests", "output"):
            if not isinstance(record[field], Mapping):
                raise BadInput(f"{field}: {record[field]!r} is not an object")
        seed = from_wire(int, record["seed"], "seed") if "seed" in record else None
        return cls(**{**record, "seed": seed})


@overload
def recorded(
    plugin: Appraiser, subject: Evidence, *, documents: Mapping[str, str] | None = None
) -> tuple[Appraisal, PricingRecord]: ...
@overload
def recorded(
    plugin: Estimator, subject: MarketHistory, *, documents: Mapping[str, str] | None = None
) -> tuple[Estimate, PricingRecord]: ...
@overload
def recorded(
    plugin: Strategy, subject: QuoteRequest, *, documents: Mapping[str, str] | None = None
) -> tuple[Quote, PricingRecord]: ...
@overload
def recorded(
    plugin: Tariff, subject: Statement, *, documents: Mapping[str, str] | None = None
) -> tuple[Bill, PricingRecord]: ...
@overload
def recorded(
    plugin: Versioner, subject: Demand, *, documents: Mapping[str, str] | None = None
) -> tuple[Menu, PricingRecord]: ...
@overload
def recorded(
    plugin: QueryPricer, subject: QueryCase, *, documents: Mapping[str, str] | None = None
) -> tuple[QueryPrice, PricingRecord]: ...
@overload
def recorded(
    plugin: Allocator, subject: SharingCase, *, documents: Mapping[str, str] | None = None
) -> tuple[Allocation, PricingRecord]: ...
@overload
def recorded(
    plugin: Mechanism, subject: Auction, *, documents: Mapping[str, str] | None = None
) -> tuple[Outcome, PricingRecord]: ...
@overload
def recorded(
    plugin: Learner, subject: History, *, documents: Mapping[str, str] | None = None
) -> tuple[Proposal, PricingRecord]: ...
@overload
def recorded(
    plugin: Protocolled, subject: Bargain, *, documents: Mapping[str, str] | None = None
) -> tuple[Agreement, PricingRecord]: ...
def recorded(
    plugin: Any,
    subject: Evidence
    | QuoteRequest
    | Statement
    | Demand
    | QueryCase
    | SharingCase
    | Auction
    | History
    | MarketHistory
    | Bargain,
    *,
    documents: Mapping[str, str] | None = None,
) -> tuple[Any, PricingRecord]:
    """Run a plug-in and return its result with the record of it.

    `documents` names the SHA-256 of what the inputs were taken from, such as a spec sheet.
    Raises `UnknownPlugin` for a plug-in that is not registered, since nobody could replay it.
    """
    kind = next(name for name, kind in KINDS.items() if isinstance(subject, kind.subject))
    source = registration(kind, type(plugin))
    parameters, inputs = to_wire(plugin), to_wire(subject)
    seed = parameters.pop("seed", None)
    result = _run(source, parameters, seed, inputs)
    return result, PricingRecord(
        plugin=source.name,
        version=source.version,
        kind=kind,
        parameters=parameters,
        seed=seed,
        inputs=inputs,
        input_digests=_digests(inputs) | _documents(documents or {}, inputs),
        output=to_wire(result),
    )


def replay(record: PricingRecord) -> Replayed:
    """Compute the result again, or raise `NotReplayed` saying what came out differently."""
    try:
        version, again = _again(record)
        how = _likeness(record, again)
    except Exception as error:  # whatever a plug-in or a forged record raises, no price came out
        raise NotReplayed(f"{record.kind} {record.plugin}: {error}") from error
    if how is None:
        raise NotReplayed(
            f"{record.kind} {record.plugin}: recorded by version {record.version}, version"
            f" {version} yields another {_first_difference(again, record.output)}"
        )
    return how


def _likeness(record: PricingRecord, again: Mapping[str, Any]) -> Replayed | None:
    if canonical(again) == canonical(record.output):
        return Replayed.BIT_FOR_BIT
    result = KINDS[record.kind].result
    pair = from_wire(result, again, "output"), from_wire(result, record.output, "output")
    return Replayed.TO_THE_UNIT if _close(*pair) else None


def _close(again: object, recorded: object) -> bool:
    """Say whether two results differ by the rounding of figures alone."""
    if type(again) is not type(recorded):
        return False
    if isinstance(again, float | Decimal | Fraction):
        return math.isclose(float(again), float(recorded), rel_tol=TOLERANCE, abs_tol=TOLERANCE)  # type: ignore[arg-type]
    if isinstance(again, tuple) and isinstance(recorded, tuple):
        return len(again) == len(recorded) and all(map(_close, again, recorded))
    if dataclasses.is_dataclass(again):
        names = (field.name for field in dataclasses.fields(again))
        return all(_close(getattr(again, name), getattr(recorded, name)) for name in names)
    return again == recorded


def _again(record: PricingRecord) -> tuple[str, dict[str, Any]]:
    if record.kind not in KINDS:
        raise BadInput(f"kind: {record.kind!r} is none of {', '.join(KINDS)}")
    for name, expected in _digests(record.inputs).items():
        if record.input_digests.get(name) != expected:
            raise BadInput(f"input_digests: that of {name} is not {expected}")
    source = registered(record.kind, record.plugin)
    result = _run(source, record.parameters, record.seed, record.inputs)
    return source.version, to_wire(result)


def _run(
    source: Registered,
    parameters: Mapping[str, Any],
    seed: int | None,
    inputs: Mapping[str, Any],
) -> Any:  # noqa: ANN401 - the result of its kind
    kind = KINDS[source.kind]
    drawn = {} if seed is None else {"seed": seed}
    plugin = from_wire(source.plugin, {**parameters, **drawn}, "parameters")
    return getattr(plugin, kind.verb)(from_wire(kind.subject, inputs, "inputs"))


def _digests(inputs: Mapping[str, Any]) -> dict[str, str]:
    return {name: digest(held) for name, held in inputs.items()}


def _documents(documents: Mapping[str, str], inputs: Mapping[str, Any]) -> dict[str, str]:
    for name, value in documents.items():
        if not name.isascii() or name in inputs:
            raise BadInput(f"documents: {name!r} is not ASCII, or the name of an input")
        if not _SHA256.fullmatch(value):
            raise BadInput(f"documents: {value!r} of {name} is not a SHA-256 in hexadecimal")
    return dict(documents)


def _first_difference(again: Mapping[str, Any], output: Mapping[str, Any]) -> str:
    differs = (name for name, held in again.items() if output.get(name) != held)
    return next(differs, "set of fields")
