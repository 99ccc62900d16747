"""One search of a large board: milliseconds of the best of several, over SQLite or PostgreSQL.

The products are copies of one that was listed in earnest, without its entries; what a buyer looks
for differs from one to the next: names, descriptions, keywords, sectors and all that is filtered.
Common words stand in a tenth of them, a rare one in five, and one in none.

    python benchmarks/board.py --products 100000
    python benchmarks/board.py --products 100000 --store postgresql
"""

from __future__ import annotations

import argparse
import datetime as dt
import hashlib
import random
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Final, cast

from ledger_workload import print_machine, print_table

from exchange.board import ROUND, BoardLine, Box, Search, Sort, fold
from exchange.grading import Grade
from exchange.services.search_board import board_counts, search_board
from exchange.specsheet import Frequency, PriceMode, ProductType
from exchange.web import create_app
from tests.exchange.floor import Hall, open_hall

RUNS: Final = 5  # of each search, of which the best counts
SEED: Final = 20261128
WHERE: Final = [
    "黄海",
    "渤海",
    "东海",
    "南海",
    "胶州湾",
    "长江口",
    "舟山",
    "北部湾",
    "台湾海峡",
    "青岛近海",
]
WHAT: Final = [
    "海浪",
    "海温",
    "盐度",
    "潮位",
    "海流",
    "叶绿素",
    "渔获",
    "船舶轨迹",
    "海底地形",
    "风场",
]
HOW: Final = ["观测", "预报", "再分析", "统计", "监测", "调查"]
SECTORS: Final = [
    "海洋",
    "渔业",
    "航运",
    "气象",
    "能源",
    "金融",
    "农业",
    "城市治理",
    "旅游",
    "保险",
    "制造",
    "科研",
]
SAYS: Final = (
    "由沿岸站网与浮标逐时采集并经人工质控，附质量标志与仪器说明；",
    "覆盖主要航道与港口，可用于航行安全、工程设计与灾害评估；",
    "数据按月更新，缺测以填充值标出，时间为协调世界时；",
    "依公开标准编排，含站位、深度与观测方法等元数据；",
)
RARE: Final = "缺氧区"
RARE_ONES: Final = 5


def line_like(plain: BoardLine, nth: int, chance: random.Random) -> BoardLine:
    """Return the line of another product."""
    where, what, how = chance.choice(WHERE), chance.choice(WHAT), chance.choice(HOW)
    name, number = f"{where}{what}{how} {nth}", f"GP-{digest(nth)[:16]}"
    sector = chance.choice(SECTORS)
    says = "".join(chance.choices(SAYS, k=chance.randint(2, 6)))
    if nth < RARE_ONES:
        says += RARE
    year, west, south = (chance.randint(*ends) for ends in ((2000, 2025), (110, 130), (15, 40)))
    box = tuple(side * ROUND // 360 for side in (west, south, west + 2, south + 2))
    texts = (name, f"{digest(nth)[:6]} series", says, sector, "海洋服务业", what, where)
    return replace(
        plain,
        number=number,
        name=name,
        sector=sector,
        type=chance.choice(list(ProductType)),
        grade=chance.choice(list(Grade)[:4]),
        frequency=chance.choice(list(Frequency)),
        format=chance.choice(("csv", "netcdf", "parquet", "excel", "geotiff")),
        price_mode=chance.choice(list(PriceMode)),
        quality=chance.randint(6_000, 10_000),
        listed_at=f"2026-01-{chance.randint(1, 5):02}T0{nth % 10}:00:00Z",
        covers_from=f"{year}-01-01",
        covers_to=f"{year}-12-31",
        box=cast("Box", box),
        words="\n".join(fold(text) for text in (*texts, "青岛供数有限公司", number)),
    )


def digest(nth: int) -> str:
    """Return a digest that no other product has."""
    return hashlib.sha256(f"product {nth}".encode()).hexdigest()


def fill(hall: Hall, count: int) -> None:
    """Put so many products on the board."""
    model, chance = hall.product(), random.Random(SEED)  # noqa: S311 - a repeatable choice
    with hall.floor.write() as work:
        (plain,) = work.board.all()
        for nth in range(count - 1):
            line = line_like(plain, nth, chance)
            work.products.put(replace(model, number=line.number, data=digest(nth)))
            work.board.put(line)


def best(work: Callable[[], object]) -> float:
    """Return the milliseconds that the work took when it took least."""
    spent = []
    for _ in range(RUNS):
        start = time.perf_counter()
        work()
        spent.append(time.perf_counter() - start)
    return min(spent) * 1_000


SEARCHES: Final = {
    "everything, the newest": Search(),
    "everything, by name": Search(sort=Sort.NAME),
    "the hundredth page": Search(page=100),
    "one sector, a kind of price, quality ≥ 0.9": Search(
        sector="渔业", price=PriceMode.FREE, quality=Decimal("0.9"), sort=Sort.QUALITY
    ),
    "a period and a box": Search(covers_from=dt.date(2024, 1, 1), box="119,35,124,39"),
    "a common word (海浪)": Search(words="海浪"),
    "two words (黄海 海浪)": Search(words="黄海 海浪"),
    "a common word in one grade, by quality": Search(
        words="海浪", grade=Grade.GENERAL_1, sort=Sort.QUALITY
    ),
    f"a rare word ({RARE})": Search(words=RARE),
    "a word of none": Search(words="潜艇"),
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--products", type=int, default=10_000)
    parser.add_argument("--store", choices=["sqlite", "postgresql"], default="sqlite")
    asked = parser.parse_args()
    print_machine()
    with (
        tempfile.TemporaryDirectory() as folder,
        open_hall(Path(folder) / "exchange", "listed", store=asked.store) as hall,
    ):
        start = time.perf_counter()
        fill(hall, asked.products)
        spent = time.perf_counter() - start
        print(f"{asked.products} products on the board of {asked.store} in {spent:.0f} s\n")
        floor, rows = hall.floor, []
        with floor.read() as work:
            for name, search in SEARCHES.items():
                found = search_board(search, work=work, floor=floor)
                spent = best(partial(search_board, search, work=work, floor=floor))
                rows.append([name, f"{found.whole:,}", f"{spent:.1f}"])
            spent = best(partial(board_counts, "sector", work=work, floor=floor))
        rows.append(["how many are in each sector", "", f"{spent:.1f}"])
        client = create_app(hall.venue).test_client()
        for name, path in (("the page", "/"), ("the page with a common word", "/?words=海浪")):
            rows.append([name, "", f"{best(partial(client.get, path)):.1f}"])
    print_table(["what is looked for", "found", "ms"], rows)


if __name__ == "__main__":
    main()
