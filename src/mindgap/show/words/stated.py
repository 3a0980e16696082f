"""Sentences on what customers said of a thing beside the score: zones, dimensions, features, patience, indices."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _

from mindgap.explain.finding import Finding
from mindgap.show.words import code

Parts = dict[str, Any]


def _zone(finding: Finding, parts: Parts) -> str:
    return {
        "below": _("%(place)s, %(measure)s: %(value)s%(range)s got less than would just do, n %(n)s."),
        "within": _(
            "%(place)s, %(measure)s: %(value)s%(range)s got something within their zone of tolerance, n %(n)s."
        ),
        "above": _("%(place)s, %(measure)s: %(value)s%(range)s got more than it should be, n %(n)s."),
    }[finding.details["outcome"]] % parts


def _step(finding: Finding, parts: Parts) -> str:
    return {
        "adequacy": _("%(place)s, %(measure)s: %(value)s%(range)s against what would just do, n %(n)s."),
        "superiority": _("%(place)s, %(measure)s: %(value)s%(range)s against what it should be, n %(n)s."),
        "width": _("%(place)s, %(measure)s: the zone of tolerance is %(value)s%(range)s wide, n %(n)s."),
    }[finding.details["figure"]] % parts


def _dimension(finding: Finding, parts: Parts) -> str:
    parts["dimension"] = code.dimension(finding.details["dimension"])
    return _("%(place)s, %(dimension)s: %(value)s%(range)s against what was expected, n %(n)s.") % parts


def _overall(_finding: Finding, parts: Parts) -> str:
    return (
        _(
            "%(place)s: service quality over all dimensions is %(value)s%(range)s against what was expected, n %(n)s."
        )
        % parts
    )


def _better(finding: Finding, parts: Parts) -> str:
    parts |= {"feature": finding.details["feature"], "category": code.feature(finding.details["category"])}
    return (
        _("%(place)s, feature %(feature)s: having it would please %(value)s%(range)s, n %(n)s; %(category)s.")
        % parts
    )


def _worse(finding: Finding, parts: Parts) -> str:
    parts |= {"feature": finding.details["feature"], "category": code.feature(finding.details["category"])}
    return (
        _("%(place)s, feature %(feature)s: lacking it weighs %(value)s%(range)s, n %(n)s; %(category)s.")
        % parts
    )


def _patience(finding: Finding, parts: Parts) -> str:
    parts["rung"] = code.rung(finding.details["figure"])
    return _("%(place)s: after %(value)s%(range)s half of the customers are %(rung)s, n %(n)s.") % parts


def _reached(finding: Finding, parts: Parts) -> str:
    parts["rung"] = code.rung(finding.details["figure"])
    return _("%(place)s: %(value)s%(range)s waited until they were %(rung)s, n %(n)s.") % parts


def _latent(finding: Finding, parts: Parts) -> str:
    parts["latent"] = code.latent(finding.details["latent"])
    return _("%(place)s, %(latent)s: index %(value)s%(range)s of 100, n %(n)s.") % parts


def _path(finding: Finding, parts: Parts) -> str:
    parts |= {
        "cause": code.latent(finding.details["cause"]),
        "effect": code.latent(finding.details["effect"]),
    }
    return (
        _("%(place)s: %(effect)s goes with %(cause)s by %(value)s%(range)s, beside all else, n %(n)s.")
        % parts
    )


def _loyalty(_finding: Finding, parts: Parts) -> str:
    return _("%(place)s: attitudinal loyalty index %(value)s%(range)s of 100, n %(n)s.") % parts


SENTENCES: dict[str, Callable[[Finding, Parts], str]] = {
    "expectation.zone": _zone,
    "expectation.step": _step,
    "expectation.dimension": _dimension,
    "expectation.overall": _overall,
    "kano.better": _better,
    "kano.worse": _worse,
    "waiting.patience": _patience,
    "waiting.reached": _reached,
    "index.latent": _latent,
    "index.path": _path,
    "index.loyalty": _loyalty,
}
