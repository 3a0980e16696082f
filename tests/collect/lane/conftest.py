"""The lane's answering pages are tried with the surveys and respondents of their own folder."""

from tests.collect.survey.conftest import ann, limits, publish, shop, visit

__all__ = ["ann", "limits", "publish", "shop", "visit"]
