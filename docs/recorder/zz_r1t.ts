import { writeFileSync } from 'node:fs';
import { compareTraces } from './compare.ts';
import { leftOutOfTrees, treeDifferences } from './differences.ts';
const patterns = leftOutOfTrees.flatMap(({ names }) => names);
const exact = new Set(patterns.filter((n) => !n.endsWith('*')));
const prefixes = patterns.filter((n) => n.endsWith('*')).map((n) => n.slice(0, -1));
const left = (name: string): boolean => exact.has(name) || prefixes.some((p) => name.startsWith(p));
const listed = new Set(treeDifferences.flatMap(({ side, calls }) => calls.map((call) => `${side} ${call}`)));
const compared = compareTraces(left);
let text = '';
const seen = new Map<string, Set<string>>();
for (const { trace, pieces } of compared) {
  let same = 0, all = 0;
  const body: string[] = [];
  for (const lines of pieces) {
    const path: string[] = [];
    for (const { side, depth, name } of lines) {
      path.length = depth; path[depth] = name;
      all++; if (side === '=') same++;
      body.push(`${side} ${'  '.repeat(depth)}${name}`);
      if (side !== '=') {
        const d = `${side} ${name} < ${path[depth - 1] ?? ''}`;
        if (!listed.has(d)) { if (!seen.has(d)) seen.set(d, new Set()); seen.get(d)!.add(trace.id); }
      }
    }
    body.push('--');
  }
  text += `##### ${trace.id} ${same}/${all} ${JSON.stringify(trace.setup)} ${JSON.stringify(trace.trigger)}\n${body.join('\n')}\n`;
  console.log(trace.id, same, all);
}
writeFileSync('/tmp/r1/trees.txt', text);
console.log([...seen].map(([d, t]) => `${d}   (${[...t].join(' ')})`).join('\n'));
