"""Names: what the organization calls its things, in the language of the reader."""

from django.utils.translation import gettext as _

from mindgap.explain.catalog import Catalog
from mindgap.explain.finding import Finding
from mindgap.explain.inquiry import Inquiry
from mindgap.keep import texts
from mindgap.keep.models import Metric, Organization, Segment
from mindgap.keep.texts import Texts
from mindgap.show.words import code, moment
from mindgap.show.words.number import reader


class Names:
    """Looks names up once per request; a code stands for itself where there is no name."""

    def __init__(self, catalog: Catalog | Organization) -> None:
        self.catalog = catalog if isinstance(catalog, Catalog) else Catalog(catalog)
        self._names: dict[str, dict[str, Texts]] = {}

    @classmethod
    def of_inquiry(cls, inquiry: Inquiry) -> "Names":
        return cls(inquiry.catalog)

    def of(self, column: str, value: object) -> str:
        """The name of a value of a column: a touchpoint, channel, segment value, week, outcome …"""
        if value is None:
            return _("%(column)s: –") % {"column": code.column(column)}
        text = str(value)
        if column == "state":
            return code.state(text)
        if column in ("outcome", "outcome_time") or (column == "promise" and text in ("kept", "missed")):
            return self._outcome(column, text)
        if column == "score":
            return code.said(text)
        if column == "year":
            return text
        if column in ("day", "asked_day"):
            return moment.date(text)
        if column == "week":
            return moment.week(text)
        if column == "month":
            return moment.month(text)
        if column not in self._names:
            self._names[column] = self.catalog.names(column)
        fallback = code.metric(text) if column == "measure" else text
        return self._chosen(self._names[column].get(text), fallback)

    def touchpoint(self, finding: Finding) -> str:
        """The touchpoint of a finding, or the whole organization."""
        if finding.touchpoint is None:
            return self._chosen(self.catalog.organization.name, self.catalog.organization.code)
        return self.of("touchpoint", finding.touchpoint)

    def metric(self, name: str | None) -> str:
        """The name of a metric: declared, else that of its figure and measure."""
        if not name:
            return ""
        if "metric" not in self._names:
            rows = Metric.objects.filter(organization=self.catalog.organization)
            self._names["metric"] = dict(rows.values_list("code", "name"))
        if name in self._names["metric"]:
            return self._chosen(self._names["metric"][name], name)
        measure, _dot, summary = name.rpartition(".")
        if measure in self.catalog.pairs("measure").values():
            return _("%(measure)s (%(summary)s)") % {
                "measure": self.of("measure", measure),
                "summary": code.metric(summary),
            }
        return code.metric(name)

    def column(self, column: str) -> str:
        """The name of a column, a segment by its own name."""
        if not column.startswith("seg_"):
            return code.column(column)
        if "segment" not in self._names:
            rows = Segment.objects.filter(organization=self.catalog.organization)
            self._names["segment"] = dict(rows.values_list("code", "name"))
        text = column.removeprefix("seg_")
        return self._chosen(self._names["segment"].get(text), text)

    def group(self, finding: Finding) -> str:
        """The values by which a finding is told from its neighbours; empty for the whole."""
        return " · ".join(
            self.of(column, value) for column, value in finding.group.items() if column != "touchpoint"
        )

    def _outcome(self, column: str, text: str) -> str:
        if column == "promise":
            return {"kept": _("promise kept"), "missed": _("promise missed")}[text]
        return code.outcome(text)

    @staticmethod
    def _chosen(name: Texts | None, fallback: str) -> str:
        return texts.read(name).in_language(reader(), fallback=fallback) if name else fallback
