/**
 * A dictionary grows: the ninth name does not fit into eight buckets, and every look-up after that moves one bucket over.
 *
 *     node -r ts-node/register docs/examples/rehash.ts
 */
import { DICTHT_SIZE, dictAdd, dictFind, dictIsRehashing, type dict } from '../../object/dict.ts';
import { NAMES, eightNames } from '../drawings/lib/dicts.ts';

function show(what: string, d: dict<string, number>): void {
  const tables = ([0, 1] as const)
    .filter((i) => d.ht_table[i] !== null)
    .map((i) => `${d.ht_used[i]} in ${DICTHT_SIZE(d.ht_size_exp[i])}`);
  console.log(
    `${what.padEnd(14)} rehashidx ${String(d.rehashidx).padStart(2)}   ${tables.join(', ')}`,
  );
}

const d = eightNames();
show('eight names', d);
dictAdd(d, NAMES[8], 8);
show('add max', d);
for (let i = 1; dictIsRehashing(d); i++) {
  dictFind(d, 'nobody');
  show(`look-up ${i}`, d);
}
