"""A graph with what it says of itself, as the bytes of a bundle; needs no Keras."""

from __future__ import annotations

import dataclasses

import onnx

from scrawl.bundle import METADATA_KEY, BundleInfo, digest


def seal(graph: onnx.ModelProto, info: BundleInfo) -> bytes:
    """The bytes of a bundle: the graph with its facts, and the checksum of both."""
    del graph.metadata_props[:]
    graph.producer_name = "scrawl"
    entry = graph.metadata_props.add()
    entry.key = METADATA_KEY
    entry.value = dataclasses.replace(info, sha256=BundleInfo.sha256).to_json()
    raw = graph.SerializeToString(deterministic=True)
    checksum = digest(raw, BundleInfo.sha256)
    return bytes(raw.replace(BundleInfo.sha256.encode(), checksum.encode()))
