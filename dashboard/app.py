"""The dashboard's entry: which pages there are, and what is around them."""

from __future__ import annotations

from importlib.resources import files

import streamlit as st

from dashboard import data, login, shell, view

PAGES = (
    st.Page("views/overview.py", title="Overview", default=True),
    st.Page("views/outlets.py", title="Outlets"),
    st.Page("views/frames.py", title="Frames"),
    st.Page("views/tone.py", title="Tone"),
    st.Page("views/voices.py", title="Voices"),
    st.Page("views/words.py", title="Words"),
    st.Page("views/compare.py", title="Compare"),
    st.Page("views/wire.py", title="Wire"),
    st.Page("views/changes.py", title="Changes"),
    st.Page("views/article.py", title="Articles"),
    st.Page("views/ask.py", title="Ask"),
    st.Page("views/health.py", title="Health"),
    st.Page("views/setup.py", title="Set up"),
    st.Page("views/coding.py", title="Coding"),
)


def main() -> None:
    """Draw one page."""
    st.set_page_config(page_title="Coverage tracker", page_icon=str(files("dashboard") / "icon.svg"), layout="wide")
    page = st.navigation(PAGES, position="top")
    shell.style()
    shown = ""
    if not login.may_look():
        return
    with shell.states():
        shown = data.current_snapshot()
        shell.invented_banner(is_invented=data.info(shown).is_invented)
        with st.sidebar:
            shell.masthead()
            now = view.filter_bar(shown)
        if now is None:
            shell.no_topic()
        else:
            st.session_state["view"] = now
            page.run()
    shell.watch(shown)


main()
