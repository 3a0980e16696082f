"""What can be wrong with what is done to an audit.

AuditError
├── NotAllowed        the member may not do this here
├── ChangedMeanwhile  somebody else changed the item since it was looked at
└── BadScore          a score that is none

Each carries its facts as fields.
"""

from mindgap.act.audit.audit import AuditItem


class AuditError(Exception):
    """The root: whatever audits raise on purpose."""


class NotAllowed(AuditError):
    """The member may not do `verb` here."""

    def __init__(self, verb: str) -> None:
        super().__init__(f"this member may not {verb} here")
        self.verb = verb


class ChangedMeanwhile(AuditError):
    """`item` is as it is now; the one who acts saw an earlier version."""

    def __init__(self, item: AuditItem) -> None:
        super().__init__("somebody else changed this item meanwhile")
        self.item = item


class BadScore(AuditError):
    """`name` cannot be `given`."""

    def __init__(self, name: str, given: object) -> None:
        super().__init__(f"{name} cannot be {given!r}: a whole number from 0 to 10 is meant")
        self.name = name
        self.given = given
