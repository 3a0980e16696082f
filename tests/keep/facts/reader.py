"""A process that counts again and again while another writes; `test_concurrency.py` starts it.

Stops, after one last look, when its input is closed. Prints one JSON list per look: answers in the record before, readings counted, answers in the record after, and the
moment (seconds of the machine's monotonic clock).
"""

import json
import select
import sys
import time


def main(database: str, organization: int) -> None:
    import django

    django.setup()
    from django.db import connection

    connection.settings_dict["NAME"] = database
    from mindgap.keep import facts
    from mindgap.keep.models import Answer

    def recorded() -> int:
        return Answer.objects.filter(organization_id=organization).count()

    question = facts.Question(organization, ("value", "touchpoint"))
    going_on = True
    while going_on:
        going_on = not select.select([sys.stdin], [], [], 0.02)[0]
        before, counted, after = recorded(), facts.counts(question).total, recorded()
        print(json.dumps([before, counted, after, time.monotonic()]), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
