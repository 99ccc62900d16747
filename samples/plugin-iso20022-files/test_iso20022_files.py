import datetime as dt
import shutil
from pathlib import Path

import pytest
from iso20022_files import Iso20022Files

from exchange.errors import BadField, ProviderFailed
from exchange.payments import Notice, Payee, PaymentProvider, PayOut, PayOutState
from exchange.payments.conformance import PaymentProviderContract
from pricing.money import Currency, Money

HERE = Path(__file__).parent
ACCOUNT = "1100100000000000001"
NOW = dt.datetime(2026, 1, 5, 9, tzinfo=dt.UTC)
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.054.001.08"><BkToCstmrDbtCdtNtfctn>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-01-05T09:00:00+08:00</CreDtTm></GrpHdr>
<Ntfctn><Id>N1</Id><Acct><Id><Othr><Id>{account}</Id></Othr></Id></Acct>{entries}</Ntfctn>
</BkToCstmrDbtCdtNtfctn></Document>"""
ENTRY = """<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>{way}</CdtDbtInd>
<Sts><Cd>{status}</Cd></Sts><BookgDt><Dt>2026-01-05</Dt></BookgDt>
<ValDt><DtTm>{value}</DtTm></ValDt><AcctSvcrRef>{reference}</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>{end_to_end}</EndToEndId></Refs>
<RmtInf><Ustrd>{remittance}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"""
PAIN_002 = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>S1</MsgId><CreDtTm>2026-01-05T09:00:00</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{reference}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>
</OrgnlGrpInfAndSts><OrgnlPmtInfAndSts><OrgnlPmtInfId>{reference}</OrgnlPmtInfId><TxInfAndSts>
<OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{code}</Cd></Rsn>
<AddtlInf>ClosedAccountNumber</AddtlInf></StsRsnInf></TxInfAndSts></OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>"""


def entry(**said: str) -> str:
    plain = {
        "amount": "7.00",
        "currency": "CNY",
        "way": "CRDT",
        "status": "BOOK",
        "value": "2026-01-05T08:00:00+08:00",
        "reference": "IN0",
        "end_to_end": "NOTPROVIDED",
        "remittance": "PT-0001",
    }
    return ENTRY.format(**plain | said)


def tell(folder: Path, name: str, *entries: str, account: str = ACCOUNT) -> None:
    data = CAMT.format(account=account, entries="".join(entries))
    (folder / "incoming" / name).write_text(data, encoding="utf-8")


def written(amount: Money) -> str:
    return str(amount).split()[0].replace(",", "")


class TestIso20022Files(PaymentProviderContract):
    opens = Iso20022Files
    currencies = tuple(Currency)

    def prepare(self, folder: Path) -> None:
        shutil.copy(HERE / "bank.toml", folder)

    def order(self, folder: Path, provider: PaymentProvider, order: PayOut, *, paid: bool) -> None:
        provider.pay(order)
        (folder / "outgoing" / f"{order.reference}.xml").unlink()  # the bank has taken it
        if paid:
            booked = entry(
                way="DBIT",
                end_to_end=order.reference,
                reference=f"OUT{order.reference}",
                amount=written(order.amount),
                currency=str(order.amount.currency),
            )
            tell(folder, f"debit-{order.reference}.xml", booked)
        else:
            said = PAIN_002.format(reference=order.reference, code="AC04")
            (folder / "incoming" / "status.xml").write_text(said, encoding="utf-8")

    def come_in(
        self,
        folder: Path,
        provider: PaymentProvider,  # noqa: ARG002 - the bank writes files
        notice: Notice,
    ) -> None:
        booked = entry(
            reference=notice.reference,
            remittance=notice.account,
            amount=written(notice.amount),
            currency=str(notice.amount.currency),
            value=notice.value_time,
        )
        tell(folder, f"credit-{notice.reference}.xml", booked)


@pytest.fixture
def provider(tmp_path: Path) -> Iso20022Files:
    shutil.copy(HERE / "bank.toml", tmp_path)
    return Iso20022Files(tmp_path, lambda: NOW)


ORDER = PayOut("WD-1", Payee("青岛 <供数> & 公司", "6222020000000000001"), Money(1_230_005))


def test_an_order_is_a_credit_transfer(provider: Iso20022Files, tmp_path: Path) -> None:
    provider.pay(ORDER)
    found = (tmp_path / "outgoing" / "WD-1.xml").read_text(encoding="utf-8")
    for said in (
        'xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"',
        "<MsgId>WD-1</MsgId>",
        "<CreDtTm>2026-01-05T09:00:00+00:00</CreDtTm>",
        "<NbOfTxs>1</NbOfTxs><CtrlSum>12300.05</CtrlSum>",
        "<EndToEndId>WD-1</EndToEndId>",
        '<InstdAmt Ccy="CNY">12300.05</InstdAmt>',
        "<Nm>青岛 &lt;供数&gt; &amp; 公司</Nm>",
        "<Id>6222020000000000001</Id>",
    ):
        assert said in found


def test_a_duplicate_is_no_refusal(provider: Iso20022Files, tmp_path: Path) -> None:
    provider.pay(ORDER)
    said = PAIN_002.format(reference="WD-1", code="AM05")
    (tmp_path / "incoming" / "status.xml").write_text(said, encoding="utf-8")
    assert provider.status("WD-1").state is PayOutState.TAKEN


@pytest.mark.parametrize("name", ["orders/WD-1.handed", "outgoing/WD-1.xml"])
def test_a_kill_on_the_way_leaves_an_order_to_hand_in_again(
    provider: Iso20022Files, tmp_path: Path, name: str
) -> None:
    """The file that a kill before it would have left out is removed; the same message follows."""
    provider.pay(ORDER)
    first = (tmp_path / "outgoing" / "WD-1.xml").read_bytes()
    (tmp_path / "orders" / "WD-1.handed").unlink()
    (tmp_path / name).unlink(missing_ok=True)
    assert provider.status("WD-1").state is PayOutState.UNKNOWN
    provider.pay(ORDER)
    assert (tmp_path / "outgoing" / "WD-1.xml").read_bytes() == first


def test_what_is_not_booked_or_not_ours_is_no_notice(
    provider: Iso20022Files, tmp_path: Path
) -> None:
    undone = entry(reference="IN2").replace("</Sts>", "</Sts><RvslInd>true</RvslInd>")
    tell(tmp_path, "a.xml", entry(status="PDNG", reference="IN1"), undone)
    tell(tmp_path, "b.xml", entry(reference="IN3"), account="another")
    assert provider.notices(9) == []


def test_each_payment_of_a_batch_is_a_notice(provider: Iso20022Files, tmp_path: Path) -> None:
    batch = entry(amount="3.00").replace(
        "<NtryDtls>",
        "<NtryDtls><TxDtls><Amt Ccy='CNY'>1.00</Amt>"
        "<RmtInf><Strd><CdtrRefInf><Ref>PT-0002</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>",
    )
    batch = batch.replace("<TxDtls><Refs>", "<TxDtls><Amt Ccy='CNY'>2.00</Amt><Refs>")
    tell(tmp_path, "a.xml", batch)
    assert [(n.reference, n.account, n.amount) for n in provider.notices(9)] == [
        ("IN0/0", "PT-0002", Money(100)),
        ("IN0/1", "PT-0001", Money(200)),
    ]


BOMB = """<!DOCTYPE d [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>"""
OUTSIDE = """<!DOCTYPE d [<!ENTITY a SYSTEM "file:///etc/passwd">]>"""


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (BOMB + "<Document>&b;</Document>", "a document type is refused"),
        (OUTSIDE + "<Document>&a;</Document>", "a document type is refused"),
        ("<Document/>", "neither of camt.054 nor of pain.002"),
        (CAMT.format(account=ACCOUNT, entries=entry())[:-20], "not well formed"),
        (CAMT.format(account=ACCOUNT, entries=entry(reference="")), "no AcctSvcrRef"),
        (CAMT.format(account=ACCOUNT, entries=entry(amount="7.001")), "amount"),
        (CAMT.format(account=ACCOUNT, entries=entry(amount="-7.00")), "amount"),
        (CAMT.format(account=ACCOUNT, entries=entry(amount="1e3")), "amount"),
        (CAMT.format(account=ACCOUNT, entries=entry(currency="XYZ")), "amount"),
        (CAMT.format(account=ACCOUNT, entries=entry(value="soon")), "'soon' is no date"),
        (CAMT.format(account=ACCOUNT, entries=entry(way="BOTH")), "neither a credit nor a debit"),
        (" " * (8 << 20) + "x", "over 8388608 bytes"),
    ],
)
def test_a_file_that_nobody_understands_concludes_nothing(
    provider: Iso20022Files, tmp_path: Path, data: str, words: str
) -> None:
    tell(tmp_path, "z.xml", entry(reference="IN9"))
    (tmp_path / "incoming" / "a.xml").write_text(data, encoding="utf-8")
    with pytest.raises(ProviderFailed, match=words):
        provider.notices(9)


def test_what_it_is_told_must_be_whole(tmp_path: Path) -> None:
    with pytest.raises(ProviderFailed, match=r"bank\.toml"):
        Iso20022Files(tmp_path, lambda: NOW)
    (tmp_path / "bank.toml").write_text('name = "a"')
    with pytest.raises(BadField, match=r"bank\.toml: account"):
        Iso20022Files(tmp_path, lambda: NOW)


def test_a_reference_that_is_no_file_name_is_refused(provider: Iso20022Files) -> None:
    with pytest.raises(BadField, match="it names a file"):
        provider.pay(PayOut("../x", ORDER.payee, ORDER.amount))
    assert provider.status("../x").state is PayOutState.UNKNOWN
