"""What the rules of the catalogue say, in Chinese: statements, evidence wanted, what unlocks."""

# long because: it is one table of words, and a table is read whole

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

STATEMENTS: Final[Mapping[str, str]] = {
    "File opens in its declared format; magic bytes, extension and declared media type agree": (
        "文件可按所声明的格式打开；文件头、扩展名与声明的媒体类型一致"
    ),
    "Archive limits: ratio <= 100:1, expanded size <= quota, nesting <= 2, entries <= 10,000": (
        "压缩包限值：压缩比不超过 100:1，展开后不超过配额，嵌套不超过 2 层，条目不超过 10,000"
    ),
    "No path traversal, absolute path, drive letter, symlink/hardlink or device entry in archives "
    "and names": "压缩包与文件名中没有路径穿越、绝对路径、盘符、软硬链接或设备条目",
    "No active content: cells that a spreadsheet would run (= + - @ at the head of a call, a "
    "reference or a sum of cells; neither numbers nor words), macros, pickle/joblib, HDF5 external "
    "links": (
        "没有活动内容：会被电子表格执行的单元格（以 = + - @ 开头的函数、"
        "引用或单元格运算，数字与文字不算）、"
        "宏、pickle/joblib、HDF5 外部链接"
    ),
    "One encoding, declared = detected (UTF-8, UTF-8-BOM, UTF-16, GB18030); bytes decode to 100%": (
        "编码唯一且与声明一致（UTF-8、UTF-8-BOM、UTF-16、GB18030）；全部字节均可解码"
    ),
    "Table structure: constant column count, unique non-empty headers, no NUL, quotes closed, "
    "no cell > 1 MiB": (
        "表结构：列数恒定，列名非空且不重复，没有 NUL 字符，引号成对，单元格不超过 1 MiB"
    ),
    "No credentials or opaque encoded payloads (private keys, cloud keys, JWT, base64 that decodes "
    "to text with identifiers)": (
        "没有凭证或不透明的编码内容（私钥、云密钥、JWT、解码后含标识符的 base64）"
    ),
    "Container metadata sane before allocation: Parquet footer length < file, row-group offsets in "
    "range; NetCDF/HDF5 no external files": (
        "分配内存前容器元数据合理：Parquet 尾部长度小于文件、行组偏移在范围内；"
        "NetCDF/HDF5 不引用外部文件"
    ),
    "Supplier identity verified: legal name + USCC (GB 32100-2015) or LEI (ISO 17442), check "
    "digits proved + licence + authorised signatory": (
        "供方身份已核验：法定名称、统一社会信用代码（GB 32100-2015）或 LEI（ISO 17442，校验码"
        "相符）、资质证照与授权签署人"
    ),
    "Supplier identity verified: legal name, admission, licence": (
        "供方身份已核验：法定名称、入场与资质证照"
    ),
    "Buyer identity verified to the same level before any order": "下单前需方身份已按同等要求核验",
    "Review and trade records kept: audit log >= 6 months for network logs, >= 3 years for "
    "provision of PI/important data and PIA reports; exchange keeps all hashes permanently": (
        "审核与交易记录留存：网络日志不少于六个月，提供个人信息、重要数据的记录与影响评估报"
        "告不少于三年；"
        "交易所永久保存全部摘要"
    ),
    "Supplier/buyer has no serious data violation in the look-back window and is not on a "
    "restricted-recipient list": "供需双方在回溯期内无严重数据违法行为，且不在限制名单上",
    "Data-security duty holder and contact named (important data: responsible person + body)": (
        "载明数据安全责任人与联系方式（重要数据还须载明负责人与管理机构）"
    ),
    "Source stated, one of: self-produced, public collection, authorised operation, purchased, "
    "derived": "说明数据来源，为自行生产、公开采集、授权运营、购买、衍生之一",
    "Each source has its evidence type (collection record / terms snapshot / authorisation "
    "contract / purchase contract / lineage hashes)": (
        "每个来源都有相应证明（采集记录、网站条款快照、授权合同、购买合同、溯源摘要）"
    ),
    "Right holder consents: chain of grants covers term, territory, sub-licence; grant within "
    "holder right": "权利人同意：授权链覆盖期限、地域与再许可；授权不超出授权人自身的权利",
    "Crawled/automated collection: target terms, robots, no intrusion, impact assessed": (
        "自动化采集：遵守目标网站条款与 robots，不侵入，已评估影响"
    ),
    "Derived product shows substantive processing and names every parent product by hash": (
        "衍生产品经过实质性加工，并以摘要列明每个来源产品"
    ),
    "Upstream licence permits commercial redistribution (SPDX; NC/ND/unknown fail)": (
        "上游许可允许商业再分发（SPDX；NC、ND 与未知许可不通过）"
    ),
    "Public data: authorisation agreement no. + registration no.; scope, scenario and term match": (
        "公共数据：授权协议编号与登记编号；范围、场景与期限一致"
    ),
    "Non-open raw public data is not itself the deliverable (product/model/verification service "
    "only)": "未开放的原始公共数据不得直接交付（只能以产品、模型或核验服务的形式）",
    "No third-party trade secret or confidential business information without consent": (
        "未经同意不含第三方商业秘密或保密商务信息"
    ),
    "No open ownership dispute or infringement notice on the product or a parent": (
        "产品及其来源产品没有未决的权属争议或侵权通知"
    ),
    "Data that largely stands in another supplier's registration is declared as derived from it, "
    "or an assessor attests the independent source": (
        "与其他供方已登记数据大部分相同的，须申报为其衍生产品，或由评估机构证明来源独立"
    ),
    "Declared contains_pi equals detected; detector says PI and sheet says none = mismatch": (
        "所声明的个人信息与检测结果一致；检出个人信息而说明书称没有即为不符"
    ),
    "PI supplied to a buyer: legal basis (13) + notice of recipient + separate consent (23)": (
        "向需方提供个人信息：合法性基础（第13条）、告知接收方并取得单独同意（第23条）"
    ),
    "Sensitive PI (biometric, religion, specific identity, health, financial account, movements, "
    "<14): separate consent + necessity statement": (
        "敏感个人信息（生物识别、宗教信仰、特定身份、医疗健康、金融账户、行踪轨迹、不满十四周岁）："
        "单独同意与必要性说明"
    ),
    "Special categories of personal data: explicit consent": "特殊类别个人数据：明示同意",
    "Any data subject < 14: guardian consent + special processing rules": (
        "涉及不满十四周岁的个人：监护人同意与专门的处理规则"
    ),
    "Any data subject below 16: consent of the holder of responsibility": (
        "涉及不满十六周岁的个人：监护责任人同意"
    ),
    "Unlawful-supply thresholds: >= 50 movement/communication/credit/property, >= 500 "
    "lodging/health/transaction, >= 5,000 other records without consent": (
        "非法提供的入罪数量：未经同意的行踪轨迹、通信内容、征信、财产信息 50 条以上，"
        "住宿、健康、交易信息 500 条以上，其他 5,000 条以上"
    ),
    "PI protection impact assessment done, dated, kept >= 3 years": (
        "已开展个人信息保护影响评估，载明日期，保存不少于三年"
    ),
    "Scale duties: >= 1,000,000 persons PI officer / >= 10,000,000 important-data duties + audit "
    "every 2 years": (
        "规模义务：100 万人以上须指定个人信息保护负责人；1,000 万人以上须履行重要数据义务并"
        "每两年审计"
    ),
    "Anonymisation claim backed by measurement: k >= 10 (release) on declared quasi-identifiers, "
    "l >= 2 on sensitive attribute, no unsalted hash/enumerable pseudonym": (
        "匿名化声明有测量支持：所声明准标识符的 k 不小于 10（公开），敏感属性的 l 不小于 2，"
        "没有未加盐的哈希或可枚举的假名"
    ),
    "No direct identifier passes its check: ID (GB 11643), bank card (Luhn+BIN), IBAN, "
    "passport/permit, national number of another state, mobile, personal mailbox": (
        "没有通过校验的直接标识符：身份证号（GB 11643）、银行卡号（Luhn 与 BIN）、IBAN、"
        "护照与通行证、其他国家的个人号码、手机号、个人邮箱"
    ),
    "Ambiguous identifier shape (no checksum exists, header/name dictionary conflict, masked, "
    "split over columns), or columns that single persons out together": (
        "标识符形态存疑（无校验码、与列名或姓名词典冲突、已脱敏、拆分在多列），或多列合并可单独识别到个人"
    ),
    "No individual movement trace (subject id x time x position finer than ~100 m, >= 2 "
    "points/subject) without separate consent": (
        "未经单独同意没有个人行踪轨迹（主体标识、时间、精于约 100 米的位置，每人两点以上）"
    ),
    "PI in headers/metadata (operator, PI_NAME, creator e-mail, Parquet key-values)": (
        "文件头或元数据中的个人信息（操作员、负责人姓名、作者邮箱、Parquet 键值）"
    ),
    "Free text / JSON / nested leaf columns: identifier hit rate <= 1e-5 per cell, none with "
    "checksum": "自由文本、JSON 与嵌套列：标识符命中率每单元格不超过十万分之一，且没有通过校验的",
    "Purpose, retention and exercise-of-rights channel stated for PI products": (
        "含个人信息的产品载明目的、保存期限与个人行使权利的渠道"
    ),
    "Biometric templates, face images, genotypes: separate consent + necessity; never as open "
    "dataset delivery": ("生物特征模板、人脸图像、基因型：单独同意与必要性；不得以开放数据集交付"),
    "Deceased persons identifiable": "可识别已故自然人",
    "Personal data taken from public pages: reasonable scope, no refusal, no major impact": (
        "取自公开网页的个人信息：在合理范围内，个人未拒绝，对个人无重大影响"
    ),
    "Credit information only by licensed credit institutions; no "
    "religion/gene/fingerprint/blood/disease history": (
        "征信信息只能由持牌征信机构提供；不含宗教信仰、基因、指纹、血型与病史"
    ),
    "Level declared per GB/T 43697-2024 (core / important / general 1-4) per column and for the "
    "product; product = max (就高从严)": (
        "按 GB/T 43697-2024 逐列并为产品申报级别（核心、重要、一般 1 至 4 级）；产品就高从严"
    ),
    "Core data is never listed": "核心数据一律不得挂牌",
    "Important data: risk assessment before provision, receiver contract, 3-year record, named "
    "officer": "重要数据：提供前风险评估，与接收方签订合同，记录保存三年，载明负责人",
    "State secret / work secret never listed; secrecy marks (绝密 机密 秘密★ 内部) in content, "
    "headers, names": (
        "国家秘密、工作秘密一律不得挂牌；检查内容、列名与文件名中的密级标志（绝密、"
        "机密、秘密★、内部）"
    ),
    "Automatic grade estimate (domain, group, region, precision, scale, coverage) not above "
    "declared level": "系统估计的级别（领域、群体、区域、精度、规模、覆盖）不高于申报级别",
    "Export-controlled technical data": "出口管制的技术数据",
    "May affect national security: security review status": "可能影响国家安全：安全审查情况",
    "Topographic/large-scale survey detail, contiguous coverage > 25 km2 outside military zones "
    "(better than 1:5,000)": (
        "军事禁区外连续覆盖超过 25 平方千米的地形或大比例尺测绘成果（优于 1:5,000）"
    ),
    "Publishes position/elevation/depth/area/length as important geographic information": (
        "公布位置、高程、深度、面积、长度等重要地理信息"
    ),
    "Marine observation data: submitted to the authority; secrecy checked; to a foreign party only "
    "with approval": "海洋观测资料：已向主管部门汇交；已作保密审查；向境外提供须经批准",
    "Marine forecast/warning offered to the public only by authority bodies": (
        "海洋预报与警报只能由主管机构向公众发布"
    ),
    "Foreign organisation collected the data in Chinese waters": "境外组织在中国管辖海域采集的数据",
    "Public weather forecast only by meteorological bodies; observation data submitted": (
        "公众气象预报只能由气象机构发布；气象探测资料已汇交"
    ),
    "Human genetic resources not bought or sold; information to foreign parties filed and backed "
    "up": "人类遗传资源不得买卖；向境外提供其信息须备案并提交备份",
    "Coordinates carry datum, vertical datum and accuracy (CGCS2000 / WGS84 / GCJ-02; 1985 "
    "national height)": (
        "坐标载明平面基准、高程基准与精度（CGCS2000、WGS84、GCJ-02；1985 国家高程基准）"
    ),
    "Military or guarded sites, place list supplied by the operator (none shipped)": (
        "军事或受保护场所，名单由运营者提供（软件不附带）"
    ),
    "Vessel/AIS or vehicle tracks in sensitive water or finer than 5 min": (
        "敏感水域内或间隔短于 5 分钟的船舶（AIS）、车辆轨迹"
    ),
    "Fine bathymetry / gravity / magnetics in Chinese sea": "中国海域的精细水深、重力、地磁数据",
    "Any foreign buyer, storage or access: route decided before order": (
        "涉及境外需方、存储或访问的，下单前确定出境路径"
    ),
    "Personal data leaving the Union: a ground of GDPR chapter V first": (
        "个人数据离开欧盟：先有 GDPR 第五章的依据"
    ),
    "CII operator exporting PI or important data: security assessment": (
        "关键信息基础设施运营者向境外提供个人信息或重要数据：安全评估"
    ),
    "Important data export: security assessment (only if notified/published as important)": (
        "重要数据出境：安全评估（仅限已告知或公布为重要数据的）"
    ),
    "Data leaving the Union: safeguards against third-country authorities": (
        "数据离开欧盟：防止第三国当局获取的保障措施"
    ),
    "Since 1 Jan: >= 1,000,000 persons non-sensitive or >= 10,000 sensitive: security assessment": (
        "自当年 1 月 1 日起累计非敏感 100 万人以上或敏感 1 万人以上：安全评估"
    ),
    "Personal data leaving the Union: transfer impact assessment": (
        "个人数据离开欧盟：传输影响评估"
    ),
    "100,000 <= persons < 1,000,000 non-sensitive, or 1..9,999 sensitive: standard contract or "
    "certification": "非敏感 10 万人以上不满 100 万人，或敏感不满 1 万人：标准合同或认证",
    "Personal data leaving the Union: appropriate safeguards": "个人数据离开欧盟：适当保障措施",
    "< 100,000 non-sensitive (non-CIIO): exempt from route, consent and PIA still due": (
        "非敏感不满 10 万人（非关键信息基础设施运营者）：免于出境路径，仍须同意与影响评估"
    ),
    "FTZ: data on the negative list follows the list": "自贸试验区：负面清单内的数据按清单办理",
    "Foreign court/agency request: no provision without approval": (
        "外国司法或执法机构调取：未经批准不得提供"
    ),
    "Nothing in the prohibited catalogue A.1 (state security, social stability, illegal goods)": (
        "不含禁止交易目录 A.1 的内容（国家安全、社会稳定、违禁物品）"
    ),
    "Nothing infringing specific persons (A.2) or enterprises (A.3)": (
        "不含侵害特定个人（A.2）或企业（A.3）权益的内容"
    ),
    "No tool/data specially for crime": "不是专门用于违法犯罪的工具或数据",
    "Normativity 规范性: type/format/domain/code-table conformance >= sheet value": (
        "规范性：类型、格式、值域、代码表的符合率不低于说明书载明的值"
    ),
    "Completeness 完整性: non-null share of required fields >= sheet value; expected period "
    "coverage": "完整性：必填字段的非空率不低于说明书载明的值；覆盖应有的时段",
    "Accuracy 准确性: range, checksum, duplicate, reference match": (
        "准确性：范围、校验码、重复与参照一致"
    ),
    "Consistency 一致性: cross-column rules, keys, units, repeated facts": (
        "一致性：跨列规则、键、单位与重复事实一致"
    ),
    "Timeliness 时效性: newest record age vs declared update frequency (<= 2 periods)": (
        "时效性：最新记录的时间距今不超过两个所声明的更新周期"
    ),
    "Accessibility 可访问性: sample query/download succeeds within SLA": (
        "可访问性：样例查询或下载在服务水平内成功"
    ),
    "Claims equal measurement: rows, size, columns, period, bbox, completeness (exact / +-1%)": (
        "声明与测量一致：行数、大小、列、时段、空间范围、完整性（相等或相差不超过 1%）"
    ),
    "Duplicate rows and keys share reported": "报告重复行与重复键的占比",
    "Ocean: QARTOD tests (gross range, spike, rate of change, flat line, location, gap) reported "
    "per variable": ("海洋数据：逐变量报告 QARTOD 检验（总范围、尖峰、变化率、恒值、位置、间断）"),
    "Expert review in parallel: >= 1 domain expert signs; sample rows drawn by ledger-seeded "
    "sampling": "并行的专家评审：至少一位领域专家签署；样例行由存证链的种子抽取",
    "System and expert scores differ by > 0.15 or verdicts differ: second expert": (
        "系统与专家得分相差超过 0.15 或结论不同：须有第二位专家"
    ),
    "The sheet is complete: every mandatory field is filled, and every conditional one where its "
    "condition holds, but for what the listing itself brings about": (
        "说明书完整：必填项均已填写，条件项在条件成立时均已填写；由挂牌本身产生的除外"
    ),
    "Order names a scenario from the vocabulary: purpose, user, place, term, recipient": (
        "订单载明词汇表中的场景：目的、使用者、地点、期限、接收方"
    ),
    "Scenario within product's allowed uses and level (ODRL constraint evaluation)": (
        "场景在产品允许的用途与级别之内（按 ODRL 约束判定）"
    ),
    "Contract states purpose, mode, scope, security duties, supervision": (
        "合同载明目的、方式、范围、安全保护义务与监督"
    ),
    "Delivery mode fits level (general: file/API; PI or level 4: sandbox/query only; important: "
    "approved only)": (
        "交付方式与级别相称（一般数据：文件或接口；个人信息或 4 级：仅限沙箱或查询；"
        "重要数据：须经批准）"
    ),
    "Assessment valid: assessor independent of supplier, report <= 12 months, covers this data "
    "hash": "合规评估有效：评估机构独立于供方，报告不超过 12 个月，针对本数据的摘要",
    "Data hash or schema change re-opens the gate (delta scan) before next delivery": (
        "数据摘要或结构变化的，下次交付前重新过审"
    ),
    "A reviewer of the exchange, who is neither the supplier nor an assessor of the product, has "
    "approved this sheet and this data": (
        "交易所审核员已批准本说明书与本数据，且其既非供方也非本产品的评估机构"
    ),
    "Complaint and take-down channel; freeze on notice": "设有投诉与下架渠道；接到通知即冻结",
    "Incident plan and notification clock": "有安全事件预案与通知时限",
    "Fee/price: supplier may set price; no unreasonable differential treatment by automated "
    "decision": "收费与价格：供方可自主定价；自动化决策不得实行不合理的差别待遇",
}

EVIDENCE: Final[Mapping[str, str]] = {
    "file hash, probe log": "文件摘要、探测日志",
    "probe log": "探测日志",
    "cell sample": "单元格抽样",
    "encoding report": "编码报告",
    "hit list (masked)": "命中清单（已脱敏）",
    "licence file hash, USCC or LEI, signer": "证照文件摘要、统一社会信用代码或 LEI、签署人",
    "as P-01": "同 P-01",
    "retention config, ledger head": "留存配置、存证链头",
    "signed statement + list check": "签署的声明与名单核对",
    "contact record": "联系信息记录",
    "source code + statement": "来源代码与说明",
    "evidence file hashes": "证明文件摘要",
    "grant chain on ledger": "存证链上的授权链",
    "terms snapshot hash + statement": "条款快照摘要与说明",
    "transform description + parent hashes": "加工说明与来源产品摘要",
    "SPDX id + text hash": "SPDX 标识与文本摘要",
    "agreement + registration no.": "协议与登记编号",
    "delivery mode": "交付方式",
    "statement": "声明",
    "ledger dispute state": "存证链上的争议状态",
    "what the search at registration found, on the chain": "登记时相似检索的结果，在链上",
    "detector report": "检测报告",
    "consent template hash + coverage statement": "同意书模板摘要与覆盖说明",
    "separate-consent evidence": "单独同意的证明",
    "guardian consent + rules": "监护人同意与处理规则",
    "distinct-subject count by class": "分类的不同主体数",
    "PIA report hash + date": "影响评估报告的摘要与日期",
    "subject count, officer, audit report": "主体数、负责人、审计报告",
    "k, l, unique share, method": "k、l、唯一占比、方法",
    "per-column hits / null rate": "逐列命中与空值率",
    "trace test": "轨迹检验",
    "metadata scan": "元数据扫描",
    "hit rate": "命中率",
    "sheet fields": "说明书字段",
    "separate consent": "单独同意",
    "licence no.": "牌照编号",
    "level table": "分级表",
    "assessment report, contract, filing no.": "评估报告、合同、备案编号",
    "keyword + context": "关键词与上下文",
    "feature vector": "特征向量",
    "coverage area, posting, approval": "覆盖面积、格网间距、批文",
    "approval": "批文",
    "submission receipt / approval": "汇交回执或批文",
    "supplier kind + audience": "供方性质与受众",
    "supplier kind": "供方性质",
    "filing no.": "备案编号",
    "polygon/keyword test": "范围与关键词检验",
    "track test": "轨迹检验",
    "grid spacing": "格网间距",
    "route record": "出境路径记录",
    "assessment no.": "评估编号",
    "year-to-date counter": "当年累计数",
    "contract filing no.": "合同备案编号",
    "counter": "累计数",
    "zone + list version": "试验区与清单版本",
    "content scan + statement": "内容扫描与声明",
    "measured ratio": "测得的比率",
    "lag": "滞后",
    "probe": "探测",
    "diff table": "差异表",
    "ratio": "比率",
    "flag histogram": "标志直方图",
    "signed review": "签署的评审",
    "diff": "差异",
    "the sheet's 45 fields, counted": "说明书 45 个字段的计数",
    "scenario object": "场景",
    "policy evaluation trace": "策略判定过程",
    "contract hash": "合同摘要",
    "mode matrix": "交付方式对照表",
    "assessor id, date, hash": "评估机构、日期、摘要",
    "hash diff": "摘要差异",
    "signed decision with its checklist": "签署的决定及其核对清单",
    "contact + SLA": "联系方式与服务水平",
    "plan hash": "预案摘要",
    "price log": "价格记录",
}

# What several rules are unlocked by is joined to what each is unlocked by with a comma.
_BY_NAME = "列明该规则的评估证明"

UNLOCKS: Final[Mapping[str, str]] = {
    "a file that is what its name says": "名实相符的文件",
    "a file within the limits": "限值以内的文件",
    "a file without such entries": "没有此类条目的文件",
    "a file without active content": "没有活动内容的文件",
    "a UTF-8 copy, or an attestation that names the rule": f"UTF-8 副本，或{_BY_NAME}",
    "a table that can be read to its end": "能读到结尾的表",
    "a file without them; for an uncertain hit, an attestation that names the rule": (
        f"没有凭证的文件；命中不确定的，{_BY_NAME}"
    ),
    "a file whose metadata agrees with its bytes": "元数据与内容一致的文件",
    "admission as a supplier under a true credit code or LEI and a licence that runs": (
        "以真实的统一社会信用代码或 LEI 和有效证照入场为供方"
    ),
    "admission as a buyer under a true credit code or LEI and a licence that runs": (
        "以真实的统一社会信用代码或 LEI 和有效证照入场为需方"
    ),
    "an exchange that keeps its logs and records so long": "交易所按该期限留存日志与记录",
    "a supplier on no negative list, and an attestation that names the rule": (
        f"供方不在负面清单上，并有{_BY_NAME}"
    ),
    "the duties section of the sheet; for important data also the approval data-security-officer": (
        "说明书的责任部分；重要数据还须有 data-security-officer 批准项"
    ),
    "a statement for every source": "每个来源都有说明",
    "the SHA-256 of the evidence of every source, each verified (attached anew, where it was "
    "withdrawn or found not to hold), or an attestation that names the rule": (
        f"每个来源证明的 SHA-256 且均经核验（已撤回或经查不成立的，须重新附上），或{_BY_NAME}"
    ),
    "the operating right among the rights claimed, grants that give it, and conditions no wider "
    "than those of what the product comes from": (
        "所主张的权利包括经营权，授权链授予该权利，且使用条件不宽于来源产品"
    ),
    "an attestation that names the rule": _BY_NAME,
    "the parents in the registration, and an attestation that names the rule": (
        f"在登记中列明来源产品，并有{_BY_NAME}"
    ),
    "an SPDX identifier of a licence that permits it, or proprietary": (
        "允许再分发的许可的 SPDX 标识，或 proprietary（专有）"
    ),
    "the approvals public-data-agreement and public-data-registration, and an attestation that "
    "names the rule": (
        f"public-data-agreement 与 public-data-registration 两项批准，并有{_BY_NAME}"
    ),
    "a model, report or forecast, an open licence, or delivery by sandbox or query": (
        "以模型、报告或预报的形式，或有开放许可，或以沙箱、查询方式交付"
    ),
    "the end of the notice and of every dispute": "公示期满且所有争议了结",
    "the other product among the parents, or an assessor's attestation": (
        "将对方产品列为来源产品，或由评估机构证明"
    ),
    "a sheet that declares it, or data without it": "说明书如实声明，或数据不含个人信息",
    "a legal basis, the SHA-256 of the evidence of consent, and an attestation that names the "
    "rule": f"合法性基础、同意证明的 SHA-256，并有{_BY_NAME}",
    "the SHA-256 of the consent, and of the statement as approval necessity, and an attestation "
    "that names the rule": (
        f"同意书的 SHA-256、以 necessity 批准项载明的必要性说明的 SHA-256，并有{_BY_NAME}"
    ),
    "a sheet that says there are none, or the SHA-256 of the guardians' consent and an attestation "
    "that names the rule": (f"说明书载明没有未成年人，或监护人同意书的 SHA-256 并有{_BY_NAME}"),
    "fewer persons; or consent, and attestations that name the rule by two assessors": (
        "减少人数；或取得同意，并有两家评估机构列明该规则的证明"
    ),
    "the SHA-256 of the impact assessment, and an attestation that names the rule": (
        f"影响评估报告的 SHA-256，并有{_BY_NAME}"
    ),
    "the approvals personal-information-officer, from ten million persons "
    "personal-information-audit and important-data-filing, and an attestation that names the "
    "rule": (
        "personal-information-officer 批准项，一千万人以上还须 personal-information-audit 与 "
        f"important-data-filing，并有{_BY_NAME}"
    ),
    "data without them, or consent, impact assessment and an attestation that names the rule": (
        f"数据不含此类标识符；或有同意、影响评估并有{_BY_NAME}"
    ),
    "data without trails, or the SHA-256 of the separate consent": (
        "数据不含轨迹，或单独同意书的 SHA-256"
    ),
    "metadata without it": "元数据不含个人信息",
    "text without them; otherwise as I-09, for what is doubtful an attestation alone": (
        "文本不含标识符；否则同 I-09，存疑的只须证明"
    ),
    "purposes, a time limit, a time of retention and a channel in the sheet": (
        "说明书载明目的、使用期限、保存期限与行使权利的渠道"
    ),
    "no release and no transfer, the SHA-256 of consent and of necessity, and an attestation that "
    "names the rule": f"不公开、不转让，同意书与必要性说明的 SHA-256，并有{_BY_NAME}",
    "the approval credit-licence, and an attestation that names the rule": (
        f"credit-licence 批准项，并有{_BY_NAME}"
    ),
    "a grade as strict as the strictest content and the strictest parent": (
        "级别不低于最敏感内容与最高级别的来源产品"
    ),
    "never": "不可解除",
    "the approvals risk-assessment, important-data-filing, data-security-officer, and an "
    "attestation that names the rule": (
        f"risk-assessment、important-data-filing、data-security-officer 三项批准，并有{_BY_NAME}"
    ),
    "never (confirmed) / assessor (false hit)": "确认的不可解除；误报由评估机构证明",
    "a grade no lower than the estimate, or an attestation that names the rule": (
        f"级别不低于系统估计，或{_BY_NAME}"
    ),
    "less detail or less area, or the approval survey-approval and an attestation that names the "
    "rule": f"降低精度或缩小范围，或有 survey-approval 批准项并有{_BY_NAME}",
    "no public release, or the approval marine-forecast-authority and an attestation that names "
    "the rule": f"不向公众发布，或有 marine-forecast-authority 批准项并有{_BY_NAME}",
    "no public release, or the approval meteorological-body and an attestation that names the "
    "rule": f"不向公众发布，或有 meteorological-body 批准项并有{_BY_NAME}",
    "the approval genetic-filing and an attestation that names the rule": (
        f"genetic-filing 批准项并有{_BY_NAME}"
    ),
    "the datums in the sheet": "在说明书中载明基准",
    "data that covers none, or the approval guarded-site-approval and an attestation; without a "
    "list, an attestation that names the rule": (
        f"数据不覆盖此类场所，或有 guarded-site-approval 批准项并有证明；没有名单的，{_BY_NAME}"
    ),
    "coarser tracks elsewhere, or an attestation that names the rule": (
        f"敏感水域外的较粗轨迹，或{_BY_NAME}"
    ),
    "a coarser grid, or an attestation that names the rule": f"较粗的格网，或{_BY_NAME}",
    "a use at home, or a route in the duties section; of any route but exempt, and for marine data "
    "of marine-export-approval, a verified document": (
        "在境内使用，或在责任部分载明出境路径；除豁免外的路径须有经核验的文件，"
        "海洋资料还须有经核验的 "
        "marine-export-approval"
    ),
    "a use at home, or a route in the duties section": "在域内使用，或在责任部分载明出境路径",
    "a verified document of security-assessment": "经核验的 security-assessment 文件",
    "a use at home, or a verified document of third-country-safeguards": (
        "在域内使用，或经核验的 third-country-safeguards 文件"
    ),
    "a use at home, or a verified document of transfer-impact-assessment": (
        "在域内使用，或经核验的 transfer-impact-assessment 文件"
    ),
    "a verified document of standard-contract, certification or security-assessment": (
        "经核验的 standard-contract、certification 或 security-assessment 文件"
    ),
    "a use at home, or a verified document of standard-contract or certification": (
        "在域内使用，或经核验的 standard-contract 或 certification 文件"
    ),
    "the SHA-256 of consent and impact assessment, or an attestation that names the rule": (
        f"同意书与影响评估的 SHA-256，或{_BY_NAME}"
    ),
    "the approval zone-negative-list and an attestation that names the rule": (
        f"zone-negative-list 批准项并有{_BY_NAME}"
    ),
    "a use at home, or an attestation that names the rule": f"在境内使用，或{_BY_NAME}",
    "better data, or an attestation that names the rule": f"质量更好的数据，或{_BY_NAME}",
    "a file that can be read to its end": "能读到结尾的文件",
    "a sheet that declares what was measured": "如实载明测量值的说明书",
    "data without repeated rows": "没有重复行的数据",
    "expectations of QARTOD in the sheet": "在说明书中载明 QARTOD 期望",
    "a review by an admitted quality expert who is not the supplier": (
        "由非供方的、已入场的质量专家评审"
    ),
    "a second expert's review, or an attestation that names the rule": (
        f"第二位专家的评审，或{_BY_NAME}"
    ),
    "a sheet signed anew that fills the fields the finding names, each by what stands behind it": (
        "重新签署说明书，补齐所列字段（填写方式见各字段之后）"
    ),
    "a scenario of the buyer, filed in full or running": "需方自己的场景，已完整提交或在有效期内",
    "a scenario within the conditions of a listed product": "在已挂牌产品使用条件之内的场景",
    "security terms and supervision in the duties section, and an attestation that names the "
    "rule": f"在责任部分载明安全条款与监督，并有{_BY_NAME}",
    "a way of delivery that fits; for important data a verified document of delivery-approval": (
        "相称的交付方式；重要数据须有经核验的 delivery-approval 文件"
    ),
    "a passed attestation by an admitted compliance assessor who is not the supplier": (
        "由非供方的、已入场的合规评估机构作出的通过证明"
    ),
    "the data of the verdict, or a new verdict": "交付裁定所针对的数据，或重新裁定",
    "an approval by an admitted reviewer of the exchange": "由已入场的交易所审核员批准",
    "the setting complaints": "设置 complaints（投诉渠道）",
    "one price for the same terms": "相同条款同一价格",
    "evidence": "补充证据",
}
