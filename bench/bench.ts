/**
 * This server beside the C one, on one machine in one run.
 *
 *     npm run bench                       all cases, a quarter of an hour
 *     npm run bench -- --quick            fewer requests, once each
 *     npm run bench -- --only SET         cases whose name contains SET
 *     npm run bench -- --only memory      memory alone
 *     npm run bench -- --only growth      alone how the cost of a command grows with the structure
 *     npm run bench -- --repeat 5         each case so many times; the median is shown
 *     npm run bench -- --keys 0           redis-benchmark's list as it is: one key, one element
 *
 * The load comes from Debian's redis-benchmark: 50 connections, one command at a time (-P 1) and 16
 * at a time (-P 16), values of 16 and of 1024 bytes, 100,000 different keys or elements (`--keys`). The
 * keys of strings are there before, but for the rows that say `from empty`. Shown are
 * requests a second, and the processor time that the server process took for a million requests:
 * on a machine where the load generator competes with the server, the latter says more.
 */
import { existsSync } from 'node:fs';
import { haveRealServer } from '../test/support/server.ts';
import { compareGrowth } from './growth.ts';
import { compareMemory } from './memory.ts';
import { benchmark, compareSpeed } from './speed.ts';

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
  const keys = Number(option('--keys') ?? 100000);

  await compareSpeed(only, quick, repeat, keys);
  if ('memory'.includes(only)) await compareMemory(quick);
  if ('growth'.includes(only)) await compareGrowth(quick);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
