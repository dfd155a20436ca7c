/**
 * Checks all links of a built site: that the file is there, and the place in it. Links to other hosts are checked for their form only.
 *
 *     node -r ts-node/register docs/links.ts [folder]
 *
 * Who calls in: the tests of the site, a person. Whom it calls: nobody.
 */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { C_HOST } from './browser/view.ts';

/** What was found. */
export interface LinkReport {
  pages: number;
  links: number;
  /** `page: link`, with what is wrong. */
  broken: string[];
}

/** Text of an attribute as it is meant. */
function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&');
}

/** Places that a script makes: a run, a frame of a tree, a stack that is fetched. */
const MADE_BY_SCRIPT = /^(?:t=|s\d)/;

/** Follows all links of all pages. */
export function checkLinks(folder: string): LinkReport {
  const pages = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.html'))
    .sort();
  const texts = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]));
  const places = new Map<string, Set<string>>();
  const placesOf = (page: string): Set<string> => {
    let known = places.get(page);
    if (known === undefined) {
      const ids = (texts.get(page) ?? '').matchAll(/\sid="([^"]*)"/g);
      known = new Set([...ids].map(([, id]) => decode(id)));
      places.set(page, known);
    }
    return known;
  };
  const report: LinkReport = { pages: pages.length, links: 0, broken: [] };
  const exists = new Map<string, boolean>();
  for (const [page, text] of texts) {
    const seen = new Set<string>();
    for (const [, raw] of text.matchAll(
      /<(?:a|link|script|img)\b[^>]*?\s(?:href|src)="([^"]*)"/g,
    )) {
      report.links++;
      if (seen.has(raw)) continue;
      seen.add(raw);
      const link = decode(raw);
      const fail = (why: string): void => {
        report.broken.push(`${page}: ${link}: ${why}`);
      };
      if (/^[a-z]+:/.test(link)) {
        if (link.startsWith('https://github.com/redis/redis/') && !link.startsWith(`${C_HOST}/`)) {
          fail('not the C source of 7.0.5');
        } else if (!/^https?:\/\/[\w.-]+(?:\/|$)/.test(link)) fail('not an address');
        continue;
      }
      const [path, place = ''] = link.split('#');
      const target =
        path === ''
          ? page
          : relative(folder, normalize(join(folder, dirname(page), decodeURI(path))));
      let isThere = exists.get(target);
      if (isThere === undefined) {
        isThere = texts.has(target) || existsSync(join(folder, target));
        exists.set(target, isThere);
      }
      if (!isThere) fail('no such file');
      else if (place !== '' && !MADE_BY_SCRIPT.test(place) && texts.has(target)) {
        if (!placesOf(target).has(decodeURIComponent(place))) fail('no such place');
      }
    }
  }
  return report;
}

if (require.main === module) {
  const { pages, links, broken } = checkLinks(process.argv[2] ?? join(__dirname, 'site'));
  for (const line of broken) console.error(line);
  console.log(`${pages} pages, ${links} links, ${broken.length} broken`);
  if (broken.length > 0) process.exitCode = 1;
}
