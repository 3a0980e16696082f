"""The forms around the questions: pages with their branches, ends, quotas, hidden fields, theme, and the whole."""

from typing import Any

import msgspec
from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy, pgettext_lazy

from mindgap.keep.definition import LOOKS, Branch, Definition, End, Hidden, Page, Quota, Theme
from mindgap.show.pages.surveys import condition as conditions
from mindgap.show.pages.surveys import part
from mindgap.show.pages.surveys.part import PartForm, choose, line, tick

_COLOUR = RegexValidator(r"^#[0-9a-fA-F]{6}$", gettext_lazy("Write a colour as #rrggbb."))
_KEEPS = {
    "attribute": gettext_lazy("kept as an attribute"),
    "segment": gettext_lazy("kept as a segment"),
    "interaction": gettext_lazy("the key of the interaction"),
    "unit": gettext_lazy("the code of a unit"),
    "touchpoint": gettext_lazy("the code of a touchpoint"),
}
_LOOKS = {
    "plain": pgettext_lazy("look of a survey", "Plain"),
    "card": pgettext_lazy("look of a survey", "Card"),
    "compact": pgettext_lazy("look of a survey", "Compact"),
}


class PageForm(PartForm):
    title = line(gettext_lazy("Title of the page"), most=500, help_text=gettext_lazy("May be left empty."))
    shuffle = tick(gettext_lazy("Mix the questions"))

    @property
    def rules(self) -> list[conditions.Rows]:
        before, here = _columns_around(self)
        found = [self.rows_of("when", gettext_lazy("Show the page only when"), self.value.show_if, before)]
        return [*found, *self._branches(here)]

    def made(self) -> Page:
        branches = []
        for number in range(len(self.value.branches) + 1):
            prefix = f"branch-{number}"
            stored = self.value.branches[number] if number < len(self.value.branches) else None
            kind, _, code = self.data.get(f"{prefix}-to", "").partition(":")
            when = conditions.read(
                prefix, self.data, self.place.definition, before=stored.when if stored else None
            )
            if kind in ("page", "end") and code:
                branches.append(Branch(when=when or {}, **{kind: code}))
        return msgspec.structs.replace(
            self.value,
            title=self.words("title"),
            shuffle=self.cleaned_data["shuffle"],
            show_if=conditions.read("when", self.data, self.place.definition, before=self.value.show_if),
            branches=tuple(branches),
        )

    def _branches(self, known: tuple[conditions.Column, ...]) -> list[conditions.Rows]:
        found, options = [], self._options()
        for number in range(len(self.value.branches) + 1):
            prefix = f"branch-{number}"
            stored = self.value.branches[number] if number < len(self.value.branches) else None
            title = gettext_lazy("After this page, go elsewhere when")
            rows = self.rows_of(prefix, title, stored.when if stored else None, known)
            now = self.data.get(f"{prefix}-to", "") if self.is_bound else _target(stored)
            rows.targets = tuple((code, label, code == now) for code, label in options)
            found.append(rows)
        return found

    def _options(self) -> list[tuple[str, str]]:
        definition = self.place.definition
        codes = [page.code for page in definition.pages]
        later = codes[codes.index(self.value.code) + 1 :] if self.value.code in codes else []
        return [
            *((f"page:{code}", str(gettext_lazy("Page %(code)s")) % {"code": code}) for code in later),
            *(
                (f"end:{end.code}", str(gettext_lazy("End %(code)s")) % {"code": end.code})
                for end in definition.ends
            ),
        ]


def _target(branch: Branch | None) -> str:
    if branch is None:
        return ""
    return f"page:{branch.page}" if branch.page else f"end:{branch.end}"


def _columns_around(form: PageForm) -> tuple[tuple[conditions.Column, ...], tuple[conditions.Column, ...]]:
    """What is known before the page and after it."""
    definition, segments = form.place.definition, form.place.segments
    here = conditions.columns(definition, until=form.value.code, segments=segments)
    own = {question.code for question in form.value.questions}
    return tuple(each for each in here if each.code.partition(".")[0] not in own), here


class EndForm(PartForm):
    title = line(gettext_lazy("Heading"), most=500)
    text = line(gettext_lazy("Words at the end"), rows=4)
    redirect = line(
        gettext_lazy("Leads to"),
        most=2000,
        help_text=gettext_lazy("An https address whose host the survey lists, or empty."),
    )
    button = line(gettext_lazy("Words on the button"), most=200)

    @property
    def rules(self) -> list[conditions.Rows]:
        known = conditions.columns(self.place.definition, segments=self.place.segments)
        return [self.rows_of("when", gettext_lazy("Say it only when"), self.value.show_if, known)]

    def made(self) -> End:
        return msgspec.structs.replace(
            self.value,
            **{name: self.words(name) for name in ("title", "text", "button")},
            redirect=self.cleaned_data["redirect"].strip(),
            show_if=conditions.read("when", self.data, self.place.definition, before=self.value.show_if),
        )


class QuotaForm(PartForm):
    limit = forms.IntegerField(
        label=gettext_lazy("At most this many finished answers"), min_value=1, max_value=10_000_000
    )
    end = choose(label=gettext_lazy("Who comes later sees"), empty=gettext_lazy("The usual words"))

    def shape(self) -> None:
        part.fill(
            self, "end", ((end.code, end.code) for end in self.place.definition.ends), now=self.value.end
        )

    @property
    def rules(self) -> list[conditions.Rows]:
        known = conditions.columns(self.place.definition, segments=self.place.segments)
        return [self.rows_of("when", gettext_lazy("Count only answers where"), self.value.when, known)]

    def made(self) -> Quota:
        given = self.cleaned_data
        when = conditions.read("when", self.data, self.place.definition, before=self.value.when)
        return msgspec.structs.replace(self.value, limit=given["limit"], end=given["end"], when=when)


class HiddenForm(PartForm):
    """All hidden fields at once: `value` is the tuple of them."""

    lines = forms.CharField(
        label=gettext_lazy("Hidden fields"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=gettext_lazy(
            "One on a line: its name in the address, a space, and what it is:"
            " attribute, segment, interaction, unit or touchpoint."
        ),
    )

    def start(self) -> dict[str, Any]:
        return {"lines": "\n".join(f"{each.code} {each.keeps}" for each in self.value)}

    def clean_lines(self) -> tuple[Hidden, ...]:
        found = []
        for each in self.cleaned_data["lines"].splitlines():
            code, _, keeps = each.strip().partition(" ")
            keeps = keeps.strip() or "attribute"
            if not code:
                continue
            if keeps not in _KEEPS:
                message = gettext_lazy(
                    "%(word)s is none of: attribute, segment, interaction, unit, touchpoint."
                )
                raise forms.ValidationError(message, params={"word": keeps})
            found.append(Hidden(code=code, keeps=keeps))
        return tuple(found)

    def made(self) -> tuple[Hidden, ...]:
        found: tuple[Hidden, ...] = self.cleaned_data["lines"]
        return found


class ThemeForm(PartForm):
    accent = forms.CharField(label=gettext_lazy("Accent"), max_length=7, validators=[_COLOUR])
    text = forms.CharField(label=gettext_lazy("Text colour"), max_length=7, validators=[_COLOUR])
    background = forms.CharField(label=gettext_lazy("Background"), max_length=7, validators=[_COLOUR])
    logo = line(
        gettext_lazy("Address of the logo"), most=1000, help_text=gettext_lazy("https only, or empty.")
    )
    look = forms.ChoiceField(label=gettext_lazy("Look"), choices=[(code, _LOOKS[code]) for code in LOOKS])
    font = line(
        gettext_lazy("Fonts"),
        most=200,
        help_text=gettext_lazy("Names of fonts with commas between them, or empty."),
    )

    def shape(self) -> None:
        for name in ("accent", "text", "background"):
            self.fields[name].widget = forms.TextInput(attrs={"type": "color", "data-colour": name})

    def made(self) -> Theme:
        given = {name: value for name, value in self.cleaned_data.items() if name != "was"}
        return Theme(**given)


class WholeForm(PartForm):
    """What the survey as a whole says and does: `value` is the definition."""

    title = line(gettext_lazy("Title that customers read"), required=True, most=500)
    intro = line(gettext_lazy("Words before the first question"), rows=3)
    notice = line(gettext_lazy("Short notice on personal data"), rows=2)
    notice_full = line(gettext_lazy("The full notice behind it"), rows=5, most=20_000)
    progress = tick(gettext_lazy("Show how far one is"))
    may_go_back = tick(gettext_lazy("One may go back"))
    hosts = forms.CharField(
        label=gettext_lazy("Hosts that an end may lead to"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "spellcheck": "false"}),
        help_text=gettext_lazy("One on a line, such as www.example.com."),
    )

    def __init__(self, data: Any = None, *, value: Any, place: part.Place) -> None:
        super().__init__(data, value=value, place=place)
        self.initial["was"] = part.token(_head(value))

    def start(self) -> dict[str, Any]:
        return {**super().start(), "hosts": "\n".join(self.value.redirect_hosts)}

    def made(self) -> Definition:
        given = self.cleaned_data
        return msgspec.structs.replace(
            self.value,
            **{name: self.words(name) for name in ("title", "intro", "notice", "notice_full")},
            progress=given["progress"],
            may_go_back=given["may_go_back"],
            redirect_hosts=tuple(host.strip() for host in given["hosts"].splitlines() if host.strip()),
        )


def _head(definition: Definition) -> Definition:
    """The definition without the parts that have forms of their own."""
    return msgspec.structs.replace(definition, pages=(), ends=(), quotas=(), hidden=(), theme=Theme())


def token_of(value: Any) -> str:
    """The token of a part; the whole counts without the parts that have forms of their own."""
    return part.token(_head(value) if isinstance(value, Definition) else value)
