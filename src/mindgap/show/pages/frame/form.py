"""Form fields that several pages share: a text in the three languages, and what hangs together with it; a day."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy

from mindgap.keep import texts

_CODES = tuple(code for code, _ in settings.LANGUAGES)


class DayInput(forms.DateInput):
    """A day by the browser's own calendar, which reads one way of writing it whatever the language is."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class TextsWidget(forms.MultiWidget):
    """One input per language; `rows` makes them text areas."""

    template_name = "django/forms/texts.html"
    use_fieldset = True

    def __init__(self, *, rows: int = 0) -> None:
        parts: dict[str, forms.Widget | type[forms.Widget]] = {}
        for code, name in settings.LANGUAGES:
            attrs: dict[str, Any] = {"lang": code, "title": name, "maxlength": 2000}
            parts[code.replace("-", "_")] = (
                forms.Textarea(attrs={**attrs, "rows": rows}) if rows else forms.TextInput(attrs=attrs)
            )
        super().__init__(parts)

    def decompress(self, value: Any) -> list[str]:
        known = texts.read(value)
        return [known.get(code, "") for code in _CODES]

    def id_for_label(self, id_: str) -> str:  # noqa: ARG002 - a fieldset has a legend, not a label
        return ""


class TextsField(forms.MultiValueField):
    """A text in several languages; a reader of one Chinese script is never handed the other.

    Languages that the form does not show are kept: give them as `initial`.
    """

    def __init__(self, *, rows: int = 0, required: bool = True, **kwargs: Any) -> None:
        fields = [forms.CharField(required=False, max_length=2000) for _ in _CODES]
        kwargs.setdefault("help_text", gettext_lazy("At least one language; the others can follow later."))
        kwargs.setdefault("error_messages", {"required": gettext_lazy("Write it in at least one language.")})
        super().__init__(
            fields, widget=TextsWidget(rows=rows), required=required, require_all_fields=False, **kwargs
        )

    def compress(self, data_list: list[str]) -> texts.Texts:
        given = dict(zip(_CODES, data_list or [], strict=False))
        return texts.Texts({code: text.strip() for code, text in given.items() if text and text.strip()})

    def clean(self, value: Any) -> texts.Texts:
        cleaned: texts.Texts = super().clean(value) or texts.Texts()
        if self.required and not cleaned:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return cleaned

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.compress(list(data or [])) != texts.Texts(
            {code: text for code, text in texts.read(initial).items() if code in _CODES}
        )


def with_other_languages(new: Mapping[str, str], old: Mapping[str, str]) -> texts.Texts:
    """The texts of a form together with those in languages that the form did not show."""
    return texts.Texts({**{code: text for code, text in old.items() if code not in _CODES}, **new})
