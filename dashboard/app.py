"""The dashboard's entry: which pages there are, and what is around them."""

from __future__ import annotations

from importlib.resources import files

import streamlit as st

from dashboard import data, login, shell, view

MENU = {
    "": (
        st.Page("views/overview.py", title="Overview", default=True),
        st.Page("views/outlets.py", title="Outlets"),
        st.Page("views/tone.py", title="Tone"),
        st.Page("views/voices.py", title="Voices"),
        st.Page("views/article.py", title="Articles"),
        st.Page("views/ask.py", title="Search and SQL"),
    ),
    "Frames and words": (
        st.Page("views/frames.py", title="Frames"),
        st.Page("views/words.py", title="Words"),
    ),
    "Compare": (
        st.Page("views/compare.py", title="Day by day"),
        st.Page("views/wire.py", title="Wire copies"),
        st.Page("views/changes.py", title="Changes"),
    ),
    "Collection": (
        st.Page("views/health.py", title="Gaps and health"),
        st.Page("views/setup.py", title="Set up"),
    ),
}
CODING = st.Page("views/coding.py", title="Coding")  # in the menu of those who may code; its address answers to all
CODING_UNSEEN = st.Page("views/coding.py", title="Coding", visibility="hidden")


def main() -> None:
    """Draw one page."""
    st.set_page_config(page_title="Coverage tracker", page_icon=str(files("dashboard") / "icon.svg"), layout="wide")
    shell.style()
    may_look = login.may_look()
    coding = CODING if may_look and login.may_write() else CODING_UNSEEN
    menu = MENU | {"Collection": (*MENU["Collection"], coding)}
    page = st.navigation(menu, position="top" if may_look else "hidden")
    if not may_look:
        return
    shown = ""
    with shell.states():
        shown = data.current_snapshot()
        shell.invented_banner(is_invented=data.info(shown).is_invented)
        shell.left_out_banner(has_text=data.info(shown).has_text)
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
