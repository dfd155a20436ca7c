/**
 * A dictionary before, during and after a rehash: both tables with their buckets and chains.
 *
 *     {@drawing dict before}      eight names in eight buckets
 *     {@drawing dict during 0}    the ninth has been added: a second table, nothing moved yet
 *     {@drawing dict during 3}    the same, and three look-ups later
 *     {@drawing dict after}       the rehash has come to its end
 *
 * Who calls in: the site's build, tests. Whom it calls: object/dict.ts, by way of lib/dicts.ts.
 */
import { DICTHT_SIZE, dictAdd, dictFind, dictIsRehashing, type dict } from '../../object/dict.ts';
import { NAMES, eightNames } from './lib/dicts.ts';
import { ACCENT, SECOND, arrow, box, label, svg } from './lib/svg.ts';

const ROW = 26;
const BUCKET = 62;
const ENTRY = 46;
const GAP = 22;
const TOP = 64;
const TABLE = BUCKET + 3 * (GAP + ENTRY) + 30;

/** The dictionary at a stage; throws for a stage that is none. */
export function dictAt(stage: string, lookups: number): dict<string, number> {
  const d = eightNames();
  if (stage === 'before') return d;
  dictAdd(d, NAMES[8], 8);
  if (stage === 'during') {
    for (let i = 0; i < lookups; i++) dictFind(d, NAMES[8]);
    return d;
  }
  if (stage !== 'after') throw new Error(`dict: '${stage}' is not before, during or after`);
  while (dictIsRehashing(d)) dictFind(d, NAMES[8]);
  return d;
}

/** The number of a bucket, in as many bits as the table has. */
function bits(index: number, exp: number): string {
  return index.toString(2).padStart(exp, '0');
}

function drawTable(d: dict<string, number>, which: 0 | 1, x: number): string[] {
  const exp = d.ht_size_exp[which];
  const table = d.ht_table[which];
  const parts = [
    label(x, TOP - 30, `ht_table[${which}]`, { align: 'start', size: 14 }),
    label(
      x,
      TOP - 13,
      table === null
        ? 'null'
        : `ht_size_exp ${exp}: ${DICTHT_SIZE(exp)} buckets, ht_used ${d.ht_used[which]}`,
      { align: 'start', size: 11, faint: true },
    ),
  ];
  if (table === null) return parts;
  table.forEach((first, index) => {
    const y = TOP + index * ROW;
    const hasMoved = which === 0 && index < d.rehashidx;
    const isNext = which === 0 && index === d.rehashidx;
    parts.push(
      box(x, y, BUCKET, ROW - 4, bits(index, exp), {
        dashed: hasMoved,
        faint: hasMoved || first === null,
        ...(isNext ? { fill: ACCENT } : {}),
      }),
    );
    if (isNext)
      parts.push(label(x + BUCKET + 8, y + 11, '◄ rehashidx', { align: 'start', size: 11 }));
    const shift = isNext ? 84 : 0;
    let at = x + BUCKET + (first === null ? 0 : shift);
    for (let de = first; de !== null; de = de.next) {
      parts.push(arrow(at, y + 11, at + GAP, y + 11));
      parts.push(box(at + GAP, y, ENTRY, ROW - 4, de.key, { fill: which === 1 ? SECOND : 'none' }));
      at += GAP + ENTRY;
    }
  });
  return parts;
}

/** The drawing of one stage. */
export default function draw(args: string[]): string {
  const [stage = 'before', lookups = '0'] = args;
  const d = dictAt(stage, Number(lookups));
  const rows = Math.max(DICTHT_SIZE(d.ht_size_exp[0]), DICTHT_SIZE(d.ht_size_exp[1]));
  const two = d.ht_table[1] !== null;
  const width = two ? 2 * TABLE + 40 : TABLE + 180;
  const state = dictIsRehashing(d)
    ? `rehashidx ${d.rehashidx}`
    : 'rehashidx -1: no rehash under way';
  return svg(
    width,
    TOP + rows * ROW + 8,
    `A dictionary of ${d.ht_used[0] + d.ht_used[1]} entries, ${stage} a rehash`,
    [
      label(10, 14, state, { align: 'start', size: 13 }),
      ...drawTable(d, 0, 10),
      ...(two ? drawTable(d, 1, TABLE + 50) : []),
    ],
  );
}
