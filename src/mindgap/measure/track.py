"""One measure side by side: per period, or per touchpoint, its value, spread and n."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, finite, same_shape
from mindgap.measure.counts import Counts
from mindgap.measure.errors import BadArgument, BadCounts, TooFewAnswers
from mindgap.measure.nps import PSEUDO


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """m samples of one measure; arrays of shape (m,).

    Attributes
    ----------
    values : ndarray
        Their means in the unit of the measure (points for NPS, 0 to 1 for a share); NaN where
        there are no answers.
    spreads : ndarray
        Variance of one answer within the sample, divisor n, in squared units.
    ns : ndarray
        Answers.
    low, high : float
        Ends of the scale, infinite if it has none.
    pseudo : tuple of 3 floats
        Answers (how many, their mean, their variance) added before a sampling variance is taken,
        so that a sample of equal answers does not look certain; none for a measure without ends.
    of_classes : bool
        Whether answers are two or three classes, so that value and spread say all about them.

    Examples
    --------
    >>> track = Track.nps([10, 20], [30, 30], [60, 50])
    >>> track.values.tolist()
    [50.0, 30.0]
    """

    values: Floats
    spreads: Floats
    ns: Floats
    low: float
    high: float
    pseudo: tuple[float, float, float]
    of_classes: bool = False

    @classmethod
    def nps(cls, detractors: ArrayLike, passives: ArrayLike, promoters: ArrayLike) -> Track:
        """From three arrays of counts, shape (m,); values in points."""
        parts = [finite(part, negative=False) for part in (detractors, passives, promoters)]
        _one_row(*parts)
        det, pas, pro = parts
        n = det + pas + pro
        with np.errstate(invalid="ignore", divide="ignore"):
            value = (pro - det) / n
            spread = np.maximum((pro + det) / n - value**2, 0.0)
        padded = (sum(PSEUDO), 0.0, 1e4 * (PSEUDO[0] + PSEUDO[2]) / sum(PSEUDO))
        return cls(100 * value, 1e4 * spread, n, -100.0, 100.0, padded, of_classes=True)

    @classmethod
    def share(cls, successes: ArrayLike, ns: ArrayLike) -> Track:
        """From successes and answers, two arrays of shape (m,); values from 0 to 1."""
        hits, n = finite(successes, negative=False), finite(ns, negative=False)
        _one_row(hits, n)
        if (hits > n).any():
            raise BadCounts("more successes than answers")
        with np.errstate(invalid="ignore", divide="ignore"):
            value = hits / n
        # Two of each, as in the interval of Agresti and Coull.
        return cls(value, value * (1 - value), n, 0.0, 1.0, (4.0, 0.5, 0.25), of_classes=True)

    @classmethod
    def mean(
        cls,
        means: ArrayLike,
        variances: ArrayLike,
        ns: ArrayLike,
        *,
        low: float = -np.inf,
        high: float = np.inf,
    ) -> Track:
        """From means, variances of one answer (divisor n) and n, arrays of shape (m,)."""
        n = finite(ns, negative=False)
        # What a sample without answers is said to be, is not looked at.
        value, spread = (np.where(n > 0, part, 0.0) for part in (means, variances))
        value, spread = finite(value), finite(spread, negative=False)
        _one_row(value, spread, n)
        if not low < high:
            raise BadArgument("scale", (low, high))
        if ((value < low) | (value > high))[n > 0].any():
            raise BadCounts("off the scale")
        empty = n == 0
        gaps = np.where(empty, np.nan, value), np.where(empty, np.nan, spread)
        ends = np.isfinite(low) and np.isfinite(high)
        # One answer at each end.
        pseudo = (2.0, (low + high) / 2, (high - low) ** 2 / 4) if ends else (0.0, 0.0, 0.0)
        return cls(*gaps, n, low, high, pseudo)

    @classmethod
    def of(cls, samples: Sequence[Counts], *, low: float = -np.inf, high: float = np.inf) -> Track:
        """Means of m distributions."""
        ns = [sample.n for sample in samples]
        means = [sample.mean if sample.n > 0 else 0.0 for sample in samples]
        spreads = [
            float(s.counts @ (s.values - m) ** 2 / s.n) if s.n > 0 else 0.0
            for s, m in zip(samples, means, strict=True)
        ]
        return cls.mean(means, spreads, ns, low=low, high=high)

    @property
    def size(self) -> int:
        """How many samples, m."""
        return int(self.ns.size)

    @property
    def variances(self) -> Floats:
        """Sampling variances of the values, shape (m,); NaN where n = 0.

        Above 0 for measures with ends. Otherwise the spread is taken with divisor n - 1, and 0
        stays 0.
        """
        more, at, own = self.pseudo
        n = self.ns + more
        with np.errstate(invalid="ignore", divide="ignore"):
            if more == 0:
                return np.where(self.ns > 1, self.spreads / (self.ns - 1), np.nan)
            mixed = (self.ns * self.spreads + more * own) / n + self.ns * more * (
                self.values - at
            ) ** 2 / n**2
            return np.where(self.ns > 0, mixed / n, np.nan)

    @property
    def skews(self) -> Floats:
        """Skewness of one answer, shape (m,); 0 where it is not known (means), or there is no spread."""
        if not self.of_classes:
            return np.zeros_like(self.ns)
        # On -1 to 1 a cube is the value itself; for a share, on 0 to 1, so is a square.
        unit = self.high
        value, spread = self.values / unit, self.spreads / unit**2
        third = value - 3 * value * (spread + value**2) + 2 * value**3
        with np.errstate(invalid="ignore", divide="ignore"):
            return np.where(spread > 1e-12, third / spread**1.5, 0.0)

    def part(self, which: ArrayLike) -> Track:
        """The samples where ``which``, shape (m,) of bool or places, says so."""
        places = np.asarray(which)
        values, spreads, ns = (part[places] for part in (self.values, self.spreads, self.ns))
        return Track(values, spreads, ns, self.low, self.high, self.pseudo, self.of_classes)

    def pooled(self) -> Track:
        """All answers as one sample (m = 1): between-sample variance becomes spread.

        TooFewAnswers if there is no answer.
        """
        some = self.ns > 0
        n = float(self.ns[some].sum())
        if n == 0:
            raise TooFewAnswers(n=0, needed=1)
        share = self.ns[some] / n
        value = float(share @ self.values[some])
        spread = float(share @ (self.spreads[some] + (self.values[some] - value) ** 2))
        values, spreads, ns = (np.array([x]) for x in (value, spread, n))
        return Track(values, spreads, ns, self.low, self.high, self.pseudo, self.of_classes)


def mask(which: ArrayLike, *, size: int, name: str) -> Bools:
    """A mask of shape (size,) from a mask, a number (the first so many) or places.

    BadArgument ``name`` if it does not fit.
    """
    given = np.asarray(which)
    if given.dtype == np.bool_:
        if given.shape != (size,):
            raise BadArgument(name, which)
        return np.array(given)
    if not np.issubdtype(given.dtype, np.integer) or given.ndim > 1:
        raise BadArgument(name, which)
    if given.ndim == 0:
        if not 0 <= given <= size:
            raise BadArgument(name, which)
        return np.arange(size) < given
    if ((given < 0) | (given >= size)).any():
        raise BadArgument(name, which)
    return np.isin(np.arange(size), given)


def _one_row(*arrays: Floats) -> None:
    same_shape(*arrays)
    if arrays[0].ndim != 1:
        raise BadCounts("one row of samples needed")
