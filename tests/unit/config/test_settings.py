import tomllib
from importlib.resources import files

import pytest

from tracker.config import Settings, load_settings
from tracker.errors import ConfigError


def write(home, text):
    (home / "tracker.toml").write_text(text)
    return home


def test_template_shows_every_key_with_its_default():
    shown = tomllib.loads((files("tracker") / "data" / "tracker.toml").read_text())
    assert {section: set(keys) for section, keys in shown.items()} == {
        name: set(type(section).model_fields) for name, section in Settings()
    }
    assert Settings(**shown) == Settings()


def test_every_mistake_is_named_by_file_line_and_key(tmp_path):
    text = '[fetch]\nper_hostdelay = 1\nconcurrency = -1\n\n[reprot]\n[report]\ntimezone = "Europe/Berln"\n'
    with pytest.raises(ConfigError) as caught:
        load_settings(write(tmp_path, text))
    lines = str(caught.value).splitlines()
    assert [line.removeprefix(str(tmp_path)).split(": ")[:2] for line in lines] == [
        ["/tracker.toml:2", "fetch.per_hostdelay"],
        ["/tracker.toml:3", "fetch.concurrency"],
        ["/tracker.toml:5", "reprot"],
        ["/tracker.toml:7", "report.timezone"],
    ]
    assert "did you mean 'per_host_delay'?" in lines[0]
    assert "did you mean 'report'?" in lines[2]
    assert "did you mean 'Europe/Berlin'?" in lines[3]


def test_environment_overrides_the_file(tmp_path, monkeypatch):
    home = write(tmp_path, "[fetch]\nper_host_delay = 3\nmax_redirects = 2\n")
    monkeypatch.setenv("TRACKER_FETCH__PER_HOST_DELAY", "0")
    monkeypatch.setenv("TRACKER_FETCH__ALLOW_PRIVATE_HOSTS", "127.0.0.1, localhost")
    monkeypatch.setenv("TRACKER_HOME", str(tmp_path))
    settings = load_settings(home)
    assert settings.fetch.per_host_delay == 0
    assert settings.fetch.max_redirects == 2
    assert settings.fetch.allow_private_hosts == ("127.0.0.1", "localhost")


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRACKER_FETCH__PER_HOST_DELAY", "soon", "valid number"),
        ("TRACKER_FETCH__PER_HOSTDELAY", "1", "did you mean 'per_host_delay'?"),
        ("TRACKER_FETHC__CONTACT", "x", "did you mean 'FETCH'?"),
        ("TRACKER_FETCH__TOTAL_TIMEOUT", "nan", "finite number"),
        ("TRACKER_FETCH__CONTACT", "a\r\nX: y", "printable"),
    ],
)
def test_a_wrong_variable_is_named(tmp_path, monkeypatch, name, value, said):
    monkeypatch.setenv(name, value)
    with pytest.raises(ConfigError, match=f"environment variable {name}") as caught:
        load_settings(write(tmp_path, ""))
    assert said in str(caught.value)


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (None, "tracker init"),
        (b"[fetch\n", "tracker.toml:1: not valid TOML"),
        (b'[fetch]\ncontact = "open\n', "tracker.toml:2: not valid TOML"),
        (b"\xff\xfe", "not UTF-8 at byte 0"),
        (b"#" * 6_000_000, "larger than"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, raw, said):
    if raw is not None:
        (tmp_path / "tracker.toml").write_bytes(raw)
    with pytest.raises(ConfigError, match=said):
        load_settings(tmp_path)


def test_settings_are_frozen_and_name_who_asks(tmp_path):
    settings = load_settings(write(tmp_path, '[fetch]\ncontact = "desk@example.org"\n'))
    assert settings.fetch.user_agent_line == "coverage-tracker (+desk@example.org)"
    assert str(settings.report.zone) == "UTC"
    with pytest.raises(ValueError, match="frozen"):
        settings.fetch.contact = "x"
