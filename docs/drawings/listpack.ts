/**
 * A listpack byte by byte, an element a row.
 *
 *     {@drawing listpack tom 42 1000}     these three elements
 *     {@drawing listpack x*200}           a string of two hundred x, with what is in its middle left out
 *
 * Who calls in: the site's build, tests. Whom it calls: quicklist/listpack.ts.
 */
import { lpAppend, lpNew } from '../../quicklist/listpack.ts';
import { aside } from './lib/aside.ts';
import { listpackSvg, wordsOf } from './lib/listpacks.ts';

/** A listpack of these words. Those that are the text of an integer become integers. */
export function listpackOf(words: readonly string[]): Buffer {
  let lp = lpNew(0);
  for (const word of words) lp = lpAppend(lp, word);
  return lp;
}

/** The drawing of one listpack. */
export default function draw(args: string[]): string {
  const words = wordsOf(args);
  return aside(1, () => listpackSvg(listpackOf(words), `A listpack of ${words.length} elements`));
}
