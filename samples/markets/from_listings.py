"""A market in the proportions of the real listings of three Chinese data exchanges.

    python -m samples.markets.from_listings FOLDER > samples/markets/real-listings.toml

FOLDER holds shanghai.csv, zhejiang.csv and guiyang.csv of the open data set DaDaDa (ZJU-DIVER,
Apache-2.0).  Only counts and quantiles leave it: how many products a category has, how many show a
deal, and the quantiles of one-off prices.  Buyers are made up, as nobody publishes theirs.
"""

from __future__ import annotations

import argparse
import csv
import math
import statistics
import sys
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from exchange.simulation.market.reading import market_from
from exchange.simulation.market.writing import written
from pricing.errors import BadInput
from pricing.tariffs.forms import read_form
from pricing.tariffs.free import Free
from pricing.tariffs.one_off import OneOff

EXCHANGES: Final = ("shanghai", "zhejiang", "guiyang")
LEAST: Final = 50  # listings, or a category has no kind of its own
PRICES: Final = 10  # one-off prices, or a kind is negotiated
SCALE: Final = 150  # listings for one product of the market
_TENTH: Final = statistics.NormalDist().inv_cdf(0.9)

# The categories of the data set that are large enough, and what they are called here.
KINDS: Final[Mapping[str, tuple[str, str, str]]] = {
    "Automotive Data": ("transport", "交通出行", "Transport"),
    "Environmental Data": ("environment", "资源环境", "Environment"),
    "Financial Services Data": ("finance", "金融服务", "Financial services"),
    "Healthcare & Life Sciences Data": ("health", "医疗健康", "Health and life sciences"),
    "Manufacturing Data": ("manufacturing", "工业制造", "Manufacturing"),
    "Media & Entertainment Data": ("media", "文化传媒", "Media"),
    "Public Sector Data": ("public-sector", "公共管理", "Public sector"),
    "Resources Data": ("resources", "农业与能源", "Resources"),
    "Retail, Location & Marketing Data": ("retail", "商贸零售", "Retail and location"),
    "Telecommunications Data": ("telecom", "电信与信息", "Telecommunications"),
}


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of the listings; prices are one-off prices in minor units, rising."""

    listings: int
    free: int
    dealt: int  # of those that say how many deals there were
    telling: int
    suppliers: int
    products: Mapping[str, int]
    prices: Mapping[str, tuple[int, ...]]

    @property
    def all_prices(self) -> tuple[int, ...]:
        """The one-off prices of every category."""
        return tuple(sorted(price for each in self.prices.values() for price in each))


def counted(folder: Path) -> Figures:
    """Count the listings of a folder."""
    rows = [row for name in EXCHANGES for row in _rows(folder / f"{name}.csv")]
    prices: dict[str, list[int]] = defaultdict(list)
    free = 0
    for row in rows:
        try:
            plan = read_form(row.get("price", ""), row.get("price_type", ""))
        except BadInput:
            continue
        free += isinstance(plan, Free)
        if isinstance(plan, OneOff):
            prices[row["category_aws"]].append(plan.amount.minor)
    deals = [row.get("deal_times", row.get("deal_time")) for row in rows]
    said = [int(each.removesuffix("笔")) for each in deals if each]
    suppliers = {row.get("company_name", row.get("company")) for row in rows} - {None}
    products = Counter(row["category_aws"] for row in rows)
    return Figures(
        listings=len(rows),
        free=free,
        dealt=sum(each > 0 for each in said),
        telling=len(said),
        suppliers=len(suppliers),
        products=dict(sorted((name, n) for name, n in products.items() if n >= LEAST)),
        prices={name: tuple(sorted(each)) for name, each in sorted(prices.items())},
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def quantile(rising: Sequence[int], part: float) -> int:
    """Return the value that a part of the values is not above."""
    return rising[min(int(part * len(rising)), len(rising) - 1)]


def price_law(rising: Sequence[int]) -> dict[str, Any]:
    """Return the lognormal law with the median of the prices and their nine tenths."""
    median, high = quantile(rising, 0.5), quantile(rising, 0.9)
    return {
        "law": "lognormal",
        "median": median,
        "sigma": round(math.log(high / median) / _TENTH, 3),
    }


def market(figures: Figures) -> str:
    """Return the text of the market file."""
    kinds, suppliers = [], []
    for category, count in figures.products.items():
        name, zh, en = KINDS[category]
        prices = figures.prices.get(category, ())
        known = len(prices) >= PRICES
        kind: dict[str, Any] = {
            "name": name,
            "title": {"zh": zh, "en": en},
            "price": price_law(prices if known else figures.all_prices),
            "quality": {"law": "uniform", "low": 0.3, "high": 0.9},
            "sector": zh,
            "substitutability": 0.5,
        }
        kinds.append(kind if known else {**kind, "way": "negotiated"})
        suppliers.append(
            {"name": f"{name}-houses", "count": max(1, round(count / SCALE)), "offers": {name: 1}}
        )
    wants = {KINDS[name][0]: round(n / figures.listings, 3) for name, n in figures.products.items()}
    buyers = {
        "name": "companies",
        "count": 40,
        "wants": wants,
        "budget": {"law": "lognormal", "median": 2_000_000, "sigma": 0.8},
        "value": {"law": "lognormal", "median": 150_000, "sigma": 1.0},
        "arrivals": 0.05,
        "looks": 4,
    }
    record = {
        "name": "real-listings",
        "title": {"zh": "真实挂牌之市", "en": "A market of real listings"},
        "about": {
            "zh": "按三家交易所真实挂牌的品类数量与价格分布构成的市场；买方为假设。",
            "en": "Categories and prices as three exchanges list them; buyers are made up.",
        },
        "days": 30,
        "seed": 1_954,
        "kinds": kinds,
        "suppliers": suppliers,
        "buyers": [buyers],
    }
    text = written(market_from(record), head=_head(figures))
    return f"#:schema market.schema.json\n{text}"


def _head(figures: Figures) -> list[str]:
    prices = figures.all_prices
    shown = ", ".join(f"{quantile(prices, q) / 100:,.0f}" for q in (0.1, 0.5, 0.9, 0.99))
    return [
        "A market in the proportions of real listings.",
        "",
        "Question   Few products of real exchanges are ever sold: what must be true of buyers for",
        "           that, at the prices that are really asked?",
        "Look at    the share of products that sell at all, beside the share of real listings that",
        "           show a deal (below); then raise `arrivals` and `value` of the buyers, and see",
        "           which of the two the share follows.",
        "Source     counted by samples/markets/from_listings.py from the open data set DaDaDa",
        "           (ZJU-DIVER, Apache-2.0): listings of the exchanges of Shanghai, Zhejiang and",
        "           Guiyang.  Written by that command: change it there.",
        f"Counted    {figures.listings:,} listings, {figures.free} of them free of charge,",
        f"           of {figures.suppliers} named suppliers;",
        f"           {figures.dealt} of the {figures.telling:,} that say so show a deal;",
        f"           {len(prices)} one-off prices, of which 10, 50, 90 and 99 % are not above",
        f"           {shown} CNY.",
        f"Made up    quality, substitutability and the buyers.  One product stands for {SCALE}",
        "           listings; a category without ten one-off prices is negotiated, around the",
        "           prices of all.",
    ]


def main() -> None:
    """Print the market file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path, help="the folder of the three files of listings")
    sys.stdout.write(market(counted(parser.parse_args().folder)))


if __name__ == "__main__":
    main()
