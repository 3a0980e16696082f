"""Address: the paths of answering pages, as messages, codes and previews need them."""

from urllib.parse import urlencode

from mindgap.collect.survey.state import NotOurs, Seal

_TEST = "survey-test"


def path(short: str, *, token: str = "", first: str = "", language: str = "", **hidden: str) -> str:
    """The path of a survey or link; with the token of an invitation it is one person's own.

    `first` preselects the first answer (one click in a message), which is stored only when it is sent (B6).
    """
    query = {"first": first, "lang": language, **hidden}
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"/s/{short}" + (f"/{token}" if token else "") + (f"?{asked}" if asked else "")


def preview_path(short: str, seal: Seal, *, language: str = "") -> str:
    """A path that shows the newest version, even a draft; what is sent there is a trial and counted nowhere."""
    mark = seal.sign(short.encode(), purpose=_TEST)
    return f"/s/{short}?{urlencode({'test': mark, **({'lang': language} if language else {})})}"


def is_test(short: str, mark: str, seal: Seal) -> bool:
    """Whether a mark was made by `preview_path` for this short name."""
    try:
        return bool(mark) and seal.read(mark, purpose=_TEST) == short.encode()
    except NotOurs:
        return False
