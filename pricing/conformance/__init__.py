"""Contract kits: subclass one under a name that pytest collects, and inherit its tests.

    class TestMine(AppraiserContract):
        appraiser = Mine()
        evidence = Evidence(costs=(("survey", Money(100_00)),), quality=Decimal("0.9"))

The plug-in must be registered in its group, since what is not registered cannot be replayed.
Every kit tries determinism, the wire form of the result, and that a recorded result replays
and a forged one does not.
"""

from pricing.conformance.allocators import AllocatorContract
from pricing.conformance.appraisers import AppraiserContract
from pricing.conformance.bargains import BargainContract
from pricing.conformance.estimators import EstimatorContract
from pricing.conformance.executors import ExecutorContract
from pricing.conformance.learners import LearnerContract
from pricing.conformance.mechanisms import MechanismContract
from pricing.conformance.noises import NoiseContract
from pricing.conformance.query_pricers import QueryPricerContract
from pricing.conformance.strategies import StrategyContract
from pricing.conformance.tariffs import TariffContract
from pricing.conformance.utilities import UtilityContract
from pricing.conformance.versioners import VersionerContract

__all__ = [
    "AllocatorContract",
    "AppraiserContract",
    "BargainContract",
    "EstimatorContract",
    "ExecutorContract",
    "LearnerContract",
    "MechanismContract",
    "NoiseContract",
    "QueryPricerContract",
    "StrategyContract",
    "TariffContract",
    "UtilityContract",
    "VersionerContract",
]
