"""One other library as a process: pages come as JSON lines on stdin, what it read and how long it took go to stdout.

    PYTHON benchmarks/rival.py newspaper4k|news-please|fundus

PYTHON is one in which that library is installed; nothing of this project is needed there. Each does its own full job
on a page that is at hand: no request goes out, images are off. ``rivals.py`` starts it.
"""

from __future__ import annotations

import importlib.metadata
import json
import logging
import os
import socket
import sys
import time
from collections.abc import Callable
from urllib.parse import urlsplit

Read = Callable[[str, str], "str | None"]  # HTML and address to text; None where the library does not take the page


def newspaper4k() -> Read:
    """Read by Article.parse: text, title, authors, date, tags, images' addresses."""
    from newspaper import Article  # noqa: PLC0415 - where it is installed

    def read(html: str, url: str) -> str:
        article = Article(url, fetch_images=False)
        article.download(input_html=html)
        article.parse()
        return str(article.text or "")

    return read


def news_please() -> Read:
    """Read by NewsPlease.from_html: several extractors, newspaper4k and readability among them, compared."""
    from newsplease import NewsPlease  # noqa: PLC0415

    def read(html: str, url: str) -> str:
        found = NewsPlease.from_html(html, url=url, fetch_images=False)
        return str(found.maintext or "")

    return read


def fundus() -> Read:
    """Parse as Fundus does for a page's publisher, by its latest parser; pages of others it does not take."""
    from fundus import PublisherCollection  # noqa: PLC0415

    parsers = {_host(one.domain): one.parser for one in PublisherCollection}

    def read(html: str, url: str) -> str | None:
        parser = parsers.get(_host(url))
        if parser is None:
            return None
        body = parser().parse(html, error_handling="suppress").get("body")
        return str(body) if body else ""

    return read


READERS = {"newspaper4k": newspaper4k, "news-please": news_please, "fundus": fundus}


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")


def _refuse(*_: object, **__: object) -> None:
    raise OSError("a benchmark sends no request")


def main() -> None:
    name = sys.argv[1]
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w", encoding="utf-8")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # what a library prints must not get among the answers
    logging.disable(logging.CRITICAL)

    def answer(**values: object) -> None:
        answers.write(json.dumps(values) + "\n")
        answers.flush()

    try:
        read = READERS[name]()
    except ImportError as error:
        answer(missing=str(error))
        return
    socket.socket.connect = _refuse  # type: ignore[method-assign]
    socket.getaddrinfo = _refuse  # type: ignore[assignment]
    answer(version=importlib.metadata.version(name), lxml=importlib.metadata.version("lxml"))
    for line in sys.stdin:
        page = json.loads(line)
        begun = time.process_time()
        try:
            text, failed = read(page["html"], page["url"]), None
        except Exception as error:  # noqa: BLE001 - whatever another library raises is its answer for that page
            text, failed = "", repr(error)[:200]
        answer(seconds=time.process_time() - begun, text=text, failed=failed)


if __name__ == "__main__":
    main()
