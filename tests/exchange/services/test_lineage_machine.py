"""Whatever happens to a family of products, the scheduled job finds nothing left to suspend.

Acts of every kind fall on three generations in any order; what comes from what they fall on has
left the board by the time that each is acknowledged, and nothing ever comes from itself.
`GUAPAI_LINEAGE_EXAMPLES` asks for more than CI has time for.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from exchange.errors import ExchangeError
from exchange.grading import Grade
from exchange.services.audit_provenance import export_bundle
from exchange.services.lapse_listings import why_off_board
from ledger.audit import audit
from ledger.registry import why_circular
from tests.exchange.floor import DATA, DERIVATION, EVIDENCE, NOTICE, SHEET, Hall, open_hall, sheet

EXAMPLES: Final = int(os.environ.get("GUAPAI_LINEAGE_EXAMPLES", "6"))
PLACES: Final = st.integers(0, 2)
SHEETS: Final[tuple[dict[str, Any], ...]] = (
    {},
    {"grade": "general-3"},
    {"conditions": SHEET["conditions"] | {"purposes": ["research"]}},
    {"conditions": SHEET["conditions"] | {"term_days": 30}},
)


class Lineage(RuleBasedStateMachine):
    """A source, what another supplier made of it, and what the first made of that."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="guapai-lineage-"))
        self.opened = open_hall(self.folder / "exchange", store="sqlite")
        self.hall: Hall = self.opened.__enter__()
        self.numbers: list[str] = []
        self.grants: list[tuple[int, str]] = []
        for nth, owner in enumerate(("supplier", "contributor", "supplier")):
            parents = self.numbers[-1:]
            if parents:
                self.granted(nth - 1, owner)
            told = self.told(nth, {})
            file = self.hall.file(f"{nth}.csv", DATA.replace("6.1", f"5.{nth}"))
            made = self.hall.desk(owner).register(file, told, [EVIDENCE], parents=parents)
            self.numbers.append(made.number)
            self.hall.advance(seconds=NOTICE)
            self.returned(nth, {})

    def owner(self, place: int) -> str:
        """Name who supplies a product now."""
        supplier = self.hall.product(self.numbers[place]).supplier
        both = ("supplier", "contributor")
        return next(each for each in both if self.hall.participant(each).id == supplier)

    def told(self, place: int, changes: dict[str, Any]) -> Any:
        sources = [DERIVATION] if place else [SHEET["sources"][0]]
        return sheet(**{"sources": sources} | changes)

    def granted(self, place: int, to: str) -> None:
        desk = self.hall.desk(self.owner(place))
        self.grants.append((place, desk.grant(self.numbers[place], self.hall.terms(to)).head))

    def returned(self, place: int, changes: dict[str, Any]) -> None:
        """Sign a sheet, have everybody look at it, and ask for the listing."""
        number, desk = self.numbers[place], self.hall.desk(self.owner(place))
        desk.submit_sheet(number, self.told(place, changes))
        self.hall.attest(number)
        self.hall.review(number)
        desk.list(number)

    def tried(self, act: Callable[[], object]) -> None:
        with suppress(ExchangeError):  # what is refused changes nothing
            act()

    @rule(place=PLACES, changes=st.sampled_from(SHEETS))
    def sign_a_sheet_and_return(self, place: int, changes: dict[str, Any]) -> None:
        self.tried(lambda: self.returned(place, changes))

    @rule(place=PLACES, grade=st.sampled_from([Grade.GENERAL_2, Grade.IMPORTANT, Grade.CORE]))
    def grade(self, place: int, grade: Grade) -> None:
        self.tried(lambda: self.hall.house.set_grade(self.numbers[place], grade, "why", "App. J"))

    @rule(place=PLACES)
    def revoke(self, place: int) -> None:
        desk = self.hall.desk(self.owner(place))
        for grant in [grant for at, grant in self.grants if at == place]:
            with suppress(ExchangeError):
                desk.revoke(self.numbers[place], grant, "over")

    @rule(place=PLACES, to=st.sampled_from(["supplier", "contributor"]))
    def grant(self, place: int, to: str) -> None:
        self.tried(lambda: self.granted(place, to))

    @rule(place=PLACES, parent=st.none() | PLACES)
    def change(self, place: int, parent: int | None) -> None:
        """Change particulars, or name one of the family as a parent, itself and others alike."""
        desk, number = self.hall.desk(self.owner(place)), self.numbers[place]
        parents = [self.numbers[place - 1]] if place else []
        parents += [self.numbers[parent]] if parent is not None else []
        sources = ["produced", "derived"] if parents else ["produced", "bought"]
        self.tried(
            lambda: desk.change(
                number, None, "so it was", [EVIDENCE], parents=[*{*parents}], sources=sources
            )
        )

    @rule(place=PLACES)
    def object(self, place: int) -> None:
        self.tried(lambda: self.hall.rival.object(self.numbers[place], "mine"))

    @rule(place=PLACES, outcome=st.sampled_from(["upheld", "dismissed"]))
    def close(self, place: int, outcome: str) -> None:
        self.tried(lambda: self.hall.house.close_objection(self.numbers[place], outcome, "so"))

    @rule(place=PLACES)
    def dispute(self, place: int) -> None:
        self.tried(lambda: self.hall.rival.dispute(self.numbers[place], "mine"))

    @rule(place=PLACES, outcome=st.sampled_from(["dismissed", "cancelled"]))
    def decide(self, place: int, outcome: str) -> None:
        self.tried(lambda: self.hall.house.decide_dispute(self.numbers[place], outcome, "so"))

    @rule(place=PLACES)
    def pass_on(self, place: int) -> None:
        number, owner = self.numbers[place], self.owner(place)
        taker = "contributor" if owner == "supplier" else "supplier"
        self.tried(lambda: self.hall.desk(owner).offer(number, self.hall.participant(taker), 5))
        self.tried(lambda: self.hall.desk(taker).take_over(number))

    @rule(place=PLACES)
    def cancel(self, place: int) -> None:
        desk = self.hall.desk(self.owner(place))
        self.tried(lambda: desk.cancel_registration(self.numbers[place], "no longer"))

    @rule()
    def wait_for_the_notice(self) -> None:
        self.hall.advance(seconds=NOTICE)

    @invariant()
    def nothing_stands_that_the_job_would_suspend(self) -> None:
        with self.hall.floor.read() as work:
            for product in work.products.listed():
                assert why_off_board(product, work=work, floor=self.hall.floor) == ""

    @invariant()
    def nothing_comes_from_itself(self) -> None:
        with self.hall.floor.read() as work:
            for number in self.numbers:
                assert why_circular(work.chain.store, f"product/{number}") == ""

    def teardown(self) -> None:
        try:
            bundle = self.folder / "bundle"
            export_bundle(bundle, floor=self.hall.floor)
            assert audit(bundle, key=self.hall.floor.log_key).findings == []
        finally:
            self.opened.__exit__(None, None, None)
            shutil.rmtree(self.folder, ignore_errors=True)


TestLineage = Lineage.TestCase
TestLineage.settings = settings(
    max_examples=EXAMPLES,
    stateful_step_count=10,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
