"""The satisfaction index from declared blocks, and the loyalty index of three measures."""

import numpy as np
import pytest
from tests.explain import company
from tests.explain.company import one

from mindgap.explain.driver import drivers
from mindgap.explain.errors import BadInquiry
from mindgap.explain.index import loyalty_index, satisfaction_index
from mindgap.explain.inquiry import Inquiry
from mindgap.keep import incoming
from mindgap.keep.models import Measure, Organization
from mindgap.measure import Scale
from mindgap.measure.driver import drivers as of_rows
from mindgap.measure.ecsi import latent_index, satisfaction_model
from mindgap.measure.gram import Gram
from mindgap.measure.pls import pls

pytestmark = pytest.mark.django_db(transaction=True)
CSI = (
    "csi_quality_works",
    "csi_quality_lasts",
    "csi_value_price",
    "csi_satisfaction_all",
    "csi_satisfaction_ideal",
)
LOYAL = ("loyalty_again", "recommend", "loyalty_prefer")


def said(
    codes: tuple[str, ...], rows: np.ndarray, scales: dict[str, tuple[int, int]] | None = None
) -> Organization:
    organization = company.declare()
    for code in codes:
        least, most = (scales or {}).get(code, (1, 10))
        Measure.objects.create(
            organization=organization, code=code, kind="satisfaction", minimum=least, maximum=most
        )
    company.record(
        organization,
        [
            incoming.Answer(
                key=f"a{i}",
                answered_at=company.START,
                scores={code: value for code, value in zip(codes, row, strict=True) if not np.isnan(value)},
                customer=incoming.Person({"email": f"c{i}@example.org"}),
            )
            for i, row in enumerate(rows.tolist())
        ],
    )
    return organization


def answers(n: int = 120, k: int = 5, seed: int = 4) -> np.ndarray:
    draw = np.random.default_rng(seed)
    general = draw.normal(size=(n, 1))
    return np.clip(np.round(6.5 + 1.5 * general + draw.normal(size=(n, k))), 1, 10)


def test_the_index_of_each_latent_is_that_of_the_rows() -> None:
    table = answers()
    found = satisfaction_index(Inquiry(organization=said(CSI, table)), replicates=60)
    gram = Gram.of(table, names=CSI)
    model = satisfaction_model({"quality": CSI[:2], "value": CSI[2:3], "satisfaction": CSI[3:]})
    fit = pls(gram, model)
    for latent in ("quality", "value", "satisfaction"):
        finding = one(found, "index.latent", details={"latent": latent})
        same = latent_index(fit, gram, latent=latent, scale=Scale(1, 10))
        assert finding.value == pytest.approx(same.estimate.value)
        assert finding.low < finding.value < finding.high
        assert finding.details["shares"] == pytest.approx(dict(same.shares))
        assert finding.n == 120
    arrows = {
        (each.details["cause"], each.details["effect"]): each for each in found if each.code == "index.path"
    }
    assert set(arrows) == {("quality", "value"), ("quality", "satisfaction"), ("value", "satisfaction")}
    assert arrows["quality", "satisfaction"].value == pytest.approx(fit.path("quality", "satisfaction"))


def test_few_answers_have_no_index_and_equal_ones_are_not_known() -> None:
    """P9."""
    few = satisfaction_index(Inquiry(organization=said(CSI, answers(4))), replicates=60)
    assert len(few) == 3
    assert all(each.is_hidden and set(each.details) <= {"better"} for each in few)


def test_equal_answers_are_not_known() -> None:
    found = satisfaction_index(Inquiry(organization=said(CSI, np.full((20, 5), 7.0))), replicates=60)
    assert {each.warnings for each in found} == {("not_known",)}


def test_a_latent_with_a_negative_weight_has_no_index() -> None:
    table = answers()
    noise = np.random.default_rng(1).normal(scale=2, size=len(table))
    table[:, 1] = np.clip(np.round(11 - table[:, 0] + noise), 1, 10)
    found = satisfaction_index(Inquiry(organization=said(CSI, table)), replicates=60)
    refused = one(found, "index.latent", details={"latent": "quality"})
    assert refused.value is None
    assert one(found, "index.latent", details={"latent": "satisfaction"}).value is not None


def test_without_blocks_or_outside_the_scope_there_is_no_index() -> None:
    assert satisfaction_index(Inquiry(organization=company.declare("plain"))) == ()
    organization = said(CSI, answers(20))
    assert satisfaction_index(Inquiry(organization=organization, scope=frozenset())) == ()


def loyal(n: int = 150) -> tuple[np.ndarray, dict[str, tuple[int, int]]]:
    """Three measures of loyalty on scales of their own, driven by the product most."""
    draw = np.random.default_rng(9)
    product, price = draw.integers(1, 8, n), draw.integers(1, 8, n)
    base = 0.7 * product + 0.2 * price
    again = np.clip(np.round(base + draw.normal(size=n)), 1, 7)
    recommend = np.clip(np.round(1.4 * base + draw.normal(size=n)), 0, 10)
    prefer = np.clip(np.round(base + draw.normal(size=n)), 1, 7)
    table = np.column_stack([again, recommend, prefer, product, price]).astype(float)
    scales = dict.fromkeys((LOYAL[0], LOYAL[2], "driver_product", "driver_price"), (1, 7)) | {
        LOYAL[1]: (0, 10)
    }
    return table, scales


def composed(table: np.ndarray) -> np.ndarray:
    return (
        np.column_stack([(table[:, 0] - 1) / 6, table[:, 1] / 10, (table[:, 2] - 1) / 6]).mean(axis=1) * 100
    )


def test_the_loyalty_index_is_the_mean_of_three_on_their_own_scales() -> None:
    """R109, R115."""
    table, scales = loyal()
    organization = said((*LOYAL, "driver_product", "driver_price"), table, scales)
    found = one(loyalty_index(Inquiry(organization=organization)), "index.loyalty")
    index = composed(table)
    assert found.value == pytest.approx(index.mean())
    half = 1.97601 * index.std(ddof=1) / np.sqrt(150)
    assert (found.low, found.high) == pytest.approx((index.mean() - half, index.mean() + half), abs=1e-3)
    assert found.details["alpha"] > 0.7
    assert found.n == 150


def test_drivers_split_the_loyalty_index_beside_the_published_shares() -> None:
    """R115: own shares with intervals and R²; the published ones lie over them and weigh nothing."""
    table, scales = loyal()
    organization = said((*LOYAL, "driver_product", "driver_price"), table, scales)
    found = drivers(
        Inquiry(organization=organization), "loyalty_index", replicates=60,
        groups={"product": ["driver_product"], "price": ["driver_price"]},
    )  # fmt: skip
    model = one(found, "driver.model")
    same = of_rows(
        np.column_stack([table[:, 3:], composed(table)]), names=("p", "q", "y"), outcome="y",
        rng=np.random.default_rng(1), replicates=60,
    )  # fmt: skip
    assert model.value == pytest.approx(same.r2.value)
    assert model.details["composed"] == list(LOYAL)
    assert (model.measure, model.n) == ("loyalty_index", 150)
    split = {each.details["name"]: each for each in found if each.code == "driver.group"}
    assert split["product"].value == pytest.approx(same.named("p").portion.value)
    assert split["product"].details["reference"] == {"value": 0.36, "source": "Gartner"}
    assert split["price"].details["reference"]["value"] == 0.13
    plain = drivers(
        Inquiry(organization=organization), "recommend", chosen=["driver_product"], replicates=20,
        groups={"product": ["driver_product"]},
    )  # fmt: skip
    assert one(plain, "driver.group").details["reference"] is None


def test_an_index_can_be_composed_of_any_scales_with_two_ends() -> None:
    table, scales = loyal(60)
    organization = said((*LOYAL, "driver_product", "driver_price"), table, scales)
    asked = Inquiry(organization=organization)
    found = drivers(asked, "loyalty_again+loyalty_prefer", chosen=["driver_product"], replicates=20)
    assert one(found, "driver.model").measure == "loyalty_again+loyalty_prefer"
    for wrong in ("loyalty_again+days", "loyalty_again+loyalty_again"):
        with pytest.raises(BadInquiry, match="outcome"):
            drivers(asked, wrong)
    with pytest.raises(BadInquiry, match="recommend"):
        drivers(asked, "loyalty_index", chosen=["recommend"])


def test_who_did_not_answer_all_three_is_told_among_the_missing() -> None:
    table, scales = loyal(60)
    table[:20, 2] = np.nan
    organization = said((*LOYAL, "driver_product", "driver_price"), table, scales)
    model = one(
        drivers(
            Inquiry(organization=organization), "loyalty_index", chosen=["driver_product"], replicates=20
        ),
        "driver.model",
    )
    assert model.n == 40
    assert model.details["missing"] == [{"unknown": ["loyalty_prefer"], "n": 20}]


def test_three_that_hang_together_too_little_are_warned_of_and_few_hidden() -> None:
    draw = np.random.default_rng(2)
    table = np.column_stack([draw.integers(1, 8, 40), draw.integers(0, 11, 40), draw.integers(1, 8, 40)])
    scales = {LOYAL[0]: (1, 7), LOYAL[1]: (0, 10), LOYAL[2]: (1, 7)}
    found = one(
        loyalty_index(Inquiry(organization=said(LOYAL, table.astype(float), scales))), "index.loyalty"
    )
    assert "weak_block" in found.warnings


def test_few_loyal_customers_are_hidden_and_none_is_nothing() -> None:
    """P9."""
    table, scales = loyal(4)
    organization = said((*LOYAL, "driver_product", "driver_price"), table, scales)
    (found,) = loyalty_index(Inquiry(organization=organization))
    assert found.is_hidden
    assert set(found.details) <= {"better"}
    assert loyalty_index(Inquiry(organization=organization, scope=frozenset())) == ()
    assert loyalty_index(Inquiry(organization=company.declare("plain"))) == ()
