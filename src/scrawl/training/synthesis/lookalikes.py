"""Letters and signs that a person who sees them alone may take for a digit.

They teach nobody what is no digit, and count as nothing where refusals are measured. All 242 signs
of ``omniglot`` were looked at, eight drawings each, before any network saw one.
"""

from __future__ import annotations

UJI = frozenset("BDGIJOQSYZbfgijloqsyz")
"""8 0 6 1 5 0 0 5 4 2, 6 8 9 1 1 1 0 9 5 4 2 in most hands or in some."""

_LIKE: dict[str, dict[int, str]] = {
    "Balinese": {5: "2, 7", 14: "7"},
    "Greek": {2: "8", 4: "8, 6", 6: "3, 5", 8: "0", 9: "1", 14: "3", 15: "0", 18: "6, 0"},
    "Japanese_(katakana)": {
        4: "1",
        16: "5",
        24: "1",
        27: "7",
        30: "7",
        36: "2",
        37: "3",
        43: "7",
        45: "2",
        46: "7, 3",
    },
    "Latin": {
        2: "6",
        7: "9",
        9: "1",
        10: "1",
        12: "1",
        15: "0",
        17: "9",
        19: "5",
        25: "4, 9",
        26: "2",
    },
    "Korean": {
        9: "1",
        10: "4",
        12: "4",
        21: "1",
        22: "7",
        27: "2",
        33: "0",
        37: "7",
        40: "8, 6",
    },
    "Sanskrit": {
        5: "5",
        12: "0, 5",
        13: "5",
        14: "6",
        18: "2",
        21: "4, 9",
        27: "2",
        29: "9",
        33: "5",
        36: "3, 5",
        37: "3",
    },
    "Early_Aramaic": {
        2: "9",
        3: "7, 1",
        4: "4",
        5: "3",
        6: "4",
        7: "1",
        10: "2, 7",
        12: "6",
        13: "4, 5",
        14: "9, 5",
        16: "0",
        17: "7, 1",
        20: "4, 9",
    },
    "Tagalog": {3: "3", 10: "8", 16: "0, 6"},
}

OMNIGLOT = frozenset(f"{alphabet}/{at:02d}" for alphabet, like in _LIKE.items() for at in like)
"""The labels of signs that are like a digit, `_LIKE` says like which."""
