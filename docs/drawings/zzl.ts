/**
 * A sorted set that is small enough for a listpack, byte by byte: elements and scores in turn, in order.
 *
 *     {@drawing zzl tom 30 ann 25.5 bob 27}      tom with the score 30, then ann, then bob
 *
 * Who calls in: the site's build, tests. Whom it calls: object/t_zset.ts.
 */
import { zzlInsert } from '../../object/t_zset.ts';
import { lpNew } from '../../quicklist/listpack.ts';
import { aside } from './lib/aside.ts';
import { listpackSvg } from './lib/listpacks.ts';

/** The drawing of a set that these pairs of element and score were put into. */
export default function draw(args: string[]): string {
  return aside(1, () => {
    let zl = lpNew(0);
    for (let i = 0; i < args.length; i += 2) zl = zzlInsert(zl, args[i], Number(args[i + 1]));
    const notes = args.map((_, i) => (i % 2 === 0 ? 'an element' : 'its score'));
    return listpackSvg(zl, `A sorted set of ${args.length / 2} elements in a listpack`, notes);
  });
}
