"""Words of the answering pages in three languages; a survey in any other language gets the English ones.

Small tables instead of message catalogues: the public lane runs without Django, and a page needs forty words.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from mindgap.ground import language

# code: (English, simplified Chinese, traditional Chinese)
_TABLE: Final[dict[str, tuple[str, str, str]]] = {
    "next": ("Next", "下一页", "下一頁"),
    "back": ("Back", "上一页", "上一頁"),
    "send": ("Send", "提交", "送出"),
    "start": ("Start", "开始", "開始"),
    "required": ("required", "必填", "必填"),
    "progress": ("Progress", "进度", "進度"),
    "language": ("Language", "语言", "語言"),
    "notice": ("How we use your answers", "个人信息处理说明", "個人資料使用說明"),
    "skip": ("Does not apply", "不适用", "不適用"),
    "choose": ("Choose …", "请选择……", "請選擇……"),
    "other": ("Please say what", "请说明", "請說明"),
    "optional": ("optional", "可选", "選填"),
    "trap": ("Leave this empty", "请勿填写", "請勿填寫"),
    "test": (
        "Test: nothing of this is counted.",
        "测试页面：此处的回答不计入统计。",
        "測試頁面：此處的回答不計入統計。",
    ),
    "place": ("Place of “{choice}”", "“{choice}”的名次", "「{choice}」的名次"),
    "up": ("Move up", "上移", "上移"),
    "down": ("Move down", "下移", "下移"),
    "of": ("{value} of {most}", "{value} 分（满分 {most}）", "{value} 分（滿分 {most}）"),
    "should": ("What it should be", "应该达到的水平", "應該達到的水準"),
    "will": ("What you expected", "您的预期", "您的預期"),
    "minimum": ("The least you would accept", "您能接受的最低水平", "您能接受的最低水準"),
    "got": ("What you experienced", "您的实际体验", "您的實際體驗"),
    "email": ("E-mail", "电子邮箱", "電子郵件"),
    "phone": ("Phone", "手机号码", "手機號碼"),
    "name": ("Name", "姓名", "姓名"),
    "wecom": ("WeCom", "企业微信", "企業微信"),
    "days": ("days", "天", "天"),
    "hours": ("hours", "小时", "小時"),
    "minutes": ("minutes", "分钟", "分鐘"),
    "seconds": ("seconds", "秒", "秒"),
    "file_most": ("At most {most} MB: {kinds}", "最大 {most} MB：{kinds}", "最大 {most} MB：{kinds}"),
    "file_kept": ("Received: {name}", "已收到：{name}", "已收到：{name}"),
    "withdraw": (
        "Withdraw consent, or have my data deleted",
        "撤回同意或删除我的数据",
        "撤回同意或刪除我的資料",
    ),
    "let_go": (
        "Stop here and delete what I have said",
        "停止作答并删除已填内容",
        "停止作答並刪除已填內容",
    ),
    "withdrawn": ("Deleted", "已删除", "已刪除"),
    "withdrawn_text": (
        "What you had said is being deleted, and nothing of this visit is kept. You can close this page.",
        "您已填写的内容正在删除，本次访问不会留下任何记录。您可以关闭此页面。",
        "您已填寫的內容正在刪除，本次造訪不會留下任何紀錄。您可以關閉此頁面。",
    ),
    "leave": ("Continue", "继续", "繼續"),
    "confirm": (
        "You chose {value}. Press the button to send it.",
        "您选择了 {value}。请点击按钮确认。",
        "您選擇了 {value}。請按下按鈕確認。",
    ),
    # What a script says.
    "count": ("{n} of {most} characters", "已输入 {n}/{most} 字", "已輸入 {n}/{most} 字"),
    "unsent": (
        "Not sent yet: no connection. Your answers are kept here; trying again …",
        "尚未提交：网络不通。您的回答已保留在本页，正在重试……",
        "尚未送出：網路不通。您的回答已保留在本頁，正在重試……",
    ),
    # Ends of scales.
    "nps_low": ("Not at all likely", "完全不可能", "完全不可能"),
    "nps_high": ("Extremely likely", "非常可能", "非常可能"),
    "agree_low": ("Strongly disagree", "非常不同意", "非常不同意"),
    "agree_high": ("Strongly agree", "非常同意", "非常同意"),
    "satisfaction_1": ("Very dissatisfied", "非常不满意", "非常不滿意"),
    "satisfaction_2": ("Dissatisfied", "不满意", "不滿意"),
    "satisfaction_3": ("Neither", "一般", "普通"),
    "satisfaction_4": ("Satisfied", "满意", "滿意"),
    "satisfaction_5": ("Very satisfied", "非常满意", "非常滿意"),
    "face_1": ("Very bad", "很差", "很差"),
    "face_2": ("Bad", "较差", "較差"),
    "face_3": ("So-so", "一般", "普通"),
    "face_4": ("Good", "较好", "較好"),
    "face_5": ("Very good", "很好", "很好"),
    "emotion_1": ("Angry", "生气", "生氣"),
    "emotion_2": ("Disappointed", "失望", "失望"),
    "emotion_3": ("Neutral", "平静", "平靜"),
    "emotion_4": ("Pleased", "高兴", "高興"),
    "emotion_5": ("Delighted", "惊喜", "驚喜"),
    # Ends and refusals.
    "thanks": ("Thank you", "谢谢", "謝謝"),
    "thanks_text": (
        "Your answers have been received.",
        "我们已收到您的回答。",
        "我們已收到您的回答。",
    ),
    "over_quota": ("Thank you for your interest", "感谢您的参与", "感謝您的參與"),
    "over_quota_text": (
        "We have heard from enough people already, so these answers are not needed.",
        "我们已收集到足够的回答，本次无需您再填写。",
        "我們已收集到足夠的回答，本次無需您再填寫。",
    ),
    "unknown": ("This link does not work", "链接无效", "連結無效"),
    "unknown_text": (
        "Please check the address, or ask whoever sent it to you.",
        "请检查地址是否完整，或向发送者确认。",
        "請檢查網址是否完整，或向寄送者確認。",
    ),
    "closed": ("This survey is closed", "问卷已结束", "問卷已結束"),
    "closed_text": (
        "It does not take answers any more. Thank you for wanting to help.",
        "本问卷不再接收回答。感谢您的支持。",
        "本問卷不再接收回答。感謝您的支持。",
    ),
    "expired": ("This link has expired", "链接已过期", "連結已過期"),
    "expired_text": (
        "It could be used for a limited time only. Thank you for wanting to help.",
        "该链接仅在限定时间内有效。感谢您的支持。",
        "該連結僅在限定時間內有效。感謝您的支持。",
    ),
    "used": ("You have answered already", "您已提交过回答", "您已提交過回答"),
    "used_text": (
        "We have your answers. Thank you.",
        "我们已收到您的回答，谢谢。",
        "我們已收到您的回答，謝謝。",
    ),
    "stale": ("Please start again", "请重新开始", "請重新開始"),
    "stale_text": (
        "This page was open too long or has been changed. Open the link again.",
        "页面停留过久或已被改动，请重新打开链接。",
        "頁面停留過久或已被更動，請重新開啟連結。",
    ),
    "often": ("Too many tries", "尝试次数过多", "嘗試次數過多"),
    "often_text": (
        "Please wait a minute and open the link again.",
        "请稍等一分钟后重新打开链接。",
        "請稍候一分鐘後重新開啟連結。",
    ),
    "busy": ("Not stored yet", "尚未保存", "尚未儲存"),
    "busy_text": (
        "Very many people are answering at the moment. Nothing is lost: please press the button again in a moment.",
        "当前参与人数很多，您的回答没有丢失，请稍后再点击一次按钮。",
        "目前參與人數很多，您的回答沒有遺失，請稍後再按一次按鈕。",
    ),
    "too_large": ("That was too much at once", "内容过大", "內容過大"),
    "too_large_text": (
        "Please go back and send less text or a smaller file.",
        "请返回并减少文字或选择更小的文件。",
        "請返回並減少文字或選擇較小的檔案。",
    ),
    # Mistakes: the code of a fault, after `fault_`.
    "faults": ("Please check what is marked below", "请检查下面标出的问题", "請檢查下方標示的問題"),
    "error": ("Error", "有误", "有誤"),
    "more": ("One more question, because of your answer", "根据您的回答，还有一个问题", "根據您的回答，還有一個問題"),
    "fault_missing": ("Please answer this question.", "请回答此题。", "請回答此題。"),
    "fault_missing_row": ("Please answer every row.", "请逐行作答。", "請逐列作答。"),
    "fault_not_offered": (
        "Please choose one of the answers offered.",
        "请从所列选项中选择。",
        "請從所列選項中選擇。",
    ),
    "fault_too_few": ("Please choose at least {least}.", "请至少选择 {least} 项。", "請至少選擇 {least} 項。"),
    "fault_too_many": ("Please choose at most {most}.", "最多选择 {most} 项。", "最多選擇 {most} 項。"),
    "fault_alone": (
        "“{choice}” cannot be chosen together with others.",
        "“{choice}”不能与其他选项同时选择。",
        "「{choice}」不能與其他選項同時選擇。",
    ),
    "fault_repeated": (
        "Please give each place only once.",
        "每个名次只能使用一次。",
        "每個名次只能使用一次。",
    ),
    "fault_unranked": ("Please give every choice a place.", "请为所有选项排序。", "請為所有選項排序。"),
    "fault_not_a_number": ("Please enter a number, such as 3 or 2.5.", "请输入数字，例如 3 或 2.5。", "請輸入數字，例如 3 或 2.5。"),
    "fault_too_small": ("Please enter {least} or more.", "请输入不小于 {least} 的数字。", "請輸入不小於 {least} 的數字。"),
    "fault_too_large": ("Please enter {most} or less.", "请输入不大于 {most} 的数字。", "請輸入不大於 {most} 的數字。"),
    "fault_between_steps": ("Please enter a multiple of {step}.", "请输入 {step} 的倍数。", "請輸入 {step} 的倍數。"),
    "fault_not_a_date": ("Please enter a date, such as 2026-11-22.", "请输入日期，例如 2026-11-22。", "請輸入日期，例如 2026-11-22。"),
    "fault_too_short": ("Please write at least {least} characters.", "请至少输入 {least} 个字。", "請至少輸入 {least} 個字。"),
    "fault_too_long": (
        "Please write at most {most} characters; the rest was cut off here.",
        "最多 {most} 个字；超出部分已在此截断。",
        "最多 {most} 個字；超出部分已在此截斷。",
    ),
    "fault_characters": (
        "This text has characters that cannot be stored; please remove them.",
        "文字中含有无法保存的字符，请删除。",
        "文字中含有無法儲存的字元，請刪除。",
    ),
    "fault_not_email": ("Please enter an e-mail address, such as name@example.com.", "请输入电子邮箱，例如 name@example.com。", "請輸入電子郵件，例如 name@example.com。"),
    "fault_not_phone": ("Please enter a phone number.", "请输入电话号码。", "請輸入電話號碼。"),
    "fault_not_url": ("Please enter an address that begins with https://.", "请输入以 https:// 开头的网址。", "請輸入以 https:// 開頭的網址。"),
    "fault_not_digits": ("Please enter digits only.", "请只输入数字。", "請只輸入數字。"),
    "fault_not_postcode": ("Please enter a postal code.", "请输入邮政编码。", "請輸入郵遞區號。"),
    "fault_file_large": ("This file is larger than {most} MB.", "文件大于 {most} MB。", "檔案大於 {most} MB。"),
    "fault_file_kind": (
        "This kind of file is not taken; please choose one of: {kinds}.",
        "不接受此类文件，请选择：{kinds}。",
        "不接受此類檔案，請選擇：{kinds}。",
    ),
    "fault_file_empty": ("This file is empty.", "文件为空。", "檔案是空的。"),
    "fault_consent_needed": ("Please tick this box to go on.", "请勾选后继续。", "請勾選後繼續。"),
}  # fmt: skip

Table = Mapping[str, str]

_TABLES: Final[dict[str, Table]] = {
    code: {name: texts[place] for name, texts in _TABLE.items()}
    for place, code in enumerate(language.LANGUAGES)
}
# Languages by the name that their speakers give them; others are shown by their code.
NAMES: Final = {
    "en": "English", "zh-hans": "简体中文", "zh-hant": "繁體中文", "de": "Deutsch", "fr": "Français",
    "es": "Español", "it": "Italiano", "pt": "Português", "ja": "日本語", "ko": "한국어", "ru": "Русский",
    "ar": "العربية", "he": "עברית", "fa": "فارسی", "th": "ไทย", "vi": "Tiếng Việt", "id": "Bahasa Indonesia",
}  # fmt: skip
_CODES_MOST = 20
_RIGHT_TO_LEFT = ("ar", "he", "fa", "ur", "yi", "ps", "sd", "ug", "dv")


def table(code: str) -> Table:
    """The words of a language; English for one that has no table."""
    return _TABLES.get(language.canonical(code), _TABLES[language.DEFAULT])


def say(words: Table, name: str, /, **facts: object) -> str:
    """One sentence with its facts filled in."""
    text = words[name]
    for fact, value in facts.items():
        text = text.replace(f"{{{fact}}}", number(value) if isinstance(value, float) else str(value))
    return text


def number(value: float) -> str:
    """A number as it is written in a form: 3, not 3.0."""
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def direction(code: str) -> str:
    """`rtl` or `ltr`."""
    return "rtl" if code.split("-", maxsplit=1)[0] in _RIGHT_TO_LEFT else "ltr"


def tag(code: str) -> str:
    """A language code as HTML wants it: `zh-Hans`."""
    first, _, rest = code.partition("-")
    return f"{first}-{rest.title()}" if len(rest) == 4 else code


def best(wanted: Sequence[str], offered: tuple[str, ...]) -> str:
    """The offered language that suits best: the first wanted one that there is, else the one it was written in.

    Neither kind of Chinese stands in for the other.
    """
    # Whatever a browser or an address says: no code is longer, and nobody reads so many.
    return _best(tuple(code[:35] for code in wanted[:_CODES_MOST]), offered)


@lru_cache(maxsize=4096)
def _best(wanted: tuple[str, ...], offered: tuple[str, ...]) -> str:
    known = {language.canonical(code): code for code in offered}
    for each in wanted:
        code = language.canonical(each)
        for candidate in (code,) if code.startswith("zh") else (code, code.split("-")[0]):
            if candidate in known:
                return known[candidate]
    return offered[0]


def accepted(header: str) -> tuple[str, ...]:
    """The languages of an Accept-Language header, the most wanted first."""
    return _accepted(header[:500])


@lru_cache(maxsize=4096)
def _accepted(header: str) -> tuple[str, ...]:
    found = []
    for place, part in enumerate(header.split(",")[:_CODES_MOST]):
        code, _, quality = part.strip().partition(";q=")
        try:
            weight = float(quality or 1)
        except ValueError:
            continue
        if code and code != "*" and weight > 0:
            found.append((-weight, place, code))
    return tuple(code for _weight, _place, code in sorted(found))
