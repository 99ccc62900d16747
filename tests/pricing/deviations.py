"""Lies without end: no bid may yield more than the truth under a mechanism that declares so.

Every mechanism that the tests try and that declares to be truthful is asked about so many lies,
each beside the truth under the same lots.  The first that pays is printed with the whole
profile, and the exit code is 1.

    python -m tests.pricing.deviations --count 100000
"""

# ruff: noqa: T201 - this is a command

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator

from pricing.conformance import MechanismContract
from pricing.conformance.profiles import deviations
from pricing.mechanisms import Declared, Property
from tests.pricing import test_mechanisms


def contracts() -> Iterator[type[MechanismContract]]:
    """Yield the contracts whose mechanism declares to be truthful, in their order."""
    for each in vars(test_mechanisms).values():
        if isinstance(each, type) and issubclass(each, MechanismContract) and truthful(each):
            yield each


def truthful(contract: type[MechanismContract]) -> Declared | None:
    """Return what the contract's mechanism declares about the truth, if anything."""
    mechanism = getattr(contract, "mechanism", None)
    declared = mechanism.properties if mechanism is not None else ()
    return next((each for each in declared if each.promise is Property.TRUTHFUL), None)


def dearest(contract: type[MechanismContract], count: int, seed: int) -> tuple[float, str]:
    """Return the greatest profit of so many lies, in minor units, and the lie."""
    told = deviations(contract.mechanism, contract.auction, count, seed=seed)
    worst = max(told, key=lambda deviation: deviation.profit)
    return float(worst.profit), str(worst)


def main() -> int:
    """Try every truthful mechanism and say what the best of the lies yielded."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--count", type=int, default=100_000, help="lies for each mechanism")
    parser.add_argument("--seed", type=int, default=20_261_127)
    options = parser.parse_args()
    print(f"seed {options.seed}, {options.count} lies for each mechanism")
    found = 0
    for contract in contracts():
        declared = truthful(contract)
        assert declared is not None
        began = time.process_time()
        profit, lie = dearest(contract, options.count, options.seed)
        spent = time.process_time() - began
        pays = profit > declared.within
        found += pays
        print(
            f"{contract.__name__.removeprefix('Test')}: the best lie yields {profit:g} minor units,"
            f" declared are {declared.within}, {spent:.0f} s: {lie if pays else 'no lie pays'}"
        )
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
