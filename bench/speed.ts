/**
 * Throughput: redis-benchmark against both servers, case by case.
 *
 * A case is a test of redis-benchmark, or a command of its own; what it needs is prepared before, and not counted: a list
 * that is long enough to be popped from, keys that can be read.
 *
 * Who calls in: bench.ts. Whom it calls: Debian's redis-benchmark, the servers.
 */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { startServer, type TestServer } from '../test/support/server.ts';
import { median, printRow } from './table.ts';

/** Debian's load generator. */
export const benchmark = '/usr/bin/redis-benchmark';

/** One row of the table. */
interface Case {
  name: string;
  /** The name of the test in redis-benchmark, or the words of a command. */
  test: string | string[];
  /** The test that must have run before: so often that all random keys are there. */
  prepare?: string;
  pipeline: number;
  /** Bytes of a value. */
  size: number;
  /** By what the number of requests is divided: a reply of hundreds of elements takes its time. */
  share: number;
}

interface Sample {
  /** Requests a second. */
  rate: number;
  /** Seconds of processor time for a million requests. */
  cpu: number;
}

/**
 * Strings come in two sizes, and the keyspace holds its keys before: otherwise most SETs of a run would add one, and the row would
 * show how a server grows (an own row does), not how it serves.
 */
const bySize: { name: string; test: string; prepare?: string }[] = [
  { name: 'SET', test: 'set', prepare: 'set' },
  { name: 'GET', test: 'get', prepare: 'set' },
  { name: 'SET from empty', test: 'set' },
];

/** So many requests for each random key leave out not one key in a hundred. */
const fillings = 5;

/** The rest of redis-benchmark's list; what a test needs before it. */
const others: { name: string; test: string | string[]; prepare?: string; share?: number }[] = [
  { name: 'PING', test: 'ping_mbulk' },
  { name: 'INCR', test: 'incr', prepare: 'incr' },
  { name: 'LPUSH', test: 'lpush' },
  { name: 'RPUSH', test: 'rpush' },
  { name: 'LPOP', test: 'lpop', prepare: 'lpush' },
  { name: 'RPOP', test: 'rpop', prepare: 'lpush' },
  { name: 'SADD', test: 'sadd' },
  { name: 'HSET', test: 'hset' },
  { name: 'SPOP', test: 'spop', prepare: 'sadd' },
  { name: 'ZADD', test: 'zadd' },
  { name: 'ZPOPMIN', test: 'zpopmin', prepare: 'zadd' },
  ...[100, 300, 500, 600].map((count) => ({
    name: `LRANGE_${count}`,
    test: ['LRANGE', 'mylist', '0', String(count - 1)],
    prepare: 'lpush',
    share: count / 30,
  })),
  { name: 'MSET', test: 'mset', prepare: 'mset', share: 4 },
  { name: 'MSET from empty', test: 'mset', share: 4 },
  // Not a test of redis-benchmark 7.0.
  { name: 'XADD', test: ['XADD', 'mystream', '*', 'myfield', 'xxx'] },
];

/** All rows, those with one command at a time first. */
function allCases(): Case[] {
  const cases: Case[] = [];
  for (const pipeline of [1, 16]) {
    for (const size of [16, 1024]) {
      for (const { name, ...entry } of bySize) {
        cases.push({
          name: `${name} -P ${pipeline} -d ${size}`,
          ...entry,
          pipeline,
          size,
          share: 1,
        });
      }
    }
    for (const { name, test, prepare, share } of others) {
      const more = prepare === undefined ? {} : { prepare };
      cases.push({
        name: `${name} -P ${pipeline}`,
        test,
        ...more,
        pipeline,
        size: 3,
        share: share ?? 1,
      });
    }
  }
  return cases;
}

/** Seconds of processor time, user and system, that a process took so far. */
function processorSeconds(pid: number): number {
  // The name of the program, which may contain anything, stands in parentheses before the numbers.
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** Runs one case once against one server; without random `keys`, each request names the same key or element. */
function measure(
  server: TestServer,
  { test, pipeline, size }: Pick<Case, 'test' | 'pipeline' | 'size'>,
  requests: number,
  keys: number,
): Promise<Sample> {
  const args = ['-p', server.port, '-n', requests, '-c', 50, '-P', pipeline, '-d', size];
  if (keys > 0) args.push('-r', keys);
  args.push('--csv', ...(typeof test === 'string' ? ['-t', test] : test));
  const before = processorSeconds(server.pid);
  return new Promise((resolve, reject) => {
    const child = execFile(benchmark, args.map(String), { timeout: 300000 }, (error, out) => {
      process.off('exit', end);
      const rate = Number(/^"[^"]+","([\d.]+)"/m.exec(out.replace(/^"test".*\n/, ''))?.[1]);
      if (error || Number.isNaN(rate)) reject(error ?? new Error(`redis-benchmark said: ${out}`));
      else resolve({ rate, cpu: ((processorSeconds(server.pid) - before) / requests) * 1e6 });
    });
    // The load ends with this process, also when nobody reads what it prints any more.
    const end = (): void => void child.kill();
    process.on('exit', end);
  });
}

/**
 * Prints a row for each case whose name contains `only`: the medians of `repeat` runs of each server. The servers take turns within
 * a case, so that a machine that is slow for a moment is slow for both. `keys` is the number of random keys and elements; 0 runs
 * the load generator's list as it is, and leaves out the rows that show growth. Rejects when a server or the load generator fails.
 */
export async function compareSpeed(
  only: string,
  quick: boolean,
  repeat: number,
  keys: number,
): Promise<void> {
  const cases = allCases().filter(
    ({ name }) => name.toLowerCase().includes(only) && (keys > 0 || !name.includes('from empty')),
  );
  if (cases.length === 0) return;
  const ours = await startServer({ binary: 'ours' });
  const real = await startServer({ binary: 'real' });
  const both = [ours, real];
  try {
    // Compile and warm up.
    for (const server of both)
      await measure(server, { test: 'set', pipeline: 16, size: 16 }, 100000, keys);
    printRow('requests a second', 'ours', 'C', 'ratio', 'cpu ours', 'cpu C', 'ratio');
    for (const entry of cases) {
      const requests = Math.ceil(
        ((quick ? 30000 : 150000) * (entry.pipeline === 1 ? 1 : 4)) / entry.share,
      );
      const samples: Sample[][] = [[], []];
      // The first run is not counted: a server that runs has compiled what it needs.
      for (let i = 0; i <= repeat; i++) {
        for (const [j, server] of both.entries()) {
          if (entry.prepare !== undefined) {
            const many = Math.max(requests, Math.ceil((fillings * keys) / entry.share));
            await measure(server, { ...entry, test: entry.prepare, pipeline: 16 }, many, keys);
          }
          const sample = await measure(server, entry, requests, keys);
          if (i > 0) samples[j]?.push(sample);
          // Every case begins with what it prepares, and a list does not grow from case to case.
          await (await server.connect()).command('FLUSHALL');
          server.closeClients();
        }
      }
      const [a, b] = samples.map((list) => ({
        rate: median(list.map((s) => s.rate)),
        cpu: median(list.map((s) => s.cpu)),
      })) as [Sample, Sample];
      printRow(
        entry.name,
        a.rate.toFixed(0),
        b.rate.toFixed(0),
        (a.rate / b.rate).toFixed(2),
        a.cpu.toFixed(2),
        b.cpu.toFixed(2),
        (a.cpu / b.cpu).toFixed(2),
      );
    }
    console.log('cpu: seconds of processor time that the server took for a million requests\n');
  } finally {
    await Promise.all(both.map((server) => server.stop()));
  }
}
