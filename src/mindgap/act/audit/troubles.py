"""Troubles: what cases say of customers, as plain as `explain.recovery` takes it, which knows no cases."""

from mindgap.act.case.case import Case
from mindgap.act.case.states import MERGED, NOT_ACTIONABLE
from mindgap.explain.inquiry import Inquiry
from mindgap.explain.recovery import Trouble
from mindgap.ground import clock


def troubles(inquiry: Inquiry) -> list[Trouble]:
    """Every case of a known customer, with the day on which the customer confirmed how it ended, if they did.

    Cases of all time, and of all units: whoever had trouble elsewhere is nobody who had none.
    """
    zone = clock.zone(inquiry.organization.zone)
    rows = Case.objects.filter(organization=inquiry.organization, customer__isnull=False)
    found = rows.exclude(state__in=(MERGED, NOT_ACTIONABLE)).order_by("id")
    return [
        Trouble(
            customer=customer,
            since=clock.local_day(opened, zone),
            outcome=outcome if verified else "",
            ended=clock.local_day(verified, zone) if verified else None,
        )
        for customer, opened, outcome, verified in found.values_list(
            "customer_id", "opened_at", "outcome", "verified_at"
        )
    ]
