"""The inner loops, compiled: grams and their groups, what is common, seeds, alignment. Arrays only; positions count in all texts laid end to end.

A *gram* is a run of ``n`` codes, known by 32 bits of a hash; its *group* are all places where it stands. Texts lie in the order of county, unit and time, so
that one walk over a group sees each county, and in it each unit, in one piece, earliest first.

Loading the compiler takes over a second, so this is imported where something is compared: commands and a server that only read do without.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

_OPEN = 48  # passages followed at a time
FIELDS = 8  # of a found alignment: source text, target start, end, source start, end, same, length, whether of the same unit


@njit(cache=True, nogil=True)
def _grow(array: Any) -> Any:
    larger = np.zeros((array.shape[0] * 2, array.shape[1]), dtype=array.dtype)
    larger[: array.shape[0]] = array
    return larger


@njit(cache=True, nogil=True)
def hash_grams(codes: Any, n: int) -> Any:
    """Hash of the gram that begins at each place; 0 where none does, because the text ends."""
    size = codes.shape[0]
    out = np.zeros(size, dtype=np.uint32)
    for i in range(size - n + 1):
        value = np.uint64(1469598103934665603)
        whole = True
        for j in range(n):
            code = codes[i + j]
            if code == 0:
                whole = False
                break
            value = (value ^ np.uint64(code)) * np.uint64(1099511628211)
        if whole:
            value ^= value >> np.uint64(29)
            value *= np.uint64(0xBF58476D1CE4E5B9)
            value ^= value >> np.uint64(32)
            short = np.uint32(value & np.uint64(0xFFFFFFFF))
            out[i] = short if short != 0 else np.uint32(1)
    return out


@njit(cache=True, nogil=True)
def count_groups(keys: Any) -> int:
    groups = 0
    last = np.uint64(0)
    for i in range(keys.shape[0]):
        head = keys[i] >> np.uint64(32)
        if i == 0 or head != last:
            groups += 1
            last = head
    return groups


@njit(cache=True, nogil=True)
def mark_shared(keys: Any, text_of: Any, unit_of: Any, county_of: Any, superior: Any, national: int, superiors: int, county_units: int, shared: Any) -> None:
    """Walk over sorted keys (hash, place) and mark the places of grams that may be a template's.

    These are grams of many units, of many superiors, or of several townships of one county.
    """
    size = keys.shape[0]
    low = np.uint64(0xFFFFFFFF)
    i = 0
    while i < size:
        head = keys[i] >> np.uint64(32)
        if i + 1 >= size or keys[i + 1] >> np.uint64(32) != head:
            i += 1
            continue
        j = i
        used = 0
        above = 0
        counties = 0
        while j < size and keys[j] >> np.uint64(32) == head:
            # one county
            county = county_of[text_of[np.int64(keys[j] & low)]]
            counties += 1
            k = j
            towns = 0
            last_unit = -1
            while k < size and keys[k] >> np.uint64(32) == head:
                text = text_of[np.int64(keys[k] & low)]
                if county_of[text] != county:
                    break
                if unit_of[text] != last_unit:
                    last_unit = unit_of[text]
                    used += 1
                    if superior[text]:
                        above += 1
                    else:
                        towns += 1
                k += 1
            if county >= 0 and towns >= county_units:
                for m in range(j, k):
                    shared[np.int64(keys[m] & low)] = 1
            j = k
        if counties >= 3 and (used >= national or above >= superiors):
            for m in range(i, j):
                shared[np.int64(keys[m] & low)] = 1
        i = j


@njit(cache=True, nogil=True)
def is_scattered(towns: int, inside: float, together: float, scattered: float) -> bool:
    """Whether of ``towns`` townships that have the same words no more pairs (``inside``) are of one county than chance has it.

    ``together``: how often two townships are of one county; ``scattered``: how many standard errors more often they may be. Where all are of one county, or
    no two are, that tells nothing.
    """
    expected = towns * (towns - 1) / 2 * together
    return 0 < together < 1 and inside - expected <= scattered * np.sqrt(expected * (1 - together))


@njit(cache=True, nogil=True)
def find_phrases(keys: Any, text_of: Any, unit_of: Any, county_of: Any, superior: Any, least: int, most: int, together: float, scattered: float) -> Any:
    """(hash, units) of grams of sorted keys that ``least`` townships or more use, scattered over counties, or ``most`` units, wherever they are."""
    size = keys.shape[0]
    low = np.uint64(0xFFFFFFFF)
    out = np.zeros((64, 2), dtype=np.int64)
    found = 0
    i = 0
    while i < size:
        head = keys[i] >> np.uint64(32)
        used = 0
        towns = 0
        inside = 0.0
        county = -2
        here = 0
        last_unit = -1
        while i < size and keys[i] >> np.uint64(32) == head:
            text = text_of[np.int64(keys[i] & low)]
            i += 1
            if unit_of[text] == last_unit:
                continue
            last_unit = unit_of[text]
            used += 1
            if county_of[text] != county:
                county = county_of[text]
                here = 0
            if not superior[text]:
                inside += here if county >= 0 else 0
                here += 1
                towns += 1
        if used >= most or (towns >= least and is_scattered(towns, inside, together, scattered)):
            if found == out.shape[0]:
                out = _grow(out)
            out[found, 0], out[found, 1] = np.int64(head), used
            found += 1
    return out[:found]


@njit(cache=True, nogil=True)
def describe_groups(keys: Any, groups: int, text_of: Any, unit_of: Any, group_of: Any) -> Any:
    """Starts and hashes of the groups of sorted keys, and how many units use each; fills ``group_of`` by place."""
    starts = np.zeros(groups + 1, dtype=np.int64)
    heads = np.zeros(groups, dtype=np.uint32)
    units = np.zeros(groups, dtype=np.uint16)
    low = np.uint64(0xFFFFFFFF)
    group = -1
    last_unit = -1
    used = 0
    for i in range(keys.shape[0]):
        head = np.uint32(keys[i] >> np.uint64(32))
        place = np.int64(keys[i] & low)
        if group < 0 or head != heads[group]:
            group += 1
            starts[group] = i
            heads[group] = head
            last_unit = -1
            used = 0
        if unit_of[text_of[place]] != last_unit:
            last_unit = unit_of[text_of[place]]
            used += 1
            units[group] = min(used, 65535)
        group_of[place] = group
    starts[groups] = keys.shape[0]
    return starts, heads, units


@njit(cache=True, nogil=True)
def find_shared_sentences(shared: Any, codes: Any, ends: Any, n: int, least: int, share: float) -> Any:
    """(start, end) of sentences of ``least`` codes or more of which at least ``share`` stand under shared grams. Half a sentence that all write is a phrase."""
    size = codes.shape[0]
    out = np.zeros((64, 2), dtype=np.int64)
    found = 0
    start = 0
    reach = 0  # end of what the grams so far cover
    covered = 0
    for i in range(size):
        if codes[i] == 0:
            start = i + 1
            covered = 0
            continue
        if shared[i]:
            reach = i + n
        if i < reach:
            covered += 1
        if ends[i]:
            if i + 1 - start >= least and covered >= share * (i + 1 - start):
                if found == out.shape[0]:
                    out = _grow(out)
                out[found, 0], out[found, 1] = start, i + 1
                found += 1
            start = i + 1
            covered = 0
    return out[:found]


@njit(cache=True, nogil=True)
def sketch_runs(codes: Any, runs: Any, n: int, ways: int) -> Any:
    """Least hashes of each run's grams, one for each of ``ways`` orders: runs of one template agree in at least one."""
    out = np.zeros((runs.shape[0], ways), dtype=np.uint64)
    for r in range(runs.shape[0]):
        for w in range(ways):
            out[r, w] = np.uint64(0xFFFFFFFFFFFFFFFF)
        for i in range(runs[r, 0], runs[r, 1] - n + 1):
            value = np.uint64(1469598103934665603)
            for j in range(n):
                value = (value ^ np.uint64(codes[i + j])) * np.uint64(1099511628211)
            for w in range(ways):
                mixed = (value ^ (np.uint64(w + 1) * np.uint64(0x9E3779B97F4A7C15))) * np.uint64(0xBF58476D1CE4E5B9)
                mixed ^= mixed >> np.uint64(31)
                mixed *= np.uint64(0x94D049BB133111EB)
                mixed ^= mixed >> np.uint64(29)
                if mixed < out[r, w]:
                    out[r, w] = mixed
    return out


@njit(cache=True, nogil=True)
def align(target: Any, t0: int, t1: int, source: Any, s0: int, s1: int, diagonal: int, band: int, out: Any) -> bool:
    """Best local alignment (2, -1, -2) of target[t0:t1] and source[s0:s1] within ``band`` of ``diagonal`` (source minus target place).

    Code 0 agrees with nothing. ``out`` takes target start and end, source start and end, same characters, length. False where nothing agrees.
    """
    rows = t1 - t0
    width = 2 * band + 1
    score = np.zeros((rows + 1, width + 2), dtype=np.int32)
    move = np.zeros((rows + 1, width + 2), dtype=np.uint8)
    best, best_row, best_col = 0, 0, 0
    for i in range(1, rows + 1):
        code = target[t0 + i - 1]
        for c in range(1, width + 1):
            # column c of row i stands for source place t + diagonal + c - 1 - band
            s = t0 + i - 1 + diagonal + c - 1 - band
            if s < s0 or s >= s1:
                continue
            step = 2 if (code != 0 and source[s] == code) else -1
            value = score[i - 1, c] + step
            way = 1
            up = score[i - 1, c + 1] - 2  # a character of the target that the source lacks
            if up > value:
                value, way = up, 2
            left = score[i, c - 1] - 2
            if left > value:
                value, way = left, 3
            if value <= 0:
                value, way = 0, 0
            score[i, c] = value
            move[i, c] = way
            if value > best:
                best, best_row, best_col = value, i, c
    if best == 0:
        return False
    i, c = best_row, best_col
    same = 0
    length = 0
    out[1] = t0 + i
    out[3] = t0 + i - 1 + diagonal + c - 1 - band + 1
    while i > 0 and move[i, c] != 0:
        length += 1
        if move[i, c] == 1:
            if target[t0 + i - 1] == source[t0 + i - 1 + diagonal + c - 1 - band] and target[t0 + i - 1] != 0:
                same += 1
            i -= 1
        elif move[i, c] == 2:
            i -= 1
            c += 1
        else:
            c -= 1
    out[0] = t0 + i
    out[2] = t0 + i + diagonal + c - 1 - band
    out[4] = same
    out[5] = length
    return True


@njit(cache=True, nogil=True)
def gather_runs(codes: Any, runs: Any, sketches: Any, order: Any, fixed: int, least: int, like: float, band: int, most: int) -> Any:
    """Number of the run that each belongs to: the first in ``order`` of those it is like, or itself.

    Two runs are compared where ``least`` of their sketches agree; they are like each other where at least ``like`` of the longer one's codes are equal, in
    order. Of those that share a sketch the ``most`` newest are looked at. The first ``fixed`` in ``order`` belong to themselves, whatever they are like.
    """
    size, ways = sketches.shape
    slots = 1
    while slots < 2 * size * ways + 2:
        slots *= 2
    mask = np.uint64(slots - 1)
    heads = np.full(slots, -1, dtype=np.int64)  # newest entry of a sketch
    behind = np.full(size * ways, -1, dtype=np.int64)  # entry before it; entry = run * ways + way
    leader = np.full(size, -1, dtype=np.int64)
    tried = np.full(size, -1, dtype=np.int64)
    result = np.zeros(6, dtype=np.int64)
    for at in range(size):
        run = order[at]
        start, end = runs[run, 0], runs[run, 1]
        best, best_same = np.int64(-1), 0.0
        exact = False
        for way in range(ways if at >= fixed else 0):
            entry = heads[_slot_of(heads, sketches, run, way, ways, mask)]
            looked = 0
            while entry >= 0 and looked < most and not exact:
                other = entry // ways
                entry = behind[entry]
                looked += 1
                if tried[other] == run:
                    continue
                tried[other] = run
                begin, stop = runs[other, 0], runs[other, 1]
                longer = max(end - start, stop - begin)
                if min(end - start, stop - begin) < like * longer:
                    continue
                if end - start == stop - begin:
                    exact = True
                    for p in range(end - start):
                        if codes[start + p] != codes[begin + p]:
                            exact = False
                            break
                    if exact:
                        best = other
                        continue
                agreed = 0
                for w in range(ways):
                    agreed += sketches[run, w] == sketches[other, w]
                if agreed < least or not align(codes, start, end, codes, begin, stop, begin - start, band, result):
                    continue
                same = result[4] / longer
                if same >= like and (same > best_same or (same == best_same and other < best)):
                    best, best_same = other, same
        if best >= 0:
            leader[run] = best
            continue
        leader[run] = run
        for way in range(ways):
            slot = _slot_of(heads, sketches, run, way, ways, mask)
            behind[run * ways + way] = heads[slot]
            heads[slot] = run * ways + way
    return leader


@njit(cache=True, nogil=True)
def _slot_of(heads: Any, sketches: Any, run: int, way: int, ways: int, mask: Any) -> Any:
    """Where the entries of a run's sketch hang, or would."""
    value = sketches[run, way]
    slot = (value ^ (value >> np.uint64(31)) ^ np.uint64(way)) & mask
    while heads[slot] >= 0:
        entry = heads[slot]
        if entry % ways == way and sketches[entry // ways, way] == value:
            break
        slot = (slot + np.uint64(1)) & mask
    return slot


@njit(cache=True, nogil=True)
def find_candidates(
    first: int, last: int, group_of: Any, masked: Any, n: int, text: int, before: int, unit: int, year: int,
    starts: Any, places: Any, group_units: Any, common: int, text_of: Any, unit_of: Any, year_of: Any, covered: Any, example_groups: Any, example_places: Any,
    gone: Any,
    reach: int, drift: int, least: int,
) -> Any:  # fmt: skip
    """Passages of one target (its places ``first``..``last``) that earlier texts may have: rows of source text, target first and last place, diagonal, own.

    ``covered``, if it has any, marks places of sources that must not be used, ``gone`` texts; ``example_places`` are those that may be used even where a gram
    is common, by ``example_groups``, which are sorted. Seeds are grams that the target shares with another unit's text of no later year, or with an earlier one
    of its own unit; of one year, or without years, texts from number ``before`` on come later. A passage is a row of seeds on one diagonal, give or take
    ``drift``.
    """
    total = 0
    seeds = np.zeros((1024, 3), dtype=np.int64)  # source text, target place, diagonal
    for p in range(first, last):
        g = group_of[p - first]
        if g < 0 or masked[p - first] != 0:
            continue
        if group_units[g] <= common:
            begin, end = starts[g], starts[g + 1]
            known = places
        else:
            begin, end = np.searchsorted(example_groups, g), np.searchsorted(example_groups, g, side="right")
            known = example_places
        for m in range(begin, end):
            q = known[m]
            other = text_of[q]
            if other == text or (covered.shape[0] > 0 and covered[q] != 0) or (gone.shape[0] > 0 and gone[other] != 0):
                continue
            theirs = year_of[other]
            if unit_of[other] == unit:
                if not (0 <= theirs < year):
                    continue
            elif theirs >= 0 and year >= 0:
                if theirs > year or (theirs == year and other >= before):
                    continue
            elif other >= before:
                continue
            if total == seeds.shape[0]:
                seeds = _grow(seeds)
            seeds[total, 0] = other
            seeds[total, 1] = p
            seeds[total, 2] = q - p
            total += 1
    found = np.zeros((64, 5), dtype=np.int64)
    count = 0
    if total == 0:
        return found[:0]
    order = np.argsort(seeds[:total, 0], kind="mergesort")  # stable: by place within each source
    # passages being followed: first place, last place, diagonal now, sum of diagonals, seeds, covered characters
    lead = np.zeros((_OPEN, 6), dtype=np.int64)
    used = 0
    i = 0
    while i < total:
        other = seeds[order[i], 0]
        used = 0
        while True:
            fresh = i < total and seeds[order[i], 0] == other
            place = seeds[order[i], 1] if fresh else np.int64(1 << 60)
            # close what is too far behind
            kept = 0
            for o in range(used):
                if place - lead[o, 1] > reach:
                    if lead[o, 5] >= least:
                        if count == found.shape[0]:
                            found = _grow(found)
                        found[count, 0] = other
                        found[count, 1] = lead[o, 0]
                        found[count, 2] = lead[o, 1] + n
                        found[count, 3] = lead[o, 3] // lead[o, 4]
                        found[count, 4] = 1 if unit_of[other] == unit else 0
                        count += 1
                else:
                    for f in range(6):
                        lead[kept, f] = lead[o, f]
                    kept += 1
            used = kept
            if not fresh:
                break
            diagonal = seeds[order[i], 2]
            near = -1
            distance = drift + 1
            for o in range(used):
                away = abs(lead[o, 2] - diagonal)
                if away < distance:
                    near, distance = o, away
            if near >= 0:
                lead[near, 5] += min(n, place - lead[near, 1])
                lead[near, 1] = place
                lead[near, 2] = diagonal
                lead[near, 3] += diagonal
                lead[near, 4] += 1
            elif used < _OPEN:
                lead[used, 0] = place
                lead[used, 1] = place
                lead[used, 2] = diagonal
                lead[used, 3] = diagonal
                lead[used, 4] = 1
                lead[used, 5] = n
                used += 1
            i += 1
    return found[:count]


@njit(cache=True, nogil=True)
def align_candidates(
    candidates: Any, first: int, last: int, target: Any, source: Any, target_whole: Any, source_whole: Any, text_start: Any,
    margin: int, band: int, least_same: int, least_identity: float,
) -> Any:  # fmt: skip
    """Alignments of one target's candidates.

    ``target`` and ``source`` have templates blanked out; what agrees without them is then followed into the ``whole`` texts, for a copied passage may hold a
    sentence that everybody has, but no further than it is long itself. Own earlier text comes first: where it explains half of a passage, nobody else's is
    looked at.
    """
    found = np.zeros((max(1, candidates.shape[0]), 8), dtype=np.int64)
    count = 0
    own = np.zeros(last - first, dtype=np.uint8)
    result = np.zeros(6, dtype=np.int64)
    for turn in range(2):
        for i in range(candidates.shape[0]):
            if (candidates[i, 4] == 1) != (turn == 0):
                continue
            other, begin, end, diagonal = candidates[i, 0], candidates[i, 1], candidates[i, 2], candidates[i, 3]
            if turn == 1:
                held = 0
                for p in range(begin, end):
                    held += own[p - first]
                if 2 * held > end - begin:
                    continue
            t0, t1 = max(first, begin - margin), min(last, end + margin)
            s0, s1 = text_start[other], text_start[other + 1] - 1
            # an earlier candidate of the same source may have covered this one
            done = False
            for k in range(count):
                if found[k, 0] == other and found[k, 1] <= begin and end <= found[k, 2] and abs(found[k, 3] - found[k, 1] - diagonal) <= band:
                    done = True
                    break
            if done:
                continue
            if not align(target[t0 - first : t1 - first], 0, t1 - t0, source, s0, s1, diagonal + t0, band, result):
                continue
            if result[4] < least_same or result[4] < least_identity * result[5]:
                continue
            found[count, 0] = other
            core0, core1, core2, core3, core4, core5 = result[0] + t0, result[1] + t0, result[2], result[3], result[4], result[5]
            w0, w1 = max(first, core0 - core5), min(last, core1 + core5)
            v0, v1 = max(s0, core2 - core5), min(s1, core3 + core5)
            wider = align(target_whole[w0 - first : w1 - first], 0, w1 - w0, source_whole, v0, v1, (core2 + core3 - core0 - core1) // 2 + w0, band, result)
            if not (wider and result[0] + w0 <= core0 and result[1] + w0 >= core1 and result[4] >= least_identity * result[5]):
                result[0], result[1], result[2], result[3], result[4], result[5] = core0 - w0, core1 - w0, core2, core3, core4, core5
            t0 = w0
            found[count, 1] = result[0] + t0
            found[count, 2] = result[1] + t0
            found[count, 3] = result[2]
            found[count, 4] = result[3]
            found[count, 5] = result[4]
            found[count, 6] = result[5]
            found[count, 7] = candidates[i, 4]
            if turn == 0:
                for p in range(found[count, 1], found[count, 2]):
                    own[p - first] = 1
            count += 1
    return found[:count]


@njit(cache=True, nogil=True)
def compare_texts(
    begin: int, end: int, codes: Any, hidden: Any, group_of: Any, n: int, starts: Any, places: Any, group_units: Any, common: int, text_start: Any,
    text_of: Any, unit_of: Any, year_of: Any, covered: Any, reach: int, drift: int, least: int, margin: int, band: int, least_same: int, least_identity: float,
) -> Any:  # fmt: skip
    """Alignments of the texts ``begin``..``end`` with all earlier ones: rows of target text and the fields of ``align_candidates``."""
    out = np.zeros((256, 9), dtype=np.int64)
    nothing = np.zeros(0, dtype=np.uint8)
    no_groups = np.zeros(0, dtype=np.int32)
    no_places = np.zeros(0, dtype=np.uint32)
    count = 0
    for text in range(begin, end):
        first, last = text_start[text], text_start[text + 1] - 1
        candidates = find_candidates(
            first, last, group_of[first:last], covered[first:last], n, text, text, unit_of[text], year_of[text], starts, places, group_units, common,
            text_of, unit_of, year_of, covered, no_groups, no_places, nothing, reach, drift, least,
        )  # fmt: skip
        found = align_candidates(
            candidates, first, last, hidden[first:last], hidden, codes[first:last], codes, text_start, margin, band, least_same, least_identity
        )
        for i in range(found.shape[0]):
            if count == out.shape[0]:
                out = _grow(out)
            out[count, 0] = text
            for f in range(8):
                out[count, f + 1] = found[i, f]
            count += 1
    return out[:count]


@njit(cache=True, nogil=True)
def count_later(
    group_of: Any, masked: Any, text: int, before: int, unit: int, year: int, starts: Any, places: Any, group_units: Any, common: int, text_of: Any,
    unit_of: Any, year_of: Any, covered: Any, gone: Any, reach: int,
) -> Any:  # fmt: skip
    """How many seeds, none further than ``reach`` from the next, each text shares with an asked one that can be its source: at most those of a passage that
    ``find_candidates`` finds from the other side."""
    most = np.zeros(unit_of.shape[0], dtype=np.int32)
    counts = np.zeros(unit_of.shape[0], dtype=np.int32)
    last = np.zeros(unit_of.shape[0], dtype=np.int64)
    for p in range(group_of.shape[0]):
        g = group_of[p]
        if g < 0 or masked[p] != 0 or group_units[g] > common:
            continue
        for m in range(starts[g], starts[g + 1]):
            q = places[m]
            other = text_of[q]
            if other == text or covered[q] or gone[other] != 0:
                continue
            theirs = year_of[other]
            if unit_of[other] == unit:
                if not (0 <= year < theirs):
                    continue
            elif theirs >= 0 and year >= 0:
                if year > theirs or (theirs == year and other < before):
                    continue
            elif other < before:
                continue
            if p - last[other] > reach:
                counts[other] = 0
            last[other] = p
            counts[other] += 1
            most[other] = max(most[other], counts[other])
    return most


@njit(cache=True, nogil=True)
def count_units(
    groups: Any, starts: Any, places: Any, text_of: Any, unit_of: Any, gone: Any,
    more_groups: Any, more_starts: Any, more_places: Any, more_text_of: Any, more_unit_of: Any, units: int,
) -> Any:  # fmt: skip
    """Units that use each gram in two collections together, without what is ``gone`` of the first. The number of a gram is -1 where one has none."""
    out = np.zeros(groups.shape[0], dtype=np.uint16)
    seen = np.full(units, -1, dtype=np.int64)
    for i in range(groups.shape[0]):
        used = 0
        if groups[i] >= 0:
            for m in range(starts[groups[i]], starts[groups[i] + 1]):
                text = text_of[places[m]]
                if gone[text] == 0 and seen[unit_of[text]] != i:
                    seen[unit_of[text]] = i
                    used += 1
        if more_groups[i] >= 0:
            for m in range(more_starts[more_groups[i]], more_starts[more_groups[i] + 1]):
                unit = more_unit_of[more_text_of[more_places[m]]]
                if seen[unit] != i:
                    seen[unit] = i
                    used += 1
        out[i] = min(used, 65535)
    return out
