"""The shipped documents as they are; nothing here needs an index of them."""

from __future__ import annotations

import pytest

from tests.conftest import DOCUMENTS, Small


@pytest.fixture(scope="session")
def at_hand(tmp_path_factory: pytest.TempPathFactory) -> Small:
    return Small(DOCUMENTS, tmp_path_factory.mktemp("empty"))
