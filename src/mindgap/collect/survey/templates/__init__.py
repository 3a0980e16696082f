"""Templates: surveys to begin with, each with the measures that it needs, in three languages.

made = templates.make("delivery", organization)
register.declare(organization, made.registers)
survey.save_draft(mine, made.definition, expected_digest=…)
"""

from mindgap.collect.survey.templates.catalog import catalog
from mindgap.collect.survey.templates.library import UnknownTemplate
from mindgap.collect.survey.templates.making import make
from mindgap.collect.survey.templates.template import Made, Template, Wording

__all__ = ["Made", "Template", "UnknownTemplate", "Wording", "catalog", "make"]
