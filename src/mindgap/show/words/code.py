"""Stable codes in words. An unknown code is shown as it is rather than hidden."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext


def population(code: str) -> str:
    """Of whom a figure speaks; stands beside every figure."""
    return {
        "completed": _("completed interactions and answers without interaction"),
        "open": _("interactions still open"),
        "cancelled": _("cancelled interactions"),
        "not_cancelled": _("all interactions that were not cancelled, open ones as far as they were seen"),
        "missed": _("completed interactions whose promise was missed"),
        "register": _("the promise register"),
        "touchpoints": _("touchpoints with a goal"),
        "customers": _("customers who are known and came at least once"),
        "comments": _("the newest comments of the period"),
        "cases": _("the cases of the period"),
        "verified": _("cases whose customer was asked afterwards and answered"),
        "ended": _("interactions that were completed or cancelled"),
        "recovery": _("customers who are known, followed from their case or from their first day"),
        "remembered": _("customers who are known and answered both times"),
        "journeys": _("known customers with two touchpoints or more, and a judgement of the whole"),
    }.get(code, code)


def rule(code: str | None) -> str:
    """How late is told from in time."""
    return {
        "calendar": _("late by calendar day"),
        "timestamp": _("late by timestamp"),
    }.get(code or "", code or "")


def warning(code: str) -> str:
    """What must be borne in mind."""
    return {
        "too_few": _("Too few answers to show a figure."),
        "not_known": _("The answers cannot say this yet."),
        "slack_negative": _("The promise is shorter than what can be kept."),
        "slack_large": _("The promise is needlessly long: a much shorter one would be kept too."),
        "no_goal": _("No goal is set here, so the experience is compared with the other touchpoints only."),
        "all_equal": _("All answers are the same, so they show no spread."),
        "small_expected": _("So few cases make the test rough."),
        "open_low": _("Too few answers to bound the value from below."),
        "open_high": _("Too few answers to bound the value from above."),
        "not_reached": _("Too many are still open to say."),
        "follow_up_short": _("Open ones were not followed up to the promise: the value is a lower bound."),
        "censored": _(
            "Some were still open before the promise fell due; they are counted as far as they were seen."
        ),
        "asked_early": _("Some customers were asked before they had the experience."),
        **_analysis_warnings(),
    }.get(code, code)


def _analysis_warnings() -> dict[str, str]:
    """Cautions of drivers, comparisons, models and money."""
    return {
        "unreliable": _("Reliability is below 0.7: good for groups, not for ranking single customers."),
        "boundary": _("The fit lies on the edge of what is possible; read it with care."),
        "opposed": _("One question runs against the others: turn it round or leave it out."),
        "contradictory": _("Some customers contradict themselves; they are left out and counted."),
        "few_in_category": _("A category has too few answers for an effect of its own."),
        "collinear": _("Some drivers follow from the others; they share what they explain together."),
        "suppression": _(
            "The coefficient is zero or against the correlation: the driver works through others."
        ),
        "few_blocks": _("Fewer than twenty customers or blocks were resampled: the interval is rough."),
        "halo": _("The drivers move together so much that one general impression may be behind them."),
        "not_proportional": _(
            "A driver does not move all steps of the outcome alike; the coefficient is an average."
        ),
        "few_events": _("Fewer than ten events per factor: the coefficients are rough."),
        "dependent": _("Spend and number of purchases go together, which the method takes not to be so."),
        "association": _(
            "Compares customers who chose their own group: not the effect of anything one could do."
        ),
        "assumed": _("Rests on figures that were entered, not on answers."),
        "few_clusters": _("Fewer than ten customers, units or comparison groups: the interval is rough."),
        "short_baseline": _("Few periods say what is usual, so the limits are uncertain."),
        "overdispersed": _("It wavers more from period to period than the chance of its answers explains."),
        "autocorrelated": _("Neighbouring periods resemble each other so much that the interval is rough."),
        "not_parallel": _("Before the change the two groups already moved apart."),
        "picked": _("It was picked for its low value; part of any rise is chance that passes."),
        "weak_block": _("The questions of a block hang together too little to stand for one thing."),
        "covers_zero": _("The interval holds zero: it is not known which way it goes, or whether at all."),
        "replicates_lost": _(
            "The model could not be fitted to some resamples; the interval rests on the others."
        ),
    }


def state(code: str) -> str:
    """The state of an interaction."""
    return {
        "none": _("without interaction"),
        "completed": _("completed"),
        "open": _("open"),
        "cancelled": _("cancelled"),
    }.get(code, code)


def outcome(code: str) -> str:
    """How it turned out against promise or expectation."""
    return {
        "exceeded": pgettext("outcome", "exceeded"),
        "met": pgettext("outcome", "met"),
        "missed": pgettext("outcome", "missed"),
        "kept": _("promise kept"),
    }.get(code, code)


def against(code: str) -> str:
    """What a gap is measured against."""
    return {"promise": _("the promise"), "expectation": _("the customer's expectation")}.get(code, code)


def kind(code: str) -> str:
    """The kind of a problem (R2)."""
    return {
        "experience_short": _("experience falls short"),
        "expectation_too_high": _("expectation too high"),
        "expectation_too_low": _("expectation too low"),
        "both": _("both experience and expectation"),
        "none_clear": _("no clear problem"),
    }.get(code, code)


def verdict(code: str) -> str:
    """What an experience was judged by."""
    return {
        "promise": _("promise missed"),
        "score": _("bad score"),
        "expectation": _("less than expected"),
    }.get(code, code)


def place(code: str) -> str:
    """Where the words of a promise stand."""
    return {
        "register": _("promise register"),
        "advertisement": _("advertisement"),
        "social": _("social media"),
        "website": _("website"),
        "script": _("call script"),
        "warranty": _("warranty"),
        "policy": _("policy"),
        "contract": _("contract"),
        "message": _("message"),
        "staff": _("staff"),
    }.get(code, code)


def column(code: str) -> str:
    """The name of a column of the facts; segments have names of their own."""
    return {
        "touchpoint": _("Touchpoint"),
        "channel": _("Channel"),
        "unit": _("Unit"),
        "measure": _("Measure"),
        "promise": _("Promise"),
        "source": _("Source of expectation"),
        "state": _("State"),
        "outcome": _("Outcome of the promise"),
        "outcome_time": _("Outcome by timestamp"),
        "early": _("Asked too early"),
        "day": _("Day"),
        "week": _("Week"),
        "month": _("Month"),
        "asked_day": _("Day asked"),
        "value": _("Value"),
        "expected": _("Expected"),
        "promised": _("Promised"),
        "gap_promised": _("Gap to the promise"),
        "gap_expected": _("Gap to the expectation"),
    }.get(code, code.removeprefix("seg_"))


def metric(code: str) -> str:
    """The name of a figure that follows from the facts; declared metrics have names of their own."""
    return {
        "gap.promise": _("Gap to the promise"),
        "gap.expectation": _("Expectation gap"),
        "kept": _("Promise kept"),
        "missed": _("Promise missed"),
        "missed.timestamp": _("Promise missed, by timestamp"),
        "early": _("Asked too early"),
        "nps": _("Net Promoter Score"),
        "top": _("Share in the best boxes"),
        "mean": _("Mean"),
        "effort": _("Customer effort, mean"),
        "advice": _("Promise that can be kept"),
        "slack": _("Slack of the promise"),
        "bad": _("Share of bad experiences"),
        "told": _("Told before it was due"),
        "index": _("Index, 0 to 100"),
        "driver": _("Share of what is explained"),
        "expectation": _("Expectation"),
        "surface": _("Expectation and experience"),
        "repeat.once": _("Not come back so far"),
        "repeat.ahead": _("Expected to come back"),
        "tolerance": _("Zone of tolerance"),
        "service": _("Service quality"),
        "kano": _("What a feature does"),
        "patience": _("Patience"),
        "loyalty_index": _("Attitudinal loyalty index"),
        "retention": _("Customers who come back"),
    }.get(code, code)


def quadrant(code: str) -> str:
    """Where a driver stands in importance and performance; undecided where an interval crosses a line."""
    return {
        "fix_first": pgettext("quadrant", "Fix first"),
        "protect": pgettext("quadrant", "Protect"),
        "watch": pgettext("quadrant", "Watch"),
        "leave": pgettext("quadrant", "Leave"),
        "undecided": pgettext("quadrant", "Undecided"),
    }.get(code, code)


def surface(code: str) -> str:
    """The slopes and curvatures of an outcome over expectation and experience."""
    return {
        "a1": _("slope where customers got what they expected"),
        "a2": _("curvature where customers got what they expected"),
        "a3": _("slope as experience falls short of expectation"),
        "a4": _("curvature as experience falls short of expectation"),
    }.get(code, code)


def dimension(code: str) -> str:
    """A dimension of service quality."""
    return {
        "reliability": _("Reliability"),
        "assurance": _("Assurance"),
        "tangibles": _("Tangibles"),
        "empathy": _("Empathy"),
        "response": _("Responsiveness"),
    }.get(code, code)


def latent(code: str) -> str:
    """What a block of questions of the satisfaction index stands for."""
    return {
        "image": _("Image"),
        "expectation": _("Expectation"),
        "quality": _("Quality"),
        "value": _("Value for money"),
        "satisfaction": _("Satisfaction"),
        "complaints": _("Handling of complaints"),
        "loyalty": _("Loyalty"),
    }.get(code, code)


def feature(code: str) -> str:
    """What a feature does to satisfaction, after Kano."""
    return {
        "attractive": pgettext("kano", "it delights"),
        "performance": pgettext("kano", "the more the better"),
        "must_be": pgettext("kano", "it must be there"),
        "indifferent": pgettext("kano", "it leaves cold"),
        "reverse": pgettext("kano", "it is better left out"),
        "questionable": pgettext("kano", "the answers contradict each other"),
        "undecided": pgettext("kano", "undecided"),
    }.get(code, code)


def rung(code: str) -> str:
    """A step of the ladder of patience."""
    return {
        "impatient": pgettext("ladder", "impatient"),
        "agitated": pgettext("ladder", "agitated"),
        "angry": pgettext("ladder", "angry"),
        "leave": pgettext("ladder", "ready to leave"),
    }.get(code, code)


def said(code: str) -> str:
    """What customers are grouped by who gave a score."""
    return {
        "bad": pgettext("score", "bad score"),
        "middle": pgettext("score", "score in between"),
        "best": pgettext("score", "best score"),
    }.get(code, code)
