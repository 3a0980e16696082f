"""One handbook page per statistic, the same in three languages."""

import doctest
import inspect
import re
from pathlib import Path

import pytest
from tests.structure import documents

HANDBOOK = documents.PAGES / "handbook"
LANGUAGES = ("en", "zh-hans", "zh-hant")
PAGES = sorted(path.name for path in (HANDBOOK / "en").glob("*.md") if path.name != "index.md")
_OWN_NAMES = re.compile("简体中文|繁體中文")
_HEAD = re.compile(r"\A---\nfunctions: \[([\w, ]+)\]\n---\n# (\S.*)\n")
# Characters that stand in one way of writing only, each above its partner in the other.
_HANS = "个们时为对说来样体验满义变数据组间关问题业务单达过还进处总结实现质团没从两应开动际计统检误将给让会员观测较标户评显节势"
_HANT = "個們時為對說來樣體驗滿義變數據組間關問題業務單達過還進處總結實現質團沒從兩應開動際計統檢誤將給讓會員觀測較標戶評顯節勢"


def _text(language: str, name: str) -> str:
    return (HANDBOOK / language / name).read_text(encoding="utf-8")


def _functions(text: str) -> list[str]:
    head = _HEAD.match(text)
    assert head is not None, text[:80]
    return [name.strip() for name in head[1].split(",")]


def _title(text: str) -> str:
    head = _HEAD.match(text)
    assert head is not None, text[:80]
    return head[2]


def _sentence(text: str) -> str:
    """What the page says in one sentence."""
    found = re.search(r"^\*\*(?:In one sentence\.\*\* |一句[话話]\*\*：)(.+)$", text, re.MULTILINE)
    assert found is not None, text[:80]
    return found[1]


def _levels(text: str) -> list[int]:
    """The depth of each heading, outside of code."""
    plain = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    return [len(marks) for marks in re.findall(r"^(#+) ", plain, re.MULTILINE)]


def _links(text: str) -> list[str]:
    return [target.partition("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)]


def test_the_three_languages_have_the_same_pages() -> None:
    assert len(PAGES) > 20
    for language in LANGUAGES:
        found = sorted(path.name for path in (HANDBOOK / language).glob("*.md") if path.name != "index.md")
        assert found == PAGES, language


def test_every_function_of_the_statistics_has_a_page() -> None:
    from mindgap import measure

    offered = set(measure.__all__)
    functions = {name for name in offered if inspect.isfunction(getattr(measure, name))}
    told = {name for page in PAGES for name in _functions(_text("en", page))}
    assert functions
    assert not functions - told
    assert not told - offered


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_the_same_in_three_languages(page: str) -> None:
    english, *others = (_text(language, page) for language in LANGUAGES)
    levels = _levels(english)
    assert levels[:1] == [1]
    assert levels.count(2) >= 5
    blocks = documents._FENCE.findall(english)
    assert blocks
    for other in others:
        assert _functions(other) == _functions(english)
        assert _levels(other) == levels
        assert documents._FENCE.findall(other) == blocks
        assert sorted(_links(other)) == sorted(_links(english))


@pytest.mark.parametrize("page", PAGES)
def test_the_example_of_a_page_comes_out_as_shown(page: str) -> None:
    blocks = list(documents.blocks(_text("en", page), "python"))
    test = doctest.DocTestParser().get_doctest("\n".join(blocks), {}, page, None, 0)
    assert test.examples
    assert doctest.DocTestRunner().run(test).failed == 0


@pytest.mark.parametrize("language", LANGUAGES[1:])
def test_chinese_pages_keep_to_one_way_of_writing(language: str) -> None:
    assert len(_HANS) == len(_HANT) >= 50
    foreign = set(_HANT if language == "zh-hans" else _HANS)
    own = set(_HANS if language == "zh-hans" else _HANT)
    for path in sorted((HANDBOOK / language).glob("*.md")):
        written = set(_OWN_NAMES.sub("", path.read_text(encoding="utf-8")))
        assert len(written & own) > 5, path.name
        assert not written & foreign, path.name


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_index_lists_every_page_once_as_it_calls_itself(language: str) -> None:
    lines = re.findall(
        r"^- \[([^\]]+)\]\(([\w-]+\.md)\)(?:: |：)(.+)$", _text(language, "index.md"), re.MULTILINE
    )
    assert sorted(page for _, page, _ in lines) == PAGES
    for title, page, sentence in lines:
        text = _text(language, page)
        assert title == _title(text)
        assert sentence == _sentence(text), page


def test_the_indexes_have_the_same_families_in_the_same_order() -> None:
    english, *others = (_text(language, "index.md") for language in LANGUAGES)
    assert _levels(english).count(2) >= 5
    for other in others:
        assert _levels(other) == _levels(english)
        assert [link for link in _links(other) if "/" not in link] == [
            link for link in _links(english) if "/" not in link
        ]


@pytest.mark.parametrize("page", ["index.md", "statistics.md"])
def test_the_front_pages_lead_to_the_handbook(page: str) -> None:
    targets = {(Path("/") / target).as_posix() for target in _links(documents.page(page))}
    assert {f"/handbook/{language}/index.md" for language in LANGUAGES} <= targets


def test_the_table_of_the_statistics_leads_to_every_page() -> None:
    linked = {
        target.rpartition("/")[2]
        for target in _links(documents.page("statistics.md"))
        if "handbook/en/" in target
    }
    assert not set(PAGES) - linked
