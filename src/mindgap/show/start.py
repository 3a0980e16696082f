"""Setting Django up for a process: once, in the data folder that the process was told to live in."""

import gc
import os
from pathlib import Path

import click


def use_data(folder: str) -> None:
    """Let this process live in `folder`; a process that already lives in another one refuses."""
    from django.apps import apps

    chosen = Path(folder).expanduser().resolve()
    if apps.ready:
        from django.conf import settings

        if chosen != settings.DATA:
            raise click.ClickException(
                f"this process already uses {settings.DATA}; start another for {chosen}"
            )
    os.environ["MINDGAP_DATA"] = str(chosen)


def start_django() -> None:
    """Set Django up, once; a setting that cannot be used is a message, not a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mindgap.ground.settings")
    import django
    from django.apps import apps

    from mindgap.ground.environment import BadSetting

    if apps.ready:
        return
    # Batches of rows are many small objects that live as long as the batch: looking for cycles among them every
    # 700 allocations costs an import a seventh of its time and finds nothing.
    gc.set_threshold(100_000, 50, 100)
    try:
        django.setup()
    except (BadSetting, OSError) as problem:
        raise click.ClickException(str(problem)) from problem
