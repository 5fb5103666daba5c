"""Alerts of a run: each told once on every channel, what failed told again by the next run for a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from pipelines.notices.channels import Channel, Command, Mail, Message, Webhook
from pipelines.steps.run import Run
from tracker.config import Settings
from tracker.errors import DeliveryError
from tracker.report.alerts import Alert, alerts
from tracker.report.phrases import listed
from tracker.report.snapshot_report import SnapshotReport
from tracker.store.notices import Notice

MAX_TOLD = 40  # alerts written out in one message; more are counted: nobody reads on

TRIAL = Message(
    subject="A trial of the coverage tracker's alerts",
    text="It arrived: alerts will come this way.",
    payload={"alerts": []},
)


def channels(settings: Settings) -> tuple[Channel, ...]:
    """Return the channels that ``[alerts]`` names."""
    told = settings.alerts
    return (
        *((Mail(settings.mail, told.email),) if told.email else ()),
        *((Webhook(told.webhook),) if told.webhook else ()),
        *((Command(told.command),) if told.command else ()),
    )


async def send_alerts(run: Run, snapshot: Path) -> None:
    """Tell what is worth telling in a snapshot, once a channel; record what was sent and what failed."""
    settings = run.home.settings
    ways = channels(settings)
    if not (settings.alerts.on and ways):
        return
    with SnapshotReport(snapshot) as report:
        found = alerts(report, settings.alerts.on)
    for way in ways:
        sent = run.store.notices.sent(way.name)
        if fresh := [alert for alert in found if alert.id not in sent]:
            failure = await delivered(run, way, message_of(fresh))
            run.store.notices.save([_notice(run, way, alert, failure) for alert in fresh])


async def delivered(run: Run, way: Channel, message: Message) -> str | None:
    """Send a message and return None, or why it did not arrive: which is no reason for a run to fail."""
    try:
        await way.send(message)
    except DeliveryError as error:
        run.progress.warn(f"Not sent by {way.name}, and tried again by the next run: {error}")
        return str(error)
    run.progress.say(f"Sent by {way.name}: {message.subject}")
    return None


def message_of(found: Sequence[Alert]) -> Message:
    """Return one message that tells all of some alerts."""
    told = found[:MAX_TOLD]
    lines = [f"{alert.text}" + (f"\n  {alert.url}" if alert.url else "") for alert in told]
    if more := len(found) - len(told):
        lines.append(f"… and {listed(more, 'other')}: 'tracker alerts' lists all.")
    subject = told[0].text if len(found) == 1 else f"{listed(len(found), 'alert')}: {told[0].subject}"
    return Message(subject=subject, text="\n\n".join(lines), payload={"alerts": [asdict(alert) for alert in found]})


def _notice(run: Run, way: Channel, alert: Alert, failure: str | None) -> Notice:
    return Notice(notice=alert.id, kind=alert.kind, channel=way.name, as_of=run.now, text=alert.text, detail=failure)
