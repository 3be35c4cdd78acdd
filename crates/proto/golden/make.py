#!/usr/bin/env python3
"""Writes cases.jsonl: messages of the contract with the JSON that Python's protobuf gives them.

    python3 crates/proto/golden/make.py           # after a change in proto/ and `cargo xtask codegen`
    python3 crates/proto/golden/make.py --check   # fails if the file is not current

Each line has a message type, an encoded message in base64, and its JSON with the default values of fields
without presence. The cases of a type are always the same: an empty message, one with every field, and one
with some. Protobuf is installed from PyPI into target/python/protobuf; status 77 says that this was not possible.
"""

import base64
import json
import math
import pathlib
import random
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
DESCRIPTORS = HERE.parent / "src/generated/descriptors.bin"
CASES = HERE / "cases.jsonl"
DEEPEST = 3

sys.path.insert(0, str(ROOT / "crates/devtools/provision"))
import python_env  # noqa: E402


def message_types():
    from google.protobuf import descriptor_pb2, descriptor_pool, message_factory

    files = descriptor_pb2.FileDescriptorSet.FromString(DESCRIPTORS.read_bytes())
    pool = descriptor_pool.DescriptorPool()
    types = []
    for file in files.file:
        pool.Add(file)
        if file.package in ("catalogue.v1", "search.v1", "google.type"):
            names = [f"{file.package}.{message.name}" for message in file.message_type]
            types += [message_factory.GetMessageClass(pool.FindMessageTypeByName(n)) for n in names]
    return sorted(types, key=lambda it: it.DESCRIPTOR.full_name)


def fill(message, chance, choose, depth=0):
    """Sets each field with this probability; of a oneof the last one stays."""
    for field in message.DESCRIPTOR.fields:
        if choose.random() > chance:
            continue
        target = getattr(message, field.name)
        if field.message_type is None:
            values = [scalar(field, choose) for _ in range(2)]
            target.extend(values) if field.is_repeated else setattr(message, field.name, values[0])
        elif field.message_type.full_name == "google.protobuf.FieldMask":
            continue  # never written: updates take it as a parameter
        elif depth < DEEPEST:
            part = target.add() if field.is_repeated else target
            part.SetInParent()
            if field.message_type.full_name == "google.protobuf.Timestamp":
                part.seconds = choose.choice([0, -62_135_596_800, 253_402_300_799, 1_800_000_000])
                part.nanos = choose.choice([0, 5_000_000, 120_000, 999_999_999])
            elif field.message_type.full_name == "google.protobuf.Duration":
                sign = choose.choice([1, -1])
                part.seconds = sign * choose.choice([0, 7, 315_576_000_000])
                part.nanos = sign * choose.choice([0, 5_000_000, 120_000, 999_999_999])
            else:
                fill(part, chance, choose, depth + 1)


def scalar(field, choose):
    kind = field.cpp_type
    if kind == field.CPPTYPE_STRING:
        return choose.choice(["", "mug", 'a "quoted" \\ text', "zwölf €\n\u2028😀", "\u0000\u001f\u007f", "</script>"])
    if kind == field.CPPTYPE_BOOL:
        return choose.random() < 0.5
    if kind == field.CPPTYPE_INT32:
        return choose.choice([0, 1, -1, 2**31 - 1, -(2**31)])
    if kind == field.CPPTYPE_INT64:
        return choose.choice([0, 7, -1, 2**63 - 1, -(2**63), 2**53 + 1])
    if kind == field.CPPTYPE_DOUBLE:
        return choose.choice([0.0, 14.5, 0.1, -3.0, 1e-7, 123456789.25, math.inf, -math.inf, math.nan])
    if kind == field.CPPTYPE_ENUM:
        # 77 is of a newer contract.
        return choose.choice([value.number for value in field.enum_type.values] + [77])
    raise NotImplementedError(f"{field.full_name}: add its type")


def cases():
    from google.protobuf import json_format

    for of in message_types():
        for at, chance in enumerate([0.0, 1.0, 0.5]):
            message = of()
            fill(message, chance, random.Random(f"{of.DESCRIPTOR.full_name} {at}"))
            expected = json_format.MessageToDict(message, always_print_fields_with_no_presence=True)
            wire = base64.b64encode(message.SerializeToString(deterministic=True)).decode()
            line = {"type": of.DESCRIPTOR.full_name, "wire": wire, "json": expected}
            yield json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n"


def main():
    python_env.run_in("protobuf", ["protobuf==6.33.0"])
    fresh = "".join(cases())
    if "--check" not in sys.argv:
        CASES.write_text(fresh, encoding="utf-8")
    elif not CASES.exists() or CASES.read_text(encoding="utf-8") != fresh:
        sys.exit(f"{CASES} is stale: run python3 {pathlib.Path(__file__).relative_to(ROOT)}")


if __name__ == "__main__":
    main()
