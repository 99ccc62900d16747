"""Path: how a product's price moved from its estimate to the market, trade by trade."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pricing.estimate import Estimate, Guidance, Use
from pricing.figures import (
    BLUE,
    GREEN,
    INK,
    ORANGE,
    VERMILION,
    Form,
    Language,
    Words,
    drawn,
    money_axis,
)

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_TITLE: Final = Words("从估价到成交：价格的移动", "From estimate to market")
_TRADES: Final = Words("成交序号（0 为评估）", "trades in order (0: the appraisal)")
_PRICE: Final = Words("每份许可的价格", "price of a licence")
_BAND: Final = Words("指导区间", "guidance band")
_MEDIAN: Final = Words("中位数", "median")
_ASK: Final = Words("卖方报价", "ask")
_FLOOR: Final = Words("底价", "floor")
_PAID: Final = Words("成交", "settled trade")
_FREE: Final = Words("免费（不计入）", "free (moves nothing)")
_WIDE: Final = (
    50  # times from the lowest to the highest: beyond it a straight axis hides the lowest
)


def draw(estimate: Estimate, *, language: Language = Language.ZH, form: Form = Form.SVG) -> bytes:
    """Return the figure of an estimate: the band, the median, ask and floor after each trade.

    A free licence stands at the bottom and moves nothing.  The axis of prices is logarithmic
    where they are more than fifty times apart.
    """
    steps = [estimate.opening, *(step.guidance for step in estimate.path)]

    def onto(figure: Figure) -> None:
        axes = figure.add_subplot()
        _guidance(axes, steps, language)
        _trades(axes, estimate, language)
        ends = [one.band.low.minor for one in steps] + [one.band.high.minor for one in steps]
        ends += [step.price.minor for step in estimate.path if step.use is Use.OBSERVED]
        if min(ends) > 0 and max(ends) > _WIDE * min(ends):
            axes.set_yscale("log")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        room = max(0.5, 0.03 * len(steps))
        axes.set_xlim(-room, len(steps) - 1 + room)
        axes.set_xlabel(_TRADES.said(language))
        axes.set_title(_TITLE.said(language), pad=30)
        axes.legend(loc="lower left", bbox_to_anchor=(-0.01, 1.0), ncols=6, fontsize=9,
                    columnspacing=1.4, handlelength=1.6, borderaxespad=0.2)  # fmt: skip
        money_axis(axes, "y", estimate.guidance.ask.currency, _PRICE.said(language))

    from matplotlib.ticker import MaxNLocator  # noqa: PLC0415 - only who draws waits for it

    return drawn(onto, language=language, form=form)


def _guidance(axes: Axes, steps: list[Guidance], language: Language) -> None:
    places: list[float] = [*range(len(steps))]
    if len(steps) == 1:
        # Without a trade there is one point, which no line shows: draw it wide.
        places, steps = [-0.3, 0.3], steps * 2
    axes.fill_between(
        places,
        [one.band.low.minor for one in steps],
        [one.band.high.minor for one in steps],
        color=BLUE,
        alpha=0.16,
        lw=0,
        label=_BAND.said(language),
    )
    for values, colour, style, words in (
        ([one.ask.minor for one in steps], ORANGE, "-", _ASK),
        ([one.band.mid.minor for one in steps], BLUE, "-", _MEDIAN),
        ([one.floor.minor for one in steps], GREEN, "--", _FLOOR),
    ):
        axes.plot(places, values, style, color=colour, lw=1.8, label=words.said(language))


def _trades(axes: Axes, estimate: Estimate, language: Language) -> None:
    lowest = min(one.band.low.minor for one in (estimate.opening, estimate.guidance))
    for use, words, mark, colour in (
        (Use.OBSERVED, _PAID, "o", INK),
        (Use.FREE, _FREE, "v", VERMILION),
    ):
        found = [(at, one) for at, one in enumerate(estimate.path, 1) if one.use is use]
        if found:
            axes.plot(
                [at for at, _ in found],
                [one.price.minor or lowest for _, one in found],
                mark,
                color=colour,
                ms=5,
                label=words.said(language),
            )
