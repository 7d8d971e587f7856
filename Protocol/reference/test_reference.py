"""Tests of the reference itself: python3 -m unittest (in this folder). LIAISON_SEED=… repeats one history."""

import io
import itertools
import os
import pathlib
import random
import tempfile
import unittest

import crypto
import serving
import vectors
from cbor import Map, Refused, Tag, decode, encode
from entries import Header, encode_header
from make_vectors import header_fields, write_all
from merging import Judgement, Merge, summary
from replica import Replica
from segments import decode_compact, decode_explicit, encode_compact
from writing import Device, Network, Writer, everything

VECTORS = pathlib.Path(__file__).resolve().parent.parent / "vectors"
SEEDS = [int(os.environ["LIAISON_SEED"])] if "LIAISON_SEED" in os.environ else range(12)


class History:
    """Four writers, one of them not admitted, who edit apart, meet now and then, and sometimes copy their store."""

    def __init__(self, seed, steps):
        self.random = random.Random(seed)
        self.network = Network(f"network {seed}")
        self.control = None
        logs = [self.network.member(f"writer {i}") for i in range(3)]
        stranger = Writer(self.network, Device("stranger"), self.network.replica)
        stranger.grant = bytes(32)
        self.control = everything(self.network.replica)
        self.pieces = []
        self.writers = [self.apart(log) for log in logs + [stranger]]
        self.seen = {id(writer): 0 for writer in self.writers}
        self.taken = {id(writer): set() for writer in self.writers}
        for _ in range(steps):
            self.step()

    def apart(self, log):
        """The same log, writing into a replica of its own and noting each segment."""
        log.replica = Replica(self.network.charter)
        log.replica.receive(self.control)
        flush = log.flush

        def noting():
            data = flush()
            self.pieces.append(data)
            return data

        log.flush = noting
        return log

    def step(self):
        writer = self.random.choice(self.writers)
        action = self.random.random()
        if action < 0.25:
            self.meet(writer)
        elif action < 0.3 and writer.head and len(self.writers) < 6:
            twin = writer.fork()
            del twin.flush
            twin.replica = Replica(self.network.charter)
            twin.replica.receive(everything(writer.replica))
            twin.head = twin.replica.entries[writer.head.id]
            twin.paths = {i: twin.replica.entries[e.id] for i, e in writer.paths.items()}
            replica = twin.replica
            self.apart(twin)
            twin.replica = replica
            self.writers.append(twin)
        else:
            self.edit(writer)

    def meet(self, writer):
        """Takes in whatever others wrote, all of it that fits, at random."""
        deliver(writer.replica, self.random.sample(self.pieces, self.random.randint(0, len(self.pieces))))

    def edit(self, writer):
        draw = self.random
        replica = writer.replica
        entries = [e for e in replica.entries.values() if e.descriptor.space == "net"]
        time = draw.choice([0, 1_790_000_000, 4_080_000_000])
        if not entries or draw.random() < 0.15:
            record = draw.choice([100, ("pair", 60, [bytes(16)])])
            return writer.write(record, [(16, 1, [], None)], [draw.random() < 0.5], time=time)
        target = draw.choice(entries)
        creator = target if type(target.header.record) is int or target.header.record[0] == "pair" else target.named[0]
        merge = Merge(Judgement(replica), "net")
        field = draw.choice([0, 1, 16, 17, 18, 19, 20, 21, 22, 23, 23, 23])
        key = draw.choice(["fr", "ar"]) if field == 19 else None
        known = [
            (e.id, i) for e in entries for i, op in enumerate(e.header.ops)
            if e.record == target.record and op.field == field and (op.key() or None) == key
        ]  # fmt: skip
        left = [name for name in known if name in merge.left]
        refs = draw.choice([left, left, draw.sample(known, min(len(known), draw.randint(0, 2)))])
        if field == 0:
            heads = [e for e in entries if e.record == target.record and not any(c.record == e.record for c in e.children)]
            restores = draw.random() < 0.4 and refs
            op = (0, 0, refs, 1) if restores else (0, 0, [(e.id, 0) for e in heads], 0)
            return writer.write(creator.id, [op], time=time)
        shapes = {1: (8, None, 1), 16: (1, None, 1), 17: (2, 0, 1), 18: (6, [None, draw.randint(0, 5), draw.randint(0, 3)], 0),
                  19: (5, key, 1), 20: (99, "later", 1), 21: (7, [0, 3, 0], 1), 22: (3, draw.randint(-3, 9), 0),
                  23: (4, None, 0)}  # fmt: skip
        type_, shape, count = shapes[field]
        if field == 17 and refs and draw.random() < 0.5:
            shape, count = 1, 0
        if field == 22:
            refs = draw.choice([[], [], [], refs])
        if field == 23:
            # Mostly one element as its writer sees it, sometimes anything.
            elements = merge.lists().get((target.record, 23), [])
            seen = [[n for n in e.members if n in merge.left] for e in elements]
            refs = draw.choice([[], draw.choice(seen or [[]]), draw.choice(seen or [[]]), draw.choice(seen or [[]]), refs])
            action = draw.choice([0, 1, 1, 2]) if refs else 0
            position = draw.choice([b"\x40", b"\x80", b"\x80\x01", b"\xc0"])
            shape, count = ([2], 0) if action == 2 else ([action, position], 1 - action)
        version = 2 if draw.random() < 0.05 else 1
        writer.write(creator.id, [(field, type_, refs, shape)], [draw.randint(0, 9)] * count, time=time, version=version)


def deliver(replica, segments):
    """Takes what fits, again and again, one segment at a time; returns what never fits."""
    waiting, before = list(segments), None
    while waiting != before:
        before, waiting = waiting, []
        for data in before:
            try:
                replica.receive([data])
            except Refused as refused:
                if (refused.layer, refused.error) not in (("segment", "chain"), ("context", "context")):
                    raise
                waiting.append(data)
    return waiting


class MergeLaws(unittest.TestCase):
    def check(self, seed, steps, orders):
        history = History(seed, steps)
        draw = random.Random(seed)
        pieces = history.control + history.pieces
        whole = Replica(history.network.charter)
        whole.receive(pieces)
        expected = (summary(whole), vectors.replica_facts(whole))
        for order in orders(pieces, draw):
            replica = Replica(history.network.charter)
            self.assertEqual(deliver(replica, order), [])
            self.assertEqual((summary(replica), vectors.replica_facts(replica)), expected)
            again = Replica(history.network.charter)
            exported = everything(replica)
            again.receive(exported)
            self.assertEqual(everything(again), exported)
            self.assertEqual(summary(again), expected[0])
            self.assertEqual(exported, everything(whole))

    def test_random_histories_in_random_orders(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                self.check(seed, 40, lambda pieces, draw: [draw.sample(pieces, len(pieces)) for _ in range(3)])

    def test_small_histories_in_every_order(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                # The statements come first, so that the orders of four edits are all of them.
                history = History(seed, 8)
                control, edits = history.control, history.pieces[:4]
                states = set()
                for order in itertools.permutations(edits):
                    replica = Replica(history.network.charter)
                    deliver(replica, control + list(order))
                    states.add(str(vectors.replica_facts(replica)))
                self.assertEqual(len(states), 1)

    def test_statements_may_come_last(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                history = History(seed, 20)
                replica = Replica(history.network.charter)
                deliver(replica, history.pieces)
                found = summary(replica)
                self.assertEqual(found["spaces"][0]["entries"], 0)
                deliver(replica, history.control)
                deliver(replica, history.pieces)
                whole = Replica(history.network.charter)
                whole.receive(history.control + history.pieces)
                self.assertEqual(summary(replica), summary(whole))

    def test_erasure_changes_no_digest(self):
        for seed in SEEDS:
            with self.subTest(seed=seed):
                history = History(seed, 25)
                whole, erased = Replica(history.network.charter), Replica(history.network.charter)
                whole.receive(history.control + history.pieces)
                segments = [decode_explicit(data, whole.network) for data in history.control + history.pieces]
                for segment in segments:
                    for member in segment.members:
                        if member.body and random.Random(member.header.id).random() < 0.5:
                            member.body = member.body.erased(0)
                erased.receive([segment.encode() for segment in segments])
                self.assertEqual(summary(erased), summary(whole))

    def test_compact_form_gives_the_explicit_one(self):
        history = History(SEEDS[0], 60)
        replica = Replica(history.network.charter)
        replica.receive(history.control + history.pieces)
        for data in everything(replica):
            segment = decode_explicit(data, replica.network)
            if any(m.header.version != 1 for m in segment.members):
                continue
            first = replica.entries[segment.members[0].header.id]
            names = iter([name for m in segment.members for name in m.names])
            table = (first.parent.table if first.parent else [segment.descriptor.log])[1:]
            for method in (0, 1):
                names = iter([name for m in segment.members for name in m.names])
                compact = encode_compact(segment, method)
                prev = segment.members[0].header.prev
                again = decode_compact(compact, segment.descriptor, prev, table, lambda log, seq: next(names))
                self.assertEqual(again.encode(), data)


class Encodings(unittest.TestCase):
    def test_every_truncation_and_bit_flip_is_refused_or_another_item(self):
        data = encode([1, -1, b"xyz", "é", Map([(1, Tag(4, [-2, 5])), ("k", None)]), True, 2**40])
        for length in range(len(data)):
            with self.assertRaises(Refused):
                decode(data[:length])
        for bit in range(8 * len(data)):
            flipped = bytearray(data)
            flipped[bit // 8] ^= 1 << bit % 8
            try:
                self.assertEqual(encode(decode(bytes(flipped))), bytes(flipped))
            except Refused:
                pass

    def test_a_small_header_fits_one_compression_block(self):
        fields = header_fields(seq=2**32 - 1, context=bytes(16), record=[200, 2**32 - 2], time=2**32 - 1,
                               ops=[[200, 1, [[200, 2**32 - 2, 0]], None]], body_size=16000)  # fmt: skip
        data = encode_header(fields)
        self.assertLessEqual(len(data), 128)
        self.assertEqual(encode_header(Header(data).fields()), data)

    def test_signatures_are_judged_alike_with_and_without_openssl(self):
        key = crypto.SigningKey(bytes(range(32)))
        message = b"message"
        good = key.sign(message)
        self.assertTrue(crypto.verify_slowly(key.public, message, good))
        for bit in range(0, 512, 13):
            bad = bytearray(good)
            bad[bit // 8] ^= 1 << bit % 8
            self.assertFalse(crypto.verify(key.public, message, bytes(bad)))
            self.assertFalse(crypto.verify_slowly(key.public, message, bytes(bad)))
        for path in sorted((VECTORS / "seal").glob("*.txt")):
            vector = vectors.Vector(path)
            message = encode(["liaison seal", vector.bytes("log"), int(vector.one("seq")), vector.bytes("entry")])
            judged = crypto.verify_slowly(vector.bytes("key"), message, vector.data)
            self.assertEqual(judged, vector.expected is None, path.name)

    def test_small_order_shows_in_y(self):
        torsion, points = crypto.NEUTRAL, []
        for _ in range(8):
            torsion = crypto.add(torsion, crypto.TORSION)
            points.append(crypto.encode_point(torsion))
        other = [crypto.SigningKey(bytes([i] * 32)).public for i in range(8)]
        for data in points + other + [crypto.encode_point(crypto.BASE), bytes(32), b"\xff" * 32]:
            for flip in (0, 128):
                # Also y that is not reduced, where it fits, and the other sign.
                number = int.from_bytes(data, "little") & (2**255 - 1)
                for y in {number, number + crypto.P} - {y for y in [number + crypto.P] if y >= 2**255}:
                    encoded = bytearray(y.to_bytes(32, "little"))
                    encoded[31] |= flip
                    self.assertEqual(crypto.small_order(encoded), crypto.small_order_quickly(encoded), encoded.hex())
        self.assertTrue(all(crypto.small_order_quickly(point) for point in points))
        self.assertFalse(any(crypto.small_order_quickly(point) for point in other))


class Vectors(unittest.TestCase):
    def test_all_vectors(self):
        paths = [p for folder in vectors.RUN for p in sorted((VECTORS / folder).glob("*.txt"))]
        self.assertGreater(len(paths), 120)
        for path in paths:
            with self.subTest(vector=path.name):
                self.assertIsNone(vectors.run(path))

    def test_a_damaged_vector_file_is_noticed(self):
        good = (VECTORS / "charter" / "001-one-key.txt").read_text("utf-8")
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "charter" / "x.txt"
            path.parent.mkdir()
            for damaged in (
                good.replace("comment: ", "remark: "),
                good.replace("network: ", "network: 00"),
                good.replace("charter success", "charter failure"),
                good.replace("expect: charter success", "expect: charter failure\nerror: invalid"),
                good[:-3] + "\n",
            ):
                path.write_text(damaged, "utf-8")
                self.assertIsNotNone(vectors.run(path), damaged)

    def test_the_vectors_of_this_half_are_written_alike_again(self):
        with tempfile.TemporaryDirectory() as folder:
            write_all(pathlib.Path(folder))
            for path in pathlib.Path(folder).glob("*/*.txt"):
                committed = VECTORS / path.parent.name / path.name
                if path.name.endswith("-compressed.txt"):
                    # Another release of zstd may compress otherwise.
                    self.assertTrue(committed.exists())
                    continue
                self.assertEqual(path.read_text("utf-8"), committed.read_text("utf-8"), path.name)


class Serving(unittest.TestCase):
    """Small replicas over a pipe give what one replica gives, and do not disturb each other."""

    def test_answers(self):
        history = History(5, 60)
        everything_held = history.writers[0].replica
        segments = everything(everything_held)
        rest = [segment for segment in segments if segment not in history.control]
        requests = io.BytesIO()
        charter = everything_held.charter.raw
        for message in ([charter, *history.control], rest, [], rest, [b"\x80"]):
            data = encode(message)
            requests.write(len(data).to_bytes(4, "big") + data)
        requests.seek(0)
        answers = io.BytesIO()
        serving.serve(requests, answers)
        answers.seek(0)
        texts = []
        while (text := serving.receive(answers)) is not None:
            texts.append(text.decode())
        self.assertEqual(texts[0], "\n".join(serving.lines(everything_held)))
        self.assertEqual(texts[0], texts[2])
        self.assertNotEqual(texts[0], texts[1])
        self.assertTrue(texts[3].startswith("refused: "))


if __name__ == "__main__":
    print("seeds:", list(SEEDS))
    unittest.main()
