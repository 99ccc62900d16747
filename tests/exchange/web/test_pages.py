from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from exchange import completeness, documents
from exchange.board import Sort
from exchange.checking import Soundness
from exchange.compliance import Outcome, Severity, screening
from exchange.dossier import SheetState
from exchange.engagements import Offer
from exchange.formats.chinese import ENGLISH
from exchange.grading import Grade
from exchange.listing import ListingState
from exchange.participants import Role, Standing
from exchange.registration import RegistrationState
from exchange.services.compile_dossier import APPROVALS
from exchange.services.engage_merchant import steps_of
from exchange.services.read_inbox import Risk
from exchange.services.read_queue import WHOSE
from exchange.services.record_activity import Done
from exchange.services.screen_drafts import keep_drafts
from exchange.specsheet import (
    Frequency,
    Period,
    PriceMode,
    ProductType,
    Right,
    SourceCode,
    TimeLimit,
)
from exchange.web import pages
from exchange.web.gate import FORM_POLICY, SECURITY_HEADERS, checking
from exchange.web.pages import board, money_words
from exchange.web.pages.words import LANGUAGES, VALUES, WORDS
from ledger.acts import format_time
from pricing.money import Money
from tests.exchange.compliance.plugged import plugged
from tests.exchange.web.town import HOSTILE, LOG, Town, csv, sheet

TEMPLATES = Path(pages.__file__).parent / "templates"
SECTIONS = [f"section.{number}" for number in range(1, 11)]
STATES = ("waiting", "behind", "cosigned", "unreachable", "refused", "split-view", "rolled-back")
COMPUTED = {  # keys that a template builds from a prefix and a value
    *(f"approval.{kind}" for kind in APPROVALS),
    *(key for key in WORDS if key.startswith("quality.")),
    *(key for key in WORDS if key.startswith(("fees.mode.", "fees.service."))),
    *(f"standing.{standing}" for standing in screening.Standing),
    *(f"witness.{state}" for state in STATES),
    "fit.wrong",
    *money_words.RULES,
    *(f"checks.{each}" for each in Soundness),
    *(key for key in WORDS if key.startswith("match.")),  # a part, an obstacle, a field
    *(
        key for key in WORDS if key.startswith(("policy.", "site.", "simulate.state."))
    ),  # of what a policy says; a menu
    *(f"board.{name}" for name in board.FILTERS),
    *(f"board.sort.{sort}" for sort in Sort),
    *(f"board.wrong.{name}" for name in ("box", "choice", "day", "quality", "words")),
    *(f"inbox.duty.{duty}" for duty in WHOSE),
    *(f"inbox.risk.{risk}" for risk in Risk),
    *(f"sheet.wanted.{wanted}" for wanted in completeness.Wanted),
    *(f"sheet.standing.{standing}" for standing in completeness.Standing),
    *(f"wanting.{kind}" for kind in (*documents.THE_FOUR, "listing")),
}


class Reader(HTMLParser):
    """Collects tags, text, and whatever a page would load."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.loads: list[str] = []
        self.inline: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        given = dict(attrs)
        if tag in {"link", "img", "script", "iframe"}:
            self.loads.append(given.get("href") or given.get("src") or "")
        self.inline += [name for name in given if name == "style" or name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.text += data


def _read(town: Town, path: str, status: int = 200) -> Reader:
    answer = town.app.test_client().get(path)
    assert answer.status_code == status
    assert answer.content_type == "text/html; charset=utf-8"
    reader = Reader()
    reader.feed(answer.text)
    return reader


def _paths(town: Town) -> list[str]:
    return [
        "/",
        "/audit",
        "/participants",
        "/fees",
        "/auctions",
        "/inbox",
        "/cycles",
        "/simulate",
        f"/products/{town.product}",
        f"/products/{town.product}/quality",
        f"/products/{town.product}/sheet",
        f"/products/{town.product}/explain",
        f"/products/{town.product}/price",
        "/entries/18",
        "/verify",
        "/drafts",
        "/demands",
        "/fit",
        "/fit?purpose=navigation",
        f"/products/{town.product}/uses",
        f"/products/{town.product}/policy",
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_pages_load_nothing_from_elsewhere_and_run_nothing(market: Town, lang: str) -> None:
    for path in _paths(market):
        reader = _read(market, f"{path}{'&' if '?' in path else '?'}lang={lang}")
        assert reader.loads == ["/static/site.css", "/static/icon.svg"]
        assert not reader.inline
        assert "script" not in reader.tags
        assert "style" not in reader.tags


def test_what_pages_load_is_there(market: Town) -> None:
    for path in ("/static/site.css", "/static/icon.svg"):
        with market.app.test_client().get(path) as answer:
            assert answer.status_code == 200


def test_every_answer_has_the_security_headers(market: Town) -> None:
    for path in [*_paths(market), "/nothing", "/static/site.css", "/api/v1/board", "/api/v1/x"]:
        with market.app.test_client().get(path) as answer:
            expected = SECURITY_HEADERS
            if (
                path.startswith(("/verify", "/fit", "/simulate")) or path == "/"
            ):  # pages with a form, sent to this site alone
                expected = expected | {"Content-Security-Policy": FORM_POLICY}
            for name, value in expected.items():
                assert answer.headers[name] == value, (path, name)
    assert FORM_POLICY.count("'self'") == 3
    policy = SECURITY_HEADERS["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_an_empty_board_says_how_a_product_gets_there(town: Town) -> None:
    assert WORDS["board.empty.note"][1] in _read(town, "/?lang=en").text
    assert WORDS["board.empty"][0] in _read(town, "/?lang=zh").text


def test_the_board_shows_price_supplier_grade_quality_and_rows(market: Town) -> None:
    text = _read(market, "/?lang=en").text
    for shown in (market.product, "10,000.00 CNY", "tide-data", "general-1", "1.0000", "60"):
        assert shown in text
    assert "Tidal currents" in text
    assert "潮流观测" in _read(market, "/?lang=zh").text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_spec_sheet_has_its_ten_sections_in_order(market: Town, lang: str) -> None:
    text = _read(market, f"/products/{market.product}?lang={lang}").text
    at = [text.index(WORDS[key][LANGUAGES.index(lang)]) for key in SECTIONS]
    assert at == sorted(at)


def test_a_spec_sheet_says_who_approved_what_under_which_pack(market: Town) -> None:
    text = _read(market, f"/products/{market.product}?lang=en").text
    for shown in (
        "Compliance assessment — assessor 公司",
        "Quality review — expert 公司",
        "Verdict of the exchange — 青岛海洋数据交易所",
        market.venue.pack.digest,
        market.head(),
        "listing.published",
    ):
        assert shown in re.sub(r"\s+", " ", text)


def _sentences(town: Town, key: str) -> tuple[bool, bool]:
    """Say whether the product's page has a sentence, in Chinese and in English."""
    texts = (_read(town, f"/products/{town.product}?lang={lang}").text for lang in LANGUAGES)
    zh, en = (word in text for word, text in zip(WORDS[key], texts, strict=True))
    return zh, en


def test_the_register_is_headed_by_its_types_and_not_by_those_of_products(market: Town) -> None:
    for lang, head in (("zh", "登记类型"), ("en", "Type of registration")):
        page = market.app.test_client().get(f"/products/{market.product}?lang={lang}").text
        assert f"<th>{head}</th>" in page


def test_nobodys_right_is_said_by_what_became_of_the_claim(town: Town, tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv())
    town.product = town.desk("tide-data").register(file, sheet(), [LOG]).number
    assert _sentences(town, "lineage.unclaimed") == (True, True)
    town.desk("harbour").object(town.product, "it is ours")
    town.desk("house").close_objection(town.product, "upheld", "so it is")
    assert _sentences(town, "lineage.rejected") == (True, True)
    assert _sentences(town, "lineage.unclaimed") == (False, False)


def test_after_a_cancellation_nobody_waits_for_a_confirmation(market: Town) -> None:
    assert _sentences(market, "lineage.cancelled") == (False, False)
    market.desk("tide-data").cancel_registration(market.product, "withdrawn from the market")
    assert _sentences(market, "lineage.cancelled") == (True, True)
    assert _sentences(market, "lineage.unclaimed") == (False, False)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_engagement_is_shown_with_when_each_step_was_and_its_entry(
    market: Town, lang: str
) -> None:
    supplier, assessor = market.desk("tide-data"), market.desk("assessor")
    due = format_time(market.venue.floor.clock() + dt.timedelta(days=9))
    work = "a second opinion"
    offer = Offer(Role.COMPLIANCE_ASSESSOR, (market.product,), work, Money(100), due)
    made = supplier.engage(market.people["assessor"], offer)
    path = f"/products/{market.product}?lang={lang}"
    assert work not in _read(market, path).text  # nobody has taken it yet
    market.desk("house").deposit(market.people["tide-data"], Money(100), "for the fee")
    assessor.accept_engagement(made.id)
    done = assessor.deliver_work(made.id, b"as before")
    with market.venue.floor.read() as unit:
        steps = steps_of(done, unit)
    text = re.sub(r"\s+", " ", _read(market, path).text)
    words = {"zh": ("已提出", "已接受", "已交付"), "en": ("proposed", "accepted", "delivered")}
    for word, step in zip(words[lang], steps, strict=True):
        at = WORDS["entry"][LANGUAGES.index(lang)]
        assert f"{word} {step.entry.time} · {at} {step.entry.index}" in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_activity_shows_what_went_in_and_came_out_and_no_cost(market: Town, lang: str) -> None:
    path, used, made = f"/products/{market.product}?lang={lang}", "ab" * 32, "cd" * 32
    done = Done(
        "clean",
        "2026-01-01T00:00:00Z",
        "2026-01-01T01:00:00Z",
        Money(123_400),
        "spikes removed",
        inputs=[market.product],
        used=[used],
        made=[made],
    )
    desk = market.desk("tide-data")
    desk.record_activity(market.product, replace(done, inputs=(), used=(), made=()))
    words = [WORDS[f"activities.{each}"][LANGUAGES.index(lang)] for each in ("inputs", "used")]
    before = _read(market, path).text
    assert WORDS["activities"][LANGUAGES.index(lang)] in before
    assert not any(word in before for word in words)
    desk.record_activity(market.product, done)
    text = re.sub(r"\s+", " ", _read(market, path).text)
    for word, which in zip(words, (market.product, f"{used[:16]}…"), strict=True):
        assert f"{word}: {which}" in text
    assert f"{WORDS['activities.made'][LANGUAGES.index(lang)]}: {made[:16]}…" in text
    assert "1,234" not in text
    assert "spikes" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_activity_that_was_withdrawn_is_struck_through(market: Town, lang: str) -> None:
    path, client = f"/products/{market.product}", market.client("tide-data")
    done = Done("clean", "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z", Money(1), "spikes removed")
    for activity in ("clean", "label"):
        told = replace(done, activity=activity)
        market.desk("tide-data").record_activity(market.product, told)
    wrong = client.get(f"{path}/activities").json["activities"][0]["entry"]
    facts = {"activity": wrong, "reason": "of another product"}
    body = client.act("activity.withdrawn", path[1:].replace("products", "product"), facts)
    client.post(f"{path}/activities/withdrawal", body, if_match=market.head())
    told = client.get(f"{path}/activities").json["activities"]
    assert [each["withdrawn"] is None for each in told] == [False, True]
    text = market.app.test_client().get(f"{path}?lang={lang}").text
    (struck,) = re.findall(r"<del><strong>(.*?)</strong>.*?</del>", text)
    assert struck == {"zh": "清洗", "en": "clean"}[lang]
    word = {"zh": "已撤回", "en": "withdrawn"}[lang]
    assert f"{word}</span> of another product" in text


def test_a_product_says_in_either_language_why_it_left_the_board(market: Town) -> None:
    path = f"/products/{market.product}"
    words = WORDS["off_board"]
    assert market.client("shipyard").get(path).json["off_board"] is None
    assert not any(each in _read(market, f"{path}?lang=en").text for each in words)
    reason = "P-04: the supplier stands on the negative list (also T-05, Q-10)"
    market.desk("house").suspend_listing(market.product, reason)
    chinese, english = (_read(market, f"{path}?lang={lang}").text for lang in ("zh", "en"))
    assert f"{words[1]}: {reason}" in english
    assert f"{words[0]}：P-04：供方在负面清单上（另有 T-05, Q-10）" in chinese
    told = market.client("shipyard").get(path).json["off_board"]
    assert told["words"] == reason
    assert told["entry"][:16] in english
    assert told["since"] in english
    told = market.client("shipyard").get(f"{path}?lang=zh").json["off_board"]
    assert told["words"] == "P-04：供方在负面清单上（另有 T-05, Q-10）"


def test_no_sheet_is_issued_for_what_is_not_listed(market: Town) -> None:
    market.desk("house").suspend_listing(market.product, "on the desk")
    text = _read(market, f"/products/{market.product}?lang=en").text
    assert WORDS["not_listed"][1] in text
    assert WORDS["explain.link"][1] in text
    assert WORDS["section.10"][1] not in text
    assert "listing.suspended" in text


def test_before_the_listing_the_claim_is_shown_and_the_sheet_is_not(
    town: Town, tmp_path: Path
) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(csv())
    desk = town.desk("tide-data")
    town.product = desk.register(file, sheet(), [LOG]).number
    desk.submit_sheet(town.product, sheet())
    text = _read(town, f"/products/{town.product}?lang=en").text
    assert "10,000.00" not in text
    assert WORDS["grading.estimate"][1] not in text  # what was found is nobody else's business yet
    assert "on-notice" in text
    assert "inspection.recorded" in text


def test_hostile_names_are_text(market: Town) -> None:
    for path in ("/", "/participants", f"/products/{market.product}"):
        answer = market.app.test_client().get(path)
        assert HOSTILE not in answer.text
        assert HOSTILE in _read(market, path).text
    for path in ("/products/<script>alert(1)</script>", "/<script>", "/?lang=<script>"):
        assert "<script>" not in market.app.test_client().get(path).text


def test_errors_of_pages_are_pages(market: Town) -> None:
    for path in ("/nothing", "/products/GP-0000-0000-0000", "/entries/99999"):
        assert _read(market, path, 404).text
    assert market.app.test_client().post("/audit").status_code == 405


def test_the_audit_page_shows_checkpoint_totals_and_no_balance(market: Town) -> None:
    checkpoint = market.client("harbour").post("/ledger/checkpoint").json
    with market.app.app_context():
        checking().run()
    text = _read(market, "/audit?lang=en").text
    assert checkpoint["root"] in text
    assert checkpoint["vkey"] in text
    assert "50,000.00 CNY" in text
    assert "python -m ledger verify" in text
    assert f"participant/{market.people['harbour'].id}" not in text


def test_business_entries_show_no_facts_to_the_public(market: Town) -> None:
    with market.venue.floor.read() as work:
        entries = list(work.chain.store.entries())
    for entry in entries:
        text = _read(market, f"/entries/{entry.index}?lang=en").text
        is_open = entry.subject.partition("/")[0] in pages.OPEN_SUBJECTS
        assert (WORDS["entry.closed"][1] in text) != is_open
        facts = json.dumps(entry.facts, ensure_ascii=False, indent=2)
        assert (facts in text) == is_open
        assert entry.leaf.hex() in text


def test_nobodys_credit_code_is_public(market: Town) -> None:
    codes = [participant.credit_code for participant in market.people.values()]
    for path in (*_paths(market), "/api/v1/participants", "/api/v1/board"):
        text = market.app.test_client().get(path).text
        assert not [code for code in codes if code in text]


def test_the_browsers_language_counts_until_one_is_asked_for(town: Town) -> None:
    client = town.app.test_client()
    english = client.get("/", headers={"Accept-Language": "en-GB,en;q=0.9"}).text
    assert '<html lang="en">' in english
    assert '<html lang="zh-CN">' in client.get("/").text
    asked = client.get("/?lang=zh", headers={"Accept-Language": "en"}).text
    assert '<html lang="zh-CN">' in asked


def test_every_word_is_there_in_both_languages_and_used() -> None:
    used = set()
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        used |= set(re.findall(r"\bt\('([a-z_.0-9]+)'\)", text))
        used |= set(re.findall(r"\brow\('([a-z_.0-9]+)'", text))
    assert used | COMPUTED == set(WORDS)
    for key, (chinese, english) in WORDS.items():
        assert chinese, key
        assert english, key
        assert chinese != english, key


def test_templates_say_nothing_that_is_not_translated() -> None:
    for template in TEMPLATES.glob("*.html"):
        text = template.read_text(encoding="utf-8")
        text = re.sub(r"<pre[^>]*>.*?</pre>", "", text, flags=re.DOTALL)
        bare = re.sub(r"{%.*?%}|{{.*?}}|<[^>]*>", " ", text, flags=re.DOTALL)
        left = set(re.findall(r"\w+", bare)) - {"English", "中文", "ID"}
        assert not left, template.name


def test_every_stored_value_that_pages_show_has_chinese_words() -> None:
    kinds = (
        Frequency,
        Grade,
        ListingState,
        Outcome,
        PriceMode,
        ProductType,
        RegistrationState,
        Right,
        Role,
        Severity,
        SheetState,
        SourceCode,
        Standing,
        TimeLimit,
    )
    stored = {str(value) for kind in kinds for value in kind}
    assert stored <= set(VALUES)


# Listings of elsewhere.


def _import(town: Town) -> str:
    grave = {
        "id": "cd" * 32,
        "source": "zhejiang",
        "title": HOSTILE,
        "supplier": "",
        "price": "",
        "missing": ["licence", "rights"],
        "sheet": {"grade": "core"},
        "claims": ["core", "personal-data"],
    }
    plain = grave | {
        "id": "ef" * 32,
        "title": "潮位",
        "sheet": {},
        "claims": [],
        "source": "guiyang",
    }
    keep_drafts([grave, plain], floor=town.venue.floor)
    return str(grave["id"])[:16]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_listings_of_elsewhere_are_counted_by_what_a_strict_gate_would_say(
    town: Town, lang: str
) -> None:
    _import(town)
    at = LANGUAGES.index(lang)
    text = _read(town, f"/drafts?lang={lang}").text
    for key in ("drafts.missing", "drafts.rules", "standing.never", "standing.silent"):
        assert WORDS[key][at] in text
    assert "licence" in text
    assert HOSTILE in text  # as text, escaped


def test_a_filter_leaves_those_it_names(town: Town) -> None:
    _import(town)
    assert "潮位" not in _read(town, "/drafts?standing=never").text
    assert HOSTILE not in _read(town, "/drafts?source=guiyang").text
    assert HOSTILE in _read(town, "/drafts?claim=core").text
    assert "潮位" in _read(town, "/drafts?source=nowhere").text  # an unknown filter filters nothing


def test_a_draft_shows_every_rule_with_what_it_did_not_find(town: Town) -> None:
    text = _read(town, f"/drafts/{_import(town)}?lang=en").text
    assert "D-02" in text
    assert "core data is never listed" in text
    assert "the listing does not say" in text
    _read(town, "/drafts/none", status=404)


def test_without_listings_of_elsewhere_the_page_says_so(town: Town) -> None:
    assert WORDS["drafts.empty"][1] in _read(town, "/drafts?lang=en").text


# Why.


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_judged_product_says_of_every_rule_why(market: Town, lang: str) -> None:
    at = LANGUAGES.index(lang)
    text = _read(market, f"/products/{market.product}/explain?lang={lang}").text
    assert WORDS["explain.passes"][at] in text
    for rule in ("F-01", "T-05", "V-01", "Q-10"):
        assert rule in text
    assert WORDS["approval.listing.vetted"][at] in text  # the evidence behind V-01


@pytest.mark.parametrize("page", ["explain", "quality"])
def test_who_reads_chinese_is_told_nothing_in_english(market: Town, page: str) -> None:
    text = _read(market, f"/products/{market.product}/{page}?lang=zh").text
    assert not ENGLISH.findall(text)
    assert ENGLISH.findall(_read(market, f"/products/{market.product}/{page}?lang=en").text)


@pytest.mark.parametrize(("lang", "at"), [("zh", 1), ("en", 0)])
def test_what_anothers_pack_says_is_read_in_its_chinese(market: Town, lang: str, at: int) -> None:
    pack = plugged()
    market.venue.__dict__["pack"] = pack
    text = _read(market, f"/products/{market.product}/explain?lang={lang}").text
    for said in pack.chinese.items():
        if said[0] in {pack.rules[0].statement, *pack.rules[0].basis.values()}:
            assert said[at] in text
            assert said[1 - at] not in text


def test_what_stands_in_the_way_is_told_in_chinese(market: Town) -> None:
    market.desk("tide-data").delist(market.product, "no longer sold")
    text = _read(market, f"/products/{market.product}/explain?lang=zh").text
    assert "已摘牌，不可恢复：no longer sold" in text  # the reason is the supplier's own


@pytest.mark.parametrize("page", ["explain", "quality"])
def test_a_page_in_english_calls_a_listed_product_by_its_english_name(
    market: Town, page: str
) -> None:
    assert "Tidal currents" in _read(market, f"/products/{market.product}/{page}?lang=en").text
    chinese = _read(market, f"/products/{market.product}/{page}?lang=zh").text
    assert "潮流观测" in chinese
    assert "Tidal currents" not in chinese


def test_the_chain_of_a_product_is_told_in_chinese(market: Town) -> None:
    text = _read(market, f"/products/{market.product}?lang=zh").text
    for kind in ("产品登记", "检验记录", "交易所审核", "挂牌"):
        assert kind in text
    assert "inspection.recorded" not in text
    assert "inspection.recorded" in _read(market, f"/products/{market.product}?lang=en").text


def test_a_product_page_shows_what_the_sheet_declares_beside_what_was_measured(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    period = Period("2026-11-20", "2026-11-22")
    physical = replace(sheet().physical, bytes=len(csv()), period=period)
    monkeypatch.setattr(
        "tests.exchange.web.town.sheet", lambda supplier: sheet(supplier, physical=physical)
    )
    town.listed(tmp_path)
    text = re.sub(r"\s+", " ", _read(town, f"/products/{town.product}?lang=en").text)
    assert text.count(f"{len(csv()):,}") == 2
    assert "2026-11-20 … 2026-11-22" in text
    assert WORDS["differs"][1] not in text


def test_before_a_verdict_on_the_present_sheet_nobody_is_told_what_rules_find(
    market: Town,
) -> None:
    changed = sheet(market.people["tide-data"].id, contact="another@tide.example")
    market.desk("tide-data").submit_sheet(market.product, changed)
    text = _read(market, f"/products/{market.product}/explain?lang=en").text
    assert WORDS["explain.closed"][1] in text
    assert "F-01" not in text
    page = f"/products/{market.product}?lang=en"
    assert WORDS["grading.estimate"][1] not in _read(market, page).text


def test_once_a_verdict_stands_the_estimated_grade_is_shown(market: Town) -> None:
    text = _read(market, f"/products/{market.product}?lang=en").text
    assert WORDS["grading.estimate"][1] in text


def test_what_was_delisted_is_explained_as_standing_in_the_way(market: Town) -> None:
    words = "it was delisted, which is for good: no longer sold"
    path = f"/products/{market.product}/explain?lang=en"
    assert words not in _read(market, path).text
    market.desk("tide-data").delist(market.product, "no longer sold")
    text = _read(market, path).text
    assert words in text
    unlock = (
        "the cancellation of its registration, by its supplier once it owes no delivery, and the"
        " data registered anew"
    )
    assert f"{WORDS['unlock'][1]}: {unlock}" in text
    found = market.client("tide-data").get(f"/products/{market.product}/findings").json
    assert (found["obstacles"], found["unlocked_by"]) == ([words], [unlock])
    assert WORDS["explain.stops"][1] in text
    assert WORDS["explain.passes"][1] not in text


def test_a_product_whose_registration_was_changed_is_explained_without_its_sheet(
    market: Town,
) -> None:
    market.desk("tide-data").change(
        market.product,
        None,
        "another source",
        [b"a log"],
        sources=("produced", "public-collection"),
    )
    text = _read(market, f"/products/{market.product}/explain?lang=en").text
    assert "is to be signed anew after the change of its registration" in text
