"""Templates whose answers have a reading of their own: what is asked is what explain looks for (R12, R16, R109, R115)."""

from collections.abc import Callable

import msgspec
import numpy as np
import pytest
from tests.collect.survey.test_templates import answered
from tests.explain import company

from mindgap.collect import register
from mindgap.collect.survey import templates
from mindgap.explain.index import loyalty_index, satisfaction_index
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.kano import features, kanos
from mindgap.keep import incoming
from mindgap.keep.models import Organization

pytestmark = pytest.mark.django_db(transaction=True)
Sent = dict[str, list[str]]


def asked(code: str, n: int, said: Callable[[int], Sent]) -> Organization:
    """An organization with the registers of a template, to which `n` customers gave its form back."""
    organization = company.declare()
    made = templates.make(code, organization)
    register.declare(organization, made.registers)
    answers = [
        msgspec.structs.replace(
            answered(made.definition, **said(number)),
            key=f"a{number}",
            answered_at=company.START,
            asked_at=None,
            customer=incoming.Person({"email": f"c{number}@example.org"}),
        )
        for number in range(n)
    ]
    company.record(organization, answers)
    return organization


def test_the_pairs_of_the_kano_template_say_what_each_feature_is() -> None:
    """Told of a delay: it has to be so. Chosen hours: welcome and not missed. Free returns: the more the better."""

    def said(number: int) -> Sent:
        if number >= 30:
            # Some do not care at all.
            return {
                f"{name}_{side}": ["3"]
                for name in ("told", "slot", "returns")
                for side in ("with", "without")
            }
        return {
            "told_with": ["2"], "told_without": ["5"],
            "slot_with": ["1"], "slot_without": ["3"],
            "returns_with": ["1"], "returns_without": ["5"],
        }  # fmt: skip

    inquiry = Inquiry(organization=asked("kano", 36, said))
    assert {each.name for each in features(inquiry)} == {"told", "slot", "returns"}
    found = {(each.details["feature"], each.code): each for each in kanos(inquiry)}
    told, slot, returns = (found[name, "kano.better"] for name in ("told", "slot", "returns"))
    assert (told.details["category"], slot.details["category"], returns.details["category"]) == (
        "must_be",
        "attractive",
        "performance",
    )
    assert told.n == slot.n == returns.n == 36
    assert slot.value == pytest.approx(30 / 36)
    assert found["returns", "kano.worse"].value == pytest.approx(-30 / 36)


def test_the_blocks_of_the_satisfaction_index_become_levels_and_paths() -> None:
    draw = np.random.default_rng(11)
    general = draw.normal(size=80)
    codes = (
        "image",
        "expectation",
        "quality_offer",
        "quality_care",
        "value",
        "satisfied",
        "ideal",
        "stay",
        "tell",
    )

    def said(number: int) -> Sent:
        values = np.clip(np.round(4.5 + general[number] + 0.7 * draw.normal(size=len(codes))), 1, 7)
        return {code: [f"{value:g}"] for code, value in zip(codes, values, strict=True)}

    found = satisfaction_index(Inquiry(organization=asked("satisfaction_index", 80, said)), replicates=60)
    levels = {each.details["latent"]: each for each in found if each.code == "index.latent"}
    assert set(levels) == {"image", "expectation", "quality", "value", "satisfaction", "loyalty"}
    assert all(each.n == 80 and each.value is not None and 0 < each.value < 100 for each in levels.values())
    arrows = {(each.details["cause"], each.details["effect"]) for each in found if each.code == "index.path"}
    assert {("image", "expectation"), ("quality", "satisfaction"), ("satisfaction", "loyalty")} <= arrows


def test_the_three_attitudes_of_the_loyalty_template_make_the_loyalty_index() -> None:
    """Would recommend 8 of 10, would choose again and first choice 4 of 1 to 7: 80, 50 and 50 of 100."""
    same = {"recommend": ["8"], "again": ["4"], "prefer": ["4"]}
    (index,) = loyalty_index(Inquiry(organization=asked("loyalty", 12, lambda _number: same)))
    assert index.n == 12
    assert index.value == pytest.approx(60)
