"""Parts: each question has what its type needs, and its numbers fit the measure that they are of."""

import math
import re
from decimal import Decimal

from mindgap.keep.definition import (
    ASKS,
    CHOSEN,
    FORMATS,
    SCALES,
    SCORED,
    TYPES,
    Definition,
    Question,
)
from mindgap.keep.expectation import KINDS
from mindgap.keep.measure import Measure
from mindgap.keep.proof.known import Known
from mindgap.keep.proof.problem import Sheet

CONTACT_FIELDS = ("email", "phone", "name", "wecom")
PURPOSES = ("contact", "partner", "abroad", "marketing", "research")
POINTS_MOST, TEXT_MOST, FILE_MOST_MB = 101, 20_000, 20
# Files that make a browser or a computer do something.
_DANGEROUS = frozenset(
    {"htm", "html", "xhtml", "shtml", "svg", "svgz", "xml", "xsl", "js", "mjs", "css", "swf", "jar", "exe", "com",
     "bat", "cmd", "ps1", "sh", "msi", "dll", "scr", "vbs", "hta", "lnk", "php", "jsp", "asp", "aspx", "docm", "xlsm"}
)  # fmt: skip
_ENDING = re.compile(r"\.?[a-z0-9]{1,8}")
_SCALED = (*SCORED, "matrix", "pair")


def check(definition: Definition, known: Known, sheet: Sheet) -> None:
    """Every question by itself, and what all of them together need."""
    for page in definition.pages:
        for question in page.questions:
            _Question(question, known, sheet, f"pages.{page.code}.questions.{question.code}").check()
    asks_who = any(question.type == "contact" for question in definition.questions)
    if asks_who and not any(text.strip() for text in definition.notice.values()):
        words = "it asks who people are, and no notice says what for"
        sheet.warning("notice", "no_notice", words)


class _Question:
    """One question being read."""

    def __init__(self, question: Question, known: Known, sheet: Sheet, path: str) -> None:
        self.question, self.known, self.sheet, self.path = question, known, sheet, path

    def check(self) -> None:
        question = self.question
        if question.type not in TYPES:
            self.sheet.error(
                f"{self.path}.type", "unknown_type", "there is no type {found}", found=question.type[:40]
            )
            return
        self._needs()
        self._names()
        self._bounds()
        if question.type in _SCALED:
            self._measures()

    def _needs(self) -> None:
        question = self.question
        least = 1 if question.type == "multiple" else 2
        if question.type in CHOSEN and len(question.choices) < least:
            self.sheet.error(
                f"{self.path}.choices", "needs_choices", "give at least {least} choices", least=least
            )
        if question.type == "matrix" and not question.rows:
            self.sheet.error(f"{self.path}.rows", "needs_rows", "give at least one row")
        if question.type == "consent" and not question.purpose:
            self.sheet.error(f"{self.path}.purpose", "needs_purpose", "say what the consent is for")
        if question.type == "contact" and not question.fields:
            self.sheet.error(f"{self.path}.fields", "needs_fields", "say what to ask for: e-mail, phone …")
        if question.type == "contact" and question.required:
            words = "nobody need say who they are; people who must will leave or invent"
            self.sheet.warning(f"{self.path}.required", "contact_required", words)
        if question.type == "consent" and question.required:
            words = "a consent that is required is not given freely"
            self.sheet.warning(f"{self.path}.required", "consent_required", words)
        is_bare_rating = question.type == "rating" and not question.choices
        if is_bare_rating and (question.least is None or question.most is None):
            words = "the ends of the scale are not given; 1 to 5 is shown"
            self.sheet.warning(f"{self.path}.most", "usual_scale", words)

    def _names(self) -> None:
        """What it names is known."""
        question, path, known = self.question, self.path, self.known
        if question.touchpoint and question.touchpoint not in known.touchpoints:
            words = "there is no touchpoint {found}"
            self.sheet.error(
                f"{path}.touchpoint", "unknown_touchpoint", words, found=question.touchpoint[:80]
            )
        if question.source and question.source not in known.sources:
            words = "nobody has declared the source {found}; it will be made"
            self.sheet.warning(f"{path}.source", "unknown_source", words, found=question.source[:80])
        self._one_of("expects", question.expects, KINDS, "unknown_expectation")
        self._one_of("format", question.format, FORMATS, "unknown_format")
        if question.type == "consent":
            self._one_of("purpose", question.purpose, PURPOSES, "unknown_purpose")
        for ask in question.asks:
            self._one_of("asks", ask, ASKS, "unknown_ask")
        if (
            question.type == "pair"
            and question.asks
            and not ("got" in question.asks and len(question.asks) > 1)
        ):
            words = "a pair asks for the experience and for at least one expectation"
            self.sheet.error(f"{path}.asks", "half_a_pair", words)
        for field in question.fields:
            self._one_of("fields", field, CONTACT_FIELDS, "unknown_field")
        for ending in question.accepts:
            plain = ending.lower().removeprefix(".")
            if not _ENDING.fullmatch(ending.lower()) or plain in _DANGEROUS:
                words = "files ending in {found} are not taken: they could do harm"
                self.sheet.error(f"{path}.accepts", "dangerous_ending", words, found=ending[:40])

    def _bounds(self) -> None:
        question = self.question
        least, most = question.least, question.most
        if least is not None and most is not None and least > most:
            words = "the least ({least}) is more than the most ({most})"
            self.sheet.error(f"{self.path}.least", "least_above_most", words, least=least, most=most)
        if not question.step > 0 or not all(
            abs(each) < 2**31 for each in (least or 0, most or 0, question.step)
        ):
            self.sheet.error(
                f"{self.path}.step", "bad_step", "the steps of a scale are above zero, and no endless number"
            )
            return
        # With a unit its numbers are typed, not chosen.
        if question.type in SCALES and not question.unit:
            first, last = ends(question)
            if (last - first) / question.step + 1 > POINTS_MOST:
                words = "the scale has more than {most} points; ask for a number"
                self.sheet.error(f"{self.path}.most", "too_many_points", words, most=POINTS_MOST)
        limits = {"text": TEXT_MOST, "file": FILE_MOST_MB, "multiple": len(question.choices)}
        limit = limits.get(question.type)
        if limit is not None and max(least or 0, most or 0) > limit:
            self.sheet.error(f"{self.path}.most", "too_much", "at most {most} can be asked for", most=limit)

    def _measures(self) -> None:
        """The measures of its numbers are known, and every number that can be given lies on their scales."""
        question = self.question
        if question.type == "matrix":
            for row in question.rows:
                if row.measure:
                    self._measure(f"{self.path}.rows.{row.code}.measure", row.measure)
            return
        if question.measure:
            self._measure(f"{self.path}.measure", question.measure)
        elif question.type == "pair" or question.expects:
            words = "an expectation is counted only by its measure; name it"
            self.sheet.error(f"{self.path}.measure", "needs_measure", words)
        else:
            words = "without a measure the answers are kept and not counted"
            self.sheet.warning(f"{self.path}.measure", "no_measure", words)

    def _measure(self, path: str, code: str) -> None:
        question, measure = self.question, self.known.measures.get(code)
        if measure is None:
            self.sheet.error(path, "unknown_measure", "there is no measure {found}", found=code[:80])
            return
        if question.unit and measure.unit and question.unit != measure.unit:
            words = "it asks for {asked}, and {measure} is counted in {counted}"
            self.sheet.error(
                path, "other_unit", words, asked=question.unit[:40], measure=code, counted=measure.unit
            )
        if not question.step > 0:
            return
        first, last = ends(question)
        is_outside = (measure.minimum is not None and first < measure.minimum) or (
            measure.maximum is not None and last > measure.maximum
        )
        points = [end for end in (first, last) if math.isfinite(end)]
        if (
            is_outside
            or not _steps_fit(question, measure)
            or not all(_fits(measure, point) for point in points)
        ):
            self.sheet.error(
                path, "off_scale", "the numbers that can be given do not all lie on the scale of {measure} ({scale})",
                measure=code, scale=_scale(measure),
            )  # fmt: skip

    def _one_of(self, part: str, found: str, good: tuple[str, ...], code: str) -> None:
        if found and found not in good:
            words = "{found!r} is none of {good}"
            told = ", ".join(each for each in good if each)
            self.sheet.error(f"{self.path}.{part}", code, words, found=found[:40], good=told)


def ends(question: Question) -> tuple[float, float]:
    """The least and the most that can be given; infinite where there is no end. A time that passes is never negative."""
    is_typed = question.type not in SCALES or bool(question.unit)
    if is_typed:
        usual = (0.0 if question.type == "duration" or question.unit else -math.inf, math.inf)
    else:
        usual = SCALES[question.type]
        numbers = [float(choice.code) for choice in question.choices if _is_number(choice.code)]
        if numbers and question.type != "matrix":
            return min(numbers), max(numbers)
    first, last = usual
    return (
        first if question.least is None else question.least,
        last if question.most is None else question.most,
    )


def _fits(measure: Measure, point: float) -> bool:
    try:
        measure.steps(point)
    except (ValueError, ArithmeticError):
        return False
    return True


def _steps_fit(question: Question, measure: Measure) -> bool:
    return Decimal(str(question.step)) % measure.step == 0


def _scale(measure: Measure) -> str:
    least, most = (
        "…" if end is None else f"{end.normalize():f}" for end in (measure.minimum, measure.maximum)
    )
    return f"{least} – {most}, {measure.step.normalize():f}"


def _is_number(code: str) -> bool:
    try:
        float(code)
    except ValueError:
        return False
    return True
