/**
 * latency.c and latency.h: what made the server slow, and when.
 *
 * Two things under one command. The *latency monitor* (off while latency-monitor-threshold is 0) keeps for every kind of event that took
 * at least the threshold a ring of 160 samples, one a second at most; a second with several keeps the worst:
 *
 *     server.latency_events ─► 'command'      ─► latencyTimeSeries {idx, max, samples[160]}
 *                              'expire-cycle' ─► ...                     │
 *                                                                       [ ... | time, latency | (next) | oldest | ... ]
 *                                                                                              idx
 *
 * The *histograms* (latency-tracking) count every execution of every command; they lie in the commands, and LATENCY HISTOGRAM shows them.
 *
 * Who calls in: whatever may be slow brackets itself with latencyStartMonitor(), latencyEndMonitor() and latencyAddSampleIfNeeded(): call(),
 * the cron, expire.ts, evict.ts. LATENCY reads. Whom it calls: sparkline.ts for GRAPH, hdr_histogram.ts, zmalloc.ts for huge pages.
 *
 * What differs from C: the macros are functions that return the new value of their variable; the advice of LATENCY DOCTOR is worded anew.
 */
import { posix } from '../posix/posix.ts';
import {
  dictAdd,
  dictCreate,
  dictDelete,
  dictFetchValue,
  dictFind,
  dictGenHashFunction,
  dictGetIterator,
  dictGetKey,
  dictGetSafeIterator,
  dictGetVal,
  dictNext,
  dictReleaseIterator,
  dictSize,
  type dict,
  type dictType,
} from '../object/dict.ts';
import { printf_f } from '../object/longdouble.ts';
import { objPtrString } from '../object/object.ts';
import { strcasecmp } from '../object/util.ts';
import { zfree, zmalloc, zmalloc_get_smap_bytes_by_field } from '../object/zmalloc.ts';
import {
  addReplyArrayLen,
  addReplyBulkCBuffer,
  addReplyBulkCString,
  addReplyDeferredLen,
  addReplyErrorFormat,
  addReplyHelp,
  addReplyLongLong,
  addReplyMapLen,
  addReplySubcommandSyntaxError,
  addReplyVerbatim,
  cstr,
  setDeferredArrayLen,
  setDeferredMapLen,
} from '../networking/networking.ts';
import { hdr_iter_log_init, hdr_iter_next, type hdr_histogram } from './hdr_histogram.ts';
import { lookupCommandBySds, mstime } from './server.ts';
import { AOF_FSYNC_ALWAYS, server, type client, type redisCommand } from './server.h.ts';
import {
  SPARKLINE_FILL,
  createSparklineSequence,
  freeSparklineSequence,
  sparklineRender,
  sparklineSequenceAddSample,
} from './sparkline.ts';

/* ------------------------------- latency.h -------------------------------- */

/** Samples that each event remembers. */
export const LATENCY_TS_LEN = 160;

/** One second in which an event was slow. */
export class latencySample {
  /** Unix time in seconds; 0 marks a place of the ring that was never used. */
  time = 0;
  /** Milliseconds; the worst of that second. */
  latency = 0;
}

/** The history of one event. */
export class latencyTimeSeries {
  /** Where the next sample goes: also the oldest one, when the ring is full. */
  idx = 0;
  /** The worst ever, milliseconds; outlives the sample that it came from. */
  max = 0;
  samples: latencySample[] = Array.from({ length: LATENCY_TS_LEN }, () => new latencySample());
}

/** What analyzeLatencyForEvent finds out; milliseconds unless said otherwise, all of them whole. */
export class latencyStats {
  /** The worst since the last reset. */
  all_time_high = 0;
  avg = 0;
  min = 0;
  max = 0;
  /** Mean absolute deviation from the average. */
  mad = 0;
  /** How many samples there are. */
  samples = 0;
  /** Seconds from the oldest sample to now, at least 1. */
  period = 0;
}

/** sizeof(struct latencyTimeSeries), for the account. */
const SIZEOF_LATENCYTIMESERIES = 8 + LATENCY_TS_LEN * 8;

/**
 * The time (ms) at which something begins that may be slow; 0 while the monitor is off, which saves the look at the clock.
 * @own macro latencyStartMonitor of latency.h
 */
export function latencyStartMonitor(): number {
  return server.latency_monitor_threshold ? mstime() : 0;
}

/**
 * The milliseconds since `start`, which latencyStartMonitor() gave. While the monitor is off, `start` itself. When it was turned on
 * in between, `start` is 0 and the result is huge, as it is in C.
 * @own macro latencyEndMonitor of latency.h
 */
export function latencyEndMonitor(start: number): number {
  return server.latency_monitor_threshold ? mstime() - start : start;
}

/**
 * Notes that `event` took `latency` milliseconds, if that reaches the threshold and the monitor is on.
 * @own macro latencyAddSampleIfNeeded of latency.h
 */
export function latencyAddSampleIfNeeded(event: string, latency: number): void {
  if (server.latency_monitor_threshold && latency >= server.latency_monitor_threshold)
    latencyAddSample(event, latency);
}

/**
 * Moves the start of an event forward by what a nested event took, so that the outer one is not blamed for it. Returns the new start.
 * @own macro latencyRemoveNestedEvent of latency.h
 */
export function latencyRemoveNestedEvent(start: number, nested: number): number {
  return start + nested;
}

/* ------------------------------- latency.c -------------------------------- */

/**
 * Whether two keys of a dictionary of plain strings are the same.
 * @c latency.c:39
 */
export function dictStringKeyCompare<V>(_d: dict<string, V>, key1: string, key2: string): boolean {
  return key1 === key2;
}

/**
 * The hash of a plain string.
 * @c latency.c:44
 */
export function dictStringHash(key: string): number {
  return dictGenHashFunction(key);
}

/**
 * Takes the name of an event off the account of memory.
 * @own dictVanillaFree of server.c for keys, which here must know the size
 */
export function latencyFreeEventName(_d: dict<string, latencyTimeSeries>, event: string): void {
  zfree(event.length + 1);
}

/**
 * Takes a time series off the account of memory.
 * @own dictVanillaFree of server.c for values, which here must know the size
 */
export function latencyFreeTimeSeries(
  _d: dict<string, latencyTimeSeries>,
  _ts: latencyTimeSeries,
): void {
  zfree(SIZEOF_LATENCYTIMESERIES);
}

/** The dictionary of time series: name of the event to its history. */
export const latencyTimeSeriesDictType: dictType<string, latencyTimeSeries> = {
  hashFunction: dictStringHash,
  keyDup: null,
  valDup: null,
  keyCompare: dictStringKeyCompare,
  keyDestructor: latencyFreeEventName,
  valDestructor: latencyFreeTimeSeries,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/* ------------------------- Utility functions ------------------------------ */

/**
 * Bytes of this process that lie in anonymous huge pages. Anything above 0 tells that transparent huge pages are on, which makes
 * memory larger and page faults longer; 0 where the kernel does not say.
 * @c latency.c:65
 */
export function THPGetAnonHugePagesSize(): number {
  return zmalloc_get_smap_bytes_by_field('AnonHugePages:', -1);
}

/* ---------------------------- Latency API --------------------------------- */

/**
 * Starts without any event, at server start; the series come with the first sample of their event.
 * @c latency.c:74
 */
export function latencyMonitorInit(): void {
  server.latency_events = dictCreate(latencyTimeSeriesDictType);
}

/**
 * Adds a sample of `latency` milliseconds to the series of `event`. A second sample in the same second replaces the first if it is
 * worse, and is dropped otherwise. The threshold is latencyAddSampleIfNeeded()'s affair.
 * @c latency.c:82
 */
export function latencyAddSample(event: string, latency: number): void {
  let ts = dictFetchValue(server.latency_events, event);
  const now = Math.floor(posix.gettimeofday() / 1000000);

  if (ts === null) {
    ts = new latencyTimeSeries();
    zmalloc(SIZEOF_LATENCYTIMESERIES);
    zmalloc(event.length + 1);
    dictAdd(server.latency_events, event, ts);
  }

  // C keeps 32 bits of it; that shows when the monitor was turned on while something was being timed.
  const ms = latency >>> 0;
  if (latency > ts.max) ts.max = ms;

  const prev = ts.samples[(ts.idx + LATENCY_TS_LEN - 1) % LATENCY_TS_LEN];
  if (prev.time === now) {
    if (latency > prev.latency) prev.latency = ms;
    return;
  }

  ts.samples[ts.idx].time = now;
  ts.samples[ts.idx].latency = ms;

  ts.idx++;
  if (ts.idx === LATENCY_TS_LEN) ts.idx = 0;
}

/**
 * Forgets one event, in any case of letters, or with null all of them. Returns how many were forgotten. There are only a few kinds of
 * events, so it always walks over all.
 * @c latency.c:119
 */
export function latencyResetEvent(event_to_reset: string | null): number {
  let resets = 0;
  // Safe: entries are deleted under the iterator.
  const di = dictGetSafeIterator(server.latency_events);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const event = dictGetKey(de);
    if (event_to_reset === null || strcasecmp(event, event_to_reset) === 0) {
      dictDelete(server.latency_events, event);
      resets++;
    }
  }
  dictReleaseIterator(di);
  return resets;
}

/* ------------------------ Latency reporting (doctor) ---------------------- */

/**
 * Fills `ls` with the figures of an event; with zeros when nothing is known of it. Divisions drop the fraction, as in C.
 * @c latency.c:144
 */
export function analyzeLatencyForEvent(event: string, ls: latencyStats): void {
  const ts = dictFetchValue(server.latency_events, event);

  ls.all_time_high = ts !== null ? ts.max : 0;
  ls.avg = 0;
  ls.min = 0;
  ls.max = 0;
  ls.mad = 0;
  ls.samples = 0;
  ls.period = 0;
  if (ts === null) return;

  // All but the deviation, which needs the average. Until the loop ends, `period` is the time of the oldest sample.
  let sum = 0;
  for (let j = 0; j < LATENCY_TS_LEN; j++) {
    const sample = ts.samples[j];
    if (sample.time === 0) continue;
    ls.samples++;
    if (ls.samples === 1) {
      ls.min = ls.max = sample.latency;
    } else {
      if (ls.min > sample.latency) ls.min = sample.latency;
      if (ls.max < sample.latency) ls.max = sample.latency;
    }
    sum += sample.latency;
    if (ls.period === 0 || sample.time < ls.period) ls.period = sample.time;
  }

  if (ls.samples) {
    ls.avg = Math.trunc(sum / ls.samples);
    ls.period = Math.floor(posix.gettimeofday() / 1000000) - ls.period;
    if (ls.period === 0) ls.period = 1;
  }

  sum = 0;
  for (let j = 0; j < LATENCY_TS_LEN; j++) {
    const sample = ts.samples[j];
    if (sample.time === 0) continue;
    sum += Math.abs(ls.avg - sample.latency);
  }
  if (ls.samples) ls.mad = Math.trunc(sum / ls.samples);
}

/**
 * The report of LATENCY DOCTOR: one line an event with its figures, then advice that follows from which events there are and from the
 * configuration. The lines of figures and the sentences that open the report are C's, for the sake of programs that read it.
 * @c latency.c:201
 */
export function createLatencyReport(): string {
  let report = '';
  let advise_better_vm = false;
  let advise_slowlog_enabled = false;
  let advise_slowlog_tuning = false;
  let advise_slowlog_inspect = false;
  let advise_disk_contention = false;
  let advise_scheduler = false;
  let advise_data_writeback = false;
  let advise_no_appendfsync = false;
  let advise_local_disk = false;
  let advise_ssd = false;
  let advise_write_load_info = false;
  let advise_hz = false;
  let advise_large_objects = false;
  let advise_mass_eviction = false;
  let advise_relax_fsync_policy = false;
  let advise_disable_thp = false;
  let advices = 0;

  // Off now, and nothing left from a time when it was on.
  if (dictSize(server.latency_events) === 0 && server.latency_monitor_threshold === 0) {
    report +=
      "I'm sorry, Dave, I can't do that. Latency monitoring is disabled in this Redis instance. " +
      'Turn it on with "CONFIG SET latency-monitor-threshold <milliseconds>": events that take at least that long are then recorded. ' +
      'What it can tell you is described at https://redis.io/topics/latency-monitor.\n';
    return report;
  }

  // The figures of each event; on the way, note which advice fits.
  let eventnum = 0;
  const ls = new latencyStats();
  const di = dictGetSafeIterator(server.latency_events);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const event = dictGetKey(de);
    const ts = dictGetVal(de);

    eventnum++;
    if (eventnum === 1) {
      report +=
        "Dave, I have observed latency spikes in this Redis instance. You don't mind talking about it, do you Dave?\n\n";
    }
    analyzeLatencyForEvent(event, ls);

    report +=
      `${eventnum}. ${event}: ${ls.samples} latency spikes (average ${ls.avg}ms, mean deviation ${ls.mad}ms, ` +
      `period ${printf_f(ls.period / ls.samples, 2)} sec). Worst all time event ${ts.max}ms.`;

    if (!strcasecmp(event, 'fork')) {
      let fork_quality: string;
      if (server.stat_fork_rate < 10) {
        fork_quality = 'terrible';
        advise_better_vm = true;
        advices++;
      } else if (server.stat_fork_rate < 25) {
        fork_quality = 'poor';
        advise_better_vm = true;
        advices++;
      } else if (server.stat_fork_rate < 100) {
        fork_quality = 'good';
      } else {
        fork_quality = 'excellent';
      }
      report += ` Fork rate is ${printf_f(server.stat_fork_rate, 2)} GB/sec (${fork_quality}).`;
    }

    // A slow command: is it slow enough for the slow log, which would name it?
    if (!strcasecmp(event, 'command')) {
      if (server.slowlog_log_slower_than < 0) {
        advise_slowlog_enabled = true;
        advices++;
      } else if (
        Math.trunc(server.slowlog_log_slower_than / 1000) > server.latency_monitor_threshold
      ) {
        advise_slowlog_tuning = true;
        advices++;
      }
      advise_slowlog_inspect = true;
      advise_large_objects = true;
      advices += 2;
    }

    // Commands flagged fast have no reason in themselves to be slow.
    if (!strcasecmp(event, 'fast-command')) {
      advise_scheduler = true;
      advices++;
    }

    if (!strcasecmp(event, 'aof-write-pending-fsync')) {
      advise_local_disk = true;
      advise_disk_contention = true;
      advise_ssd = true;
      advise_data_writeback = true;
      advices += 4;
    }

    if (!strcasecmp(event, 'aof-write-active-child')) {
      advise_no_appendfsync = true;
      advise_data_writeback = true;
      advise_ssd = true;
      advices += 3;
    }

    if (!strcasecmp(event, 'aof-write-alone')) {
      advise_local_disk = true;
      advise_data_writeback = true;
      advise_ssd = true;
      advices += 3;
    }

    if (!strcasecmp(event, 'aof-fsync-always')) {
      advise_relax_fsync_policy = true;
      advices++;
    }

    if (!strcasecmp(event, 'aof-fstat') || !strcasecmp(event, 'rdb-unlink-temp-file')) {
      advise_disk_contention = true;
      advise_local_disk = true;
      advices += 2;
    }

    if (!strcasecmp(event, 'aof-rewrite-diff-write') || !strcasecmp(event, 'aof-rename')) {
      advise_write_load_info = true;
      advise_data_writeback = true;
      advise_ssd = true;
      advise_local_disk = true;
      advices += 4;
    }

    if (!strcasecmp(event, 'expire-cycle')) {
      advise_hz = true;
      advise_large_objects = true;
      advices += 2;
    }

    if (!strcasecmp(event, 'eviction-del')) {
      advise_large_objects = true;
      advices++;
    }

    if (!strcasecmp(event, 'eviction-cycle')) {
      advise_mass_eviction = true;
      advices++;
    }

    report += '\n';
  }
  dictReleaseIterator(di);

  // Follows from the machine and not from an event.
  if (THPGetAnonHugePagesSize() > 0) {
    advise_disable_thp = true;
    advices++;
  }

  if (eventnum === 0 && advices === 0) {
    report +=
      'Dave, no latency spike was observed during the lifetime of this Redis instance, not in the slightest bit. ' +
      'I honestly think you ought to sit down calmly, take a stress pill, and think things over.\n';
  } else if (eventnum > 0 && advices === 0) {
    report +=
      "\nWhile there are latency events logged, I'm not able to suggest any easy fix. " +
      'Ask other users of Redis, and show them this report.\n';
  } else {
    report += '\nI have a few advices for you:\n\n';
    if (advise_better_vm) {
      report +=
        '- Forking is slow here. On a virtual machine that is often the fault of the hypervisor (Xen is one that is slow at it): ' +
        'try another one, or another class of instance of the same provider, since these can differ much.\n';
    }

    if (advise_slowlog_enabled) {
      report +=
        '- Some of your commands may be slow, but the Slow Log is off, and so nothing tells which. ' +
        `Turn it on: 'CONFIG SET slowlog-log-slower-than ${server.latency_monitor_threshold * 1000}'.\n`;
    }

    if (advise_slowlog_tuning) {
      report +=
        '- The Slow Log skips commands that the latency monitor already counts as slow, since its limit is the higher of the two. ' +
        `Lower it: 'CONFIG SET slowlog-log-slower-than ${server.latency_monitor_threshold * 1000}'.\n`;
    }

    if (advise_slowlog_inspect) {
      report +=
        '- Look into your Slow Log to see which commands take too long. See https://redis.io/commands/slowlog for how to read it.\n';
    }

    if (advise_scheduler) {
      report +=
        '- Code that neither waits nor asks the system for anything takes too long. ' +
        'Mostly the reason is that the process does not get the processor when it needs it. You could:\n' +
        '  1) Take load off the system.\n' +
        '  2) Give Redis a machine, or a virtual one, of its own.\n' +
        '  3) Find out whether other virtual machines on the same host ("noisy neighbours") take the processor away.\n' +
        "  4) Measure what the system costs by itself: 'redis-cli --intrinsic-latency 100'.\n" +
        "  5) Find out whether the garbage collector makes the pauses: start the server with node's option --trace-gc.\n";
    }

    if (advise_local_disk) {
      report +=
        '- Keep the files of persistence on a local disk, above all the AOF. ' +
        'The network disks that platform providers offer are often slow.\n';
    }

    if (advise_ssd) {
      report +=
        '- An SSD shortens each fsync, and the time for a snapshot or a rewrite of the AOF, which then also takes less memory. ' +
        'It is worth it under a very high write load; but ordinary disks carry a high one too, so try everything else first.\n';
    }

    if (advise_data_writeback) {
      report +=
        '- On ext3 and ext4, the mount option data=writeback is faster than data=ordered. It promises less: ' +
        'after a crash of the machine the AOF may end in half a command, and must be repaired before Redis starts again.\n';
    }

    if (advise_disk_contention) {
      report +=
        '- Make sure that Redis does not compete for the disk with other programs that use it much, other Redis instances among them.\n';
    }

    if (advise_no_appendfsync) {
      report +=
        "- If your data allows it, set 'no-appendfsync-on-rewrite' to yes: " +
        'then there is no fsync while the AOF is rewritten or an RDB file saved, which is when the disk is busiest.\n';
    }

    // The series may be older than a change of the policy, so look at what holds now.
    if (advise_relax_fsync_policy && server.aof_fsync === AOF_FSYNC_ALWAYS) {
      report +=
        "- Your fsync policy is 'always', with which good latency is hard to get. Change 'appendfsync' to 'everysec' if you can.\n";
    }

    if (advise_write_load_info) {
      report +=
        '- The last step of an AOF rewrite, renaming the file and writing what came meanwhile, is slow when that is much: ' +
        'with a very high write load the buffer gets large. Do the same work with fewer commands, each of which does more.\n';
    }

    if (advise_hz && server.hz < 100) {
      report +=
        "- Expired keys are removed in smaller steps when the steps come more often: 'CONFIG SET hz 100'.\n";
    }

    if (advise_large_objects) {
      report +=
        '- Everything waits while a large value is deleted, expired or evicted because of maxmemory. ' +
        'If that happens to you often, spread such values over several smaller keys.\n';
    }

    if (advise_mass_eviction) {
      report +=
        "- When memory gets scarce at once, many keys must be evicted at once, and all wait for that. Causes are a lower 'maxmemory' by " +
        'CONFIG SET, large results of set operations on sets or sorted sets or of SORT ... STORE, and large keys that arrive by RESTORE.\n';
    }

    if (advise_disable_thp) {
      report +=
        '- Your process has anonymous huge pages. They make for very long pauses, most of all while data is being saved. ' +
        "Switch them off with 'echo never > /sys/kernel/mm/transparent_hugepage/enabled', and see to it that this is done " +
        'after each boot of the machine. Then restart Redis: the pages that the process already has stay until it ends.\n';
    }
  }

  return report;
}

/* ---------------------- Latency command implementation -------------------- */

/**
 * Replies with one histogram: the calls, and how many of them took at most so many microseconds. The steps double, from about a
 * microsecond (1024 nanoseconds) to a second; those that add nothing are left out.
 * @c latency.c:467
 */
export function fillCommandCDF(c: client, histogram: hdr_histogram): void {
  addReplyMapLen(c, 2);
  addReplyBulkCString(c, 'calls');
  addReplyLongLong(c, histogram.total_count);
  addReplyBulkCString(c, 'histogram_usec');
  const replylen = addReplyDeferredLen(c);
  let samples = 0;
  const iter = hdr_iter_log_init(histogram, 1024, 2);
  let previous_count = 0;
  while (hdr_iter_next(iter)) {
    const micros = Math.trunc(iter.highest_equivalent_value / 1000);
    const cumulative_count = iter.cumulative_count;
    if (cumulative_count > previous_count) {
      addReplyLongLong(c, micros);
      addReplyLongLong(c, cumulative_count);
      samples++;
    }
    previous_count = cumulative_count;
  }
  setDeferredMapLen(c, replylen, samples);
}

/**
 * Replies with the histograms of all commands and subcommands of a table that were ever executed, name by name. Returns how many
 * these were; C adds to a counter of the caller.
 * @c latency.c:492
 */
export function latencyAllCommandsFillCDF(c: client, commands: dict<string, redisCommand>): number {
  let command_with_data = 0;
  const di = dictGetSafeIterator(commands);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const cmd = dictGetVal(de);
    if (cmd.latency_histogram !== null) {
      addReplyBulkCBuffer(c, cmd.fullname);
      fillCommandCDF(c, cmd.latency_histogram);
      command_with_data++;
    }
    if (cmd.subcommands_dict !== null)
      command_with_data += latencyAllCommandsFillCDF(c, cmd.subcommands_dict);
  }
  dictReleaseIterator(di);
  return command_with_data;
}

/**
 * LATENCY HISTOGRAM command ...: the histograms of the commands named, each with its subcommands. A name that is no command, or a
 * command that was never executed, is passed over.
 * @c latency.c:514
 */
export function latencySpecificCommandsFillCDF(c: client): void {
  const replylen = addReplyDeferredLen(c);
  let command_with_data = 0;
  for (let j = 2; j < c.argc; j++) {
    const cmd = lookupCommandBySds(objPtrString(c.argv[j]));
    if (cmd === null) continue;

    if (cmd.latency_histogram !== null) {
      addReplyBulkCBuffer(c, cmd.fullname);
      fillCommandCDF(c, cmd.latency_histogram);
      command_with_data++;
    }

    if (cmd.subcommands_dict !== null) {
      const di = dictGetSafeIterator(cmd.subcommands_dict);
      for (let de = dictNext(di); de !== null; de = dictNext(di)) {
        const sub = dictGetVal(de);
        if (sub.latency_histogram !== null) {
          addReplyBulkCBuffer(c, sub.fullname);
          fillCommandCDF(c, sub.latency_histogram);
          command_with_data++;
        }
      }
      dictReleaseIterator(di);
    }
  }
  setDeferredMapLen(c, replylen, command_with_data);
}

/**
 * Replies with the samples of a series as pairs of time (s) and latency (ms), oldest first.
 * @c latency.c:550
 */
export function latencyCommandReplyWithSamples(c: client, ts: latencyTimeSeries): void {
  const replylen = addReplyDeferredLen(c);
  let samples = 0;
  for (let j = 0; j < LATENCY_TS_LEN; j++) {
    const sample = ts.samples[(ts.idx + j) % LATENCY_TS_LEN];
    if (sample.time === 0) continue;
    addReplyArrayLen(c, 2);
    addReplyLongLong(c, sample.time);
    addReplyLongLong(c, sample.latency);
    samples++;
  }
  setDeferredArrayLen(c, replylen, samples);
}

/**
 * LATENCY LATEST: for each event its name, the time and latency of the last sample, and the worst ever.
 * @c latency.c:568
 */
export function latencyCommandReplyWithLatestEvents(c: client): void {
  addReplyArrayLen(c, dictSize(server.latency_events));
  const di = dictGetIterator(server.latency_events);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const ts = dictGetVal(de);
    const last = ts.samples[(ts.idx + LATENCY_TS_LEN - 1) % LATENCY_TS_LEN];
    addReplyArrayLen(c, 4);
    addReplyBulkCString(c, dictGetKey(de));
    addReplyLongLong(c, last.time);
    addReplyLongLong(c, last.latency);
    addReplyLongLong(c, ts.max);
  }
  dictReleaseIterator(di);
}

/** Width of LATENCY GRAPH in characters: a sample each. */
export const LATENCY_GRAPH_COLS = 80;

/**
 * The graph of a series, under a line with its extremes. Each column is a sample, labelled with how long ago it was (s, m, h or d).
 * @c latency.c:589
 */
export function latencyCommandGenSparkeline(event: string, ts: latencyTimeSeries): string {
  const seq = createSparklineSequence();
  let min = 0;
  let max = 0;

  for (let j = 0; j < LATENCY_TS_LEN; j++) {
    const sample = ts.samples[(ts.idx + j) % LATENCY_TS_LEN];
    if (sample.time === 0) continue;
    if (seq.length === 0) {
      min = max = sample.latency;
    } else {
      if (sample.latency > max) max = sample.latency;
      if (sample.latency < min) min = sample.latency;
    }
    const elapsed = Math.floor(posix.gettimeofday() / 1000000) - sample.time;
    let label: string;
    if (elapsed < 60) label = `${elapsed}s`;
    else if (elapsed < 3600) label = `${Math.trunc(elapsed / 60)}m`;
    else if (elapsed < 3600 * 24) label = `${Math.trunc(elapsed / 3600)}h`;
    else label = `${Math.trunc(elapsed / (3600 * 24))}d`;
    sparklineSequenceAddSample(seq, sample.latency, label);
  }

  let graph = `${event} - high ${max} ms, low ${min} ms (all time high ${ts.max} ms)\n`;
  graph += '-'.repeat(LATENCY_GRAPH_COLS);
  graph += '\n';
  graph = sparklineRender(graph, seq, LATENCY_GRAPH_COLS, 4, SPARKLINE_FILL);
  freeSparklineSequence(seq);
  return graph;
}

/**
 * LATENCY HISTORY event | GRAPH event | LATEST | DOCTOR | RESET [event ...] | HISTOGRAM [command ...] | HELP.
 * @c latency.c:642
 */
export function latencyCommand(c: client): void {
  const sub = objPtrString(c.argv[1]);
  if (!strcasecmp(sub, 'history') && c.argc === 3) {
    const ts = dictFetchValue(server.latency_events, cstr(objPtrString(c.argv[2])));
    if (ts === null) addReplyArrayLen(c, 0);
    else latencyCommandReplyWithSamples(c, ts);
  } else if (!strcasecmp(sub, 'graph') && c.argc === 3) {
    const event = cstr(objPtrString(c.argv[2]));
    const de = dictFind(server.latency_events, event);
    if (de === null) {
      addReplyErrorFormat(c, `No samples available for event '${event}'`);
      return;
    }
    addReplyVerbatim(c, latencyCommandGenSparkeline(dictGetKey(de), dictGetVal(de)), 'txt');
  } else if (!strcasecmp(sub, 'latest') && c.argc === 2) {
    latencyCommandReplyWithLatestEvents(c);
  } else if (!strcasecmp(sub, 'doctor') && c.argc === 2) {
    addReplyVerbatim(c, createLatencyReport(), 'txt');
  } else if (!strcasecmp(sub, 'reset') && c.argc >= 2) {
    if (c.argc === 2) {
      addReplyLongLong(c, latencyResetEvent(null));
    } else {
      let resets = 0;
      for (let j = 2; j < c.argc; j++) resets += latencyResetEvent(cstr(objPtrString(c.argv[j])));
      addReplyLongLong(c, resets);
    }
  } else if (!strcasecmp(sub, 'histogram') && c.argc >= 2) {
    if (c.argc === 2) {
      const replylen = addReplyDeferredLen(c);
      const command_with_data = latencyAllCommandsFillCDF(c, server.commands);
      setDeferredMapLen(c, replylen, command_with_data);
    } else {
      latencySpecificCommandsFillCDF(c);
    }
  } else if (!strcasecmp(sub, 'help') && c.argc === 2) {
    addReplyHelp(c, [
      'DOCTOR',
      '    Return a human readable latency analysis report.',
      'GRAPH <event>',
      '    Return an ASCII latency graph for the <event> class.',
      'HISTORY <event>',
      '    Return time-latency samples for the <event> class.',
      'LATEST',
      '    Return the latest latency samples for all events.',
      'RESET [<event> ...]',
      '    Reset latency data of one or more <event> classes.',
      '    (default: reset all data for all event classes)',
      'HISTOGRAM [COMMAND ...]',
      '    Return a cumulative distribution of latencies in the format of a histogram for the specified command names.',
      '    If no commands are specified then all histograms are replied.',
    ]);
  } else {
    addReplySubcommandSyntaxError(c);
  }
}
