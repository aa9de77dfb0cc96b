"""The list of articles: uploads, removal, re-indexing, and questions of some of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import browsing
import pytest
from browsing import HARVEST, OPENED, Chat, Visit
from playwright.sync_api import Browser, Locator, expect

PORT = """Pelabuhan Baru di Tegal

Tegal, 4 Agustus 2020 - Pelabuhan Larangan di Kabupaten Tegal mulai melayani 17 kapal nelayan.
Kepala pelabuhan Wartono mengatakan kapal besar menyusul tahun depan.
"""


@pytest.fixture(scope="module")
def own(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chat]:
    """A chat whose articles are changed."""
    with browsing.serving(tmp_path_factory.mktemp("library"), cache) as running:
        yield running


@pytest.fixture
def page(own: Chat, browser: Browser) -> Iterator[Visit]:
    visited = browsing.visit(browser, own.address)
    yield visited
    browsing.leave(visited, own.address)


def rows(page: Visit) -> Locator:
    return page.page.locator(".kutip-table tbody tr:visible")


def test_the_list_says_what_is_indexed_and_finds_in_it(page: Visit) -> None:
    page.see("library")
    expect(rows(page)).to_have_count(3)
    row = rows(page).filter(has_text="kota/jembatan.txt")
    expect(row).to_contain_text("9 Mei 2017")
    expect(row).to_contain_text("Kabar dari Pantura")
    expect(row).to_contain_text("Indonesia")
    page.page.get_by_role("searchbox").fill("kopi")
    expect(rows(page)).to_have_count(1)
    expect(page.page.locator("[data-count]")).to_have_text("1 artikel")
    rows(page).get_by_role("button").first.click()
    expect(page.pane.locator("header")).to_contain_text("tani / kopi.txt")


def test_dropped_files_are_indexed_and_each_fault_is_named(page: Visit, own: Chat) -> None:
    page.see("library")
    drop(page, {"pelabuhan.txt": PORT, "kosong.txt": " ", "../../etc/jahat.txt": PORT + "Lagi.\n"})
    said = page.page.locator(".kutip-outcome")
    expect(said).to_contain_text("kosong.txt")
    expect(rows(page).filter(has_text="unggahan/pelabuhan.txt")).to_have_count(1)
    assert (own.folder / "unggahan" / "pelabuhan.txt").read_text(encoding="utf-8") == PORT
    outside = [f for f in own.folder.parent.rglob("*jahat*") if "unggahan" not in f.parts]
    assert [f for f in outside if not f.is_relative_to(own.folder / "unggahan")] == []
    page.see("talk")
    turn = page.ask("Berapa kapal nelayan dilayani Pelabuhan Larangan?")
    assert "17" in (turn.locator("blockquote").first.text_content() or "")


def test_the_button_takes_files_too_and_uploads_can_be_removed(page: Visit, own: Chat) -> None:
    page.see("library")
    written = own.folder.parent / "baru.txt"
    written.write_text(PORT.replace("17", "23"), encoding="utf-8")
    with page.page.expect_file_chooser() as chooser:
        page.page.locator(".kutip-drop").get_by_role("button", name="Pilih berkas").click()
    chooser.value.set_files(written)
    row = rows(page).filter(has_text="unggahan/baru.txt")
    expect(row).to_have_count(1)
    row.locator("summary").click()
    row.get_by_role("button", name="Ya, hapus berkas ini").click()
    expect(row).to_have_count(0)
    assert not (own.folder / "unggahan" / "baru.txt").exists()
    # What the reader did not upload has no such button.
    assert rows(page).filter(has_text="kota/jembatan.txt").locator("summary").count() == 0


def test_re_indexing_takes_up_what_changed_on_the_disk(page: Visit, own: Chat) -> None:
    page.see("library")
    (own.folder / "tani" / "padi.txt").write_text(
        "Panen padi\n\nDemak, 2 Mei 2021 - Petani Demak memanen padi.\n", encoding="utf-8"
    )
    page.page.get_by_role("button", name="Indeks ulang").click()
    expect(rows(page).filter(has_text="tani/padi.txt")).to_have_count(1)


def test_a_question_is_asked_of_one_folder_and_of_some_days(page: Visit) -> None:
    page.page.locator("#kutip-scope summary").click()
    page.page.get_by_label("Folder").select_option("tani")
    expect(page.page.locator("#kutip-scope")).to_contain_text("sedang disaring")
    page.reload()
    expect(page.page.locator("#kutip-scope")).to_contain_text("sedang disaring")
    turn = page.ask(OPENED)
    files = turn.locator(".kutip-cite").evaluate_all("all => all.map(m => m.dataset.file)")
    assert all(file.startswith("tani/") for file in files)
    page.page.get_by_role("button", name="Hapus saringan").click()
    expect(page.page.locator("#kutip-scope")).not_to_contain_text("sedang disaring")
    page.page.locator("#kutip-scope summary").click()
    expect(page.page.get_by_label("Folder")).to_have_value("")
    page.page.get_by_label("Terbit sampai").fill("2018-01-01")
    expect(page.page.locator("#kutip-scope")).to_contain_text("sedang disaring")
    turn = page.ask(HARVEST)
    files = turn.locator(".kutip-cite").evaluate_all("all => all.map(m => m.dataset.file)")
    assert "tani/kopi.txt" not in files
    page.page.get_by_label("Terbit sejak").fill("2019-01-01")
    expect(page.page.locator("#kutip-scope [role=alert]")).to_contain_text("tidak boleh setelah")


def drop(page: Visit, files: dict[str, str]) -> None:
    """Drop files onto the place for them, as from another window."""
    data = page.page.evaluate_handle(
        """files => { const data = new DataTransfer();
            for (const [name, text] of Object.entries(files))
                data.items.add(new File([text], name, { type: "text/plain" }));
            return data; }""",
        files,
    )
    page.page.locator(".kutip-drop").dispatch_event("drop", {"dataTransfer": data})
