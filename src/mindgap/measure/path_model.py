"""A path model as declared: blocks of questions, what each stands for, and what acts on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from mindgap.measure.arrays import Bools
from mindgap.measure.errors import BadArgument


@dataclass(frozen=True, slots=True)
class PathModel:
    """Which questions stand for which latent, and which latent acts on which.

    Attributes
    ----------
    blocks : tuple of (latent, items)
        Every item in one block; every block has at least one.
    paths : tuple of (cause, effect)
        No circles; every latent is on at least one path.

    Raises
    ------
    BadArgument
        If one of these does not hold.

    Examples
    --------
    >>> model = PathModel.of({"quality": ["q1", "q2"], "loyalty": ["l1"]}, [("quality", "loyalty")])
    >>> model.items
    ('q1', 'q2', 'l1')
    """

    blocks: tuple[tuple[str, tuple[str, ...]], ...]
    paths: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, blocks: Mapping[str, Sequence[str]], paths: Sequence[tuple[str, str]]) -> PathModel:
        """From a mapping of latent to items and a list of paths."""
        declared = tuple((latent, tuple(items)) for latent, items in blocks.items())
        return cls(declared, tuple((cause, effect) for cause, effect in paths))

    def __post_init__(self) -> None:
        if not all(items for _, items in self.blocks) or len(set(self.items)) < len(self.items):
            raise BadArgument("blocks", self.blocks)
        known = set(self.latents)
        ends = {end for path in self.paths for end in path}
        if len(known) < len(self.latents) or ends != known or len(set(self.paths)) < len(self.paths):
            raise BadArgument("paths", self.paths)
        left, paths = known, list(self.paths)
        while sources := left - {effect for _, effect in paths}:
            left = left - sources
            paths = [path for path in paths if path[0] in left]
        if left:
            raise BadArgument("paths", self.paths)

    @property
    def latents(self) -> tuple[str, ...]:
        """Names of the latents, in the order of the blocks."""
        return tuple(latent for latent, _ in self.blocks)

    @property
    def items(self) -> tuple[str, ...]:
        """Names of all items, block by block."""
        return tuple(item for _, items in self.blocks for item in items)

    @property
    def inside(self) -> Bools:
        """Whether item i belongs to latent j, shape (items, latents)."""
        return np.array([[item in items for _, items in self.blocks] for item in self.items])

    @property
    def arrows(self) -> Bools:
        """Whether latent j acts on latent i, shape (latents, latents)."""
        return np.array(
            [[(cause, effect) in self.paths for cause in self.latents] for effect in self.latents]
        )
