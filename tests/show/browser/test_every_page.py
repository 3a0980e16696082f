"""Every page in three languages, two widths and two themes: it answers, is quiet, fits, and can be used by everybody."""

import os
import subprocess
import sys

import pytest
from tests.show.browser.visitor import Visitor
from tests.show.server.installation import Installation

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LANGUAGES = ("en", "zh-hans", "zh-hant")
PAGES = (
    "/",
    "/journey/",
    "/touchpoints/delivery/",
    "/promises/",
    "/promises/delivery_date/",
    "/promises/new/",
    "/explore/",
    "/explore/?by=channel&compare=previous",
    "/import/",
    "/import/quarantine/",
    "/settings/",
    "/settings/organization/",
    "/settings/journey/",
    "/settings/measures/",
    "/settings/channels/",
    "/settings/units/",
    "/settings/segments/",
    "/settings/sources/",
    "/settings/members/",
    "/settings/members/new/",
    "/settings/keys/",
    "/settings/hours/",
    "/settings/hours/new/",
    "/settings/authority/",
    "/alerts/",
    "/alerts/rules/",
    "/alerts/rules/very-low-answer/",
    "/cases/?shown=open",
    "/cases/1/",
    "/cases/record/",
    "/settings/sample/",
    "/settings/entries/measures/new/",
)
_TOKEN = (
    "from mindgap.show.start import start_django; start_django(); from mindgap.act.models import Case; "
    "print(min(Case.objects.all(), key=lambda case: case.state != 'resolved').token)"
)
DOORS = ("/account/login/", "/account/password/reset/")
# In each theme a page is opened at one width and then brought to the other, as a turned tablet is.
LOOKS = (("light", (1280, 390)), ("dark", (390, 1280)))


def _judge(visitor: Visitor, path: str, *, turn: int, language: str) -> list[str]:
    """Everything that is wrong with a page in one language and one theme, at every width."""
    wrong: list[str] = []
    place = 0
    # Themes take turns: each page meets both over the three languages, and every width in each language.
    for theme, widths in [LOOKS[(turn + LANGUAGES.index(language)) % len(LOOKS)]]:
        visitor.look(language=language, width=widths[0], theme=theme)
        answer = visitor.open(path)
        assert answer.status == 200
        assert visitor.page.locator("html").get_attribute("lang") == language
        for width in widths:
            visitor.widen(width)
            found = visitor.too_wide()
            # The slowest part takes turns too.
            if (place + turn) % len(widths) == 0:
                found += visitor.violations()
            place += 1
            wrong += [f"{path} {language} {width} {theme}: {each}" for each in found]
        wrong += [f"{path} {language} {theme}: {each}" for each in visitor.problems]
    return wrong


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("turn", "path"), list(enumerate(PAGES)), ids=PAGES)
def test_a_page_answers_and_fits_and_can_be_used_by_everybody(
    ann: Visitor, turn: int, path: str, language: str
) -> None:
    assert _judge(ann, path, turn=turn, language=language) == []


@pytest.fixture(scope="module")
def token(installation: Installation) -> str:
    """By which a customer follows a case: one that is said to be put right, if there is any."""
    kept = {name: text for name, text in os.environ.items() if not name.startswith(("DATABASE_", "DJANGO_"))}
    found = subprocess.run(
        [sys.executable, "-c", _TOKEN],
        env=kept | {"MINDGAP_DATA": str(installation.folder)}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return found.stdout.strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_a_customer_answers_and_fits_and_can_be_used_by_everybody(
    guest: Visitor, token: str, language: str
) -> None:
    assert _judge(guest, f"/k/{token}/?lang={language}", turn=0, language=language) == []
    guest.widen(320)
    assert guest.too_wide() == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("turn", "path"), list(enumerate(DOORS)), ids=DOORS)
def test_a_door_answers_and_fits_and_can_be_used_by_everybody(
    guest: Visitor, turn: int, path: str, language: str
) -> None:
    assert _judge(guest, path, turn=turn, language=language) == []
