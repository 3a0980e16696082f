"""Proofreading: what is wrong with a definition, before anybody is asked by it. Pure, but for `known`.

Codes are stable; the words are English and a fallback: pages choose their own by code and facts.
"""

from mindgap.keep.proof.known import Known, known
from mindgap.keep.proof.problem import Problem
from mindgap.keep.proof.reading import problems

__all__ = ["Known", "Problem", "known", "problems"]
