"""Acknowledging: somebody says that they have seen to an alert. The first who says so is kept."""

from mindgap.act.alert.alert import Alert
from mindgap.ground import clock
from mindgap.keep.models import Member


def acknowledge(alert: Alert, member: Member) -> bool:
    """Note who saw to it and when; False when somebody had already."""
    return bool(
        Alert.objects.filter(pk=alert.pk, acknowledged_at=None).update(
            acknowledged_at=clock.now(), acknowledged_by=member
        )
    )
