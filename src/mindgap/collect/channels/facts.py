"""Facts: what may be filled into a template that is registered with a provider, line by line."""

from urllib.parse import urlsplit

from mindgap.collect.channels import texts
from mindgap.collect.channels.message import Message


def of(message: Message) -> dict[str, str]:
    """What a message offers: `path` is its link without scheme and host, which templates often spell out."""
    path = urlsplit(message.link).path.lstrip("/")
    return {
        **message.values,
        "organization": message.organization,
        "sender": message.sender,
        "link": message.link,
        "path": path,
    }


def filled(lines: str, message: Message) -> dict[str, str]:
    """`{"customer": "Ann", …}` from lines such as `customer = {{name}}`; nothing is evaluated (A5)."""
    known = of(message)
    pairs = (line.partition("=") for line in lines.splitlines() if "=" in line)
    return {name.strip(): texts.fill(text.strip(), known, code=message.language) for name, _, text in pairs}
