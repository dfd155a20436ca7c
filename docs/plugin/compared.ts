/**
 * Compares our stacks and call trees with those of gdb, and writes what came out to a file, for the site.
 *
 *     node -r ts-node/register docs/plugin/compared.ts <file>
 *
 * Who calls in: data.ts, as a process of its own. Whom it calls: docs/recorder/compare.ts.
 */
import { writeFileSync } from 'node:fs';
import { compareStacks, compareTraces } from '../recorder/compare.ts';
import { leftOutOfTrees, stackDifferences } from '../recorder/differences.ts';
import { allScenarios } from '../recorder/scenarios/scenario.ts';
import type { Compared } from './data.ts';

const patterns = leftOutOfTrees.flatMap(({ names }) => names);
const exact = new Set(patterns.filter((name) => !name.endsWith('*')));
const prefixes = patterns.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));

const compared: Compared = {
  stacks: compareStacks(allScenarios()),
  traces: compareTraces(
    (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix)),
  ).map(({ trace: { id, setup, trigger }, pieces }) => ({ id, setup, trigger, pieces })),
  why: Object.fromEntries(stackDifferences.flatMap(({ why, ids }) => ids.map((id) => [id, why]))),
};
writeFileSync(process.argv[2], JSON.stringify(compared));
