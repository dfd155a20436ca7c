/**
 * The one allocation of an embedded string object in the memory of the C server: the object, the header, the bytes.
 *
 *     {@drawing embstr hello}     a short one
 *     {@drawing embstr 44}        44 bytes: the longest, which fills 64 bytes to the last
 *
 * Who calls in: the site's build, tests. Whom it calls: object/zmalloc.ts for the size class.
 */
import { OBJ_ENCODING_EMBSTR_SIZE_LIMIT, SIZEOF_ROBJ } from '../../object/object.ts';
import { SDS_TYPE_8, sdsHdrSize } from '../../object/sds.ts';
import { jemalloc_good_size } from '../../object/zmalloc.ts';
import { OBJ_ENCODING_EMBSTR } from '../../server/server.h.ts';
import { byteRows, type ByteCell } from './lib/bytes.ts';
import { label, svg } from './lib/svg.ts';

/** The drawing of one string; a number stands for that many bytes. */
export default function draw(args: string[]): string {
  const [word = 'hello'] = args;
  const text = /^\d+$/.test(word) ? 'a'.repeat(Number(word)) : word;
  if (text.length > OBJ_ENCODING_EMBSTR_SIZE_LIMIT) throw new Error('embstr: too long a string');
  const cells: ByteCell[] = [];
  const add = (count: number, part: string, show: (i: number) => string): void => {
    for (let i = 0; i < count; i++) cells.push({ text: show(i), part });
  };
  // Type and encoding share a byte, four bits each; three bytes of lru, four of refcount, eight of ptr.
  add(1, 'type', () => `0|${OBJ_ENCODING_EMBSTR}`);
  add(3, 'lru', () => '');
  add(4, 'refcount', (i) => (i === 0 ? '1' : '0'));
  add(8, 'ptr', (i) => (i === 0 ? '─►' : ''));
  add(1, 'len', () => String(text.length));
  add(1, 'alloc', () => String(text.length));
  add(1, 'flags', () => String(SDS_TYPE_8));
  add(text.length, 'buf', (i) => text[i]);
  add(1, 'zero', () => '\\0');
  const needed = SIZEOF_ROBJ + sdsHdrSize(SDS_TYPE_8) + text.length + 1;
  const taken = jemalloc_good_size(needed);
  add(taken - needed, 'unused', () => '');
  const { parts, height, width } = byteRows(cells, 10, 34);
  return svg(width + 20, height + 44, `An embedded string object of ${text.length} bytes`, [
    label(10, 14, `${SIZEOF_ROBJ} + 3 + ${text.length} + 1 = ${needed} bytes, allocated ${taken}`, {
      align: 'start',
    }),
    ...parts,
  ]);
}
