"""Many pictures into parquet: every one exactly once, whatever is broken or interrupted."""

import errno
import fcntl
import io
import json
import tarfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw

from scrawl.batch import Job, remote, run, source
from scrawl.batch.block import Lost, Reader, halves, rows
from scrawl.batch.done import Done
from scrawl.batch.source import Input
from scrawl.errors import DataError, InputError, MissingExtraError
from scrawl.workers import processes

parquet = pytest.importorskip("pyarrow.parquet")
pa = pytest.importorskip("pyarrow")

ONE = Job("one")
NOWHERE = Path("nowhere")


def png(seven: bool = True) -> bytes:
    image = Image.new("L", (40, 40), 255)
    if seven:
        ImageDraw.Draw(image).line([(10, 8), (30, 8), (18, 34)], fill=0, width=4)
    file = io.BytesIO()
    image.save(file, "png")
    return file.getvalue()


@pytest.fixture
def folder(tmp_path):
    """Five pictures in two folders; one is broken, a hidden one is none."""
    (tmp_path / "in" / "b").mkdir(parents=True)
    for name in ("a.png", "b/1.png", "b/2.png", "c.png", ".hidden.png"):
        (tmp_path / "in" / name).write_bytes(png())
    (tmp_path / "in" / "d.png").write_bytes(b"broken")
    return tmp_path / "in"


@pytest.fixture
def here(monkeypatch):
    """Blocks are read in this process, two pictures each; gives the blocks that were read."""
    read = []

    def each(start, jobs, workers, *, halves, lost):
        function = start()
        for job in jobs:
            read.append([one.name for one in job])
            yield function(job)

    monkeypatch.setattr(processes, "each", each)
    monkeypatch.setattr(Job, "block", 2)
    return read


def table(out: Path) -> list[dict]:
    return sorted(parquet.read_table(out).to_pylist(), key=lambda row: (row["file"], row["page"]))


def test_a_folder_becomes_rows_and_what_is_there_is_not_read_again(folder, tmp_path, here):
    out = tmp_path / "out"
    figures = run([str(folder)], out, ONE)
    assert (figures.pictures, figures.rows, figures.errors) == (5, 5, 1)
    found = table(out)
    assert [row["file"] for row in found] == [
        str(folder / name) for name in ("a.png", "b/1.png", "b/2.png", "c.png", "d.png")
    ]
    seven = found[0]
    assert (seven["page"], seven["text"], seven["digits"], seven["error"]) == (1, "7", ["7"], None)
    assert len(seven["boxes"][0]) == 4
    assert len(seven["probabilities"][0]) == 10
    assert "d.png: cannot be opened" in found[4]["error"]
    assert json.loads((out / "_complete.json").read_text())["pictures"] == 5

    (out / "part-000001.parquet").unlink()  # as if it had never been finished
    (out / ".part-000001.9.parquet").write_bytes(b"half")
    (folder / "e.png").write_bytes(png())
    here.clear()
    again = run([str(folder)], out, ONE)
    assert (again.pictures, again.before) == (3, 3)
    assert [name for block in here for name in block] == [
        str(folder / name) for name in ("b/2.png", "c.png", "e.png")
    ]
    assert [row["file"] for row in table(out)][:5] == [row["file"] for row in found]
    assert not list(out.glob(".part-*"))


def test_tar_parquet_globs_and_addresses_hold_the_same(folder, tmp_path, here):
    with tarfile.open(tmp_path / "p.tar.gz", "w:gz") as archive:
        archive.add(folder, "x")
    pictures = [{"bytes": png(), "path": None}, {"bytes": None, "path": "a"}]
    parquet.write_table(pa.table({"image": pictures}), tmp_path / "p.parquet")
    sources = [tmp_path / "p.tar.gz", tmp_path / "p.parquet", f"{folder}/b/*.png"]
    sources.append(f"file://{folder}/b")
    run(list(map(str, sources)), tmp_path / "out", ONE)
    found = {row["file"].replace(str(tmp_path), ""): row for row in table(tmp_path / "out")}
    texts = {name: row["text"] for name, row in found.items()}
    assert texts == {
        **{f"/p.tar.gz/x/{name}": "7" for name in ("a.png", "b/1.png", "b/2.png", "c.png")},
        "/p.tar.gz/x/d.png": "",
        "/p.parquet, row 0": "7",
        "/p.parquet, row 1": "",
        **{f"{start}/in/b/{name}.png": "7" for start in ("", "file://") for name in "12"},
    }
    assert found["/p.parquet, row 1"]["error"].endswith("expected a picture's bytes")


def test_what_comes_before_a_cut_of_a_tar_file_is_read(folder, tmp_path, here):
    with tarfile.open(tmp_path / "whole.tar", "w") as archive:
        archive.add(folder, "x")
    with tarfile.open(tmp_path / "whole.tar") as archive:
        end = archive.getmember("x/c.png").offset + 100
    cut = tmp_path / "cut.tar"
    cut.write_bytes((tmp_path / "whole.tar").read_bytes()[:end])
    assert source.count([str(tmp_path / "whole.tar")], NOWHERE) == 5
    run([str(cut)], tmp_path / "out", ONE)
    broken, *whole = table(tmp_path / "out")
    assert [row["file"] for row in whole] == [f"{cut}/x/{n}.png" for n in ("a", "b/1", "b/2")]
    assert "expected a tar file, whole" in broken["error"]


def test_pages_of_a_document_and_a_form_are_rows(tmp_path, here):
    sheets = [Image.open(io.BytesIO(png(seven))) for seven in (True, False)]
    sheets[0].save(tmp_path / "two.pdf", save_all=True, append_images=sheets[1:])
    found = rows((Input(str(tmp_path / "two.pdf")),), Job("one").load())
    assert [(row["page"], row["text"], row["reason"]) for row in found] == [
        (1, "7", None),
        (2, "", "blank"),
    ]
    pages = rows((Input("a.png", png()),), Job("pages").load())
    assert (pages[0]["lines"], pages[0]["digits"]) == (["7"], ["7"])
    [number] = rows((Input("a.png", png()),), Job("number", digits="1").load())
    assert (number["text"], number["uncertain"]) == ("7", pages[0]["uncertain"])


def test_one_that_fails_among_several_fails_alone():
    way = ONE.load()

    def read(pages):
        if any(page.file == "bad" for page in pages):
            raise RuntimeError("what nobody thought of")
        return way.read(pages)

    from dataclasses import replace

    block = (Input("a", png()), Input("bad", png()), Input("c", png()))
    found = rows(block, replace(way, read=read))
    assert [row["text"] for row in found] == ["7", "", "7"]
    assert found[1]["error"] == "bad: could not be read (RuntimeError: what nobody thought of)"


def test_what_ends_every_process_is_a_row():
    part = Lost(ONE)((Input("bomb.png"),))
    assert part.to_pylist()[0]["error"].startswith("bomb.png: whatever process reads it ends")
    assert halves((1, 2, 3)) == [(1,), (2, 3)]
    assert halves((1,)) == [(1,)]


def test_bad_input_is_one_line_that_names_it(folder, tmp_path, here, monkeypatch):
    out = tmp_path / "out"
    parquet.write_table(pa.table({"foto": [png()]}), tmp_path / "p.parquet")
    with pytest.raises(DataError, match=r"p\.parquet: expected a column image or .* received foto"):
        run([str(tmp_path / "p.parquet")], out, ONE)
    (tmp_path / "empty").mkdir()
    for missing, why in (
        (tmp_path / "none", "no such file or folder"),
        (tmp_path / "empty", "nothing to read"),
        (tmp_path / "*.jpg", "nothing to read"),
        (f"file://{tmp_path}/none", "nothing is there"),
    ):
        with pytest.raises(InputError, match=why):
            run([str(missing)], out, ONE)
    assert not out.exists()
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").touch()
    with pytest.raises(InputError, match="holds something else than a batch"):
        run([str(folder)], tmp_path / "other", ONE)
    run([str(folder)], out, ONE)
    with pytest.raises(InputError, match=r"holds another batch, with mode one \(received pages;"):
        run([str(folder)], out, Job("pages"))
    with (out / "_batch.json").open() as facts:
        fcntl.flock(facts, fcntl.LOCK_EX)
        with pytest.raises(InputError, match="another scrawl batch is writing into it"):
            run([str(folder)], out, ONE)
    (out / "part-000000.parquet").write_bytes(b"PAR1")
    with pytest.raises(InputError, match=r"part-000000.parquet: damaged .*; delete it"):
        run([str(folder)], out, ONE)
    with pytest.raises(InputError, match="--digits: "):
        Job("pages", digits="4").load()
    with pytest.raises(InputError, match="unknown mode 'ones'; did you mean 'one'"):
        Job("ones").load()


def test_a_full_disk_leaves_no_half_a_part(folder, tmp_path, here, monkeypatch):
    def write(table, path):
        Path(path).write_bytes(b"half")
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parquet, "write_table", write)
    with pytest.raises(InputError, match=r"part-000000.parquet: cannot be written \(No space left"):
        run([str(folder)], tmp_path / "out", ONE)
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["_batch.json"]


def test_a_bucket_that_does_not_answer_is_one_line(monkeypatch):
    class System:
        def isfile(self, path):
            raise ConnectionError("no route to host\nand more")

    monkeypatch.setattr(remote, "_system", lambda address: (System(), "b"))
    with pytest.raises(
        InputError, match=r"s3://b: cannot be read \(no route to host\); is the address right"
    ):
        run(["s3://b"], "out", ONE)


def test_the_package_for_an_address_is_named(monkeypatch):
    from fsspec import core

    def url_to_fs(address):
        raise ImportError

    monkeypatch.setattr(core, "url_to_fs", url_to_fs)
    with pytest.raises(MissingExtraError, match=r"gs:// needs gcsfs.*scrawl\[cloud\]"):
        run(["gs://bucket/a"], "out", ONE)


def test_names_that_are_done():
    done = Done.of(f"{i}.png" for i in range(1000))
    assert len(done) == 1000
    assert "7.png" in done
    assert "1000.png" not in done
    assert "a" not in Done()


def test_the_same_rows_by_processes(folder, tmp_path):
    figures = run([str(folder)], tmp_path / "out", ONE, workers=1)
    assert (figures.pictures, figures.errors) == (5, 1)
    [part] = (Reader(ONE)()(block) for block in _blocks(folder))
    assert parquet.read_table(tmp_path / "out").equals(part)


def _blocks(folder):
    for shard in source.shards([str(folder)], NOWHERE):
        yield from shard.blocks(Done(), ONE.block)


def test_blocks_are_bounded_by_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(source, "BYTES", 2500)
    with tarfile.open(tmp_path / "p.tar", "w") as archive:
        for name in "abc":
            member = tarfile.TarInfo(f"{name}.png")
            member.size = 2000
            archive.addfile(member, io.BytesIO(np.zeros(2000, np.uint8).tobytes()))
    [shard] = source.shards([str(tmp_path / "p.tar")], NOWHERE)
    assert [len(block) for block in shard.blocks(Done(), 100)] == [2, 1]
