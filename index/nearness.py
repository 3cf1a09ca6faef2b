"""How near a question is to FAQ entries: its cosines with their phrasings, language by language."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from index.phrasings import Phrasings
from index.vectors import Floats, Places

_NEAREST = 3
"""How many phrasings of an entry stand for it: one alone is luck, all together blur it."""


class Nearness:
    """Looks up, for each entry and language, the phrasings that a question is nearest to."""

    def __init__(self, phrasings: Phrasings, entries: int) -> None:
        """`entries` is their number; a question's cosines with `phrasings` come in their order."""
        self._languages = {name: place for place, name in enumerate(phrasings.languages)}
        self._count = len(phrasings)
        cells = phrasings.entries * len(self._languages) + phrasings.spoken
        rows = np.argsort(cells, kind="stable")
        sizes = np.bincount(cells, minlength=entries * len(self._languages))
        within = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        most = max(_NEAREST, int(sizes.max(initial=0)))
        self._places = np.full((entries, len(self._languages), most), self._count, dtype=np.int64)
        self._places.reshape(-1, most)[cells[rows], within] = rows

    def of(self, cosines: Callable[[Places], Floats], entries: Places, language: str) -> tuple[Floats, Floats, Floats]:
        """For each of `entries`: its nearest phrasing, the mean of the nearest three, and that in the other languages.

        The first two in `language` or, of an entry that says nothing in it, in whichever is nearest; the third
        is a mean over languages, and the second again where there is no other. `cosines` gives those of the
        question with the phrasings at some places of the index; `entries` are places in the order given.
        """
        places = self._places[entries]
        there = places < self._count
        near = np.full(places.shape, -np.inf, dtype=np.float32)
        near[there] = cosines(places[there])
        best = np.sort(near, axis=2)[:, :, -_NEAREST:]
        worded = np.isfinite(best)
        means = np.where(worded, best, 0).sum(axis=2) / np.maximum(worded.sum(axis=2), 1)
        means[~worded.any(axis=2)] = -np.inf
        own = self._languages.get(language)
        others = np.ones(len(self._languages), dtype=bool)
        if own is not None:
            others[own] = False
        nearest, three = (self._own(values, own) for values in (best[:, :, -1], means))
        known = np.isfinite(means) & others
        abroad = np.where(known, means, 0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
        return nearest, three, np.where(known.any(axis=1), abroad, three).astype(np.float32)

    @staticmethod
    def _own(values: Floats, own: int | None) -> Floats:
        """The column of the asker's language; the best column of entries that have nothing there."""
        best: Floats = values.max(axis=1, initial=-np.inf)
        if own is None:
            return best
        return np.where(np.isfinite(values[:, own]), values[:, own], best)
