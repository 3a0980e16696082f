"""A text among its translations: neither Chinese script ever stands in for the other unasked."""

import pytest

from mindgap.ground import language


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("zh_TW", "zh-hant"), ("zh-Hant-HK", "zh-hant"), ("zh-hk", "zh-hant"), ("zh-MO", "zh-hant"),
        ("zh", "zh-hans"), ("zh_CN", "zh-hans"), ("zh-Hans-SG", "zh-hans"), ("zh-my", "zh-hans"),
        ("EN_us", "en-us"), (" pt-BR ", "pt-br"), ("en", "en"),
    ],
)  # fmt: skip
def test_codes_have_one_spelling(given, canonical):
    assert language.canonical(given) == canonical


def test_the_language_asked_for_comes_first():
    texts = {"en": "promise", "zh-hans": "承诺", "zh-hant": "承諾"}
    assert language.choose(texts, "zh_TW") == "承諾"
    assert language.choose(texts, "zh-CN") == "承诺"
    assert language.choose(texts, "en-GB") == "promise"


@pytest.mark.parametrize(("wanted", "other"), [("zh-hant", "zh-hans"), ("zh-hans", "zh-hant")])
def test_the_other_script_is_never_handed_out(wanted, other):
    assert language.choose({other: "承"}, wanted, fallback="code") == "code"
    assert language.choose({other: "承", "en": "promise"}, wanted) == "promise"
    assert language.choose({other: "承", "pt": "promessa"}, wanted) == "promessa"


def test_a_base_language_stands_in_for_its_regions():
    assert language.choose({"pt": "promessa", "en": "promise"}, "pt-BR") == "promessa"


def test_english_then_any_stand_in_for_other_languages():
    assert language.choose({"en": "promise", "de": "Versprechen"}, "fr") == "promise"
    assert language.choose({"de": "Versprechen"}, "fr") == "Versprechen"
    assert language.choose({"zh-hans": "承诺"}, "fr") == "承诺"


def test_an_empty_text_is_none():
    assert language.choose({"fr": "", "en": "promise"}, "fr") == "promise"
    assert language.choose({}, "fr", fallback="code") == "code"
