"""The company of `company.py`, built once per module and committed, as the recorder of PostgreSQL wants it.

Django is set up after this file is read, hence the imports inside.
"""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="module")
def acme(django_db_setup: None, django_db_blocker) -> Iterator[Any]:
    from django.core.management import call_command
    from tests.explain import company

    from mindgap.keep.facts import counter, snapshot
    from mindgap.keep.facts.products import forget as forget_products

    with django_db_blocker.unblock():
        # Ids begin anew after a flush: what was counted before belongs to others.
        snapshot.forget()
        counter.forget()
        forget_products()
        yield company.build()
        call_command("flush", verbosity=0, interactive=False)


@pytest.fixture
def inquiry(acme: Any) -> Any:
    from mindgap.explain.inquiry import Inquiry

    return Inquiry(organization=acme)
