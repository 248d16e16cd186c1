"""Iceberg's partition transforms, as its specification defines them."""

import struct

import polars as pl

_MASK = 0xFFFFFFFF


def bucket(text: str, buckets: int) -> int:
    """`bucket[N]` of a string: 32-bit Murmur3 (x86, seed 0) of its UTF-8 bytes, modulo N."""
    return (_murmur3(text.encode("utf-8")) & 0x7FFFFFFF) % buckets


def month(dates: pl.Expr) -> pl.Expr:
    """`month` of a date: months since January 1970."""
    return (dates.dt.year().cast(pl.Int32) - 1970) * 12 + dates.dt.month().cast(pl.Int32) - 1


def _murmur3(data: bytes) -> int:
    blocks = len(data) // 4
    state = 0
    for block in struct.unpack_from(f"<{blocks}I", data):
        state = (_rotate(state ^ _mix(block), 13) * 5 + 0xE6546B64) & _MASK
    if tail := data[blocks * 4 :]:
        state ^= _mix(int.from_bytes(tail, "little"))
    state ^= len(data)
    state = ((state ^ (state >> 16)) * 0x85EBCA6B) & _MASK
    state = ((state ^ (state >> 13)) * 0xC2B2AE35) & _MASK
    return state ^ (state >> 16)


def _mix(block: int) -> int:
    return (_rotate((block * 0xCC9E2D51) & _MASK, 15) * 0x1B873593) & _MASK


def _rotate(value: int, bits: int) -> int:
    return ((value << bits) | (value >> (32 - bits))) & _MASK
