"""Writes test/kernels-reference.json: python3 reference.py (needs mpmath).

For each function, points as 'x y d': x and y are the bits of float64 in hexadecimal, y is the value
nearest to f(x), and f(x) = y + d/1000 units in the last place of y. The points: random ones where
the function bends, and the neighbourhoods of the places where the code changes its mind.
"""

import json
import math
import random
import struct
from pathlib import Path

from mpmath import mp, mpf

mp.prec = 240
source = random.Random(20240817)
half_log2 = math.log(2) / 2


def uniform(low, high, count):
    return [source.uniform(low, high) for _ in range(count)]


def powers(low, high, count):
    return [math.exp(source.uniform(math.log(low), math.log(high))) for _ in range(count)]


def around(*centres, count=6):
    """Neighbours of each centre at distances of 1, 2, 4, … units and of 2⁻³⁰, 2⁻²⁰, 2⁻¹⁰ of it."""
    points = []
    for centre in centres:
        step = math.ulp(centre)
        for k in range(count):
            points += [centre + 2**k * step, centre - 2**k * step]
        for shift in (2**-30, 2**-20, 2**-10):
            points += [centre * (1 + shift), centre * (1 - shift)]
        points.append(centre)
    return points


def both(points):
    return points + [-x for x in points]


steps = [half_log2 * k for k in (1, 3, 5, 7, 75, 107)]  # where k = round(x / log 2) changes
small = powers(1e-300, 1, 40) + [5e-324, 2.5e-308, 2**-1022, 2**-54, 2**-53, 2**-28, 2**-27]
edges = [709.782712893384, 709.5, -708.3964185322641, -744.44, -745.13, -720.0]

functions = {
    "exp": (mp.exp, both(small) + uniform(-745, 709.7, 60) + uniform(-3, 3, 80) + around(*steps[:4]) + edges),
    "expm1": (mp.expm1, both(small) + uniform(-3, 3, 80) + uniform(-40, 60, 60) + both(around(*steps)) + [709.5]),
    "log": (mp.log, powers(1e-307, 1e308, 50) + powers(5e-324, 2e-308, 20) + uniform(0.3, 3, 80)
            + around(1, math.sqrt(0.5), math.sqrt(2), 2, 4, 2**-1022) + [5e-324]),
    "log1p": (mp.log1p, both(small) + uniform(-0.9999, 3, 100) + powers(1, 1e308, 30)
              + around(math.sqrt(0.5) - 1, math.sqrt(2) - 1, 1, 2**53) + [-1 + 2.0**-k for k in range(1, 54, 4)]),
    "sigmoid": (lambda x: 1 / (1 + mp.exp(-x)), both(small[:20]) + uniform(-745, 40, 40) + uniform(-6, 6, 120)
                + both(around(*steps[:4])) + [-708.4, -730.0, -745.1]),
    "softplus": (lambda x: mp.log1p(mp.exp(x)), both(small[:20]) + uniform(-745, 700, 40) + uniform(-6, 6, 120)
                 + both(around(math.log(2), *steps[:3])) + [-708.4, -730.0, -745.1]),
    "logSigmoid": (lambda x: -mp.log1p(mp.exp(-x)), uniform(-700, 745, 30) + uniform(-6, 6, 80)
                   + around(math.log(2), -math.log(2))),
    "tanh": (mp.tanh, both(small) + uniform(-3, 3, 100) + uniform(-25, 25, 40) + both(around(*(s / 2 for s in steps[:5])))),
    "sinh": (mp.sinh, both(small) + uniform(-3, 3, 100) + uniform(-710.4, 710.4, 40) + both(around(*steps[:4])) + [710.4758]),
    "cosh": (mp.cosh, both(small[:20]) + uniform(-3, 3, 80) + uniform(-710.4, 710.4, 40) + around(*steps[:4]) + [710.4758]),
}


def bits(x):
    return struct.pack(">d", x).hex()


def line(f, x):
    exact = f(mpf(x))
    nearest = float(exact)
    difference = (exact - mpf(nearest)) / mpf(math.ulp(nearest))
    return f"{bits(x)} {bits(nearest)} {int(mp.nint(difference * 1000))}"


if __name__ == "__main__":
    table = {name: [line(f, float(x)) for x in points] for name, (f, points) in functions.items()}
    path = Path(__file__).parent.parent / "test" / "kernels-reference.json"
    path.write_text(json.dumps(table, indent=2) + "\n")
    print({name: len(lines) for name, lines in table.items()}, path.stat().st_size, "bytes")
