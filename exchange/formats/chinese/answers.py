"""What checks, counts and obstacles say, in Chinese: whole texts, and forms with what is told.

A name in braces stands for what was told; it is given in Chinese too where there is a word.
"""

# long because: it is one table of words, and a table is read whole

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

DIMENSIONS: Final[Mapping[str, str]] = {
    "normativity": "规范性",
    "completeness": "完整性",
    "accuracy": "准确性",
    "consistency": "一致性",
    "timeliness": "时效性",
    "accessibility": "可访问性",
}

# A whole text, or the form of one.
ANSWERS: Final[Mapping[str, str]] = {
    # Whatever rule.
    "the data has not been inspected": "数据尚未检验",
    "no assessor has answered for it": "尚无评估机构就此作答",
    "an assessor attested it": "评估机构已证明",
    "an assessor refused it": "评估机构不予通过",
    "chain version {version}": "链上第 {version} 条",
    "raised {error}": "规则执行出错（{error}）",
    "the listing does not say {field}": "挂牌信息未载明 {field}",
    # F: the file.
    "the inspection read the file to its end": "检验读到了文件结尾",
    "the inspection refused the file by this rule": "检验依本规则拒绝了该文件",
    "the inspection did not come to the end of the file": "检验未能读到文件结尾",
    "no encoding was detected in a text file": "文本文件未检出编码",
    "the encoding is not UTF-8, UTF-16 or GB18030": "编码不是 UTF-8、UTF-16 或 GB18030",
    "the file holds credentials": "文件含有凭证",
    "the file may hold credentials": "文件可能含有凭证",
    # P: parties.
    "the {role} is not known": "{role}未知",
    "the {role} is not admitted as one": "{role}未以该身份入场",
    "the {role} is not admitted as one, or has no name": "{role}未以该身份入场，或没有名称",
    "the {role} has no name or no key on record": "{role}没有登记名称或密钥",
    "the {role}'s credit code or LEI fails its check": "{role}的统一社会信用代码或 LEI 校验不通过",
    "the {role}'s identity has ended": "{role}的身份核验已到期",
    "the exchange does not say how long it keeps its logs": "交易所未说明日志留存多久",
    "network logs are kept for less than {days} days": "网络日志留存不足 {days} 天",
    "records are kept for less than {days} days": "记录留存不足 {days} 天",
    "the supplier stands on the negative list": "供方在负面清单上",
    "nobody is named who answers for data security": "未载明数据安全责任人",
    "who answers for data security has no address": "数据安全责任人没有联系方式",
    "no officer for important data is named": "未载明重要数据安全负责人",
    # S: sources.
    "what the product is derived from is not known": "产品的来源产品未知",
    "no source is stated": "未说明数据来源",
    "a source has no statement": "有来源未附说明",
    "the evidence of source {position} {lack}": "第 {position} 个来源的证明{lack}",
    "every proof was verified": "每份证明均已核验",
    "nobody has verified the evidence of every source": "尚未核验全部来源的证明",
    "the right to operate the data is not claimed": "未主张数据产品经营权",
    "whether the chain of grants gives the operating right is not known": (
        "授权链是否授予经营权未知"
    ),
    "the chain of grants does not give the operating right": "授权链未授予经营权",
    "wider than {ancestor}, which it comes from, in {terms}": (
        "使用条件宽于来源产品 {ancestor}：{terms}"
    ),
    "derived data names no parent": "衍生产品未列明来源产品",
    "the product has parents and no source says that it is derived": (
        "产品有来源产品，而来源说明中没有一项为衍生"
    ),
    "publicly collected data needs the licence it was published under": (
        "公开采集的数据须注明其发布许可"
    ),
    "the licence reserves commercial use or derivatives": "许可保留商业使用权或演绎权",
    "the licence is not known to permit commercial redistribution": (
        "不能确认该许可允许商业再分发"
    ),
    "public data without {approvals}": "公共数据缺少 {approvals}",
    "raw public data that is not open may not be delivered": "未开放的原始公共数据不得交付",
    "whether anyone disputes the product is not known": "产品是否有争议未知",
    "a dispute over the product or a parent is open": "产品或来源产品有未决争议",
    "whether anyone disputes a parent is not known": "来源产品是否有争议未知",
    "the public notice is still running": "登记公示尚未期满",
    # R: registration.
    "whether the data is like registered data is not known": "数据是否与已登记数据相似未知",
    "others' registrations together hold at most {share} of the rows": (
        "合计最多 {share} 的行见于他人已登记的数据"
    ),
    "{share} of the rows stand in {product}, and {others} of its rows here: {how}": (
        "{share} 的行见于 {product}，对方 {others} 的行见于本数据：{how}"
    ),
    # I: persons.
    "the sheet does not say how many persons the data is about": "说明书未载明涉及多少人",
    "personal data: {lacks}": "个人信息：{lacks}",
    "sensitive personal data: {lacks}": "敏感个人信息：{lacks}",
    "biometric or genetic data: {lacks}": "生物识别或基因信息：{lacks}",
    "somebody below {age} was found and the sheet says none": (
        "检出不满 {age} 周岁的人，而说明书称没有"
    ),
    "the sheet does not say whether anybody is below {age}": (
        "说明书未载明是否有不满 {age} 周岁的人"
    ),
    "children below {age}: the guardians' consent {lack}": (
        "涉及不满 {age} 周岁的人：监护人同意书{lack}"
    ),
    "as many persons as a court counts as a serious case": "人数已达司法解释规定的情节严重",
    "{persons} persons without {approvals}": "涉及 {persons} 人，缺少 {approvals}",
    "how far persons can be told apart was not measured": "未测量个人可被区分的程度",
    "k is {k} and l is {l}": "k 为 {k}，l 为 {l}",
    "personal data without {missing}": "个人信息缺少{missing}",
    "biometric or genetic data is not delivered as open data": (
        "生物识别或基因信息不得以开放数据交付"
    ),
    "credit information with what it must never hold": "征信信息含有其不得含有的内容",
    "credit information without the approval credit-licence": (
        "征信信息缺少 credit-licence（征信牌照）批准项"
    ),
    "a field is declared personal and the product is not": (
        "有字段声明为个人信息，而产品声明为不含"
    ),
    "personal data was found and none is declared": "检出个人信息而未声明",
    "direct identifiers of persons were found": "检出个人的直接标识符",
    "identifiers of persons stand in running text": "文本中含有个人标识符",
    "some columns may identify persons": "有的列可能识别到个人",
    "some columns together single persons out": "若干列合并后可单独识别到个人",
    "trails of persons, and the separate consent {lack}": "含个人行踪轨迹，而单独同意书{lack}",
    "the file's metadata names or identifies persons": "文件元数据写有或可识别个人",
    "running text may hold identifiers of persons": "文本中可能含有个人标识符",
    "special categories: evidence of explicit consent {lack}": "特殊类别：明示同意的证明{lack}",
    # D: grades.
    "declared {grade}, and {above}": "申报为{grade}，而{above}",
    "a parent is graded higher: the strictest grade is inherited": ("来源产品级别更高，应就高从严"),
    "sensitive personal data is at least {grade}": "敏感个人信息至少为{grade}",
    "personal data is at least {grade}": "个人信息至少为{grade}",
    "the grade of what the product is derived from is not known": "来源产品的级别未知",
    "{parent}, which it comes from, has no spec sheet yet: its grade is not known": (
        "来源产品 {parent} 尚无说明书，其级别未知"
    ),
    "core data is never listed: {whose}": "核心数据一律不得挂牌：{whose}",
    "core data is never listed": "核心数据一律不得挂牌",
    "important data without {approvals}": "重要数据缺少 {approvals}",
    "the risk assessment is not given as a SHA-256": "风险评估未以 SHA-256 载明",
    "the data bears a secrecy mark": "数据带有密级标志",
    "the data may bear a secrecy mark": "数据可能带有密级标志",
    "the exchange has no estimate of the grade": "交易所没有估计级别",
    "the exchange estimates {grade}": "交易所估计为{grade}",
    "the data is like {other}, which is held to {grade}": (
        "数据与 {other} 相似，其级别不得低于{grade}"
    ),
    # G: geography.
    "no more than 25 km²": "不超过 25 平方千米",
    "coarser than 1:5,000": "粗于 1:5,000",
    "survey detail over more than 25 km²": "测绘成果超过 25 平方千米",
    "marine observations need an assessor's word": "海洋观测资料须由评估机构作答",
    "marine forecasts are released to the public by authority bodies only": (
        "海洋预报只能由主管机构向公众发布"
    ),
    "weather forecasts are released to the public by meteorological bodies only": (
        "气象预报只能由气象机构向公众发布"
    ),
    "human genetic resources without the approval genetic-filing": (
        "人类遗传资源缺少 genetic-filing（备案）批准项"
    ),
    "positions without a horizontal datum": "有位置而未载明平面基准",
    "heights or depths without a vertical datum": "有高程或深度而未载明高程基准",
    "whether the operator has a list of guarded sites is not known": (
        "运营者是否有受保护场所名单未知"
    ),
    "the operator has no list of guarded sites": "运营者没有受保护场所名单",
    "the data covers a guarded site": "数据覆盖受保护场所",
    "how fine the tracks are, and where, is not known": "轨迹的精度与位置未知",
    "fine tracks, or tracks in sensitive water": "精细轨迹，或敏感水域内的轨迹",
    "fine bathymetry, gravity or magnetics": "精细的水深、重力或地磁数据",
    # X: crossing a border.
    "whether it crosses the border is not known": "是否出境未知",
    "the use crosses the border and the sheet names no route": "使用涉及出境，而说明书未载明路径",
    "the route {route} is declared and not proved": "出境路径 {route} 仅有声明，未经证明",
    "marine data goes abroad only with the approval marine-export-approval": (
        "海洋资料须有 marine-export-approval 批准项方可出境"
    ),
    "whether the supplier runs critical infrastructure is not known": (
        "供方是否为关键信息基础设施运营者未知"
    ),
    "{what}: without the approval security-assessment": (
        "{what}：缺少 security-assessment（安全评估）批准项"
    ),
    "how many persons go abroad this year is not known": "当年出境的人数未知",
    "persons go abroad without contract or certification": "个人信息出境而无标准合同或认证",
    "consent or impact assessment is missing": "缺少同意或影响评估",
    "whether the supplier is in a free trade zone is not known": "供方是否在自贸试验区未知",
    "the version of the zone's list is not named": "未载明试验区清单的版本",
    "whether it leaves the Union is not known": "是否离开欧盟未知",
    "persons leave the Union and the sheet names no route": (
        "个人数据离开欧盟，而说明书未载明路径"
    ),
    "persons leave the Union without transfer-impact-assessment": (
        "个人数据离开欧盟而无 transfer-impact-assessment（传输影响评估）"
    ),
    "persons leave the Union without contract or certification": (
        "个人数据离开欧盟而无标准合同或认证"
    ),
    "data leaves the Union without third-country-safeguards": (
        "数据离开欧盟而无 third-country-safeguards（第三国保障措施）"
    ),
    # Q: quality.
    "no quality report for this sheet and this data": "没有针对本说明书与本数据的质量报告",
    "nothing in the data could be measured for it": "数据中没有可供测量的内容",
    "nothing is expected of it that such data could break ({weak})": (
        "对其没有此类数据可能违反的期望（{weak}）"
    ),
    "{count} of what the sheet expects was not counted": "说明书所期望的有 {count} 项未计数",
    "{dimension} is {ratio}, below {floor}": "{dimension}为 {ratio}，低于 {floor}",
    **{f"{name}: {{broken}}": f"{said}：{{broken}}" for name, said in DIMENSIONS.items()},
    **{f"{name} is {{ratio}}": f"{said}为 {{ratio}}" for name, said in DIMENSIONS.items()},
    "no update period is declared": "未声明更新周期",
    "declared and measured differ in {fields}": "声明与测量不符：{fields}",
    "{repeated} of {rows} rows repeat another": "{rows} 行中有 {repeated} 行重复",
    "nothing that the sheet expects was counted": "说明书所期望的均未计数",
    "no QARTOD test is among what the sheet expects": "说明书所期望的检验中没有 QARTOD",
    "the supplier is not known, so no expert is known to be independent": (
        "供方未知，因而无从认定专家独立"
    ),
    "no independent quality expert has reviewed this sheet and this data": (
        "尚无独立质量专家评审本说明书与本数据"
    ),
    "no expert's score to compare with": "没有可比较的专家得分",
    "system and expert are {apart} apart in {aspect}, more than {most}": (
        "系统与专家在{aspect}上得分相差 {apart}，超过 {most}"
    ),
    "system and expert differ whether {aspect} passes": "系统与专家对{aspect}是否达标判断不一",
    "system and expert are {apart} apart, more than {most}": (
        "系统与专家得分相差 {apart}，超过 {most}"
    ),
    # M: the sheet.
    "the sheet does not fill {fields}": "说明书未填写 {fields}",
    "{count} fields of the sheet are filled": "说明书已填写 {count} 个字段",
    "the data was not inspected": "数据未经检验",
    "whether a sample was drawn is not known": "是否已抽取样例未知",
    "what it is derived from is not known": "来源产品未知",
    # T and V: trades, assessors and reviewers.
    "the order names no scenario": "订单未载明场景",
    "the scenario is another buyer's": "场景属于另一需方",
    "the scenario does not run on the day of the case": "场景在判定日不在有效期内",
    "the scenario does not state {parts}": "场景未载明{parts}",
    "whether the product is listed is not known": "产品是否已挂牌未知",
    "the product is not on the board": "产品未在挂牌",
    "purpose or scope is not stated": "未载明目的或范围",
    "neither duties of security nor supervision are agreed": "未约定安全保护义务与监督",
    "no way of delivery is named": "未指明交付方式",
    "a way of delivery that the sheet does not offer": "说明书未提供该交付方式",
    "core data is not delivered": "核心数据不予交付",
    "allowed are {ways}": "仅允许{ways}",
    "important data without delivery-approval": "重要数据缺少 delivery-approval（交付批准）",
    "the supplier is not known, so no assessor is known to be independent": (
        "供方未知，因而无从认定评估机构独立"
    ),
    "an assessor refused the product": "评估机构对产品不予通过",
    "no attestation holds": "没有有效的证明",
    "no attestation holds; {reasons}": "没有有效的证明；{reasons}",
    "which data was judged, or is due, is not known": "所裁定或应交付的是哪份数据未知",
    "the data has changed since it was judged": "裁定之后数据已变化",
    "whether a reviewer of the exchange has looked is not known": "交易所审核员是否已审核未知",
    "no independent reviewer of the exchange has decided on this sheet and data": (
        "尚无独立的交易所审核员就本说明书与本数据作出决定"
    ),
    "a reviewer of the exchange has {decision} it": "交易所审核员的决定：{decision}",
    "a reviewer of the exchange approved it": "交易所审核员已批准",
    # O: the exchange itself.
    "what the exchange offers is not known": "交易所提供什么未知",
    "the exchange names no address for complaints": "交易所未载明投诉渠道",
    "the exchange names no plan for incidents by its SHA-256": (
        "交易所未以 SHA-256 载明安全事件预案"
    ),
    "what others were asked is not known": "向他人的报价未知",
    "another was asked a price more than a fifth apart on the same terms": (
        "相同条款下向他人的报价相差超过五分之一"
    ),
    # What no rule is asked about.
    "no spec sheet of it stands": "没有有效的产品说明书",
    "no spec sheet of it stands, and is to be signed anew after the change of its registration": (
        "没有有效的产品说明书；登记变更后须重新签署"
    ),
    # Why a listing left the board.
    "the registration ended on {day}": "登记已于 {day} 到期",
    "what its verdict rests on ended on {day}: {what}": "裁定所依据的事项已于 {day} 到期：{what}",
    "what its verdict rests on ended on {day}": "裁定所依据的意见已于 {day} 到期",
    "the supplier is suspended": "供方已被暂停",
    "{who}, on whose word it rests, is suspended": "其所依据意见的出具方 {who} 已被暂停",
    "a licence of {who} was withdrawn": "{who} 的执业许可已被撤回",
    "a dispute over {product} is open": "对 {product} 的争议未决",
    "the registration is being changed": "登记正在变更",
    "the registration is cancelled": "登记已注销",
    "the spec sheet has changed": "说明书已更换",
    "wider than {product} in {conditions}": "使用条件宽于 {product}：{conditions}",
    "{who} has refused it": "{who} 不予通过",
    "it is graded {grade}": "已定级为 {grade}",
    "{product}, which it comes from, is graded {grade}": "来源产品 {product} 已定级为 {grade}",
    "{product}, in which its data largely stands, is graded {grade}": (
        "数据大部分见于 {product}，后者已定级为 {grade}"
    ),
    "a dispute was decided so": "依争议裁定",
    "the product passes to another": "产品正在转移",
    "no rule of the pack {pack} that judges a product is in force": (
        "规则包 {pack} 没有一条判定产品的规则现行有效"
    ),
    "no rule asks for it, and nothing lists without an assessor's attestation of this sheet and"
    " this data": "无规则要求，但没有评估机构对本说明书和本数据的证明不得挂牌",
    "no rule asks for it, and nothing lists without a quality expert's review of this sheet and"
    " this data": "无规则要求，但没有质量专家对本说明书和本数据的评审不得挂牌",
    "no rule asks for it, and nothing lists without the approval of a reviewer of the exchange": (
        "无规则要求，但没有交易所审核员的批准不得挂牌"
    ),
    # Why something waits.
    "nothing lists": "一切产品均不能挂牌",
    "its acts stop": "其行为均被停止",
    "its registration has ended, and nothing lists before it is renewed": (
        "登记已到期，续展前不得挂牌"
    ),
    "a dispute freezes it": "因争议冻结",
    "an objection freezes the claim": "登记主张因异议冻结",
    "graded {grade}": "定级为 {grade}",
    "found: {kinds}": "检出：{kinds}",
    "values that may be sensitive": "有疑似敏感的值",
    "holds personal data by its sheet": "说明书称含个人信息",
    "a rule rejects it": "有规则予以驳回",
    "returned by a reviewer of the exchange": "已被交易所审核员退回",
    "rejected by a reviewer of the exchange": "已被交易所审核员驳回",
    "this delivery is far from the one before: {where}": "本次交付与上次相差甚远：{where}",
    "the exchange adopted the pack {pack}: {reason}": "交易所改用规则包 {pack}：{reason}",
    "it was delisted, which is for good": "已摘牌，不可恢复",
    "it was delisted, which is for good: {reason}": "已摘牌，不可恢复：{reason}",
    "an objection to its registration was upheld": "对其登记的异议成立",
    "the registration of {product} was cancelled at {when}": "{product} 的登记已由{when} 注销",
    "the registration of {product} ended at {when}": "{product} 的登记已于 {when} 到期",
    "a dispute over {product} is open since {when}": "对{product} 的争议自{when} 起未决",
    "{supplier} derived {product} from {parent} and has no right to process that": (
        "{supplier} 由 {parent} 加工得到 {product}，而没有加工该数据的权利"
    ),
    "{product} comes from {ancestor}, which is not for {purposes}": (
        "{product} 来自 {ancestor}，后者不可用于{purposes}"
    ),
    "{product} comes from {parent}, which {supplier} has no grant to process in {regions} for "
    "{purpose}": (
        "{product} 来自 {parent}，而 {supplier} 没有在 {regions} 为{purpose} 加工该数据的授权"
    ),
    "{product} comes from {parent}, which {supplier} has no grant to process for {purposes}": (
        "{product} 来自 {parent}，而 {supplier} 没有为{purposes} 加工该数据的授权"
    ),
    "{product} comes from {parent}, and so from itself": (
        "{product} 来源于 {parent}，因而来源于自身"
    ),
    # What unlocks a rule as a case stands, and whose that is.
    "a change of the registration that names the other product among the parents, by the supplier"
    " with the right to process it, or an assessor's attestation that names the rule": (
        "由有权加工该产品的供方变更登记，将其列为来源产品，或由评估机构出具列明该规则的评估证明"
    ),
    "the claim taken back and made anew with the other product among the parents, by the supplier"
    " with the right to process it, or a change that names it once the notice has run, or an"
    " assessor's attestation that names the rule": (
        "由有权加工该产品的供方撤回登记并将其列为来源产品重新登记，或在公示期满后变更登记将其列入，"
        "或由评估机构出具列明该规则的评估证明"
    ),
    "the rule mended in its pack, by the operator": "由运营者修复规则包中的该规则",
    "an attestation by {assessor}, who refused it, that passes {rules}": (
        # Other ways may follow this one or the next, so that what each tells last stands last.
        "由不予通过的评估机构 {assessor} 出具评估证明，予以通过：{rules}"
    ),
    "the operator verifies anew the identity of {participant}": (
        "由运营者重新核验以下参与方的身份：{participant}"
    ),
    "no sheet of it is possible, as what it comes from has no purpose in common: {limits}": (
        "不可能有有效的产品说明书：所源自的产品没有共同的用途：{limits}"
    ),
    # What ends what stands in the way beside the rules.
    "a pack with rules in force, which the operator adopts": "由运营者改用有现行规则的规则包",
    "a sheet of its supplier's": "由供方提交产品说明书",
    "the renewal of its registration, by its supplier": "由供方续展登记",
    "the data registered anew, under another number": "将数据以另一编号重新登记",
    "its withdrawal by who opened it, or the operator's decision": "由提出者撤回，或由运营者裁定",
    "the cancellation of its registration, and the data registered anew": (
        "注销登记，并将数据重新登记"
    ),
    "the cancellation of its registration, by its supplier once it owes no delivery, and the data"
    " registered anew": "由供方在没有未履行的交付后注销登记，并将数据重新登记",
    "nothing: the registration of {product} was cancelled": "无：{product} 的登记已注销",
    "nothing: core data is never listed": "无：核心数据不得挂牌",
    "a claim made anew, by who has the right to it": "由权利人重新提出登记",
    "a grant of the right to process it, by who supplies it": "由其供方授予加工该数据的权利",
    "a sheet of its supplier's for no more than {purposes}, or, by who supplies what it comes from,"
    " a sheet or a grant for more": (
        "由供方提交用途不超出{purposes} 的说明书，或由来源产品的供方以说明书或授权放宽用途"
    ),
    "sheets or grants, by who supplies what it comes from, that leave a purpose in common": (
        "由来源产品的供方以说明书或授权留出共同的用途"
    ),
    "version {number} of its spec sheet is not on the board": "其说明书第 {number} 版未在挂牌",
    # What a quality report counts.
    "files read to their end, of files given": "读到结尾的文件，占所给文件",
    "rows that repeat no other, of all rows": "不与他行重复的行，占全部行",
    "columns described with their unit, and numeric where a range is declared, of all": (
        "已描述且单位相符、声明值域者为数值的列，占全部列"
    ),
    "cells that hold a value, of all cells of the required fields": (
        "有值的单元格，占必填字段的全部单元格"
    ),
    "cells that hold a value, of all cells of the described fields": (
        "有值的单元格，占已描述字段的全部单元格"
    ),
    "columns whose least and greatest value keep the declared range, of those that have one": (
        "最小值与最大值均在所声明值域内的列，占声明了值域的列"
    ),
    "seconds of {periods} update periods, of the newest record's age if greater": (
        "{periods} 个更新周期的秒数，与最新记录距今秒数中较大者之比"
    ),
    "weak: it undertakes less than {floor}": "薄弱：承诺低于 {floor}",
    "weak: bounds {times} times the spread": "薄弱：界限远在实测极差的 {times} 倍之外",
    "weak: it allows {steps} steps": "薄弱：容许 {steps} 个步长",
    "weak: it allows {days} days": "薄弱：容许 {days} 天",
    "weak: it is the whole earth": "薄弱：为整个地球",
    "there is no column {column}": "没有列 {column}",
    "{column} shows no newest instant": "{column} 看不出最新时刻",
    "{column} is of type {type}, which {check} cannot judge": (
        "{column} 的类型为{type}，{check}无法判定"
    ),
    "{left} and {right} do not compare": "{left}与{right}不可比较",
    "texts are no distance apart: they have no tolerance": "文本之间没有距离，不设容差",
    "{column} is of type {type}": "{column} 的类型为{type}",
    # What an inspection had to assume.
    "column {column}: a value stands apart and repeats; its {count} cells are read as missing": (
        "列 {column}：有一个值远离其他值且重复出现，其 {count} 个单元格按缺测读取"
    ),
    "column {column}: a value stands apart and repeats; the supplier declares that its {count}"
    " cells are values": (
        "列 {column}：有一个值远离其他值且重复出现，供方声明其 {count} 个单元格为真实数值"
    ),
    "column {column}: {value} stands apart and repeats; its {count} cells are read as missing": (
        "列 {column}：{value} 远离其他值且重复出现，其 {count} 个单元格按缺测读取"
    ),
    "column {column}: {value} stands apart and repeats; the supplier declares that its {count}"
    " cells are values": (
        "列 {column}：{value} 远离其他值且重复出现，供方声明其 {count} 个单元格为真实数值"
    ),
    "column {column}: {count} infinite cells are read as missing": (
        "列 {column}：{count} 个无穷大的单元格按缺测读取"
    ),
    "column {column}: its calendar has no UTC, kept as numbers": (
        "列 {column}：其历法没有 UTC，保留为数值"
    ),
    "columns read with a decimal comma: {count}, {column} first": (
        "按逗号作小数点读取的列：{count} 列，首列为 {column}"
    ),
    "the row below the header names units and is none of the data's": (
        "表头下一行为计量单位行，不计为数据"
    ),
    "column {column}: {count} instants name no zone as others do, read as UTC": (
        "列 {column}：{count} 个时间未像其他时间那样注明时区，按 UTC 读取"
    ),
    "lines of remarks before the header: {count}": "表头之前的说明行：{count} 行",
    "rows that repeat the header: {count}; files joined to one?": (
        "重复表头的行：{count}；是否由多个文件拼接而成？"
    ),
    "column {column}: percentages, read as fractions of one": "列 {column}：百分数，按小数读取",
    "column {column}: nothing dates it, kept as numbers": "列 {column}：无起始时间，保留为数值",
    "column {column}: called {short} by the instrument, beside a {other}": (
        "列 {column}：仪器称为 {short}，另有 {other}"
    ),
    "column {column}: {kinds}, read as text": "列 {column}：{kinds}，按文本读取",
    "column {column}: {kind} read as text": "列 {column}：{kind}，按文本读取",
    "variable {name} is of a compound or nested type and left out": (
        "变量 {name} 为复合或嵌套类型，未读取"
    ),
    "of another shape and left out: {names}": "形状不同而未读取：{names}",
    "groups below the root are left out": "根以下的组未读取",
    "rows are the cells of the grid {grid}": "每行为网格 {grid} 的一个单元",
    "rows are the pixels of a raster of {width} x {height}": (
        "每行为 {width} x {height} 栅格的一个像元"
    ),
    "the file names no reference system: x and y are its own coordinates": (
        "文件未写坐标系：x、y 为其自身坐标"
    ),
    "the raster lies nowhere: x and y count its pixels": "栅格没有位置：x、y 为像元序号",
    "the sheet is hidden, and read and sold like any other": (
        "该工作表为隐藏，与其他工作表同样读取和出售"
    ),
    "{rows} hidden rows and {columns} hidden ranges of columns are read and sold like the others": (
        "{rows} 个隐藏行与 {columns} 处隐藏列同样读取和出售"
    ),
    "{count} error values (#N/A and its kin) are missing cells": (
        "{count} 个错误值（#N/A 等）按缺测读取"
    ),
    "dates are counted from 1904-01-01": "日期自 1904-01-01 起算",
    "the first table is read, the instrument's own tables are not": (
        "只读取第一个表，仪器自身的表未读取"
    ),
    "time coverage is the header's %TimeStamp; rows carry no time": (
        "时间范围取自文件头的 %TimeStamp，各行没有时间"
    ),
    "the header's clock is taken for UTC": "文件头的时钟按 UTC 读取",
    "the position is the header's; rows carry none": "位置取自文件头，各行没有位置",
    "the header is in Windows-1252, as the instrument's programs write it": (
        "文件头为 Windows-1252，仪器程序即如此书写"
    ),
    # What speaks for a grade.
    "nothing speaks for more": "没有理由定为更高级别",
    "the sheet declares personal data": "说明书声明含个人信息",
    "the sheet declares sensitive personal data": "说明书声明含敏感个人信息",
    "the sheet declares children among the persons": "说明书声明含未成年人",
    "{kind} was found for certain": "确定检出{kind}",
    "{kind} was found": "检出{kind}",
    "{kind} may be there": "可能含有{kind}",
    "it is about {count} persons or more": "涉及 {count} 人以上",
    "it bears a secrecy mark, or may": "带有或可能带有密级标志",
    "its sector or keywords name a guarded field": "行业或关键词涉及受管控领域",
    "heights, depths or fields over more than {area} km², finer than 50 m": (
        "高程、深度或场数据超过 {area} 平方千米，且精于 50 米"
    ),
    "the course of cables or pipelines": "缆线或管线的走向",
    "movements of persons": "个人行踪",
    "tracks of a {bearer} finer than {minutes} minutes": "{bearer}轨迹，间隔短于 {minutes} 分钟",
    "tracks of a {bearer}": "{bearer}轨迹",
    "tracks of an {bearer} finer than {minutes} minutes": "{bearer}轨迹，间隔短于 {minutes} 分钟",
    "tracks of an {bearer}": "{bearer}轨迹",
    # What drifted between deliveries.
    "column": "列",
    "stability index": "稳定性指数",
    "type": "类型",
    "unit": "单位",
    "missing share": "缺测占比",
    "different values": "不同取值数",
    "repeated rows": "重复行占比",
    "step in seconds": "步长（秒）",
    "gaps": "断档数",
    "range": "范围",
    "rows": "行数",
    "newest instant": "最新时刻",
    "gap in time": "时间间断",
}

# What is told inside a form, where it is no whole text.
PIECES: Final[Mapping[str, str]] = {
    # First, as its reason may have the form of another.
    "chain version {version}: {reason}": "链上第 {version} 条：{reason}",
    "product/{number}": "产品 {number}",
    "entry {place}": "存证 {place}",
    "is missing": "缺失",
    "is dated after the day of the case": "日期晚于判定日",
    "was withdrawn or found not to hold": "已撤回或经查不成立",
    "has ended": "已到期",
    "{paper} is missing": "缺少{paper}",
    "{paper} is dated after the day of the case": "{paper}日期晚于判定日",
    "{paper} was withdrawn or found not to hold": "{paper}已撤回或经查不成立",
    "{paper} has ended": "{paper}已到期",
    "a legal basis": "合法性基础",
    "evidence of consent": "同意证明",
    "evidence of separate consent": "单独同意证明",
    "a statement of necessity": "必要性说明",
    "an impact assessment": "影响评估",
    "a purpose": "使用目的",
    "a time limit": "使用期限",
    "a time after which it is deleted": "删除期限",
    "where persons turn to": "个人行使权利的渠道",
    "a critical operator": "关键信息基础设施运营者",
    "important data": "重要数据",
    "{plain} persons and {sensitive} sensitive ones since 1 January": (
        "自 1 月 1 日起 {plain} 人，敏感信息 {sensitive} 人"
    ),
    "{participant} may process {product} for {purposes}": (
        "{participant} 可为{purposes} 加工 {product}"
    ),
    "{product} is for nothing": "{product} 不可用于任何用途",
    "{product} is for {purposes}": "{product} 可用于{purposes}",
    "{ancestor}, which it comes from, is {grade}": "来源产品 {ancestor} 为{grade}",
    "the data largely stands in {other}, which is held to {grade}": (
        "数据大部分见于 {other}，其级别不得低于{grade}"
    ),
    "the operator has set {grade}": "运营者定为{grade}",
    "under 1 %": "不足 1 %",
    "the same rows in another order": "相同的行，次序不同",
    "whole rows, {columns} columns correspond": "整行相同，{columns} 列对应",
    "rows that agree in {columns} columns": "{columns} 列相同的行",
    "rows that agree in {columns} columns, some in other units, with a constant added, or "
    "rounded": ("{columns} 列相同的行，其中有换算单位、加减常数或取整的"),
    "{ratio} where the sheet says {promised}": "{ratio}，说明书载明 {promised}",
    "{count} of the fields": "{count} 个字段",
    "made under another rule pack": "依据另一规则包作出",
    "issued after the day of the case": "签发日期晚于判定日",
    "expired": "已过期",
    "made for another sheet": "针对另一说明书",
    "made for other data": "针对另一数据",
    "signed by nobody known": "签署人未知",
    "signed by a participant that is not an admitted {role}": "签署人不是已入场的{role}",
    "signed by a participant whose identity has ended": "签署人的身份核验已到期",
    "signed under a licence that was withdrawn, or under none": "签署所依据的资质已被撤销或不存在",
    "signed for an unknown supplier": "供方未知",
    "signed by the supplier itself": "由供方自己签署",
    "signed by a participant with an interest in the product": "由与该产品有利害关系的参与方签署",
    "purpose": "目的",
    "recipients": "接收方",
    "region": "地域",
    "regions": "地域",
    "purposes": "用途",
    **DIMENSIONS,
    "any": "任意",
    "the right to process {product}": "加工 {product} 的权利",
    "{low} to {high} characters": "{low} 至 {high} 个字符",
    "{low} to {high}": "{low} 至 {high}",
    "{count} codes": "{count} 个代码",
    "{count} values": "{count} 个值",
    "{seconds} s": "{seconds} 秒",
    "{rate} an hour": "每小时 {rate}",
    # What ended a listing.
    "the attestation of {who}": "{who} 的合规评估意见",
    "the document {kind}": "文件“{kind}”",
    "the identity of {who}": "{who} 的身份核验",
    "the registration of {product}": "{product} 的登记",
    "the rule {rule} is in force since": "规则 {rule} 自次日起施行",
    "the rule {rule}": "规则 {rule}",
    "and others": "等",
}

# The checks that a sheet expects; their words follow after "of".
CHECKS: Final[Mapping[str, str]] = {
    "type": "类型",
    "pattern": "格式",
    "code-table": "代码表",
    "length": "长度",
    "not-missing": "非空",
    "coverage": "覆盖",
    "range": "值域",
    "checksum": "校验码",
    "unique": "唯一",
    "reference": "参照",
    "compare": "比较",
    "determines": "函数依赖",
    "sum": "合计",
    "unit": "单位",
    "lag": "时滞",
    "gap": "间断",
    "readable": "可读",
    "gross-range": "总范围",
    "spike": "尖峰",
    "rate-of-change": "变化率",
    "flat-line": "恒值",
    "location": "位置",
}

# What fills a field of the sheet.
FILLED_BY: Final[Mapping[str, str]] = {
    "registration": "登记",
    "inspection": "检验",
    "listing": "挂牌",
    "inspection and a signed sheet: sheet, data, schema and rule pack by digest": (
        "检验与签署的说明书：以摘要载明说明书、数据、结构与规则包"
    ),
    "basic.description, {count} characters or more": "basic.description，{count} 字以上",
    "a supplier in the register with its unified social credit code or its LEI": (
        "供方以统一社会信用代码或 LEI 登记在册"
    ),
    "basic.sector and basic.industry": "basic.sector 与 basic.industry",
    "a note in content.fields for every column found": "在 content.fields 中逐列说明",
    "physical.first_collected, and increment_rows or increment_bytes unless static": (
        "physical.first_collected；非静态数据另填 increment_rows 或 increment_bytes"
    ),
    "rows that the exchange draws and masks when the sheet is signed: sign it again": (
        "签署说明书时由交易所抽取并脱敏的行：请重新签署"
    ),
    "content.fields.fill_value or content.flag_scheme": (
        "content.fields.fill_value 或 content.flag_scheme"
    ),
    "sources.evidence of every source": "每个来源的 sources.evidence",
    "rights, and a registration that is confirmed after the public notice": (
        "rights，以及公示后确认的登记"
    ),
    "licence, and sources.licence of what was collected or bought": (
        "licence；采集或购买的另填 sources.licence"
    ),
    "registration with parents": "登记时列明来源产品",
    "personal_data: classes, subjects and minors where it is contained": (
        "personal_data：含个人信息的，填写 classes、subjects 与 minors"
    ),
    "personal_data.deidentification: the method, or none": (
        "personal_data.deidentification：方法，或 none"
    ),
    "personal_data.legal_basis, consent_evidence and impact_assessment": (
        "personal_data.legal_basis、consent_evidence 与 impact_assessment"
    ),
    "a compliance-assessment, attached by the assessor and verified": (
        "评估机构附上并经核验的合规评估报告"
    ),
    "a legal-undertaking, given by the supplier and verified": "供方出具并经核验的法律承诺书",
    "quality: an expectation on the flag column": "quality：对标志列的期望",
    "a review of this version by an expert": "专家对本版本的评审",
    "a review of this version by an expert, beside the measured score": (
        "专家对本版本的评审，与测得分并列"
    ),
    "conditions.purposes, regions and time_limit": "conditions.purposes、regions 与 time_limit",
    "delivery.technical_document, or a technical-document that is verified": (
        "delivery.technical_document，或经核验的技术文档"
    ),
    "price.amount or price.plan, unless negotiated": "price.amount 或 price.plan，面议除外",
    "an asset-valuation, attached by a valuer and verified; the sheet is issued only with one": (
        "评估机构附上并经核验的资产评估报告；有此报告说明书方可签发"
    ),
    "contact, and duties.complaints": "contact 与 duties.complaints",
}
