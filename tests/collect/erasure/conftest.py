"""The fixtures of answering pages: what is erased was answered there."""

from tests.collect.survey.conftest import ann, limits, publish, shop

__all__ = ["ann", "limits", "publish", "shop"]
