"""What one answer or one act costs among many products and participants: CPU of each.

The products are on the board in earnest, each with a file, a sheet, words and a verdict of its own;
some are derived from others.  Beside them stand products that have left the board, which are copies
of one row without its entries.  The participants are admitted, each with identity and licence.
Acts are done to one product after another that nothing comes from.

    python benchmarks/reading.py --products 2000 --gone 2000 --participants 2000
"""

from __future__ import annotations

import argparse
import hashlib
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Final

import pyrage
from ledger_workload import print_machine, print_table

from exchange import desk as desks
from exchange.board import Search
from exchange.grading import Grade
from exchange.keyring import Keys
from exchange.listing import ListingState
from exchange.matching import Wish
from exchange.participants import Role, check_character
from exchange.ports import UnitOfWork
from exchange.services.fit_scenario import fit_products
from exchange.services.grant_right import standing_of
from exchange.services.lapse_listings import lapse_listings
from exchange.services.read_inbox import read_inbox
from exchange.services.search_board import search_board
from exchange.specsheet import SpecSheet
from ledger.keys import KeyPair
from tests.exchange.floor import (
    DERIVATION,
    EVIDENCE,
    NOTICE,
    SHEET,
    Hall,
    open_hall,
    sheet,
    welcome,
)

RUNS: Final = 3  # of each look and of each act, of which the best counts
ROWS: Final = 6
ONE_IN: Final = 20  # products of which one is derived
SEED: Final = 20260105
WISH: Final = Wish("research", "CN", 365, words=("近海水温",))
Timed = tuple[str, float]


def data_of(nth: int) -> str:
    """Return rows that are in no other file."""
    chance = random.Random(SEED + nth)  # noqa: S311 - a repeatable choice
    rows = [
        f"B{nth},2026-01-04T{hour:02}:00:00Z,{chance.uniform(118, 124):.4f},"
        f"{chance.uniform(33, 39):.4f},{chance.uniform(2, 12):.3f}"
        for hour in range(ROWS)
    ]
    return "\n".join(["station,time,longitude,latitude,temperature", *rows, ""])


def sheet_of(nth: int, *, derived: bool = False, cost: int = 5_000) -> SpecSheet:
    """Return a sheet that no other product has."""
    changes = {"sources": [DERIVATION]} if derived else {}
    named = SHEET["basic"] | {"name": f"近海水温观测 {nth}"}
    costs = [{"activity": "collection", "amount": f"{cost}.00 CNY"}]
    return sheet(basic=named, costs=costs, **changes)


def list_one(hall: Hall, nth: int, *parents: str) -> str:
    """Put a product on the board, derived from its parents."""
    told = sheet_of(nth, derived=bool(parents))
    file = hall.file(f"{nth}.csv", data_of(nth))
    number = hall.supplier.register(file, told, [EVIDENCE], parents=parents).number
    hall.supplier.submit_sheet(number, told)
    hall.attest(number)
    hall.review(number)
    hall.advance(seconds=NOTICE)
    hall.supplier.list(number)
    return number


def leave(hall: Hall, count: int) -> None:
    """Have so many products that were on the board once."""
    gone = replace(hall.product(), listing=ListingState.DELISTED)
    with hall.floor.write() as work:
        for nth in range(count):
            made = hashlib.sha256(f"gone {nth}".encode()).hexdigest()
            work.products.put(replace(gone, number=f"GP-{made[:16]}", data=made))


def join(hall: Hall, nth: int) -> None:
    """Admit a participant, with keys that no passphrase protects, as that would take longest."""
    keys = Keys(KeyPair.generate(), str(pyrage.x25519.Identity.generate()))
    body = f"9137{nth:013}"
    applicant = desks.apply_to_join(
        keys,
        handle=f"member-{nth}",
        name=f"会员 {nth}",
        credit_code=f"{body}{check_character(body)}",
        floor=hall.floor,
    )
    welcome(hall.house, applicant, [Role.COMPLIANCE_ASSESSOR])


def best(*works: Callable[[], object]) -> float:
    """Return the milliseconds of CPU of the work that took least."""
    spent = []
    for work in works:
        start = time.process_time()
        work()
        spent.append(time.process_time() - start)
    return min(spent) * 1_000


def looks(hall: Hall) -> list[Timed]:
    """Time what is only looked at."""
    floor, house, number = hall.floor, hall.participant("house"), hall.number

    def look(ask: Callable[[UnitOfWork], object]) -> float:
        def once() -> object:
            with floor.read() as work:
                return ask(work)

        return best(*[once] * RUNS)

    return [
        ("the board", look(lambda work: search_board(Search(), work=work, floor=floor))),
        ("what fits a use", look(lambda work: fit_products(WISH, work=work, floor=floor))),
        ("who holds what in a product", look(lambda work: standing_of(number, work, floor))),
        (
            "the inbox of the operator",
            look(lambda work: read_inbox(house, work=work, floor=floor)),
        ),
        ("the daily job over listings", best(*[lambda: lapse_listings(floor=floor)] * RUNS)),
    ]


def acts(hall: Hall, numbers: list[str]) -> list[Timed]:
    """Time what is done to one product, or to one participant that has said nothing."""
    left = iter(enumerate(numbers))

    def act(do: Callable[[int, str], object]) -> float:
        chosen = [next(left) for _ in range(RUNS)]
        return best(*[lambda nth=nth, number=number: do(nth, number) for nth, number in chosen])

    def revoke(_: int, number: str) -> object:
        return hall.supplier.revoke(number, granted[number], "over")

    terms = hall.terms()
    granted = {each: hall.supplier.grant(each, terms).head for each in numbers[-RUNS:]}
    members = [hall.participant(f"member-{nth}") for nth in range(RUNS)]
    return [
        ("to take back a right", best(*[lambda n=n: revoke(0, n) for n in numbers[-RUNS:]])),
        ("to dispute one", act(lambda _, number: hall.rival.dispute(number, "mine"))),
        (
            "to grade one",
            act(lambda _, number: hall.house.set_grade(number, Grade.GENERAL_2, "so", "basis")),
        ),
        (
            "to sign another sheet for one",
            act(lambda nth, n: hall.supplier.submit_sheet(n, sheet_of(nth, cost=6_000))),
        ),
        (
            "to suspend who said nothing",
            best(*[lambda m=m: hall.house.suspend(m, "why") for m in members]),
        ),
    ]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=int, default=2_000)
    parser.add_argument("--gone", type=int, default=2_000)
    parser.add_argument("--participants", type=int, default=2_000)
    asked = parser.parse_args()
    print_machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_hall(Path(folder) / "exchange", "listed", store="sqlite") as hall,
    ):
        for nth in range(asked.participants):
            join(hall, nth)
        leave(hall, asked.gone)
        alone = []
        for nth in range(asked.products):
            if nth % ONE_IN:
                alone.append(list_one(hall, nth))
            else:
                list_one(hall, nth, hall.number)
        rows = [*looks(hall), *acts(hall, alone)]
    print_table(["what", "ms of CPU"], [[name, f"{ms:.1f}"] for name, ms in rows])


if __name__ == "__main__":
    main()
