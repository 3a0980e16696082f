"""Templates: each can be published as it is, asked in three languages, and counted."""

import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
import pytest
from tests.collect.survey.test_page import SEAL

from mindgap.collect import register
from mindgap.collect.mapping.schema import MeasurePart
from mindgap.collect.register import seeds
from mindgap.collect.survey import flow, handover, logic, scale, templates
from mindgap.collect.survey.markup import Filling
from mindgap.collect.survey.page import Asking, Sheet
from mindgap.collect.survey.reading import Form
from mindgap.collect.survey.state import begin
from mindgap.collect.survey.templates import length, library
from mindgap.ground import language
from mindgap.keep import definition as definitions
from mindgap.keep import incoming, proof, survey, touchpoint
from mindgap.keep.definition import ASKS, Definition, Question
from mindgap.keep.models import Measure, Metric, Organization, Survey

CODES = library.codes()
WORDED = [
    (template.code, wording)
    for template in templates.catalog()
    for wording in ([each.code for each in template.wordings] or [""])
]
PURPOSES = ("contact", "partner", "abroad", "marketing", "research")
NAMES = {
    name: dict.fromkeys(language.LANGUAGES, f"<{name}>")
    for name in ("company", "contact", "retention", "partner", "abroad")
}
# Words of one side of the strait that a mere conversion would carry over to the other.
FOREIGN = {
    "zh-hant": "信息 短信 登錄 用戶 默認 數據 質量 渠道 視頻 貶損 網絡 軟件 硬件 程序 屏幕 鼠標 郵箱 反饋 聯繫 水平 "
    "投訴 門店 員工 智能 優化 打印 快遞 小程序 二維碼 營業廳 靠譜 售後 回訪率",
    "zh-hans": "讯息 简讯 登入 使用者 预设 品质 管道 影片 批评者 网路 软体 硬体 程式 萤幕 滑鼠 回馈 联络 水准 "
    "客诉 门市 同仁 智慧型 接触点 列印 宅配 身分",
}
# In every language the same: names and numbers.
SAME = re.compile(r"[\W\d_A-Za-z]*")
# What these are asked of has not happened yet, or is over: nothing is experienced.
ONLY_EXPECTED = {"expectation"}


def texts(value: Any, path: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of a JSON value, with its place."""
    if isinstance(value, dict) and value and set(value) <= set(language.LANGUAGES):
        yield path, value
    elif isinstance(value, dict):
        for name, each in value.items():
            yield from texts(each, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for place, each in enumerate(value):
            yield from texts(each, f"{path}.{place}")


def said() -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of every template, whoever reads it."""
    for code in CODES:
        made = templates.make(code, consents=PURPOSES)
        yield from texts(definitions.write(made.definition), code)
        source = msgspec.to_builtins(library.source(code))
        yield from texts(
            {name: source[name] for name in ("title", "summary", "when", "avoid", "wordings")}, code
        )
        yield from texts(msgspec.to_builtins(made.registers), f"{code}.registers")


def known(made: templates.Made) -> proof.Known:
    """What an organization knows that has declared the registers of a template."""
    fields = ("minimum", "maximum", "step")
    scales = {
        part.code: Measure(
            code=part.code,
            kind=part.kind,
            unit=part.unit,
            **{name: None if (end := getattr(part, name)) is None else Decimal(str(end)) for name in fields},
        )
        for part in made.registers.measure
    }
    return proof.Known(measures=scales)


def chosen(question: Question) -> str:
    """The most that can be said to a question."""
    points = scale.values(question)
    return f"{points[-1]:g}" if points else "3"


def fields(question: Question) -> dict[str, list[str]]:
    """What somebody sends who answers everything."""
    code = question.code
    if question.type == "pair":
        asks = [ask for ask in ASKS if ask in question.asks]
        values = scale.values(question) or (2, 4, 5)
        return {f"{code}.{ask}": [f"{values[place]:g}"] for place, ask in enumerate(asks)}
    if question.type in ("single", "dropdown", "multiple"):
        return {code: [question.choices[0].code]}
    if question.type == "text":
        return {code: ["谢谢 — thanks"]}
    if question.type == "consent":
        return {code: ["1"]}
    if question.type == "contact":
        return {f"{code}.phone": ["138 0000 0000"]}
    return {code: [chosen(question)]}


def answered(definition: Definition, **more: list[str]) -> incoming.Answer:
    """The answer that is handed over when everything is answered."""
    state = begin(survey="s", version=1, language="en", id_=UUID(int=7))
    step = flow.open_first(definition, state)
    while step.page is not None:
        sent: dict[str, list[str]] = {}
        for question in logic.visible(definition, step.page, step.state):
            sent |= fields(question)
        following = flow.take(
            definition, step.state, Form({**sent, **{k: v for k, v in more.items() if k in sent}})
        )
        assert not following.faults
        assert following.page != step.page or following.is_more
        step = following
    items = handover.finished(definition, step, handover.Sender(1, "s", "1"))
    found = [incoming.read(item.body) for item in items if item.kind == "answer"]
    (answer,) = [each for each in found if isinstance(each, incoming.Answer)]
    return answer


def test_the_order_names_every_template_once() -> None:
    there = {path.stem for path in library._FOLDER.glob("*.toml")}
    assert set(CODES) == there
    assert len(set(CODES)) == len(CODES) >= 15
    assert tuple(each.code for each in templates.catalog()) == CODES == library.shared().order


@pytest.mark.parametrize(("code", "wording"), WORDED)
def test_a_template_proofreads_without_a_problem_and_without_a_warning(code: str, wording: str) -> None:
    made = templates.make(code, wording=wording, names=NAMES, consents=PURPOSES)
    assert not proof.problems(made.definition, known(made))
    made = templates.make(code, wording=wording)
    assert not proof.problems(made.definition, known(made))


@pytest.mark.parametrize("template", templates.catalog(), ids=lambda each: each.code)
def test_a_template_says_what_it_is_for_and_belongs_somewhere(template: templates.Template) -> None:
    """When to use it and when not, in three languages (R85, R200)."""
    for words in (template.title, template.summary, template.when, template.avoid):
        assert set(words) == set(language.LANGUAGES)
        assert all(words.values())
    assert template.kind in survey.KINDS
    assert template.touchpoint in ("", *touchpoint.KINDS)
    assert template.touchpoint or template.kind in ("relationship", "assessment", "echo")
    # The bare survey; a call back is asked for by two more at most.
    own = [each for each in template.definition.questions if each.type not in ("consent", "contact")]
    assert len(own) <= 12 or template.code == "service_quality"
    assert 0 < template.seconds <= 120 or template.code == "service_quality"


def test_the_shortest_take_less_than_a_minute() -> None:
    """Under 60 seconds is what shops expect of a code on a receipt."""
    assert {"nps", "surprise"} <= {each.code for each in templates.catalog() if each.seconds <= 60}


@pytest.mark.parametrize("template", templates.catalog(), ids=lambda each: each.code)
def test_every_scored_question_names_its_measure_and_no_two_the_same(template: templates.Template) -> None:
    """A second score of one measure would be dropped when the answer is made."""
    counted = [each for each in template.definition.questions if each.type in (*definitions.SCORED, "pair")]
    assert counted
    assert all(each.measure for each in counted)
    experienced = [each.measure for each in counted if not each.expects]
    assert len(experienced) == len(set(experienced))
    assert set(template.measures) == {each.measure for each in counted}


@pytest.mark.parametrize("template", templates.catalog(), ids=lambda each: each.code)
def test_expectation_and_experience_are_asked_together(template: templates.Template) -> None:
    """R31: of at least one measure both sides, but for what is asked before there is an experience."""
    expected, got = set(), set()
    for question in template.definition.questions:
        if question.type == "pair" or question.expects:
            expected.add(question.measure)
        if question.type == "pair" or (question.measure and not question.expects):
            got.add(question.measure)
    assert expected
    assert (not got & expected) == (template.kind in ONLY_EXPECTED)


def test_texts_are_there_in_all_three_languages() -> None:
    seen = 0
    for path, words in said():
        seen += 1
        assert set(words) == set(language.LANGUAGES), path
        assert all(text.strip() for text in words.values()), path
        assert (
            not any(re.search(r"(?<!\{)\{\w+\}(?!\})", text) for text in words.values()) or "wordings" in path
        )
    assert seen > 500


def test_each_chinese_is_written_in_its_own_signs() -> None:
    """GB 2312 has no traditional and Big5 no simplified signs."""
    wrong = set()
    for path, words in said():
        for code, charset in (("zh-hans", "gb2312"), ("zh-hant", "big5")):
            for sign in words[code]:
                if "\u4e00" <= sign <= "\u9fff" and not sign.encode(charset, "ignore"):
                    wrong.add((path, code, sign))
    assert not wrong


@pytest.mark.parametrize("code", ["zh-hans", "zh-hant"])
def test_no_word_of_the_other_side_is_carried_over(code: str) -> None:
    found = {(path, word) for path, words in said() for word in FOREIGN[code].split() if word in words[code]}
    assert not found


def test_traditional_chinese_is_written_and_not_converted() -> None:
    """A conversion keeps the length of nearly every sentence."""
    long = {(w["zh-hans"], w["zh-hant"]) for _, w in said() if len(w["zh-hans"]) >= 10}
    assert len(long) > 100
    assert sum(len(hans) != len(hant) for hans, hant in long) / len(long) > 0.4


def test_punctuation_is_that_of_the_language() -> None:
    for path, words in said():
        for code in ("zh-hans", "zh-hant"):
            assert not re.search(r"[\u4e00-\u9fff][,?!;:]|[\u4e00-\u9fff]\.(?!\w)", words[code]), path
        assert "“" not in words["zh-hant"], path
        assert "「" not in words["zh-hans"], path


def test_the_usual_wordings_are_used_exactly() -> None:
    asked = {
        each.text["zh-hans"]
        for code in ("nps", "delivery", "effort")
        for each in templates.make(code).definition.questions
    }
    assert {
        "您有多大可能向朋友、同事或家人推荐我们？",
        "下单时，您预计几天送达？",
        "实际几天送达？",
        "您有多确信自己选对了？",
        "我们让我轻松解决了我的问题。",
    } <= asked


@pytest.mark.parametrize("template", templates.catalog(), ids=lambda each: each.code)
@pytest.mark.parametrize("spoken", language.LANGUAGES)
def test_no_page_weighs_more_than_30_kilobytes(template: templates.Template, spoken: str) -> None:
    made = templates.make(template.code, names=NAMES, consents=PURPOSES).definition
    for place in made.pages:
        state = begin(survey="s", version=1, language=spoken)
        step = flow.open_first(made, msgspec.structs.replace(state, page=place.code))
        filling = Filling(step.state, lambda text: text, step.fields, step.faults)
        asking = Asking(place, place.questions, SEAL.close(step.state), "/s/x", filling, is_first=True)
        assert len(Sheet(made, spoken).ask(asking).text.encode()) <= 30_000


@pytest.mark.parametrize(("code", "wording"), WORDED)
def test_answers_become_scores_and_expectations_on_the_scales(code: str, wording: str) -> None:
    made = templates.make(code, wording=wording)
    answer = answered(made.definition, **({"alone": ["tried"]} if code == "self_service" else {}))
    hidden = {"keep", "improve"} if code == "nps" else set()
    questions = [each for each in made.definition.questions if each.code not in hidden]
    got = {each.measure for each in questions if each.measure and not each.expects}
    expected = {
        (each.measure, ask)
        for each in questions
        for ask in (each.asks if each.type == "pair" else (each.expects,))
        if ask and ask != "got"
    }
    assert set(answer.scores) == got
    assert {(each.measure, each.kind) for each in answer.expected} == expected
    assert answer.comment
    scales = known(made).measures
    for measure, value in (*answer.scores.items(), *((each.measure, each.value) for each in answer.expected)):
        scales[measure].steps(value)


def test_detractors_and_promoters_are_asked_for_their_own_reason() -> None:
    """R87."""
    made = templates.make("nps").definition
    reason = logic.page_of(made, "reason")
    assert reason is not None
    for value, code in ((3, "improve"), (8, "improve"), (9, "keep")):
        state = begin(survey="s", version=1, language="en")
        state.answers = {"recommend": value}
        asked = [each.code for each in logic.visible(made, reason, state)]
        assert [each for each in asked if each in ("improve", "keep")] == [code]


def test_a_contact_is_asked_of_those_only_who_agreed_and_never_needed() -> None:
    made = templates.make("delivery", consents=PURPOSES).definition
    boxes = [each for each in made.questions if each.type == "consent"]
    assert [each.purpose for each in boxes] == list(PURPOSES)
    assert not any(each.required for each in made.questions if each.type in ("consent", "contact"))
    last = logic.page_of(made, "effect")
    assert last is not None
    state = begin(survey="s", version=1, language="en")
    state.answers = {"may_contact": False}
    assert logic.next_page(made, last, state) is None
    state.answers = {"may_contact": True}
    following = logic.next_page(made, last, state)
    assert getattr(following, "code", None) == "reach"


def test_nobody_is_rewarded_for_a_score_or_sent_elsewhere() -> None:
    for code in CODES:
        made = templates.make(code).definition
        assert [end.code for end in made.ends] == ["thanks"]
        assert not made.ends[0].show_if
        assert not made.ends[0].redirect
    bait = re.compile(r"coupon|voucher|discount|reward|红包|优惠券|抽奖|紅包|優惠券|抽獎", re.IGNORECASE)
    assert not [path for path, words in said() if any(bait.search(text) for text in words.values())]


def test_the_notice_names_who_is_responsible_and_how_long_and_what_one_may_do() -> None:
    """PIPL Art. 17: handler and contact, purpose, kinds, retention, rights."""
    bare = templates.make("nps")
    assert set(bare.unfilled) == {"contact", "retention"}
    assert "【请填写：联系方式】" in bare.definition.notice_full["zh-hans"]
    made = templates.make("nps", names=NAMES, consents=PURPOSES)
    assert made.unfilled == ()
    for code in language.LANGUAGES:
        whole = made.definition.notice_full[code]
        assert all(each in whole for each in ("<company>", "<contact>", "<retention>"))
        assert made.definition.notice[code]


def test_languages_and_name_are_those_of_the_organization() -> None:
    shop = Organization(code="o", name={"en": "Lantern", "zh-hans": "灯笼铺"}, language="zh-hant")
    made = templates.make("effort", shop).definition
    assert made.languages == ("zh-hant", "en", "zh-hans")
    ease = made.questions[0].text
    assert ease["zh-hans"].startswith("灯笼铺让我")
    assert ease["en"].startswith("Lantern made")
    assert templates.make("effort", shop, languages=["zh-CN"]).definition.languages == ("zh-hans",)


def test_one_script_of_a_name_does_not_stand_in_for_the_other() -> None:
    only = Organization(code="o", name={"zh-hans": "灯笼铺"})
    assert templates.make("effort", only).definition.questions[0].text["zh-hant"].startswith("我們")


@pytest.mark.parametrize("name", ["{contact}", "{{recommend}}", "<b>{x}</b>", "{", "%s {0}"])
def test_a_company_may_be_called_anything(name: str) -> None:
    made = templates.make("effort", Organization(code="o", name={"en": name}))
    assert made.definition.questions[0].text["en"].startswith(name)


def test_unknown_templates_wordings_and_purposes_are_refused() -> None:
    with pytest.raises(templates.UnknownTemplate):
        templates.make("../nps")
    with pytest.raises(templates.UnknownTemplate):
        templates.make("nps", wording="nobody")
    with pytest.raises(ValueError, match="lottery"):
        templates.make("nps", consents=["lottery"])


def test_a_self_assessment_is_never_counted_with_what_customers_say() -> None:
    """R154."""
    customers, staff = (templates.make("courted", wording=each) for each in ("customers", "staff"))
    mine = {part.code for part in staff.registers.measure}
    assert not mine & {part.code for part in customers.registers.measure}
    assert {f"self_{part.code}" for part in customers.registers.measure} == mine
    part = staff.registers.measure[0]
    assert isinstance(part, MeasurePart)
    assert part.name["en"] == "COURTED: clean (self-assessment)"


def test_the_zone_of_tolerance_asks_for_the_minimum_as_well() -> None:
    asks = {
        each.asks
        for each in templates.make("service_quality", wording="zone").definition.questions
        if each.type == "pair"
    }
    assert asks == {("should", "minimum", "got")}


@pytest.mark.parametrize(("type_", "seconds"), [("nps", 5), ("text", 8), ("pair", 8), ("statement", 5)])
def test_every_type_has_a_length(type_: str, seconds: int) -> None:
    assert set(definitions.TYPES) - {"text", "pair", "matrix"} <= set(length._SECONDS)
    made = Definition({"en": "T"}, pages=(definitions.Page("p", (Question("q", type_, {"en": "?"}),)),))
    assert length.seconds(made) == seconds


@pytest.mark.django_db
def test_a_template_can_be_published_as_it_is(shop: Organization) -> None:
    """With the registers of a new organization and of the template declared, and nothing else."""
    seeds.plant(shop)
    for code, wording in WORDED:
        made = templates.make(code, shop, wording=wording)
        register.declare(shop, made.registers)
        mine = Survey.objects.create(organization=shop, code=f"{code}-{wording}".strip("-"), kind=made.kind)
        survey.save_draft(mine, made.definition, expected_digest=survey.draft(mine).digest)
        survey.publish(mine, by=None)
        mine.refresh_from_db()
        assert mine.state == survey.LIVE
    directions = dict(Measure.objects.filter(organization=shop).values_list("code", "higher_is_better"))
    assert directions["ease"]
    assert directions["patience_leave"]
    assert not directions["delivery_days"]
    assert not directions["waiting_minutes"]
    assert set(Metric.objects.filter(organization=shop).values_list("code", flat=True)) == {
        "nps",
        "csat",
        "ces",
    }


@pytest.mark.django_db
def test_what_an_organization_has_set_itself_stays(shop: Organization) -> None:
    Measure.objects.create(
        organization=shop, code="value", kind="satisfaction", minimum=1, maximum=5, name="Ours"
    )
    register.declare(shop, templates.make("purchase", shop).registers)
    assert str(Measure.objects.get(organization=shop, code="value").name) == "Ours"


def test_every_template_and_wording_is_documented() -> None:
    page = (Path(__file__).parents[3] / "docs" / "templates.md").read_text(encoding="utf-8")
    for each in templates.catalog():
        (row,) = [line for line in page.splitlines() if line.startswith(f"| `{each.code}` |")]
        assert f"| {each.kind}{f', {each.touchpoint}' if each.touchpoint else ''} |" in row
        own = [question for question in each.definition.questions if question.type != "contact"]
        assert f"| {len(own)}, " in row
        assert all(f"`{wording.code}`" in row for wording in each.wordings)
