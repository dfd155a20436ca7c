/**
 * The bytes of a request on the wire, each in a box, as they stand in the query buffer of the client.
 *
 *     {@drawing request SET name tom}
 *
 * Who calls in: the site's build, tests. Whom it calls: nobody of the project.
 */
import { byteRows, type ByteCell } from './lib/bytes.ts';
import { label, svg } from './lib/svg.ts';

/** The bytes of a command in the protocol, cut into what processMultibulkBuffer takes at a time. */
export function requestCells(args: readonly string[]): ByteCell[] {
  const cells: ByteCell[] = [];
  const add = (bytes: string, part: string): void => {
    for (const c of bytes) {
      cells.push({ text: c === '\r' ? '\\r' : c === '\n' ? '\\n' : c, part });
    }
  };
  add(`*${args.length}\r\n`, 'multibulklen');
  args.forEach((arg, i) => {
    add(`$${arg.length}\r\n`, `bulklen ${i}`);
    add(`${arg}\r\n`, `argv[${i}]`);
  });
  return cells;
}

/** The drawing of one request. */
export default function draw(args: string[]): string {
  const cells = requestCells(args);
  const { parts, height, width } = byteRows(cells, 10, 34);
  return svg(width + 20, height + 44, `The request ${args.join(' ')}`, [
    label(10, 14, `${args.join(' ')}: ${cells.length} bytes`, { align: 'start' }),
    ...parts,
  ]);
}
