"""Neglect: somebody complained and for so many days nobody did anything about it (R185)."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Q

from mindgap.act.alert import rows
from mindgap.act.alert.place import Place
from mindgap.act.alert.rows import Seen
from mindgap.act.alert.trigger import PLACE, SCORES, Happening, Look, Setting, Trigger
from mindgap.act.case.case import Case


def _look(look: Look) -> Iterator[Happening]:
    place, days = Place(look.organization.pk), timedelta(days=look.settings["days"])
    given = rows.answers_between(place, look.since - days, look.until - days)
    low = [
        each
        for each in given
        if (lowest := each.row["lowest"]) is not None and lowest <= look.settings["lowest"]
    ]
    answers, customers = _followed(look, low)
    for each in low:
        if each.id in answers or (each.customer is not None and each.customer in customers):
            continue
        yield Happening(
            event=f"answer:{each.id}:neglected",
            subject=f"customer:{each.customer}" if each.customer is not None else f"answer:{each.id}",
            happened_at=each.at + days,
            since=each.at,
            touchpoint=each.touchpoint,
            unit=each.unit,
            channel=each.channel,
            customer=each.customer,
            answer=each.id,
            interaction=each.interaction,
            promise=each.promise,
            row=each.row,
            saw={"days": look.settings["days"], "lowest": each.row["lowest"]},
        )


def _followed(look: Look, low: list[Seen]) -> tuple[set[int | None], set[int | None]]:
    """The answers, and the customers, about whom somebody has done something since: contacted or settled them."""
    if not low:
        return set(), set()
    done = Q(contacted_at__isnull=False) | Q(resolved_at__isnull=False) | Q(closed_at__isnull=False)
    begun = min(each.at for each in low)
    cases = Case.objects.filter(
        done, organization=look.organization, opened_at__gte=begun - timedelta(days=1)
    )
    found = list(cases.values_list("answer_id", "customer_id"))
    return {answer for answer, _ in found}, {customer for _, customer in found}


TRIGGER = Trigger(
    code="neglect",
    columns=(*SCORES, *PLACE),
    settings=(Setting("days", 7, most=90), Setting("lowest", 40, least=0, most=100)),
    look=_look,
    every=timedelta(hours=1),
)
