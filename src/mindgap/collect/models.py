"""The index of this floor's models; each lives in the file of its noun."""

from mindgap.collect.channels.account import SendingAccount
from mindgap.collect.channels.delivery import Delivery, SeenCallback, Suppression, Wording
from mindgap.collect.import_run import ImportRun
from mindgap.collect.inbound.source import InboundSource
from mindgap.collect.key import Key
from mindgap.collect.remembered import RememberedMapping
from mindgap.collect.widget.site import WidgetCount, WidgetSite

__all__ = [
    "Delivery",
    "ImportRun",
    "InboundSource",
    "Key",
    "RememberedMapping",
    "SeenCallback",
    "SendingAccount",
    "Suppression",
    "WidgetCount",
    "WidgetSite",
    "Wording",
]
