"""Visible: which alerts a member sees: those of the units in their scope; what belongs to no unit, who sees all."""

from django.db.models import QuerySet

from mindgap.act.alert.alert import Alert
from mindgap.keep.models import Member


def alerts(member: Member) -> QuerySet[Alert]:
    """The alerts that a member may see."""
    mine = Alert.objects.filter(organization_id=member.organization_id)
    units = member.unit_ids()
    return mine if units is None else mine.filter(unit_id__in=units)
