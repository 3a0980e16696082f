"""Faces: the five of a satisfaction and the five of a feeling, drawn, since not every machine has a font with them.

Lines only, in the colour of the text around them: what a face means stands beside it in words.
"""

from mindgap.collect.survey.markup import Markup

_EYES = '<path d="M8.5 9.5v.6M15.5 9.5v.6"/>'
_SHUT = '<path d="M7.4 10.2q1.1-1.4 2.2 0M14.4 10.2q1.1-1.4 2.2 0"/>'
_MOUTHS = ("M7.5 17q4.5-5 9 0", "M8 16.4q4-2.6 8 0", "M8 15.6h8", "M8 14.8q4 2.6 8 0", "M7.5 14q4.5 5.6 9 0")
_ANGRY = '<path d="M6.8 7.4l3.2 1.2M17.2 7.4 14 8.6"/>'
_SAD = '<path d="M7 8.4l2.8-1.2M17 8.4l-2.8-1.2"/>'
_LAUGH = '<path class="filled" d="M7.4 14h9.2q-1 4.6-4.6 4.6T7.4 14z"/>'

SATISFIED = tuple(f'{_EYES}<path d="{mouth}"/>' for mouth in _MOUTHS)
FELT = (
    f'{_ANGRY}{_EYES}<path d="{_MOUTHS[0]}"/>',
    f'{_SAD}{_EYES}<path d="{_MOUTHS[1]}"/>',
    f'{_EYES}<path d="{_MOUTHS[2]}"/>',
    f'{_EYES}<path d="{_MOUTHS[3]}"/>',
    f"{_SHUT}{_LAUGH}",
)


def draw(kind: str, place: int) -> Markup:
    """The face at a place, 0 to 4, of the kind `faces` or `emotion`."""
    lines = (FELT if kind == "emotion" else SATISFIED)[place]
    frame = '<svg class="picture face" viewBox="0 0 24 24" aria-hidden="true" focusable="false">'
    return Markup([f'{frame}<circle cx="12" cy="12" r="10"/>{lines}</svg>'])
