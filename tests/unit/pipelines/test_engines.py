"""A dask scheduler that goes away."""

from types import SimpleNamespace

import pytest

from pipelines.scaleout.engines import map_dask
from tracker.errors import DataError

distributed = pytest.importorskip("distributed")


class GoneBetween:
    """A task whose scheduler goes between the question for its status and that for its result."""

    status = "finished"

    def done(self):
        return True

    def exception(self):
        return None

    def result(self):
        raise distributed.client.FutureCancelledError("task", "scheduler-connection-lost")


class Client:
    def __init__(self, address):
        pass

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def submit(self, *_, **__):
        return GoneBetween()


def test_a_scheduler_that_goes_between_two_questions_is_told_like_any(monkeypatch):
    monkeypatch.setattr(distributed, "Client", Client)
    done = map_dask(SimpleNamespace(id="job"), [SimpleNamespace(id="shard")], False, 1, "tcp://127.0.0.1:1")
    with pytest.raises(DataError, match="the dask scheduler is gone: run the command again"):
        next(done)
