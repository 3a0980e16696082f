"""A message of each tool as its documents describe it, and how it would be signed."""

import base64
import hashlib
import hmac
import json
from typing import Any

from mindgap.ground import clock

STANDARD = "whsec_" + base64.b64encode(b"0123456789abcdef0123456789abcdef").decode()
SECRETS = {"wjx": "push-key", "typeform": "type-secret", "formbricks": STANDARD, "tencent": "", "haoke": ""}

TENCENT: dict[str, Any] = {
    "id": "hook-1",
    "object": "Answer",
    "action": "answer.create",
    "created_at": "2026-11-01 10:03:00",
    "payload": {
        "survey_id": 77,
        "answer_id": 9,
        "started_at": "2026-11-01 10:00:00",
        "ended_at": "2026-11-01 10:02:30",
        "third_party_user": {"respondent_id": "r-5", "openid": "A1001"},
        "answer": [
            {
                "id": "p-1",
                "questions": [
                    {"id": "q-1", "title": "推荐", "type": "nps", "text": "9"},
                    {
                        "id": "q-2",
                        "title": "满意度",
                        "type": "radio",
                        "options": [
                            {"id": "o-1", "text": "满意", "checked": 1},
                            {"id": "o-2", "text": "不满意", "checked": 0},
                        ],
                    },
                    {"id": "q-3", "title": "原因", "type": "textarea", "text": "送货很快"},
                ],
            }
        ],
    },
}
WJX: dict[str, Any] = {
    "activity": "12345",
    "name": "满意度",
    "timetaken": "52",
    "submittime": "2026-11-01 10:01:59",
    "q1": "10",
    "q2": "2",
    "q3": "送货很快",
    "q4": "1,2",
    "index": "17",
    "joinid": "1001",
    "sojumpparm": "A1001",
}
HAOKE: dict[str, Any] = {
    "event_type": "entry_submitted",
    "campaign": {
        "token": "c1",
        "fields": [
            {"code": "field_1", "label": "推荐", "type": "NpsField"},
            {"code": "field_2", "label": "满意度", "type": "RatingField"},
            {"code": "field_3", "label": "原因", "type": "TextField"},
        ],
    },
    "entry": {
        "serial_number": 3,
        "fields": {"field_1": 9, "field_2": 4, "field_3": "送货很快"},
        "customer": {"uid": "u1", "name": "王", "email": "wang@example.com", "mobile": "13800001111"},
        "created_at": "2026-11-01T02:02:30Z",
        "region": "上海",
    },
}
FORMBRICKS: dict[str, Any] = {
    "webhookId": "w1",
    "event": "responseFinished",
    "data": {
        "id": "resp1",
        "surveyId": "surv1",
        "finished": True,
        "createdAt": "2026-11-01T02:00:00.000Z",
        "updatedAt": "2026-11-01T02:02:30.000Z",
        "language": "zh-Hans",
        "data": {"nps": 9, "csat": 4, "why": "送货很快"},
        "meta": {"source": "link", "url": "https://shop.example"},
        "contact": {"userId": "u1"},
    },
}
TYPEFORM: dict[str, Any] = {
    "event_id": "e1",
    "event_type": "form_response",
    "form_response": {
        "form_id": "f1",
        "token": "t1",
        "landed_at": "2026-11-01T02:00:00Z",
        "submitted_at": "2026-11-01T02:02:30Z",
        "hidden": {"order": "A1001"},
        "definition": {"fields": [{"id": "x1", "ref": "nps", "title": "How likely?", "type": "nps"}]},
        "answers": [
            {"type": "number", "number": 9, "field": {"id": "x1", "ref": "nps", "type": "nps"}},
            {
                "type": "choice",
                "choice": {"label": "满意"},
                "field": {"id": "x2", "ref": "csat", "type": "choice"},
            },
            {"type": "text", "text": "送货很快", "field": {"id": "x3", "ref": "why", "type": "long_text"}},
        ],
    },
}
MESSAGES = {"tencent": TENCENT, "wjx": WJX, "haoke": HAOKE, "formbricks": FORMBRICKS, "typeform": TYPEFORM}

_WORDS = {"满意": 4.0, "不满意": 2.0}
_CSAT = {"measure": "satisfaction", "values": _WORDS}
MAPPINGS: dict[str, dict[str, Any]] = {
    "tencent": {"scores": {"q-1": "recommend", "满意度": _CSAT}, "comment": "原因", "interaction": "openid"},
    # It sends the place of the choice: 10th of 0 to 10 is 9, 2nd of five from the best is 4.
    "wjx": {
        "scores": {
            "q1": {"measure": "recommend", "add": -1},
            "q2": {"measure": "satisfaction", "values": {"1": 5, "2": 4, "3": 3, "4": 2, "5": 1}},
        },
        "comment": "q3",
        "interaction": "sojumpparm",
    },
    "haoke": {"scores": {"推荐": "recommend", "field_2": "satisfaction"}, "comment": "field_3"},
    "formbricks": {"scores": {"nps": "recommend", "csat": "satisfaction"}, "comment": "why"},
    "typeform": {
        "scores": {"How likely?": "recommend", "csat": _CSAT},
        "comment": "why",
        "interaction": "order",
    },
}


def signed(kind: str, message: dict[str, Any], *, at: float | None = None) -> tuple[bytes, dict[str, str]]:
    """The body and headers that the tool would send."""
    if kind == "wjx":
        text = f"{message['activity']}{message['index']}{SECRETS['wjx']}"
        message = message | {"sign": hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()}
    body = json.dumps(message, ensure_ascii=False).encode()
    headers = {"content-type": "application/json"}
    if kind == "typeform":
        mac = hmac.digest(SECRETS["typeform"].encode(), body, "sha256")
        headers["Typeform-Signature"] = "sha256=" + base64.b64encode(mac).decode()
    if kind == "formbricks":
        stamp = str(int(at if at is not None else clock.now().timestamp()))
        mac = hmac.digest(b"0123456789abcdef0123456789abcdef", f"m1.{stamp}.".encode() + body, "sha256")
        right = base64.b64encode(mac).decode()
        headers |= {
            "webhook-id": "m1",
            "webhook-timestamp": stamp,
            # While a secret is changed there are two; one of another scheme is passed over.
            "webhook-signature": f"v1,AAAA v1a,BBBB v1,{right}",
        }
    return body, headers
