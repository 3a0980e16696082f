"""Alert rule: what is watched, when it fires, who is told, what is suggested (`behaviour.md` 3.1)."""

from django.db import models

from mindgap.ground import clock
from mindgap.keep.texts import TextsField

INFO, WARNING, CRITICAL = "info", "warning", "critical"
SEVERITIES = (INFO, WARNING, CRITICAL)


class AlertRule(models.Model):
    organization = models.ForeignKey("keep.Organization", models.CASCADE, related_name="alert_rules")
    code = models.SlugField(max_length=64, allow_unicode=True)
    name = TextsField()
    # The code of a module in `act/alert/triggers`.
    trigger = models.CharField(max_length=32)
    # `ground.condition` over what the trigger sees: score, measure, touchpoint, unit, channel, segments, words …
    condition = models.JSONField(default=dict, blank=True)
    # What else the trigger wants: hours, minimum n, window, words …
    settings = models.JSONField(default=dict, blank=True)
    severity = models.CharField(max_length=8, choices=[(each, each) for each in SEVERITIES], default=WARNING)
    # [{"to": "role", "role": "branch_manager"}, {"to": "owner"}, {"to": "member", "member": 7},
    #  {"to": "account", "account": 3}] in order; all of them are told.
    recipients = models.JSONField(default=list)
    playbook = models.ForeignKey("act.Playbook", models.SET_NULL, null=True, blank=True, related_name="rules")
    opens_case = models.BooleanField(default=False)
    # One message per subject within so many hours.
    cooldown_hours = models.PositiveIntegerField(default=24)
    # Local time at the recipient's unit; empty: none. Critical ones do not wait.
    quiet_from = models.CharField(max_length=5, blank=True)
    quiet_to = models.CharField(max_length=5, blank=True)
    is_active = models.BooleanField(default=False)
    active_from = models.DateTimeField(default=clock.now)
    # The next look of a trigger that goes by time, and how far it has looked.
    next_at = models.DateTimeField(null=True, blank=True)
    looked_to = models.DateTimeField(null=True, blank=True)
    # What is wrong with it: nobody to tell, cannot be read. Shown on its page; empty: nothing.
    fault = models.CharField(max_length=64, blank=True)
    fault_at = models.DateTimeField(null=True, blank=True)
    fault_words = models.CharField(max_length=300, blank=True)
    created_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["organization", "code"], name="alert_rule_code_once")]

    def __str__(self) -> str:
        return str(self.name) or self.code
