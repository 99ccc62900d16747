"""Settings: the rules of the house, in the file ``exchange.toml`` of its folder."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from exchange.errors import BadField, NotFound

FILE: Final = "exchange.toml"
_ORIGIN = re.compile(r"[a-z0-9][a-z0-9.-]{0,60}(/[a-z0-9.-]{1,60})*", re.ASCII)

# A password stands in PGPASSFILE or PGPASSWORD, as every program of PostgreSQL reads it.
_POSTGRESQL = re.compile(r"postgresql://([^\s:@/]+@)?[^\s@/]*/[^\s@/]+", re.ASCII)

_DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)

# Every setting of exchange.toml and what it means; docs/settings.md has a row for each.
SETTING_TYPES: Final[Mapping[str, type]] = {
    "origin": str,
    "name": str,
    "notice_seconds": int,
    "fee_ppm": int,
    "quote_seconds": int,
    "review_seconds": int,
    "retention_days": int,
    "registration_days": int,
    "lookback_days": int,
    "require_licences": bool,
    "rule_pack": str,
    "clock": str,
    "database": str,
    "publish_folder": str,
    "publish_seconds": int,
    "publish_entries": bool,
    "signer": str,
    "complaints": str,
    "log_days": int,
    "incident_plan": str,
    "lapse_seconds": int,
    "check_seconds": int,
    "payment_provider": str,
    "acceptance_seconds": int,
    "payment_seconds": int,
    "open_simulator": bool,
    "upload_bytes": int,
    "uploads_open": int,
    "uploads_bytes": int,
    "upload_seconds": int,
    "papers_days": int,
}
# A file that was written before these were thought of goes without them: their defaults hold.
LATER: Final = frozenset(
    {
        "complaints",
        "log_days",
        "incident_plan",
        "lapse_seconds",
        "check_seconds",
        "payment_provider",
        "payment_seconds",
        "acceptance_seconds",
        "open_simulator",
        "upload_bytes",
        "uploads_open",
        "uploads_bytes",
        "upload_seconds",
        "papers_days",
    }
)

_YEAR: Final = 366 * 86_400  # seconds
_RANGES: Final[Mapping[str, tuple[int, int, str]]] = {
    "fee_ppm": (0, 1_000_000, "parts per million, 0 to 1,000,000"),
    "notice_seconds": (0, _YEAR, "seconds, up to a year"),
    "quote_seconds": (0, _YEAR, "seconds, up to a year"),
    "review_seconds": (0, _YEAR, "seconds, up to a year"),
    "retention_days": (0, 36_500, "days, up to a century"),
    "registration_days": (1, 36_500, "days, up to a century"),
    "lookback_days": (0, 36_500, "days, up to a century"),
    "publish_seconds": (1, 3_600, "1 to 3,600"),
    "log_days": (0, 36_500, "days, up to a century"),
    "papers_days": (0, 36_500, "days, up to a century"),
    "lapse_seconds": (1, 86_400, "1 to 86,400"),
    "check_seconds": (60, 86_400, "60 to 86,400"),
    "acceptance_seconds": (0, _YEAR, "seconds, up to a year; 0 for no end"),
    "payment_seconds": (1, 86_400, "1 to 86,400"),
    "upload_bytes": (0, 64 << 30, "bytes, up to 64 GiB"),  # no more than the vault takes
    "uploads_open": (0, 1_000, "0 to 1,000"),
    "uploads_bytes": (0, 1 << 40, "bytes, up to 1 TiB"),
    "upload_seconds": (60, 30 * 86_400, "seconds, a minute to thirty days"),
}


@dataclass(frozen=True, slots=True)
class Settings:
    """The rules of the house as they stand in ``exchange.toml``."""

    origin: str = "guapai.example/exchange"
    name: str = "Guapai"
    notice_seconds: int = 5 * 86_400
    fee_ppm: int = 25_000
    quote_seconds: int = 7 * 86_400
    review_seconds: int = 5 * 86_400
    retention_days: int = 0
    registration_days: int = 1_095
    lookback_days: int = 730
    require_licences: bool = True
    rule_pack: str = "cn"
    clock: str = "system"
    database: str = "sqlite"
    publish_folder: str = "published"
    publish_seconds: int = 1
    publish_entries: bool = False
    signer: str = "file"
    complaints: str = ""
    log_days: int = 184
    incident_plan: str = ""
    lapse_seconds: int = 600
    check_seconds: int = 3_600
    payment_provider: str = "simulated-bank"
    acceptance_seconds: int = 0
    payment_seconds: int = 60
    open_simulator: bool = True
    upload_bytes: int = 4 << 30
    uploads_open: int = 4
    uploads_bytes: int = 8 << 30
    upload_seconds: int = 86_400
    papers_days: int = 1_096

    def __post_init__(self) -> None:
        if not _ORIGIN.fullmatch(self.origin):
            raise BadField("origin", "a name such as exchange.example/ledger, lower case")
        if not (1 <= len(self.name) <= 200 and self.name.isprintable()):
            raise BadField("name", "1 to 200 printable characters")
        for name, (least, most, rule) in _RANGES.items():
            if not least <= getattr(self, name) <= most:
                raise BadField(name, rule)
        if self.database != "sqlite" and not _POSTGRESQL.fullmatch(self.database):
            raise BadField("database", "sqlite, or postgresql://user@host/name with no password")
        if not self.publish_folder or not self.publish_folder.isprintable():
            raise BadField("publish_folder", "a folder, within the exchange's own or absolute")
        if self.clock not in {"system", "simulated"}:
            raise BadField("clock", "system or simulated")
        if not self.complaints.isprintable():
            raise BadField("complaints", "one line: a mailbox or an address")
        if self.incident_plan and not _DIGEST.fullmatch(self.incident_plan):
            raise BadField("incident_plan", "the SHA-256 of the plan, in hex, or empty")

    @property
    def complaints_to(self) -> str:
        """Where complaints go: the setting, or the mailbox that RFC 2142 gives the domain."""
        return self.complaints or f"abuse@{self.origin.partition('/')[0]}"

    @classmethod
    def load(cls, path: Path) -> Settings:
        """Read a settings file; unknown or missing settings raise `BadField`."""
        try:
            found = tomllib.loads(path.read_text(encoding="utf-8"))
        except FileNotFoundError as error:
            raise NotFound(
                f"{path.parent} is not an exchange: open one there with `guapai init`"
            ) from error
        except (OSError, ValueError) as error:
            raise BadField(str(path), f"not a settings file: {error}") from error
        for name in sorted(set(SETTING_TYPES).symmetric_difference(found) - LATER):
            word = "missing" if name in SETTING_TYPES else "unknown"
            raise BadField(f"{path.name}: {name}", word)
        for name, kind in SETTING_TYPES.items():
            if name in found and type(found[name]) is not kind:
                raise BadField(f"{path.name}: {name}", f"must be {kind.__name__}")
        return cls(**found)

    def save(self, path: Path) -> None:
        """Write the settings file."""
        # TOML has no surrogate pairs, which is how JSON would escape what is beyond 16 bits.
        lines = [
            f"{name} = {json.dumps(getattr(self, name), ensure_ascii=False)}"
            for name in SETTING_TYPES
        ]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
