"""A small organization to import for, and files written on the spot."""

from collections.abc import Callable
from pathlib import Path

import pytest

from mindgap.collect.mapping import Mapping, read_text

SHOP = """
name = "Shop"
zone = "Asia/Shanghai"
currency = "CNY"

[organization]
code = "shop"
name = { en = "Shop", zh-hans = "商店", zh-hant = "商店" }

[[measure]]
code = "satisfaction"
kind = "satisfaction"
name = { en = "Satisfaction", zh-hans = "满意度", zh-hant = "滿意度" }
minimum = 1
maximum = 5

[[measure]]
code = "days"
kind = "duration"
unit = "days"

[[touchpoint]]
code = "delivery"
name = { en = "Delivery", zh-hans = "送达", zh-hant = "送達" }
measure = "days"

[[promise]]
code = "in_time"
touchpoint = "delivery"
"""

ORDERS = """
[[record]]
as = "interactions"
key = "order"
touchpoint = { value = "delivery" }
customer = { order = "order" }
unit = "store"
promise = { value = "in_time" }
started = "bought"
promised = "promised"
experienced = "delivered"
segments = { city = "city" }
revenue = "paid"
"""

ANSWERS = """
[[record]]
as = "answers"
key = { template = "a{order}" }
touchpoint = { value = "delivery" }
interaction = "order"
answered = "answered"
scores = { satisfaction = "score" }
comment = "comment"
"""


@pytest.fixture
def shop_orders() -> Mapping:
    return read_text(SHOP + ORDERS)


@pytest.fixture
def shop_answers() -> Mapping:
    return read_text(SHOP + ANSWERS)


@pytest.fixture
def csv(tmp_path: Path) -> Callable[..., Path]:
    """Write lines as a CSV file: `csv("a,b", "1,2")`."""

    def write(*lines: str, name: str = "orders.csv", encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.write_bytes("".join(f"{line}\n" for line in lines).encode(encoding))
        return path

    return write
