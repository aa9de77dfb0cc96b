"""The chat under load, and how fast an article opens at its sentence.

    python benchmarks/chat.py [--people 30] [--questions 2000] [--clicks 20] [--json OUT]

It serves the sample articles as `python app.py` does and asks the sample questions over HTTP, first by many
people at once, then one after the other for a long time; each answer must be to the question that was asked.
Then it opens an article of 5,000 sentences in Chromium and times a click on a citation until the sentence
stands lit in view. Memory is the resident set of the server and what it started, in MB.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psutil
from chat_server import SWITCHES, serving

ROOT = Path(__file__).parents[1]
SENTENCES = 5000
BUSY = "full"  # what Gradio says of its queue
# From the click on until the lit sentence stands in view and is drawn.
CLICK = """async marker => {
    const began = performance.now();
    // An answer may cite what the one before it did.
    document.querySelector(".kutip-lit")?.classList.remove("kutip-lit");
    marker.click();
    for (;;) {
        await new Promise(requestAnimationFrame);
        const lit = document.querySelector(".kutip-lit");
        if (!lit) continue;
        const top = lit.getBoundingClientRect().top;
        const frame = lit.closest(".kutip-pane-body").getBoundingClientRect();
        if (top >= frame.top && top < frame.bottom) return performance.now() - began;
    }
}"""


@dataclass(frozen=True, slots=True)
class Told:
    """What came of a question: "right" for an answer to it, "busy", "other's" or "lost"."""

    outcome: str
    seconds: float


def main() -> None:
    arguments = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    arguments.add_argument("--people", type=int, default=30)
    arguments.add_argument("--questions", type=int, default=2000)
    arguments.add_argument("--clicks", type=int, default=20)
    arguments.add_argument("--json", type=Path)
    told = arguments.parse_args()
    lines = (ROOT / "seeds" / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [str(json.loads(line)["question"]) for line in lines]
    with tempfile.TemporaryDirectory(prefix="kutip-load-") as work:
        found = {
            **loaded(Path(work), questions, told.people, told.questions),
            **clicked(Path(work), told.clicks),
        }
    if told.json:
        told.json.write_text(json.dumps(found, indent=2), encoding="utf-8")


def loaded(work: Path, questions: list[str], people: int, count: int) -> dict[str, Any]:
    with serving(work, ROOT / "seeds") as (address, process):
        ask(address, questions[0])
        before = memory(process)
        own = [f"{questions[i % len(questions)]} ({i})" for i in range(people)]  # no two alike
        began = time.perf_counter()
        with ThreadPoolExecutor(people) as pool:
            at_once = list(pool.map(lambda question: ask(address, question), own))
        spent = time.perf_counter() - began
        outcomes = Counter(one.outcome for one in at_once)
        print(f"{people} people at once: {dict(outcomes)} in {spent:.1f} s")
        print(f"  the slowest waited {max(one.seconds for one in at_once):.1f} s")
        sizes = [memory(process)]
        kinds: Counter[str] = Counter()
        with ThreadPoolExecutor(4) as pool:
            for first in range(0, count, 200):
                part = [
                    f"{questions[i % len(questions)]} ({i})"
                    for i in range(first, min(first + 200, count))
                ]
                kinds.update(one.outcome for one in pool.map(lambda q: ask(address, q), part))
                sizes.append(memory(process))
                print(f"\r{first + len(part)} questions, {sizes[-1]:.0f} MB", end="", flush=True)
        print(f"\n{count} questions: {dict(kinds)}; memory {before:.0f} MB before, then", end=" ")
        print(" ".join(f"{size:.0f}" for size in sizes))
        return {
            "people": people, "at_once": dict(outcomes), "seconds": spent,
            "questions": count, "outcomes": dict(kinds), "megabytes": [before, *sizes],
        }  # fmt: skip


def clicked(work: Path, count: int) -> dict[str, Any]:
    """Seconds from click to lit sentence in an article of many sentences."""
    from playwright.sync_api import sync_playwright

    folder = work / "long"
    folder.mkdir()
    places = [17 + i * (SENTENCES // (count + 1)) for i in range(count)]
    towns = {place: f"Kotabaru{i}" for i, place in enumerate(places)}
    sentences = [
        f"Wali Kota {towns[i]} meresmikan {i} menara air pada Mei 2017."
        if i in towns
        else f"Petani desa nomor {i} memanen padi dan jagung pada pagi hari itu juga."
        for i in range(SENTENCES)
    ]
    paragraphs = ["\n".join([" ".join(sentences[i : i + 4])]) for i in range(0, SENTENCES, 4)]
    (folder / "panjang.txt").write_text(
        "Kabar panjang\n\n" + "\n\n".join(paragraphs), encoding="utf-8"
    )
    times = []
    program = shutil.which("chromium") or shutil.which("google-chrome")
    with serving(work, folder) as (address, _), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=SWITCHES)
        page = browser.new_page(locale="id-ID")
        page.goto(address)
        page.wait_for_selector(".kutip-welcome")
        for number in range(count):
            page.fill(
                "#kutip-box textarea", f"Berapa menara air diresmikan Wali Kota Kotabaru{number}?"
            )
            page.press("#kutip-box textarea", "Enter")
            marker = page.locator(f".kutip-turn[data-turn='{number}'] .kutip-tools")
            marker.wait_for(timeout=60_000)
            cite = page.locator(f".kutip-turn[data-turn='{number}'] .kutip-cite").first
            times.append(float(cite.evaluate(CLICK)))
        browser.close()
    first, others = times[0], times[1:]
    print(
        f"click to lit sentence, {SENTENCES} sentences: first {first:.0f} ms, "
        f"then median {statistics.median(others):.0f}, worst {max(others):.0f} ms ({len(others)} clicks)"
    )
    return {"click_ms": times}


def ask(address: str, question: str) -> Told:
    began = time.perf_counter()
    outcome = "lost"
    with httpx.Client(timeout=600) as client:
        begun = client.post(f"{address}/gradio_api/call/v2/ask", json={"question": question})
        if begun.status_code == 503 or BUSY in begun.text:
            return Told("busy", time.perf_counter() - began)
        event = begun.json()["event_id"]
        with client.stream("GET", f"{address}/gradio_api/call/v2/ask/{event}") as stream:
            kind = ""
            for line in stream.iter_lines():
                if line.startswith("event: "):
                    kind = line[7:]
                elif line.startswith("data: ") and kind == "complete":
                    own = json.loads(line[6:])[0]["question"] == " ".join(question.split())
                    outcome = "right" if own else "other's"
                elif line.startswith("data: ") and kind == "error":
                    outcome = "busy" if BUSY in line else "lost"
    return Told(outcome, time.perf_counter() - began)


def memory(process: subprocess.Popen[str]) -> float:
    whole = psutil.Process(process.pid)
    return float(sum(p.memory_info().rss for p in (whole, *whole.children(recursive=True)))) / 2**20


if __name__ == "__main__":
    main()
