"""After a run has published: tell people what they asked to be told."""

from __future__ import annotations

from pipelines.steps.run import Run


async def tell(run: Run, *, with_digest: bool = False) -> None:
    """Send the alerts, and the digest, of the snapshot that a run published; a run told to end leaves that too."""
    if run.snapshot is None or run.stop:
        return
    # What writes and sends them is imported where somebody is to be told.
    if run.home.settings.alerts.on:
        from pipelines.notices.alerts import send_alerts  # noqa: PLC0415

        await send_alerts(run, run.snapshot)
    if with_digest and run.home.settings.digest.email:
        from pipelines.notices.digest import send_digest  # noqa: PLC0415

        await send_digest(run, run.snapshot)
