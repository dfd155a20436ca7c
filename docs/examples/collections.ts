/**
 * When a collection changes its encoding, and what MEMORY USAGE says of it before and after: a server is asked.
 *
 *     node -r ts-node/register docs/examples/collections.ts
 */
import { served } from '../drawings/lib/aside.ts';
import type { Keyspace } from '../../test/server/keyspace.ts';

/** The last line of a reply. */
function ask(ks: Keyspace, ...args: string[]): string {
  return ks
    .run(...args)
    .split('\r\n')
    .at(-2)!
    .replace(/^[+:]/, '');
}

served((ks) => {
  const show = (what: string): void => {
    const encoding = ask(ks, 'OBJECT', 'ENCODING', 'k');
    const bytes = ask(ks, 'MEMORY', 'USAGE', 'k', 'SAMPLES', '0');
    console.log(`${what.padEnd(36)} ${encoding.padEnd(9)} ${bytes.padStart(6)}`);
  };
  const numbers = (from: number, count: number): string[] =>
    Array.from({ length: count }, (_, i) => String(from + i));

  ask(ks, 'SADD', 'k', ...numbers(1, 512));
  show('SADD k, the numbers 1 to 512');
  ask(ks, 'SADD', 'k', '65536');
  show('and 65536');
  ask(ks, 'DEL', 'k');
  ask(ks, 'SADD', 'k', ...numbers(1, 511));
  show('SADD k, the numbers 1 to 511');
  ask(ks, 'SADD', 'k', '65536');
  show('and 65536');
  ask(ks, 'SREM', 'k', '65536');
  show('SREM k 65536');
  ask(ks, 'SADD', 'k', 'seven');
  show('SADD k seven');

  ask(ks, 'DEL', 'k');
  for (const n of numbers(1, 128)) ask(ks, 'ZADD', 'k', n, `name:${n}`);
  show('ZADD k, 128 elements');
  ask(ks, 'ZADD', 'k', '129', 'name:129');
  show('and one more');
  ask(ks, 'ZREM', 'k', 'name:129');
  show('ZREM k name:129');

  ask(ks, 'DEL', 'k');
  for (const n of numbers(1, 512)) ask(ks, 'HSET', 'k', `name:${n}`, n);
  show('HSET k, 512 fields');
  ask(ks, 'HSET', 'k', 'name:513', '513');
  show('and one more');

  ask(ks, 'DEL', 'k');
  ask(ks, 'HSET', 'k', 'about', 'a'.repeat(64));
  show('HSET k about, 64 bytes');
  ask(ks, 'HSET', 'k', 'about', 'a'.repeat(65));
  show('HSET k about, 65 bytes');
});
