/**
 * A SCAN, step by step: the cursor that goes in, the buckets that are visited, the names that come out, the cursor that comes out.
 *
 *     {@drawing scan rest}        eight buckets, nothing changes
 *     {@drawing scan growth 3}    after three steps a ninth name is added: the table grows under the cursor
 *
 * Who calls in: the site's build, tests. Whom it calls: dictScan of object/dict.ts.
 */
import {
  DICTHT_SIZE,
  dictAdd,
  dictFind,
  dictIsRehashing,
  dictScan,
  type dict,
} from '../../object/dict.ts';
import { NAMES, eightNames } from './lib/dicts.ts';
import { ACCENT, box, svg } from './lib/svg.ts';

/** One call of dictScan. */
export interface ScanStep {
  cursor: number;
  next: number;
  /** Buckets in binary, in the order of the visit; after a slash the second table's. */
  buckets: string[];
  names: string[];
  /** What happened to the dictionary before this step. */
  note: string;
}

/** Scans from 0 to 0. After `growAt` steps (-1: never) a name is added, so that a rehash begins, and ends before the next step. */
export function scanSteps(growAt: number): ScanStep[] {
  const d = eightNames();
  const steps: ScanStep[] = [];
  let cursor = 0;
  let note = '';
  do {
    if (steps.length === growAt) {
      dictAdd(d, NAMES[8], 8);
      while (dictIsRehashing(d)) dictFind(d, NAMES[8]);
      note = `${NAMES[8]} is added: ${DICTHT_SIZE(d.ht_size_exp[0])} buckets`;
    }
    const step: ScanStep = { cursor, next: 0, buckets: [], names: [], note };
    step.next = dictScan(
      d,
      cursor,
      (names: string[], de) => names.push(de.key),
      (of: dict<string, number>, table, index) =>
        step.buckets.push(index.toString(2).padStart(of.ht_size_exp[table], '0')),
      step.names,
    );
    steps.push(step);
    cursor = step.next;
    note = '';
  } while (cursor !== 0);
  return steps;
}

const COLUMNS = [
  { title: 'cursor in', width: 90 },
  { title: 'bucket', width: 90 },
  { title: 'names', width: 150 },
  { title: 'cursor out', width: 100 },
];
const ROW = 24;

/** The drawing of one scan. */
export default function draw(args: string[]): string {
  const [kind = 'rest', at = '3'] = args;
  if (kind !== 'rest' && kind !== 'growth')
    throw new Error(`scan: '${kind}' is not rest or growth`);
  const steps = scanSteps(kind === 'rest' ? -1 : Number(at));
  const parts: string[] = [];
  const row = (y: number, cells: string[], fill?: string): void => {
    let x = 10;
    cells.forEach((text, i) => {
      const { width } = COLUMNS[i];
      parts.push(box(x, y, width, ROW, text, { ...(fill === undefined ? {} : { fill }) }));
      x += width;
    });
  };
  let y = 8;
  row(
    y,
    COLUMNS.map(({ title }) => title),
    'currentColor',
  );
  for (const step of steps) {
    y += ROW;
    if (step.note !== '') {
      parts.push(box(10, y, 430, ROW, step.note, { fill: ACCENT }));
      y += ROW;
    }
    row(y, [
      String(step.cursor),
      step.buckets.join(' '),
      step.names.join(' ') || '-',
      String(step.next),
    ]);
  }
  return svg(450, y + ROW + 8, `The steps of a scan over ${NAMES.length - 1} names`, parts);
}
