"""The weights that are shipped are those that their command makes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from assistant.evidence import WEIGHTS, Weights
from benchmarks.fit_evidence import fit, match_samples
from index.encoder import Encoder
from index.generation import load_generation
from index.search import Searcher
from index.store import Store


def test_the_match_model_is_the_one_that_the_tune_half_gives(built: Path, encoder: Encoder) -> None:
    """Fitted anew to what ships; the models of passages are fitted to data that does not.

    Engines and processors round differently, so what the models say is compared, not their weights.
    """
    store = Store(built / "index")
    searcher = Searcher(load_generation(store.folder(store.ids()[0]), encoder), encoder)
    samples = list(match_samples(searcher))
    anew, shipped = fit("FAQ match", samples), Weights.model_validate_json(WEIGHTS.read_bytes()).match
    said = np.array([(anew.probability(features), shipped.probability(features)) for features, _ in samples])
    assert np.abs(said[:, 0] - said[:, 1]).mean() < 0.03
    assert said[:, 1].std() > 0.2
