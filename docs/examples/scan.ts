/**
 * A SCAN whose table grows under it: the cursor that goes in, the buckets visited, the names found, the cursor that comes out.
 *
 *     node -r ts-node/register docs/examples/scan.ts
 */
import { scanSteps } from '../drawings/scan.ts';

for (const [title, growAt] of [
  ['eight buckets', -1],
  ['a ninth name after three steps', 3],
] as const) {
  console.log(title);
  const found: string[] = [];
  for (const { cursor, next, buckets, names, note } of scanSteps(growAt)) {
    if (note !== '') console.log(`       ${note}`);
    console.log(
      `${String(cursor).padStart(4)}   ${buckets.join(' ').padEnd(5)} ${names.join(' ').padEnd(8)} ${String(next).padStart(4)}`,
    );
    found.push(...names);
  }
  console.log(`  found ${found.length}, distinct ${new Set(found).size}`);
}
