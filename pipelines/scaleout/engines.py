"""Who maps the shards: threads of this process, each with a reading process of its own, or workers of dask.

Both yield (shard, counts) as shards are done, in whatever order; what is done stays done when the rest is killed.
"""

from __future__ import annotations

import concurrent.futures as threads
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from queue import SimpleQueue
from typing import Literal

from pipelines.scaleout.job import Job, Shard
from pipelines.scaleout.reader import ReaderProcess
from pipelines.scaleout.shard import Stopped, map_shard
from pipelines.stopping import Stop
from tracker.errors import ConfigError, DataError

Engine = Literal["local", "dask"]
Done = tuple[Shard, dict[str, int] | str]  # what was counted, or why the shard could not be read

TRIES = 10  # of a shard whose dask worker dies: whatever kills workers, it is hardly the shard
POLL_SECONDS = 0.5  # how soon a request to stop is seen
GONE = "the dask scheduler is gone: run the command again, what is done is kept"


def map_local(job: Job, shards: Sequence[Shard], stop: Stop, workers: int) -> Iterator[Done]:
    """Map shards here: a process reads their pages, and a thread keeps what it answers."""
    idle: SimpleQueue[ReaderProcess] = SimpleQueue()  # a process is worth keeping: it takes 2 s and 200 pages to warm
    with ExitStack() as held, threads.ThreadPoolExecutor(workers, thread_name_prefix="shard") as pool:
        readers = [held.enter_context(ReaderProcess(job)) for _ in range(workers)]
        for reader in readers:
            idle.put(reader)
        waiting: dict[threads.Future[dict[str, int]], Shard] = {}
        left = iter(shards)
        while True:
            while len(waiting) < workers and not stop and (shard := next(left, None)):
                waiting[pool.submit(_mapped, job, shard, stop, idle)] = shard
            if not waiting:
                return
            if stop:  # a reader that finds nothing worth reading says nothing for long
                for reader in readers:
                    reader.interrupt()
            done, _ = threads.wait(waiting, timeout=POLL_SECONDS, return_when=threads.FIRST_COMPLETED)
            for future in done:
                shard = waiting.pop(future)
                try:
                    yield shard, future.result()
                except DataError as error:
                    yield shard, str(error)
                except Stopped:
                    continue


def _mapped(job: Job, shard: Shard, stop: Stop, idle: SimpleQueue[ReaderProcess]) -> dict[str, int]:
    reader = idle.get()
    try:
        return map_shard(job, shard, lambda: bool(stop), reader)
    except BaseException:
        reader.stop()  # it may be at a page still
        raise
    finally:
        idle.put(reader)


def map_dask(job: Job, shards: Sequence[Shard], stop: Stop, workers: int, scheduler: str | None) -> Iterator[Done]:
    """Map shards on the workers of a dask scheduler, or of a cluster of this machine where no address is given.

    Every worker must reach the shards and the job's store under the same addresses. Raises ConfigError where dask is
    not installed or the scheduler does not answer, DataError where it is gone on the way.
    """
    try:
        import dask  # noqa: PLC0415 - an extra
        from distributed import Client, Future, LocalCluster  # noqa: PLC0415 - an extra
        from distributed.scheduler import KilledWorker  # noqa: PLC0415
    except ImportError as error:
        raise ConfigError("--engine dask needs an extra: pip install 'coverage-tracker[dask]'") from error
    logging.getLogger("distributed.client").setLevel(logging.CRITICAL)  # a lost scheduler is told below, in our words
    with ExitStack() as opened:
        if scheduler is None:
            opened.enter_context(dask.config.set({"distributed.scheduler.allowed-failures": TRIES}))
            cluster = LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None)
            opened.enter_context(cluster)
        try:
            client = opened.enter_context(Client(cluster if scheduler is None else scheduler))
        except (OSError, ValueError) as error:
            raise ConfigError(f"--scheduler {scheduler}: no dask scheduler answers there: {error}") from error
        tasks: list[tuple[Shard, Future[dict[str, int]]]] = [
            (shard, client.submit(map_shard, job, shard, key=f"{job.id}-{shard.id}")) for shard in shards
        ]
        while tasks and not stop:
            for shard, task in [one for one in tasks if one[1].done()]:
                tasks.remove((shard, task))
                if task.status in {"cancelled", "lost"}:
                    raise DataError(GONE)
                try:
                    failed = task.exception()
                    found = task.result() if failed is None else str(failed)
                except (threads.CancelledError, OSError) as error:  # gone since the task's status was asked for
                    raise DataError(GONE) from error
                if isinstance(failed, threads.CancelledError):
                    raise DataError(GONE) from failed
                if failed is not None and not isinstance(failed, DataError | KilledWorker):
                    raise failed
                yield shard, found
            time.sleep(POLL_SECONDS)
