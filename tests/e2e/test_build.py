"""The bundled model's build, killed and crowded: half a model is never left, and one build is enough."""

from __future__ import annotations

import time

from index import building, bundled

BUILD = """
import sys
from pathlib import Path
from index import bundled
print(bundled.ensure(Path(sys.argv[1]), lambda said: print(said, flush=True)))
"""
FIRST_START = """
import sys
from pathlib import Path
from assistant.reader import Reader
from index import encoder
cache = Path(sys.argv[1])
vector = encoder.load(encoder.BUNDLED, cache, print).query("halo")
Reader.load(cache, print)
print(len(vector), sorted({"torch", "transformers"} & set(sys.modules)))
"""


def test_killed_builds_leave_nothing_half_made_and_two_at_once_build_once(start, tmp_path):
    models = bundled.folder(tmp_path).parent
    killed = start(BUILD, tmp_path)
    for _ in range(600):  # until it writes
        if any(models.glob("*.partial/*")) or killed.poll() is not None:
            break
        time.sleep(0.1)
    killed.kill()
    killed.communicate()
    assert list(models.glob("*.partial"))
    assert not bundled.folder(tmp_path).exists()

    builds = [start(BUILD, tmp_path) for _ in range(2)]
    outputs = [build.communicate(timeout=280)[0] for build in builds]
    assert [build.returncode for build in builds] == [0, 0], outputs
    assert sum("Preparing the encoder" in output for output in outputs) == 1
    assert all(output.splitlines()[-1] == str(bundled.folder(tmp_path)) for output in outputs)
    assert not list(models.glob("*.partial"))
    assert building.is_whole(bundled.folder(tmp_path), bundled.FILES)


def test_what_builds_the_models_does_not_stay_in_memory(run, tmp_path):
    *said, last = run(FIRST_START, tmp_path).splitlines()
    assert last == "384 []"
    assert [line.partition(" in ")[0] for line in said] == [
        "Preparing the vocabulary",
        "Preparing the encoder kutip-e5-small",
        "Preparing the reader",
    ]
