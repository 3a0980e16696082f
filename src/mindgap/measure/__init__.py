"""Honest statistics as pure functions: counts and numbers in, frozen estimates out.

No framework, clock, disk, network or hidden chance. Differences are always b - a, "from a to b".
Each module is loaded when one of its names is first asked for, so that a page which shows one
score does not wait for all of statistics. What a type checker sees is in ``__init__.pyi``.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_ROOMS = {
    "chart": "Chart chart",
    "cluster": "Clustered mean_clustered mean_clustered_difference nps_clustered nps_clustered_difference proportion_clustered proportion_clustered_difference",
    "cluster_sums": "ClusterSums",
    "comparison": "Compared compare_changes permutation_p",
    "concordance": "concordance",
    "counts": "Counts",
    "covariates": "Covariates",
    "cusum": "Cusum RunLength cusum run_length threshold",
    "did": "Did did wild_p",
    "difference": "mover",
    "dominance": "Dominance dominance dominance_of",
    "drift": "Remembered Trend WaveStep remembered trend wave_step",
    "driver": "Driver DriverPair Drivers drivers",
    "ecsi": "ACSI_PATHS ECSI_PATHS Ecsi LatentIndex ecsi latent_index satisfaction_model",
    "effort": "Effort effort",
    "ending": "Ending Moments ending moments",
    "equivalence": "Equivalence mean_equivalence nps_equivalence proportion_equivalence",
    "errors": "BadArgument BadCounts BadMargins MeasureError NotConverged NotIdentified TooFewAnswers",
    "estimate": "Caution Difference Estimate",
    "foresight": "foresee foresee_alone level_before wander_bound",
    "gap": "Gap gap",
    "gram": "Gram GramStack",
    "grouping": "GroupShare GroupSplit group_split",
    "halo": "Halo halo",
    "hazard": "Hazard Proportionality hazard proportionality",
    "importance": "ImportanceMap Placed importance_performance",
    "impute": "Imputed Pooled PooledShares impute pool pooled_lmg",
    "johnson": "johnson johnson_shares",
    "kano": "Kano KanoContinuous KanoCounts kano kano_continuous kano_counts",
    "kept": "KeptCurve advice kept kept_at",
    "landmark": "Landmark landmark",
    "lifetime": "BuyerValues buyer_values lifetime_value",
    "linear": "LinearFit LinearTest linear linear_from_products",
    "lmg": "Importance lmg lmg_shares",
    "looks": "Bounds Goal any_time even_bounds goal peeking spending_bounds",
    "many": "benjamini_hochberg holm",
    "marginal": "Marginal marginal",
    "mean": "index mean mean_difference quantile",
    "nps": "NpsCells NpsDifferences classes nps nps_cells nps_difference nps_differences",
    "ordinal": "OddsProportionality Ordinal OrdinalImportance Slope odds_proportionality ordinal_importance proportional_odds",
    "paired": "mean_paired nps_paired",
    "parallel": "Parallel parallel",
    "path_model": "PathModel",
    "penalty": "PenaltyReward PenaltyRewards penalty_reward",
    "pls": "Effect Loading Pls PlsBootstrap pls pls_bootstrap",
    "propagation": "Uncertain propagate",
    "proportion": "ProportionCells fisher_exact proportion proportion_cells proportion_difference",
    "purchase": "BuyerCells Buyers PurchaseModel alive purchase_model purchases_ahead purchases_expected",
    "recovery": "Recovery recovery",
    "reliability": "Alpha Items Omega alpha gap_reliability omega",
    "retention": "LogRank log_rank retention retention_difference rmst rmst_difference",
    "roi": "AtRisk NetValue RevenueAtRisk revenue_at_risk roi scenario",
    "sample": "WORST_NPS_VARIANCE WORST_SHARE_VARIANCE answers_for_margin answers_to_detect detectable finite_correction margin_of nps_variance",
    "saturation": "Asymmetry Bend Curvature asymmetry curvature saturation",
    "scale": "EFFORT LIKELIHOOD SATISFACTION Scale",
    "selection": "Picked PickedChange Posterior expected_bounce picked picked_change posterior",
    "series": "Interrupted interrupted",
    "servqual": "DimensionGap Servqual servqual servqual_from_sums",
    "shrink": "Shrunk among_worst between_variance shrink",
    "spend": "SpendCells SpendModel Spends spend_expected spend_model",
    "suppress": "HiddenRow HiddenTable Suppression",
    "surface": "Surface response_surface surface_from_products",
    "survival": "Outcomes Survival survival",
    "tolerance": "ToleranceZone tolerance_zone",
    "topbox": "top_box top_box_difference",
    "track": "Track",
    "trial": "Trial answers_for_trial trial trial_alone",
    "waiting": "Patience WaitingLadder patience waiting_ladder",
    "waits": "Waits",
    "watch": "Watch watch",
    "weibull": "PatienceWeibull patience_weibull",
    "weight": "Margin Raked calibrated_mean calibrated_se design_effect effective_n rake",
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names.split()}

__all__ = sorted(_ROOM_OF)  # noqa: PLE0605 - a list; the names stand above


class _Door(ModuleType):
    """The package; a module of it never takes the place of the function that has its name."""

    def __getattr__(self, name: str) -> Any:
        room = _ROOM_OF.get(name)
        if room is None:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        found = getattr(import_module(f"{__name__}.{room}"), name)
        setattr(self, name, found)
        return found

    def __setattr__(self, name: str, value: object) -> None:
        if name not in _ROOM_OF or not isinstance(value, ModuleType):
            super().__setattr__(name, value)

    def __dir__(self) -> list[str]:
        return sorted({*super().__dir__(), *__all__})


sys.modules[__name__].__class__ = _Door
