"""Words of the page of preferences in three languages; other languages get the English ones."""

from typing import Final

from mindgap.ground import language

# code: (English, simplified Chinese, traditional Chinese)
_TABLE: Final[dict[str, tuple[str, str, str]]] = {
    "title": ("What we may send you and what we keep", "消息偏好与个人信息", "訊息偏好與個人資料"),
    "from": ("This page is about {name}.", "本页面适用于{name}。", "本頁面適用於{name}。"),
    "ways": ("How may we ask for your opinion?", "您愿意通过哪些渠道接收调查邀请？", "您願意透過哪些管道接收問卷邀請？"),
    "ways_help": (
        "Untick what you do not want. It holds at once.",
        "取消勾选不需要的渠道，立即生效。",
        "取消勾選不需要的管道，立即生效。",
    ),
    "save": ("Save", "保存", "儲存"),
    "stop": ("Stop all messages", "停止接收所有消息", "停止接收所有訊息"),
    "kept": ("What we keep about you", "我们保存的信息", "我們保存的資料"),
    "identities": ("Addresses and names by which we know you: {list}", "用于识别您的信息：{list}", "用於識別您的資料：{list}"),
    "interactions": ("Orders, visits and other contacts: {n}", "订单、到访等互动记录：{n} 条", "訂單、造訪等互動紀錄：{n} 筆"),
    "answers": ("Answers you gave: {n}", "您提交的回答：{n} 份", "您送出的回答：{n} 份"),
    "consents": ("What you agreed to: {list}", "您已同意：{list}", "您已同意：{list}"),
    "no_consents": ("You have agreed to nothing beyond your answers.", "您目前没有其他已生效的同意。", "您目前沒有其他生效中的同意。"),
    "withdraw": ("Withdraw what I agreed to", "撤回我的同意", "撤回我的同意"),
    "copy": ("Ask for a copy of my data", "申请获取我的信息副本", "申請取得我的資料副本"),
    "erasure": ("Ask to have my data deleted", "申请删除我的信息", "申請刪除我的資料"),
    "asked_copy": (
        "You asked for a copy on {at}. You get it by {due}.",
        "您已于 {at} 申请信息副本，我们将在 {due} 前提供。",
        "您已於 {at} 申請資料副本，我們將於 {due} 前提供。",
    ),
    "asked_erasure": (
        "You asked for deletion on {at}. It is done by {due}.",
        "您已于 {at} 申请删除，我们将在 {due} 前完成。",
        "您已於 {at} 申請刪除，我們將於 {due} 前完成。",
    ),
    "saved": ("Saved. It holds from now on.", "已保存，即刻生效。", "已儲存，即刻生效。"),
    "stopped": ("We will not write to you any more.", "我们不会再向您发送消息。", "我們不會再傳送訊息給您。"),
    "withdrawn": ("Withdrawn. What was done before stays lawful.", "已撤回。撤回前的处理不受影响。", "已撤回。撤回前的處理不受影響。"),
    "noted": ("Your request is noted.", "已收到您的申请。", "已收到您的申請。"),
    "unsubscribed": ("You get no more messages on this way.", "您将不再通过此渠道收到消息。", "您將不再透過此管道收到訊息。"),
    "language": ("Language", "语言", "語言"),
    "email": ("E-mail", "电子邮件", "電子郵件"),
    "phone": ("Phone", "手机号码", "手機號碼"),
    "sms": ("Text message", "短信", "簡訊"),
    "wecom": ("WeCom", "企业微信", "企業微信"),
    "alipay": ("Alipay", "支付宝", "支付寶"),
    "order": ("Order", "订单", "訂單"),
    "contact": ("being contacted", "与我联系", "與我聯絡"),
    "partner": ("passing on to a partner", "提供给合作方", "提供給合作夥伴"),
    "abroad": ("transfer abroad", "向境外提供", "傳輸至境外"),
    "marketing": ("advertising", "营销信息", "行銷訊息"),
    "research": ("research", "调研", "調查研究"),
}  # fmt: skip
_BETWEEN: Final = {"en": ", ", "zh-hans": "、", "zh-hant": "、"}


def table(code: str) -> dict[str, str]:
    """The words of a language."""
    place = language.LANGUAGES.index(_known(code))
    return {name: texts[place] for name, texts in _TABLE.items()}


def joined(parts: list[str], code: str) -> str:
    """A list as one puts it into a sentence."""
    return _BETWEEN[_known(code)].join(parts)


def _known(code: str) -> str:
    found = language.canonical(code)
    return found if found in language.LANGUAGES else language.DEFAULT
