"""A learner's life: the prices it offered, and how far it fell behind the best price of all.

Regret is what the best fixed price would have earned so far less what was earned; where a bound
is given it is drawn beside it.  It needs the buyers' worths, without which nobody knows what
another price would have earned.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from pricing.errors import BadInput
from pricing.figures import BLUE, GREEN, ORANGE, VERMILION, Form, Language, Words, drawn, money_axis
from pricing.learning import Answer, History
from pricing.money import Money

if TYPE_CHECKING:
    from matplotlib.figure import Figure

TRIALS_MAX: Final = 100_000

_PRICES: Final = Words("逐次报价", "Prices offered")
_REGRET: Final = Words("累计遗憾", "Regret")
_BY_HOW_MUCH: Final = Words("金额", "amount")
_ROUND: Final = Words("次数", "offers")
_PRICE: Final = Words("报价", "price")
_BOUGHT: Final = Words("成交", "bought")
_DECLINED: Final = Words("未成交", "declined")
_BEST: Final = Words("事后最优价", "best price in hindsight")
_BEHIND: Final = Words("与最优价之差", "behind the best price")
_BOUND: Final = Words("理论上界", "bound")


def regrets(history: History, prices: Sequence[Money]) -> tuple[Money, tuple[int, ...]]:
    """Return the best of the prices in hindsight, and the regret after each trial, in minor units.

    The regret after so many trials is against the price that was best until then.  Raises
    `BadInput` for a trial without a worth, for no trial and for no price.
    """
    if not prices or not 1 <= len(history.trials) <= TRIALS_MAX:
        raise BadInput(f"trials: {len(history.trials)} are not 1 to {TRIALS_MAX}, or no price")
    asked = np.array([price.minor for price in prices], dtype=np.int64)
    hindsight, earned, path = np.zeros_like(asked), 0, []
    for trial in history.trials:
        if trial.worth is None:
            raise BadInput("trials.worth: regret needs what the product was worth")
        hindsight += np.where(asked <= trial.worth.minor, asked, 0)
        earned += trial.price.minor if trial.answer is Answer.BOUGHT else 0
        path.append(int(hindsight.max()) - earned)
    return prices[int(hindsight.argmax())], tuple(path)


def draw(
    history: History,
    prices: Sequence[Money],
    *,
    bound: Callable[[int], float] | None = None,
    language: Language = Language.ZH,
    form: Form = Form.SVG,
) -> bytes:
    """Return the figure of a life on these prices.

    `bound` gives, in shares of the highest price, how large the regret may be after so many
    offers.  Raises `BadInput` as `regrets` does.
    """
    best, path = regrets(history, prices)
    top, currency = max(price.minor for price in prices), best.currency
    offers = np.arange(1, len(path) + 1)
    offered = np.array([trial.price.minor for trial in history.trials])
    bought = np.array([trial.answer is Answer.BOUGHT for trial in history.trials])

    def onto(figure: Figure) -> None:
        left, right = figure.subplots(1, 2)
        # Beside each other, or the later would hide the earlier.
        aside = 0.12 * min(
            (after.minor - price.minor for price, after in pairwise(prices)), default=0
        )
        for answered, up, colour, label in (
            (bought, aside, BLUE, _BOUGHT),
            (~bought, -aside, ORANGE, _DECLINED),
        ):
            left.plot(offers[answered], offered[answered] + up, ".", ms=3, color=colour, alpha=0.6,
                      label=label.said(language), rasterized=True)  # fmt: skip
        left.axhline(best.minor, color=GREEN, lw=1.6, ls="--", label=_BEST.said(language))
        left.set_title(_PRICES.said(language))
        money_axis(left, "y", currency, _PRICE.said(language))
        right.plot(offers, path, color=BLUE, lw=1.8, label=_BEHIND.said(language))
        if bound is not None:
            limits = [top * bound(int(count)) for count in offers]
            right.plot(offers, limits, color=VERMILION, lw=1.4, ls="--",
                       label=_BOUND.said(language))  # fmt: skip
        right.set_title(_REGRET.said(language))
        money_axis(right, "y", currency, _BY_HOW_MUCH.said(language))
        for axes in (left, right):
            axes.set_xlabel(_ROUND.said(language))
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=3, markerscale=3)

    return drawn(onto, language=language, form=form, size=(10.0, 4.6))
