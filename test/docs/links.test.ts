/** The files of the built site: all links lead somewhere, pages are small enough, both languages are there. */
import { expect } from 'chai';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkLinks } from '../../docs/links.ts';
import { readTours } from '../../docs/plugin/tours.ts';
import { builtSite } from './built_site.ts';

/** What a page of a function may weigh, and the index of search. */
const PAGE_LIMIT = 150_000;
const INDEX_LIMIT = 3_000_000;

describe('The files of the site', function () {
  this.timeout(240000);
  let site = '';
  const read = (path: string): string => readFileSync(join(site, path), 'utf8');

  before(() => {
    site = builtSite();
  });

  it('have links that all lead somewhere', () => {
    const { pages, links, broken } = checkLinks(site);
    process.stdout.write(`      ${links} links on ${pages} pages\n`);
    expect(broken.join('\n')).to.equal('');
    expect(pages).to.be.above(1500);
  });

  it('stay small: pages of functions, what they fetch, and the index of search', () => {
    const large = readdirSync(site, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const isFunction =
        /^(?:posix|ae|networking|object|quicklist|server|persistence|replication|cluster|scripting|cli)\/.*\.html$/;
      const isData = /^data\/f\//;
      return (
        (isFunction.test(name) || isData.test(name)) &&
        statSync(join(site, name)).isFile() &&
        statSync(join(site, name)).size > PAGE_LIMIT
      );
    });
    expect(large).to.deep.equal([]);
    expect(statSync(join(site, 'data/index.js')).size).to.be.below(INDEX_LIMIT);
  });

  it('have every tour in both languages', () => {
    const missing = readTours().flatMap(({ file }) =>
      [`read/en/${file}.html`, `read/zh/${file}.html`].filter(
        (page) => !existsSync(join(site, page)),
      ),
    );
    expect(missing).to.deep.equal([]);
  });

  it('show on the page of a function its contract, its place in C, its stacks and those of gdb', () => {
    const page = read('networking/networking/readQueryFromClient.html');
    expect(page).to.contain('https://github.com/redis/redis/blob/7.0.5/src/networking.c#L2590');
    expect(page).to.contain('source/networking/networking.ts.html#L');
    expect(page).to.match(/class="frame"[^>]*data-id="networking\/connhelpers\.callHandler"/);
    expect(page).to.contain('every frame agrees');
  });

  it('show on the page of a command its syntax, its bytes and the keyspace', () => {
    const page = read('commands/set.html');
    expect(page).to.contain('SET key value [NX | XX] [GET]');
    expect(page).to.contain('+OK<i>\\r\\n</i>');
    expect(page).to.match(/Keyspace after.*embstr/s);
  });

  it('show in a source what defines and what is used as links, and C as links', () => {
    const page = read('source/networking/networking.ts.html');
    expect(page).to.match(
      /<a class="df" href="[^"]*networking\/networking\/readQueryFromClient\.html">/,
    );
    expect(page).to.match(/href="[^"]*source\/object\/sds\.ts\.html#L\d+">sdsMakeRoomFor</);
    expect(page).to.contain('networking.c#L2590">networking.c:2590</a>');
  });

  it('tell how much of the C program is mirrored, and how many stacks are those of gdb', () => {
    const page = read('state.html');
    expect(page).to.match(/<b>\d+\.\d %<\/b><span>of \d+ stacks are gdb's/);
    expect(page).to.contain('>networking.c</a>');
  });
});
