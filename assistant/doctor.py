"""What is wrong with this installation, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing, suppress

from sqlalchemy.exc import DBAPIError

from assistant.database import unusable
from assistant.desk import corpus_in_force, news_of_corpus, open_encoder, open_store
from assistant.enquiries import open_record
from assistant.masking import mask
from assistant.settings import Settings, SettingsError, load_settings, strangers
from corpus.errors import DeskError
from index.generation import DamagedGenerationError, EarlierFormatError, load_generation, verify


def examine() -> bool:
    """Print a line for each thing that is needed; whether all that is set up is sound."""
    try:
        settings = load_settings()
    except SettingsError as error:
        print(f"✗ {mask(str(error))}")
        return False
    secrets = settings.secrets
    sound, told = True, set[str]()
    for name, check in _CHECKS:
        try:
            print(mask(f"✓ {name}: {check(settings)}", secrets))
        except (DeskError, OSError) as error:
            sound = False
            reason = "cannot be looked at before that is mended" if str(error) in told else str(error)
            print(mask(f"✗ {name}: {reason}", secrets))
            told.add(str(error))
    return sound


def _settings(_: Settings) -> str:
    if strange := strangers():
        raise SettingsError("; ".join(strange))
    return "can be read"


def _slack(settings: Settings) -> str:
    over_http = settings.slack_app_token is None and settings.slack_signing_secret is not None
    if missing := settings.missing_secrets(http=over_http):
        if settings.has_tokens:
            raise SettingsError(f"{' and '.join(missing)} not set; until then `run` is a conversation here")
        return f"not set up ({', '.join(missing)} not set); the terminal works without"
    from slack_sdk import WebClient
    from slack_sdk.errors import SlackClientError

    from assistant.slack.manifest import SCOPES
    from assistant.slack.watch import UnreachableError

    bot, refused = settings.secret("slack_bot_token"), "SLACK_BOT_TOKEN"
    try:
        answer = WebClient(bot, base_url=settings.api_url).auth_test()
        if not over_http:
            app, refused = settings.secret("slack_app_token"), "SLACK_APP_TOKEN"
            WebClient(app, base_url=settings.api_url).apps_connections_open(app_token=app)
    except OSError as error:
        raise UnreachableError(settings.api_url, error) from error
    except SlackClientError as error:
        raise SettingsError(f"{settings.api_url} refuses {refused}: {error}") from error
    granted = str(answer.headers.get("x-oauth-scopes", "")).split(",") if answer.headers else []
    if granted != [""] and (lacking := sorted(set(SCOPES) - set(granted))):
        raise SettingsError(f"the bot token lacks {', '.join(lacking)}; reinstall the app from `run_bot.py manifest`")
    if channel := settings.desk_staff_channel:
        try:
            about = WebClient(bot, base_url=settings.api_url).conversations_info(channel=channel)["channel"]
        except (SlackClientError, OSError) as error:
            raise SettingsError(f"DESK_STAFF_CHANNEL {channel}: {error}; invite the bot there with /invite") from error
        if not about.get("is_member"):
            raise SettingsError(f"DESK_STAFF_CHANNEL {channel}: the bot is not in it; invite it there with /invite")
    return f"tokens of {answer.get('user')} in {answer.get('team')} are good"


def _corpus(settings: Settings) -> str:
    corpus = corpus_in_force(settings)
    resting = len(corpus.lapses)
    rest = f" ({resting} more rest until their quotations are mended: see `index status`)" if resting else ""
    news = ""
    with suppress(DamagedGenerationError):  # which is told of the index
        news = news_of_corpus(corpus, open_store(settings))
    return f"{len(corpus.documents)} documents, {len(corpus.faq.entries)} FAQ entries{rest}{news and f'; {news}'}"


def _index(settings: Settings) -> str:
    store = open_store(settings)
    current = store.current()
    if current is None:
        return "none yet; the first start builds it"
    try:
        verify(store.folder(current))  # what only builds read, too
        generation = load_generation(store.folder(current), open_encoder(settings), store.vectors)
    except EarlierFormatError:
        return f"generation {current} is of an earlier version; the next start builds it anew"
    except DamagedGenerationError as error:
        raise DamagedGenerationError(f"{error}; `run_bot.py index build --force` makes it anew") from error
    return f"generation {generation.manifest.id}, {len(generation.passages)} passages"


def _database(settings: Settings) -> str:
    with closing(open_record(settings.database_url)) as record:
        try:
            return f"{len(record.all())} enquiries on record"
        except DBAPIError as error:
            raise unusable(settings.database_url, error) from error


def _vectors(settings: Settings) -> str:
    open_store(settings).vectors.check()
    return "in the data folder" if settings.vectors_url is None else "in PostgreSQL, which can keep them"


_CHECKS: tuple[tuple[str, Callable[[Settings], str]], ...] = (
    ("settings", _settings),
    ("Slack", _slack),
    ("database", _database),
    ("corpus", _corpus),
    ("vectors", _vectors),
    ("index", _index),
)
"""In the order in which they are made: what rests on another one comes after it."""
