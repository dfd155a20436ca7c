/**
 * What a long element at the head does to five elements of 250 bytes behind it: in a ziplist, where each entry has the length of the
 * one before it in front, and in a listpack, where each has its own length behind.
 *
 *     {@drawing cascade ziplist}
 *     {@drawing cascade listpack}
 *
 * Who calls in: the site's build, tests. Whom it calls: quicklist/ziplist.ts, quicklist/listpack.ts.
 */
import {
  lpAppend,
  lpBytes,
  lpCurrentEncodedSizeUnsafe,
  lpEncodeBacklen,
  lpFirst,
  lpNew,
  lpNext,
  lpPrepend,
} from '../../quicklist/listpack.ts';
import {
  ZIPLIST_BYTES,
  ZIPLIST_HEAD,
  ZIPLIST_TAIL,
  ZIP_DECODE_PREVLENSIZE,
  ziplistIndex,
  ziplistNew,
  ziplistNext,
  ziplistPush,
  zipRawEntryLength,
} from '../../quicklist/ziplist.ts';
import { aside } from './lib/aside.ts';
import { ACCENT, SECOND, THIRD, box, label, legend, svg } from './lib/svg.ts';

/** Bytes of an entry before its end: the field that leads back, and the rest. */
export interface CascadeEntry {
  back: number;
  rest: number;
}

const COUNT = 5;
const WORD = 'a'.repeat(250);
const LONG = 'b'.repeat(300);

/** The entries before and after the long element was put in front. */
export function cascade(kind: string): {
  before: CascadeEntry[];
  after: CascadeEntry[];
  bytes: [number, number];
} {
  if (kind === 'ziplist') {
    let zl = ziplistNew();
    for (let i = 0; i < COUNT; i++) zl = ziplistPush(zl, WORD, ZIPLIST_TAIL);
    const look = (): CascadeEntry[] => {
      const entries: CascadeEntry[] = [];
      for (let p = ziplistIndex(zl, 0); p !== 0; p = ziplistNext(zl, p)) {
        const back = ZIP_DECODE_PREVLENSIZE(zl, p);
        entries.push({ back, rest: zipRawEntryLength(zl, p) - back });
      }
      return entries;
    };
    const before = look();
    const bytes = ZIPLIST_BYTES(zl);
    zl = ziplistPush(zl, LONG, ZIPLIST_HEAD);
    return { before, after: look(), bytes: [bytes, ZIPLIST_BYTES(zl)] };
  }
  if (kind !== 'listpack') throw new Error(`cascade: '${kind}' is not ziplist or listpack`);
  let lp = lpNew(0);
  for (let i = 0; i < COUNT; i++) lp = lpAppend(lp, WORD);
  const look = (): CascadeEntry[] => {
    const entries: CascadeEntry[] = [];
    for (let p = lpFirst(lp); p !== 0; p = lpNext(lp, p)) {
      const rest = lpCurrentEncodedSizeUnsafe(lp, p);
      entries.push({ back: lpEncodeBacklen(rest), rest });
    }
    return entries;
  };
  const before = look();
  const bytes = lpBytes(lp);
  lp = lpPrepend(lp, LONG);
  return { before, after: look(), bytes: [bytes, lpBytes(lp)] };
}

const WIDE = 112;
const BACK = 30;
const HIGH = 30;

/** The drawing of one of the two. */
export default function draw(args: string[]): string {
  const [kind = 'ziplist'] = args;
  const { before, after, bytes } = aside(1, () => cascade(kind));
  const isFront = kind === 'ziplist';
  const parts: string[] = [];
  const row = (entries: CascadeEntry[], x: number, y: number, old: CascadeEntry[]): void => {
    entries.forEach(({ back, rest }, i) => {
      const left = x + i * WIDE;
      const was = old[i - (entries.length - old.length)] as CascadeEntry | undefined;
      const changed = was !== undefined && was.back !== back;
      parts.push(
        box(left + (isFront ? 0 : WIDE - 8 - BACK), y, BACK, HIGH, String(back), {
          fill: changed ? ACCENT : THIRD,
          strong: changed,
        }),
        box(left + (isFront ? BACK : 0), y, WIDE - 8 - BACK, HIGH, String(rest), {
          fill: was === undefined ? ACCENT : SECOND,
        }),
      );
    });
  };
  parts.push(label(10, 14, `before: ${bytes[0]} bytes`, { align: 'start', size: 12 }));
  row(before, 10 + WIDE, 26, before);
  parts.push(label(10, 82, `300 bytes in front: ${bytes[1]} bytes`, { align: 'start', size: 12 }));
  row(after, 10, 94, before);
  parts.push(
    legend(10, 146, [
      [
        THIRD,
        isFront
          ? 'prevlen: bytes for the length of the one before'
          : 'backlen: bytes for its own length',
      ],
      [SECOND, 'the rest of the entry'],
      [ACCENT, 'changed or new'],
    ]),
  );
  return svg(20 + WIDE * (COUNT + 1), 162, `A long element is put in front of a ${kind}`, parts);
}
