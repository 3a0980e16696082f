"""Place: what an organization declared, by id, as rows and notices need it; loaded once for a batch."""

from functools import cached_property

from mindgap.act.notice.recipients import Directory
from mindgap.keep.models import Channel, Measure, Promise, Touchpoint, Unit
from mindgap.keep.registry import Registry


class Place:
    """Declared things by id. `codes_below` are the codes of a unit and all below it."""

    def __init__(self, organization_id: int) -> None:
        self.registry = Registry(organization_id)
        self.organization = self.registry.organization
        self.touchpoints: dict[int, Touchpoint] = self.registry.touchpoint_by_id
        self.measures: dict[int, Measure] = self.registry.measure_by_id
        self.promises: dict[int, Promise] = self.registry.promise_by_id
        mine = {"organization_id": organization_id}
        self.units = {each.id: each for each in Unit.objects.filter(**mine).order_by("path")}
        self.channels = {each.id: each for each in Channel.objects.filter(**mine).order_by("id")}

    @cached_property
    def directory(self) -> Directory:
        """Who may be told; only read when something fired."""
        return Directory(self.organization)

    def codes_below(self, code: str) -> set[str]:
        """The codes of a unit and of all below it; the code itself where there is no such unit."""
        path = next((each.path for each in self.units.values() if each.code == code), None)
        if path is None:
            return {code}
        return {each.code for each in self.units.values() if each.path.startswith(path)}
