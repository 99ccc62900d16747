"""The cheapest cut of a graph: Dinic's algorithm in whole numbers.

E. A. Dinic, 1970: shortest paths in layers, each layer's flow blocked at once; O(V² · E).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Node = tuple[str, int, str]
L = TypeVar("L", bound=Hashable)

SOURCE: Node = ("source", 0, "")
SINK: Node = ("sink", 0, "")


def cheapest_cut(
    edges: Iterable[tuple[Node, Node, L | None]], prices: Mapping[L, int]
) -> set[L] | None:
    """Return the labels that cost least and part source from sink, None where none do.

    An edge without a label, or whose label has no price, cannot be cut.  Of cuts that cost the
    same it is the one nearest to the source.
    """
    never = sum(prices.values()) + 1
    graph = _Graph()
    labelled = []
    for start, end, label in edges:
        price = never if label is None else prices.get(label, never)
        graph.join(start, end, price)
        if label is not None and price < never:
            labelled.append((start, end, label))
    if graph.flow(never) >= never:
        return None
    near = graph.layers()
    return {label for start, end, label in labelled if start in near and end not in near}


class _Graph:
    """Edges stand in pairs, an edge and its reverse, so that edge i runs back as i ^ 1."""

    def __init__(self) -> None:
        self.ends: list[Node] = []
        self.left: list[int] = []
        self.out: dict[Node, list[int]] = {SOURCE: [], SINK: []}

    def join(self, start: Node, end: Node, capacity: int) -> None:
        for one, other, held in ((start, end, capacity), (end, start, 0)):
            self.out.setdefault(one, []).append(len(self.ends))
            self.ends.append(other)
            self.left.append(held)

    def layers(self) -> dict[Node, int]:
        """Return how many edges with room are between the source and each node it reaches."""
        depth = {SOURCE: 0}
        queue = deque([SOURCE])
        while queue:
            node = queue.popleft()
            for edge in self.out[node]:
                end = self.ends[edge]
                if self.left[edge] and end not in depth:
                    depth[end] = depth[node] + 1
                    queue.append(end)
        return depth

    def flow(self, enough: int) -> int:
        """Send as much as goes from source to sink, or `enough`."""
        sent = 0
        while sent < enough:
            depth = self.layers()
            if SINK not in depth:
                break
            following = dict.fromkeys(self.out, 0)
            while sent < enough and (more := self._push(depth, following, enough - sent)):
                sent += more
        return sent

    def _push(self, depth: dict[Node, int], following: dict[Node, int], most: int) -> int:
        """Send one path's worth through the layers; a node's edges are tried once each."""
        path: list[int] = []
        node = SOURCE
        while node != SINK:
            tried = self.out[node]
            while following[node] < len(tried):
                edge = tried[following[node]]
                end = self.ends[edge]
                if self.left[edge] and depth.get(end, -1) == depth[node] + 1:
                    break
                following[node] += 1
            else:
                if not path:
                    return 0
                back = path.pop()
                node = self.ends[back ^ 1]
                following[node] += 1
                continue
            path.append(edge)
            node = end
        room = min(most, *(self.left[edge] for edge in path))
        for edge in path:
            self.left[edge] -= room
            self.left[edge ^ 1] += room
        return room
