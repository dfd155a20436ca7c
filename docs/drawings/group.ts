/**
 * A consumer group after some commands: how far it has read, and what is pending with whom.
 *
 *     {@drawing group 5 read:ann:2 read:bob:1}               five entries; ann has read two, then bob one
 *     {@drawing group 5 read:ann:2 ack:ann:1 claim:bob:2}    XACK of the first, XCLAIM of the second for bob
 *
 * The commands are run by a server. That both trees lead to one streamNACK is checked. Who calls in: the site's build, tests. Whom
 * it calls: the server, object/rax.ts.
 */
import {
  raxFind,
  raxIterator,
  raxNext,
  raxNotFound,
  raxSeek,
  raxStart,
  raxStop,
  type rax,
} from '../../object/rax.ts';
import { streamID, type stream, type streamNACK } from '../../object/stream.h.ts';
import { streamCompareID, streamDecodeID, streamLookupCG } from '../../object/t_stream.ts';
import { served } from './lib/aside.ts';
import { ACCENT, SECOND, THIRD, arrow, box, label, legend, svg, swing } from './lib/svg.ts';

/** All keys and values of a tree, in order. */
export function entriesOf<V>(tree: rax<V>): [string, V][] {
  const entries: [string, V][] = [];
  const ri = new raxIterator<V>();
  raxStart(ri, tree);
  raxSeek(ri, '^', '');
  while (raxNext(ri)) entries.push([ri.key, ri.data!]);
  raxStop(ri);
  return entries;
}

function idOf(key: string): streamID {
  const id = new streamID();
  streamDecodeID(key, id);
  return id;
}

function textOf(id: streamID): string {
  return `${id.ms}-${id.seq}`;
}

const HIGH = 26;
const ID = 66;
const X = 10;
const NACK = 176;
const MIDDLE = 230;
const RIGHT = 510;

/** The drawing of one group. */
export default function draw(args: string[]): string {
  const [count = '5', ...changes] = args;
  return served((ks) => {
    const run = (...words: string[]): void => {
      const reply = ks.run(...words);
      if (reply.startsWith('-')) throw new Error(`group: ${words.join(' ')}: ${reply}`);
    };
    const name = (no: string): string => `100${no}-0`;
    for (let i = 1; i <= Number(count); i++) run('XADD', 's', name(String(i)), 'f', 'v');
    run('XGROUP', 'CREATE', 's', 'g', '0');
    for (const change of changes) {
      const [what, who, no] = change.split(':');
      if (what === 'read') run('XREADGROUP', 'GROUP', 'g', who, 'COUNT', no, 'STREAMS', 's', '>');
      else if (what === 'ack') run('XACK', 's', 'g', name(no));
      else if (what === 'claim') run('XCLAIM', 's', 'g', who, '0', name(no));
      else throw new Error(`group: '${change}' is no change`);
    }
    const s = ks.value('s').ptr as stream;
    const group = streamLookupCG(s, 'g')!;
    const pending = entriesOf(group.pel);
    const parts: string[] = [];

    // The stream: what was delivered and acknowledged, what is pending, what is ahead.
    parts.push(label(X, 12, 'the stream', { align: 'start', size: 12, faint: true }));
    let lastX = X;
    for (let i = 1; i <= Number(count); i++) {
      const x = X + (i - 1) * (ID + 12);
      const text = name(String(i));
      const id = new streamID(1000 + i, 0);
      const isDelivered = streamCompareID(id, group.last_id) <= 0;
      const isPending = pending.some(([key]) => textOf(idOf(key)) === text);
      parts.push(
        box(x, 24, ID, HIGH, text, {
          size: 12,
          ...(isPending
            ? { fill: ACCENT }
            : isDelivered
              ? { faint: true, dashed: true }
              : { fill: SECOND }),
        }),
      );
      if (isDelivered) lastX = x;
    }
    if (group.last_id.ms !== 0) {
      parts.push(arrow(lastX + ID / 2, 72, lastX + ID / 2, 52));
      parts.push(label(lastX + ID / 2, 80, 'last_id', { size: 11 }));
    }

    // The pending entries, once; left the tree of the group, right those of the consumers.
    const top = 122;
    const places = new Map<streamNACK, number>();
    parts.push(label(X, top - 16, 'group g: pel', { align: 'start', size: 12, strong: true }));
    parts.push(label(MIDDLE, top - 16, 'streamNACK', { align: 'start', size: 12, strong: true }));
    parts.push(
      label(RIGHT, top - 16, 'consumers: pel', { align: 'start', size: 12, strong: true }),
    );
    pending.forEach(([key, nack], i) => {
      const y = top + i * (HIGH + 14);
      places.set(nack, y);
      parts.push(
        box(X, y, ID, HIGH, textOf(idOf(key)), { fill: ACCENT, size: 12 }),
        swing(X + ID, y + HIGH / 2, MIDDLE - 2, y + HIGH / 2),
        box(MIDDLE, y, NACK, HIGH, `${nack.consumer!.name}, delivered ${nack.delivery_count}×`, {
          size: 12,
        }),
      );
    });
    let y = top;
    for (const [who, consumer] of entriesOf(group.consumers)) {
      const own = entriesOf(consumer.pel);
      parts.push(box(RIGHT, y, 60, HIGH, who, { fill: THIRD }));
      if (own.length === 0) {
        parts.push(
          label(RIGHT + 72, y + HIGH / 2, 'nothing', { align: 'start', size: 11, faint: true }),
        );
      }
      own.forEach(([key, nack], i) => {
        const at = y + i * (HIGH + 6);
        if (raxFind(group.pel, key) === raxNotFound || !places.has(nack)) {
          throw new Error('group: a pending entry of a consumer is not that of the group');
        }
        parts.push(box(RIGHT + 60, at, ID, HIGH, textOf(idOf(key)), { fill: ACCENT, size: 12 }));
        parts.push(
          i === 0
            ? swing(RIGHT, at + HIGH / 2, MIDDLE + NACK + 2, places.get(nack)! + HIGH / 2)
            : swing(RIGHT + 60, at + HIGH / 2, MIDDLE + NACK + 2, places.get(nack)! + HIGH / 2),
        );
      });
      y += Math.max(own.length, 1) * (HIGH + 6) + 12;
    }
    const bottom = Math.max(y, top + pending.length * (HIGH + 14)) + 6;
    parts.push(
      legend(X, bottom + 4, [
        [SECOND, 'not delivered'],
        [ACCENT, 'pending'],
      ]),
    );
    return svg(
      RIGHT + 60 + ID + 16,
      bottom + 18,
      `A consumer group with ${pending.length} pending entries`,
      parts,
    );
  });
}
