"""Who is looking, and what they may do. On this machine alone nobody is asked; beyond it Streamlit's login asks."""

from __future__ import annotations

import getpass
import os

import streamlit as st
from markupsafe import Markup
from streamlit.errors import StreamlitAuthError, StreamlitSecretNotFoundError

from dashboard import data, shell
from tracker.config import load_settings
from tracker.errors import ConfigError

ASKS = "TRACKER_ASKS_LOGIN"  # "1" where the server listens beyond this machine; pipelines/serve.py sets it


def is_asked() -> bool:
    """Return whether people have to say who they are."""
    return os.environ.get(ASKS) == "1"


def name() -> str:
    """Return who is looking: the login's e-mail, else the user of this machine."""
    return _email() if is_asked() else getpass.getuser()


def may_look() -> bool:
    """Return whether the pages may be drawn; else ask for a login, or say in words why there is none."""
    if not is_asked():
        return True
    if not _is_set_up():
        shell.state(
            "No login is set up",
            Markup(
                "This dashboard listens beyond its machine, so it asks who you are. Set up a login under "
                "<code>[auth]</code> in <code>.streamlit/secrets.toml</code> (docs/operations.md, “Beyond one "
                "machine”), or let it listen on 127.0.0.1."
            ),
        )
        return False
    if not st.user.get("is_logged_in"):
        shell.state("Who are you?", "This dashboard is for those whom its owner lets in.")
        if st.button("Log in"):
            try:
                st.login()
            except StreamlitAuthError as error:
                shell.state("No login", f"{error}")
        return False
    try:
        rules = load_settings(data.home()).dashboard
    except ConfigError as error:
        shell.state("The configuration cannot be read", f"{error}")
        return False
    if rules.viewers and _email() not in {*rules.viewers, *rules.coders}:
        shell.state(
            "Not for you",
            f"{_email()} is not among those whom [dashboard] in tracker.toml names as viewers or coders.",
        )
        if st.button("Log out"):
            st.logout()
        return False
    return True


def may_write() -> bool:
    """Return whether who is looking may decide, code and set up: a coder, or whoever sits at this machine."""
    return not is_asked() or _email() in load_settings(data.home()).dashboard.coders


def _email() -> str:
    return str(st.user.get("email") or "")


def _is_set_up() -> bool:
    try:
        return "auth" in st.secrets
    except StreamlitSecretNotFoundError:
        return False
