"""Every text of the interface exists in both kinds of Chinese."""

import subprocess
import sys

from tests.structure import tree


def test_no_text_is_untranslated() -> None:
    done = subprocess.run(
        [sys.executable, str(tree.ROOT / "tools" / "translations.py"), "missing"],
        cwd=tree.ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
