"""The index of this floor's models; each lives in the file of its noun."""

from mindgap.act.alert.alert import Alert
from mindgap.act.alert.rule import AlertRule
from mindgap.act.audit.audit import Audit, AuditFinding, AuditItem
from mindgap.act.case.case import Authority, Case, CaseEvent, Remedy
from mindgap.act.case.policy import CasePolicy
from mindgap.act.hours.calendar import Calendar
from mindgap.act.hours.service_level import ServiceLevel
from mindgap.act.improvement.improvement import Feed, Improvement, ImprovementEvent, Task
from mindgap.act.notice.notice import Notice, Reach
from mindgap.act.playbook.playbook import Playbook

__all__ = [
    "Alert",
    "AlertRule",
    "Audit",
    "AuditFinding",
    "AuditItem",
    "Authority",
    "Calendar",
    "Case",
    "CaseEvent",
    "CasePolicy",
    "Feed",
    "Improvement",
    "ImprovementEvent",
    "Notice",
    "Playbook",
    "Reach",
    "Remedy",
    "ServiceLevel",
    "Task",
]
