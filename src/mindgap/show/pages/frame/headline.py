"""Headline: one of the few figures at the top of a page: the number, the sentence, of whom it speaks, how it moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mindgap.explain.finding import Finding
from mindgap.show import words
from mindgap.show.templatetags.figures import written
from mindgap.show.words.title import change


@dataclass(frozen=True, slots=True)
class Headline:
    """What `frame/_headline.html` draws, in finished words."""

    id: str
    label: str
    figure: dict[str, Any]
    sentence: str
    population: str
    changes: tuple[dict[str, str], ...]
    url: str


def headline(
    finding: Finding,
    names: words.Names,
    *,
    id: str,
    label: str,
    steps: Sequence[Finding] = (),
    url: str = "",
) -> Headline:
    """The headline of a finding; `steps` are its changes since earlier periods."""
    return Headline(
        id=id,
        label=label,
        figure=written(finding),
        sentence=words.sentence(finding, names),
        population=words.population(finding.population),
        changes=tuple({"text": change(step), "state": state(step)} for step in steps),
        url=url,
    )


def state(step: Finding) -> str:
    """The mark of a step: better, worse, or unclear where it is within noise."""
    if not step.details.get("is_real"):
        return "unclear"
    return "better" if step.details.get("is_better") else "worse"
