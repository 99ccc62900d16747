"""What single fields of a market file may hold: names, figures, amounts, and laws of them.

An amount is "3000.00 CNY" or a whole number of minor units.  A law is a table such as
`{ law = "uniform", low = 0.2, high = 0.9 }`; it becomes a `Distribution`, whose whole reach must
lie where its field allows.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final, Literal

from annotated_types import Ge, Le, Len
from pydantic import (
    AfterValidator,
    AllowInfNan,
    BeforeValidator,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    Strict,
    StringConstraints,
    TypeAdapter,
    create_model,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from exchange.records import STRICT
from exchange.simulation.streams import Distribution
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


@dataclass(frozen=True)
class LawOf:
    """How the law of a field is written, and between what it must lie."""

    what: str  # names the forms in the JSON Schema
    of: Any
    most: float

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Read the written form, or take a law that was read before."""
        return core_schema.no_info_before_validator_function(
            self._read,
            core_schema.is_instance_schema(Distribution),
            serialization=core_schema.plain_serializer_function_ser_schema(self._write),
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """Describe the written form."""
        return handler(_written(self).core_schema)

    def _write(self, law: Distribution) -> dict[str, Any]:
        figures = {name: getattr(law, each) for name, each in _parts(law.law)}
        if self.of is Amount:  # all but sigma are whole minor units
            figures |= {name: int(held) for name, held in figures.items() if name != "sigma"}
        return {"law": law.law, **figures}

    def _read(self, value: object) -> Distribution:
        if isinstance(value, Distribution):
            found = value
        else:
            law, *figures = _written(self).validate_python(value).__dict__.values()
            found = Distribution(law, *map(float, figures))
        if found.law == "uniform" and found.first > found.second:
            raise ValueError("must have a low that is not above its high")
        for reached in reach(found):
            if not 0 <= reached <= self.most:
                raise ValueError(f"must stay within 0 and {self.most:,}: it reaches {reached:,.6g}")
        return found


def _parts(law: str) -> Iterator[tuple[str, str]]:
    """Name the parameters of a law with the fields of a `Distribution` that hold them."""
    return zip(FORMS[law], ("first", "second"), strict=False)


def reach(law: Distribution) -> tuple[float, float]:
    """Return the least and the most that is ever drawn from a law."""
    return float(law.at(0.0)), float(law.at(1.0))


@functools.cache
def _written(law: LawOf) -> TypeAdapter[Any]:
    sigma = Annotated[Figure, Ge(0), Le(SIGMA_MAX)]
    forms: list[Any] = []
    for name, figures in FORMS.items():
        fields: dict[str, Any] = {"law": (Literal[name], ...)}
        fields |= {each: (sigma if each == "sigma" else law.of, ...) for each in figures}
        forms.append(create_model(f"{law.what}{name.capitalize()}", __config__=STRICT, **fields))
    fixed, uniform, lognormal, exponential = forms
    union = fixed | uniform | lognormal | exponential
    written: Any = Annotated[union, Field(discriminator="law")]
    return TypeAdapter(written)


AMOUNTS: Final = LawOf("Amounts", Amount, MINOR_MAX)
SHARES: Final = LawOf("Shares", Share, 1)
DAYS: Final = LawOf("Days", Annotated[Figure, Ge(0), Le(DAYS_MAX)], DAYS_MAX)
