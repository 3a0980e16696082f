"""Loading the sample company with everything that people do in it, and removing it as a whole."""

from collections.abc import Callable

from mindgap.act.playbook import shipped
from mindgap.act.sample import cases, staff
from mindgap.collect import sample
from mindgap.keep.models import Organization


def load(progress: Callable[[float], None] | None = None, *, scale: float = 1.0) -> Organization:
    """Load what happened there, then the people and their work. What is there stays as it is."""
    organization = sample.load(progress, scale=scale)
    if not staff.exist(organization):
        people = staff.hire(organization)
        shipped.plant(organization)
        cases.tell(organization, people)
    return organization


def remove() -> bool:
    """Remove the sample company and its people; whether there was one."""
    staff.dismiss()
    return sample.remove()
