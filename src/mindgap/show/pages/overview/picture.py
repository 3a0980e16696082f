"""What the overview shows, in finished words: three figures, the worst three with what to do, what changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _

from mindgap.explain.finding import Finding
from mindgap.explain.gap import gaps
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.overview import Overview
from mindgap.explain.problem import problems
from mindgap.keep.models import FactVersion, Organization, Reading
from mindgap.show import charts, words
from mindgap.show.pages.frame.headline import Headline, headline, state
from mindgap.show.words.action import action, meaning
from mindgap.show.words.title import changes_title, compared, worst_title

Address = Callable[[str], str]
# More lines than this are for the page Explore.
MOST = 6


@dataclass(frozen=True, slots=True)
class Step:
    """One line of "what changed" or "what to mend": the sentence, a state for its mark, where to look."""

    sentence: str
    url: str
    state: str = "unclear"
    meaning: str = ""
    action: str = ""


def stamp(organization: Organization) -> str:
    """Changes whenever a reading comes in or is taken back: nothing else can move a figure."""
    version = FactVersion.objects.filter(organization=organization).values_list("version", flat=True).first()
    newest = Reading.objects.filter(organization=organization).aggregate(newest=Max("id"))["newest"]
    return f"{version or 0}-{newest or 0}"


def headlines(asked: Overview, inquiry: Inquiry, urls: dict[str, str]) -> list[Headline]:
    """Loyalty, expectation gap, promise kept; a figure that nobody asked for yet is left out."""
    names = words.Names.of_inquiry(inquiry)
    return [
        headline(finding, names, id=key, label=label, steps=steps, url=urls.get(key, ""))
        for key, label, finding, steps in _three(asked, inquiry, names)
        if finding is not None
    ]


def _three(
    asked: Overview, inquiry: Inquiry, names: words.Names
) -> Iterator[tuple[str, str, Finding | None, Sequence[Finding] | None]]:
    loyal = asked.loyalty
    # Satisfaction stands in where nobody was asked to recommend; it is not called loyalty then.
    label = _("Loyalty") if loyal is None or loyal.code == "score.nps" else names.metric(loyal.metric)
    yield "loyalty", label, loyal, asked.loyalty_changes
    missed = [finding for finding in asked.met if finding.details.get("outcome") == "missed"]
    if missed:
        yield "gap", _("Expectation gap"), missed[0], asked.missed_changes
    else:
        yield "gap", _("Gap to the promise"), _promise_gap(inquiry), None
    yield "kept", _("Promise kept"), asked.kept, asked.kept_changes


def _promise_gap(inquiry: Inquiry) -> Finding | None:
    """Where no expectation was asked: the mean gap to the promise of the touchpoint with most interactions."""
    means = [finding for finding in gaps(inquiry, against=("promise",)) if finding.code == "gap.mean"]
    return max(means, key=lambda finding: finding.n or 0, default=None)


def worst_chart(asked: Overview, inquiry: Inquiry, address: Address) -> charts.Chart | None:
    """The worst three with their posterior intervals."""
    if not asked.worst:
        return None
    names = words.Names.of_inquiry(inquiry)
    return charts.worst(
        [
            charts.Row(names.touchpoint(finding), finding, address(finding.touchpoint or ""))
            for finding in asked.worst
        ],
        id="worst",
        title=worst_title(list(asked.worst), names),
        summary=_(
            "Share of bad experiences at the worst touchpoints: promise missed, bad score, or less than expected. "
            "Small samples are pulled towards the whole; the faint dot is the raw value."
        ),
        column=_("Touchpoint"),
    )


def to_mend(asked: Overview, inquiry: Inquiry, address: Address) -> list[Step]:
    """For each of the worst: what it is, which side is at fault, and the step to take."""
    names = words.Names.of_inquiry(inquiry)
    kinds = {finding.touchpoint: finding.details.get("kind", "") for finding in problems(inquiry)}
    return [
        Step(
            sentence=words.sentence(finding, names),
            url=address(finding.touchpoint or ""),
            state="worse" if finding.details.get("is_clear") else "unclear",
            meaning=meaning(kinds.get(finding.touchpoint, "none_clear")),
            action=action(kinds.get(finding.touchpoint, "none_clear")),
        )
        for finding in asked.worst
    ]


def changed(asked: Overview, inquiry: Inquiry, address: Address) -> dict[str, Any]:
    """The real changes, and how many were within noise."""
    names = words.Names.of_inquiry(inquiry)
    steps = [
        Step(words.sentence(finding, names), address(finding.touchpoint or ""), state(finding))
        for finding in asked.real[:MOST]
    ]
    return {
        "title": changes_title(len(asked.real), asked.noise),
        "steps": steps,
        "is_none": not asked.real and not asked.noise,
        "compared": compared(
            (*asked.real, *asked.loyalty_changes, *asked.kept_changes, *asked.missed_changes)
        ),
        "more": max(0, len(asked.real) - MOST),
    }


def to_mind(asked: Overview, inquiry: Inquiry, address: Address) -> list[Step]:
    """What must be borne in mind: answers asked too early, promises that contradict each other."""
    names = words.Names.of_inquiry(inquiry)
    early = sorted(
        (finding for finding in asked.early if finding.details.get("count")),
        key=lambda finding: -finding.details["count"],
    )
    return [
        Step(words.sentence(finding, names), address(finding.touchpoint or ""))
        for finding in (*early[:3], *asked.contradictions[:3])
    ]
