"""Registers: the journeys, touchpoints, measures, promises … that a mapping declares or a file lists, made by code."""

from mindgap.collect.register.declare import Declared, declare, organization_of
from mindgap.collect.register.known import Known, MeasureKnown, TouchpointKnown, known

__all__ = ["Declared", "Known", "MeasureKnown", "TouchpointKnown", "declare", "known", "organization_of"]
