"""How the demo's pages look: one article in each outlet's markup, with the clutter that real pages have.

Navigation, related links, newsletter boxes and calls to read more are there so that extraction has work to do.
Every page says in its footer that it is invented.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from html import escape
from typing import TypeAlias
from zoneinfo import ZoneInfo

from pipelines.demo_corpus import Site
from pipelines.demo_publications import Publication, Version
from tracker.model import ArticleKind
from tracker.urls import host

NOTICE = "Invented for the coverage-tracker demo. Neither this outlet nor this story is real."
TEASER_BLOCKS = 2  # what a reader without a subscription sees, and never all of it
READ_MORE_AFTER = 3  # paragraphs before a tabloid's first link to something else
LOCAL_ZONE = ZoneInfo("America/Chicago")  # of the outlets that print dates for their readers
SCHEMA_TYPES = {
    ArticleKind.ANALYSIS: "AnalysisNewsArticle",
    ArticleKind.OPINION: "OpinionNewsArticle",
    ArticleKind.EDITORIAL: "OpinionNewsArticle",
    ArticleKind.LIVE: "LiveBlogPosting",
    ArticleKind.MEDIA: "VideoObject",
}

Json: TypeAlias = "str | bool | list[Json] | dict[str, Json]"


def article_page(publication: Publication, version: Version, site: Site, related: Iterable[Publication]) -> str:
    """Return the HTML of an article in ``version``; ``related`` are linked beside it."""
    head = "\n".join(_HEADS[site.markup](publication, version))
    language = publication.language
    return f"""<!DOCTYPE html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<title>{escape(version.headline)} | {escape(publication.outlet.name)}</title>
<link rel="canonical" href="{escape(publication.url)}">
{head}
</head>
<body>
{_banner(publication)}
<main>
{_article(publication, version, site)}
</main>
{_aside(related)}
{_footer(publication)}
</body>
</html>
"""


def front_page(name: str, feed_url: str, kind: str, listed: Iterable[tuple[Publication, Version]]) -> str:
    """Return an outlet's home page: its latest headlines, and where its feed is."""
    links = "\n".join(
        f'<li><a href="{escape(item.url)}">{escape(version.headline)}</a></li>' for item, version in listed
    )
    return f"""<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{escape(name)}</title>
<link rel="alternate" type="{kind}" title="{escape(name)}" href="{escape(feed_url)}">
</head>
<body>
<h1>{escape(name)}</h1>
<ul>
{links}
</ul>
<footer><p>{NOTICE}</p></footer>
</body>
</html>
"""


def notice_page(publication: Publication, related: Iterable[Publication]) -> str:
    """Return what stands where a feed promised a story: "not found" with status 200, or a bot challenge."""
    if publication.notice == "challenge":
        return _CHALLENGE.format(host=host(publication.url), notice=NOTICE)
    return f"""<!DOCTYPE html>
<html lang="{publication.language}">
<head>
<meta charset="utf-8">
<title>Page not found | {escape(publication.outlet.name)}</title>
</head>
<body>
{_banner(publication)}
<main>
<h1>Page not found</h1>
<p>We couldn't find the page you were looking for. It may have been moved or removed.</p>
</main>
{_aside(related)}
{_footer(publication)}
</body>
</html>
"""


# as the interstitials of bot guards read; the script's address is what Cloudflare's pages load
_CHALLENGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>Just a moment...</title>
<script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script>
</head>
<body>
<h1>{host}</h1>
<p>Checking if the site connection is secure. Enable JavaScript and cookies to continue.</p>
<p class="notice">{notice}</p>
</body>
</html>
"""


# ---------------------------------------------------------------- heads


def _meta(name: str, content: str, attribute: str = "property") -> str:
    return f'<meta {attribute}="{name}" content="{escape(content)}">'


def _open_graph(publication: Publication, version: Version) -> list[str]:
    return [
        _meta("og:type", "article"),
        _meta("og:site_name", publication.outlet.name),
        _meta("og:title", version.headline),
        _meta("og:url", publication.url),
        _meta("og:description", summary(version)),
        _meta("article:published_time", publication.published_at.isoformat()),
        _meta("article:modified_time", version.at.isoformat()),
        _meta("article:section", publication.section),
        *([_meta("author", publication.byline, "name")] if publication.byline else []),
    ]


def _linked_data(publication: Publication, version: Version) -> dict[str, Json]:
    data: dict[str, Json] = {
        "@type": SCHEMA_TYPES.get(publication.kind, "NewsArticle"),
        "headline": version.headline,
        "url": publication.url,
        "datePublished": publication.published_at.isoformat(),
        "dateModified": version.at.isoformat(),
        "articleSection": publication.section,
        "inLanguage": publication.language,
        "publisher": {"@type": "NewsMediaOrganization", "name": publication.outlet.name},
    }
    if publication.byline:
        data["author"] = [{"@type": "Person", "name": name} for name in publication.byline.split(" and ")]
    if publication.is_paywalled:
        part: Json = {"@type": "WebPageElement", "isAccessibleForFree": False, "cssSelector": ".paywall"}
        data |= {"isAccessibleForFree": False, "hasPart": part}
    return data


def _script(data: Mapping[str, Json]) -> str:
    text = json.dumps(data, ensure_ascii=False).replace("<", "\\u003c")  # "</script>" in a text must not end it
    return f'<script type="application/ld+json">{text}</script>'


def _jsonld_head(publication: Publication, version: Version) -> list[str]:
    data = {"@context": "https://schema.org", **_linked_data(publication, version)}
    return [*_open_graph(publication, version), _script(data)]


def _open_graph_head(publication: Publication, version: Version) -> list[str]:
    data = {"@context": "https://schema.org", "@type": SCHEMA_TYPES.get(publication.kind, "NewsArticle")}
    return [*_open_graph(publication, version), _script({**data, "headline": version.headline})]


def _graph_head(publication: Publication, version: Version) -> list[str]:
    article = _linked_data(publication, version) | {"articleBody": plain_text(version)}
    organization: Json = {"@type": "NewsMediaOrganization", "name": publication.outlet.name}
    data: dict[str, Json] = {"@context": "https://schema.org", "@graph": [organization, article]}
    return [_meta("og:title", version.headline), _script(data)]


def _plain_head(publication: Publication, version: Version) -> list[str]:
    return [
        _meta("description", summary(version), "name"),
        _meta("date", publication.published_at.isoformat(), "name"),
    ]


def _dublin_head(publication: Publication, version: Version) -> list[str]:
    pairs = {
        "DC.title": version.headline,
        "DC.creator": publication.byline,
        "DC.date.issued": publication.published_at.isoformat(),
        "DC.publisher": publication.outlet.name,
        "DC.language": publication.language,
    }
    return [_meta(name, content, "name") for name, content in pairs.items() if content]


_HEADS: Mapping[str, Callable[[Publication, Version], list[str]]] = {
    "jsonld": _jsonld_head,
    "graph": _graph_head,
    "og": _open_graph_head,
    "microdata": _plain_head,
    "plain": _plain_head,
    "dublin": _dublin_head,
}


# ---------------------------------------------------------------- bodies


def plain_text(version: Version) -> str:
    """Return a version's text as a reader reads it: subheads without their mark."""
    return "\n\n".join(block.removeprefix("## ") for block in version.body.split("\n\n"))


def summary(version: Version) -> str:
    """Return the first paragraph that is no subhead and no banner, as feeds show it."""
    blocks = version.body.split("\n\n")
    return next((block for block in blocks if not block.startswith("## ") and not block.isupper()), blocks[0])


def teaser(version: Version) -> list[str]:
    """Return the blocks of a version that a paywalled page shows."""
    blocks = version.body.split("\n\n")
    return blocks[: min(TEASER_BLOCKS, len(blocks) - 1)]


def _blocks(publication: Publication, version: Version) -> list[str]:
    blocks = teaser(version) if publication.is_paywalled else version.body.split("\n\n")
    return [
        f"<h2>{escape(block[3:])}</h2>" if block.startswith("## ") else f"<p>{escape(block, quote=False)}</p>"
        for block in blocks
    ]


def _article(publication: Publication, version: Version, site: Site) -> str:
    scope = ' itemscope itemtype="https://schema.org/NewsArticle"' if site.markup == "microdata" else ""
    body = _blocks(publication, version)
    if publication.outlet.outlet == "daily-hammer" and len(body) > READ_MORE_AFTER:
        body.insert(
            READ_MORE_AFTER, '<div class="more">READ MORE: <a href="/games">Play the Hammer crossword</a></div>'
        )
    credit = f'<p class="credit"><em>{escape(publication.credit)}</em></p>' if publication.credit else ""
    wall = _WALL if publication.is_paywalled else ""
    prop = ' itemprop="articleBody"' if scope else ""
    text = "\n".join(body)
    return f"""<article{scope}>
<div class="kicker">{escape(publication.section)}</div>
<h1{' itemprop="headline"' if scope else ""}>{escape(version.headline)}</h1>
{_byline(publication, version, site)}
<div class="article-body"{prop}>
{text}
{credit}
</div>
{wall}
</article>"""


_WALL = """<div class="paywall">
<h3>Subscribe to continue reading</h3>
<p>Already a subscriber? <a href="/login">Sign in</a>. Get unlimited access for $1 a week.</p>
</div>"""


def _byline(publication: Publication, version: Version, site: Site) -> str:
    at = publication.published_at
    by = f"By {publication.byline}" if publication.byline and not publication.byline.startswith("From ") else ""
    name = escape(by or publication.byline)
    if site.markup == "microdata":
        return (
            f'<p class="byline"><span itemprop="author">{name}</span> '
            f'<time itemprop="datePublished" datetime="{at.isoformat()}">{_printed(at)}</time></p>'
        )
    if site.markup == "plain":
        updated = f" Updated {_printed(version.at)}" if version.change else ""
        return f'<p class="byline">{name}</p>\n<p class="date">Published {_printed(at)}{updated}</p>'
    return (
        f'<div class="meta"><span class="byline author">{name}</span> '
        f'<time datetime="{at.isoformat()}">{_printed(at)}</time></div>'
    )


def _printed(at: datetime) -> str:
    local = at.astimezone(LOCAL_ZONE)
    return f"{local:%B} {local.day}, {local:%Y}, {local:%I:%M %p}"


# ---------------------------------------------------------------- around the article


def _banner(publication: Publication) -> str:
    links = "".join(f'<li><a href="/{name.lower()}">{name}</a></li>' for name in _SECTIONS)
    return f"""<header><a class="logo" href="/">{escape(publication.outlet.name)}</a>
<nav aria-label="Sections"><ul>{links}</ul></nav></header>"""


_SECTIONS = ("News", "Politics", "Business", "Sports", "Opinion", "Weather", "Obituaries", "Games")


def _aside(related: Iterable[Publication]) -> str:
    links = "\n".join(
        f'<li><a href="{escape(item.url)}">{escape(item.versions[0].headline)}</a></li>' for item in related
    )
    return f"""<aside class="related"><h3>Related stories</h3>
<ul>
{links}
</ul></aside>
<aside class="newsletter"><h3>Morning briefing</h3>
<form action="/newsletter"><label>Sign up for our newsletter and never miss a story.
<input type="email" name="email"></label><button>Sign up</button></form></aside>"""


def _footer(publication: Publication) -> str:
    links = '<a href="/about">About</a> · <a href="/privacy">Privacy</a>'
    return f"""<footer><p>{escape(publication.outlet.name)} · {links} · {host(publication.url)}</p>
<p class="notice">{NOTICE}</p></footer>"""
