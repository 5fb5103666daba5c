"""Alerts and the digest, against a mail server, a web server and a program of this machine."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy

import feedparser
import pytest
from aiohttp import web
from aiosmtpd.controller import Controller

from pipelines.home import Home
from pipelines.nightly import nightly
from pipelines.notices.alerts import send_alerts
from pipelines.notices.channels import Command, Mail, Message
from pipelines.notices.digest import digest_of, message_of, send_digest
from pipelines.progress import Progress
from pipelines.runs import Options
from pipelines.steps.run import Run
from tests.snapshots import HERALD, NOW, POST, HomeBuilder, Piece, usual_pieces
from tracker.config import MailSettings, Settings, init_home, load_settings
from tracker.errors import ConfigError, DeliveryError
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.writer import Store

HOSTILE = "<script>alert(1)</script> “Quoted” & =1+1\r\nBcc: evil@example.org"
LATE = datetime(2025, 5, 14, 12, tzinfo=UTC)  # a day after the only change of a headline
KEEP = "import sys, pathlib; pathlib.Path(sys.argv[1]).open('ab').write(sys.stdin.buffer.read() + b'\\n')"


class Inbox:
    """A mail server that keeps what it is given."""

    def __init__(self) -> None:
        self.mails = []

    async def handle_DATA(self, server, session, envelope):  # noqa: N802 - aiosmtpd's name
        self.mails.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def inbox():
    kept = Inbox()
    controller = Controller(kept, hostname="127.0.0.1", port=free_port())
    controller.start()
    kept.port = controller.port
    yield kept
    controller.stop()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    path = tmp_path_factory.mktemp("home")
    HomeBuilder(path).build(usual_pieces(), now=LATE)
    return path


@pytest.fixture
def changed(built, tmp_path):
    """Return a home's published snapshot in which one headline was changed lately."""
    shutil.copytree(built, tmp_path, dirs_exist_ok=True, symlinks=True)
    return (tmp_path / "coverage.duckdb").resolve()


@contextmanager
def run_of(path, now=LATE, **sections):
    """Return a run over the home at ``path``, configured by sections."""
    home = Home(path=path, settings=Settings(**sections), outlets=(), feeds=(), topics=())
    with Store(home.master) as store:
        yield Run(home=home, store=store, now=now, is_replay=True, progress=Progress(verbosity=-1), id=f"at {now}")


def mail_to(port, **more):
    return {"host": "127.0.0.1", "port": port, "security": "none", "sender": "tracker@example.org", **more}


def outcomes(run):
    found = run.store.db.connection.execute("SELECT channel, outcome, count(*) FROM notices GROUP BY ALL ORDER BY ALL")
    return found.fetchall()


async def test_an_alert_is_told_once_by_every_way(tmp_path, changed, inbox):
    posted = []

    async def take(request):
        posted.append(await request.json())
        return web.Response(status=204)

    site = web.Application()
    site.router.add_post("/hook", take)
    runner = web.AppRunner(site)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", port := free_port()).start()
    alerts = {
        "on": ["headline", "feed"],
        "email": ["desk@example.org", "editor@example.org"],
        "webhook": f"http://127.0.0.1:{port}/hook",
        "command": [sys.executable, "-c", KEEP, str(tmp_path / "told; touch x")],
    }
    with run_of(tmp_path, mail=mail_to(inbox.port), alerts=alerts) as run:
        await send_alerts(run, changed)
        await send_alerts(run, changed)
        assert outcomes(run) == [("command", "sent", 1), ("email", "sent", 1), ("webhook", "sent", 1)]
    await runner.cleanup()
    ((recipients, mail),) = inbox.mails
    assert recipients == ["desk@example.org", "editor@example.org"]
    assert mail["From"] == "tracker@example.org"
    said = mail.get_content()
    assert "“Post story 0” now reads “Post story 0, corrected”" in said
    (told,) = (json.loads(line) for line in (tmp_path / "told; touch x").read_text().splitlines())
    assert told["alerts"] == posted[0]["alerts"]
    assert len(posted) == len(told["alerts"]) == 1
    assert told["alerts"][0]["url"].startswith("https://post.example/")
    assert not (tmp_path / "x").exists()


async def test_what_failed_is_recorded_and_told_by_the_next_run(tmp_path, changed, inbox):
    alerts = {"on": ["headline"], "email": ["desk@example.org"]}
    with run_of(tmp_path, mail=mail_to(free_port()), alerts=alerts) as run:
        await send_alerts(run, changed)
        (detail,) = run.store.db.connection.execute("SELECT detail FROM notices").fetchone()
        assert "127.0.0.1:" in detail
        assert "[mail] in tracker.toml" in detail
    with run_of(tmp_path, mail=mail_to(inbox.port), alerts=alerts) as run:
        await send_alerts(run, changed)
        await send_alerts(run, changed)
        assert outcomes(run) == [("email", "failed", 1), ("email", "sent", 1)]
    assert len(inbox.mails) == 1


async def test_a_program_that_fails_says_why():
    message = Message(subject="s", text="t", payload={})
    with pytest.raises(DeliveryError, match="exit code 3: no such desk"):
        await Command([sys.executable, "-c", "import sys; print('no such desk', file=sys.stderr); sys.exit(3)"]).send(
            message
        )
    with pytest.raises(DeliveryError, match="no-such-program"):
        await Command(["no-such-program"]).send(message)


async def test_no_headline_gets_into_the_head_of_a_mail(inbox):
    way = Mail(MailSettings(**mail_to(inbox.port)), ["desk@example.org"])
    await way.send(Message(subject=HOSTILE, text=HOSTILE, payload={}))
    ((recipients, mail),) = inbox.mails
    assert recipients == ["desk@example.org"]
    assert mail["Bcc"] is None
    assert mail["Subject"] == HOSTILE.replace("\r\n", " ")


# ---------------------------------------------------------------- the digest


async def test_the_digest_tells_what_is_new_since_it_was_sent_last(tmp_path, inbox):
    builder = HomeBuilder(tmp_path)
    first = builder.build([Piece(outlet=POST, title="Seen before", at=NOW - timedelta(days=3))], now=NOW)
    with run_of(tmp_path, now=NOW, mail=mail_to(inbox.port), digest={"email": ["desk@example.org"]}) as run:
        await send_digest(run, first)
        assert outcomes(run) == [("email", "sent", 1)]
    assert "nothing new" in inbox.mails[0][1]["Subject"]
    builder.run, later = "run-2", NOW + timedelta(days=1)
    wire = Piece(outlet=HERALD, title="Borrowed", at=NOW + timedelta(hours=2), cluster="c", agency="North Wire")
    new = Piece(
        outlet=POST, title=HOSTILE, at=NOW + timedelta(hours=1), retitled=f"{HOSTILE} again", url="javascript:x"
    )
    second = builder.build([new, Piece(outlet=POST, title="Own", at=wire.at, cluster="c"), wire_copy(wire)], now=later)
    with run_of(tmp_path, now=later, mail=mail_to(inbox.port), digest={"email": ["desk@example.org"]}) as run:
        await send_digest(run, second)
    mail = inbox.mails[1][1]
    assert mail["Subject"] == "Coverage: A test ruling on taxes: 3 new articles, 1 changed headline"
    plain, html = (mail.get_body((kind,)).get_content() for kind in ("plain", "html"))
    for said in (plain, html):
        assert "Seen before" not in said
        assert "Own" in said
    assert "from North Wire, at Hill Herald" in plain
    assert "<script>" not in html
    assert "&lt;script&gt;" in html
    assert 'href="javascript' not in html
    assert "<script>alert(1)</script> “Quoted” & =1+1 Bcc: evil@example.org again" in plain


def wire_copy(piece):
    return Piece(
        outlet=piece.outlet, title=piece.title, at=piece.at, cluster="c", agency=piece.agency, is_original=False
    )


def test_a_nightly_run_mails_the_digest(tmp_path, inbox, monkeypatch):
    init_home(tmp_path, feeds=False)
    for key, value in mail_to(inbox.port).items():
        monkeypatch.setenv(f"TRACKER_MAIL__{key.upper()}", str(value))
    monkeypatch.setenv("TRACKER_DIGEST__EMAIL", "desk@example.org,editor@example.org")
    code, _ = asyncio.run(nightly(tmp_path, Options(), Progress(verbosity=-1)))
    assert code == 0
    ((recipients, mail),) = inbox.mails
    assert recipients == ["desk@example.org", "editor@example.org"]
    assert mail["Subject"] == "Coverage: nothing new"
    assert mail.get_content_type() == "multipart/alternative"


def test_the_digest_of_a_snapshot_without_predecessor_is_of_the_last_day(tmp_path):
    pieces = [Piece(outlet=POST, title="Old", at=NOW - timedelta(days=2)), Piece(outlet=POST, title="New", at=NOW)]
    with SnapshotReport(HomeBuilder(tmp_path).build(pieces)) as report:
        text = message_of(digest_of(report)).text
    assert "New" in text
    assert "Old" not in text
    assert "Hill Herald" in text  # its feed failed


# ---------------------------------------------------------------- configuration, and a feed for readers


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[digest]\nemail = ["a@example.org"]\n', "[digest] email need [mail] host and sender"),
        ('[alerts]\non = ["headlines"]\n', "did you mean 'headline'?"),
        ('[alerts]\nwebhook = "file:///etc/passwd"\n', "begins with https://"),
    ],
)
def test_a_way_that_cannot_work_is_refused(tmp_path, text, said):
    (tmp_path / "tracker.toml").write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path)
    assert said in str(caught.value)
    assert "tracker.toml" in str(caught.value)


def test_a_password_is_not_shown():
    assert "secret" not in repr(Settings(mail={"password": "secret"}))


def test_an_rss_feed_says_hostile_headlines_as_they_are(tracker, tmp_path):
    title = "<b>A & B</b> ]]> “x”\x0b\ufffe \u202e"
    HomeBuilder(tmp_path / "home").build(
        [*usual_pieces(), Piece(outlet=POST, title=title, at=NOW), Piece(outlet=POST, title="", url="javascript:x")]
    )
    ended = tracker("--home", tmp_path / "home", "export", "rss", "out.rss", "--link", "https://example.org/feed")
    assert ended.code == 0, ended.err
    raw = (tmp_path / "out.rss").read_text(encoding="utf-8")
    feed = feedparser.parse(raw, sanitize_html=False)
    assert not feed.bozo
    assert "&lt;b&gt;A &amp; B&lt;/b&gt; ]]&gt; “x”" in raw
    titles = [entry.title for entry in feed.entries]
    assert "Agency may share data, judge rules" not in titles  # a copy
    assert len(titles) == 15
    assert not [entry for entry in feed.entries if entry.link.startswith("javascript")]
    assert len({entry.id for entry in feed.entries}) == 15
