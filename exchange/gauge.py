"""The gauge: files measured with the installed readers and detectors, looked for once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextvars import ContextVar
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Final

from exchange.expectations import Expectation
from exchange.fingerprint import Fingerprint
from exchange.profile import Profile
from exchange.quality.measured import Measurement
from exchange.quality.sampling import Sample
from exchange.quality.suggest import suggest

# Who hears how far the inspections of this context have come: bytes done, bytes to do.
PROGRESS: Final[ContextVar[Callable[[int, int], None] | None]] = ContextVar(
    "progress", default=None
)


class Gauge:
    """Measures files; made without cost, since plug-ins are loaded when the first file comes."""

    @cached_property
    def _readers(self) -> Any:  # noqa: ANN401 - the reader protocol of the inspection
        return _inspection().discover_readers()

    @cached_property
    def _detectors(self) -> Any:  # noqa: ANN401 - the detector protocol of the inspection
        return _inspection().discover_detectors()

    def inspect(
        self, path: Path, name: str | None = None, no_fill_value: Collection[str] = ()
    ) -> Profile:
        """Return the profile of a file, under its given name or its own."""
        named = {} if name is None else {"name": name}
        profile: Profile = _inspection().inspect(
            path,
            readers=self._readers,
            detectors=self._detectors,
            progress=PROGRESS.get(),
            no_fill_value=no_fill_value,
            **named,
        )
        return profile

    def examine(
        self, path: Path, name: str, no_fill_value: Collection[str] = ()
    ) -> tuple[Profile, Fingerprint]:
        """Return the profile of a file and its fingerprint, as confidential as the file."""
        kept: list[Fingerprint] = []
        profile: Profile = _inspection().inspect(
            path,
            readers=self._readers,
            name=name,
            progress=PROGRESS.get(),
            keep=kept.append,
            no_fill_value=no_fill_value,
        )
        return profile, kept[0]

    def tally(self, path: Path, name: str, column: str) -> Mapping[str, int]:
        """Count a file's rows by the values of one column."""
        counted: Mapping[str, int] = _inspection().tally(
            path, column, readers=self._readers, name=name
        )
        return counted

    def count(
        self,
        path: Path,
        name: str,
        expectations: Sequence[Expectation],
        no_fill_value: Collection[str] = (),
    ) -> tuple[Measurement, ...]:
        """Count what is expected of a file, over all its rows."""
        counted: tuple[Measurement, ...] = _inspection().count_expected(
            path, expectations, readers=self._readers, name=name, no_fill_value=no_fill_value
        )
        return counted

    def suggest(self, path: Path, profile: Profile) -> tuple[Expectation, ...]:
        """Return expectations that a file keeps, of which this is the profile."""
        count = partial(self.count, path, profile.name, no_fill_value=profile.no_fill_value)
        return suggest(profile, count)

    def show(
        self, path: Path, name: str, places: Sequence[int], private: Collection[str]
    ) -> Sample:
        """Return rows of a file by their places, private columns masked."""
        shown: Sample = _inspection().show_rows(
            path, places, private, readers=self._readers, name=name
        )
        return shown


def _inspection() -> Any:  # noqa: ANN401 - a module
    # DuckDB and the readers cost half a second to import, and most commands inspect nothing.
    from exchange import inspection  # noqa: PLC0415

    return inspection
