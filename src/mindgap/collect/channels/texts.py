"""Texts of invitations, reminders and thanks in three languages; a programme may have its own.

`{{name}}`, `{{organization}}`, `{{survey}}` and `{{hidden.<code>}}` are filled in; nothing is evaluated (A5). The
short ones are for a text message, where every character counts.
"""

from typing import Final
from uuid import UUID

from mindgap.collect.survey import logic
from mindgap.collect.survey.state import State
from mindgap.ground import language
from mindgap.keep.definition import Definition

INVITATION, REMINDER, THANKS = "invitation", "reminder", "thanks"
KINDS = (INVITATION, REMINDER, THANKS)
FACTS = ("name", "organization", "survey", "link", "path", "sender")
# (subject, text) by kind and language; the kind of a short one ends in `_short`.
_TEXTS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "invitation": {
        "en": (
            "{{organization}}: how was it for you?",
            "Hello {{name}}\n\nYou were with us recently. Was it as you expected? It takes about a minute, and your answer goes to the people who can change something.",
        ),
        "zh-hans": (
            "{{organization}}：这次体验符合您的预期吗？",
            "{{name}}您好：\n\n感谢您最近选择我们。这次体验与您的预期相符吗？只需约一分钟，您的回答会直接交给能够改进的人。",
        ),
        "zh-hant": (
            "{{organization}}：這次體驗符合您的期待嗎？",
            "{{name}}您好：\n\n感謝您最近選擇我們。這次體驗與您的期待相符嗎？大約一分鐘即可完成，您的回答會直接交給能夠改善的人。",
        ),
    },
    "reminder": {
        "en": (
            "{{organization}}: your answer is still missing",
            "Hello {{name}}\n\nWe would still like to hear from you. It takes about a minute. If you would rather not, no further reminder follows.",
        ),
        "zh-hans": (
            "{{organization}}：期待您的回答",
            "{{name}}您好：\n\n我们仍想听听您的看法，只需约一分钟。如果您不愿意回答，我们不会继续提醒。",
        ),
        "zh-hant": (
            "{{organization}}：期待您的回答",
            "{{name}}您好：\n\n我們仍想聽聽您的看法，大約一分鐘即可完成。如果您不想回答，我們不會再提醒。",
        ),
    },
    "thanks": {
        "en": (
            "{{organization}}: thank you",
            "Hello {{name}}\n\nThank you for your answer. It is with the people who can change something.",
        ),
        "zh-hans": (
            "{{organization}}：谢谢您的回答",
            "{{name}}您好：\n\n感谢您的回答，我们已转交给能够改进的人。",
        ),
        "zh-hant": (
            "{{organization}}：謝謝您的回答",
            "{{name}}您好：\n\n感謝您的回答，我們已轉交給能夠改善的人。",
        ),
    },
    "invitation_short": {
        "en": ("{{organization}}", "{{name}} was it as you expected? 1 minute:"),
        "zh-hans": ("{{organization}}", "{{name}}您好，这次体验符合您的预期吗？1分钟告诉我们："),
        "zh-hant": ("{{organization}}", "{{name}}您好，這次體驗符合您的期待嗎？1分鐘告訴我們："),
    },
    "reminder_short": {
        "en": ("{{organization}}", "{{name}} we would still like to hear from you:"),
        "zh-hans": ("{{organization}}", "{{name}}您好，期待您的回答："),
        "zh-hant": ("{{organization}}", "{{name}}您好，期待聽到您的意見："),
    },
    "thanks_short": {
        "en": ("{{organization}}", "Thank you for your answer."),
        "zh-hans": ("{{organization}}", "感谢您的回答。"),
        "zh-hant": ("{{organization}}", "感謝您的回答。"),
    },
}
# What stands around the words of a message.
_PHRASES: Final[dict[str, dict[str, str]]] = {
    "open": {"en": "Answer now", "zh-hans": "立即回答", "zh-hant": "立即回答"},
    "open_notice": {"en": "Open it", "zh-hans": "打开查看", "zh-hant": "開啟查看"},
    "preferences": {
        "en": "Choose what we may send you, or stop it",
        "zh-hans": "管理或停止接收此类消息",
        "zh-hant": "管理或停止接收此類訊息",
    },
    "from": {
        "en": "This message is from {{organization}}.",
        "zh-hans": "本消息由{{organization}}发送。",
        "zh-hant": "本訊息由{{organization}}寄送。",
    },
    "more": {"en": "{n} messages", "zh-hans": "{n} 条消息", "zh-hant": "{n} 則訊息"},
}
_ANYONE = UUID(int=0)


def own(kind: str, code: str, *, is_short: bool = False) -> tuple[str, str]:
    """Our subject and text for a kind, in a language; English where there is none."""
    table = _TEXTS[f"{kind}_short" if is_short else kind]
    return table.get(language.canonical(code), table[language.DEFAULT])


def phrase(name: str, code: str) -> str:
    """One of the words around a message."""
    return _PHRASES[name].get(language.canonical(code), _PHRASES[name][language.DEFAULT])


def to_open(kind: str, code: str) -> str:
    """What stands on the link of a message of that kind: a customer answers, a member opens a page."""
    return phrase("open_notice" if kind == "notice" else "open", code)


def fill(text: str, facts: dict[str, str], *, code: str) -> str:
    """A text with its facts filled in; what is not known becomes nothing, and what is left of it is tidied."""
    for fact in FACTS:
        text = text.replace(f"{{{{{fact}}}}}", f"{{{{hidden.{fact}}}}}")
    state = State(id=_ANYONE, survey="", version=0, language=code, hidden=facts)
    filled = logic.pipe(text, state, definition=_NOTHING)
    return "\n".join(" ".join(line.split()) for line in filled.splitlines()).strip()


_NOTHING = Definition(title={})
