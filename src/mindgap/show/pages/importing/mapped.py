"""The form in which a person says what each column is, and the mapping that follows from it; and back."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

import msgspec
from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from mindgap.collect import mapping as mappings
from mindgap.collect.mapping import schema
from mindgap.keep import texts
from mindgap.keep.models import Channel, Measure, Organization, Promise, Segment, Touchpoint
from mindgap.show.words import choice

# A constant is written with this sign before it; a column's name is prefixed too, so that the two never meet.
_FIXED, _COLUMN = "=", ":"
PREFIX = "map"
IDENTITIES = ("email", "phone", "customer", "wecom", "order")
_INTERACTION = ("started", "promised", "experienced", "expected", "revenue", "cost", "currency")
_ANSWER = ("asked", "answered", "comment")
_PERSON = ("customer_name", "language")
_PLACE = ("touchpoint", "channel", "unit", "promise")
_LABELS = {
    "number": gettext_lazy("Number of the interaction (order, ticket)"),
    "response": gettext_lazy("Number of the answer"),
    "started": gettext_lazy("Started"),
    "promised": gettext_lazy("Promised (date or number)"),
    "experienced": gettext_lazy("Experienced (date or number)"),
    "expected": gettext_lazy("Expected by the customer (date or number)"),
    "revenue": gettext_lazy("Revenue"),
    "cost": gettext_lazy("Cost"),
    "currency": gettext_lazy("Currency"),
    "asked": gettext_lazy("Asked"),
    "answered": gettext_lazy("Answered"),
    "comment": gettext_lazy("Comment"),
    "touchpoint": gettext_lazy("Touchpoint"),
    "channel": gettext_lazy("Channel"),
    "unit": gettext_lazy("Unit"),
    "promise": gettext_lazy("Promise"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
    "customer": gettext_lazy("Customer number"),
    "wecom": gettext_lazy("WeCom id"),
    "order": gettext_lazy("Order number of the customer"),
    "customer_name": gettext_lazy("Name of the customer"),
    "language": gettext_lazy("Language of the customer"),
}
MAKES = (
    ("interactions", gettext_lazy("Interactions: what was promised and what happened")),
    ("answers", gettext_lazy("Answers: what customers said")),
    ("both", gettext_lazy("Both: each row is an interaction with the answer about it")),
    ("customers", gettext_lazy("Customers: who they are")),
)
KEEP = (
    ("last", gettext_lazy("the last one counts")),
    ("first", gettext_lazy("the first one counts")),
    ("refuse", gettext_lazy("set all of them aside")),
)


class MappingForm(forms.Form):
    """One list of columns per thing that Mindgap wants to know."""

    makes = forms.ChoiceField(label=gettext_lazy("Each row is"), choices=MAKES, widget=forms.RadioSelect)
    keep = forms.ChoiceField(
        label=gettext_lazy("When one number stands in several rows"), choices=KEEP, initial="last"
    )
    new_touchpoint = forms.CharField(
        label=gettext_lazy("Or a new touchpoint for all rows: its name"), required=False, max_length=100
    )
    new_unit = forms.ChoiceField(
        label=gettext_lazy("At the new touchpoint time is counted in"),
        required=False,
        choices=choice.choices(choice.DURATION_UNITS),
    )
    name = forms.CharField(
        label=gettext_lazy("Name of this mapping"),
        required=False,
        max_length=200,
        help_text=gettext_lazy("It is remembered for the next file with the same columns."),
    )

    # Measures that were guessed and do not exist yet travel with the form.
    new_measures_as_text = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        columns: Iterable[str],
        organization: Organization,
        initial: Any = None,
        new_measures: tuple[schema.MeasurePart, ...] = (),
    ) -> None:
        travelling = msgspec.json.encode(new_measures).decode()
        initial = {"new_measures_as_text": travelling, **(initial or {})}
        super().__init__(data, initial=initial, prefix=PREFIX)
        self.organization = organization
        self.columns = list(columns)
        for field in ("number", "response", *_INTERACTION, *_ANSWER, *IDENTITIES, *_PERSON):
            self._add(field, str(_LABELS[field]))
        mine = {"organization": organization}
        declared: dict[str, Any] = {"touchpoint": Touchpoint, "channel": Channel, "promise": Promise}
        for field, model in declared.items():
            rows = model.objects.filter(**mine)
            self._add(field, str(_LABELS[field]), [(each.code, str(each)) for each in rows])
        self._add("unit", str(_LABELS["unit"]))
        # Durations are no answers; everything else a customer may have been asked for.
        self.measures = list(Measure.objects.filter(**mine).exclude(kind="duration"))
        self.segments = list(Segment.objects.filter(**mine))
        known = {measure.code for measure in self.measures}
        self.new_measures = [each for each in _measures(data, new_measures) if each.code not in known]
        self.scored = [(each.code, str(each)) for each in self.measures]
        self.scored += [(each.code, str(texts.read(each.name)) or each.code) for each in self.new_measures]
        for code, label in self.scored:
            self._add(f"score.{code}", label)
        for segment in self.segments:
            self._add(f"segment.{segment.code}", str(segment))
        self.fields["more_segments"] = forms.MultipleChoiceField(
            label=_("Other columns that tell customers apart"),
            required=False,
            choices=[(name, name) for name in self.columns],
            widget=forms.SelectMultiple(attrs={"size": min(6, max(2, len(self.columns)))}),
        )

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields in the order in which a person thinks of them."""
        named = [
            (_("Which one"), ["number", "response"]),
            (_("When"), ["started", "promised", "experienced", "expected", "asked", "answered"]),
            (_("Where"), ["touchpoint", "new_touchpoint", "new_unit", "channel", "unit", "promise"]),
            (_("Said"), [*(f"score.{code}" for code, _label in self.scored), "comment"]),
            (_("Who"), [*IDENTITIES, *_PERSON]),
            (_("Segments"), [*(f"segment.{segment.code}" for segment in self.segments), "more_segments"]),
            (_("Money"), ["revenue", "cost", "currency"]),
        ]
        return [(title, [self[name] for name in names]) for title, names in named]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("new_touchpoint") and not cleaned.get("touchpoint"):
            cleaned["touchpoint"] = _FIXED + _code(cleaned["new_touchpoint"])
        for kind, field in _missing(cleaned):
            self.add_error(field, _("Needed for %(kind)s.") % {"kind": kind})
        return cleaned

    def mapping(self, how: schema.File) -> schema.Mapping:
        """The mapping of a valid form for a file that is read as `how` says; `BadMapping` when it does not hold."""
        given = self.cleaned_data
        kinds = ("interactions", "answers") if given["makes"] == "both" else (given["makes"],)
        new = {segment_code(column): column for column in given["more_segments"]}
        raw = {
            "name": given["name"] or self.organization.code,
            "date_order": how.date_order,
            "measure": [
                *(msgspec.to_builtins(measure) for measure in self._chosen_new(given)),
                *self._new_durations(given),
            ],
            "touchpoint": self._new_touchpoints(given),
            "segment": [{"code": code, "name": column} for code, column in new.items()],
            "record": [_record(kind, given, self, new) for kind in kinds],
        }
        mapping = mappings.read_object({key: value for key, value in raw.items() if value})
        return mapping.opened(how) if how != schema.File() else mapping

    def _chosen_new(self, given: Mapping[str, Any]) -> list[schema.MeasurePart]:
        return [measure for measure in self.new_measures if given.get(f"score.{measure.code}")]

    def _new_touchpoints(self, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        code = _code(given["new_touchpoint"])
        if not code or given["touchpoint"] != _FIXED + code:
            return []
        durations = self._new_durations(given)
        measure = {"measure": durations[0]["code"]} if durations else {}
        return [{"code": code, "name": given["new_touchpoint"], **measure}]

    def _new_durations(self, given: Mapping[str, Any]) -> list[dict[str, Any]]:
        """A touchpoint where things happen needs a measure in which it is counted how long they take."""
        code = _code(given["new_touchpoint"])
        if not code or given["touchpoint"] != _FIXED + code or given["makes"] not in ("interactions", "both"):
            return []
        unit = given["new_unit"] or "days"
        name = _("%(touchpoint)s, duration") % {"touchpoint": given["new_touchpoint"]}
        return [{"code": f"{code[:55]}-{unit}", "kind": "duration", "unit": unit, "name": name}]

    def _add(self, name: str, label: str, fixed: list[tuple[str, str]] | None = None) -> None:
        columns = [(_COLUMN + column, column) for column in self.columns]
        choices: list[Any] = [("", "–")]
        if fixed:
            choices.append((_("The same for all rows"), [(_FIXED + code, text) for code, text in fixed]))
            choices.append((_("From a column"), columns))
        else:
            choices += columns
        self.fields[name] = forms.ChoiceField(label=label, required=False, choices=choices)


def _measures(data: Any, guessed: tuple[schema.MeasurePart, ...]) -> tuple[schema.MeasurePart, ...]:
    text = (data or {}).get(f"{PREFIX}-new_measures_as_text", "")
    try:
        return msgspec.json.decode(text, type=tuple[schema.MeasurePart, ...]) if text else guessed
    except msgspec.DecodeError:
        return ()


def initial_of(mapping: schema.Mapping, *, segments: Iterable[str] = ()) -> dict[str, Any] | None:
    """What the form would have to say for this mapping; None for one that says more than the form can.

    `segments` are the codes of those that exist; others stand among the columns that become new ones.
    """
    segments = set(segments)
    kinds = tuple(record.makes for record in mapping.record)
    if mapping.queries or kinds not in (
        ("interactions",),
        ("answers",),
        ("customers",),
        ("interactions", "answers"),
    ):
        return None
    found: dict[str, Any] = {"name": mapping.name, "makes": "both" if len(kinds) == 2 else kinds[0]}
    for record in mapping.record:
        said = _said(record, segments)
        if said is None:
            return None
        found |= {name: value for name, value in said.items() if value}
    return found


def _code(name: str) -> str:
    return slugify(name, allow_unicode=True)[:64]


def segment_code(column: str) -> str:
    """A code for a segment that is new, from the name of its column."""
    plain = slugify(column).replace("-", "_")[:32]
    # Names in Chinese leave nothing that may stand in a column of the facts.
    return plain or f"s{sum(ord(sign) * (place + 1) for place, sign in enumerate(column)) % 10**8}"


def _record(kind: str, given: Mapping[str, Any], form: MappingForm, new: Mapping[str, str]) -> dict[str, Any]:
    names = {
        "interactions": (*_INTERACTION, *_PLACE),
        "answers": (*_ANSWER, "touchpoint", "channel", "unit"),
        "customers": (),
    }[kind]
    raw: dict[str, Any] = {"as": kind, "keep": given["keep"]}
    raw |= {name: _source(given[name]) for name in (*names, *_PERSON)}
    raw["customer"] = {name: _source(given[name]) for name in IDENTITIES if given[name]}
    segments = {segment.code: _source(given[f"segment.{segment.code}"]) for segment in form.segments}
    raw["segments"] = {code: source for code, source in {**segments, **new}.items() if source}
    if kind == "interactions":
        raw["key"] = _source(given["number"])
    if kind == "answers":
        raw["key"] = _source(given["response"] or given["number"])
        raw["interaction"] = _source(given["number"]) if given["response"] or given["makes"] == "both" else ""
        scores = {code: _source(given[f"score.{code}"]) for code, _label in form.scored}
        raw["scores"] = {code: source for code, source in scores.items() if source}
        if given["makes"] == "both":
            raw["where"] = {"all": [{"column": _source(given["answered"]), "op": "filled"}]}
    return {key: value for key, value in raw.items() if value}


def _missing(given: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    makes = given.get("makes")
    words = {code: str(text).partition(":")[0].partition("：")[0] for code, text in MAKES}
    if makes in ("interactions", "both"):
        yield from (
            (words["interactions"], name)
            for name in ("number", "touchpoint", "started")
            if not given.get(name)
        )
    if makes in ("answers", "both"):
        if not given.get("answered"):
            yield words["answers"], "answered"
        if not given.get("response") and not given.get("number"):
            yield words["answers"], "response"
        if not given.get("comment") and not any(
            value for name, value in given.items() if name.startswith("score.")
        ):
            yield words["answers"], "comment"
    if makes == "customers" and not any(given.get(name) for name in IDENTITIES):
        yield words["customers"], "email"


def _source(chosen: str) -> Any:
    """A field of the form as a source of the mapping: a column, or a constant."""
    return {"value": chosen[1:]} if chosen.startswith(_FIXED) else chosen.removeprefix(_COLUMN)


def _said(record: schema.Record, known: Collection[str]) -> dict[str, Any] | None:
    """What the form says for one record; None where it has no words for it."""
    by_rule = record.keep not in ("", *dict(KEEP))
    chosen_rows = record.where and record.makes != "answers"
    beyond = (
        by_rule,
        chosen_rows,
        record.status,
        record.statements,
        record.table,
        record.weight,
        record.told_before_due,
        record.attributes,
        record.as_of,
    )
    if any(beyond):
        return None
    key = "response" if record.makes == "answers" and record.interaction else "number"
    said: dict[str, Any] = {key: _chosen(record.key), "keep": record.keep}
    if record.interaction:
        said["number"] = _chosen(record.interaction)
        if record.interaction == record.key:
            said["response"] = ""
    for name in (*_INTERACTION, *_ANSWER, *_PERSON, *_PLACE):
        said[name] = _chosen(getattr(record, name))
    segments = {code: source for code, source in record.segments.items() if code in known}
    for kind, sources in (("", record.customer), ("score.", record.scores), ("segment.", segments)):
        said |= {f"{kind}{code}": _chosen(source) for code, source in sources.items()}
    new = [source for code, source in record.segments.items() if code not in known]
    said["more_segments"] = new if all(isinstance(source, str) for source in new) else None
    return None if None in said.values() else said


def _chosen(source: schema.Source) -> str | None:
    if isinstance(source, str):
        return _COLUMN + source if source else ""
    if source.map or source.template or source.read or source.date_order or source.default is not None:
        return None
    return f"{_FIXED}{source.value}" if source.value is not None else _COLUMN + source.column
