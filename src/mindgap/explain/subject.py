"""Subject: what a finding is about, apart from its figure; turns estimates into findings and hides small groups."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings

from mindgap.explain.finding import NOT_KNOWN, PLAIN, TOO_FEW, Finding, Period, Stated
from mindgap.explain.inquiry import Inquiry
from mindgap.measure import Difference, Estimate, MeasureError, Suppression, TooFewAnswers


def least_for_distribution() -> int:
    """The smallest group whose whole distribution may be shown; larger than that of a score."""
    return max(settings.SMALLEST_GROUP, Suppression().least("distribution"))


@dataclass(frozen=True, slots=True)
class Subject:
    """Everything that several findings about one thing have in common."""

    period: Period
    filter: dict[str, Any]
    measure: str = ""
    unit: str = ""
    touchpoint: str | None = None
    metric: str | None = None
    population: str = "completed"
    rule: str | None = None
    group: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, inquiry: Inquiry, **about: Any) -> "Subject":
        """The subject of an inquiry: its period, filter and touchpoint, and what else is given."""
        return cls(
            **{"touchpoint": inquiry.touchpoint, "period": inquiry.period, "filter": inquiry.filter, **about}
        )

    def about(self, **changes: Any) -> "Subject":
        """The same subject, changed in part; `group` is added to the groups it is in already."""
        group = {**self.group, **changes.pop("group", {})}
        return replace(self, group=group, **changes)

    def states(self, code: str, n: float, estimate: Callable[[], Estimate], **details: Any) -> Finding:
        """The finding of an estimate over `n` answers; without a value where there are too few, or none can be made.

        `estimate` is only called when the group is large enough to be shown.
        """
        if n < settings.SMALLEST_GROUP:
            return self.hidden(code, n, **plain(details))
        try:
            found = estimate()
        except TooFewAnswers:
            return self.hidden(code, n, **plain(details))
        except MeasureError as problem:
            return self.finding(
                code, None, None, None, n, behind=(n,), warnings=(NOT_KNOWN,), reason=str(problem), **details
            )
        return self.finding(
            code,
            found.value,
            found.low,
            found.high,
            n,
            behind=(n,),
            method=found.method,
            warnings=found.warnings,
            **details,
        )

    def differs(
        self, code: str, ns: tuple[float, float], difference: Callable[[], Difference], **details: Any
    ) -> Finding:
        """The finding of a step between two groups, with its p-value among the details."""
        if min(ns) < settings.SMALLEST_GROUP:
            return self.hidden(code, min(ns), behind=ns, **plain(details))
        try:
            step = difference()
        except MeasureError as problem:
            return self.finding(
                code,
                None,
                None,
                None,
                ns[1],
                behind=ns,
                warnings=(NOT_KNOWN,),
                reason=str(problem),
                **details,
            )
        details = {**details, "p": step.p, "n_before": ns[0]}
        return self.finding(
            code,
            step.value,
            step.low,
            step.high,
            ns[1],
            behind=ns,
            method=step.method,
            warnings=step.warnings,
            **details,
        )

    def hidden(self, code: str, n: float, *, behind: tuple[float, ...] = (), **details: Any) -> Finding:
        """The finding that there is too little to say; nothing at all (n = 0) need not be hidden."""
        shown = 0 if n == 0 else None
        return self.finding(
            code, None, None, None, shown, behind=behind or (n,), warnings=(TOO_FEW,), **details
        )

    def finding(
        self,
        code: str,
        value: float | None,
        low: float | None,
        high: float | None,
        n: float | None,
        *,
        behind: tuple[float, ...] = (),
        method: str = "",
        warnings: tuple[str, ...] = (),
        **details: Any,
    ) -> Finding:
        """The finding itself; numbers that are not finite become None. `behind` is for `disclosure`."""
        return Stated(
            code=code,
            measure=self.measure,
            value=_finite(value),
            low=_finite(low),
            high=_finite(high),
            n=_whole(n),
            population=self.population,
            touchpoint=self.touchpoint,
            metric=self.metric,
            rule=self.rule,
            period=self.period,
            filter=self.filter,
            group=self.group,
            unit=self.unit,
            method=method,
            warnings=tuple(str(warning) for warning in warnings),
            details=details,
            behind=behind,
        )


def plain(details: dict[str, Any]) -> dict[str, Any]:
    """The details that tell nothing of the people behind a finding."""
    return {name: value for name, value in details.items() if name in PLAIN}


def _finite(number: float | None) -> float | None:
    return None if number is None or not math.isfinite(number) else float(number)


def _whole(n: float | None) -> float | None:
    return int(n) if n is not None and float(n).is_integer() else n
