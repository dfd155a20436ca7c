/**
 * hdr_histogram: counts of latencies, from a nanosecond to a second, with a fixed relative precision.
 *
 * C takes the hdr_histogram library from deps/. This is the part of it that the server uses: record a value, ask for a
 * percentile, walk the counts in steps that double. A value lies in a bucket (its power of two) and in a linear sub bucket of that:
 *
 *     value      0 .. 255      256 .. 511      512 .. 1023     1024 .. 2047   ...   up to 2^30
 *     one slot   1 wide        2 wide          4 wide          8 wide
 *     slots      256           128             128             128            (2 significant digits)
 *
 *     counts[]   [ bucket 0: 256 slots ][ bucket 1: 128 ][ bucket 2: 128 ] ...      3072 in all for 1..1e9
 *
 * Who calls in: server.ts (record, INFO latencystats) and latency.ts (LATENCY HISTOGRAM). Whom it calls: zmalloc.ts for the account.
 *
 * What differs from C: values are 32 bit integers, which holds the tracked second of nanoseconds; counters are 32 bits wide in an
 * Int32Array, half of what C takes, while the account of memory is C's. hdr_init and the iterators return what C writes to pointers.
 */
import { zcalloc, zfree } from '../object/zmalloc.ts';

/** sizeof(struct hdr_histogram) on a 64 bit machine, for the account. */
const SIZEOF_HDR_HISTOGRAM = 104;
/** Bytes of one of C's counters, for the account. */
const SIZEOF_COUNT = 8;

/** A histogram; the names of the fields are the library's. */
export class hdr_histogram {
  lowest_discernible_value: number;
  highest_trackable_value: number;
  /** log2 of the width of the narrowest slot. */
  unit_magnitude: number;
  significant_figures: number;
  sub_bucket_half_count_magnitude: number;
  sub_bucket_half_count: number;
  sub_bucket_mask: number;
  sub_bucket_count: number;
  bucket_count: number;
  /** Smallest value other than 0 that was recorded; Infinity when there is none. */
  min_value = Infinity;
  max_value = 0;
  counts_len: number;
  total_count = 0;
  counts: Int32Array;

  constructor(
    lowest: number,
    highest: number,
    significant_figures: number,
    unit_magnitude: number,
    sub_bucket_count_magnitude: number,
    bucket_count: number,
  ) {
    this.lowest_discernible_value = lowest;
    this.highest_trackable_value = highest;
    this.significant_figures = significant_figures;
    this.unit_magnitude = unit_magnitude;
    this.sub_bucket_half_count_magnitude = sub_bucket_count_magnitude - 1;
    this.sub_bucket_count = 1 << sub_bucket_count_magnitude;
    this.sub_bucket_half_count = this.sub_bucket_count >> 1;
    this.sub_bucket_mask = (this.sub_bucket_count - 1) << unit_magnitude;
    this.bucket_count = bucket_count;
    // Bucket 0 uses both of its halves, every other one only the upper: hence the one more.
    this.counts_len = (bucket_count + 1) * this.sub_bucket_half_count;
    this.counts = new Int32Array(this.counts_len);
  }
}

/**
 * How many buckets it takes until `value` can be held.
 * @own buckets_needed_to_cover_value of hdr_histogram.c in deps
 */
export function buckets_needed_to_cover_value(
  value: number,
  sub_bucket_count: number,
  unit_magnitude: number,
): number {
  let smallest_untrackable_value = sub_bucket_count * 2 ** unit_magnitude;
  let buckets_needed = 1;
  while (smallest_untrackable_value <= value) {
    smallest_untrackable_value *= 2;
    buckets_needed++;
  }
  return buckets_needed;
}

/**
 * A new, empty histogram for values from `lowest` (at least 1) to `highest` (below 2^31), precise to 1-5 significant decimal
 * digits; null when the arguments make no sense. Its memory is accounted until hdr_close.
 * @own hdr_init of hdr_histogram.c in deps
 */
export function hdr_init(
  lowest: number,
  highest: number,
  significant_figures: number,
): hdr_histogram | null {
  if (lowest < 1 || significant_figures < 1 || significant_figures > 5) return null;
  if (lowest * 2 > highest || highest >= 2 ** 31) return null;

  // Below this value every integer needs a slot of its own.
  const single_unit = 2 * 10 ** significant_figures;
  const magnitude = Math.max(Math.ceil(Math.log2(single_unit)), 1);
  const unit_magnitude = Math.floor(Math.log2(lowest));
  const buckets = buckets_needed_to_cover_value(highest, 1 << magnitude, unit_magnitude);
  const h = new hdr_histogram(
    lowest,
    highest,
    significant_figures,
    unit_magnitude,
    magnitude,
    buckets,
  );
  zcalloc(h.counts_len * SIZEOF_COUNT);
  zcalloc(SIZEOF_HDR_HISTOGRAM);
  return h;
}

/**
 * Takes the histogram off the account; it must not be used afterwards.
 * @own hdr_close of hdr_histogram.c in deps
 */
export function hdr_close(h: hdr_histogram): void {
  zfree(h.counts_len * SIZEOF_COUNT);
  zfree(SIZEOF_HDR_HISTOGRAM);
}

/**
 * The index of the bucket that holds `value`.
 * @own get_bucket_index of hdr_histogram.c in deps
 */
export function get_bucket_index(h: hdr_histogram, value: number): number {
  const pow2ceiling = 32 - Math.clz32(value | h.sub_bucket_mask);
  return pow2ceiling - h.unit_magnitude - (h.sub_bucket_half_count_magnitude + 1);
}

/**
 * The slot of `value` in `counts`.
 * @own counts_index_for of hdr_histogram.c in deps
 */
export function counts_index_for(h: hdr_histogram, value: number): number {
  const bucket_index = get_bucket_index(h, value);
  const sub_bucket_index = value >> (bucket_index + h.unit_magnitude);
  const bucket_base_index = (bucket_index + 1) << h.sub_bucket_half_count_magnitude;
  return bucket_base_index + (sub_bucket_index - h.sub_bucket_half_count);
}

/**
 * The lowest value that falls into the slot `index`.
 * @own hdr_value_at_index of hdr_histogram.c in deps
 */
export function hdr_value_at_index(h: hdr_histogram, index: number): number {
  let bucket_index = (index >> h.sub_bucket_half_count_magnitude) - 1;
  let sub_bucket_index = (index & (h.sub_bucket_half_count - 1)) + h.sub_bucket_half_count;
  if (bucket_index < 0) {
    sub_bucket_index -= h.sub_bucket_half_count;
    bucket_index = 0;
  }
  return sub_bucket_index * 2 ** (bucket_index + h.unit_magnitude);
}

/**
 * The lowest value that shares a slot with `value`.
 * @own lowest_equivalent_value of hdr_histogram.c in deps
 */
export function lowest_equivalent_value(h: hdr_histogram, value: number): number {
  const shift = get_bucket_index(h, value) + h.unit_magnitude;
  return (value >>> shift) * 2 ** shift;
}

/**
 * How many consecutive values share the slot of `value`.
 * @own hdr_size_of_equivalent_value_range of hdr_histogram.c in deps
 */
export function hdr_size_of_equivalent_value_range(h: hdr_histogram, value: number): number {
  const bucket_index = get_bucket_index(h, value);
  const sub_bucket_index = value >> (bucket_index + h.unit_magnitude);
  const adjusted = sub_bucket_index >= h.sub_bucket_count ? bucket_index + 1 : bucket_index;
  return 2 ** (h.unit_magnitude + adjusted);
}

/**
 * The highest value that shares a slot with `value`.
 * @own highest_equivalent_value of hdr_histogram.c in deps
 */
export function highest_equivalent_value(h: hdr_histogram, value: number): number {
  return lowest_equivalent_value(h, value) + hdr_size_of_equivalent_value_range(h, value) - 1;
}

/**
 * Counts one occurrence of `value`, a whole number. False, and nothing is counted, when it is negative or too large. No
 * allocation: it runs once a command.
 * @own hdr_record_value of hdr_histogram.c in deps
 */
export function hdr_record_value(h: hdr_histogram, value: number): boolean {
  if (value < 0) return false;
  const counts_index = counts_index_for(h, value);
  if (counts_index < 0 || counts_index >= h.counts_len) return false;
  h.counts[counts_index]++;
  h.total_count++;
  if (value < h.min_value && value !== 0) h.min_value = value;
  if (value > h.max_value) h.max_value = value;
  return true;
}

/**
 * The value below or at which `percentile` percent (0-100) of the recorded values lie, as the highest value of its slot (the
 * lowest for percentile 0); 0 for an empty histogram.
 * @own hdr_value_at_percentile of hdr_histogram.c in deps
 */
export function hdr_value_at_percentile(h: hdr_histogram, percentile: number): number {
  const requested_percentile = percentile < 100 ? percentile : 100;
  let count_at_percentile = Math.trunc((requested_percentile / 100) * h.total_count + 0.5);
  if (count_at_percentile < 1) count_at_percentile = 1;

  let total = 0;
  for (let idx = 0; idx < h.counts_len; idx++) {
    total += h.counts[idx];
    if (total >= count_at_percentile) {
      const value = hdr_value_at_index(h, idx);
      // The least value is a lower bound, all others are upper ones.
      if (percentile === 0) return lowest_equivalent_value(h, value);
      return highest_equivalent_value(h, value);
    }
  }
  return 0;
}

/** A walk over the histogram in steps whose upper bound is multiplied each time. */
export class hdr_iter {
  h: hdr_histogram;
  /** The slot that the walk stands at, -1 before the first. */
  counts_index = -1;
  /** The recorded values when the walk began: what comes later ends it no earlier. */
  total_count: number;
  /** Count of the present slot. */
  count = 0;
  /** Counts of all slots up to the present one. */
  cumulative_count = 0;
  value = 0;
  highest_equivalent_value = 0;
  log_base: number;
  count_added_in_this_iteration_step = 0;
  next_value_reporting_level: number;
  next_value_reporting_level_lowest_equivalent: number;

  constructor(h: hdr_histogram, value_units_first_bucket: number, log_base: number) {
    this.h = h;
    this.total_count = h.total_count;
    this.log_base = log_base;
    this.next_value_reporting_level = value_units_first_bucket;
    this.next_value_reporting_level_lowest_equivalent = lowest_equivalent_value(
      h,
      value_units_first_bucket,
    );
  }
}

/**
 * A walk whose first step ends at `value_units_first_bucket` and whose steps grow by the factor `log_base`.
 * @own hdr_iter_log_init of hdr_histogram.c in deps
 */
export function hdr_iter_log_init(
  h: hdr_histogram,
  value_units_first_bucket: number,
  log_base: number,
): hdr_iter {
  return new hdr_iter(h, value_units_first_bucket, log_base);
}

/**
 * Steps to the next slot; false behind the last.
 * @own move_next of hdr_histogram.c in deps
 */
export function move_next(iter: hdr_iter): boolean {
  iter.counts_index++;
  if (iter.counts_index >= iter.h.counts_len) return false;
  iter.count = iter.h.counts[iter.counts_index];
  iter.cumulative_count += iter.count;
  iter.value = hdr_value_at_index(iter.h, iter.counts_index);
  iter.highest_equivalent_value = highest_equivalent_value(iter.h, iter.value);
  return true;
}

/**
 * Whether the value of the slot after the present one lies above `upper_bound`.
 * @own next_value_greater_than_reporting_level_upper_bound of hdr_histogram.c in deps
 */
export function next_value_greater_than_reporting_level_upper_bound(
  iter: hdr_iter,
  upper_bound: number,
): boolean {
  if (iter.counts_index >= iter.h.counts_len) return false;
  return hdr_value_at_index(iter.h, iter.counts_index + 1) > upper_bound;
}

/**
 * Goes on to the end of the next step; false when all recorded values have been walked over. `cumulative_count` and
 * `highest_equivalent_value` then describe the step.
 * @own hdr_iter_next of hdr_histogram.c in deps, with log_iter_next behind its pointer
 */
export function hdr_iter_next(iter: hdr_iter): boolean {
  iter.count_added_in_this_iteration_step = 0;
  if (
    iter.cumulative_count < iter.total_count ||
    next_value_greater_than_reporting_level_upper_bound(
      iter,
      iter.next_value_reporting_level_lowest_equivalent,
    )
  ) {
    for (;;) {
      if (iter.value >= iter.next_value_reporting_level_lowest_equivalent) {
        iter.next_value_reporting_level *= iter.log_base;
        iter.next_value_reporting_level_lowest_equivalent = lowest_equivalent_value(
          iter.h,
          iter.next_value_reporting_level,
        );
        return true;
      }
      if (!move_next(iter)) break;
      iter.count_added_in_this_iteration_step += iter.count;
    }
  }
  return false;
}
