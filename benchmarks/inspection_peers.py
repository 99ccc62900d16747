"""The peers of the benchmark of inspection: what each does with the same file.

A peer is imported only where it is measured; none is needed to run the exchange.
"""

from __future__ import annotations

import csv
import importlib.metadata
import importlib.util
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from inspection_workload import CLEAN, PERSONS, Columns

from tests.exchange.inspection.labelled.draw import PLATE_PROVINCES

DETECTION, QUALITY = "reading and detection", "eight quality checks"
LOADED: Final = "detection in rows read before"
STATUSES: Final = ("new", "checked", "closed")
SERIAL: Final = "[0-9]{18}"

# Presidio has no recogniser for China: these are the shapes that ours reads, as patterns.
PATTERNS: Final[Mapping[str, str]] = {
    "CN_RESIDENT_ID": r"(?<!\d)\d{6}(?:19|20)\d{2}(?:0\d|1[0-2])(?:[0-2]\d|3[01])\d{3}[\dX](?!\d)",
    "CN_MOBILE": r"(?<!\d)1[3-9]\d{9}(?!\d)",
    "CN_BANK_CARD": r"(?<!\d)(?:62|4\d|5[1-5])\d{14,17}(?!\d)",
    "CN_CREDIT_CODE": r"(?<![0-9A-Z])[0-9A-HJ-NPQRTUWXY]{18}(?![0-9A-Z])",
    "CN_PLATE": rf"[{PLATE_PROVINCES}][A-Z][A-Z0-9]{{5,6}}",
    "CN_PASSPORT": r"(?<![0-9A-Z])[EGDSP][A-Z0-9]\d{7}(?!\d)",
    "MAILBOX": r"[\w.+-]+@[\w-]+\.[\w.-]+",
}


@dataclass(frozen=True, slots=True)
class Peer:
    """One peer and its task; `prepared` reads the file where ours is handed rows, too.

    `rows` is how many rows suffice to time it, and `bar` how many times faster ours has to be.
    """

    name: str
    package: str
    task: str
    bar: float
    rows: int
    suffix: str
    columns: Columns
    prepared: Callable[[Path], Callable[[], object]]

    @property
    def installed(self) -> bool:
        """Whether the peer can be imported."""
        return importlib.util.find_spec(self.package.replace("-", "_")) is not None

    @property
    def version(self) -> str:
        """The version that is installed."""
        return importlib.metadata.version(self.package)


def _presidio(path: Path) -> Callable[[], object]:
    """Analyse every row as one text, with our shapes and without a model of a language."""
    from presidio_analyzer import (  # noqa: PLC0415 - a peer of benchmarks alone
        AnalyzerEngine,
        Pattern,
        PatternRecognizer,
        RecognizerRegistry,
    )
    from presidio_analyzer.nlp_engine import NoOpNlpEngine  # noqa: PLC0415

    registry = RecognizerRegistry(
        recognizers=[
            PatternRecognizer(
                supported_entity=name, supported_language="zh", patterns=[Pattern(name, regex, 0.5)]
            )
            for name, regex in PATTERNS.items()
        ],
        supported_languages=["zh"],
    )
    nothing = NoOpNlpEngine(models=[{"lang_code": "zh", "model_name": "none"}])
    nothing.load()
    analyzer = AnalyzerEngine(registry=registry, nlp_engine=nothing, supported_languages=["zh"])
    with path.open(encoding="utf-8", newline="") as stream:
        texts = [" ".join(row) for row in csv.reader(stream)][1:]
    return lambda: [analyzer.analyze(text=text, language="zh") for text in texts]


def _data_profiler(path: Path) -> Callable[[], object]:
    """Label every cell, a column at a time, with the model that comes with it (on TensorFlow)."""
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # or it tells of every instruction of the processor
    import dataprofiler  # noqa: PLC0415 - a peer of benchmarks alone

    labeler = dataprofiler.DataLabeler(labeler_type="structured")
    with path.open(encoding="utf-8", newline="") as stream:
        columns = [list(cells) for cells in zip(*list(csv.reader(stream))[1:], strict=True)]
    labeler.predict(columns[0][:10])  # the first call builds the model
    return lambda: [labeler.predict(cells) for cells in columns]


def _great_expectations(path: Path) -> Callable[[], object]:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"  # or it calls home
    import great_expectations as gx  # noqa: PLC0415 - a peer of benchmarks alone
    import pandas as pd  # noqa: PLC0415

    context = gx.get_context(mode="ephemeral")
    asset = context.data_sources.add_pandas("files").add_dataframe_asset("file")
    whole = asset.add_batch_definition_whole_dataframe("whole")
    batch = whole.get_batch({"dataframe": _frame(pd, path)})
    of = gx.expectations
    suite = gx.ExpectationSuite(
        name="eight",
        expectations=[
            of.ExpectColumnValuesToNotBeNull(column="row_no"),
            of.ExpectColumnValuesToBeUnique(column="row_no"),
            of.ExpectColumnValuesToNotBeNull(column="recorded_at"),
            of.ExpectColumnValuesToBeBetween(column="amount", min_value=1, max_value=9_000),
            of.ExpectColumnValuesToBeBetween(column="lon", min_value=119, max_value=123),
            of.ExpectColumnValuesToBeBetween(column="lat", min_value=35, max_value=39),
            of.ExpectColumnValuesToBeInSet(column="status", value_set=list(STATUSES)),
            of.ExpectColumnValuesToMatchRegex(column="serial", regex=f"^{SERIAL}$"),
        ],
    )
    return lambda: _agreed(batch.validate(suite).success)


def _frame(pandas: Any, path: Path) -> Any:  # noqa: ANN401 - a peer's module and its frame
    """Read a CSV with its serial numbers as text, as they are."""
    return pandas.read_csv(path, dtype={"serial": str}, parse_dates=["recorded_at"])


def _pandera(path: Path) -> Callable[[], object]:
    import pandera.polars as pa  # noqa: PLC0415 - a peer of benchmarks alone
    import polars as pl  # noqa: PLC0415

    schema = pa.DataFrameSchema(
        {
            "row_no": pa.Column(int, nullable=False, unique=True),
            "recorded_at": pa.Column(nullable=False),
            "amount": pa.Column(float, pa.Check.in_range(1, 9_000)),
            "lon": pa.Column(float, pa.Check.in_range(119, 123)),
            "lat": pa.Column(float, pa.Check.in_range(35, 39)),
            "status": pa.Column(str, pa.Check.isin(STATUSES)),
            "serial": pa.Column(str, pa.Check.str_matches(f"^{SERIAL}$")),
        }
    )
    # Of a lazy frame pandera checks the schema alone.
    return lambda: schema.validate(pl.read_parquet(path), lazy=True)


def _frictionless(path: Path) -> Callable[[], object]:
    from frictionless import Resource, Schema, system  # noqa: PLC0415 - a peer of benchmarks alone

    ranges = {"amount": (1, 9_000), "lon": (119, 123), "lat": (35, 39)}
    constraints: dict[str, dict[str, object]] = {
        "row_no": {"required": True, "unique": True},
        "recorded_at": {"required": True},
        "status": {"enum": list(STATUSES)},
        "serial": {"pattern": SERIAL},
        **{name: {"minimum": low, "maximum": high} for name, (low, high) in ranges.items()},
    }
    types = {"row_no": "integer", **dict.fromkeys(ranges, "number")}
    fields = [
        {"name": name, "type": types.get(name, "string"), "constraints": constraints.get(name, {})}
        for name in path.read_text(encoding="utf-8").partition("\n")[0].strip().split(",")
    ]
    schema = Schema.from_descriptor({"fields": fields})

    def work() -> object:
        with system.use_context(trusted=True):
            return _agreed(Resource(path=str(path), schema=schema).validate().valid)

    return work


def _agreed(success: bool | None) -> None:  # noqa: FBT001 - the peer's own verdict
    if not success:
        raise AssertionError("the peer refuses the clean file")


PEERS: Final = (
    Peer("Presidio", "presidio-analyzer", DETECTION, 150, 1_000, ".csv", PERSONS, _presidio),
    Peer("DataProfiler", "dataprofiler", DETECTION, 450, 5_000, ".csv", PERSONS, _data_profiler),
    Peer(
        "Great Expectations",
        "great-expectations",
        QUALITY,
        25,
        1_000_000,
        ".csv",
        CLEAN,
        _great_expectations,
    ),
    Peer("frictionless", "frictionless", QUALITY, 200, 20_000, ".csv", CLEAN, _frictionless),
    Peer("pandera (Polars)", "pandera", QUALITY, 2, 1_000_000, ".parquet", CLEAN, _pandera),
)
