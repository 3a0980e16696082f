"""The mapping's SQL sees the given tables and nothing else."""

import polars as pl
import pytest

from mindgap.collect import query
from mindgap.collect.errors import BadQuery

TABLES = {
    "orders": pl.DataFrame({"id": ["1", "2"], "day": ["2026-01-01", None]}),
    "items": pl.DataFrame({"id": ["1", "1"], "price": ["2.50", "1.25"]}),
}


def test_tables_are_joined_and_typed():
    sql = """
        select o.id, cast(o.day as date) as day, sum(cast(i.price as decimal(9, 2))) as paid
        from orders o left join items i using (id) group by all order by o.id
    """
    frame = query.run(sql, TABLES)
    assert frame["id"].to_list() == ["1", "2"]
    assert frame.schema["day"] == pl.Date
    assert [None if paid is None else str(paid) for paid in frame["paid"]] == ["3.75", None]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_csv('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from '/etc/passwd'",
        "select * from glob('/*')",
        "copy orders to '/tmp/x.csv'",
        "attach '/tmp/x.db'",
        "install httpfs",
        "load httpfs",
        "set enable_external_access = true",
        "create table t as select 1",
        "select 1; select 2",
        "select * from TABLES",
        "select * from nowhere",
        "selec 1",
        "",
    ],
)
def test_anything_but_one_select_over_the_tables_is_refused(sql):
    with pytest.raises(BadQuery):
        query.run(sql, TABLES)


def test_a_query_that_takes_too_long_is_stopped():
    endless = "select count(*) from range(1000000000) a, range(1000000) b where a.range % 7 = b.range % 3"
    with pytest.raises(BadQuery, match="longer than"):
        query.run(endless, TABLES, seconds=0.2)
