"""Writes files that are not what they claim to be, one of each kind, into tests/fixtures/hostile/.

What must be said of each is in messages.json there, written by hand. The native tests, the browser's
and the fuzzer begin with these files.

  python3 tests/reference/hostile_files.py
"""

import json
import struct
from pathlib import Path

OUT = Path(__file__).parent.parent / "fixtures" / "hostile"


def file(header, data=b"", length=None):
    """A safetensors file; `header` is text, or what becomes JSON."""
    text = header if isinstance(header, bytes) else json.dumps(header, ensure_ascii=False).encode()
    return struct.pack("<Q", len(text) if length is None else length) + text + data


def tensor(shape, begin, end, dtype="F32"):
    return {"dtype": dtype, "shape": shape, "data_offsets": [begin, end]}


def network(value=0.0, name="fc.weight", extra=None):
    """A layer 784-10 whose 7,000th parameter is `value`, and what else is in the header."""
    data = bytearray(31360)
    struct.pack_into("<f", data, 4 * 7000, value)
    return file({name: tensor([10, 784], 0, 31360)} | (extra or {}), bytes(data))


FILES = {
    "empty": b"",
    "seven-bytes": b"1234567",
    "web-page": b"<!doctype html><html><head><title>404</title></head></html>",
    "header-of-16-exabytes": file(b"{}", length=2**64 - 1),
    "header-one-byte-too-long": file(b"{}", length=3),
    "header-of-70000-bytes": file(b"{" + b" " * 69998 + b"}"),
    "header-not-json": file(b"{fc.weight: 1}"),
    "header-not-text": file(b"{\"\xff\xfe\": 1}"),
    "header-a-list": file([1, 2, 3]),
    "header-10000-deep": file(b'{"a":' + b"[" * 10000 + b"]" * 10000 + b"}"),
    "no-tensors": file({}),
    "tensor-without-offsets": file({"fc.weight": {"dtype": "F32", "shape": [10, 784]}}),
    "offset-negative": file({"fc.weight": tensor([1], -4, 0)}, b"\0" * 4),
    "offset-reversed": file({"fc.weight": tensor([1], 4, 0)}, b"\0" * 4),
    "offset-beyond-the-file": file({"fc.weight": tensor([10, 784], 0, 31360)}, b"\0" * 100),
    "offset-overlapping": file({"a": tensor([2], 0, 8), "b": tensor([2], 4, 12)}, b"\0" * 12),
    "offset-hole": file({"a": tensor([1], 0, 4), "b": tensor([1], 8, 12)}, b"\0" * 12),
    "bytes-left-over": file({"a": tensor([1], 0, 4)}, b"\0" * 12),
    "shape-overflows": file({"a": tensor([2**32, 2**32], 0, 4)}, b"\0" * 4),
    "shape-and-offsets-differ": file({"a": tensor([3], 0, 4)}, b"\0" * 4),
    "shape-of-nothing": file({"a": tensor([0, 784], 0, 0)}),
    "five-dimensions": file({"a": tensor([1, 1, 1, 1, 1], 0, 4)}, b"\0" * 4),
    "type-unknown": file({"a": tensor([1], 0, 4, "F31")}, b"\0" * 4),
    "type-double": file({"fc.weight": tensor([10, 784], 0, 62720, "F64")}, b"\0" * 62720),
    "65-tensors": file({f"b{it}": tensor([1], 4 * it, 4 * it + 4) for it in range(65)}, b"\0" * 260),
    "name-of-129-bytes": file({"n" * 129: tensor([1], 0, 4)}, b"\0" * 4),
    "name-is-markup": file({"<img src=x onerror=alert(1)>": tensor([1], 0, 4)}, b"\0" * 4),
    "name-is-proto": file({"__proto__": tensor([1], 0, 4)}, b"\0" * 4),
    "not-a-number": network(float("nan")),
    "infinite": network(float("-inf")),
    "metadata-not-text": file({"__metadata__": {"card": 1}}),
    "card-not-json": network(extra={"__metadata__": {"card": "{"}}),
    "batch-normalization": file(
        {"bn.running_mean": tensor([1], 0, 4), "bn.num_batches_tracked": tensor([], 4, 12, "I64")},
        b"\0" * 12,
    ),
    "letters-not-digits": file({"fc.weight": tensor([26, 784], 0, 81536)}, b"\0" * 81536),
    "color-images": file({"fc.weight": tensor([10, 3072], 0, 122880)}, b"\0" * 122880),
    "no-dense-layer": file({"conv.weight": tensor([2, 1, 3, 3], 0, 72)}, b"\0" * 72),
    "bias-of-nobody": network(extra={"steps": tensor([1], 31360, 31364)}) + b"\0" * 4,
}

if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, data in FILES.items():
        (OUT / f"{name}.safetensors").write_bytes(data)
    print(f"{len(FILES)} files in {OUT}")
