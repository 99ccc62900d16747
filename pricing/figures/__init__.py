"""Figures of prices: a module for each, the same bytes for the same values, in Chinese or English.

A figure is drawn from values alone and returned as the bytes of an SVG or a PNG.  No date and no
name of a library's version stands in it, and identifiers inside an SVG come from a fixed salt, so
two figures of the same values on one machine are equal byte for byte.  Texts of an SVG stay texts
that can be searched and read aloud.  Where no font with Chinese characters is installed nothing
fails: an SVG is drawn by its reader's fonts, a PNG shows boxes, and the log says which fonts would
do.
"""

from __future__ import annotations

import enum
import functools
import io
import logging
import re
import threading
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pricing.money import Currency, Money

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

_log = logging.getLogger(__name__)

# Tell apart by anyone, those who see few colours included: Okabe and Ito (2008), lightness mixed.
BLUE: Final = "#0072B2"
ORANGE: Final = "#E69F00"
GREEN: Final = "#009E73"
VERMILION: Final = "#D55E00"
PURPLE: Final = "#CC79A7"
SKY: Final = "#56B4E9"
PALETTE: Final = (BLUE, ORANGE, GREEN, PURPLE, VERMILION, SKY)
INK: Final = "#333333"
FAINT: Final = "#D9D9D9"

# The first that is installed of these draws what the one before lacks.
LATIN: Final = "DejaVu Sans"  # comes with matplotlib
CHINESE: Final = ("Noto Sans CJK SC", "Source Han Sans SC", "WenQuanYi Zen Hei", "SimHei")

# XML 1.0, section 2.2: whoever reads it refuses the whole document for one of these.
_UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

_DRAWING: Final = threading.Lock()  # matplotlib's settings and Python's warnings are global


class Language(enum.StrEnum):
    """The language of titles and labels; names of products stay as they are given."""

    ZH = "zh"
    EN = "en"


class Form(enum.StrEnum):
    """What is drawn: lines for a page, or dots for what shows no lines."""

    SVG = "svg"
    PNG = "png"


@dataclass(frozen=True, slots=True)
class Words:
    """One text in each language."""

    zh: str
    en: str

    def said(self, language: Language) -> str:
        """Return the text in that language."""
        return self.zh if language is Language.ZH else self.en


def drawn(
    draw: Callable[[Figure], None],
    *,
    language: Language = Language.ZH,
    form: Form = Form.SVG,
    size: tuple[float, float] = (8.0, 4.5),
) -> bytes:
    """Return the bytes of a figure that `draw` puts onto an empty sheet of `size` inches."""
    import matplotlib as mpl  # noqa: PLC0415 - half a second that only who draws should wait
    from matplotlib.figure import Figure  # noqa: PLC0415 - the same

    unsaid = {"Date": None, "Creator": None} if form is Form.SVG else {"Software": None}
    written = io.BytesIO()
    with _DRAWING, mpl.rc_context(_style(language)), warnings.catch_warnings():
        # A character that no font has was told once, when fonts were looked for.
        warnings.filterwarnings("ignore", r"Glyph .* missing from font")
        figure = Figure(figsize=size, layout="constrained")
        draw(figure)
        figure.savefig(written, format=str(form), dpi=144, metadata=unsaid)
    return _readable(written.getvalue()) if form is Form.SVG else written.getvalue()


def money_axis(axes: Axes, which: str, currency: Currency, label: str) -> None:
    """Write amounts of `currency` along the "x" or "y" axis, given in minor units."""
    from matplotlib.ticker import FuncFormatter  # noqa: PLC0415 - as above

    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_major_formatter(FuncFormatter(lambda minor, _: amount_text(minor, currency)))
    axis.set_minor_formatter(FuncFormatter(lambda _minor, _: ""))
    axis.set_label_text(f"{label} ({currency})")


def amount_text(minor: float, currency: Currency) -> str:
    """Return "12,000" of minor units: whole amounts without places, small ones with them."""
    major = minor / 10**currency.exponent
    text = f"{major:,.{currency.exponent}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def short(amount: Money) -> str:
    """Return the amount as it stands beside a mark: grouped, and in whole units from 1,000 on."""
    minor = amount.minor
    whole = 10**amount.currency.exponent
    return amount_text(
        round(minor / whole) * whole if abs(minor) >= 1_000 * whole else minor, amount.currency
    )


def _readable(svg: bytes) -> bytes:
    """Replace the characters that XML has no way to write, which a name may have."""
    return _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", svg.decode()).encode()


@functools.cache
def _families(language: Language) -> tuple[str, ...]:
    from matplotlib import font_manager  # noqa: PLC0415 - as above

    installed = set(font_manager.get_font_names())
    chinese = tuple(name for name in CHINESE if name in installed)[:1]
    if not chinese:
        _log.warning("no font has Chinese characters: install one of %s", ", ".join(CHINESE))
    return (*chinese, LATIN) if language is Language.ZH else (LATIN, *chinese)


def _style(language: Language) -> Any:  # noqa: ANN401 - matplotlib types its settings by name
    return {
        "font.family": list(_families(language)),
        "font.size": 10,
        "svg.hashsalt": "guapai",
        "svg.fonttype": "none",
        "axes.unicode_minus": False,
        "text.parse_math": False,  # a name between dollar signs is a name and no formula
        "axes.edgecolor": INK,
        "axes.labelcolor": INK,
        "axes.titlecolor": INK,
        "axes.titlesize": 12,
        "axes.titlelocation": "left",
        "axes.titlepad": 12,
        "axes.spines.top": False,
        "axes.spines.right": False,
        "axes.axisbelow": True,
        "axes.grid": True,
        "grid.color": FAINT,
        "grid.linewidth": 0.6,
        "text.color": INK,
        "xtick.color": INK,
        "ytick.color": INK,
        "legend.frameon": False,
        "figure.facecolor": "white",
        "savefig.facecolor": "white",
    }
