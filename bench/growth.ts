/**
 * How the cost of a command grows with the structure: microseconds a command, beside C's, from a hundred elements to a million.
 *
 * What grows with the logarithm or not at all in C must do so here; what grows with the number of elements may.
 *
 * Who calls in: bench.ts. Whom it calls: the servers.
 */
import { startServer, type TestServer } from '../test/support/server.ts';
import { Batches, printRow } from './table.ts';

type Command = (string | number)[];

/** How a structure of `n` elements is made, and what is then measured. */
interface Growth {
  name: string;
  fill: (i: number) => Command;
  /** The `i`th command of the measurement, on a structure of `n`. */
  command: (i: number, n: number) => Command;
  /** Commands to measure at `n` elements. */
  count: (n: number) => number;
}

/** As many as keep a command that walks through all elements below a few seconds. */
function linear(n: number): number {
  return Math.max(20, Math.min(5000, Math.floor(2e7 / n)));
}

const growths: Growth[] = [
  {
    name: 'ZADD',
    fill: (i) => ['ZADD', 'z', scatter(i), `e${i}`],
    command: (i, n) => ['ZADD', 'z', scatter(n + i), `e${scatter(i) % n}`],
    count: () => 5000,
  },
  {
    name: 'ZRANK',
    fill: (i) => ['ZADD', 'z', scatter(i), `e${i}`],
    command: (i, n) => ['ZRANK', 'z', `e${scatter(i) % n}`],
    count: () => 5000,
  },
  {
    name: 'LINDEX (middle)',
    fill: (i) => ['RPUSH', 'l', `e${i}`],
    command: (_i, n) => ['LINDEX', 'l', n >> 1],
    count: () => 5000,
  },
  {
    name: 'LINSERT (middle)',
    fill: (i) => ['RPUSH', 'l', `e${i}`],
    command: (i, n) => ['LINSERT', 'l', 'BEFORE', `e${n >> 1}`, `x${i}`],
    count: linear,
  },
  {
    name: 'XADD',
    fill: (i) => ['XADD', 'x', `${i + 1}-1`, 'f', 'v'],
    command: (i, n) => ['XADD', 'x', `${n + i + 1}-2`, 'f', 'v'],
    count: () => 5000,
  },
  {
    name: 'SINTER',
    fill: (i) => ['SADD', i % 2 === 0 ? 'a' : 'b', `e${scatter(i)}`, `both${i % 100}`],
    command: () => ['SINTERCARD', '2', 'a', 'b'],
    count: linear,
  },
];

/** A number that looks like chance, the same for the same `i`. */
function scatter(i: number): number {
  return Math.imul(i + 1, 2654435761) >>> 1;
}

/** Microseconds that one command takes on a structure of `n`. */
async function cost(server: TestServer, growth: Growth, n: number): Promise<number> {
  const client = await Batches.open(server.port);
  try {
    await client.send([['FLUSHALL']]);
    for (let at = 0; at < n; at += 1000) {
      await client.send(
        Array.from({ length: Math.min(1000, n - at) }, (_, i) => growth.fill(at + i)),
      );
    }
    const count = growth.count(n);
    let spent = 0n;
    for (let at = 0; at < count; at += 50) {
      const length = Math.min(50, count - at);
      const commands = Array.from({ length }, (_, i) => growth.command(at + i, n));
      const start = process.hrtime.bigint();
      await client.send(commands);
      spent += process.hrtime.bigint() - start;
    }
    return Number(spent) / 1000 / count;
  } finally {
    client.close();
  }
}

/** Prints, for each command, a row of ours and a row of C's. Rejects when a server fails. */
export async function compareGrowth(quick: boolean): Promise<void> {
  const sizes = quick ? [100, 1000, 10000] : [100, 1000, 10000, 100000, 1000000];
  const ours = await startServer({ binary: 'ours' });
  const real = await startServer({ binary: 'real' });
  try {
    printRow('us a command, of n:', ...sizes.map(String));
    for (const growth of growths) {
      for (const [who, server] of [
        ['ours', ours],
        ['C', real],
      ] as const) {
        const cells: string[] = [];
        for (const n of sizes) cells.push((await cost(server, growth, n)).toFixed(2));
        printRow(`${growth.name} ${who}`, ...cells);
      }
    }
    console.log('50 commands a batch, the way there and back included\n');
  } finally {
    await Promise.all([ours.stop(), real.stop()]);
  }
}
