"""Settings, outlets and topics: TOML files in, frozen and validated values out.

A home directory holds ``tracker.toml``, ``outlets.toml`` and ``topics/*.toml``, which people edit, and
``state/``, ``archive/``, ``snapshots/`` and ``coverage.duckdb``, which the tracker writes. Every mistake
in the files is reported at once, as ``file:line: key: what is wrong; did you mean …?``.
"""

from tracker.config.home import add_feeds, add_outlet, init_home
from tracker.config.outlets import load_outlets
from tracker.config.settings import (
    ArchiveSettings,
    CollectSettings,
    DashboardSettings,
    FetchSettings,
    MailSettings,
    PublishSettings,
    ReportSettings,
    ScoreSettings,
    Settings,
    load_settings,
)
from tracker.config.topics import (
    bundled_topic,
    frame_model_path,
    load_topic,
    load_topics,
    read_topic,
    relevance_model_path,
    save_topic,
    topic_path,
)

__all__ = [
    "ArchiveSettings",
    "CollectSettings",
    "DashboardSettings",
    "FetchSettings",
    "MailSettings",
    "PublishSettings",
    "ReportSettings",
    "ScoreSettings",
    "Settings",
    "add_feeds",
    "add_outlet",
    "bundled_topic",
    "frame_model_path",
    "init_home",
    "load_outlets",
    "load_settings",
    "load_topic",
    "load_topics",
    "read_topic",
    "relevance_model_path",
    "save_topic",
    "topic_path",
]
