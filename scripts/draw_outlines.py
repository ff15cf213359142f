"""Writes the outlines of Brazil's states and Spain's provinces as small paths, from two packages of npm.

    python scripts/draw_outlines.py svg-maps-brazil/package/brazil.svg es-atlas/package/es/provinces.json

The first file is of the package `@svg-maps/brazil` 2.0.0, the second of `es-atlas` 0.6.0 (`npm pack` fetches both);
`core/src/portes/tables/places/outlines/SOURCES.md` says whose they are, and lists what is changed here.
"""

import json
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from math import cos, radians
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

TARGET = Path(__file__).parents[1] / "core/src/portes/tables/places/outlines"
WIDTH = 600
"""Units that a map is wide; paths have one decimal."""
NO_PROVINCE = {"54"}
"""What the atlas calls land that belongs to no province; nobody lives there."""
CANARIES = {"35", "38"}
CANARIES_MOVED = (4.5, 6.7)
"""Degrees by which the islands are moved, so that they lie below Andalusia."""
NEAREST = 0.025
"""Degrees between two points of a border of Spain."""
FRAME = ((-14.0, 36.0), (-8.2, 36.0), (-8.2, 34.2))
"""The line that parts the islands from the mainland."""
SMALLEST = 0.4
"""Square units of an islet that is left out, unless it is all that a shape has."""

Point = tuple[float, float]
Ring = Sequence[Point]


def main() -> None:
    """Write both maps."""
    brazil, spain = (Path(argument).read_text(encoding="utf-8") for argument in sys.argv[1:])
    write("brazil", *fitted(brazilian(brazil)))
    shapes = spanish(json.loads(spain))
    write("spain", *fitted(shapes | {"": [[turned(point) for point in FRAME]]}))


def brazilian(svg: str) -> dict[str, Sequence[Ring]]:
    """The rings of each state, by its two letters."""
    paths = ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path")  # noqa: S314 — a file that we chose
    return {path.attrib["id"].upper(): [*rings(path.attrib["d"])] for path in paths}


def rings(path: str) -> Iterator[Ring]:
    """The rings of an SVG path that has the commands m, l, h, v and z alone."""
    x = y = 0.0
    ring: list[Point] = []
    for command, text in re.findall(r"([a-zA-Z])([^a-zA-Z]*)", path):
        numbers = [float(number) for number in re.findall(r"-?[0-9.]+(?:e-?[0-9]+)?", text)]
        if command.lower() not in "mlhvz":
            raise ValueError(command)
        if command in "zZ":
            yield ring
            x, y = ring[0]
            ring = []
        for dx, dy in steps(command.lower(), numbers):
            base_x, base_y = (x, y) if command.islower() else (0.0, 0.0)
            x = x if dx is None else base_x + dx
            y = y if dy is None else base_y + dy
            ring.append((x, y))
    if ring:
        yield ring


def steps(command: str, numbers: Sequence[float]) -> Iterator[tuple[float | None, float | None]]:
    """The points of a command's numbers; None for a part that stays as it is."""
    if command == "h":
        yield from ((number, None) for number in numbers)
    elif command == "v":
        yield from ((None, number) for number in numbers)
    else:
        yield from zip(numbers[::2], numbers[1::2], strict=True)


def spanish(atlas: Mapping[str, Any]) -> dict[str, Sequence[Ring]]:
    """The rings of each province, by its number, from TopoJSON; the Canaries are moved."""
    scale, translate = atlas["transform"]["scale"], atlas["transform"]["translate"]
    arcs = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale[0] + translate[0], y * scale[1] + translate[1]))
        arcs.append(thinned(points))
    found: dict[str, Sequence[Ring]] = {}
    for shape in atlas["objects"]["provinces"]["geometries"]:
        if shape["id"] in NO_PROVINCE:
            continue
        polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
        moved = CANARIES_MOVED if shape["id"] in CANARIES else (0.0, 0.0)
        found[shape["id"]] = [
            [turned((x + moved[0], y + moved[1])) for x, y in joined(ring, arcs)] for each in polygons for ring in each
        ]
    return found


def thinned(arc: Ring) -> Ring:
    """An arc without points that are nearer than `NEAREST` to the one before; its ends, which others share, stay."""
    points = [arc[0]]
    for x, y in arc[1:-1]:
        if max(abs(x - points[-1][0]), abs(y - points[-1][1])) >= NEAREST:
            points.append((x, y))
    return [*points, arc[-1]]


def joined(ring: Sequence[int], arcs: Sequence[Ring]) -> Ring:
    """The points of a ring of arcs, each of which may be told backwards."""
    points: list[Point] = []
    for arc in ring:
        line = arcs[arc] if arc >= 0 else arcs[~arc][::-1]
        points += line[1:] if points else line
    return points


def turned(point: Point) -> Point:
    """Degrees as a flat map of Spain, the north above; widths are right at 40 degrees."""
    return point[0] * cos(radians(40)), -point[1]


def fitted(shapes: Mapping[str, Sequence[Ring]]) -> tuple[str, dict[str, Sequence[Ring]]]:
    """The view box of a map, and its shapes scaled to it and rounded."""
    every = [point for rings in shapes.values() for ring in rings for point in ring]
    left, top = min(x for x, _ in every), min(y for _, y in every)
    scale = WIDTH / (max(x for x, _ in every) - left)
    height = round((max(y for _, y in every) - top) * scale)
    return f"-2 -2 {WIDTH + 4} {height + 4}", {
        code: [rounded([((x - left) * scale, (y - top) * scale) for x, y in ring]) for ring in rings]
        for code, rings in shapes.items()
    }


def rounded(ring: Ring) -> Ring:
    """A ring with one decimal, and without points that then stand on the one before."""
    points: list[Point] = []
    for x, y in ring:
        point = round(x, 1), round(y, 1)
        if not points or point != points[-1]:
            points.append(point)
    return points


def area(ring: Ring) -> float:
    """The area of a ring, in square units."""
    turns = zip(ring, [*ring[1:], ring[0]], strict=True)
    return abs(sum(x * other_y - other_x * y for (x, y), (other_x, other_y) in turns)) / 2


def write(name: str, view: str, shapes: Mapping[str, Sequence[Ring]]) -> None:
    """Write a map: its view box, the path of each shape, and where the shape's code may stand."""
    told: dict[str, Any] = {"view": view, "frame": "", "shapes": {}, "labels": {}}
    for code, rings in sorted(shapes.items()):
        kept = [ring for ring in rings if area(ring) >= SMALLEST] or [max(rings, key=area)]
        path = "".join("M" + "L".join(f"{x:g},{y:g}" for x, y in ring) + ("Z" if code else "") for ring in kept)
        if not code:
            told["frame"] = path
            continue
        told["shapes"][code] = path
        told["labels"][code] = [round(part) for part in middle(max(kept, key=area))]
    text = json.dumps(told, ensure_ascii=False, indent=0)
    (TARGET / f"{name}.json").write_text(re.sub(r"\[\n([0-9]+),\n([0-9]+)\n\]", r"[\1, \2]", text) + "\n", "utf-8")


def middle(ring: Ring) -> Point:
    """The centre of gravity of a ring."""
    whole = x_sum = y_sum = 0.0
    for (x, y), (other_x, other_y) in zip(ring, [*ring[1:], ring[0]], strict=True):
        cross = x * other_y - other_x * y
        whole += cross
        x_sum += (x + other_x) * cross
        y_sum += (y + other_y) * cross
    return (x_sum / (3 * whole), y_sum / (3 * whole)) if whole else ring[0]


if __name__ == "__main__":
    main()
