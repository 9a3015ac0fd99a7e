"""The file of API keys, as the bootstrap reads it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from service.api.keys import hash_key
from service.bootstrap.application import load_keys
from service.core.errors import SettingsError
from service.settings import Settings


@pytest.mark.parametrize(("mode", "warned"), [(0o600, False), (0o640, True), (0o604, True)])
def test_a_key_file_that_others_can_read_is_taken_with_a_warning(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, mode: int, warned: bool
) -> None:
    file = tmp_path / "keys.txt"
    file.write_text(f"{hash_key('a long random key')}  cms\n")
    file.chmod(mode)
    with caplog.at_level(logging.WARNING):
        keys = load_keys(Settings(api_keys_file=file))
    assert keys is not None
    assert keys.owner("a long random key") == "cms"
    assert ("can be read by others" in caplog.text) == warned


def test_a_key_file_that_cannot_be_used_is_a_settings_error(tmp_path: Path) -> None:
    (tmp_path / "keys.txt").write_text("no key\n")
    with pytest.raises(SettingsError, match="DEPESCHE_API_KEYS_FILE"):
        load_keys(Settings(api_keys_file=tmp_path / "keys.txt"))
    assert load_keys(Settings()) is None
