"""Headline: one of the few figures at the top of a page: the number, the sentence, of whom it speaks, how it moved."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from mindgap.explain.finding import Finding
from mindgap.show import words
from mindgap.show.templatetags.figures import written
from mindgap.show.words.title import caption, change

# The two earlier periods with which a headline is compared.
COMPARED = ("change.previous", "change.last_year")


@dataclass(frozen=True, slots=True)
class Headline:
    """What `frame/_headline.html` draws, in finished words."""

    id: str
    label: str
    figure: dict[str, Any]
    sentence: str
    # What the number counts; empty where the label says it.
    caption: str
    population: str
    changes: tuple[dict[str, str], ...]
    url: str


def headline(
    finding: Finding,
    names: words.Names,
    *,
    id: str,  # noqa: A002 - an element has an id
    label: str,
    steps: Sequence[Finding] | None = None,
    url: str = "",
) -> Headline:
    """The headline of a finding; `steps` are its changes since earlier periods, None where none are to be shown."""
    counted = caption(finding, names)
    by_code = {step.code: step for step in steps or ()}
    return Headline(
        id=id,
        label=label,
        figure=written(finding),
        sentence=words.sentence(finding, names),
        caption="" if counted == label else counted,
        population=words.population(finding.population),
        changes=()
        if steps is None
        else tuple(
            {"text": change(by_code.get(code), code), "state": state(by_code.get(code))} for code in COMPARED
        ),
        url=url,
    )


def state(step: Finding | None) -> str:
    """The mark of a step: better, worse, or unclear where it is within noise."""
    if step is None or not step.details.get("is_real"):
        return "unclear"
    return "better" if step.details.get("is_better") else "worse"
