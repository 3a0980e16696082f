"""Promise contradiction: the places where one promise is made name different quantities (R19, R21)."""

from collections.abc import Iterator
from datetime import timedelta

from mindgap.act.alert.trigger import Happening, Look, Trigger
from mindgap.explain.audit import contradictions
from mindgap.explain.inquiry import Inquiry
from mindgap.keep.models import Promise


def _look(look: Look) -> Iterator[Happening]:
    promises = {each.code: each for each in Promise.objects.filter(organization=look.organization)}
    for finding in contradictions(Inquiry(organization=look.organization)):
        promise = promises[finding.details["promise"]]
        # Other quantities are another contradiction.
        quantities = ",".join(f"{each:g}" for each in finding.details["quantities"])
        yield Happening(
            event=f"promise:{promise.pk}:{quantities}"[:200],
            subject=f"promise:{promise.pk}",
            happened_at=look.until,
            since=look.until,
            touchpoint=promise.touchpoint_id,
            promise=promise.pk,
            row={"touchpoint": finding.touchpoint, "promise": promise.code},
            saw={"quantities": finding.details["quantities"], "places": len(finding.details["places"])},
            facts={
                "sentence": {
                    "en": f"The places where this promise is made name different values: {quantities}.",
                    "zh-hans": f"该承诺在不同出现处的数值不一致：{quantities}。",
                    "zh-hant": f"這項承諾在不同出現處的數值不一致：{quantities}。",
                }
            },
        )


TRIGGER = Trigger(
    code="promise_contradiction", columns=("touchpoint", "promise"), look=_look, every=timedelta(hours=1)
)
