"""Recorded strokes: their texts, archives, and what is refused. The files here are made."""

import hashlib
import zipfile

import numpy as np
import pytest

from scrawl import data
from scrawl.data.archive import Archive, members
from scrawl.data.sets import omniglot, optdigits, pendigits, uji
from scrawl.data.strokes import StrokeSample, writers
from scrawl.data.unipen import segments
from scrawl.errors import DataError

UNIPEN = """.LEXICON "0" "1"
.SEGMENT DIGIT 0 ? "8"
.COMMENT 8 12  224
.PEN_DOWN
 10 300
 20 250
.PEN_UP
.DT 100
.SEGMENT DIGIT 1-2 ? "4"
.COMMENT 4 3  1
.PEN_DOWN
 1.5 2
.PEN_UP
.PEN_DOWN
 7 8
 9 10
.PEN_UP
"""
VERSION_2 = """// A small text in the form of UJI Pen Characters, version 2
// ASCII char: a
WORD a trn_UJI_W01-01
  NUMSTROKES 2
  POINTS 3 # 0 0 5 10 10 20
  POINTS 2 # 1 1 2 1
WORD ñ tst_UPV_W18-02
  NUMSTROKES 1
  POINTS 2 # 7 8 9 9
"""


def test_unipen_segments_have_labels_strokes_and_comments():
    first, second = segments("made", UNIPEN)
    assert (first[0], first[2]) == ("8", ["8 12  224"])
    np.testing.assert_array_equal(first[1][0], [[10, 300], [20, 250]])
    assert [len(stroke) for stroke in second[1]] == [1, 2]
    assert second[1][0].dtype == np.float32


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('.SEGMENT DIGIT 0 ? "8"\n.PEN_DOWN\n.PEN_UP', "expected a label and strokes, found none"),
        (".SEGMENT DIGIT 0 ?\n.PEN_DOWN\n1 2", "expected a label and strokes, found none"),
        ('.SEGMENT DIGIT 0 ? "8"\n.PEN_DOWN\n1 x', "made: expected two numbers, received '1 x'"),
        ('.SEGMENT DIGIT 0 ? "8"\n.PEN_DOWN\n1', "made: expected two numbers, received '1'"),
    ],
)
def test_damaged_unipen_is_refused(text, message):
    with pytest.raises(DataError, match=message):
        list(segments("made", text))


def test_a_sample_is_drawn_upright_and_normalised():
    line = np.array([[0, 0], [0, 900]], np.float32)
    foot = np.array([[-200, 900], [200, 900]], np.float32)
    picture = StrokeSample("1", "w", (line, foot)).drawn()
    assert (picture.shape, picture.dtype, picture.max()) == ((28, 28), np.uint8, 255)
    rows = np.flatnonzero(picture.any(axis=1))
    assert picture[rows[-3]].sum() > 2 * picture[rows[3]].sum()  # the foot is below
    assert np.ptp(rows) + 1 == 20


def test_a_dot_is_drawn_too():
    assert StrokeSample(".", "w", (np.zeros((1, 2), np.float32),)).drawn().any()


def test_version_2_of_uji_is_read_where_somebody_has_it(tmp_path):
    (tmp_path / "uji").mkdir()
    (tmp_path / "uji" / "ujipenchars2.txt").write_text(VERSION_2, encoding="utf-8")
    loaded = data.load("uji", tmp_path)
    assert (loaded.info.classes, loaded.info.n_train, loaded.info.n_test) == (("a", "ñ"), 1, 1)
    (train,), (test,) = loaded.strokes_train, loaded.strokes_test
    assert (train.label, train.writer, test.writer) == ("a", "trn_UJI_W01", "tst_UPV_W18")
    np.testing.assert_array_equal(train.strokes[0], [[0, 0], [5, 10], [10, 20]])
    assert loaded.x_train.shape == (1, 28, 28)


@pytest.mark.parametrize(
    ("old", "new"), [("POINTS 3", "POINTS 4"), ("NUMSTROKES 2", "NUMSTROKES 3"), (" # 7", " 7")]
)
def test_damaged_version_2_is_refused(old, new):
    with pytest.raises(DataError, match="received other lines after 'WORD"):
        uji.version_2("made", VERSION_2.replace(old, new).encode())


@pytest.fixture
def packed(tmp_path, monkeypatch):
    """Makes a data set's archive of a few bytes, in a folder, and states its checksums."""

    def make(files, stored):
        path = tmp_path / "set.zip"
        with zipfile.ZipFile(path, "w") as out:
            for name, raw in stored.items():
                out.writestr(name, raw)
        sums = {name: hashlib.sha256(raw).hexdigest() for name, raw in files.items()}
        return sums, Archive("set.zip", hashlib.sha256(path.read_bytes()).hexdigest(), ())

    return make


def test_members_are_unpacked_wherever_they_are_in_the_archive(packed, tmp_path):
    files = {"a.tra": b"hello", "b.txt": b"there"}
    sums, where = packed(files, {"deep/a.tra.Z": compressed(b"hello"), "b": b"there"})
    assert members(tmp_path, "set", sums, where) == files


def compressed(raw):
    """As Unix ``compress`` packs it: codes of 9 bits, none but single bytes."""
    bits = "".join(f"{byte:09b}"[::-1] for byte in raw)
    bits += "0" * (-len(bits) % 8)
    body = bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))
    return b"\x1f\x9d\x90" + body


def test_an_altered_archive_is_refused_by_name_and_checksum(packed, tmp_path):
    sums, where = packed({"a": b"x"}, {"a": b"x"})
    path = tmp_path / "set.zip"
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(DataError, match=r"set\.zip: truncated or altered \(expected SHA-256"):
        members(tmp_path, "set", sums, where)


def test_an_altered_member_is_refused_by_name_and_checksum(packed, tmp_path):
    sums, where = packed({"a": b"x"}, {"a": b"y"})
    with pytest.raises(DataError, match=r"set\.zip: its member a is truncated or altered"):
        members(tmp_path, "set", sums, where)


@pytest.mark.parametrize(
    ("stored", "message"),
    [({"b": b"x"}, "expected a member a, found none"), ({"a.Z": b"\x1f\x9d"}, r"a\.Z: damaged")],
)
def test_a_member_that_is_not_there_or_damaged_is_refused(packed, tmp_path, stored, message):
    sums, where = packed({"a": b"x"}, stored)
    with pytest.raises(DataError, match=message):
        members(tmp_path, "set", sums, where)


def test_what_is_no_zip_is_refused(tmp_path):
    (tmp_path / "set.zip").write_bytes(b"no zip")
    where = Archive("set.zip", hashlib.sha256(b"no zip").hexdigest(), ())
    with pytest.raises(DataError, match="expected a zip file"):
        members(tmp_path, "set", {"a": ""}, where)


@pytest.mark.parametrize("name", ["pendigits", "uji", "omniglot", "optdigits"])
def test_an_empty_folder_says_what_was_expected(tmp_path, name):
    with pytest.raises(DataError, match=f"no {name} here or in its folder '{name}'"):
        data.load(name, tmp_path)


def test_an_altered_file_is_refused_by_name(tmp_path):
    for name in pendigits.FILES:
        (tmp_path / name).write_text(UNIPEN, encoding="utf-8")
    with pytest.raises(DataError, match=r"pendigits-orig\.tra: truncated or altered"):
        data.load("pendigits", tmp_path)


def test_bitmaps_are_read_behind_a_header():
    rows = ["0" * 31 + "1", *["0" * 32] * 31]
    x, y = optdigits.bitmaps("made", "\n".join(["header 3", *rows, " 7", *rows, " 2"]).encode())
    assert (x.shape, x.dtype, x.sum()) == ((2, 32, 32), np.uint8, 2)
    assert (x[0, 0, 31], y.tolist()) == (1, [7, 2])


@pytest.mark.parametrize("cut", [slice(1, None), slice(None, -1), slice(None, -2)])
def test_a_short_bitmap_is_refused(cut):
    lines = [*["0" * 32] * 32, "7", *["0" * 32] * 32, "2"][cut]
    with pytest.raises(DataError, match="expected bitmaps of 32 lines"):
        optdigits.bitmaps("made", "\n".join(lines).encode())


def test_pendigits_are_upright_and_of_so_many_writers(hands_folder):
    loaded = data.load("pendigits", hands_folder)
    assert (len(writers(loaded.strokes_train)), len(writers(loaded.strokes_test))) == (30, 14)
    sample = loaded.strokes_train[1]  # a 2, written from the top
    assert (sample.label, sample.writer) == ("2", "tra-26")
    assert sample.strokes[0][0, 1] < sample.strokes[0][-1, 1]


def test_omniglots_two_files_share_whole_alphabets(hands_folder):
    first, second = (
        {(s.label, s.writer): s for s in omniglot._samples(path)}
        for path in omniglot._paths(hands_folder)
    )
    both = first.keys() & second.keys()
    assert {label.partition("/")[0] for label, _ in both} == {"Greek", "Latin"}
    for key in both:
        for one, two in zip(first[key].strokes, second[key].strokes, strict=True):
            np.testing.assert_array_equal(one, two)
