"""What single fields of a market file may hold: names, figures, amounts, and laws of them.

An amount is "3000.00 CNY" or a whole number of minor units.  A law is a table such as
`{ law = "uniform", low = 0.2, high = 0.9 }`; it becomes a `Distribution`, whose whole reach must
lie where its field allows.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from annotated_types import Ge, Le, Len
from pydantic import (
    AfterValidator,
    AllowInfNan,
    BeforeValidator,
    Field,
    PlainSerializer,
    Strict,
    StringConstraints,
    TypeAdapter,
    create_model,
)

from exchange.records import STRICT
from exchange.simulation.streams import Distribution, as_wire
from pricing.errors import PricingError
from pricing.money import MINOR_MAX, Currency, Money

SIGMA_MAX: Final = 5.0  # a reach of twelve powers of ten
DAYS_MAX: Final = 3_660  # ten years
# The laws and the names of their parameters, in the order of a `Distribution`.
FORMS: Final[Mapping[str, tuple[str, ...]]] = {
    "fixed": ("value",),
    "uniform": ("low", "high"),
    "lognormal": ("median", "sigma"),
    "exponential": ("mean",),
}


def _minor(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        money = Money.parse(value)
    except PricingError as error:
        raise ValueError(str(error)) from error
    if money.currency is not Currency.CNY:
        raise ValueError(f"must be in CNY, not in {money.currency}")
    return money.minor


def _composed(text: str) -> str:
    if not (text.isprintable() and unicodedata.is_normalized("NFC", text)):
        raise ValueError("must be printable text in Unicode form NFC")
    return text


def _both(texts: Mapping[str, str]) -> Mapping[str, str]:
    for language in ("zh", "en"):
        if not texts.get(language):
            raise ValueError(f"must be a text in zh and one in en: {language} is missing")
        _composed(texts[language])
    return texts


Count = Annotated[int, Strict()]
Figure = Annotated[float, Strict(), AllowInfNan(allow_inf_nan=False)]
Share = Annotated[Figure, Ge(0), Le(1)]
Name = Annotated[str, Len(1, 200), AfterValidator(_composed)]
Slug = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
Words = Annotated[
    Mapping[Literal["zh", "en"], Annotated[str, Len(1, 2_000)]],
    AfterValidator(_both),
    Field(json_schema_extra={"minProperties": 2}),
]
_Minor = Annotated[int, Strict(), Ge(0), Le(MINOR_MAX)]
_Written = Annotated[str, Field(pattern=r"^(0|[1-9][0-9]*)(\.[0-9]{1,2})? CNY$")]
Amount = Annotated[_Minor, BeforeValidator(_minor, json_schema_input_type=_Minor | _Written)]


def reach(law: Distribution) -> tuple[float, float]:
    """Return the least and the most that is ever drawn from a law."""
    return float(law.at(0.0)), float(law.at(1.0))


def _written(what: str, of: Any) -> Any:  # noqa: ANN401 - types
    """Return the type of a law as a file writes it, with parameters of a type."""
    sigma = Annotated[Figure, Ge(0), Le(SIGMA_MAX)]
    forms: list[Any] = []
    for name, figures in FORMS.items():
        fields: dict[str, Any] = {"law": (Literal[name], ...)}
        fields |= {each: (sigma if each == "sigma" else of, ...) for each in figures}
        forms.append(create_model(f"{what}{name.capitalize()}", __config__=STRICT, **fields))
    fixed, uniform, lognormal, exponential = forms
    return Annotated[fixed | uniform | lognormal | exponential, Field(discriminator="law")]


def _reading(written: Any, most: float) -> BeforeValidator:  # noqa: ANN401 - a type
    """Return what reads a law that must lie within 0 and `most`; one read before is held to it."""
    adapter: TypeAdapter[Any] = TypeAdapter(written)

    def read(value: object) -> Distribution:
        if isinstance(value, Distribution):
            found = value
        else:
            law, *figures = adapter.validate_python(value).__dict__.values()
            found = Distribution(law, *map(float, figures))
        if found.law == "uniform" and found.first > found.second:
            raise ValueError("must have a low that is not above its high")
        for reached in reach(found):
            if not 0 <= reached <= most:
                raise ValueError(f"must stay within 0 and {most:,}: it reaches {reached:,.6g}")
        return found

    return BeforeValidator(read, json_schema_input_type=written)


def _in_minor(law: Distribution) -> dict[str, Any]:
    """Write a law of amounts: all of it but a sigma is whole minor units."""
    said = as_wire(law) or {}
    return {
        name: int(each) if name not in {"law", "sigma"} else each for name, each in said.items()
    }


Amounts = Annotated[
    Distribution, _reading(_written("Amounts", Amount), MINOR_MAX), PlainSerializer(_in_minor)
]
Shares = Annotated[Distribution, _reading(_written("Shares", Share), 1), PlainSerializer(as_wire)]
Days = Annotated[
    Distribution,
    _reading(_written("Days", Annotated[Figure, Ge(0), Le(DAYS_MAX)]), DAYS_MAX),
    PlainSerializer(as_wire),
]
