#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writes small GeoIP files (MaxMind DB format, version 2) in every layout, sound and broken, for
test_lookup_geo. usage: mmdb_files.py DIRECTORY STAMP"""

import ipaddress
import pathlib
import struct
import sys

MARK = b"\xab\xcd\xefMaxMind.com"


class Float(float):
    """A value of four octets; Python's own float has eight."""


class Wide(int):
    """A count of the metadata, which must be of a type that can hold any."""

    def __new__(cls, kind, value):
        self = super().__new__(cls, value)
        self.kind = kind
        return self


class Raw(bytes):
    """Octets that are put into the data section as they are."""


def control(kind, size):
    if size < 29:
        low, more = size, b""
    elif size < 285:
        low, more = 29, struct.pack(">B", size - 29)
    else:
        low, more = 30, struct.pack(">H", size - 285)
    if kind > 7:
        return bytes([low, kind - 7]) + more
    return bytes([kind << 5 | low]) + more


def unsigned(kind, value):
    octets = value.to_bytes(8, "big").lstrip(b"\0")
    return control(kind, len(octets)) + octets


def encode(value):
    if isinstance(value, Raw):
        return bytes(value)
    if isinstance(value, bool):
        return control(14, int(value))
    if isinstance(value, Float):
        return control(15, 4) + struct.pack(">f", value)
    if isinstance(value, float):
        return control(3, 8) + struct.pack(">d", value)
    if isinstance(value, Wide):
        return unsigned(value.kind, value)
    if isinstance(value, int):
        return unsigned(5 if value < 1 << 16 else 6, value)
    if isinstance(value, str):
        octets = value.encode("utf-8", "surrogateescape")
        return control(2, len(octets)) + octets
    if isinstance(value, list):
        return control(11, len(value)) + b"".join(encode(item) for item in value)
    return control(7, len(value)) + b"".join(encode(k) + encode(v) for k, v in value.items())


def pack_node(bits, left, right):
    if bits == 28:
        return (struct.pack(">I", left & 0xFFFFFF)[1:] + bytes([left >> 24 << 4 | right >> 24])
                + struct.pack(">I", right & 0xFFFFFF)[1:])
    size = bits // 8
    return left.to_bytes(size, "big") + right.to_bytes(size, "big")


def database(kind, networks, bits=24, version=6):
    data = b""
    nodes = [[None, None]]
    for network, record in networks.items():
        network = ipaddress.ip_network(network)
        path = f"{int(network.network_address):0{network.max_prefixlen}b}"[:network.prefixlen]
        if version == 6 and network.version == 4:
            path = "0" * 96 + path
        at = 0
        for bit in path[:-1]:
            if nodes[at][int(bit)] is None:
                nodes.append([None, None])
                nodes[at][int(bit)] = len(nodes) - 1
            at = nodes[at][int(bit)]
        nodes[at][int(path[-1])] = ("data", len(data))
        data += encode(record)
    count = len(nodes)

    def number(entry):
        if entry is None:
            return count
        return count + 16 + entry[1] if isinstance(entry, tuple) else entry

    width = bits if bits in (24, 28, 32) else 24
    tree = b"".join(pack_node(width, number(left), number(right)) for left, right in nodes)
    metadata = {"binary_format_major_version": 2, "binary_format_minor_version": 0,
                "build_epoch": Wide(9, 1700000000), "database_type": kind, "description": {},
                "ip_version": version, "languages": ["en"], "node_count": Wide(6, count),
                "record_size": bits}
    return tree + b"\0" * 16 + data + MARK + encode(metadata)


CITY = {
    "city": {"names": {"en": "Town", "fr": "Ville", "pt-BR": "Cidade"}},
    "continent": {"code": "ZC", "names": {"en": "Continent", "fr": "Continent-fr"}},
    "country": {"iso_code": "ZZ", "names": {"en": "Land", "fr": "Pays", "pt-BR": "País"}},
    "location": {"accuracy_radius": 20, "latitude": -33.5, "longitude": 151.25},
    "subdivisions": [{"iso_code": "XY", "names": {"en": "Region"}},
                     {"iso_code": "NO", "names": {"en": "Not this"}}],
}
LEGACY = {"latitude": "-33.5", "longitude": "151.25", "radius": "20", "city": "", "region": "XY",
          "postal_code": "1001", "country_name": "Land", "country": "ZZ", "continent": "ZC"}
FREE = {"country": "ZZ", "country_name": "Land", "continent": "ZC", "continent_name": "Somewhere",
        "asn": "AS64500", "as_name": "Example"}
PLUS = {"latitude": -33.5, "longitude": 151.25, "radius": 20, "city": "Town", "region": "Region",
        "region_code": "XY", "country": "Land", "country_code": "ZZ", "continent": "Somewhere"}
CORE = {key: value for key, value in PLUS.items() if key != "radius"}
LITE = {"country": "Land", "country_code": "ZZ", "continent": "Somewhere"}
NET = "192.0.2.0/24"


def files():
    for bits in (24, 28, 32):
        yield f"city{bits}", database("GeoLite2-City", {NET: CITY, "2001:db8::/32": CITY}, bits)
        yield f"city{bits}v4", database("GeoLite2-City", {NET: CITY}, bits, version=4)
    yield "country", database("GeoLite2-Country", {NET: {k: CITY[k]
                                                         for k in ("country", "continent")}})
    yield "asn", database("GeoLite2-ASN", {NET: {"autonomous_system_number": 64500}})
    yield "legacy", database("ipinfo extended_location_v2_sample.mmdb", {NET: LEGACY})
    yield "free", database("ipinfo generic_country_free_country_asn.mmdb", {NET: FREE})
    yield "lite", database("ipinfo bundle_location_lite.mmdb", {NET: LITE})
    yield "core", database("ipinfo bundle_location_core.mmdb", {NET: CORE})
    yield "plus", database("ipinfo bundle_location_plus.mmdb", {NET: PLUS})
    yield "standard", database("ipinfo standard_location_new.mmdb", {NET: CORE})
    yield "far", database("ipinfo bundle_location_plus.mmdb", {NET: {**PLUS, "radius": 70000}})
    yield "new", database("ipinfo something_new.mmdb", {NET: PLUS})
    yield "capital", database("IPinfo x", {NET: PLUS})
    yield "blankless", database("ipinfo", {NET: PLUS})
    yield "types", database("ipinfo bundle_location_plus.mmdb", {NET: {
        **PLUS, "latitude": Float(-33.5), "longitude": 151, "radius": "20", "city": 7,
        "region": ["Region"], "country": {"en": "Land"}}})
    yield "beyond", database("ipinfo bundle_location_plus.mmdb", {NET: {
        **PLUS, "latitude": 91.0, "longitude": float("nan"), "radius": "many"}})
    yield "hostile", database("ipinfo bundle_location_plus.mmdb", {NET: {
        **PLUS, "city": "T\x1b[2Jown", "region_code": "\udcff\u202e", "country_code": "Z" * 400}})
    pointer_past_end = Raw(b"\xe1" + encode("city") + b"\x3f\xff\xff\xff\xff")
    yield "past", database("ipinfo x", {NET: pointer_past_end})
    yield "loop", database("ipinfo x", {NET: Raw(b"\x20\x00")})
    yield "loopmap", database("ipinfo x", {NET: Raw(b"\xe1" + encode("city") + b"\x20\x00")})
    yield "size20", database("ipinfo x", {NET: PLUS}, bits=20)
    whole = database("GeoLite2-City", {NET: CITY})
    yield "nometadata", whole[:whole.rindex(MARK)]
    yield "halfmetadata", whole[:-20]
    yield "notree", whole[whole.rindex(MARK):]
    yield "empty", b""


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name, octets in files():
        (directory / f"{name}.mmdb").write_bytes(octets)
    pathlib.Path(sys.argv[2]).write_text("written\n", encoding="ascii")


if __name__ == "__main__":
    main()
