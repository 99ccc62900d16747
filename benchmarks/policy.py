"""Decisions on a use a second of CPU: our evaluator beside a peer, over the same policies.

An agreement of all its parts is judged, with a report on every rule and every premise; requests
that are permitted and requests that are refused take turns.  Cedar (cedarpy) is given the same
constraints as its own policy, parsed once, and answers allow or deny without saying which
constraint failed; both have to decide alike.  A peer that is not installed is said and left out.

    python benchmarks/policy.py
"""

from __future__ import annotations

import argparse
import datetime as dt
import importlib.metadata
import importlib.util
import json
import statistics
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Final

from ledger_workload import cpu, print_machine, print_table, verdict

from exchange.policy.evaluator import evaluate
from exchange.policy.intersection import Supply, agreement, recipients, requests_of
from exchange.policy.policy import Policy
from exchange.policy.request import Request, State
from exchange.policy.vocabulary import Operand
from exchange.scenarios import Scenario, ScenarioState
from exchange.specsheet import Conditions, TimeLimit
from ledger.rights import Holding

DECISIONS_MIN: Final = 15_000
NOW: Final = dt.datetime(2026, 11, 27, 12, tzinfo=dt.UTC)
NUMBER: Final = "GP-1"
Decide = Callable[[Request, State], bool]
Asked = Sequence[tuple[Request, State]]

CONDITIONS: Final = Conditions(
    purposes=("marine-safety", "research", "shipping"),
    regions=("CN", "SG"),
    time_limit=TimeLimit.UNITS_THEN_ERASED,
    term_days=90,
    units=10,
    prohibited=("resale",),
)
SCENARIO: Final = Scenario(
    id="s-1",
    buyer="buyer",
    product=NUMBER,
    purpose="research",
    region="CN",
    term_days=90,
    recipients=("the laboratory",),
    onward_transfer=False,
    public_release=False,
    description="0" * 64,
    state=ScenarioState.APPROVED,
    head="",
)


def policy() -> Policy:
    """Return the agreement of a supplier's own product."""
    held = Holding(
        "supplier",
        "operating",
        ("any",),
        ("any",),
        until=None,
        exclusive=False,
        transferable=True,
        rests_on=(),
    )
    return agreement(SCENARIO, Supply(NUMBER, "supplier", CONDITIONS, (held,)))


def requests() -> Asked:
    """Return four uses: two within the agreement, one of another purpose, one too often."""
    (asked,) = requests_of(SCENARIO, NUMBER)
    named = {recipients(SCENARIO.id): frozenset(SCENARIO.recipients)}
    state = State(at=NOW, since=NOW - dt.timedelta(days=3), references=named)
    sold = {**asked.context, Operand.PURPOSE: ("resale",)}
    return (
        (asked, state),
        (asked, replace(state, count=9)),
        (replace(asked, context=sold), state),
        (asked, replace(state, count=10)),
    )


def ours() -> Decide:
    """Return our evaluator over the agreement."""
    agreed = policy()
    return lambda request, state: evaluate(agreed, request, state).permitted


# The same constraints as a policy of Cedar; durations and counts are whole numbers there.
_CEDAR: Final = """
permit(principal == User::"buyer", action == Action::"use", resource == Product::"GP-1") when {
  ["marine-safety", "research", "shipping"].contains(context.purpose) &&
  context.purpose == "research" &&
  ["CN", "SG"].contains(context.region) && context.region == "CN" &&
  ["the laboratory"].containsAll(context.recipients) &&
  context.elapsed <= 7776000 && context.count <= 10
};
forbid(principal == User::"buyer", action == Action::"use", resource == Product::"GP-1") when {
  ["resale"].contains(context.purpose)
};
forbid(principal == User::"buyer", action == Action::"distribute", resource == Product::"GP-1");
forbid(principal == User::"buyer", action == Action::"publish", resource == Product::"GP-1");
"""


def cedar() -> Decide:
    """Return Cedar over the same constraints."""
    import cedarpy  # noqa: PLC0415 - a peer that may be absent

    policies = cedarpy.PolicySet.from_str(_CEDAR)  # read once, as ours is
    entities = cedarpy.Entities.from_json_str("[]")

    def decide(request: Request, state: State) -> bool:
        said = {str(operand): values for operand, values in request.context.items()}
        passed = int((state.at - (state.since or state.at)).total_seconds())
        wanted = {
            "principal": {"type": "User", "id": "buyer"},
            "action": {"type": "Action", "id": request.action},
            "resource": {"type": "Product", "id": NUMBER},
            "context": {
                "purpose": said["purpose"][0],
                "region": said["spatial"][0],
                "recipients": list(said["recipient"]),
                "elapsed": passed,
                "count": state.count + 1,
            },
        }
        return bool(cedarpy.is_authorized(wanted, policies, entities).allowed)

    return decide


def measured(decide: Decide, asked: Asked, rounds: int, repeats: int) -> float:
    """Return decisions a second of CPU, the median over the repeats."""
    found = []
    for _ in range(repeats):
        started = cpu()
        for _ in range(rounds):
            for request, state in asked:
                decide(request, state)
        found.append(rounds * len(asked) / (cpu() - started))
    return statistics.median(found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print decisions a second of CPU, ours and the peer's, and the ratio."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=2_000)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args(arguments)
    asked, contenders = requests(), {"ours, with its report": ours()}
    if importlib.util.find_spec("cedarpy"):
        contenders[f"cedarpy {importlib.metadata.version('cedarpy')}"] = cedar()
    else:
        print("cedarpy is not installed: it is left out\n")
    decisions = {name: [decide(*each) for each in asked] for name, decide in contenders.items()}
    wanted = [True, True, False, False]
    assert all(each == wanted for each in decisions.values()), decisions  # noqa: S101 - else void
    rates: dict[str, Any] = {
        name: measured(decide, asked, options.rounds, options.repeats)
        for name, decide in contenders.items()
    }
    print_machine(rounds=options.rounds)
    own = rates["ours, with its report"]
    rows = [
        [name, f"{rate:,.0f}", f"{1e6 / rate:.1f}", f"{rate / own:.2f}"]
        for name, rate in rates.items()
    ]
    print_table(["", "decisions/s of CPU", "CPU µs each", "of ours"], rows)
    print()
    print_table(
        ["figure", "found", "bar", ""],
        [
            [
                "decisions a second of CPU",
                f"{own:,.0f}",
                f"{DECISIONS_MIN:,}",
                verdict(own, DECISIONS_MIN),
            ]
        ],
    )
    print(f"\nan agreement of {len(policy().record):,} bytes, {json.dumps(wanted)} decided alike")


if __name__ == "__main__":
    main()
