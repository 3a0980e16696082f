"""问卷星 (wjx.cn): one flat object per answer; `sign` is the SHA-1 of activity, index and the key of the push."""

import hashlib
import re
from zoneinfo import ZoneInfo

from mindgap.collect.channels import signing
from mindgap.collect.inbound.contract import Message, NotGenuine, Source, Told, instant, needed

_QUESTION = re.compile(r"q\d+(_\w+)?")
_EXTRA = ("sojumpparm", "totalvalue", "timetaken", "name", "source", "province", "city")


def _check(message: Message, secret: str) -> None:
    """The scheme signs who answered which survey, not what: the unguessable address guards the rest."""
    signed = f"{message.found.get('activity', '')}{message.found.get('index', '')}{secret}"
    right = hashlib.sha1(signed.encode(), usedforsecurity=False).hexdigest()
    if not signing.is_same(str(message.found.get("sign", "")).lower(), right):
        raise NotGenuine("sign is not right")


def _read(message: Message, zone: ZoneInfo) -> Told | None:
    found = message.found
    values = {name: value for name, value in found.items() if _QUESTION.fullmatch(name) or name in _EXTRA}
    return Told(
        key=f"wjx:{needed(found, 'activity')}:{needed(found, 'joinid')}",
        answered_at=instant(found.get("submittime"), zone, "submittime"),
        values=values,
    )


SOURCE = Source("wjx", "问卷星", True, _check, _read, zone="Asia/Shanghai")
