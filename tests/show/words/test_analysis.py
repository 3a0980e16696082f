"""What models say, in three languages, with value, interval and n."""

import re
from dataclasses import replace

import pytest
from django.utils.translation import override

from mindgap.explain.finding import Finding
from mindgap.keep.models import Organization
from mindgap.show import words
from mindgap.show.words import code

SHARE = {"rank_low": 1, "rank_high": 1, "quadrant": "fix_first"}
VERDICTS = ("verified", "worse", "no_effect_seen", "not_verifiable")
EFFECT = {"others": ["south"], "smallest_visible": 0.1}
WATCHED = {"usual": 0.7, "is_alert": True, "alerts": ["2026-01-05"]}


def stated(what: str, **details: object) -> Finding:
    unit = "" if what in ("repeat.ahead", "expectation.surface") else "share"
    return Finding(
        what, "quality", 0.421, 0.3, 0.5, 120, "completed", touchpoint="store", metric="csat", unit=unit,
        details=details,
    )  # fmt: skip


EVERY = [
    stated("driver.model"),
    stated("driver.share", **SHARE),
    stated("driver.share", **{**SHARE, "rank_high": 3}),
    stated("driver.share", **{**SHARE, "quadrant": None}),
    stated("driver.share", **{**SHARE, "quadrant": None, "rank_high": 3}),
    stated("driver.group", name="price", r2={"value": 0.6}),
    stated("watch.level", **WATCHED),
    stated("watch.level", **{**WATCHED, "is_alert": False}),
    stated("watch.level", usual=None),
    stated("expectation.drift", is_real=True),
    stated("expectation.drift"),
    stated("expectation.surface", term="a3"),
    stated("repeat.once"),
    stated("repeat.ahead", days=365),
    *(stated("comparison.effect", **EFFECT, verdict=each) for each in VERDICTS),
    *(stated("comparison.effect", **{**EFFECT, "others": []}, verdict=each) for each in VERDICTS[:3]),
    stated("series.average", on="2026-01-05"),
    replace(stated("series.average", on="2026-01-05"), low=-0.3),
    stated("series.latest", on="2026-01-05"),
    stated("series.step", on="2026-01-05"),
    stated("series.bend", on="2026-01-05", days=7),
    stated("chart.line"),
    stated("chart.line", out=[]),
    stated("chart.line", out=["2026-01-05", "2026-01-12"]),
    replace(stated("retention.back", days=60), group={"score": "bad"}),
    stated("retention.back", days=60),
    replace(stated("retention.step", against="bad", p=0.01), group={"score": "best"}),
    replace(stated("retention.step", against="2025", p=0.5), group={"year": "2026"}),
    *(stated("expectation.zone", outcome=each) for each in ("below", "within", "above")),
    *(stated("expectation.step", figure=each) for each in ("adequacy", "superiority", "width")),
    stated("expectation.dimension", dimension="reliability"),
    stated("expectation.overall"),
    stated("kano.better", feature="gift", category="attractive"),
    stated("kano.worse", feature="gift", category="undecided"),
    stated("waiting.patience", figure="angry"),
    stated("waiting.reached", figure="leave"),
    stated("index.latent", latent="quality"),
    stated("index.path", cause="quality", effect="satisfaction"),
    stated("index.loyalty"),
]


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant"])
def test_every_kind_is_a_sentence_of_its_own(language: str) -> None:
    names = words.Names(Organization.objects.create(code="acme"))
    with override(language):
        said = [words.sentence(finding, names) for finding in EVERY]
    assert len(set(said)) == len(EVERY)
    assert all("120" in text and re.search(r"42(\.1)?|0\.42", text) for text in said)
    assert not [text for text in said if re.search(r"%\(|None", text)]


@pytest.mark.django_db
def test_a_driver_is_told_with_rank_and_quadrant() -> None:
    names = words.Names(Organization.objects.create(code="acme"))
    with override("en"):
        text = words.sentence(stated("driver.share", **{**SHARE, "rank_high": 3}), names)
    assert text.endswith("rank 1 to 3, n 120. Fix first.")


def test_codes_have_words() -> None:
    assert code.quadrant("undecided") == "Undecided"
    assert code.quadrant("") == ""
    assert code.surface("a9") == "a9"
