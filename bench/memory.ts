/**
 * Memory: what a key, and an element of each collection, takes when there are a million.
 *
 * `used` is what the server itself reports (used_memory), `RSS` what the kernel says, both as growth an element.
 *
 * Who calls in: bench.ts. Whom it calls: the servers.
 */
import { readFileSync } from 'node:fs';
import { startServer } from '../test/support/server.ts';
import { Batches, printRow } from './table.ts';

/** The command that stores element `i`, by what is filled. Elements have 16 bytes. */
const kinds: Record<string, (i: number) => (string | number)[]> = {
  'string, a key each': (i) => ['SET', `key:${pad(i)}`, 'v'.repeat(16)],
  list: (i) => ['RPUSH', 'list', `elem${pad(i)}`],
  set: (i) => ['SADD', 'set', `elem${pad(i)}`],
  hash: (i) => ['HSET', 'hash', `elem${pad(i)}`, 'v'.repeat(16)],
  zset: (i) => ['ZADD', 'zset', i, `elem${pad(i)}`],
  'hash of 10, a key each': (i) => [
    'HSET',
    `hash:${pad(Math.floor(i / 10))}`,
    `field:${i % 10}`,
    i,
  ],
};

function pad(i: number): string {
  return String(i).padStart(12, '0');
}

/** Memory of a process that is in RAM, in bytes. */
function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'latin1');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
}

/** Growth an element in bytes, by the server's own account and by the kernel's. */
async function memoryPerElement(
  binary: 'ours' | 'real',
  command: (i: number) => (string | number)[],
  count: number,
): Promise<{ used: number; rss: number }> {
  const server = await startServer({ binary });
  try {
    const client = await Batches.open(server.port);
    const fill = async (from: number, to: number): Promise<void> => {
      for (let at = from; at < to; at += 1000) {
        await client.send(
          Array.from({ length: Math.min(1000, to - at) }, (_, i) => command(at + i)),
        );
      }
    };
    // The first ones bring in code and buffers that a running server has anyway.
    await fill(0, 1000);
    const before = { used: await server.info('used_memory'), rss: residentBytes(server.pid) };
    await fill(1000, count);
    client.close();
    // Garbage of the load is not what the elements take: give the collector a moment.
    await new Promise((done) => setTimeout(done, 2000));
    const used = (await server.info('used_memory')) - before.used;
    const rss = residentBytes(server.pid) - before.rss;
    return { used: used / (count - 1000), rss: rss / (count - 1000) };
  } finally {
    await server.stop();
  }
}

/** Prints a row for each kind of value. Rejects when a server fails. */
export async function compareMemory(quick: boolean): Promise<void> {
  const count = quick ? 100000 : 1000000;
  printRow('bytes an element', 'used ours', 'used C', 'ratio', 'RSS ours', 'RSS C', 'ratio');
  for (const [kind, command] of Object.entries(kinds)) {
    const ours = await memoryPerElement('ours', command, count);
    const real = await memoryPerElement('real', command, count);
    const cells = (['used', 'rss'] as const).flatMap((what) => [
      ours[what].toFixed(1),
      real[what].toFixed(1),
      (ours[what] / real[what]).toFixed(2),
    ]);
    printRow(kind, ...cells);
  }
  console.log(`with ${count} elements of 16 bytes; values of keys and fields have 16 bytes, too\n`);
}
