"""The API of WeCom: access tokens, kept until they expire, and calls whose failure stands in `errcode`, not in HTTP."""

import threading
from datetime import datetime, timedelta
from typing import Any

import msgspec

from mindgap.collect.channels import replies
from mindgap.collect.channels.contract import THROTTLED, Account, Outcome, no_reply, refused, retry
from mindgap.collect.channels.signing import hex_sha256
from mindgap.collect.outgoing import Http, OutgoingProblem
from mindgap.ground import clock

ENDPOINT = "https://qyapi.weixin.qq.com"
# The token is no longer one: it expired, or somebody had another one made.
_TOKEN_OVER = (40014, 42001, 41001)
_BAD_ACCOUNT = (40001, 40013, 40056, 40091, 48002, 60011, 60020, 93000)
_THROTTLED = (45009, 45033, 45047)
_BUSY = (-1, 6000)
_NO_SUCH_PERSON = (40003, 40031, 40096, 60111, 81013, 84061)
# Renewed a little before it ends.
_EARLY = timedelta(minutes=5)

_tokens: dict[tuple[int, str], tuple[str, datetime]] = {}
_lock = threading.Lock()


class Failed(Exception):
    """A call that did not succeed; `outcome` says what follows."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome.code)
        self.outcome = outcome


def call(account: Account, http: Http, path: str, body: dict[str, Any]) -> dict[str, Any]:
    """Call an API with a token of the account; a token that is over is replaced once. Raises `Failed`."""
    answer = _post(account, http, path, body, token=_token(account, http))
    if answer.get("errcode") in _TOKEN_OVER:
        answer = _post(account, http, path, body, token=_token(account, http, fresh=True))
    check(answer)
    return answer


def check(answer: dict[str, Any]) -> None:
    """Raise `Failed` unless `errcode` is 0; HTTP says 200 to everything."""
    code = answer.get("errcode")
    if code == 0:
        return
    words = str(answer.get("errmsg", ""))
    if code in _BAD_ACCOUNT or code in _TOKEN_OVER:
        raise Failed(replies.mend(f"{code} {words}"))
    if code in _THROTTLED:
        raise Failed(retry(THROTTLED, f"{code} {words}", after=60))
    if code in _BUSY or code is None:
        raise Failed(retry(str(code), words))
    raise Failed(refused(str(code), words, is_bounce=code in _NO_SUCH_PERSON))


def post(http: Http, url: str, body: dict[str, Any]) -> dict[str, Any]:
    """Post JSON and read JSON."""
    headers = {"content-type": "application/json; charset=utf-8"}
    try:
        reply = http.post(url, msgspec.json.encode(body), headers=headers)
    except OutgoingProblem as problem:
        raise Failed(no_reply(problem)) from problem
    if outcome := replies.broken(reply):
        raise Failed(outcome)
    return replies.json(reply)


def _post(account: Account, http: Http, path: str, body: dict[str, Any], *, token: str) -> dict[str, Any]:
    return post(http, f"{account['endpoint'] or ENDPOINT}{path}?access_token={token}", body)


def _token(account: Account, http: Http, *, fresh: bool = False) -> str:
    name = (account.id, hex_sha256(f"{account['corp_id']}:{account['secret']}:{account['endpoint']}"))
    with _lock:
        token, until = _tokens.get(name, ("", clock.now()))
        if token and not fresh and clock.now() < until:
            return token
        try:
            reply = http.get(
                f"{account['endpoint'] or ENDPOINT}/cgi-bin/gettoken",
                params={"corpid": account["corp_id"], "corpsecret": account["secret"]},
            )
        except OutgoingProblem as problem:
            # Nothing but a token was asked for: whatever happened, no message left.
            raise Failed(retry(problem.code, "no token")) from problem
        if outcome := replies.broken(reply):
            raise Failed(outcome)
        answer = replies.json(reply)
        check(answer)
        lasts = timedelta(seconds=int(answer.get("expires_in", 7200)))
        _tokens[name] = (str(answer["access_token"]), clock.now() + max(lasts - _EARLY, lasts / 2))
        return _tokens[name][0]
