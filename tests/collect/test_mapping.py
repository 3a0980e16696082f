"""A mapping is read whole, or refused with the place and the remedy."""

import pytest
from tests.collect.conftest import ANSWERS, ORDERS, SHOP

from mindgap.collect.errors import BadMapping
from mindgap.collect.mapping import Field, read_object, read_text, write


def test_what_is_written_is_read_back_as_the_same_mapping():
    mapping = read_text(SHOP + ORDERS + ANSWERS)
    assert read_object(write(mapping)) == mapping


def test_a_plain_name_is_a_column_and_a_table_may_be_a_constant_or_a_template():
    record = read_text(SHOP + ANSWERS).record[0]
    assert record.interaction == "order"
    assert record.touchpoint == Field(value="delivery")
    assert record.key == Field(template="a{order}")


@pytest.mark.parametrize(
    ("toml", "line", "key", "remedy"),
    [
        ("name = 1", 1, "name", "str"),
        ("a =\n", 1, "", "no TOML"),
        ('\n[[record]]\nas = "interactions"\nkeyy = "a"', 4, "record[1].keyy", "did you mean 'key'"),
        ('[[record]]\nas = "rows"', 2, "record[1].as", "'interactions'"),
        ('[record]\nas = "answers"', 1, "record", "[[record]]"),
        ('[[record]]\nas = "answers"\nkey = "a"', 1, "record[1]", "answers need 'answered'"),
        ('[[promise]]\ncode = "p"', 1, "promise[1]", "'touchpoint' is missing"),
        ('zone = "Mars"', 1, "zone", "IANA"),
        ('[[segment]]\ncode="a"\n[[segment]]\ncode = "a"', 3, "segment[2]", "second time"),
        ('[[measure]]\ncode = "a"\nkind = "duration"\nname = 3', 4, "measure[1].name", "zh-hans"),
    ],
)
def test_an_error_names_line_and_key_and_says_what_to_do(toml, line, key, remedy):
    with pytest.raises(BadMapping) as caught:
        read_text(toml, file="map.toml")
    assert (caught.value.line, caught.value.key) == (line, key)
    assert remedy in str(caught.value)
    assert str(caught.value).startswith("map.toml, line")


@pytest.mark.parametrize(
    ("field", "remedy"),
    [
        ('keep = "best"', "latest(column)"),
        ('comment = { column = "a", value = "b" }', "exactly one"),
        ('comment = { template = "no column" }', "use value"),
        ('comment = { template = "{open" }', "braces"),
        ('segments = { "Big City" = "city" }', "a-z"),
        ('revenue = "paid"', "belongs to interactions"),
        ('where = { all = [ { column = "a", op = "like" } ] }', "operator"),
    ],
)
def test_parts_that_do_not_hold_together_are_refused(field, remedy):
    toml = f'[[record]]\nas = "answers"\nkey = "k"\nanswered = "t"\nscores = {{ s = "s" }}\n{field}'
    with pytest.raises(BadMapping, match=remedy.replace("(", r"\(").replace(")", r"\)")) as caught:
        read_text(toml)
    assert caught.value.line == 6


def test_the_same_mapping_comes_from_a_form_without_lines():
    with pytest.raises(BadMapping) as caught:
        read_object({"record": [{"as": "answers", "key": "k", "answered": "t", "scores": {"s": 5}}]})
    assert (caught.value.line, caught.value.key) == (None, "record[1].scores")


def test_keys_inside_a_long_text_are_not_taken_for_places():
    toml = '[[query]]\nsql = """\nselect 1 as\nname = 2\n"""\nname = 3\n'
    with pytest.raises(BadMapping) as caught:
        read_text(toml)
    assert caught.value.line == 6
