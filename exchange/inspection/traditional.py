"""Traditional characters as the simplified ones by which the patterns here are written.

The table has the characters that words for headers, surnames, given names and addresses use, and
no others: it folds what is looked for, and translates nothing.  Characters that stand for one word
in simplified writing and for several in traditional (裡 and 里) fold into the one.
"""

from __future__ import annotations

from typing import Final

_TRADITIONAL: Final = (
    "亞佔來係個倫偉傑備傢傳儀儁儲內冊凱別則剋剛劉動務勝匯區厤參吳呂員啓啟單嚮嚴囌國園堅報場塊塗壓"
    "夢婭嫺嫻嬋孫學宮實寧寶專層屬峯島崗嵐嵗巖帥師帳廟廣張強彆彔彙彥徵悅愛愷態慶懞懷戶掛換撥敎數斷"
    "於旣時晉暱曆曉曏會朮東査條棟楊楓業榮構樑樓標樹樺橋機檢檯歐歡歲歷歸殘氣淩測湯準溝溫滙滬漁潛澤"
    "濛濤濬瀅瀋瀏瀾灘灣無熱營狀獨獻瑤環瓊產産甯癥發監盤盧眞矇硃確碼祕稅種稱穎箇範簡簽籤粵紀紅紋納"
    "純級終組絕絡統絲絶經綫維網綴綵綺線編緯緻縣總繫纔羅義聯聰聲職脩臉臺興舖艦艷莊華萬葉葯蓮蔘蔣蕓"
    "蕭薑藍藝藥蘇蘭處號蝦術衕衚裏裡製規覽觀計記設許訴診註証詞詠試詩話誌請諸諾謙謝證識譚譜護讀變豔"
    "豬貝貞負貨貫責貴買費賀資賈賓賢賣賬贛趙車軍軒軸輛輝輪轉辦迴週進遊運過達遲遼郵鄉鄒鄧鄭醣醫釋鈅"
    "鈞鈡銀銘鋒鋪錄錢錦録錶鍾鎭鎮鐘鑰長門閆開間閩閻關陝陳陸陽隊雞雲電靜鞦韋韓韻項順領頭額顏顔類顧"
    "風颱颶飛餘馬馮駕駛駱駿騎騏騰體髮鬍鬱魚魯鮑鯛鯨鱸鳥鳳鳴鵬鶯鷄麗麥麪麫麵黃點齒齡齣龍龔龜"
)
_SIMPLIFIED: Final = (
    "亚占来系个伦伟杰备家传仪俊储内册凯别则克刚刘动务胜汇区历参吴吕员启启单向严苏国园坚报场块涂压"
    "梦娅娴娴婵孙学宫实宁宝专层属峰岛岗岚岁岩帅师帐庙广张强别录汇彦征悦爱恺态庆蒙怀户挂换拨教数断"
    "于既时晋昵历晓向会术东查条栋杨枫业荣构梁楼标树桦桥机检台欧欢岁历归残气凌测汤准沟温汇沪渔潜泽"
    "蒙涛浚滢沈浏澜滩湾无热营状独献瑶环琼产产宁症发监盘卢真蒙朱确码秘税种称颖个范简签签粤纪红纹纳"
    "纯级终组绝络统丝绝经线维网缀彩绮线编纬致县总系才罗义联聪声职修脸台兴铺舰艳庄华万叶药莲参蒋芸"
    "萧姜蓝艺药苏兰处号虾术同胡里里制规览观计记设许诉诊注证词咏试诗话志请诸诺谦谢证识谭谱护读变艳"
    "猪贝贞负货贯责贵买费贺资贾宾贤卖账赣赵车军轩轴辆辉轮转办回周进游运过达迟辽邮乡邹邓郑糖医释钥"
    "钧钟银铭锋铺录钱锦录表钟镇镇钟钥长门闫开间闽阎关陕陈陆阳队鸡云电静秋韦韩韵项顺领头额颜颜类顾"
    "风台飓飞余马冯驾驶骆骏骑骐腾体发胡郁鱼鲁鲍鲷鲸鲈鸟凤鸣鹏莺鸡丽麦面面面黄点齿龄出龙龚龟"
)
FOLDED: Final = dict(zip(map(ord, _TRADITIONAL), _SIMPLIFIED, strict=True))


def simplified(text: str) -> str:
    """Return a text with the traditional characters of the table as simplified ones."""
    return text if text.isascii() else text.translate(FOLDED)
