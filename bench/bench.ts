/**
 * This server beside the C one, on one machine in one run.
 *
 *     npm run bench                       all cases, a few minutes
 *     npm run bench -- --quick            fewer requests, once each
 *     npm run bench -- --only SET         cases whose name contains SET
 *     npm run bench -- --only memory      memory alone
 *     npm run bench -- --repeat 5         each case so many times; the median is shown
 *
 * The load comes from Debian's redis-benchmark: 50 connections, one command at a time (-P 1) and 16
 * at a time (-P 16), values of 16 and of 1024 bytes, 100,000 different keys. The two servers take
 * turns within a case, so that a machine that is slow for a moment is slow for both. Shown are
 * requests a second, and the processor time that the server process took for a million requests:
 * on a machine where the load generator competes with the server, the latter says more.
 *
 * Memory: a million keys `key:000000000000` with values of 16 bytes. `used` is what the server itself
 * reports (used_memory), `RSS` what the kernel says, both as growth a key.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { haveRealServer, startServer, type TestServer } from '../test/support/server.ts';

const benchmark = '/usr/bin/redis-benchmark';

interface Case {
  name: string;
  /** The name of the test in redis-benchmark. */
  test: string;
  pipeline: number;
  size: number;
}

interface Sample {
  /** Requests a second. */
  rate: number;
  /** Seconds of processor time for a million requests. */
  cpu: number;
}

function allCases(): Case[] {
  const cases: Case[] = [];
  for (const pipeline of [1, 16]) {
    cases.push({ name: `PING -P ${pipeline}`, test: 'ping_mbulk', pipeline, size: 16 });
    cases.push({ name: `INCR -P ${pipeline}`, test: 'incr', pipeline, size: 16 });
    for (const size of [16, 1024]) {
      cases.push({ name: `SET -P ${pipeline} -d ${size}`, test: 'set', pipeline, size });
      cases.push({ name: `GET -P ${pipeline} -d ${size}`, test: 'get', pipeline, size });
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

/** Memory of a process that is in RAM, in bytes. */
function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

/** Runs one case once against one server. */
function measure(
  server: TestServer,
  { test, pipeline, size }: Case,
  requests: number,
): Promise<Sample> {
  const args = ['-p', server.port, '-t', test, '-n', requests, '-c', 50];
  args.push('-P', pipeline, '-d', size, '-r', 100000, '--csv');
  const before = processorSeconds(server.pid);
  return new Promise((resolve, reject) => {
    execFile(benchmark, args.map(String), { timeout: 300000 }, (error, out) => {
      const rate = Number(/^"[^"]+","([\d.]+)"/m.exec(out.replace(/^"test".*\n/, ''))?.[1]);
      if (error || Number.isNaN(rate)) reject(error ?? new Error(`redis-benchmark said: ${out}`));
      else resolve({ rate, cpu: ((processorSeconds(server.pid) - before) / requests) * 1e6 });
    });
  });
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Stores keys `from` up to before `to`, a thousand a packet; resolves when all are answered. */
function fill(port: number, from: number, to: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    let next = from;
    let awaited = 0;
    const sendMore = (): void => {
      if (next === to) {
        socket.end();
        resolve();
        return;
      }
      let bytes = '';
      const end = Math.min(next + 1000, to);
      awaited = (end - next) * '+OK\r\n'.length;
      for (; next < end; next++) {
        const key = `key:${String(next).padStart(12, '0')}`;
        bytes += `*3\r\n$3\r\nSET\r\n$16\r\n${key}\r\n$16\r\n${'v'.repeat(16)}\r\n`;
      }
      socket.write(bytes);
    };
    socket.on('error', reject);
    socket.on('connect', sendMore);
    socket.on('data', (data) => {
      awaited -= data.length;
      if (awaited === 0) sendMore();
    });
  });
}

/** Growth a key in bytes, by the server's own account and by the kernel's. */
async function memoryPerKey(
  binary: 'ours' | 'real',
  keys: number,
): Promise<{ used: number; rss: number }> {
  const server = await startServer({ binary });
  try {
    // The first keys bring in code and buffers that a running server has anyway.
    await fill(server.port, 0, 1000);
    const before = { used: await server.info('used_memory'), rss: residentBytes(server.pid) };
    await fill(server.port, 1000, keys);
    // Garbage of the load is not what the keys take: give the collector a moment.
    await new Promise((done) => setTimeout(done, 2000));
    const used = (await server.info('used_memory')) - before.used;
    const rss = residentBytes(server.pid) - before.rss;
    return { used: used / (keys - 1000), rss: rss / (keys - 1000) };
  } finally {
    await server.stop();
  }
}

function printRow(name: string, ...cells: string[]): void {
  console.log(name.padEnd(20) + cells.map((cell) => cell.padStart(12)).join(''));
}

async function compareSpeed(
  cases: Case[],
  requests: (c: Case) => number,
  repeat: number,
): Promise<void> {
  const ours = await startServer({ binary: 'ours' });
  const real = await startServer({ binary: 'real' });
  try {
    // Compile and warm up, and let GET find keys of either size.
    for (const server of [ours, real]) {
      await measure(server, { name: '', test: 'set', pipeline: 16, size: 16 }, 100000);
    }
    printRow('requests a second', 'ours', 'C', 'ratio', 'cpu ours', 'cpu C', 'ratio');
    for (const entry of cases) {
      const samples: { ours: Sample[]; real: Sample[] } = { ours: [], real: [] };
      for (let i = 0; i < repeat; i++) {
        if (entry.test === 'get') {
          for (const server of [ours, real])
            await measure(server, { ...entry, test: 'set' }, 100000);
        }
        samples.ours.push(await measure(ours, entry, requests(entry)));
        samples.real.push(await measure(real, entry, requests(entry)));
      }
      const [a, b] = [samples.ours, samples.real].map((list) => ({
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
    await ours.stop();
    await real.stop();
  }
}

async function compareMemory(keys: number): Promise<void> {
  const ours = await memoryPerKey('ours', keys);
  const real = await memoryPerKey('real', keys);
  printRow('bytes a key', 'ours', 'C', 'ratio');
  for (const what of ['used', 'rss'] as const) {
    const cells = [
      ours[what].toFixed(1),
      real[what].toFixed(1),
      (ours[what] / real[what]).toFixed(2),
    ];
    printRow(what === 'rss' ? 'RSS' : what, ...cells);
  }
  console.log(`with ${keys} keys of 16 bytes and values of 16 bytes\n`);
}

async function main(args: string[]): Promise<void> {
  if (!haveRealServer || !existsSync(benchmark)) {
    throw new Error("the benchmark needs Debian's redis-server and redis-tools");
  }
  const option = (name: string): string | undefined => {
    const at = args.indexOf(name);
    return at === -1 ? undefined : args[at + 1];
  };
  const quick = args.includes('--quick');
  const only = (option('--only') ?? '').toLowerCase();
  const repeat = Number(option('--repeat') ?? (quick ? 1 : 3));
  const requests = ({ pipeline }: Case): number =>
    (quick ? 30000 : 150000) * (pipeline === 1 ? 1 : 4);

  const cases = allCases().filter(({ name }) => name.toLowerCase().includes(only));
  if (cases.length > 0) await compareSpeed(cases, requests, repeat);
  if ('memory'.includes(only)) await compareMemory(quick ? 100000 : 1000000);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
