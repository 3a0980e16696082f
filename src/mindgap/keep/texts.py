"""Names that people see: one text per language, chosen without ever turning one Chinese script into the other."""

from typing import Any

from django.db import models

from mindgap.ground import language


class Texts(dict[str, str]):
    """Texts by language code; `str()` gives the one for the language that is active."""

    def in_language(self, code: str, *, fallback: str = "") -> str:
        return language.choose(self, code, fallback=fallback)

    def __str__(self) -> str:
        from django.utils.translation import get_language

        return self.in_language(get_language() or language.DEFAULT)


class TextsField(models.JSONField):
    """A JSON object of texts by language; a plain string becomes the English text."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", dict)
        super().__init__(*args, **kwargs)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Texts:
        return Texts(super().from_db_value(value, expression, connection) or {})

    def to_python(self, value: Any) -> Texts:
        return read(super().to_python(value))

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(dict(read(value)))


def read(value: Any) -> Texts:
    """Texts from a mapping of languages or from one plain string (English)."""
    if not value:
        return Texts()
    if isinstance(value, str):
        return Texts({language.DEFAULT: value})
    return Texts({language.canonical(code): str(text) for code, text in value.items()})
