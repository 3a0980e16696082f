"""Forgetting: cases, alerts and notices of somebody who is erased. That there was a case stays; who and what, not."""

from typing import Any

from mindgap.act.alert.alert import Alert
from mindgap.act.case.case import Case, CaseEvent, Remedy, new_token
from mindgap.act.notice.notice import Notice
from mindgap.collect.channels.delivery import Delivery
from mindgap.collect.erasure import run as erasures
from mindgap.collect.erasure.bodies import subject_key
from mindgap.collect.erasure.subject import Subject

_NAME_MOST = 200
_ERASED = "erased"


def forget(organization: int, subject: Subject) -> int:
    """Empty what was written about the person; how many cases and alerts that were."""
    cases = Case.objects.filter(organization_id=organization)
    theirs = (
        cases.filter(customer_id__in=subject.customers)
        | cases.filter(answer_id__in=subject.answers)
        | cases.filter(interaction_id__in=subject.interactions)
    )
    ids = list(theirs.values_list("id", flat=True))
    alerts = Alert.objects.filter(organization_id=organization)
    raised = list(
        (
            alerts.filter(customer_id__in=subject.customers)
            | alerts.filter(answer_id__in=subject.answers)
            | alerts.filter(interaction_id__in=subject.interactions)
            | alerts.filter(case_id__in=ids)
        ).values_list("id", flat=True)
    )
    # It is gone through twice: what is empty by then was counted.
    held = cases.filter(id__in=ids).exclude(title="", customer=None).count()
    held += alerts.filter(id__in=raised).exclude(subject=_ERASED).count()
    told = Notice.objects.filter(case_id__in=ids) | Notice.objects.filter(alert_id__in=raised)
    Delivery.objects.filter(notices__in=told).update(letter="", address="", words="")
    told.update(words={})
    CaseEvent.objects.filter(case_id__in=ids).update(words="", changes={})
    Remedy.objects.filter(case_id__in=ids).update(words="")
    Alert.objects.filter(id__in=raised).update(saw={}, subject=_ERASED, customer=None)
    for id_ in ids:
        # The address by which the customer followed it leads nowhere from now on.
        Case.objects.filter(id=id_).update(
            title="", recovery_promise="", customer=None, answer=None, token=new_token()
        )
    _rename(told, "key", subject)
    _rename(Alert.objects.filter(id__in=raised), "event", subject)
    _rename(cases.filter(id__in=ids), "key", subject)
    return held


def _rename(rows: Any, name: str, subject: Subject) -> None:
    """What is named after an order or answer whose key holds an address, is named after its new key."""
    keys = {*subject.answer_keys, *subject.interaction_keys}
    new = {key: bare for key in keys if (bare := subject_key(key, subject)) != key}
    for id_, text in rows.values_list("id", name) if new else ():
        bare = text
        for key, other in new.items():
            bare = bare.replace(key, other)
        if bare != text:
            rows.model.objects.filter(id=id_).update(**{name: bare[:_NAME_MOST]})


def recall() -> int:
    """Forget once more whom a record that was restored from a backup still holds; how many erasures that were."""
    return erasures.reapply(also=forget)
