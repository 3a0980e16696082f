from mindgap.measure.chart import Chart as Chart
from mindgap.measure.chart import chart as chart
from mindgap.measure.cluster import Clustered as Clustered
from mindgap.measure.cluster import mean_clustered as mean_clustered
from mindgap.measure.cluster import mean_clustered_difference as mean_clustered_difference
from mindgap.measure.cluster import nps_clustered as nps_clustered
from mindgap.measure.cluster import nps_clustered_difference as nps_clustered_difference
from mindgap.measure.cluster import proportion_clustered as proportion_clustered
from mindgap.measure.cluster import proportion_clustered_difference as proportion_clustered_difference
from mindgap.measure.cluster_sums import ClusterSums as ClusterSums
from mindgap.measure.comparison import Compared as Compared
from mindgap.measure.comparison import compare_changes as compare_changes
from mindgap.measure.comparison import permutation_p as permutation_p
from mindgap.measure.concordance import concordance as concordance
from mindgap.measure.counts import Counts as Counts
from mindgap.measure.covariates import Covariates as Covariates
from mindgap.measure.cusum import Cusum as Cusum
from mindgap.measure.cusum import RunLength as RunLength
from mindgap.measure.cusum import cusum as cusum
from mindgap.measure.cusum import run_length as run_length
from mindgap.measure.cusum import threshold as threshold
from mindgap.measure.did import Did as Did
from mindgap.measure.did import did as did
from mindgap.measure.did import wild_p as wild_p
from mindgap.measure.difference import mover as mover
from mindgap.measure.dominance import Dominance as Dominance
from mindgap.measure.dominance import dominance as dominance
from mindgap.measure.dominance import dominance_of as dominance_of
from mindgap.measure.drift import Remembered as Remembered
from mindgap.measure.drift import Trend as Trend
from mindgap.measure.drift import WaveStep as WaveStep
from mindgap.measure.drift import remembered as remembered
from mindgap.measure.drift import trend as trend
from mindgap.measure.drift import wave_step as wave_step
from mindgap.measure.driver import Driver as Driver
from mindgap.measure.driver import DriverPair as DriverPair
from mindgap.measure.driver import Drivers as Drivers
from mindgap.measure.driver import drivers as drivers
from mindgap.measure.ecsi import ACSI_PATHS as ACSI_PATHS
from mindgap.measure.ecsi import ECSI_PATHS as ECSI_PATHS
from mindgap.measure.ecsi import Ecsi as Ecsi
from mindgap.measure.ecsi import LatentIndex as LatentIndex
from mindgap.measure.ecsi import ecsi as ecsi
from mindgap.measure.ecsi import latent_index as latent_index
from mindgap.measure.ecsi import satisfaction_model as satisfaction_model
from mindgap.measure.effort import Effort as Effort
from mindgap.measure.effort import effort as effort
from mindgap.measure.ending import Ending as Ending
from mindgap.measure.ending import Moments as Moments
from mindgap.measure.ending import ending as ending
from mindgap.measure.ending import moments as moments
from mindgap.measure.equivalence import Equivalence as Equivalence
from mindgap.measure.equivalence import mean_equivalence as mean_equivalence
from mindgap.measure.equivalence import nps_equivalence as nps_equivalence
from mindgap.measure.equivalence import proportion_equivalence as proportion_equivalence
from mindgap.measure.errors import BadArgument as BadArgument
from mindgap.measure.errors import BadCounts as BadCounts
from mindgap.measure.errors import BadMargins as BadMargins
from mindgap.measure.errors import MeasureError as MeasureError
from mindgap.measure.errors import NotConverged as NotConverged
from mindgap.measure.errors import NotIdentified as NotIdentified
from mindgap.measure.errors import TooFewAnswers as TooFewAnswers
from mindgap.measure.estimate import Caution as Caution
from mindgap.measure.estimate import Difference as Difference
from mindgap.measure.estimate import Estimate as Estimate
from mindgap.measure.foresight import foresee as foresee
from mindgap.measure.foresight import foresee_alone as foresee_alone
from mindgap.measure.foresight import level_before as level_before
from mindgap.measure.foresight import wander_bound as wander_bound
from mindgap.measure.gap import Gap as Gap
from mindgap.measure.gap import gap as gap
from mindgap.measure.gram import Gram as Gram
from mindgap.measure.gram import GramStack as GramStack
from mindgap.measure.grouping import GroupShare as GroupShare
from mindgap.measure.grouping import GroupSplit as GroupSplit
from mindgap.measure.grouping import group_split as group_split
from mindgap.measure.halo import Halo as Halo
from mindgap.measure.halo import halo as halo
from mindgap.measure.hazard import Hazard as Hazard
from mindgap.measure.hazard import Proportionality as Proportionality
from mindgap.measure.hazard import hazard as hazard
from mindgap.measure.hazard import proportionality as proportionality
from mindgap.measure.importance import ImportanceMap as ImportanceMap
from mindgap.measure.importance import Placed as Placed
from mindgap.measure.importance import importance_performance as importance_performance
from mindgap.measure.impute import Imputed as Imputed
from mindgap.measure.impute import Pooled as Pooled
from mindgap.measure.impute import PooledShares as PooledShares
from mindgap.measure.impute import impute as impute
from mindgap.measure.impute import pool as pool
from mindgap.measure.impute import pooled_lmg as pooled_lmg
from mindgap.measure.johnson import johnson as johnson
from mindgap.measure.johnson import johnson_shares as johnson_shares
from mindgap.measure.kano import Kano as Kano
from mindgap.measure.kano import KanoContinuous as KanoContinuous
from mindgap.measure.kano import KanoCounts as KanoCounts
from mindgap.measure.kano import kano as kano
from mindgap.measure.kano import kano_continuous as kano_continuous
from mindgap.measure.kano import kano_counts as kano_counts
from mindgap.measure.kept import KeptCurve as KeptCurve
from mindgap.measure.kept import advice as advice
from mindgap.measure.kept import kept as kept
from mindgap.measure.kept import kept_at as kept_at
from mindgap.measure.landmark import Landmark as Landmark
from mindgap.measure.landmark import landmark as landmark
from mindgap.measure.lifetime import BuyerValues as BuyerValues
from mindgap.measure.lifetime import buyer_values as buyer_values
from mindgap.measure.lifetime import lifetime_value as lifetime_value
from mindgap.measure.linear import LinearFit as LinearFit
from mindgap.measure.linear import LinearTest as LinearTest
from mindgap.measure.linear import linear as linear
from mindgap.measure.linear import linear_from_products as linear_from_products
from mindgap.measure.lmg import Importance as Importance
from mindgap.measure.lmg import lmg as lmg
from mindgap.measure.lmg import lmg_shares as lmg_shares
from mindgap.measure.looks import Bounds as Bounds
from mindgap.measure.looks import Goal as Goal
from mindgap.measure.looks import any_time as any_time
from mindgap.measure.looks import even_bounds as even_bounds
from mindgap.measure.looks import goal as goal
from mindgap.measure.looks import peeking as peeking
from mindgap.measure.looks import spending_bounds as spending_bounds
from mindgap.measure.many import benjamini_hochberg as benjamini_hochberg
from mindgap.measure.many import holm as holm
from mindgap.measure.marginal import Marginal as Marginal
from mindgap.measure.marginal import marginal as marginal
from mindgap.measure.mean import index as index
from mindgap.measure.mean import mean as mean
from mindgap.measure.mean import mean_difference as mean_difference
from mindgap.measure.mean import quantile as quantile
from mindgap.measure.nps import NpsCells as NpsCells
from mindgap.measure.nps import NpsDifferences as NpsDifferences
from mindgap.measure.nps import classes as classes
from mindgap.measure.nps import nps as nps
from mindgap.measure.nps import nps_cells as nps_cells
from mindgap.measure.nps import nps_difference as nps_difference
from mindgap.measure.nps import nps_differences as nps_differences
from mindgap.measure.ordinal import OddsProportionality as OddsProportionality
from mindgap.measure.ordinal import Ordinal as Ordinal
from mindgap.measure.ordinal import OrdinalImportance as OrdinalImportance
from mindgap.measure.ordinal import Slope as Slope
from mindgap.measure.ordinal import odds_proportionality as odds_proportionality
from mindgap.measure.ordinal import ordinal_importance as ordinal_importance
from mindgap.measure.ordinal import proportional_odds as proportional_odds
from mindgap.measure.paired import mean_paired as mean_paired
from mindgap.measure.paired import nps_paired as nps_paired
from mindgap.measure.parallel import Parallel as Parallel
from mindgap.measure.parallel import parallel as parallel
from mindgap.measure.path_model import PathModel as PathModel
from mindgap.measure.penalty import PenaltyReward as PenaltyReward
from mindgap.measure.penalty import PenaltyRewards as PenaltyRewards
from mindgap.measure.penalty import penalty_reward as penalty_reward
from mindgap.measure.pls import Effect as Effect
from mindgap.measure.pls import Loading as Loading
from mindgap.measure.pls import Pls as Pls
from mindgap.measure.pls import PlsBootstrap as PlsBootstrap
from mindgap.measure.pls import pls as pls
from mindgap.measure.pls import pls_bootstrap as pls_bootstrap
from mindgap.measure.propagation import Uncertain as Uncertain
from mindgap.measure.propagation import propagate as propagate
from mindgap.measure.proportion import ProportionCells as ProportionCells
from mindgap.measure.proportion import fisher_exact as fisher_exact
from mindgap.measure.proportion import proportion as proportion
from mindgap.measure.proportion import proportion_cells as proportion_cells
from mindgap.measure.proportion import proportion_difference as proportion_difference
from mindgap.measure.purchase import BuyerCells as BuyerCells
from mindgap.measure.purchase import Buyers as Buyers
from mindgap.measure.purchase import PurchaseModel as PurchaseModel
from mindgap.measure.purchase import alive as alive
from mindgap.measure.purchase import purchase_model as purchase_model
from mindgap.measure.purchase import purchases_ahead as purchases_ahead
from mindgap.measure.purchase import purchases_expected as purchases_expected
from mindgap.measure.recovery import Recovery as Recovery
from mindgap.measure.recovery import recovery as recovery
from mindgap.measure.reliability import Alpha as Alpha
from mindgap.measure.reliability import Items as Items
from mindgap.measure.reliability import Omega as Omega
from mindgap.measure.reliability import alpha as alpha
from mindgap.measure.reliability import gap_reliability as gap_reliability
from mindgap.measure.reliability import omega as omega
from mindgap.measure.retention import LogRank as LogRank
from mindgap.measure.retention import log_rank as log_rank
from mindgap.measure.retention import retention as retention
from mindgap.measure.retention import retention_difference as retention_difference
from mindgap.measure.retention import rmst as rmst
from mindgap.measure.retention import rmst_difference as rmst_difference
from mindgap.measure.roi import AtRisk as AtRisk
from mindgap.measure.roi import NetValue as NetValue
from mindgap.measure.roi import RevenueAtRisk as RevenueAtRisk
from mindgap.measure.roi import revenue_at_risk as revenue_at_risk
from mindgap.measure.roi import roi as roi
from mindgap.measure.roi import scenario as scenario
from mindgap.measure.sample import WORST_NPS_VARIANCE as WORST_NPS_VARIANCE
from mindgap.measure.sample import WORST_SHARE_VARIANCE as WORST_SHARE_VARIANCE
from mindgap.measure.sample import answers_for_margin as answers_for_margin
from mindgap.measure.sample import answers_to_detect as answers_to_detect
from mindgap.measure.sample import detectable as detectable
from mindgap.measure.sample import finite_correction as finite_correction
from mindgap.measure.sample import margin_of as margin_of
from mindgap.measure.sample import nps_variance as nps_variance
from mindgap.measure.saturation import Asymmetry as Asymmetry
from mindgap.measure.saturation import Bend as Bend
from mindgap.measure.saturation import Curvature as Curvature
from mindgap.measure.saturation import asymmetry as asymmetry
from mindgap.measure.saturation import curvature as curvature
from mindgap.measure.saturation import saturation as saturation
from mindgap.measure.scale import EFFORT as EFFORT
from mindgap.measure.scale import LIKELIHOOD as LIKELIHOOD
from mindgap.measure.scale import SATISFACTION as SATISFACTION
from mindgap.measure.scale import Scale as Scale
from mindgap.measure.selection import Picked as Picked
from mindgap.measure.selection import PickedChange as PickedChange
from mindgap.measure.selection import Posterior as Posterior
from mindgap.measure.selection import expected_bounce as expected_bounce
from mindgap.measure.selection import picked as picked
from mindgap.measure.selection import picked_change as picked_change
from mindgap.measure.selection import posterior as posterior
from mindgap.measure.series import Interrupted as Interrupted
from mindgap.measure.series import interrupted as interrupted
from mindgap.measure.servqual import DimensionGap as DimensionGap
from mindgap.measure.servqual import Servqual as Servqual
from mindgap.measure.servqual import servqual as servqual
from mindgap.measure.servqual import servqual_from_sums as servqual_from_sums
from mindgap.measure.shrink import Shrunk as Shrunk
from mindgap.measure.shrink import among_worst as among_worst
from mindgap.measure.shrink import between_variance as between_variance
from mindgap.measure.shrink import shrink as shrink
from mindgap.measure.spend import SpendCells as SpendCells
from mindgap.measure.spend import SpendModel as SpendModel
from mindgap.measure.spend import Spends as Spends
from mindgap.measure.spend import spend_expected as spend_expected
from mindgap.measure.spend import spend_model as spend_model
from mindgap.measure.suppress import HiddenRow as HiddenRow
from mindgap.measure.suppress import HiddenTable as HiddenTable
from mindgap.measure.suppress import Suppression as Suppression
from mindgap.measure.surface import Surface as Surface
from mindgap.measure.surface import response_surface as response_surface
from mindgap.measure.surface import surface_from_products as surface_from_products
from mindgap.measure.survival import Outcomes as Outcomes
from mindgap.measure.survival import Survival as Survival
from mindgap.measure.survival import survival as survival
from mindgap.measure.tolerance import ToleranceZone as ToleranceZone
from mindgap.measure.tolerance import tolerance_zone as tolerance_zone
from mindgap.measure.topbox import top_box as top_box
from mindgap.measure.topbox import top_box_difference as top_box_difference
from mindgap.measure.track import Track as Track
from mindgap.measure.trial import Trial as Trial
from mindgap.measure.trial import answers_for_trial as answers_for_trial
from mindgap.measure.trial import trial as trial
from mindgap.measure.trial import trial_alone as trial_alone
from mindgap.measure.waiting import Patience as Patience
from mindgap.measure.waiting import WaitingLadder as WaitingLadder
from mindgap.measure.waiting import patience as patience
from mindgap.measure.waiting import waiting_ladder as waiting_ladder
from mindgap.measure.waits import Waits as Waits
from mindgap.measure.watch import Watch as Watch
from mindgap.measure.watch import watch as watch
from mindgap.measure.weibull import PatienceWeibull as PatienceWeibull
from mindgap.measure.weibull import patience_weibull as patience_weibull
from mindgap.measure.weight import Margin as Margin
from mindgap.measure.weight import Raked as Raked
from mindgap.measure.weight import calibrated_mean as calibrated_mean
from mindgap.measure.weight import calibrated_se as calibrated_se
from mindgap.measure.weight import design_effect as design_effect
from mindgap.measure.weight import effective_n as effective_n
from mindgap.measure.weight import rake as rake

__all__ = [
    "ACSI_PATHS",
    "ECSI_PATHS",
    "EFFORT",
    "LIKELIHOOD",
    "SATISFACTION",
    "WORST_NPS_VARIANCE",
    "WORST_SHARE_VARIANCE",
    "Alpha",
    "Asymmetry",
    "AtRisk",
    "BadArgument",
    "BadCounts",
    "BadMargins",
    "Bend",
    "Bounds",
    "BuyerCells",
    "BuyerValues",
    "Buyers",
    "Caution",
    "Chart",
    "ClusterSums",
    "Clustered",
    "Compared",
    "Counts",
    "Covariates",
    "Curvature",
    "Cusum",
    "Did",
    "Difference",
    "DimensionGap",
    "Dominance",
    "Driver",
    "DriverPair",
    "Drivers",
    "Ecsi",
    "Effect",
    "Effort",
    "Ending",
    "Equivalence",
    "Estimate",
    "Gap",
    "Goal",
    "Gram",
    "GramStack",
    "GroupShare",
    "GroupSplit",
    "Halo",
    "Hazard",
    "HiddenRow",
    "HiddenTable",
    "Importance",
    "ImportanceMap",
    "Imputed",
    "Interrupted",
    "Items",
    "Kano",
    "KanoContinuous",
    "KanoCounts",
    "KeptCurve",
    "Landmark",
    "LatentIndex",
    "LinearFit",
    "LinearTest",
    "Loading",
    "LogRank",
    "Margin",
    "Marginal",
    "MeasureError",
    "Moments",
    "NetValue",
    "NotConverged",
    "NotIdentified",
    "NpsCells",
    "NpsDifferences",
    "OddsProportionality",
    "Omega",
    "Ordinal",
    "OrdinalImportance",
    "Outcomes",
    "Parallel",
    "PathModel",
    "Patience",
    "PatienceWeibull",
    "PenaltyReward",
    "PenaltyRewards",
    "Picked",
    "PickedChange",
    "Placed",
    "Pls",
    "PlsBootstrap",
    "Pooled",
    "PooledShares",
    "Posterior",
    "ProportionCells",
    "Proportionality",
    "PurchaseModel",
    "Raked",
    "Recovery",
    "Remembered",
    "RevenueAtRisk",
    "RunLength",
    "Scale",
    "Servqual",
    "Shrunk",
    "Slope",
    "SpendCells",
    "SpendModel",
    "Spends",
    "Suppression",
    "Surface",
    "Survival",
    "ToleranceZone",
    "TooFewAnswers",
    "Track",
    "Trend",
    "Trial",
    "Uncertain",
    "WaitingLadder",
    "Waits",
    "Watch",
    "WaveStep",
    "advice",
    "alive",
    "alpha",
    "among_worst",
    "answers_for_margin",
    "answers_for_trial",
    "answers_to_detect",
    "any_time",
    "asymmetry",
    "benjamini_hochberg",
    "between_variance",
    "buyer_values",
    "calibrated_mean",
    "calibrated_se",
    "chart",
    "classes",
    "compare_changes",
    "concordance",
    "curvature",
    "cusum",
    "design_effect",
    "detectable",
    "did",
    "dominance",
    "dominance_of",
    "drivers",
    "ecsi",
    "effective_n",
    "effort",
    "ending",
    "even_bounds",
    "expected_bounce",
    "finite_correction",
    "fisher_exact",
    "foresee",
    "foresee_alone",
    "gap",
    "gap_reliability",
    "goal",
    "group_split",
    "halo",
    "hazard",
    "holm",
    "importance_performance",
    "impute",
    "index",
    "interrupted",
    "johnson",
    "johnson_shares",
    "kano",
    "kano_continuous",
    "kano_counts",
    "kept",
    "kept_at",
    "landmark",
    "latent_index",
    "level_before",
    "lifetime_value",
    "linear",
    "linear_from_products",
    "lmg",
    "lmg_shares",
    "log_rank",
    "margin_of",
    "marginal",
    "mean",
    "mean_clustered",
    "mean_clustered_difference",
    "mean_difference",
    "mean_equivalence",
    "mean_paired",
    "moments",
    "mover",
    "nps",
    "nps_cells",
    "nps_clustered",
    "nps_clustered_difference",
    "nps_difference",
    "nps_differences",
    "nps_equivalence",
    "nps_paired",
    "nps_variance",
    "odds_proportionality",
    "omega",
    "ordinal_importance",
    "parallel",
    "patience",
    "patience_weibull",
    "peeking",
    "penalty_reward",
    "permutation_p",
    "picked",
    "picked_change",
    "pls",
    "pls_bootstrap",
    "pool",
    "pooled_lmg",
    "posterior",
    "propagate",
    "proportion",
    "proportion_cells",
    "proportion_clustered",
    "proportion_clustered_difference",
    "proportion_difference",
    "proportion_equivalence",
    "proportional_odds",
    "proportionality",
    "purchase_model",
    "purchases_ahead",
    "purchases_expected",
    "quantile",
    "rake",
    "recovery",
    "remembered",
    "response_surface",
    "retention",
    "retention_difference",
    "revenue_at_risk",
    "rmst",
    "rmst_difference",
    "roi",
    "run_length",
    "satisfaction_model",
    "saturation",
    "scenario",
    "servqual",
    "servqual_from_sums",
    "shrink",
    "spend_expected",
    "spend_model",
    "spending_bounds",
    "surface_from_products",
    "survival",
    "threshold",
    "tolerance_zone",
    "top_box",
    "top_box_difference",
    "trend",
    "trial",
    "trial_alone",
    "waiting_ladder",
    "wander_bound",
    "watch",
    "wave_step",
    "wild_p",
]
