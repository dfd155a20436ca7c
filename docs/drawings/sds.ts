/**
 * An sds byte by byte, as it lies in the memory of the C server: header, content, spare room, terminating zero.
 *
 *     {@drawing sds tom}          as sdsnewlen makes it
 *     {@drawing sds tom my}       after sdscatlen(s, "my", 2)
 *
 * The sizes are those of the object of object/sds.ts; the header and the zero exist in C only.
 *
 * Who calls in: the site's build, tests. Whom it calls: object/sds.ts.
 */
import {
  SDS_TYPE_5,
  sdsHdrSize,
  sdsMallocSize,
  sdsalloc,
  sdsavail,
  sdscatlen,
  sdslen,
  sdsnewlen,
  sdsToString,
} from '../../object/sds.ts';
import { ledger } from '../../object/zmalloc.ts';
import { byteRows, type ByteCell } from './lib/bytes.ts';
import { label, svg } from './lib/svg.ts';

/** The drawing of the string that results when the words are appended to one another. */
export default function draw(args: string[]): string {
  const [first = 'tom', ...more] = args;
  const used = ledger.used;
  const s = sdsnewlen(first, first.length);
  for (const word of more) sdscatlen(s, word, word.length);
  // The account is somebody's: this string was made for a picture.
  ledger.used = used;

  const header = sdsHdrSize(s.flags);
  const cells: ByteCell[] = [];
  if (s.flags === SDS_TYPE_5) {
    cells.push({ text: `${s.len}<<3`, part: 'flags' });
  } else {
    const width = (header - 1) / 2;
    for (const [name, value] of [
      ['len', sdslen(s)],
      ['alloc', sdsalloc(s)],
    ] as const) {
      // Little endian: the low byte comes first.
      for (let i = 0; i < width; i++) {
        cells.push({ text: String(Math.floor(value / 256 ** i) % 256), part: name });
      }
    }
    cells.push({ text: String(s.flags), part: 'flags' });
  }
  for (const c of sdsToString(s)) cells.push({ text: c, part: 'buf' });
  for (let i = 0; i < sdsavail(s); i++) cells.push({ text: '', part: 'spare' });
  cells.push({ text: '\\0', part: 'zero' });
  const taken = sdsMallocSize(s);
  for (let i = cells.length; i < taken; i++) cells.push({ text: '', part: 'unused' });

  const { parts, height, width } = byteRows(cells, 10, 34);
  const type = ['5', '8', '16', '32', '64'][s.flags];
  return svg(width + 20, height + 44, `The string ${sdsToString(s)} as an sds`, [
    label(
      10,
      14,
      `SDS_TYPE_${type}: header ${header}, len ${sdslen(s)}, alloc ${sdsalloc(s)}, ` +
        `allocated ${taken} bytes`,
      { align: 'start' },
    ),
    ...parts,
  ]);
}
