"""Reading a whole definition for problems, part by part."""

from mindgap.keep.definition import Definition
from mindgap.keep.proof import codes, logic, look, parts, texts
from mindgap.keep.proof.known import Known
from mindgap.keep.proof.problem import Problem, Sheet


def problems(definition: Definition, known: Known) -> tuple[Problem, ...]:
    """All problems of a definition, in the order in which one would come across them; errors and warnings."""
    sheet = Sheet()
    # What is far too large is not read any further: reading must not become the problem (A8).
    if not codes.check_size(definition, sheet):
        return tuple(sheet.problems)
    codes.check(definition, sheet)
    texts.check(definition, sheet)
    parts.check(definition, known, sheet)
    logic.check(definition, known, sheet)
    look.check(definition, sheet)
    return tuple(sheet.problems)
