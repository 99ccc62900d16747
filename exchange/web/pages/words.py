"""What the pages say, in both languages."""

# long because: it is one table of words, and a table is read whole

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from exchange.formats.chinese import JUDGED, ROLES
from exchange.web.pages import money_words, netting_words
from exchange.web.pages.policy_words import POLICY
from exchange.web.pages.simulation_words import SIMULATION
from exchange.web.pages.use_words import USES

LANGUAGES: Final = ("zh", "en")

# key: (Chinese, English); a test finds keys that a template lacks and keys that none uses.
WORDS: Final[Mapping[str, tuple[str, str]]] = {
    **money_words.WORDS,
    **netting_words.WORDS,
    **POLICY,
    **SIMULATION,
    "activities": ("生命周期活动", "Life-cycle activities"),
    "activities.note": (
        (
            "采集、标注、清洗、分析、存储、传输；成本与说明只向记录者与供方出示"
            "（命令 guapai activity list 或接口）。"
        ),
        (
            "Collecting, labelling, cleaning, analysing, storing, transmitting; costs and "
            "descriptions are shown to who recorded them and to the supplier alone (by "
            "guapai activity list, or the API)."
        ),
    ),
    "activities.inputs": ("投入的产品", "Products that went in"),
    "activities.made": ("产出的文件", "Files that came out"),
    "activities.used": ("投入的文件", "Files that went in"),
    "auctions": ("竞价", "Auctions"),
    "auctions.bids": ("出价数", "Bids"),
    "auctions.bids_until": ("密封出价截止", "Sealed bids until"),
    "auctions.deposit": ("保证金", "Deposit"),
    "auctions.empty": (
        "还没有竞价。供方可将挂牌产品付诸竞价：guapai auction open。",
        "There are no auctions yet. A supplier puts a listed product up: guapai auction open.",
    ),
    "auctions.exclusive": ("独占", "exclusive"),
    "auctions.licences": ("许可数", "Licences"),
    "auctions.mechanism": ("机制", "Mechanism"),
    "auctions.no_price": ("无", "none"),
    "auctions.note": (
        "出价在截止前是密封的承诺，交易所也看不到；开标后任何人可凭记录重算结果。",
        (
            "A bid is a sealed commitment until bidding closes, which the exchange cannot see "
            "either; afterwards anyone computes the outcome again from the records."
        ),
    ),
    "auctions.open": ("进行中", "Under way"),
    "auctions.open_until": ("开标截止", "Opened until"),
    "auctions.over": ("已结束", "Over"),
    "auctions.over.note": (
        "只公布成交价；出价人与落选出价不公开，同场出价人可查。",
        (
            "Prices alone are public; who bid and what lost is shown to those who bid in the same "
            "auction."
        ),
    ),
    "auctions.phase": ("阶段", "Phase"),
    "auctions.prices": ("成交价", "Prices"),
    "auctions.result": ("结果", "Result"),
    "register": ("登记类型", "The register"),
    "register.note": (
        "首次、变更、转移、许可、续展、注销、异议与争议，每一项都在链上。",
        (
            "First, change, transfer, licence, renewal, cancellation, objection and dispute: each "
            "stands on the chain."
        ),
    ),
    "register.no_fill": (
        "供方声明以下字段中没有表示缺测的值：",
        "By the supplier's word no value stands for a missing one in",
    ),
    "register.type": ("登记类型", "Type of registration"),
    "fees": ("收费公示", "Fees"),
    "fees.note": (
        "平台服务费从成交价中扣取；费率在报价时冻结进条款，之后的调整不影响已报价的交易。新费率至少提前七日公示。",
        (
            "The exchange's fee comes out of the price. It is frozen into the terms at the "
            "quote: a later schedule changes nothing of what was quoted. Schedules are published "
            "seven days ahead at least."
        ),
    ),
    "fees.house": (
        "尚无生效的收费表，按交易所设定费率：",
        "No schedule is in force; the fee of the house is",
    ),
    "fees.schedule": ("收费表", "Schedule"),
    "fees.in_force": ("现行", "in force"),
    "fees.to_come": ("待生效", "to come"),
    "fees.since": ("适用于此时起的报价：", "For prices quoted from"),
    "fees.tax": ("（按服务费计）", " of the fee"),
    "fees.most": ("任何服务费不超过成交价的", "the most of a price that a fee may come to:"),
    "fees.mode": ("交易方式", "Way of trading"),
    "fees.fee": ("服务费", "Fee"),
    "fees.minimum": ("最低", "At least"),
    "fees.maximum": ("最高", "At most"),
    "fees.service": ("其他服务", "Other services"),
    "fees.services": (
        "使用服务时从账户扣取；按签署时生效的价格，每次使用只收一次。未通过审核的挂牌申请不收费，停牌后恢复挂牌也不收费。",
        (
            "Paid out of the account by the act that uses the service, once, at the price in "
            "force when the act is signed. A request for a listing that is refused costs nothing, "
            "and nor does the return of a listing that was suspended."
        ),
    ),
    "fees.what": ("服务", "Service"),
    "fees.price": ("价格", "Price"),
    "fees.with_tax": ("含税", "With tax"),
    "fees.free": ("免费", "free"),
    "fees.digest": ("收费表摘要", "Digest of the schedule"),
    "fees.entry": ("存证", "Entry"),
    "fees.mode.posted": ("挂牌定价", "Posted price"),
    "fees.mode.negotiated": ("协商定价", "Negotiated"),
    "fees.mode.auction": ("竞价", "Auction"),
    "fees.mode.subscription": ("订阅", "Subscription"),
    "fees.mode.usage": ("按量计费", "By usage"),
    "fees.mode.trial": ("试用", "Trial"),
    "fees.service.registration": ("登记", "Registration"),
    "fees.service.listing": ("挂牌", "Listing"),
    "fees.service.auction": ("组织竞价", "Holding an auction"),
    "fees.service.certificate": ("出证", "Certificate"),
    "fees.service.arbitration": ("仲裁", "Arbitration"),
    "registered_until": ("登记有效期至", "Registered until"),
    "similar": ("登记时发现的相似数据", "Found to be like, when it was registered"),
    "similar.note": (
        "按行的比例由样本估计；样本属保密，不公开。",
        "Shares of rows are estimated from samples, which stay confidential.",
    ),
    "similar.other": ("已登记产品", "Registered product"),
    "similar.of_this": ("本数据中的比例", "Of this data"),
    "similar.of_other": ("对方数据中的比例", "Of the other"),
    "similar.columns": ("对应字段数", "Columns that correspond"),
    "similar.how": ("依据", "How"),
    "similar.declared": ("已申报为来源", "declared as a parent"),
    "credit_code": ("统一社会信用代码或 LEI", "Credit code or LEI"),
    "engaged": ("委托", "Engagements"),
    "engaged.by": ("委托方（付费）", "Engaged and paid by"),
    "engaged.fee": ("费用", "Fee"),
    "engaged.note": (
        "费用事先约定并由交易所托管；评估机构的费用与结论无关。",
        (
            "Fees are fixed beforehand and held in escrow; that of an assessor is "
            "owed whatever it finds."
        ),
    ),
    "engaged.steps": ("经过", "What was done, when"),
    "engaged.to": ("受托方", "Engaged"),
    "engaged.work": ("工作", "Work"),
    "grading": ("分类分级", "Grading"),
    "grading.declared": ("供方申报", "Declared by the supplier"),
    "grading.degree": ("影响程度", "Degree"),
    "grading.estimate": ("系统估计", "Estimated by the system"),
    "grading.harmed": ("影响对象", "Harmed"),
    "grading.line": ("继承自（就高从严）：", "Inherited from, the strictest wins:"),
    "grading.note": (
        "按影响对象与影响程度定级；估计值仅供参考，门槛为本项目建议。",
        (
            "Graded by whom harm to the data harms and how much; the estimate is "
            "advice, its thresholds are proposals."
        ),
    ),
    "grading.set": ("交易所定级", "Set by the exchange"),
    "licences": ("资质证照", "Licences"),
    "negative": ("负面清单", "Negative list"),
    "negative.none": ("目前没有在列的组织。", "No organisation is listed."),
    "negative.note": (
        "在列组织不得入场，也不得与之交易。",
        ("Organisations on it are not admitted and not traded with."),
    ),
    "negative.source": ("来源", "Source"),
    "reason": ("事由", "Reason"),
    "verified_until": ("身份核验有效期", "Identity verified until"),
    "absent": ("无", "absent"),
    "actor": ("行为人", "Actor"),
    "approvals": ("谁批准了什么", "Approved by whom"),
    "approvals.note": (
        "每项批准由具名参与者以自己的密钥签署，并绑定说明书、数据与规则包。",
        (
            "Every approval is signed by a named participant with its own key, and is bound to the "
            "sheet, the data and the rule pack."
        ),
    ),
    "audit": ("审计", "Audit"),
    "audit.none": ("尚未签署检查点。", "No checkpoint has been signed yet."),
    "audit.newer": ("检查点之后的条目", "Entries since the checkpoint"),
    "audit.offline": ("离线核验", "Verify offline"),
    "audit.offline.note": (
        "请从另一个可信来源取得日志公钥，再核对导出的存证包；不需要联网，也不必信任本所。",
        (
            "Get the log's key from a source you trust, then check an exported bundle; neither the "
            "network nor this exchange is needed."
        ),
    ),
    "basis": ("依据", "Basis"),
    "board": ("挂牌大厅", "Board"),
    "board.any": ("不限", "any"),
    "board.asked": ("已选条件", "What was asked for"),
    "board.box": ("数据区域", "Area of the data"),
    "board.box.note": ("西,南,东,北（十进制度）", "west,south,east,north in degrees"),
    "board.clear": ("清除全部条件", "Clear all conditions"),
    "board.count": ("已挂牌产品", "Products on the board"),
    "board.covers_from": ("数据时段自", "Data from"),
    "board.covers_to": ("数据时段至", "Data until"),
    "board.drop": ("去掉", "Without"),
    "board.empty": ("目前没有挂牌产品。", "Nothing is listed yet."),
    "board.empty.note": (
        "产品须经登记公示、独立合规评估与质量评审后方可挂牌。",
        (
            "A product comes here after its public notice, an independent compliance "
            "assessment and a quality review."
        ),
    ),
    "board.filters": ("筛选与排序", "Filter and sort"),
    "board.find": ("搜索", "Search"),
    "board.format": ("文件格式", "Format"),
    "board.found": ("符合条件的产品", "Products found:"),
    "board.frequency": ("更新频率", "Updated"),
    "board.grade": ("数据分级", "Grade"),
    "board.narrow": ("应用", "Apply"),
    "board.none": ("没有符合条件的产品。", "No product answers all of this."),
    "board.none.note": (
        "可以减少或缩短检索词、放宽筛选条件；按用途查找会说明哪些产品接近；也可以发布需求，让供方来应答。",
        (
            "Use fewer or shorter words, or drop a filter. A search by use tells which products "
            "come near; a demand, once posted, is answered by suppliers."
        ),
    ),
    "board.price": ("计价方式", "Kind of price"),
    "board.quality": ("挂牌时质量得分", "Quality when listed"),
    "board.sector": ("行业领域", "Sector"),
    "board.shown": ("本页", "Shown"),
    "board.sort": ("排序", "Sorted by"),
    "board.sort.name": ("名称（拼音）", "Chinese name"),
    "board.sort.name-en": ("英文名称", "English name"),
    "board.sort.newest": ("最新挂牌", "newest listing"),
    "board.sort.quality": ("质量得分", "quality"),
    "board.type": ("产品类型", "Type"),
    "board.word": ("检索词", "Words"),
    "board.words": ("搜索产品", "Search the board"),
    "board.words.note": (
        "名称、说明、关键词、行业、供方名称或产品编号；多个词以空格分开，每个词都要出现。",
        (
            "In name, description, keywords, sector, supplier or product number; of several words, "
            "each must be there."
        ),
    ),
    "board.wrong": ("无法按此条件查询：", "This cannot be looked for: "),
    "board.wrong.box": (
        "应为“西,南,东,北”四个十进制度数，南不大于北。",
        "It is west,south,east,north in decimal degrees, with the south below the north.",
    ),
    "board.wrong.day": (
        "应为日期，如 2026-01-31；截止日不早于起始日。",
        "It is a date such as 2026-01-31, and the last is not before the first.",
    ),
    "board.wrong.choice": ("请从所列的值中选择。", "Choose one of the values that are listed."),
    "board.wrong.quality": ("应为 0 到 1 之间的数。", "It is a number from 0 to 1."),
    "board.wrong.words": (
        "最多 100 个字符、8 个词，且均为可见字符。",
        "At most 100 characters in 8 words, all of which can be seen.",
    ),
    "bytes": ("大小（字节）", "Size in bytes"),
    "checkpoint": ("检查点", "Checkpoint"),
    "claim": ("登记", "Registration"),
    "claimed": ("经登记取得", "by its claim"),
    "column": ("字段", "Field"),
    "conditions.public_release": ("允许公开发布", "Public release"),
    "conditions.qualifications": ("用户资质", "Qualifications"),
    "conditions.regions": ("地域", "Regions"),
    "conditions.term": ("期限（天）", "Term in days"),
    "conditions.time_limit": ("时间限制", "Time limit"),
    "conditions.transfer": ("允许转让", "Onward transfer"),
    "contact": ("联系方式", "Contact"),
    "data": ("数据摘要", "Digest of the data"),
    "declared": ("申报", "Declared"),
    "deposited": ("入金合计", "Deposited"),
    "delivery.level": ("交易级别", "Trade level"),
    "delivery.level.note": (
        "S1 至 S4 为有序标签，其含义未公开。",
        "S1 to S4 are ordered labels; their meaning is not public.",
    ),
    "delivery.technical": ("技术文档", "Technical document"),
    "delivery.ways": ("交付方式", "Ways of delivery"),
    "description": ("描述", "Description"),
    "difference": ("差异", "Difference"),
    "differs": ("不一致", "differs"),
    "drafts": ("他所挂牌", "Listings of elsewhere"),
    "drafts.all": ("全部", "all"),
    "drafts.claim": ("声称或提及", "Claims"),
    "drafts.claims": ("挂牌文字声称或提及的内容", "What the listings claim or speak of"),
    "drafts.claims.note": (
        "核心、重要数据取自其分级标注；个人信息等取自文字中的用语，只作提示，不代替规则的判断。",
        (
            "Core and important come from the listing's own classification; personal data and the "
            "like from words in its text: a hint, and no rule's answer."
        ),
    ),
    "drafts.empty": (
        "尚未导入其他交易所的挂牌信息（guapai import）。",
        "No listing of another exchange has been read in (guapai import).",
    ),
    "drafts.field": ("说明书字段", "Field of the sheet"),
    "drafts.first": ("仅显示前", "Shown are the first"),
    "drafts.list": ("逐条", "One by one"),
    "drafts.listings": ("条数", "Listings"),
    "drafts.missing": (
        "说明书要求而挂牌未写的字段",
        "What a spec sheet asks for and the listings do not say",
    ),
    "drafts.note": (
        "其他交易所公开的挂牌信息，仅凭其文字逐条对照本所现行规则。未检查任何数据，也不构成登记。",
        (
            "Public listings of other exchanges, held by their words alone against the rules in "
            "force here. No data was inspected, and nothing is registered by it."
        ),
    ),
    "drafts.rules": ("逐条规则的回答", "What each rule answers"),
    "drafts.silent": ("未写字段", "Not said"),
    "drafts.silent_on": ("未写字段（中位数）", "Fields not said, median"),
    "drafts.source": ("来源", "From"),
    "drafts.standing": ("严格审核下的结论", "Before a strict gate"),
    "drafts.standing.note": (
        "未评估与触发同样不能挂牌：缺少的内容从不视为合规。",
        "Not evaluated lists no more than fired does: what is missing is never taken for kept.",
    ),
    "drafts.why": ("原因", "Why"),
    "flag.failed": ("4 失败", "4 fail"),
    "flag.missing": ("9 缺测", "9 missing"),
    "flag.not_evaluated": ("2 未评估", "2 not evaluated"),
    "flag.passed": ("1 通过", "1 pass"),
    "flag.suspect": ("3 可疑", "3 suspect"),
    "standing.never": ("永不挂牌", "never lists"),
    "standing.refused": ("拒绝", "refused"),
    "standing.silent": ("信息不足", "not enough said"),
    "entries.last": ("最新条目", "Latest entries"),
    "explain": ("为何", "Why"),
    "explain.closed": (
        "尚未作出裁定。裁定之前，规则的发现只向供方与评审方开放（接口或命令行）。",
        (
            "No verdict yet. Until there is one, what the rules find is open to the supplier and "
            "to those who judge, through the API or the command line."
        ),
    ),
    "explain.link": ("为何：逐条规则、证据与签署人", "Why: every rule, its evidence and signers"),
    "explain.note": (
        "逐条列出现行规则：回答、依据、所看的证据与签署人，以及怎样才能通过。数值只计数，从不引用。",
        (
            "Every rule in force: its answer, its basis, the evidence it looked at and who signed "
            "that, and what would turn it into a pass. Values are counted, never quoted."
        ),
    ),
    "explain.obstacles": ("规则之外的障碍", "What no rule is asked about"),
    "explain.passes": ("全部通过", "nothing stands in the way"),
    "explain.stops": ("不能挂牌", "does not list"),
    "entry": ("条目", "Entry"),
    "entry.closed": (
        "账户、场景、报价与交易的内容只向持有 read:audit 权限者公开。",
        (
            "What entries on accounts, scenarios, quotes and trades say is open to readers with "
            "the scope read:audit."
        ),
    ),
    "entry.facts": ("内容", "What it says"),
    "entry.key": ("签名密钥", "Signing key"),
    "entry.leaf": ("叶哈希", "Leaf hash"),
    "entry.prev": ("前一条目", "Previous entry"),
    "erased": ("已删除", "Erased"),
    "entry.refs": ("引用条目", "Entries it refers to"),
    "error.back": ("返回挂牌大厅", "Back to the board"),
    "evidence": ("证据", "Evidence"),
    "exclusive": ("独占", "exclusive"),
    "fields.note": ("来自说明书与实测。", "From the sheet, and from what was measured."),
    "findings": ("规则检查", "What the rules say"),
    "findings.none": ("今日适用的全部规则均已通过。", "Every rule that applies today is clear."),
    "first_collected": ("最早采集", "First collected"),
    "footer": (
        "不合规不挂牌，无场景不交易，全程可溯。",
        "No compliance, no listing. No scenario, no trade. Traceable from end to end.",
    ),
    "grade": ("数据分级", "Grade"),
    "handle": ("标识", "Handle"),
    "held": ("托管中", "Held in escrow"),
    "holder": ("持有方", "Holder"),
    "inbox": ("待办", "Waiting"),
    "inbox.due": ("应于此前完成", "Due"),
    "inbox.duty": ("待办事项", "To be done"),
    "inbox.duty.attest": ("合规评估", "assess compliance"),
    "inbox.duty.decide": ("裁定异议或争议", "decide an objection or a dispute"),
    "inbox.duty.mend": ("补正", "mend"),
    "inbox.duty.score": ("质量评审", "score the quality"),
    "inbox.duty.verify": ("核验文件", "verify documents"),
    "inbox.duty.vet": ("审核", "vet"),
    "inbox.duty.write-sheet": ("提交说明书", "write the spec sheet"),
    "inbox.empty": ("目前没有待办事项。", "Nothing waits at the gate."),
    "inbox.late": ("逾期", "late"),
    "inbox.note": (
        (
            "产品在合规关口前等待什么、轮到谁：逾期者先，其次按风险与期限。本页只取自公开的链上记录，"
            "不含检测结果与规则判断；风险取自公示的级别。"
        ),
        (
            "What products wait for before the gate, and whose turn it is: overdue first, then by "
            "risk and by deadline. All of it stands on the public chain; what inspection and rules "
            "find is not told here, and risk is that of the registered grade."
        ),
    ),
    "inbox.risk": ("风险", "Risk"),
    "inbox.risk.high": ("高", "high"),
    "inbox.risk.low": ("低", "low"),
    "inbox.risk.medium": ("中", "medium"),
    "inbox.shown": ("显示", "Shown"),
    "inbox.since": ("自", "Since"),
    "inbox.whose": ("轮到", "Whose turn"),
    "industry": ("行业", "Industry"),
    "journals": ("记账笔数", "Journals"),
    "key": ("日志公钥", "Key of the log"),
    "keywords": ("关键词", "Keywords"),
    "kind": ("类型", "Kind"),
    "licence": ("许可", "Licence"),
    "lineage": ("权利与谱系", "Rights and lineage"),
    "lineage.from": ("衍生自", "Derived from"),
    "lineage.note": (
        "由登记、授权与撤销的条目推算；三项权利互不包含。",
        "What follows from the entries: claims, grants, revocations. No right implies another.",
    ),
    "lineage.to": ("由此衍生", "Derived from it"),
    "lineage.cancelled": (
        "登记已注销，无人再持有其权利。",
        "Its registration was cancelled: nobody holds a right in it any longer.",
    ),
    "lineage.rejected": (
        "登记申请已被驳回，无人持有其权利。",
        "Its claim was rejected: nobody holds a right in it.",
    ),
    "lineage.unclaimed": (
        "登记确认之前，无人持有其权利。",
        "Nobody holds a right in it until its registration is confirmed.",
    ),
    "listed_at": ("挂牌时间", "Listed at"),
    "main": ("正文", "Skip to content"),
    "meaning": ("含义", "Meaning"),
    "measured": ("实测", "Measured"),
    "missing": ("缺失", "Missing"),
    "money": ("资金核对", "Money"),
    "money.note": (
        "由分录重新计算，只显示合计。",
        "Computed again from the postings; only totals are shown.",
    ),
    "name": ("名称", "Name"),
    "no": ("否", "no"),
    "none": ("未申报", "not declared"),
    "not_measured": ("不可测", "not measurable"),
    "not_listed": (
        "该产品不在挂牌中，说明书不予签发；登记信息与存证记录如下。",
        (
            "This product is not on the board, and no spec sheet is issued. Its registration "
            "and its history follow."
        ),
    ),
    "off_board": ("停牌或摘牌原因", "Why it left the board"),
    "notice_until": ("公示截止", "Notice until"),
    "operator": ("运营机构", "Operator"),
    "origin": ("日志名称", "Origin"),
    "outcome": ("结论", "Outcome"),
    "pack": ("规则包", "Rule pack"),
    "page.earlier": ("上一页", "Previous page"),
    "page.later": ("下一页", "Next page"),
    "page.steps": ("分页", "Pages"),
    "participants": ("数商名录", "Participants"),
    "participants.note": ("仅列公开信息。", "Public facts alone."),
    "path": ("价格走势：从估价到市场", "The price, from its appraisal to the market"),
    "path.ask": ("建议报价", "Ask"),
    "path.basis": ("方法", "Method"),
    "path.figure": (
        "价格走势图：每笔成交价与成交后的指导区间",
        "Chart of the price: what each trade paid, and the band of guidance after it",
    ),
    "path.floor": ("建议底价", "Floor"),
    "path.guidance": ("指导价（区间）", "Guidance (band)"),
    "path.link": ("价格走势与每一步的依据", "How the price moved, and what proves each step"),
    "path.none": (
        "尚无成交推动估价：需有成本估价，且有一笔付费交易完成结算。",
        "No trade has moved an estimate yet: it takes an appraisal, and a paid trade settled.",
    ),
    "path.note": (
        "先估价，后以成交定价：每笔结算的交易按贝叶斯公式更新估计。谁买的不公开。",
        (
            "First an appraisal, then the trades: each one that is settled moves the estimate by "
            "Bayes' rule. Who bought is not told."
        ),
    ),
    "path.opening": ("最初估价（单份许可）", "Appraised for one licence, before any trade"),
    "path.paid": ("成交价", "Paid"),
    "path.record": ("定价记录", "Pricing record"),
    "path.replay": ("逐位重算：", "To compute it again, bit for bit:"),
    "popularity.executed": ("已完成交易", "Trades executed"),
    "popularity.open": ("进行中的交易", "Trades open"),
    "price": ("价格", "Price"),
    "price.mode": ("计价方式", "Mode"),
    "price.negotiated": ("面议", "negotiated"),
    "price.free": ("免费", "free"),
    "prohibited": ("禁止用途", "Prohibited"),
    "provenance": ("存证时间线", "Provenance"),
    "provenance.note": (
        "每一条都是日志中的一个条目，叶哈希可据检查点离线核验。",
        (
            "Every line is an entry of the log; its leaf hash can be checked offline against a "
            "checkpoint."
        ),
    ),
    "purposes": ("用途", "Purposes"),
    "quality": ("质量得分", "Quality score"),
    "quality.all": ("全部计数与历次交付", "Every count, and every delivery"),
    "quality.apart": ("分歧超限", "too far apart"),
    "quality.at_least": ("承诺不低于", "At least"),
    "quality.broken": ("未达承诺", "not kept"),
    "quality.counted": ("计数", "What was counted"),
    "quality.deliveries": ("历次交付与漂移", "Deliveries and drift"),
    "quality.deliveries.note": (
        (
            "逐次比较：字段、缺失率、行数、重复行、数值范围、步长与断档、取值个数，以及按较早一次的十个区间计算的群体稳定性指数"
            "（高于 0.1 提示，高于 0.25 警报）。"
        ),
        (
            "Each delivery beside the one before: columns, missing share, rows, repeated rows, "
            "range, step and gaps in time, different texts, and the population stability index "
            "over the ten bins of the older one (above "
            "0.1 a notice, above 0.25 an alarm)."
        ),
    ),
    "quality.dimension": ("维度", "Dimension"),
    "quality.drift": ("漂移", "Drift"),
    "quality.expert": ("专家", "Expert"),
    "quality.flags": ("海洋质控标志（QARTOD）", "Flags of the ocean tests (QARTOD)"),
    "quality.inspected": ("检测时间", "Inspected"),
    "quality.note": (
        "每一项都是两个计数之比，任何人都可以重新计数。最弱的一项代表其维度。",
        (
            "Everything is a ratio of two counts that anyone can take again. The weakest speaks "
            "for its dimension."
        ),
    ),
    "quality.of_expert": ("专家评分", "Expert's score"),
    "quality.of_system": ("系统评分", "System's score"),
    "quality.opinions": ("系统与专家", "System and experts"),
    "quality.opinions.note": (
        "二者并列，不取平均；专家在评分之前看不到系统的数字。",
        (
            "They stand side by side and are not averaged; an expert scores before it sees the "
            "figures of the system."
        ),
    ),
    "quality.ratio": ("比值", "Ratio"),
    "quality.test": ("检验", "Test"),
    "quality.sheets": ("历版说明书的得分", "Scores of the sheets"),
    "quality.sheets.note": (
        "每次挂牌时说明书所载的得分，取自裁定所依据的存档案卷；末列为今日按同一说明书与数据重新测得。",
        (
            "The scores that each sheet was listed with, from the case on record that its verdict "
            "rests on; the last is measured of the same sheet and data today."
        ),
    ),
    "quality.today": ("今日测得", "Measured today"),
    "quality.unlisted": ("未挂牌", "not listed"),
    "quality.whole": ("总体", "the whole"),
    "quality.accessibility": ("可访问性", "Accessibility"),
    "quality.accuracy": ("准确性", "Accuracy"),
    "quality.completeness": ("完整性", "Completeness"),
    "quality.consistency": ("一致性", "Consistency"),
    "quality.normativity": ("规范性", "Normativity"),
    "quality.timeliness": ("时效性", "Timeliness"),
    "quality.unmeasured": (
        "数据与说明书均无可计之项，不计入总分",
        "neither data nor sheet have anything to count for it; it weighs nothing in the whole",
    ),
    "registered_at": ("登记时间", "Registered at"),
    "rests_on": ("依据条目", "Entries"),
    "right": ("权利类别", "Right"),
    "rights": ("权利", "Rights"),
    "roles": ("角色", "Roles"),
    "root": ("根哈希", "Root"),
    "rows": ("行数", "Rows"),
    "rule": ("规则", "Rule"),
    "rules": ("所涉规则", "Rules"),
    "score": ("评分", "Score"),
    "section.1": ("一、基本信息", "1. Basic"),
    "section.2": ("二、物理信息", "2. Physical"),
    "section.3": ("三、内容说明", "3. Content"),
    "section.4": ("四、使用条件", "4. Conditions of use"),
    "section.5": ("五、使用案例", "5. Use cases"),
    "section.6": ("六、使用说明", "6. Delivery"),
    "section.7": ("七、来源描述", "7. Source"),
    "section.8": ("八、资质信息", "8. Qualification"),
    "section.9": ("九、产品热度", "9. Popularity"),
    "section.10": ("十、产品价格", "10. Price"),
    "sector": ("应用板块", "Sector"),
    "severity": ("级别", "Severity"),
    "sheet": ("说明书", "Spec sheet"),
    "sheet.changes": ("两版差异", "What changed, version"),
    "sheet.completeness": ("必填项完整度", "Mandatory fields filled"),
    "sheet.field": ("项目", "Field"),
    "sheet.layout": ("版式参照上海数据交易所说明书", "laid out as the Shanghai sheet"),
    "sheet.open": ("查看说明书", "Read the sheet"),
    "sheet.standing": ("填报状况", "Standing"),
    "sheet.standing.filled": ("已填", "filled"),
    "sheet.standing.missing": ("缺", "missing"),
    "sheet.standing.not-applicable": ("不适用", "does not apply"),
    "sheet.unchanged": ("两版内容相同。", "Both versions say the same."),
    "sheet.version": ("版本", "Version"),
    "sheet.versions": ("各版本", "Versions"),
    "sheet.wanted": ("要求", "Wanted"),
    "sheet.wanted.conditional": ("条件必填", "conditional"),
    "sheet.wanted.mandatory": ("必填", "mandatory"),
    "sheet.wanted.optional": ("可选", "optional"),
    "sheet.wanting": ("说明书尚未签发，缺：", "The sheet is not issued, for want of:"),
    "wanting.asset-valuation": ("资产评估", "asset valuation"),
    "wanting.compliance-assessment": ("合规评估", "compliance assessment"),
    "wanting.legal-undertaking": ("法律承诺书", "legal undertaking"),
    "wanting.listing": ("挂牌", "the listing"),
    "wanting.quality-certificate": ("质量评估证书", "quality certificate"),
    "site": ("全站导航", "All pages"),
    "site.market": ("市场", "Market"),
    "site.more": ("更多", "More"),
    "site.proof": ("核验", "Proof"),
    "site.public": ("公示", "Public registers"),
    "size": ("条目数", "Size"),
    "source.code": ("来源类型", "Kind of source"),
    "standing": ("状态", "Standing"),
    "statement": ("说明", "Statement"),
    "subject": ("主题", "Subject"),
    "supplier": ("供方", "Supplier"),
    "terms": ("条件", "Terms"),
    "time": ("时间", "Time"),
    "time.coverage": ("时间范围", "Time covered"),
    "space.coverage": ("空间范围", "Area covered"),
    "transferable": ("可再授权", "transferable"),
    "type": ("产品类型", "Type"),
    "unit": ("单位", "Unit"),
    "unlock": ("如何解除", "What unlocks it"),
    "until": ("至", "Until"),
    "update_frequency": ("更新频率", "Update frequency"),
    "use_cases.none": ("供方未申报使用案例。", "The supplier declares none."),
    "valid_until": ("评估有效期至", "Assessment valid until"),
    "version": ("版本", "Version"),
    "yes": ("是", "yes"),
    "approval.listing.vetted": ("交易所审核", "Vetting by the exchange"),
    "approval.compliance.attested": ("合规评估", "Compliance assessment"),
    "approval.quality.reviewed": ("质量评审", "Quality review"),
    "approval.compliance.verdict": ("交易所裁定", "Verdict of the exchange"),
    "approval.registration.confirmed": ("登记确认", "Registration confirmed"),
    "approval.listing.published": ("挂牌", "Listing"),
    "approval.sheet.submitted": ("供方承诺", "Supplier's undertaking"),
    "audit.files": ("公开文件", "Published files"),
    "audit.files.note": (
        "公开文件遵循 C2SP tlog-tiles，任何通用验证器都能读取；前缀为 /log/。",
        "The files follow C2SP tlog-tiles, and verifiers that others wrote read them below /log/.",
    ),
    "audit.unreadable": ("无法读取", "cannot be read"),
    "entry.bytes": ("下载条目原文", "Download the entry's bytes"),
    "proof": ("包含证明", "Inclusion proof"),
    "proof.leads": ("已核验：通向根", "verified: leads to root"),
    "proof.none": (
        "该条目尚未被已公布的检查点覆盖，或证明无法生成。",
        "No published checkpoint covers this entry yet, or its proof cannot be made.",
    ),
    "proof.note": (
        "从叶哈希开始，依次与下列兄弟哈希合并；本服务器已重新计算。",
        "The leaf hash joined with each sibling in turn, computed again by this server.",
    ),
    "proof.of": ("条目数", "of size"),
    "verify": ("核验证明", "Verify a proof"),
    "verify.by": ("所用公钥", "Verified with the key"),
    "verify.entry": ("或粘贴条目原文", "Or paste the entry's bytes"),
    "verify.entry_file": (
        "条目文件（证书已含条目，无需提供）",
        "The entry's file (a certificate has it inside)",
    ),
    "verify.holds": ("证明成立", "The proof holds"),
    "verify.holds.note": (
        "该条目确在日志中的这一位置，自检查点签署以来未被改动。",
        "The entry stands in the log at this place, unchanged since the checkpoint was signed.",
    ),
    "verify.key": (
        "日志公钥；留空则使用本所公钥",
        "The log's verifier key; left empty, that of this exchange",
    ),
    "verify.note": (
        "上传或粘贴 .tlog-proof 文件与条目原文，或粘贴证书（JSON）；不保存，总计至多 64 KiB。",
        "A .tlog-proof file and the entry's bytes, or a certificate; 64 KiB at most.",
    ),
    "verify.offline": (
        "不信任本所时，请离线核验：",
        "Who does not trust this exchange verifies offline:",
    ),
    "verify.own": (
        "所用公钥来自本站。请从其他可信来源取得公钥后再核对一次。",
        "The key came from this very site. Get it from a source that you trust, and compare.",
    ),
    "verify.proof": ("或粘贴证明、证书", "Or paste the proof, or a certificate"),
    "verify.proof_file": (
        "证明文件（.tlog-proof）或证书",
        "Proof file (.tlog-proof) or certificate",
    ),
    "verify.send": ("核验", "Verify"),
    "verify.wrong": ("证明不成立", "The proof does not hold"),
    "witness": ("见证方", "Witness"),
    "witness.at": ("联署时间", "Cosigned at"),
    "witness.behind": ("落后", "behind"),
    "witness.cosigned": ("已联署", "cosigned"),
    "witness.refused": ("拒绝联署", "refused"),
    "witness.rolled-back": ("日志被回滚", "log rolled back"),
    "witness.since": ("始于", "since"),
    "witness.size": ("已联署条目数", "Cosigned size"),
    "witness.split-view": ("分叉视图", "split view"),
    "witness.time": ("最近联署时间", "Last cosigned at"),
    "witness.unreachable": ("无法连接", "unreachable"),
    "witness.waiting": ("尚未询问", "not asked yet"),
    "witness.words": ("说明", "In words"),
    "witnesses": ("见证", "Witnesses"),
    "witnesses.late": (
        "尚未达到法定见证数；已见证至条目数",
        "The quorum has not cosigned this yet; it has cosigned up to size",
    ),
    "witnesses.met": ("已达到法定见证数", "cosigned by the quorum"),
    "witnesses.none": (
        "未设置见证方：只有本所自己的签名，无法排除分叉视图。",
        "No witness is set: the exchange's own signature alone cannot rule out a split view.",
    ),
    "witnesses.note": (
        "见证方只联署延续其先前所见的检查点；由此可发现分叉与回滚。",
        "A witness cosigns only what continues what it has seen: forks and rollbacks show.",
    ),
    **USES,
}

# Stored values, as people read them; English shows the value itself.
VALUES: Final[Mapping[str, str]] = {
    **JUDGED,
    **ROLES,
    "proprietary": "专有",
    "bidding": "密封出价",
    "opening": "开标",
    "clearing": "待清算",
    "cleared": "已成交清算",
    "first-price": "第一价格密封",
    "second-price": "第二价格密封",
    "vcg": "VCG 机制",
    "myerson": "迈尔森最优拍卖",
    "posted-price": "公开定价",
    "rsop": "随机抽样定价",
    "first": "首次登记",
    "confirmation": "登记确认",
    "change": "变更登记",
    "transfer": "转移登记",
    "licence": "许可登记",
    "renewal": "续展登记",
    "cancellation": "注销登记",
    "withdrawn": "已撤回",
    "objection": "异议",
    "dispute": "争议",
    "disputed": "争议中",
    "same-rows": "行集相同",
    "rows": "整行相同",
    "columns": "对应字段相符",
    "converted": "换算单位、加减常数或取整后字段相符",
    "collect": "采集",
    "label": "标注",
    "clean": "清洗",
    "analyse": "分析",
    "store": "存储",
    "transmit": "传输",
    "legal-practice": "律师执业",
    "data-assessment": "数据评估",
    "inspection-and-testing": "检验检测",
    "expert-appointment": "专家聘任",
    "asset-valuation": "资产评估",
    "credit-reporting": "征信",
    "surveying": "测绘",
    "national-security": "国家安全",
    "economic-operation": "经济运行",
    "social-order": "社会秩序",
    "public-interest": "公共利益",
    "organisation-rights": "组织权益",
    "personal-rights": "个人权益",
    "minor": "一般危害",
    "serious": "严重危害",
    "especially-serious": "特别严重危害",
    "proposed": "已提出",
    "accepted": "已接受",
    "delivered": "已交付",
    "paid": "已付款",
    "declined": "已谢绝",
    "cancelled": "已取消（注销）",
    "admitted": "已入场",
    "any": "不限",
    "api": "接口",
    "applied": "已申请",
    "approved": "批准",
    "authorised-operation": "授权运营",
    "billed-on-result": "查得计费",
    "bought-on-exchange": "场内购买",
    "confirmed": "已确认",
    "consent-required": "以授权为前提",
    "core": "核心数据",
    "daily": "每日",
    "dataset": "数据集",
    "delisted": "已摘牌",
    "derived": "衍生",
    "draft": "草稿",
    "forecast": "预报",
    "free": "免费",
    "general-1": "一般 1 级",
    "general-2": "一般 2 级",
    "general-3": "一般 3 级",
    "general-4": "一般 4 级",
    "holding": "数据资源持有权",
    "hourly": "每小时",
    "important": "重要数据",
    "irregular": "不定期",
    "issued": "已签发",
    "listed": "已挂牌",
    "model": "模型",
    "monthly": "每月",
    "negotiated": "面议",
    "none": "不限",
    "objected": "有异议",
    "on-notice": "公示中",
    "one-off": "一口价",
    "plan": "资费方案",
    "operating": "数据产品经营权",
    "passed": "通过",
    "per-call": "按次计价",
    "pending": "待审",
    "personal-data": "个人信息",
    "privacy-computation": "隐私计算（可用不可见）",
    "processing": "数据加工使用权",
    "produced": "自行生产",
    "public-collection": "公开收集",
    "public-data": "公共数据",
    "stable": "稳定",
    "notice": "提示",
    "alarm": "警报",
    "refused": "拒绝",
    "registered": "已登记",
    "rejected": "已驳回",
    "report": "报告",
    "returned": "退回",
    "sandbox": "沙箱",
    "integer": "整数",
    "decimal": "小数",
    "text": "文本",
    "timestamp": "时间",
    "boolean": "是否",
    "sealed-file": "密封文件",
    "state-secret": "涉密",
    "static": "静态",
    "superseded": "已被取代",
    "suspended": "已暂停",
    "term-then-erased": "期限届满后删除",
    "this-call-only": "仅本次调用",
    "units-then-erased": "用完次数后删除",
    "weekly": "每周",
    "yearly": "每年",
}
