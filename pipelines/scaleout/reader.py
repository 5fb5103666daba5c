"""A process that reads the pages of shards, so that a page that hangs or kills it costs that page alone.

It goes through a shard by itself and answers some pages at a time, since scoring eight together costs a tenth less;
where it dies, another one goes on behind the last answer and reads the next pages one by one. Limits are a page's:
timers begin anew with each, and when all that were read are scored.

It is started with ``subprocess``, not ``multiprocessing``: workers of dask are daemonic processes, which
``multiprocessing`` (and pebble on top of it) forbids to have children. The limits are the system's own timers and
memory limit: they hold where C code never comes back to Python.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from types import TracebackType
from typing import BinaryIO, Self, TypeAlias, cast

import pyarrow as pa

from pipelines.scaleout.job import Job, Shard
from pipelines.scaleout.messages import Answer, Ask, Trying, Unreadable
from pipelines.scaleout.pages import ROWS, Given, Readout, ReadPage, readout_columns
from pipelines.scaleout.walk import BATCH_PAGES, Walk
from tracker.errors import DataError
from tracker.model import Outcome

TRIES = 3  # of what stands behind the last answer, where the process dies before it comes to a page
WAITING_FACTOR = 5  # wall-clock seconds for each second of processor time: other work may hold the processor
OUT_OF_MEMORY = 3  # exit code
TIMED_OUT = {-number for name in ("SIGPROF", "SIGALRM") if (number := getattr(signal, name, None))}

Message: TypeAlias = Answer | Trying | Unreadable


class ReaderProcess:
    """A ``Walk`` in a process of its own, started anew when it dies. Use as a context manager."""

    def __init__(self, job: Job, command: Sequence[str] = ("-m", "pipelines.scaleout.reader")) -> None:
        self._job = job
        self._command = (sys.executable, *command)
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        """Start nothing yet: the first shard does."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process, whatever it is at; the next shard starts another one."""
        if self._process is not None:
            self._process.kill()
        self._end()

    def interrupt(self) -> None:
        """End the process, from another thread: whoever reads by it starts another one, unless told to stop."""
        if process := self._process:
            process.kill()

    def read(self, shard: Shard, should_stop: Callable[[], bool]) -> Iterator[Answer]:
        """Yield what a shard's responses became, some at a time and in order, or end early where that is asked for.

        Raises DataError where the shard cannot be read. Who does not come to its end has to ``stop`` the process.
        """
        ask, n_tries = Ask(shard), 1
        while True:
            trying = None
            for found in self._heard(ask):
                if should_stop():
                    return
                if isinstance(found, Unreadable):
                    raise DataError(found.why)
                if isinstance(found, Trying):
                    trying = found
                    continue
                trying, n_tries = None, 1
                ask = ask._replace(n_seen=found.n_seen, n_alone=max(ask.n_alone - 1, 0))
                yield found
                if found.is_last:
                    return
            code = self._end()
            if should_stop():
                return
            # A process may be killed for what is none of the page's doing.
            if trying and (code in {*TIMED_OUT, OUT_OF_MEMORY} or n_tries == TRIES):
                yield self._given_up(trying, code)
                ask, n_tries = Ask(shard, trying.answer.n_seen, BATCH_PAGES), 1
            elif n_tries == TRIES:
                raise DataError(f"{shard.address}: behind response {ask.n_seen} it {self._said(code)}")
            else:  # it was at no more pages than one answer has
                ask, n_tries = ask._replace(n_alone=BATCH_PAGES), n_tries + 1

    def _heard(self, ask: Ask) -> Iterator[Message]:
        """Ask, and yield what is answered until the process ends."""
        process = self._process or self._start()
        with suppress(BrokenPipeError):  # it died: what is heard tells
            _write(cast("BinaryIO", process.stdin), ask)
        while True:
            try:
                yield cast("Message", pickle.load(cast("BinaryIO", process.stdout)))  # noqa: S301 - our own process
            except (EOFError, pickle.UnpicklingError):
                return

    def _given_up(self, trying: Trying, code: int) -> Answer:
        """Return the answer where a page ended its process with that code."""
        readout = Readout(outcome=Outcome.UNPARSABLE, detail=f"page_limit: {self._said(code)}")
        columns = [*trying.page.columns, *readout_columns([ReadPage(readout, {}, b"")])]
        answer = trying.answer
        return answer._replace(
            read=pa.concat_batches([answer.read, pa.RecordBatch.from_arrays(columns, schema=ROWS)]),
            records=[*answer.records, trying.record],
        )

    def _said(self, code: int) -> str:
        if code in TIMED_OUT:
            return f"took more than {self._job.reading.page_seconds:g} s to read"
        if code == OUT_OF_MEMORY:
            return f"took more than {self._job.reading.page_megabytes} MB to read"
        return f"ended its reader ({signal.Signals(-code).name if code < 0 else f'exit code {code}'})"

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(  # noqa: S603 - ourselves
            self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        with suppress(BrokenPipeError):
            _write(cast("BinaryIO", self._process.stdin), self._job)
        return self._process

    def _end(self) -> int:
        """Wait for the end of the process, which is to come of itself; return how it ended."""
        process, self._process = self._process, None
        if process is None:
            return 0
        with suppress(BrokenPipeError):
            cast("BinaryIO", process.stdin).close()
        cast("BinaryIO", process.stdout).close()
        return process.wait()


def _write(pipe: BinaryIO, value: object) -> None:
    pickle.dump(value, pipe, pickle.HIGHEST_PROTOCOL)
    pipe.flush()


def serve() -> None:
    """Be the process: shards from stdin, what their pages hold to stdout, until stdin ends."""
    asked, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get among the answers
    for number in (signal.SIGINT, signal.SIGTERM):  # meant for the one that started us, who ends us
        signal.signal(number, signal.SIG_IGN)
    job: Job = pickle.load(asked)  # noqa: S301 - from the process that started us
    pa.set_memory_pool(pa.system_memory_pool())  # Arrow's own asks for a GB at once, which is beyond the limit
    _limit_memory(job.reading.page_megabytes)
    from pipelines.scaleout.page_reader import PageReader  # noqa: PLC0415 - what it imports is the process's alone

    reader = PageReader(job.reading)

    def reads(pages: Sequence[Given]) -> list[ReadPage]:
        found = reader.read(pages, lambda: _set_timers(job.reading.page_seconds))
        _set_timers(0)
        return found

    walk = Walk(job, reads)
    while True:
        try:
            ask: Ask = pickle.load(asked)  # noqa: S301
        except EOFError:
            return
        try:
            for message in walk.answers(ask):
                _write(answers, message)
        except MemoryError:
            os._exit(OUT_OF_MEMORY)  # at once: what is left may not do for more
        except BrokenPipeError:  # the one that asked is gone
            return


def _set_timers(seconds: float) -> None:
    """Have the system end this process after so much processor time, or a multiple of it by the clock."""
    if hasattr(signal, "setitimer"):  # not on Windows, where only the readers' own limits hold
        signal.setitimer(signal.ITIMER_PROF, seconds)
        signal.setitimer(signal.ITIMER_REAL, seconds * WAITING_FACTOR)


def _limit_memory(megabytes: int) -> None:
    if os.name == "posix":
        import resource  # noqa: PLC0415 - there is none on Windows

        resource.setrlimit(resource.RLIMIT_DATA, (megabytes * 1_000_000,) * 2)


if __name__ == "__main__":
    serve()
