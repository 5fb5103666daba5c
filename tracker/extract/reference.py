"""trafilatura alone, as anyone would call it: what this package is measured against."""

from __future__ import annotations

from dataclasses import dataclass

import trafilatura
from trafilatura.settings import Document

from tracker.model import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What trafilatura reads out of a page by itself; ``date`` is ISO, text and title empty where it finds none."""

    title: str = ""
    text: str = ""
    date: str = ""


def trafilatura_alone(page: Page) -> Reading:
    """Return trafilatura's own reading of a page, fast and with metadata. Never raises."""
    document = trafilatura.bare_extraction(page.body, url=page.url, fast=True, with_metadata=True)
    if not isinstance(document, Document):
        return Reading()
    return Reading(title=document.title or "", text=document.text or "", date=document.date or "")
