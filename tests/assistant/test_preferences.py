"""What people set for themselves is kept, each thing by itself."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from assistant.database import Database
from assistant.preferences import Preferences


@pytest.fixture
def preferences(database: Database) -> Preferences:
    return Preferences(database)


def test_who_has_set_nothing_has_nothing_set(preferences: Preferences) -> None:
    found = preferences.of("U1")
    assert (found.user, found.language, found.queue_state, found.queue_language) == ("U1", None, None, None)


def test_one_thing_is_set_without_the_others(preferences: Preferences) -> None:
    preferences.put("U1", language="th")
    preferences.put("U1", queue_state="open", queue_language="vi")
    preferences.put("U1", language="ja")
    preferences.put("U2", queue_state="claimed")
    found = preferences.of("U1")
    assert (found.language, found.queue_state, found.queue_language) == ("ja", "open", "vi")
    assert preferences.of("U2").language is None


def test_what_was_set_is_taken_back(preferences: Preferences) -> None:
    preferences.put("U1", language="th", queue_state="open")
    preferences.put("U1", queue_state=None)
    assert (preferences.of("U1").language, preferences.of("U1").queue_state) == ("th", None)


def test_what_does_not_exist_is_not_set(preferences: Preferences) -> None:
    with pytest.raises(TypeError):
        preferences.put("U1", colour="green")


def test_several_clicks_at_one_moment_lose_nothing(preferences: Preferences) -> None:
    values = [{"language": "th"}, {"queue_state": "open"}, {"queue_language": "vi"}]
    for number in range(20):
        user = f"U{number}"
        with ThreadPoolExecutor(3) as pool:
            list(pool.map(lambda value, user=user: preferences.put(user, **value), values))
        found = preferences.of(user)
        assert (found.language, found.queue_state, found.queue_language) == ("th", "open", "vi")


def test_another_bot_on_the_database_sees_it(database: Database, preferences: Preferences) -> None:
    preferences.put("U1", language="km")
    assert Preferences(database).of("U1").language == "km"
