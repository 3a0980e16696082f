"""How common a character is: the ground on which encodings are told apart.

A Big5 file decodes without one error as GB18030, so "does it decode" proves nothing; what counts is
whether the text that comes out consists of characters people use. Three witnesses are asked, cheapest first:

1. the two lists below, made for this project: everyday characters, then surnames, given names, places
   and the words of shops and surveys, so that short columns of names and cities can be judged as well;
2. the code tables themselves: the first hanzi level of GB 2312 (rows 16 to 55) and of Big5 (lead bytes
   A4 to C6) hold the common characters by design, the second levels the rare ones;
3. the Unicode category: private use, unassigned and control characters do not occur in honest text.
"""

import unicodedata
from functools import lru_cache

SIMPLIFIED = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里"
    "用道行所然家种事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实"
    "日者意无力它与长把机十民第公此已工使情明性知全三又关点正业外将两高间由问很最重并物手应战向头文体政美"
    "相见被利什二等产或新己制身果加西斯月话合回特代内信表化老给世位次度门任常先海通教儿原东声提立及比员解"
    "水名真论处走义各入几口认条平系气题活更别打女变四神总何电数安少报才结反受目太量再感建务做接必场件计管"
    "期市直德资命山金指许统区保至队形社便空决治展马科司五基眼书非则听白却界达光放强即像难且权思王象完设式"
    "色路记南品住告类求据程北边死张该交规万取拉格望觉术领共确传师观清今切院让识候带导争运"
    "服满客户快慢差送货流订单退款店铺价质包装速态推荐般错谢议评问卷调查码姓别龄城省县街邮编址期电箱注状额"
    "买卖付钱费贵便宜优惠券券洗修换坏旧新鲜味吃饭菜喝茶酒餐厅酒店房间床早晚热冷干净脏吵静停车位站飞票"
    "等待久排队迟早准承诺约预投诉怨复查询帮助帮耐专业负责冷漠礼貌亲切急忙失望惊喜喜欢爱讨厌希再也绝体验"
    "六七八九零百千亿元角寸斤个件次份盒袋双套张台本部线网页登录注册密码验证短微支宝银行卡扫描功能界"
    "李张刘陈杨赵黄周吴徐孙胡朱林郭罗梁宋郑韩唐冯董萧曹袁邓傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田"
    "姜范石姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙段雷汤尹黎易武乔贺赖龚伟芳娜秀英敏丽磊军洋勇艳杰娟涛超霞"
    "刚桂兰玲华志红梅婷宇欣怡佳俊豪雅淑惠玉珍琴凤洁云雪晓春秋冬"
    "京津沪渝河辽宁吉黑苏浙徽福州广东湖川贵云藏陕甘肃青疆蒙古香港澳湾深圳杭武汉都沙岛连厦沈阳哈尔滨济肥昆"
    "锡波温莞佛珠淀朝浦区镇乡村路号楼室层座园府"
    "药医病护士学校老师家长孩子父母妈爸朋友同事领导社会经济政府公司企业市场银行保险贷款投资收入"
    "您吗吧呢啊哦哈嗯谁哪怎样每些刚曾将虽然但所且或者即使只要如果"
    "足够充足缺少超级简单复杂困难容易方便麻烦清楚楚模糊准确完整漂亮舒适实用材料颜尺寸轻软硬厚薄破损裂"
)

TRADITIONAL = (
    "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡"
    "用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因只從想實"
    "日者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應戰向頭文體政美"
    "相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒原東聲提立及比員解"
    "水名真論處走義各入幾口認條平系氣題活更別打女變四神總何電數安少報才結反受目太量再感建務做接必場件計管"
    "期市直德資命山金指許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界達光放強即像難且權思王象完設式"
    "色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今切院讓識候帶導爭運"
    "服滿客戶快慢差送貨流訂單退款店鋪價質包裝速態推薦般錯謝議評問卷調查碼姓別齡城省縣街郵編址期電箱註狀額"
    "買賣付錢費貴便宜優惠券洗修換壞舊新鮮味吃飯菜喝茶酒餐廳酒店房間床早晚熱冷乾淨髒吵靜停車位站飛票"
    "等待久排隊遲早準承諾約預投訴怨復查詢幫助耐專業負責冷漠禮貌親切急忙失望驚喜喜歡愛討厭希再也絕驗"
    "六七八九零百千億元角寸斤件次份盒袋雙套張臺台本部線網頁登錄註冊密碼驗證簡訊微支寶銀行卡掃描功能"
    "李張劉陳楊趙黃周吳徐孫胡朱林郭羅梁宋鄭韓唐馮董蕭曹袁鄧傅沈曾彭呂蘇盧蔣蔡賈丁魏薛葉閻余潘杜戴夏鍾汪田"
    "姜范石姚譚廖鄒熊陸郝孔崔康毛邱秦江史顧侯邵孟龍段雷湯尹黎易武喬賀賴龔偉芳娜秀英敏麗磊軍洋勇豔杰傑娟濤超霞"
    "剛桂蘭玲華志紅梅婷宇欣怡佳俊豪雅淑惠玉珍琴鳳潔雲雪曉春秋冬冠廷宗翰承恩家瑋柏彥詩涵筑雯思妤"
    "臺北新桃園竹苗栗彰投雲林嘉義高雄屏東宜蘭花蓮澎湖金門祖基隆信松萬華士內港板橋永莊土蘆洲樹汐止鶯歌三峽"
    "淡瑞芳股泰坑碇坪芝石八里平溪雙貢寮烏來左營鳳岡楠梓苓雅鼓前鎮豐原沙鹿清甲員斗六虎尾朴太保里"
    "香港九龍界沙田荃灣元朗屯觀塘旺角尖嘴澳京津海重慶廣州深圳杭武漢成都廈福建浙川湖陝"
    "鄉村巷弄段號樓室層座府藥醫病護校園孩父母媽爸朋友濟企險貸收"
    "您嗎吧呢啊喔哈嗯誰哪怎每剛雖且者使若夠充缺級簡複雜困難易麻煩楚模糊準整漂亮舒適材料顏尺輕軟硬厚薄破損裂"
    "滿意服務態度親切商品出貨速度包裝完整賣家回覆客服人員專業環境衛生價格合理下次還會再來"
)

_EVERYDAY = 500  # the head of each list, in order of use
_WESTERN_LETTERS = frozenset("éèêëàâäáãåçñöôóòõüûúùßíìîïæøœÉÈÀÄÖÜÑÇÅØÓÚÍÁŒæ")
_WESTERN_MARKS = frozenset("‘’“”–—…•€£°«»¿¡·©®™§º\u00a0")
_HAN_MARKS = frozenset("，。、；：？！「」『』（）《》〈〉【】〔〕“”‘’—…·￥～　％／＋－．＊＃＆＠①②③④⑤★☆○●√×")
_DRAWN = range(0x2500, 0x2600)
_KANA = range(0x3040, 0x3100)
_FULL_WIDTH = range(0xFF01, 0xFF5F)


def _ranks(text: str) -> dict[str, float]:
    unique = dict.fromkeys(text)
    return {char: 1.0 if place < _EVERYDAY else 0.9 for place, char in enumerate(unique)}


_RANKS = {"simplified": _ranks(SIMPLIFIED), "traditional": _ranks(TRADITIONAL)}


def _in_first_level(char: str, script: str) -> bool | None:
    """Whether the code table of the script has the character among its common ones; None if nowhere."""
    table, low, high = ("gb2312", 0xB0, 0xD7) if script == "simplified" else ("cp950", 0xA4, 0xC6)
    try:
        lead = char.encode(table)[0]
    except UnicodeEncodeError:
        return None
    return low <= lead <= high


@lru_cache(maxsize=65_536)
def han_commonness(char: str, script: str) -> float:
    """How well a character fits a Chinese text, from -1 (impossible) to 1 (everyday).

    ``script`` is "simplified" or "traditional". A simplified code page may well carry traditional text
    (GB18030 holds both), so the other list counts too, a little less.
    """
    own = _RANKS[script].get(char)
    if own is not None:
        return own
    code = ord(char)
    if char in _HAN_MARKS or code in _FULL_WIDTH:
        return 0.7
    if unicodedata.category(char) in {"Co", "Cn", "Cc", "Cs"} or char == "\ufffd":
        return -1.0
    if script == "simplified" and char in _RANKS["traditional"]:
        return 0.75
    level = _in_first_level(char, script)
    if 0x4E00 <= code < 0xA000:
        return {True: 0.55, False: 0.0, None: -0.2}[level]
    if code > 0xFFFF:
        return 0.5 if unicodedata.category(char) == "So" else -0.2
    return -0.3 if code in _DRAWN or code in _KANA or level is None else -0.1


def western_commonness(char: str, before: str, after: str) -> float:
    """How well a character fits a western text between its neighbours, from -1 to 1.

    Accented letters live among ASCII letters, one at a time; two foreign signs in a row are how Chinese
    bytes look in a western code page.
    """
    if unicodedata.category(char) in {"Co", "Cn", "Cc"} or char == "\ufffd":
        return -1.0
    crowded = sum(1 for near in (before, after) if near > "\x7f" and near not in _WESTERN_MARKS)
    if char == "’" and before.isalpha() and after.isalpha():
        return 1.0
    if char in "€£" and (before.isdigit() or after.isdigit()):
        return 1.0
    if char in _WESTERN_MARKS:
        return 0.6 - 0.4 * crowded
    if not char.isalpha():
        return -0.5
    # A capital after a small letter ("CafÈ") is the trace of the wrong table.
    broken_case = char.isupper() and before.islower()
    wordless = not (before.isalpha() or after.isalpha())
    fit = 1.0 if char in _WESTERN_LETTERS else 0.2
    return fit - 0.4 * crowded - 0.9 * broken_case - 0.6 * wordless
