/**
 * A stream: its listpacks, element by element, each with the key that leads to it in the radix tree.
 *
 *     {@drawing stream 3 1000-0 temp 20 / 1005-0 temp 21}     XADD for each, three entries at most in a listpack
 *     {@drawing stream 3 1000-0 temp 20 / del 1000-0}         and XDEL
 *     {@drawing stream tree 1000-0 temp 20 / 1005-0 temp 21}  only the tree, with an entry in each listpack
 *
 * The commands are run by a server. Who calls in: the site's build, tests. Whom it calls: the server, object/rax.ts,
 * quicklist/listpack.ts.
 */
import { raxIterator, raxNext, raxSeek, raxStart, raxStop } from '../../object/rax.ts';
import { streamID, type stream } from '../../object/stream.h.ts';
import {
  STREAM_ITEM_FLAG_DELETED,
  STREAM_ITEM_FLAG_SAMEFIELDS,
  streamDecodeID,
} from '../../object/t_stream.ts';
import { lpBytes, lpFirst, lpGetString, lpNext } from '../../quicklist/listpack.ts';
import { served } from './lib/aside.ts';
import { placeRax } from './lib/raxes.ts';
import { ACCENT, SECOND, THIRD, arrow, box, label, legend, svg, textWidth } from './lib/svg.ts';

/** An element of a listpack, and what it is for. */
export interface StreamCell {
  text: string;
  name: string;
  kind: 'count' | 'field' | 'delta' | 'value' | 'end';
}

/** A listpack of a stream: its master entry, then its entries. */
export interface StreamNode {
  key: string;
  bytes: number;
  rows: { cells: StreamCell[]; id: string; isDeleted: boolean }[];
}

function idText(id: streamID): string {
  return `${id.ms}-${id.seq}`;
}

/** Takes one listpack apart. */
export function streamNodeOf(key: string, lp: Buffer): StreamNode {
  const master = new streamID();
  streamDecodeID(key, master);
  const elements: string[] = [];
  for (let p = lpFirst(lp); p !== 0; p = lpNext(lp, p)) elements.push(lpGetString(lp, p));
  let at = 0;
  const take = (name: string, kind: StreamCell['kind']): StreamCell => ({
    text: elements[at++],
    name,
    kind,
  });
  const rows: StreamNode['rows'] = [];
  const head = [take('count', 'count'), take('deleted', 'count'), take('fields', 'count')];
  const fields = Number(head[2].text);
  for (let i = 0; i < fields; i++) head.push(take('field', 'field'));
  head.push(take('end', 'end'));
  rows.push({ cells: head, id: '', isDeleted: false });
  while (at < elements.length) {
    const cells = [take('flags', 'count'), take('ms', 'delta'), take('seq', 'delta')];
    const flags = Number(cells[0].text);
    const id = `${Number(master.ms) + Number(cells[1].text)}-${Number(master.seq) + Number(cells[2].text)}`;
    if (flags & STREAM_ITEM_FLAG_SAMEFIELDS) {
      for (let i = 0; i < fields; i++) cells.push(take('value', 'value'));
    } else {
      const own = take('fields', 'count');
      cells.push(own);
      for (let i = 0; i < Number(own.text); i++) {
        cells.push(take('field', 'field'), take('value', 'value'));
      }
    }
    cells[1].text = `+${cells[1].text}`;
    cells[2].text = `+${cells[2].text}`;
    cells.push(take('lp-count', 'end'));
    rows.push({ cells, id, isDeleted: (flags & STREAM_ITEM_FLAG_DELETED) !== 0 });
  }
  return { key: idText(master), bytes: lpBytes(lp), rows };
}

/** All listpacks of a stream, in order. */
export function streamNodesOf(s: stream): StreamNode[] {
  const nodes: StreamNode[] = [];
  const ri = new raxIterator<Buffer>();
  raxStart(ri, s.rax);
  raxSeek(ri, '^', '');
  while (raxNext(ri)) nodes.push(streamNodeOf(ri.key, ri.data!));
  raxStop(ri);
  return nodes;
}

const CELL = 26;
const ROW = 46;
const X = 10;
const LEFT = 128;

const FILL = { count: undefined, field: THIRD, delta: ACCENT, value: SECOND, end: undefined };

/** Bytes in hex, as the tree has them at its edges. */
function hex(data: string): string {
  return [...data].map((c) => c.charCodeAt(0).toString(16).padStart(2, '0')).join(' ');
}

/** The drawing of one stream. */
export default function draw(args: string[]): string {
  const [max = '3', ...rest] = args;
  return served((ks) => {
    ks.run('CONFIG', 'SET', 'stream-node-max-entries', max === 'tree' ? '1' : max);
    for (const words of rest.join(' ').split(' / ')) {
      const [id, ...more] = words.split(' ');
      const reply = id === 'del' ? ks.run('XDEL', 's', ...more) : ks.run('XADD', 's', id, ...more);
      if (reply.startsWith('-')) throw new Error(`stream: ${words}: ${reply}`);
    }
    const s = ks.value('s').ptr as stream;
    if (max === 'tree') {
      const placed = placeRax(s.rax, X, 10, {
        show: hex,
        value: (key) => {
          const id = new streamID();
          streamDecodeID(key, id);
          return idText(id);
        },
      });
      return svg(
        Math.ceil(placed.width) + 2 * X,
        placed.height + 16,
        `The tree of a stream of ${s.length} entries`,
        placed.parts,
      );
    }
    const parts: string[] = [
      label(X, 12, `length ${s.length}, last_id ${idText(s.last_id)}, ${s.rax.numele} listpacks`, {
        align: 'start',
        size: 12,
        faint: true,
      }),
    ];
    let y = 30;
    let width = 0;
    for (const node of streamNodesOf(s)) {
      parts.push(
        box(X, y, 84, 28, node.key, { fill: ACCENT }),
        label(X, y + 38, 'key in the rax', { align: 'start', size: 10, faint: true }),
        arrow(X + 84, y + 14, LEFT - 4, y + 14),
        label(X, y + 52, `${node.bytes} bytes`, { align: 'start', size: 10, faint: true }),
      );
      for (const { cells, id, isDeleted } of node.rows) {
        let x = LEFT;
        for (const { text, name, kind } of cells) {
          const wide = Math.max(textWidth(text, 13), textWidth(name, 10)) + 10;
          const fill = FILL[kind];
          parts.push(
            box(x, y, wide - 2, CELL, text, {
              faint: isDeleted,
              dashed: isDeleted,
              ...(fill === undefined || isDeleted ? {} : { fill }),
            }),
            label(x + wide / 2 - 1, y + CELL + 8, name, { size: 10, faint: true }),
          );
          x += wide;
        }
        const text = id === '' ? 'master entry' : isDeleted ? `${id}, deleted` : id;
        parts.push(
          label(x + 14, y + CELL / 2, text, {
            align: 'start',
            size: 12,
            strong: id !== '' && !isDeleted,
            faint: id === '' || isDeleted,
          }),
        );
        width = Math.max(width, x + 14 + textWidth(text, 12));
        y += ROW;
      }
      y += 20;
    }
    parts.push(
      legend(X, y + 4, [
        [THIRD, 'names of fields'],
        [ACCENT, 'an id, or what is added to it'],
        [SECOND, 'values'],
      ]),
    );
    return svg(
      Math.ceil(Math.max(width, 520)) + X,
      y + 18,
      `A stream of ${s.length} entries`,
      parts,
    );
  });
}
