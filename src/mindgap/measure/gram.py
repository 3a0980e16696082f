"""Sums and sums of products: all that a linear question needs to know of the rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike

from mindgap.measure.arrays import Bools, Floats, Ints, finite
from mindgap.measure.errors import BadArgument, BadCounts, NotIdentified, TooFewAnswers

_CHUNK = 32_768
"""Rows multiplied at once: a chunk of 20 columns and its copy stay in the cache."""
_LONG_RUN = 16
"""Groups of so many rows are faster multiplied one by one than all in step."""
_ROUNDING = 1e-13
"""A sum of squares this small against the sum it was subtracted from is rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class Gram:
    """Count, means and centred cross products of ``p`` columns; ``a + b`` merges two groups.

    Make one with `Gram.of` (rows) or `Gram.of_sums` (sums from a database). Rows are never kept,
    and merging is exact, so a year is the sum of its days.

    Attributes
    ----------
    names : tuple of str
        One per column, distinct.
    n : float
        Number of rows (sum of weights).
    mean : ndarray, shape (p,)
        Means in the unit of each column; 0 where n = 0. Read-only, as is ``scatter``.
    scatter : ndarray, shape (p, p)
        Sum over the rows of w (x - mean)(x - mean)'. A constant column has exact zeros.

    Examples
    --------
    >>> day = Gram.of([[1, 2], [3, 6]], names=("pace", "care"))
    >>> week = day + Gram.of([[5, 4]], names=("pace", "care"))
    >>> week.n, week.mean.tolist(), week.correlation().round(2).tolist()
    (3.0, [3.0, 4.0], [[1.0, 0.5], [0.5, 1.0]])
    """

    names: tuple[str, ...]
    n: float
    mean: Floats
    scatter: Floats

    def __post_init__(self) -> None:
        p = len(self.names)
        if len(set(self.names)) < p:
            raise BadArgument("names", self.names)
        if self.mean.shape != (p,) or self.scatter.shape != (p, p):
            raise BadCounts("one name per column needed")
        self.mean.flags.writeable = self.scatter.flags.writeable = False

    @classmethod
    def of(
        cls,
        matrix: ArrayLike,
        *,
        names: Sequence[str] | None = None,
        weights: ArrayLike | None = None,
    ) -> Gram:
        """From rows.

        Parameters
        ----------
        matrix : array_like, shape (n, p)
            Finite numbers, any unit. A million rows of 20 columns take about 0.2 s.
        names : sequence of str, optional
            Distinct, one per column; ``x1 ... xp`` if left out.
        weights : array_like, shape (n,), optional
            Non-negative, one per row.

        Raises
        ------
        BadCounts
            If a number is not finite, a weight is negative, or the shapes do not fit.
        BadArgument
            If two columns have one name.

        Notes
        -----
        Columns are shifted to near their middle before they are multiplied, so large values with
        a small spread (times, amounts) lose no digits.
        """
        rows = _table(matrix)
        labels = _labels(names, rows.shape[1])
        scale = None if weights is None else finite(weights, negative=False)
        if scale is not None and scale.shape != rows.shape[:1]:
            raise BadCounts("one weight per row needed")
        shift = _middle(rows)
        n, sums, products = 0.0, np.zeros(rows.shape[1]), np.zeros((rows.shape[1],) * 2)
        for part in _chunks(rows.shape[0]):
            near = rows[part] - shift
            heavy = near if scale is None else near * scale[part, None]
            n += near.shape[0] if scale is None else float(scale[part].sum())
            sums += heavy.sum(axis=0)
            # With one and the same array on both sides BLAS does half of the work.
            products += near.T @ heavy
        return cls.of_sums(n=n, sums=sums, products=products, names=labels, about=shift)

    @classmethod
    def of_sums(
        cls,
        *,
        n: float,
        sums: ArrayLike,
        products: ArrayLike,
        names: Sequence[str] | None = None,
        about: ArrayLike = 0.0,
    ) -> Gram:
        """From what a database adds up: count, sums (p,) and sums of products (p, p).

        ``about``, a number per column (or one for all), is what was taken from the values before
        they were added; with values far from zero something near their mean must be taken.

        Raises
        ------
        BadCounts
            If a number is not finite, the shapes do not fit, or no rows could have such sums.
        """
        total, products = finite(sums), finite(products)
        if total.ndim != 1 or products.shape != total.shape * 2:
            raise BadCounts("p sums and p x p products needed")
        shift = np.broadcast_to(finite(about), total.shape)
        count = float(finite(n, negative=False))
        labels = _labels(names, total.size)
        if count == 0:
            return cls(labels, 0.0, np.zeros(total.size), np.zeros(products.shape))
        mean, scatter = _centred(count, total, (products + products.T) / 2)
        if (np.diag(scatter) < 0).any():
            raise BadCounts("no rows have such sums")
        return cls(labels, count, mean + shift, scatter)

    def __add__(self, other: Gram) -> Gram:
        if not isinstance(other, Gram):
            return NotImplemented
        return Gram.total([self, other])

    @classmethod
    def total(cls, grams: Sequence[Gram]) -> Gram:
        """All groups as one; BadArgument if there is none or their columns differ."""
        return GramStack.of(grams).total()

    @property
    def sums(self) -> Floats:
        """Sums of the columns, shape (p,)."""
        return self.n * self.mean

    @property
    def products(self) -> Floats:
        """Sums of products of the columns (not centred), shape (p, p)."""
        return self.scatter + self.n * np.outer(self.mean, self.mean)

    @property
    def constant(self) -> Bools:
        """Which columns show no spread, shape (p,)."""
        return np.asarray(np.diag(self.scatter) <= 0, dtype=np.bool_)

    def covariance(self) -> Floats:
        """Sample covariances with divisor n - 1, shape (p, p); TooFewAnswers unless n >= 2."""
        if self.n < 2:
            raise TooFewAnswers(n=self.n, needed=2)
        return self.scatter / (self.n - 1)

    def deviation(self) -> Floats:
        """Sample standard deviations, shape (p,); TooFewAnswers unless n >= 2."""
        return np.sqrt(np.diag(self.covariance()))

    def correlation(self, *, constant_is_zero: bool = False) -> Floats:
        """Correlations, shape (p, p), exactly 1 on the diagonal and within -1 .. 1.

        Raises
        ------
        TooFewAnswers
            If n < 2.
        NotIdentified
            If a column is constant, unless ``constant_is_zero``: then it goes with nothing.
        """
        if self.n < 2:
            raise TooFewAnswers(n=self.n, needed=2)
        if self.constant.any() and not constant_is_zero:
            raise NotIdentified(what="correlation", reason="constant")
        return _correlations(self.scatter)

    def place(self, name: str) -> int:
        """Number of the column called ``name``; BadArgument if there is none."""
        if name not in self.names:
            raise BadArgument("name", name)
        return self.names.index(name)

    def pick(self, names: Sequence[str]) -> Gram:
        """Only these columns, in this order."""
        where = [self.place(name) for name in names]
        return Gram(tuple(names), self.n, self.mean[where], self.scatter[np.ix_(where, where)])


@dataclass(frozen=True, slots=True, eq=False)
class GramStack:
    """Many Grams of the same columns as arrays: blocks of rows, or replicates of a bootstrap.

    Attributes
    ----------
    names : tuple of str, length p
    n : ndarray, shape (b,)
    mean : ndarray, shape (b, p)
    scatter : ndarray, shape (b, p, p)
    """

    names: tuple[str, ...]
    n: Floats
    mean: Floats
    scatter: Floats

    @classmethod
    def of(cls, grams: Sequence[Gram]) -> GramStack:
        """One per Gram; BadArgument if there is none or their columns differ."""
        if not grams or any(gram.names != grams[0].names for gram in grams):
            raise BadArgument("grams", "one or more of the same columns needed")
        return cls(
            grams[0].names,
            np.array([gram.n for gram in grams]),
            np.stack([gram.mean for gram in grams]),
            np.stack([gram.scatter for gram in grams]),
        )

    @classmethod
    def of_groups(
        cls,
        matrix: ArrayLike,
        groups: ArrayLike,
        *,
        names: Sequence[str] | None = None,
        weights: ArrayLike | None = None,
    ) -> GramStack:
        """One per distinct value of ``groups``, shape (n,): all rows of a customer, a store ...

        Arguments and errors otherwise as `Gram.of`.
        """
        rows = _table(matrix)
        labels = _labels(names, rows.shape[1])
        keys = np.asarray(groups)
        heavy = np.ones(len(rows)) if weights is None else finite(weights, negative=False)
        if keys.shape != rows.shape[:1] or heavy.shape != keys.shape:
            raise BadCounts("one group and one weight per row needed")
        if keys.size == 0:
            raise TooFewAnswers(n=0, needed=1)
        codes = np.unique(keys, return_inverse=True)[1]
        order = np.argsort(codes, kind="stable")
        starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
        shift = _middle(rows)
        near, heavy = rows[order], heavy[order]
        near -= shift
        products = _group_products(near, heavy, starts)
        near *= heavy[:, None]
        n, sums = np.add.reduceat(heavy, starts), np.add.reduceat(near, starts)
        return _stacked(labels, n, sums, products, shift)

    @classmethod
    def of_units(
        cls,
        matrix: ArrayLike,
        *,
        rng: np.random.Generator,
        clusters: ArrayLike | None = None,
        names: Sequence[str] | None = None,
        weights: ArrayLike | None = None,
        at_most: int = 4096,
    ) -> GramStack:
        """One per unit of resampling: per row, or per cluster (customer, store) if given.

        Beyond ``at_most`` units they are thrown together by chance. What a bootstrap then says of
        an interval is the same up to 1 / sqrt(2 at_most) of its length, about one per cent.
        Arguments and errors otherwise as `Gram.of`.
        """
        rows = _table(matrix)
        codes = np.arange(len(rows))
        if clusters is not None:
            codes = np.unique(np.asarray(clusters), return_inverse=True)[1]
        if codes.shape != rows.shape[:1]:
            raise BadCounts("one cluster per row needed")
        units = int(codes.max(initial=-1)) + 1
        if units > at_most:
            codes = (rng.permutation(units) % at_most)[codes]
        return cls.of_groups(rows, codes, names=names, weights=weights)

    def __len__(self) -> int:
        return int(self.n.size)

    def resampled(self, rng: np.random.Generator, replicates: int) -> GramStack:
        """Bootstrap: each replicate draws as many entries as there are, with repeats."""
        if replicates < 1:
            raise BadArgument("replicates", replicates)
        b = len(self)
        return self.mixed(rng.multinomial(b, np.full(b, 1 / b), size=replicates))

    def left_out(self) -> GramStack:
        """Jackknife: entry i is all but entry i of this one."""
        return self.mixed(1.0 - np.eye(len(self)))

    def gathered(self, rng: np.random.Generator, at_most: int) -> GramStack:
        """The same rows in at most so many entries, thrown together by chance."""
        b = len(self)
        if b <= at_most:
            return self
        place = rng.permutation(b) % at_most
        return self.mixed(np.arange(at_most)[:, None] == place[None, :])

    def pick(self, names: Sequence[str]) -> GramStack:
        """Only these columns, in this order; BadArgument if one is unknown."""
        unknown = [name for name in names if name not in self.names]
        if unknown:
            raise BadArgument("name", unknown[0])
        where = [self.names.index(name) for name in names]
        inner = self.scatter[:, where][:, :, where]
        return GramStack(tuple(names), self.n, self.mean[:, where], inner)

    def total(self) -> Gram:
        """All as one Gram."""
        whole = self.mixed(np.ones((1, len(self))))
        return Gram(self.names, float(whole.n[0]), whole.mean[0].copy(), whole.scatter[0].copy())

    def mixed(self, times: ArrayLike) -> GramStack:
        """New stack whose entry i holds entry j of this one ``times[i, j]`` times.

        ``times`` has shape (m, b), not negative. With multinomial times this is the bootstrap.
        """
        share = finite(times, negative=False)
        if share.ndim != 2 or share.shape[1] != len(self):
            raise BadCounts("one column per entry needed")
        b, p = self.mean.shape
        # About the middle of the means, so that equal groups of a constant stay constant.
        there = self.n > 0
        shift = np.median(self.mean[there], axis=0) if there.any() else np.zeros(p)
        near = self.mean - shift
        products = self.scatter + self.n[:, None, None] * near[:, :, None] * near[:, None, :]
        return _stacked(
            self.names,
            share @ self.n,
            share @ (near * self.n[:, None]),
            (share @ products.reshape(b, p * p)).reshape(-1, p, p),
            shift,
        )

    def correlations(self) -> Floats:
        """Correlations, shape (b, p, p); a constant column goes with nothing (zeros)."""
        return _correlations(self.scatter)


def _correlations(scatter: Floats) -> Floats:
    """Cross products (..., p, p) to correlations; zero beside a column without spread."""
    spread = np.sqrt(np.clip(np.diagonal(scatter, axis1=-2, axis2=-1), 0.0, None))
    inverse = np.divide(1.0, spread, out=np.zeros_like(spread), where=spread > 0)
    r = np.clip(scatter * inverse[..., :, None] * inverse[..., None, :], -1.0, 1.0)
    p = scatter.shape[-1]
    r[..., range(p), range(p)] = 1.0
    return np.asarray(r, dtype=np.float64)


def _table(matrix: ArrayLike) -> Floats:
    """The rows as float64, shape (n, p); BadCounts unless a table of finite numbers."""
    try:
        rows = np.asarray(matrix, dtype=np.float64)
    except (TypeError, ValueError):
        raise BadCounts("not numbers") from None
    if rows.ndim != 2 or rows.shape[1] == 0:
        raise BadCounts("a table of rows and columns needed")
    # A sum is finite only if its terms are; tables are large, and this reads them in place.
    with np.errstate(over="ignore", invalid="ignore"):
        if not np.isfinite(rows.sum(axis=0)).all() and not np.isfinite(rows).all():
            raise BadCounts("not finite")
    return rows


def _labels(names: Sequence[str] | None, p: int) -> tuple[str, ...]:
    return tuple(f"x{j + 1}" for j in range(p)) if names is None else tuple(names)


def _middle(rows: Floats) -> Floats:
    """Something exact near the middle: the median of the first rows."""
    if len(rows) == 0:
        return np.zeros(rows.shape[1])
    return np.asarray(np.median(rows[:1024], axis=0), dtype=np.float64)


def _group_products(near: Floats, heavy: Floats, starts: Ints) -> Floats:
    """Sums of products within runs of rows, shape (b, p, p)."""
    p = near.shape[1]
    products = np.empty((starts.size, p, p))
    if len(near) >= _LONG_RUN * starts.size:
        for k, (start, stop) in enumerate(pairwise([*starts.tolist(), len(near)])):
            part = near[start:stop]
            products[k] = part.T @ (part * heavy[start:stop, None])
    else:
        for j in range(p):
            products[:, j] = np.add.reduceat(near * (near[:, j] * heavy)[:, None], starts)
    return products


def _chunks(n: int) -> Iterator[slice]:
    for start in range(0, n, _CHUNK):
        yield slice(start, start + _CHUNK)


def _stacked(names: tuple[str, ...], n: Floats, sums: Floats, products: Floats, shift: Floats) -> GramStack:
    mean, scatter = _centred(n, sums, products)
    return GramStack(names, n, mean + shift, scatter)


def _centred(n: Floats | float, sums: Floats, products: Floats) -> tuple[Floats, Floats]:
    """Means and centred products; what only rounding keeps from zero becomes zero."""
    count = np.asarray(n, dtype=np.float64)[..., None]
    mean = np.divide(sums, count, out=np.zeros_like(sums), where=count > 0)
    scatter = products - sums[..., :, None] * mean[..., None, :]
    own = np.diagonal(products, axis1=-2, axis2=-1)
    left = np.diagonal(scatter, axis1=-2, axis2=-1)
    alive = np.abs(left) > _ROUNDING * np.abs(own)
    return mean, scatter * (alive[..., :, None] & alive[..., None, :])
