"""A Merkle tree over any number of leaves, as RFC 6962 (Certificate Transparency) draws it: root and inclusion path."""

import hashlib
from collections.abc import Iterable, Sequence

EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(content: bytes) -> bytes:
    """Leaves and nodes are hashed with different first bytes, so that neither passes for the other."""
    return hashlib.sha256(b"\x00" + content).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two neighbours."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, read once; keeps one hash for each level and no more."""
    peaks: list[tuple[int, bytes]] = []
    for leaf in leaves:
        size, found = 1, leaf
        while peaks and peaks[-1][0] == size:
            found = node_hash(peaks.pop()[1], found)
            size *= 2
        peaks.append((size, found))
    if not peaks:
        return EMPTY
    _size, found = peaks.pop()
    while peaks:
        found = node_hash(peaks.pop()[1], found)
    return found


def path(leaves: Sequence[bytes], position: int) -> list[tuple[str, bytes]]:
    """What `leaves[position]` is joined with on its way to the root: ("left" or "right", hash), lowest first."""
    steps: list[tuple[str, bytes]] = []
    level, place = list(leaves), position
    while len(level) > 1:
        beside = place ^ 1
        if beside < len(level):
            steps.append(("left" if beside < place else "right", level[beside]))
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [node_hash(left, right) for left, right in pairs] + odd
        place //= 2
    return steps


def climb(leaf: bytes, steps: Iterable[tuple[str, bytes]]) -> bytes:
    """The root that a leaf and its path lead to."""
    for side, beside in steps:
        leaf = node_hash(beside, leaf) if side == "left" else node_hash(leaf, beside)
    return leaf
