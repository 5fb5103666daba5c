"""A dask scheduler that goes away."""

from types import SimpleNamespace

import pytest

from pipelines.scaleout.engines import map_dask
from tracker.errors import DataError

distributed = pytest.importorskip("distributed")


class GoneBetween:
    """A task whose scheduler goes between the question for its status and those for what became of it."""

    status = "finished"

    def __init__(self, at, error):
        self.at = at
        self.error = error

    def done(self):
        return True

    def exception(self):
        if self.at == "exception":
            raise self.error
        return self.error if self.at == "its exception" else None

    def result(self):
        raise self.error


class Client:
    task: GoneBetween

    def __init__(self, address):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, *_, **__):
        return self.task


CANCELLED = distributed.client.FutureCancelledError("task", "scheduler-connection-lost")
CLOSED = distributed.comm.core.CommClosedError("in <TCP (closed) ConnectionPool.gather>: Connection reset by peer")


@pytest.mark.parametrize(
    ("at", "error"),
    [
        ("exception", CANCELLED),
        ("exception", CLOSED),
        ("its exception", CANCELLED),
        ("result", CANCELLED),
        ("result", CLOSED),
    ],
)
def test_a_scheduler_that_goes_between_two_questions_is_told_like_any(monkeypatch, at, error):
    monkeypatch.setattr(distributed, "Client", Client)
    monkeypatch.setattr(Client, "task", GoneBetween(at, error), raising=False)
    done = map_dask(SimpleNamespace(id="job"), [SimpleNamespace(id="shard")], False, 1, "tcp://127.0.0.1:1")
    with pytest.raises(DataError, match="the dask scheduler is gone: run the command again"):
        next(done)
