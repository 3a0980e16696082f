"""Honest statistics as pure functions: counts and numbers in, frozen estimates out.

No framework, clock, disk, network or hidden chance. Differences are always b - a, "from a to b".
"""

from mindgap.measure.counts import Counts
from mindgap.measure.difference import mover
from mindgap.measure.effort import Effort, effort
from mindgap.measure.errors import (
    BadArgument,
    BadCounts,
    BadMargins,
    MeasureError,
    NotConverged,
    NotIdentified,
    TooFewAnswers,
)
from mindgap.measure.estimate import Caution, Difference, Estimate
from mindgap.measure.gap import Gap, gap
from mindgap.measure.kept import KeptCurve, advice, kept, kept_at
from mindgap.measure.many import benjamini_hochberg, holm
from mindgap.measure.mean import index, mean, mean_difference, quantile
from mindgap.measure.nps import (
    NpsCells,
    NpsDifferences,
    classes,
    nps,
    nps_cells,
    nps_difference,
    nps_differences,
)
from mindgap.measure.paired import nps_paired
from mindgap.measure.proportion import (
    ProportionCells,
    fisher_exact,
    proportion,
    proportion_cells,
    proportion_difference,
)
from mindgap.measure.sample import (
    WORST_NPS_VARIANCE,
    WORST_SHARE_VARIANCE,
    answers_for_margin,
    answers_to_detect,
    detectable,
    finite_correction,
    margin_of,
    nps_variance,
)
from mindgap.measure.scale import EFFORT, LIKELIHOOD, SATISFACTION, Scale
from mindgap.measure.shrink import Shrunk, among_worst, between_variance, shrink
from mindgap.measure.suppress import HiddenRow, HiddenTable, Suppression
from mindgap.measure.survival import Outcomes, Survival, survival
from mindgap.measure.topbox import top_box, top_box_difference
from mindgap.measure.weight import (
    Margin,
    Raked,
    calibrated_mean,
    calibrated_se,
    design_effect,
    effective_n,
    rake,
)

__all__ = [
    "EFFORT",
    "LIKELIHOOD",
    "SATISFACTION",
    "WORST_NPS_VARIANCE",
    "WORST_SHARE_VARIANCE",
    "BadArgument",
    "BadCounts",
    "BadMargins",
    "Caution",
    "Counts",
    "Difference",
    "Effort",
    "Estimate",
    "Gap",
    "HiddenRow",
    "HiddenTable",
    "KeptCurve",
    "Margin",
    "MeasureError",
    "NotConverged",
    "NotIdentified",
    "NpsCells",
    "NpsDifferences",
    "Outcomes",
    "ProportionCells",
    "Raked",
    "Scale",
    "Shrunk",
    "Suppression",
    "Survival",
    "TooFewAnswers",
    "advice",
    "among_worst",
    "answers_for_margin",
    "answers_to_detect",
    "benjamini_hochberg",
    "between_variance",
    "calibrated_mean",
    "calibrated_se",
    "classes",
    "design_effect",
    "detectable",
    "effective_n",
    "effort",
    "finite_correction",
    "fisher_exact",
    "gap",
    "holm",
    "index",
    "kept",
    "kept_at",
    "margin_of",
    "mean",
    "mean_difference",
    "mover",
    "nps",
    "nps_cells",
    "nps_difference",
    "nps_differences",
    "nps_paired",
    "nps_variance",
    "proportion",
    "proportion_cells",
    "proportion_difference",
    "quantile",
    "rake",
    "shrink",
    "survival",
    "top_box",
    "top_box_difference",
]
