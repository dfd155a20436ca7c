/**
 * A quicklist before and after each of some changes: its nodes, what lies in them, which of them are compressed.
 *
 *     {@drawing quicklist 3 0 rpush:a,b rpush:c rpush:d}    fill 3, nothing compressed; a row for each change
 *
 * The changes:
 *
 *     rpush:a,b   lpush:a,b   rpop   lpop
 *     after:b:x   before:b:x     x after, before the element b
 *     index:4                    the iterator of LINDEX stands on the fifth element, and is not given back yet
 *     large:100                  from 100 bytes on an element gets a node of its own; makes no row
 *     many:visit:20              appends visit:0 to visit:19
 *
 * `a*50` is fifty times a. Who calls in: the site's build, tests. Whom it calls: quicklist/quicklist.ts.
 */
import { lpFirst, lpGetString, lpNext } from '../../quicklist/listpack.ts';
import {
  AL_START_HEAD,
  QL_NODE_IS_PLAIN,
  QUICKLIST_HEAD,
  QUICKLIST_TAIL,
  lzfSize,
  quicklistEntry,
  quicklistCompare,
  quicklistGetIterator,
  quicklistGetIteratorEntryAtIdx,
  quicklistInsertAfter,
  quicklistInsertBefore,
  quicklistNew,
  quicklistNext,
  quicklistNodeIsCompressed,
  quicklistPop,
  quicklistPush,
  quicklistReleaseIterator,
  quicklistisSetPackedThreshold,
  type quicklist,
  type quicklistIter,
  type quicklistNode,
} from '../../quicklist/quicklist.ts';
import { aside } from './lib/aside.ts';
import { wordsOf } from './lib/listpacks.ts';
import { ACCENT, SECOND, THIRD, arrow, box, label, svg, textWidth } from './lib/svg.ts';

/** A node, as it is to be drawn. */
export interface NodeLook {
  node: quicklistNode;
  /** The elements; null: they are compressed. */
  elements: string[] | null;
  plain: boolean;
  count: number;
  sz: number;
  /** Bytes of a compressed entry. */
  lzf: number;
  recompress: boolean;
}

/** A list after a change. */
export interface Look {
  change: string;
  count: number;
  len: number;
  nodes: NodeLook[];
  /** What the change has added; nothing is new in the first row. */
  fresh: string[];
}

/** What is in a list, without touching it. */
export function lookAt(ql: quicklist, change: string, fresh: string[]): Look {
  const nodes: NodeLook[] = [];
  for (let node = ql.head; node !== null; node = node.next) {
    const plain = QL_NODE_IS_PLAIN(node);
    const isCompressed = quicklistNodeIsCompressed(node);
    const entry = node.entry!;
    let elements: string[] | null = null;
    if (!isCompressed && plain) elements = [entry.latin1Slice(0, node.sz)];
    else if (!isCompressed) {
      elements = [];
      for (let p = lpFirst(entry); p !== 0; p = lpNext(entry, p)) {
        elements.push(lpGetString(entry, p));
      }
    }
    nodes.push({
      node,
      elements,
      plain,
      count: node.count,
      sz: node.sz,
      lzf: isCompressed ? lzfSize(entry) : 0,
      recompress: node.recompress === 1,
    });
  }
  return { change, count: ql.count, len: ql.len, nodes, fresh };
}

/** Stands on the first element that is `word`; the iterator has to be given back. */
function seek(ql: quicklist, word: string): { iter: quicklistIter; entry: quicklistEntry } {
  const iter = quicklistGetIterator(ql, AL_START_HEAD);
  const entry = new quicklistEntry();
  while (quicklistNext(iter, entry)) if (quicklistCompare(entry, word)) return { iter, entry };
  throw new Error(`quicklist: no element '${word}'`);
}

/** Makes the changes, and says how the list looks after each. */
export function history(fill: number, compress: number, changes: readonly string[]): Look[] {
  const ql = quicklistNew(fill, compress);
  const looks: Look[] = [];
  for (const change of changes) {
    const [name, first = '', second = ''] = change.split(':');
    let iter: quicklistIter | null = null;
    let text = change;
    const fresh: string[] = [];
    if (name === 'rpush' || name === 'lpush') {
      const where = name === 'rpush' ? QUICKLIST_TAIL : QUICKLIST_HEAD;
      const words = first.split(',');
      fresh.push(...wordsOf(words));
      for (const word of fresh) quicklistPush(ql, word, where);
      text = `${name.toUpperCase()} ${words.map(shorten).join(' ')}`;
    } else if (name === 'rpop' || name === 'lpop') {
      quicklistPop(ql, name === 'rpop' ? QUICKLIST_TAIL : QUICKLIST_HEAD);
      text = name.toUpperCase();
    } else if (name === 'after' || name === 'before') {
      const at = seek(ql, first);
      const [word] = wordsOf([second]);
      fresh.push(word);
      if (name === 'after') quicklistInsertAfter(at.iter, at.entry, word);
      else quicklistInsertBefore(at.iter, at.entry, word);
      quicklistReleaseIterator(at.iter);
      text = `LINSERT ${name.toUpperCase()} ${first} ${shorten(second)}`;
    } else if (name === 'index') {
      const entry = new quicklistEntry();
      iter = quicklistGetIteratorEntryAtIdx(ql, Number(first), entry);
      text = `LINDEX ${first}: the iterator stands on it`;
    } else if (name === 'many') {
      for (let i = 0; i < Number(second); i++) quicklistPush(ql, `${first}:${i}`, QUICKLIST_TAIL);
      text = `RPUSH ${first}:0 ... ${first}:${Number(second) - 1}`;
    } else if (name === 'large') {
      quicklistisSetPackedThreshold(Number(first));
      continue;
    } else {
      throw new Error(`quicklist: '${change}' is no change`);
    }
    looks.push(lookAt(ql, text, looks.length === 0 ? [] : fresh));
    quicklistReleaseIterator(iter);
  }
  return looks;
}

function shorten(word: string): string {
  const [, text, times] = /^(.+)\*(\d+)$/.exec(word) ?? [];
  return times === undefined ? word : `(${Number(times) * text.length} bytes)`;
}

const HIGH = 30;
const ROW = 98;
const GAP = 34;
const X = 10;
/** A node of more elements or letters shows the first and the last. */
const SHOWN = 6;
const LETTERS = 24;

/** What stands in the boxes of a node, and whether it is to be noticed. */
function cellsOf(look: NodeLook, fresh: readonly string[]): { text: string; fill: string }[] {
  if (look.elements === null) return [{ text: `LZF: ${look.lzf} bytes`, fill: THIRD }];
  const cells = look.elements.map((element) => ({
    text: element.length > 16 ? `${element[0]}··· ${element.length}` : element,
    fill: fresh.includes(element) ? ACCENT : SECOND,
  }));
  const letters = cells.reduce((sum, { text }) => sum + text.length, 0);
  if (cells.length <= SHOWN && letters <= LETTERS) return cells;
  return [cells[0], { text: '···', fill: SECOND }, ...cells.slice(-1)];
}

/** The drawing of a list and its changes. */
export default function draw(args: string[]): string {
  const [fill = '3', compress = '0', ...changes] = args;
  const looks = aside(1, () => history(Number(fill), Number(compress), changes));
  const parts: string[] = [];
  let width = 0;
  let nodes: ReadonlySet<quicklistNode> = new Set();
  looks.forEach((look, row) => {
    const top = 8 + row * ROW;
    parts.push(label(X, top + 8, look.change, { align: 'start', size: 13, strong: true }));
    parts.push(
      label(
        X + textWidth(look.change, 13) + 24,
        top + 8,
        `count ${look.count}, len ${look.len}, fill ${fill}, compress ${compress}`,
        { align: 'start', size: 11, faint: true },
      ),
    );
    let x = X;
    const y = top + 24;
    look.nodes.forEach((node, i) => {
      const cells = cellsOf(node, look.fresh).map((cell) => ({
        ...cell,
        width: Math.max(30, textWidth(cell.text, 13) + 14),
      }));
      const about = `${node.plain ? 'PLAIN, ' : ''}count ${node.count}, sz ${node.sz}`;
      const marks = node.recompress ? 'recompress 1' : '';
      const inner = cells.reduce((sum, cell) => sum + cell.width, 0);
      const wide = Math.max(inner, textWidth(about, 10) - 6, textWidth(marks, 10));
      const isNew = nodes.size > 0 && !nodes.has(node.node);
      parts.push(box(x, y, wide + 8, HIGH + 8, '', isNew ? { color: ACCENT, strong: true } : {}));
      let at = x + 4 + (wide - inner) / 2;
      for (const cell of cells) {
        parts.push(
          box(at, y + 4, cell.width - 1, HIGH, cell.text, {
            fill: cell.fill,
            dashed: node.elements === null,
            size: node.elements === null ? 12 : 13,
          }),
        );
        at += cell.width;
      }
      parts.push(
        label(x + 2, y + HIGH + 18, about, { align: 'start', size: 10, faint: true }),
        label(x + 2, y + HIGH + 31, marks, { align: 'start', size: 10, color: ACCENT }),
      );
      x += wide + 8;
      if (i < look.nodes.length - 1) {
        parts.push(arrow(x + 3, y + 19, x + GAP - 3, y + 19, { both: true }));
        x += GAP;
      }
    });
    width = Math.max(width, x, X + textWidth(look.change, 13) + 300);
    nodes = new Set(look.nodes.map(({ node }) => node));
  });
  return svg(
    Math.ceil(width) + 12,
    looks.length * ROW + 4,
    `A quicklist with fill ${fill} and compress ${compress}`,
    parts,
  );
}
