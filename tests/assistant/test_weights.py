"""The weights that are shipped are those that their command makes."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.evidence import WEIGHTS, Weights
from benchmarks.fit_evidence import Sample, both_samples, fit, match_samples
from index.encoder import BUNDLED, load_encoder
from index.generation import load_generation
from index.search import Searcher
from index.store import Store


class Remembering(Searcher):
    """Searches what it is asked once."""

    search = functools.cache(Searcher.search)


@pytest.fixture(scope="module")
def searcher(built: Path) -> Searcher:
    """With the fast engine, for thousands of questions."""
    store, encoder = Store(built / "index"), load_encoder(BUNDLED, built / "encoder", lasting=True)
    return Remembering(load_generation(store.folder(store.ids()[0]), encoder), encoder)


@pytest.mark.parametrize(("name", "samples_of", "spread"), [("match", match_samples, 0.2), ("both", both_samples, 0.1)])
def test_a_model_of_faq_entries_is_the_one_that_the_tune_half_gives(
    searcher: Searcher, name: str, samples_of: Callable[[Searcher], Iterator[Sample]], spread: float
) -> None:
    """Fitted anew to what ships; the models of passages are fitted to data that does not.

    Engines and processors round differently, so what the models say is compared, not their weights.
    """
    samples = list(samples_of(searcher))
    anew, shipped = fit(name, samples), getattr(Weights.model_validate_json(WEIGHTS.read_bytes()), name)
    said = np.array([(anew.probability(features), shipped.probability(features)) for features, *_ in samples])
    assert np.abs(said[:, 0] - said[:, 1]).mean() < 0.03
    assert said[:, 1].std() > spread
