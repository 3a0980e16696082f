"""The form of a message's words: a subject, where there is one, and a text for each language."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from mindgap.collect.channels import trial, wording
from mindgap.show.pages.programmes.worded import Place
from mindgap.show.pages.settings import sending_words
from mindgap.show.pages.surveys.naming import language_name

_RIGHT_TO_LEFT = ("ar", "fa", "he", "ur")


class WordsForm(forms.Form):
    """Shows the words as they are sent now. Those left as they come with the product, or empty, are not kept."""

    def __init__(self, *args: Any, place: Place, **kwargs: Any) -> None:
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        self.place = place
        self.known = wording.placeholders(place.definition)
        for code in place.codes:
            now = place.now(code)
            name = language_name(code)
            attrs = {"lang": code, "dir": "rtl" if code.partition("-")[0] in _RIGHT_TO_LEFT else "ltr"}
            if place.over.has_subject:
                self.fields[f"subject_{code}"] = forms.CharField(
                    label=_("Subject (%(language)s)") % {"language": name},
                    required=False,
                    initial=now.subject,
                    max_length=wording.SUBJECT_MOST,
                    widget=forms.TextInput(attrs),
                )
            self.fields[f"text_{code}"] = forms.CharField(
                label=_("Text (%(language)s)") % {"language": name},
                required=False,
                initial=now.text,
                max_length=wording.TEXT_MOST,
                widget=forms.Textarea({**attrs, "rows": 3 if place.over.channel.is_short else 7}),
            )

    def of(self, code: str) -> list[forms.BoundField]:
        """The fields of one language."""
        names = (f"subject_{code}", f"text_{code}")
        return [self[name] for name in names if name in self.fields]

    def words(self, code: str) -> wording.Words:
        """What is in the fields of a language now; where one is empty, what is sent without it."""
        now = self.place.now(code)
        typed = {name: self._typed(name) for name in (f"subject_{code}", f"text_{code}")}
        subject, text = (typed[f"subject_{code}"] or now.subject, typed[f"text_{code}"] or now.text)
        return wording.Words(subject, text, now.source)

    def _typed(self, name: str) -> str:
        if name not in self.fields:
            return ""
        value = self.data.get(name, "") if self.is_bound else self.fields[name].initial
        return str(value or "").replace("\r\n", "\n").strip()[: wording.TEXT_MOST]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for name in list(cleaned):
            cleaned[name] = (cleaned[name] or "").replace("\r\n", "\n").strip()
            for found in wording.unknown(cleaned[name], self.known):
                self.add_error(name, self._strange(found))
        for code in self.place.codes:
            if not self.has_error(f"text_{code}") and self._problem(code) == "too_long":
                self.add_error(f"text_{code}", str(sending_words.CODES["too_long"]))
        return cleaned

    def _strange(self, found: str) -> str:
        if found in ("link", "path"):
            return _("The link stands behind the words by itself; leave {{%(name)s}} out.") % {"name": found}
        if found in ("{{", "}}"):
            return _("There is a %(braces)s without its other half.") % {"braces": found}
        return _("{{%(name)s}} is not known here. Known are: %(known)s.") % {
            "name": found,
            "known": " ".join(f"{{{{{each}}}}}" for each in self.known),
        }

    def _problem(self, code: str) -> str:
        place = self.place
        made = trial.message(
            place.programme, place.definition, place.over, kind=place.kind, code=code, words=self.words(code)
        )
        return made.problem

    def save(self) -> None:
        """Keep what differs from what is sent without it."""
        place = self.place
        for code in place.codes:
            base = wording.of(
                place.programme.pk,
                place.kind,
                way="",
                code=code,
                is_short=place.over.channel.is_short,
            )
            subject = self.cleaned_data.get(f"subject_{code}", "") or base.subject
            text = self.cleaned_data[f"text_{code}"] or base.text
            is_same = (subject, text) == (base.subject, base.text)
            own = None if is_same else wording.Words(subject, text)
            wording.write(place.programme.pk, place.kind, way=place.over.way, code=code, words=own)
