"""Everything that a home would be missed for, in one file; and a home from such a file.

In it are settings, outlets, topics, what people decided, the master database, the current snapshot and the
pinned ones with their indexes of words, on demand the archived pages. The first member lists the others with
their hashes: a backup that was cut short or altered is refused whole.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tarfile
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from pydantic import TypeAdapter, ValidationError

from pipelines.home import lock
from pipelines.manifest import sha256
from pipelines.steps.run import CODE_VERSION
from tracker.config import load_settings
from tracker.errors import ConfigError, DataError
from tracker.store.database import open_master
from tracker.store.pins import FOLDER
from tracker.store.publish import LINK
from tracker.store.search import index_of

CONTENTS = "backup.json"  # the first member
FORMAT = 1
MAX_CONTENTS_BYTES = 50_000_000  # half a million archived files: more is no list of contents
LEVEL = 6  # of gzip: its own default; databases shrink to a third
LEFT_OUT = (".lock", ".wal", ".new", ".part")


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One file of a backup, under its path in the home."""

    name: str
    n_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a backup says of itself."""

    format: int
    made_at: str
    code_version: str
    snapshot: str | None  # that the home published last
    files: tuple[Member, ...]


def backup(home: Path, file: Path, *, with_archive: bool = False) -> Contents:
    """Write a home into ``file`` (tar, gzipped) and return what is in it; no run can be under way.

    Raises LockedError where one is, ConfigError where there is no home, DataError where it cannot be written.
    """
    archive = home / load_settings(home).archive.directory
    with lock(home):
        master = home / "state" / "master.duckdb"
        if master.exists():
            with open_master(master) as connection:
                connection.execute("CHECKPOINT")  # what a killed run left beside the file goes into it
        current = _current(home)
        paths = list(_paths(home, current, archive if with_archive else None))
        contents = Contents(
            format=FORMAT,
            made_at=datetime.now(UTC).isoformat(timespec="seconds"),
            code_version=CODE_VERSION,
            snapshot=_name(home, current) if current else None,
            files=tuple(
                Member(name=_name(home, path), n_bytes=path.stat().st_size, sha256=sha256(path)) for path in paths
            ),
        )
        _write(file, home, contents)
    return contents


def restore(home: Path, file: Path) -> Contents:
    """Make a home from a backup and return what was in it. What is there already is not overwritten.

    Raises ConfigError where ``home`` holds a home, DataError where the file is no whole backup.
    """
    taken = [name for name in ("tracker.toml", "outlets.toml", "state/master.duckdb") if (home / name).exists()]
    if taken:
        raise ConfigError(f"{home}: holds {', '.join(taken)}: restore into an empty directory with --home")
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".restore-", dir=home) as folder, _readable(file) as bundle:
        draft = Path(folder)
        contents = _contents(bundle, file)
        _extract(bundle, contents, draft, file)
        for one in contents.files:
            target = home / one.name
            target.parent.mkdir(parents=True, exist_ok=True)
            (draft / one.name).replace(target)
    if contents.snapshot:
        for published in (home / "snapshots").rglob("snap-*"):
            published.chmod(0o444)
        (home / LINK).unlink(missing_ok=True)
        (home / LINK).symlink_to(contents.snapshot)
    return contents


def _current(home: Path) -> Path | None:
    """Return the snapshot that the home publishes, under its pinned name where it has one."""
    link = home / LINK
    if not link.exists():
        return None
    path = link.resolve()
    pinned = path.parent / FOLDER / path.name
    return pinned if pinned.exists() else path


def _paths(home: Path, snapshot: Path | None, archive: Path | None) -> Iterator[Path]:
    """Yield the files that belong into a backup, configuration first, each once."""
    yield from sorted(home.glob("*.toml"))
    for folder in ("topics", "state", f"snapshots/{FOLDER}"):
        yield from _files(home / folder)
    if snapshot and snapshot.parent.name != FOLDER:
        yield from (path for path in (snapshot, index_of(snapshot)) if path.exists())
    if archive:
        yield from _files(archive)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        is_passing = path.name == "lock" or path.name.endswith(LEFT_OUT) or path.name.startswith(".")
        if path.is_file() and not path.is_symlink() and not is_passing:
            yield path


def _name(home: Path, path: Path) -> str:
    """Return a file's name in a backup. Raises ConfigError where it lies outside the home."""
    try:
        return path.resolve().relative_to(home.resolve()).as_posix()
    except ValueError as error:
        raise ConfigError(f"{path}: lies outside {home}: back it up by itself") from error


def _write(file: Path, home: Path, contents: Contents) -> None:
    draft = file.with_name(f".{file.name}.part")
    try:
        # names that share a file (a pinned snapshot) are each written whole: links are not restored
        with tarfile.open(draft, "w:gz", compresslevel=LEVEL, dereference=True) as bundle:
            listing = json.dumps(asdict(contents), ensure_ascii=False, indent=1).encode()
            head = tarfile.TarInfo(CONTENTS)
            head.size = len(listing)
            bundle.addfile(head, io.BytesIO(listing))
            for one in contents.files:
                bundle.add(home / one.name, arcname=one.name, recursive=False)
        draft.chmod(0o600)  # it holds texts and names of coders
        with draft.open("rb") as written:
            os.fsync(written.fileno())
        draft.replace(file)
    except OSError as error:
        raise DataError(f"{file}: cannot be written: {error}") from error
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _readable(file: Path) -> Iterator[tarfile.TarFile]:
    try:
        with tarfile.open(file, "r:gz") as bundle:
            yield bundle
    except (OSError, EOFError, zlib.error, tarfile.TarError) as error:
        raise DataError(f"{file}: is no backup that can be read whole: {error}") from error


def _contents(bundle: tarfile.TarFile, file: Path) -> Contents:
    head = bundle.next()
    source = bundle.extractfile(head) if head and head.name == CONTENTS else None
    if source is None:
        raise DataError(f"{file}: does not begin with {CONTENTS}: it is no backup of a tracker's home")
    try:
        contents = TypeAdapter(Contents).validate_json(source.read(MAX_CONTENTS_BYTES))
    except ValidationError as error:
        raise DataError(f"{file}: its {CONTENTS} cannot be read: {error}") from error
    if contents.format != FORMAT:
        raise DataError(f"{file}: has format {contents.format}, this tracker reads {FORMAT}: install the one it is of")
    for name in [*(one.name for one in contents.files), *([contents.snapshot] if contents.snapshot else [])]:
        if PurePosixPath(name).is_absolute() or ".." in PurePosixPath(name).parts or not name:
            raise DataError(f"{file}: names {name!r}, which lies outside a home")
    return contents


def _extract(bundle: tarfile.TarFile, contents: Contents, draft: Path, file: Path) -> None:
    """Write the listed files and nothing else; every one must be there, whole, as it was."""
    wanted = {one.name: one for one in contents.files}
    for member in _regular(bundle):
        one = wanted.pop(member.name, None)
        source = bundle.extractfile(member)
        if one is None or source is None or member.size != one.n_bytes:
            raise DataError(f"{file}: holds {member.name!r}, which its {CONTENTS} does not list so")
        target = draft / one.name
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as written:
            shutil.copyfileobj(source, written)
        if sha256(target) != one.sha256:
            raise DataError(f"{file}: {one.name} is not what was backed up: the file is damaged")
    if wanted:
        raise DataError(f"{file}: was cut short: {', '.join(sorted(wanted))} missing")


def _regular(bundle: tarfile.TarFile) -> Iterable[tarfile.TarInfo]:
    """Yield the members that are files, but for the contents."""
    return (member for member in bundle if member.isreg() and member.name != CONTENTS)
