"""Loading the sample company with everything that people do in it, and removing it as a whole."""

from collections.abc import Callable

from mindgap.act.alert import shipped as alert_rules
from mindgap.act.playbook import shipped as playbooks
from mindgap.act.sample import cases, improvements, staff
from mindgap.collect import sample
from mindgap.keep.models import Organization


def load(progress: Callable[[float], None] | None = None, *, scale: float = 1.0) -> Organization:
    """Load what happened there, then the people and their work. What is there stays as it is."""
    organization = sample.load(progress, scale=scale)
    if not staff.exist(organization):
        people = staff.hire(organization)
        playbooks.plant(organization)
        cases.tell(organization, people)
        improvements.tell(organization, people)
        # Last: what was told until here is past, and alerts nobody.
        alert_rules.plant(organization, is_active=True)
    return organization


def remove() -> bool:
    """Remove the sample company and its people; whether there was one."""
    staff.dismiss()
    return sample.remove()
