"""腾讯问卷 (wj.qq.com): `answer.create`, `answer.update`, `answer.delete`. It signs nothing: the address is the secret."""

from typing import Any
from zoneinfo import ZoneInfo

from mindgap.collect.inbound.contract import (
    Message,
    NotUnderstood,
    Source,
    Told,
    anybody,
    instant,
    needed,
    objects,
    part,
)

_ACTIONS = ("answer.create", "answer.update", "answer.delete")


def _read(message: Message, zone: ZoneInfo) -> Told | None:
    found = message.found
    if found.get("action") not in _ACTIONS:
        if found.get("object") == "Answer":
            raise NotUnderstood("action is none of those known")
        return None
    payload = part(found, "payload")
    user = part(payload, "third_party_user")
    questions = [each for page in objects(payload.get("answer")) for each in objects(page.get("questions"))]
    asked = payload.get("started_at")
    # `openid` is whatever the survey's address said; no identity of WeChat.
    identities = {"respondent": str(user["respondent_id"])} if user.get("respondent_id") else {}
    return Told(
        key=f"tencent:{needed(payload, 'survey_id')}:{needed(payload, 'answer_id')}",
        answered_at=instant(payload.get("ended_at") or found.get("created_at"), zone, "ended_at"),
        asked_at=instant(asked, zone, "started_at") if asked else None,
        values={needed(each, "id"): _value(each) for each in questions} | _custom(payload, user),
        labels={str(each["id"]): str(each.get("title", "")) for each in questions},
        identities=identities,
        is_withdrawn=found["action"] == "answer.delete",
    )


def _value(question: dict[str, Any]) -> Any:
    chosen = [each.get("text", "") for each in objects(question.get("options")) if each.get("checked")]
    if chosen:
        return chosen[0] if len(chosen) == 1 else chosen
    blanks = [each.get("value", "") for each in objects(question.get("blanks"))]
    return question.get("text") or (blanks[0] if len(blanks) == 1 else blanks)


def _custom(payload: dict[str, Any], user: dict[str, Any]) -> dict[str, Any]:
    openid = user.get("openid") or payload.get("openid")
    return {"openid": openid} if openid else {}


SOURCE = Source("tencent", "腾讯问卷", False, anybody, _read, zone="Asia/Shanghai")
