"""Typeform: `form_response`, signed with an HMAC-SHA256 of the body."""

from typing import Any
from zoneinfo import ZoneInfo

from mindgap.collect.channels import signing
from mindgap.collect.inbound.contract import Message, NotGenuine, Source, Told, instant, needed, objects, part


def _check(message: Message, secret: str) -> None:
    right = "sha256=" + signing.base64_hmac(secret, message.body)
    if not signing.is_same(message.headers.get("typeform-signature", ""), right):
        raise NotGenuine("typeform-signature is not right")


def _read(message: Message, zone: ZoneInfo) -> Told | None:
    if message.found.get("event_type") != "form_response":
        return None
    found = part(message.found, "form_response")
    asked = found.get("landed_at")
    fields = objects(part(found, "definition").get("fields"))
    answers = [(_name(part(each, "field")), _value(each)) for each in objects(found.get("answers"))]
    return Told(
        key=f"typeform:{needed(found, 'form_id')}:{needed(found, 'token')}",
        answered_at=instant(found.get("submitted_at"), zone, "submitted_at"),
        asked_at=instant(asked, zone, "landed_at") if asked else None,
        values=dict(answers) | part(found, "hidden"),
        labels={_name(each): str(each.get("title", "")) for each in fields},
    )


def _name(field: dict[str, Any]) -> str:
    return str(field.get("ref") or field.get("id", ""))


def _value(answer: dict[str, Any]) -> Any:
    value = answer.get(str(answer.get("type")))
    if isinstance(value, dict):
        return value.get("label") or value.get("labels") or value.get("other") or value
    return value


SOURCE = Source("typeform", "Typeform", True, _check, _read)
