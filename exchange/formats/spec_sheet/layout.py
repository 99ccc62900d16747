"""What stands where in a spec sheet: ten sections of pairs and tables, in one of two languages.

Every text is data: a layout holds no markup, and whoever writes it escapes what it must.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from exchange.comparison import KEY, NONE, Line
from exchange.completeness import BY_CODE, Filling, SheetField
from exchange.documents import THE_FOUR
from exchange.dossier import Approval, Dossier, Paper
from exchange.formats.spec_sheet.blocks import Block, Cell, Layout, Pairs, Section, Table, Words
from exchange.formats.spec_sheet.counts import quality_blocks
from exchange.formats.spec_sheet.field_terms import field_terms
from exchange.formats.spec_sheet.plan_words import plan_words
from exchange.formats.spec_sheet.rows import sample_blocks, shortened
from exchange.formats.spec_sheet.speaker import Speaker
from exchange.formats.spec_sheet.words import WORDS
from exchange.profile import ColumnProfile
from exchange.specsheet import RECOGNISABLE

COLUMN: Final = "content.fields."
PROPRIETARY: Final = "proprietary"
SHORT: Final = 16  # hex digits of a digest where the whole one stands elsewhere


def lay_out(dossier: Dossier, language: str) -> Layout:
    """Lay a dossier out in `zh` or `en`."""
    return _Writer(dossier, language).layout()


def qr_text(dossier: Dossier) -> str:
    """Return what the sheet's code says: product, sheet, log, entry, and the checkpoint over it."""
    lines = [
        f"guapai:{dossier.number}",
        f"sheet={dossier.version.digest}",
        f"log={dossier.log}",
        f"entry={dossier.version.leaf}",
    ]
    if dossier.checkpoint:
        lines.append(f"checkpoint={dossier.checkpoint.size}:{dossier.checkpoint.root}")
    return "\n".join(lines)


class _Writer(Speaker):
    def __init__(self, dossier: Dossier, language: str) -> None:
        super().__init__(language)
        self.dossier, self.sheet = dossier, dossier.sheet

    def layout(self) -> Layout:
        dossier = self.dossier
        version = dossier.version
        name = self.sheet.basic.name
        if self.language == "en":
            name = self.sheet.basic.name_en or name
        header = (
            self.pair("code", dossier.number, "mono"),
            self.pair("supplier", dossier.supplier.name),
            self.pair("listed_at", (dossier.listed_at or "")[:10]),
            self.pair("valid_until", dossier.valid_until),
            self.pair("version", f"{version.number}"),
        )
        good = "good" if dossier.issued else "stop"
        return Layout(
            language=self.language,
            title=self.t("title"),
            subtitle=self.t("layout"),
            name=name,
            house=dossier.house,
            badge=Cell(self.v(version.state), good),
            notice=self.notice(),
            header=header,
            code=qr_text(dossier),
            code_words=self.t("qr" if dossier.checkpoint else "qr_unchecked"),
            sections=tuple(self.sections()),
            footer=tuple(self.footer()),
            footnote=self.t("verify"),
            page_words=self.t("page"),
            at=dossier.head_at,
        )

    def notice(self) -> Cell:
        if self.dossier.issued:
            return Cell(self.t("issued"), "good")
        comma = "、" if self.language == "zh" else ", "
        wanting = comma.join(self.wanting(each) for each in self.dossier.wanting)
        return Cell(self.t("wanting") + wanting, "stop")

    def wanting(self, name: str) -> str:
        return self.lacking(BY_CODE[name]) if name in BY_CODE else self.t(name)

    def lacking(self, field: SheetField | Filling) -> str:
        return field.zh if self.language == "zh" else field.en

    def sections(self) -> Iterator[Section]:
        for place, blocks in enumerate(
            (
                self.basic(),
                self.physical(),
                self.content(),
                self.conditions(),
                self.use_cases(),
                self.delivery(),
                self.sources(),
                self.qualification(),
                self.popularity(),
                self.price(),
                self.versions(),
            ),
            1,
        ):
            yield Section(self.t(f"s{place}"), tuple(blocks))

    def basic(self) -> Iterator[Block]:
        basic = self.sheet.basic
        yield Pairs(
            (
                self.pair("name", basic.name),
                self.pair("supplier", self.dossier.supplier.name),
                self.pair("sector", basic.sector),
                self.pair("industry", basic.industry),
                self.pair("type", self.v(basic.type)),
                self.pair("description", basic.description),
                self.several("keywords", basic.keywords),
                self.pair("language", self.language_of(basic.language)),
                self.pair("grade", self.v(self.sheet.grade)),
            )
        )

    def language_of(self, code: str) -> str:
        """Return the name of a language of the data, or its code where there is no word for it."""
        return self.t(f"language.{code}") if f"language.{code}" in WORDS else code

    def licence(self, said: str) -> Cell:
        """Return a licence; identifiers of SPDX are no words, and stay as they are."""
        return self.cell(self.v(said) if said == PROPRIETARY else said)

    def physical(self) -> Iterator[Block]:
        physical = self.sheet.physical
        lines = [
            line
            for line in self.dossier.comparison
            if line.field.startswith("physical.") or line.field == KEY
        ]
        yield Table(
            "",
            tuple(self.t(key) for key in ("field", "declared", "measured", "difference")),
            (3, 3, 3, 2),
            tuple(
                (
                    Cell(self.t(line.field)),
                    self.figure(line.declared),
                    self.figure(line.measured),
                    self.verdict(line),
                )
                for line in lines
            ),
        )
        yield Pairs(
            (
                self.pair("frequency", self.v(physical.update_frequency)),
                self.pair("increment_rows", physical.increment_rows),
                self.pair("increment_bytes", physical.increment_bytes),
                self.pair("resolution", physical.extent.resolution if physical.extent else ""),
            )
        )

    def figure(self, text: str | None) -> Cell:
        if text == NONE:
            return Cell(self.t("nothing"))
        return self.cell(int(text) if text and text.isdecimal() and len(text) < 17 else text)

    def verdict(self, line: Line) -> Cell:
        if line.differs:
            return Cell(self.t("differs"), "stop")
        both = line.declared is not None and line.measured is not None
        return Cell(self.t("agrees"), "good") if both else self.cell(None)

    def content(self) -> Iterator[Block]:
        content, profile = self.sheet.content, self.dossier.profile
        keys = ("column", "meaning", "unit", "kind", "missing", "range", "difference")
        yield Table(
            "",
            tuple(self.t(key) for key in keys),
            (5, 6, 4, 3, 3, 6, 3),
            tuple(self.columns()),
        )
        yield from field_terms(content.fields, profile, self)
        yield Pairs(
            (
                self.pair("horizontal_datum", content.horizontal_datum),
                self.pair("vertical_datum", content.vertical_datum),
                self.pair("flag_scheme", content.flag_scheme),
                *self.persons(),
            )
        )
        found = sorted({f"{each.column}: {each.kind}" for each in profile.sensitive})
        if found:
            yield Words(f"{self.t('sensitive')}: {'; '.join(found)}", "quiet")
        if profile.remarks:
            told = "; ".join(self.told(each) for each in profile.remarks)
            yield Words(f"{self.t('remarks')}: {told}", "quiet")
        yield from sample_blocks(self.dossier.sample, self.t)

    def columns(self) -> Iterator[tuple[Cell, ...]]:
        measured = {column.name: column for column in self.dossier.profile.columns}
        off = {line.field for line in self.dossier.comparison if line.differs}
        described = set()
        for note in self.sheet.content.fields:
            described.add(note.name)
            field = f"{COLUMN}{note.name}"
            differs = any(each == field or each.startswith(f"{field}.") for each in off)
            column = measured.get(note.name)
            unit = note.unit or (column.unit if column else "")
            said = (Cell(note.name, "mono"), Cell(note.meaning), self.cell(unit))
            yield (*said, *self.found(column, differs=differs))
        for name, column in measured.items():
            if name not in described:
                said = (Cell(name, "mono"), Cell(self.t("undescribed"), "stop"), self.cell(None))
                yield (*said, *self.found(column, differs=True))

    def found(self, column: ColumnProfile | None, *, differs: bool) -> tuple[Cell, ...]:
        verdict = Cell(self.t("differs"), "stop") if differs else Cell(self.t("agrees"), "good")
        if column is None:
            return (Cell(self.t("absent"), "stop"), self.cell(None), self.cell(None), verdict)
        edges = [shortened(edge) for edge in (column.minimum, column.maximum) if edge is not None]
        kind = self.v(column.type)
        return (Cell(kind), self.cell(column.missing), self.cell(" … ".join(edges)), verdict)

    def persons(self) -> Iterator[tuple[str, Cell]]:
        said = self.sheet.personal_data
        yield self.pair("personal", said.contained)
        if said.contained:
            yield self.pair("legal_basis", said.legal_basis)
            recognisable = said.deidentification == RECOGNISABLE
            told = self.t("nothing") if recognisable else said.deidentification
            yield self.pair("deidentification", told)

    def conditions(self) -> Iterator[Block]:
        conditions = self.sheet.conditions
        duties = self.sheet.duties
        unlimited = self.v("any") if self.language == "zh" else "none"
        limit = conditions.time_limit
        yield Pairs(
            (
                self.several("purposes", conditions.purposes),
                self.several("regions", conditions.regions),
                self.pair("qualifications", conditions.qualifications),
                self.pair("time_limit", unlimited if limit == "none" else self.v(limit)),
                self.pair("term_days", conditions.term_days),
                self.pair("units", conditions.units),
                self.pair("transfer", conditions.transfer),
                self.pair("public_release", conditions.public_release),
                self.several("prohibited", conditions.prohibited),
                self.pair("export", self.route(duties.export if duties else None)),
            )
        )

    def route(self, export: object) -> str:
        if export is None:
            return ""
        not_abroad = "不出境" if self.language == "zh" else "does not leave the country"
        return not_abroad if export == "none" else self.v(export)

    def use_cases(self) -> Iterator[Block]:
        for use in self.sheet.use_cases:
            yield Words(use)
        if not self.sheet.use_cases:
            yield Words(self.t("none"), "quiet")

    def delivery(self) -> Iterator[Block]:
        delivery, duties = self.sheet.delivery, self.sheet.duties
        service = delivery.service
        yield Pairs(
            (
                self.pair("level", delivery.trade_level),
                self.several("ways", delivery.ways),
                self.pair("technical_document", delivery.technical_document),
                self.pair("support", service.support if service else ""),
                self.pair("availability", service.availability if service else ""),
                self.pair("response_seconds", service.response_seconds if service else ""),
                self.pair("retained_days", service.retained_days if service else ""),
                self.pair("contact", self.sheet.contact),
                self.pair("complaints", duties.complaints if duties else ""),
            )
        )
        yield Words(self.t("level_note"), "quiet")

    def sources(self) -> Iterator[Block]:
        yield Table(
            "",
            tuple(self.t(key) for key in ("source", "statement", "licence", "evidence")),
            (2, 5, 2, 6),
            tuple(
                (
                    Cell(self.v(source.code)),
                    Cell(source.statement),
                    self.licence(source.licence),
                    self.cell(source.evidence, "mono"),
                )
                for source in self.sheet.sources
            ),
        )
        yield Pairs(
            (
                self.several("rights", self.sheet.rights),
                self.pair("registration", self.v(self.dossier.registration)),
                (self.t("licence"), self.licence(self.sheet.licence)),
                self.pair("parents", ", ".join(self.dossier.parents)),
            )
        )

    def qualification(self) -> Iterator[Block]:
        keys = ("document", "standing", "attached_by", "verified_by", "until", "digest")
        heads, widths = tuple(self.t(key) for key in keys), (3, 3, 4, 4, 3, 6)
        four = [self.four(str(kind)) for kind in THE_FOUR]
        yield Table(self.t("documents"), heads, widths, tuple(four))
        others = [paper for paper in self.dossier.papers if not paper.kind.is_one_of_the_four]
        if others:
            rows = tuple(self.paper(self.v(paper.kind), paper) for paper in others)
            yield Table(self.t("other_documents"), heads, widths, rows)
        yield Table(
            self.t("approvals"),
            tuple(self.t(key) for key in ("approval", "by", "on_what", "at", "entry")),
            (4, 4, 6, 4, 4),
            tuple(self.approved(each) for each in self.dossier.approvals),
        )
        if self.dossier.quality:
            yield from quality_blocks(self.dossier.quality, self.dossier.expert_scores, self)
        else:  # an expert scores before it sees the figures of the system
            yield Pairs((self.pair("quality", self.t("held_back")),))

    def four(self, kind: str) -> tuple[Cell, ...]:
        """Return the row of one of the four: of the one that stands, else of the newest."""
        digest = self.dossier.version.digest
        papers = [p for p in self.dossier.papers if p.kind == kind and p.sheet == digest]
        if not papers:
            missing = Cell(self.t("not_attached"), "stop")
            return (Cell(self.t(kind)), missing, *(self.cell(None) for _ in range(4)))
        shown = next((paper for paper in papers[::-1] if paper.stands), papers[-1])
        return self.paper(self.t(kind), shown)

    def paper(self, kind: str, paper: Paper) -> tuple[Cell, ...]:
        until = paper.valid_until.isoformat() if paper.valid_until else self.t("endless")
        verified = paper.decided_by.name if paper.decided_by else None
        return (
            Cell(kind),
            Cell(self.v(paper.state), "good" if paper.stands else "stop"),
            Cell(paper.attached_by.name),
            self.cell(verified),
            Cell(until),
            Cell(paper.digest, "mono"),
        )

    def approved(self, approval: Approval) -> tuple[Cell, ...]:
        said = [self.v(approval.outcome)] if approval.outcome else []
        said += [f"{self.t('score')} {approval.score}"] if approval.score else []
        said += [f"{self.t('rules')} {', '.join(approval.rules)}"] if approval.rules else []
        said += [f"{self.t('valid_to')} {approval.until}"] if approval.until else []
        said += [f"{self.t('by_pack')} {approval.pack[:SHORT]}…"] if approval.pack else []
        place = "" if approval.place is None else f"#{approval.place} "
        refused = "stop" if approval.outcome in {"refused", "rejected", "returned"} else "plain"
        return (
            Cell(self.t(approval.kind)),
            Cell(approval.by.name),
            self.cell("; ".join(said), refused),
            Cell(approval.at.replace("T", " ").replace("Z", " UTC")),
            Cell(f"{place}{approval.leaf[:SHORT]}…", "mono"),
        )

    def popularity(self) -> Iterator[Block]:
        popularity = self.dossier.popularity
        yield Pairs(
            (
                self.pair("scenarios", popularity.scenarios),
                self.pair("executed", popularity.trades_executed),
                self.pair("open", popularity.trades_open),
            )
        )

    def price(self) -> Iterator[Block]:
        price = self.sheet.price
        trial = f"{price.trial.units:,} {price.trial.of}" if price.trial else ""
        yield Pairs(
            (
                self.pair("mode", self.v(price.mode)),
                self.pair("amount", str(price.amount) if price.amount else ""),
                self.pair("trial", trial),
            )
        )
        if price.plan:
            said = plan_words(price.plan, self.language)
            yield Pairs(tuple((each.name, self.cell(each.text)) for each in said))

    def versions(self) -> Iterator[Block]:
        keys = ("version", "state", "submitted_at", "published_at", "digest")
        yield Table(
            "",
            tuple(self.t(key) for key in keys),
            (2, 3, 5, 5, 8),
            tuple(
                (
                    Cell(str(version.number)),
                    Cell(self.v(version.state)),
                    Cell(_moment(version.submitted_at)),
                    self.cell(_moment(version.published_at or "")),
                    Cell(version.digest, "mono"),
                )
                for version in self.dossier.versions
            ),
        )
        found = self.dossier.completeness
        filled = len(found.counted) - len(found.missing)
        lacking = [self.lacking(each) for each in found.missing]
        comma = "、" if self.language == "zh" else ", "
        yield Pairs(
            (
                self.pair("complete", f"{found.percent} % ({filled} / {len(found.counted)})"),
                self.pair("lacking", comma.join(lacking)),
            )
        )

    def footer(self) -> Iterator[tuple[str, Cell]]:
        dossier = self.dossier
        yield self.pair("sheet", dossier.version.digest, "mono")
        sample = dossier.sample
        yield self.pair("sample_digest", sample.digest if sample else None, "mono")
        yield self.pair("data", dossier.data, "mono")
        yield self.pair("schema", dossier.schema_digest, "mono")
        yield self.pair("pack", dossier.pack, "mono")
        yield self.pair("log", dossier.log, "mono")
        yield self.pair("entry", dossier.version.leaf, "mono")
        checked = dossier.checkpoint
        yield self.pair("checkpoint", f"{checked.size} {checked.root}" if checked else "", "mono")


def _moment(time: str) -> str:
    return time.replace("T", " ").replace("Z", " UTC")
