"""``tracker.toml``: how the tracker runs. Every key has a default, a unit and a reason."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    SettingsError,
)

from tracker.config.problems import Problem, config_error, problems_of, read_toml, suggestion
from tracker.errors import ConfigError

ENV_PREFIX = "TRACKER_"
ENV_DELIMITER = "__"
FILE_NAME = "tracker.toml"


def _split_commas(value: object) -> object:
    """Let an environment variable hold a list as ``a,b``."""
    if isinstance(value, str):
        return tuple(part.strip() for part in value.strip("[]").replace('"', "").split(",") if part.strip())
    return value


Names = Annotated[tuple[str, ...], BeforeValidator(_split_commas), NoDecode]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)


class ReportSettings(_Section):
    """``[report]``: what a day is."""

    timezone: str = "UTC"  # IANA name; a day is a day here

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            close = suggestion(name, sorted(available_timezones()))
            hint = close if "did you mean" in close else "; write one like 'America/New_York'"
            raise ValueError(f"no time zone of that name{hint}") from None
        return name

    @property
    def zone(self) -> ZoneInfo:
        """The report's time zone."""
        return ZoneInfo(self.timezone)


class FetchSettings(_Section):
    """``[fetch]``: how the one HTTP client behaves toward other people's servers."""

    user_agent: str = Field(default="coverage-tracker", min_length=1, max_length=200)
    contact: str = Field(default="", max_length=200)
    per_host_delay: float = Field(default=5.0, ge=0, le=3_600)  # seconds between two requests to a host
    connect_timeout: float = Field(default=10.0, gt=0, le=300)  # seconds
    total_timeout: float = Field(default=30.0, gt=0, le=3_600)  # seconds, wall clock, body included
    max_feed_bytes: int = Field(default=10_000_000, ge=1_000, le=1_000_000_000)  # decompressed
    max_page_bytes: int = Field(default=3_000_000, ge=1_000, le=1_000_000_000)  # decompressed
    max_redirects: int = Field(default=5, ge=0, le=20)
    concurrency: int = Field(default=64, ge=1, le=1_000)  # requests under way, one a host
    respect_robots: bool = True
    allow_private_hosts: Names = ()  # host names or addresses reached although they are not public

    @field_validator("user_agent", "contact")
    @classmethod
    def _one_header_line(cls, value: str) -> str:
        if not value.isascii() or any(not char.isprintable() for char in value):
            raise ValueError("must be printable ASCII: it is sent as an HTTP header")
        return value

    @cached_property
    def user_agent_line(self) -> str:
        """The User-Agent header (RFC 9110, 10.1.5): product, and who to write to."""
        return f"{self.user_agent} (+{self.contact})" if self.contact else self.user_agent


class CollectSettings(_Section):
    """``[collect]``: what is taken from feeds, and how often they are asked."""

    max_items: int = Field(default=2_000, ge=1, le=100_000)  # of one feed; the rest is counted as dropped
    max_url_chars: int = Field(default=2_048, ge=64, le=8_192)
    min_interval_minutes: float = Field(default=15.0, ge=0, le=10_080)
    max_interval_hours: float = Field(default=24.0, gt=0, le=720)
    max_backoff_days: float = Field(default=7.0, gt=0, le=90)
    jitter: float = Field(default=0.1, ge=0, le=1)  # share of the interval
    unconditional_days: float = Field(default=7.0, gt=0, le=365)
    move_after_days: float = Field(default=7.0, ge=0, le=365)
    page_attempts: int = Field(default=3, ge=1, le=20)


class ArchiveSettings(_Section):
    """``[archive]``: where pages are kept as they came."""

    directory: str = Field(default="archive", min_length=1)  # relative to the home, or absolute


class RetentionSettings(_Section):
    """``[retention]``: what ``tracker compact`` lets go, by age in days; 0 keeps it for good."""

    unused_page_days: float = Field(default=0.0, ge=0, le=36_500)  # pages that no version rests on
    off_topic_page_days: float = Field(default=0.0, ge=0, le=36_500)
    on_topic_page_days: float = Field(default=0.0, ge=0, le=36_500)
    request_days: float = Field(default=0.0, ge=0, le=36_500)  # rows of fetches that no version rests on
    old_scores: bool = True  # whether rows of earlier versions of the scorers are kept


class ScoreSettings(_Section):
    """``[score]``: the cost of reading and scoring."""

    embeddings: Literal["static", "minilm"] = "static"  # minilm: more exact, slower, and needs the extra


class BackfillSettings(_Section):
    """``[backfill]``: what one page of a WARC file may cost before it is given up."""

    page_seconds: float = Field(default=20.0, gt=0, le=3_600)  # of processor time; real pages take 0.05
    page_megabytes: int = Field(default=1_500, ge=300, le=1_000_000)  # of memory of the process that reads pages


class PublishSettings(_Section):
    """``[publish]``: the snapshots that readers open."""

    keep: int = Field(default=3, ge=2, le=1_000)  # a reader may still hold the one before
    every_minutes: float = Field(default=10.0, gt=0, le=1_440)  # during long runs
    text: bool = True  # whether snapshots hold the outlets' texts


class DashboardSettings(_Section):
    """``[dashboard]``: where it listens, and beyond this machine who may do what (by the e-mail of their login)."""

    address: str = Field(default="127.0.0.1", min_length=1)
    port: int = Field(default=8501, ge=0, le=65_535)  # 0: any free one
    viewers: tuple[str, ...] = ()  # may look; empty: whoever the login lets in
    coders: tuple[str, ...] = ()  # may also code, decide and set up


class MailSettings(_Section):
    """``[mail]``: the server that sends mail for alerts and the digest."""

    host: str = ""  # empty: no mail is sent
    port: int = Field(default=587, ge=1, le=65_535)
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""  # empty: no login
    password: str = Field(default="", repr=False)
    sender: str = ""


AlertKind = Literal["headline", "attention", "feed"]


class AlertSettings(_Section):
    """``[alerts]``: what is told at once, and how. Each alert is told once."""

    on: Annotated[tuple[AlertKind, ...], BeforeValidator(_split_commas), NoDecode] = ()
    email: Names = ()
    webhook: str = ""
    command: Names = ()

    @field_validator("webhook")
    @classmethod
    def _web_address(cls, url: str) -> str:
        if url and not url.startswith(("https://", "http://")):
            raise ValueError("must be an address that begins with https:// or http://")
        return url


class DigestSettings(_Section):
    """``[digest]``: who is told every night what is new."""

    email: Names = ()


class Settings(BaseSettings):
    """All of ``tracker.toml``. The environment, ``TRACKER_<SECTION>__<KEY>``, overrides the file."""

    model_config = SettingsConfigDict(
        env_prefix=ENV_PREFIX, env_nested_delimiter=ENV_DELIMITER, frozen=True, extra="forbid"
    )

    report: ReportSettings = ReportSettings()
    fetch: FetchSettings = FetchSettings()
    collect: CollectSettings = CollectSettings()
    archive: ArchiveSettings = ArchiveSettings()
    retention: RetentionSettings = RetentionSettings()
    score: ScoreSettings = ScoreSettings()
    backfill: BackfillSettings = BackfillSettings()
    publish: PublishSettings = PublishSettings()
    dashboard: DashboardSettings = DashboardSettings()
    mail: MailSettings = MailSettings()
    alerts: AlertSettings = AlertSettings()
    digest: DigestSettings = DigestSettings()

    @model_validator(mode="after")
    def _mail_has_a_server(self) -> Self:
        told = [f"[{name}] email" for name in ("alerts", "digest") if getattr(self, name).email]
        missing = [key for key in ("host", "sender") if not getattr(self.mail, key)]
        if told and missing:
            raise ValueError(f"{' and '.join(told)} need [mail] {' and '.join(missing)}")
        return self

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003 - the signature is pydantic-settings'
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Environment before file; no ``.env`` and no secret files."""
        return (env_settings, init_settings)


def load_settings(home: Path) -> Settings:
    """Read ``tracker.toml`` of a home, overridden by the environment.

    Raises ``ConfigError`` that lists every unknown key and bad value.
    """
    path = home / FILE_NAME
    data, text = read_toml(path)
    _check_environment()
    return _validated(data, path, text)


def _validated(data: dict[str, Any], path: Path, text: str) -> Settings:
    try:
        return Settings(**data)
    except ValidationError as error:
        problems = problems_of(error, Settings)
        from_environment = [p for p in problems if _variable(p) is not None]
        if from_environment:
            lines = [f"environment variable {_variable(p)}: {p.message}" for p in from_environment]
            raise ConfigError("\n".join(lines)) from error
        raise config_error(path, text, problems) from error
    except SettingsError as error:
        raise ConfigError(f"environment variable: {error}; sections are set key by key") from error


def _variable(problem: Problem) -> str | None:
    """Return the variable that set the key at fault, if one did."""
    name = ENV_PREFIX + ENV_DELIMITER.join(str(part) for part in problem.location[:2])
    return next((known for known in os.environ if known.upper() == name.upper()), None)


def _check_environment() -> None:
    """Refuse a variable of our form whose section does not exist, which would silently do nothing."""
    sections = [name.upper() for name in Settings.model_fields]
    for name in os.environ:
        section, delimiter, _ = name.upper().removeprefix(ENV_PREFIX).partition(ENV_DELIMITER)
        if name.upper().startswith(ENV_PREFIX) and delimiter and section not in sections:
            hint = suggestion(section, sections)
            raise ConfigError(f"environment variable {name}: no section {section}{hint}")
