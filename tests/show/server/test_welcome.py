"""The first start: what it does when the one before was broken off."""

from pathlib import Path
from typing import Any

import pytest

from mindgap.act.models import AlertRule
from mindgap.collect import sample
from mindgap.keep.models import Member
from mindgap.show.server import welcome


@pytest.mark.django_db(transaction=True)
def test_a_sample_company_whose_loading_was_broken_off_is_loaded_anew(
    settings: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.DATA = tmp_path
    (tmp_path / "sample.unfinished").touch()
    half = sample.load(scale=0.01)
    welcome.load_sample(scale=0.01)
    assert not type(half).objects.filter(pk=half.pk).exists()
    assert AlertRule.objects.exists()
    assert Member.objects.filter(organization__code="sample").count() > 1
    assert not (tmp_path / "sample.unfinished").exists()
    assert "Loading the sample company" in capsys.readouterr().out
