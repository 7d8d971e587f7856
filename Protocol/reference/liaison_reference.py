#!/usr/bin/env python3
"""A slow second implementation of the Liaison protocol, written from its specification.

    liaison_reference.py state DIR          verify exported segments and print the digests
    liaison_reference.py show DIR           … and what is left of every record, in raw numbers
    liaison_reference.py vectors DIR        run all vectors below a folder
    liaison_reference.py make-vectors DIR   write this implementation's half of them
    liaison_reference.py serve              answer one small replica after the other over a pipe (serving.py)
"""

import json
import pathlib
import sys

from cbor import Map, Refused, Tag, decode
from merging import Judgement, Merge, QUARANTINED, summary
from replica import Replica


def load(folder):
    """The replica of an export (03, Export)."""
    folder = pathlib.Path(folder)
    replica = Replica((folder / "charter.cbor").read_bytes())
    replica.receive([path.read_bytes() for path in sorted(folder.glob("*.segment"))])
    return replica


def plain(item):
    """An item as JSON; bytes as hexadecimal, tags and maps as lists."""
    if isinstance(item, bytes):
        return item.hex()
    if isinstance(item, Tag):
        return ["tag", item.number, plain(item.item)]
    if isinstance(item, Map):
        return ["map", [[plain(k), plain(v)] for k, v in item.pairs]]
    if isinstance(item, list):
        return [plain(each) for each in item]
    return item


def value_of(entry, index):
    """The value of an operation, or what stands for it."""
    ops = entry.header.ops
    if not ops[index].carries_value():
        return {}
    value = entry.body.value(sum(op.carries_value() for op in ops[:index]))
    return {"erased": True} if value is None else {"value": plain(decode(value))}


def shown_of(merge, element):
    """The value of an element of a list: the greatest that can be seen."""
    seen = [name for name in element.values if merge.value(name) is not None]
    return value_of(merge.entries[seen[0][0]], seen[0][1]) if seen else {"erased": True}


def show(replica):
    """All records with what is left of their fields."""
    judgement = Judgement(replica)
    merge = Merge(judgement, "net")
    deleted, contested = merge.deletion()
    shown = set(merge.shown().values())
    records = {}
    for name in sorted(merge.left, key=lambda n: (merge.field_key(n)[0], merge.op(n).field) + merge.rank(n)):
        entry, op = merge.entries[name[0]], merge.op(name)
        left = {"entry": name[0].hex(), "operation": name[1], "type": op.type, "shape": plain(op.shape)}
        left |= {"order": merge.orders[name], "shown": name in shown, **value_of(entry, name[1])}
        left["device"] = entry.descriptor.key.hex()
        records.setdefault(entry.record, {}).setdefault(str(op.field), []).append(left)
    counters, lists = {}, {}
    for (record, field), total in sorted(merge.counters().items()):
        counters.setdefault(record, {})[str(field)] = total
    for (record, field), elements in sorted(merge.lists().items()):
        lists.setdefault(record, {})[str(field)] = [shown_of(merge, element) for element in elements]
    rows = [
        {"record": r.hex(), "deleted": r in deleted, "contested": r in contested, "fields": records.get(r, {}),
         "counters": counters.get(r, {}), "lists": lists.get(r, {})}
        for r in sorted(merge.records)
    ]  # fmt: skip
    quarantined = [e.hex() for e in sorted(replica.entries) if judgement.verdict(replica.entries[e]) == QUARANTINED]
    return {"network": replica.network.hex(), "records": rows, "quarantined": quarantined}


def main(arguments):
    if arguments == ["serve"]:
        import serving

        serving.serve(sys.stdin.buffer, sys.stdout.buffer)
        return 0
    if len(arguments) != 2 or arguments[0] not in ("state", "show", "vectors", "make-vectors"):
        print(__doc__.strip(), file=sys.stderr)
        return 2
    command, folder = arguments
    if command == "vectors":
        import vectors

        return vectors.run_all(pathlib.Path(folder))
    if command == "make-vectors":
        import make_vectors

        return make_vectors.write_all(pathlib.Path(folder))
    try:
        replica = load(folder)
    except (Refused, OSError) as error:
        print(f"liaison_reference: error: {error}", file=sys.stderr)
        return 8 if isinstance(error, Refused) else 1
    print(json.dumps(summary(replica) if command == "state" else show(replica), indent=1, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
