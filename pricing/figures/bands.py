"""Bands: what several appraisers say a product is worth, one under the other."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from pricing.appraisal import Appraisal
from pricing.errors import BadInput
from pricing.figures import BLUE, ORANGE, Form, Language, Words, drawn, money_axis, short
from pricing.money import Money

if TYPE_CHECKING:
    from matplotlib.figure import Figure

_TITLE: Final = Words("各评估方法的价值区间", "Value by method of appraisal")
_AXIS: Final = Words("价值", "value")
_SETTLED: Final = Words("成交价", "settled price")
_METHODS: Final[Mapping[str, Words]] = {
    "cost": Words("成本法", "cost"),
    "income": Words("收益法", "income"),
    "market": Words("市场法", "market"),
    "index": Words("指标法", "index"),
    "public-cap": Words("公共数据最高准许收入", "cap of public data"),
}
_PLATE: Final = {"facecolor": "white", "edgecolor": "none", "pad": 1.0}  # lines pass under it
_WIDE: Final = (
    50  # times from the lowest to the highest: beyond it a straight axis hides the lowest
)


def draw(
    appraisals: Mapping[str, Appraisal],
    *,
    settled: Money | None = None,
    language: Language = Language.ZH,
    form: Form = Form.SVG,
) -> bytes:
    """Return the figure of appraisals by the appraiser's name, in the order they are given.

    `settled` is a price to be compared with them, on the same footing.  The axis is logarithmic
    where the values are more than fifty times apart.  Raises `BadInput` for no appraisal at all
    and for several currencies.
    """
    if not appraisals:
        raise BadInput("appraisals: there is nothing to draw")
    amounts = [end for one in appraisals.values() for end in (one.low, one.mid, one.high)]
    amounts += [] if settled is None else [settled]
    if len({amount.currency for amount in amounts}) > 1:
        raise BadInput("appraisals: they are in more than one currency")

    def onto(figure: Figure) -> None:
        axes = figure.add_subplot()
        for row, one in enumerate(appraisals.values()):
            axes.plot([one.low.minor, one.high.minor], [row, row], color=BLUE, lw=9, alpha=0.35,
                      solid_capstyle="butt")  # fmt: skip
            axes.plot([one.mid.minor], [row], "o", color=BLUE, ms=8)
            said = f"{short(one.mid)}   ({short(one.low)} – {short(one.high)})"
            axes.annotate(said, (one.mid.minor, row), (0, 11), textcoords="offset points",
                          ha="center", fontsize=9, zorder=4, bbox=_PLATE)  # fmt: skip
        if settled is not None:
            axes.axvline(settled.minor, color=ORANGE, lw=1.6, ls="--")
            axes.annotate(
                f"{_SETTLED.said(language)} {short(settled)}",
                (settled.minor, 1),
                (0, 3),
                xycoords=("data", "axes fraction"),
                textcoords="offset points",
                ha="center",
                fontsize=9,
            )
        above = [amount.minor for amount in amounts if amount.minor > 0]
        if len(above) == len(amounts) and max(above) > _WIDE * min(above):
            axes.set_xscale("log")
        axes.set_yticks(range(len(appraisals)), [_method(name, language) for name in appraisals])
        axes.set_ylim(len(appraisals) - 0.4, -0.7)
        axes.margins(x=0.12)
        axes.grid(axis="y", visible=False)
        axes.tick_params(axis="y", length=0)
        axes.set_title(_TITLE.said(language), pad=12 if settled is None else 22)
        money_axis(axes, "x", amounts[0].currency, _AXIS.said(language))

    size = (8.0, 1.7 + 0.62 * len(appraisals))
    return drawn(onto, language=language, form=form, size=size)


def _method(name: str, language: Language) -> str:
    return _METHODS[name].said(language) if name in _METHODS else name
