"""A definition with every type of question, in all three languages: what answering, building and showing are tried on."""

from typing import Any

from mindgap.keep import definition
from mindgap.keep.definition import Definition

LANGUAGES = ("en", "zh-hans", "zh-hant")

_WORDS = {
    "title": ("How was it?", "体验如何？", "體驗如何？"),
    "nps": ("Would you recommend us?", "您有多大可能推荐我们？", "您有多大可能推薦我們？"),
    "stars": ("How many stars?", "您给几颗星？", "您給幾顆星？"),
    "faces": ("How was the visit?", "本次到店感受如何？", "本次到店感受如何？"),
    "satisfaction": ("How satisfied are you?", "您满意吗？", "您滿意嗎？"),
    "effort": ("It was easy to get it done.", "事情办得很轻松。", "事情辦得很輕鬆。"),
    "rating": ("How clean was it?", "整洁程度如何？", "整潔程度如何？"),
    "emotion": ("How did you feel?", "您当时的心情？", "您當時的心情？"),
    "single": ("Where did you order?", "您在哪里下单？", "您在哪裡下單？"),
    "multiple": ("What mattered?", "您看重什么？", "您看重什麼？"),
    "dropdown": ("Which city?", "哪个城市？", "哪個城市？"),
    "ranking": ("Order these by weight", "请按重要性排序", "請按重要性排序"),
    "matrix": ("How was each of these?", "以下各项如何？", "以下各項如何？"),
    "pair": ("Friendliness: expected and found", "态度：预期与实际", "態度：預期與實際"),
    "wait": ("Days: expected and found", "天数：预期与实际", "天數：預期與實際"),
    "duration": ("How many days did it take?", "实际用了几天？", "實際用了幾天？"),
    "number": ("How many pieces?", "共几件？", "共幾件？"),
    "date": ("When was it?", "是哪一天？", "是哪一天？"),
    "name": ("What did you buy?", "您买了什么？", "您買了什麼？"),
    "text": ("What should we do better?", "我们该如何改进？", "我們該如何改進？"),
    "consent": ("You may contact me about this", "同意就本次反馈与我联系", "同意就本次回饋與我聯絡"),
    "contact": ("How may we reach you?", "如何联系您？", "如何聯絡您？"),
    "file": ("A picture, if you have one", "如有照片请上传", "如有照片請上傳"),
    "statement": ("Almost done.", "马上完成。", "馬上完成。"),
    "help": ("As exactly as you remember.", "请尽量准确。", "請盡量準確。"),
    "web": ("Web", "网站", "網站"),
    "shop": ("Shop", "门店", "門市"),
    "else": ("Somewhere else", "其他", "其他"),
    "price": ("Price", "价格", "價格"),
    "speed": ("Speed", "速度", "速度"),
    "advice": ("Advice", "建议", "建議"),
    "none": ("None of these", "以上都不是", "以上皆非"),
    "thanks": ("Thank you for your time", "感谢您的时间", "感謝您的時間"),
    "full": ("We have enough answers", "回答已足够", "回答已足夠"),
    "notice": ("We use your answers to serve you better.", "我们用您的回答改进服务。", "我們用您的回答改進服務。"),
    "whole": ("Kept for two years; ask us to delete them.", "保存两年；可要求删除。", "保存兩年；可要求刪除。"),
}  # fmt: skip


def words(name: str) -> dict[str, str]:
    """One text in all languages."""
    return dict(zip(LANGUAGES, _WORDS[name], strict=True))


def choices(*names: str, **more: dict[str, Any]) -> list[dict[str, Any]]:
    """Choices by name; `more` gives one of them further fields."""
    return [{"code": name, "text": words(name), **more.get(name, {})} for name in names]


def question(code: str, type_: str = "", **more: Any) -> dict[str, Any]:
    """One question, whose text is found by its code."""
    return {"code": code, "type": type_ or code, "text": words(code), **more}


def raw() -> dict[str, Any]:
    """The definition as JSON, to be changed by a test."""
    scored = [
        question("nps", measure="recommend", required=True),
        question("stars", measure="stars", may_skip=True),
        question("faces", measure="faces"),
        question("satisfaction", measure="satisfaction", may_skip=True, help=words("help")),
        question("effort", measure="effort"),
        question("rating", measure="clean", least=0, most=2, step=0.5),
        question("emotion", measure="emotion"),
    ]
    chosen = [
        question(
            "single", choices=choices("web", "shop", "else", **{"else": {"other": True}}), may_skip=True
        ),
        question(
            "multiple",
            choices=choices("price", "speed", "advice", "none", none={"alone": True}),
            least=1,
            most=2,
            shuffle=True,
        ),
        question("dropdown", choices=choices("web", "shop"), may_skip=True),
        question("ranking", choices=choices("price", "speed", "advice")),
        question(
            "matrix",
            rows=choices("price", "speed", price={"measure": "value"}, speed={"measure": "speed"}),
            may_skip=True,
        ),
    ]
    sides = [
        question("pair", asks=["should", "will", "got"], measure="friendly", may_skip=True),
        question(
            "wait", "pair", asks=["will", "got"], measure="days", unit="days", least=0, source="advertising"
        ),
        question("duration", measure="took", unit="days", least=0, most=365, may_skip=True),
        question("number", least=1, most=99, measure="pieces", expects="will"),
        question("date"),
    ]
    said = [
        question("name", "text", most=40),
        question("text", long=True, most=500, help=words("help")),
        question("file", accepts=["jpg", "png", "gif", "pdf"], most=1),
        question("contact", fields=["name", "email", "phone"]),
        question("consent", purpose="contact"),
        question("statement"),
    ]
    return {
        "title": words("title"),
        "languages": list(LANGUAGES),
        "pages": [
            {"code": "scored", "questions": scored},
            {"code": "chosen", "questions": chosen},
            {"code": "sides", "questions": sides},
            {"code": "said", "questions": said},
        ],
        "ends": [{"code": "thanks", "text": words("thanks")}, {"code": "full", "text": words("full")}],
        "hidden": [
            {"code": "order", "keeps": "interaction"},
            {"code": "campaign", "keeps": "attribute"},
            {"code": "city", "keeps": "segment"},
            {"code": "store", "keeps": "unit"},
        ],
        "notice": words("notice"),
        "notice_full": words("whole"),
        "redirect_hosts": ["shop.example"],
    }


def every_type() -> Definition:
    """The whole."""
    return definition.read(raw())


# What somebody who answers everything sends, page by page.
FIELDS: dict[str, dict[str, list[str]]] = {
    "scored": {
        "nps": ["9"],
        "stars": ["~"],
        "faces": ["4"],
        "satisfaction": ["5"],
        "effort": ["6"],
        "rating": ["1.5"],
        "emotion": ["2"],
    },
    "chosen": {
        "single": ["else"],
        "single.else": ["at my neighbour's"],
        "multiple": ["speed", "price"],
        "dropdown": ["shop"],
        "ranking.price": ["2"],
        "ranking.speed": ["1"],
        "ranking.advice": ["3"],
        "matrix.price": ["4"],
        "matrix.speed": ["~"],
    },
    "sides": {
        "pair.should": ["5"],
        "pair.will": ["4"],
        "pair.got": ["3"],
        "wait.will": ["2"],
        "wait.got": ["4"],
        "duration~": ["1"],
        "number": ["3"],
        "date": ["2026-11-22"],
    },
    "said": {
        "name": ["A lantern"],
        "text": ["Tell me before it is late.\n谢谢 𠮷"],
        "contact.email": ["ann@shop.example"],
        "contact.phone": ["138 0000 0000"],
        "consent": ["1"],
    },
}
VALUES: dict[str, Any] = {
    "nps": 9,
    "stars": None,
    "faces": 4,
    "satisfaction": 5,
    "effort": 6,
    "rating": 1.5,
    "emotion": 2,
    "single": "else",
    "single.else": "at my neighbour's",
    "multiple": ["price", "speed"],
    "dropdown": "shop",
    "ranking": ["speed", "price", "advice"],
    "matrix": {"price": 4, "speed": None},
    "pair": {"should": 5, "will": 4, "got": 3},
    "wait": {"will": 2, "got": 4},
    "duration": None,
    "number": 3,
    "date": "2026-11-22",
    "name": "A lantern",
    "text": "Tell me before it is late.\n谢谢 𠮷",
    "contact": {"email": "ann@shop.example", "phone": "+8613800000000"},
    "consent": True,
}
