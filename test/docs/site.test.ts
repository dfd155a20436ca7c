/** The built site in a browser, opened from disk as a reader may do. */
import { expect } from 'chai';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  chromium as playwright,
  type Browser,
  type BrowserContext,
  type Page,
} from 'playwright-core';
import { serve } from '../../docs/serve.ts';
import { builtSite, chromium } from './built_site.ts';

const ARGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const executablePath = chromium();

describe('The site in a browser', function () {
  this.timeout(240000);
  if (executablePath === null) {
    it.skip('needs chromium');
    return;
  }

  let site = '';
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  /** What the console said, and what failed. */
  const complaints: string[] = [];

  const open = async (path: string): Promise<void> => {
    const [file, hash] = path.split('#');
    const url = pathToFileURL(join(site, file));
    if (hash !== undefined) url.hash = hash;
    await page.goto(url.href);
  };

  before(async () => {
    site = builtSite();
    browser = await playwright.launch({ executablePath, args: ARGS });
  });

  after(async () => {
    await browser?.close();
  });

  beforeEach(async () => {
    complaints.length = 0;
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
    page = await context.newPage();
    page.setDefaultTimeout(15000);
    page.on('console', (message) => {
      if (message.type() === 'error') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(String(error)));
    page.on('requestfailed', (request) => {
      // What was still under way when the page was left is no complaint.
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(request.url());
    });
  });

  afterEach(async () => {
    await context.close();
    expect(complaints).to.deep.equal([]);
  });

  it('opens every kind of page without a complaint', async () => {
    const pages = [
      'index.html',
      'index.zh.html',
      'functions.html',
      'concepts.html',
      'state.html',
      'commands/index.html',
      'commands/set.html',
      'scenes/index.html',
      'scenes/turn.html',
      'server/server.html',
      'server/server/processCommand.html',
      'server/server.h/client.html',
      'source/ae/ae.ts.html',
      'read/en/a-command-travels.html',
      'read/zh/a-command-travels.html',
    ];
    for (const path of pages) {
      await open(path);
      expect(await page.locator('h1').first().textContent(), path).to.not.equal('');
      await page.locator('body[data-settled]').waitFor({ state: 'attached' });
    }
  });

  it('finds readQueryFromClient, by its name and by the beginnings of its words', async () => {
    await open('index.html');
    await page.keyboard.press('/');
    await page.keyboard.type('readQueryFrom');
    await page.locator('#results a').first().waitFor();
    expect(await page.locator('#results a b').first().textContent()).to.equal(
      'readQueryFromClient',
    );
    await page.fill('#search', 'rqfc');
    await page.locator('#results a b', { hasText: 'readQueryFromClient' }).waitFor();
    await page.fill('#search', 'readqueryfromclient');
    await page.waitForFunction("document.querySelectorAll('#results a').length > 0");
    await page.keyboard.press('Enter');
    await page.waitForURL(/networking\/networking\/readQueryFromClient\.html$/);
  });

  it('opens the tree of a command down to what it does, and more of it on a click', async () => {
    await open('commands/set.html');
    await page.locator('[data-watch][data-ready="set"]').waitFor();
    const row = page.locator('.calltree li[data-node]', {
      has: page.locator('> details > summary a', { hasText: /^setCommand$/ }),
    });
    await row.first().waitFor();
    const inside = row.first().locator('a.fn', { hasText: /^setGenericCommand$/ });
    await inside.first().waitFor();
    const before = await page.locator('.calltree .row').count();
    await page.locator('.calltree details:not([open]) > summary:visible .calls').first().click();
    await page.waitForFunction(`document.querySelectorAll('.calltree .row').length > ${before}`);
  });

  it('shows leaf helpers when they are asked for', async () => {
    await open('commands/set.html');
    await page.locator('[data-watch][data-ready="set"]').waitFor();
    expect(await page.locator('.calltree .helper:visible').count()).to.equal(0);
    await page.locator('[data-watch] [data-helpers]').check();
    expect(await page.locator('.calltree .helper:visible').count()).to.be.above(0);
  });

  it('shows a run as a flame and as turns of the loop', async () => {
    await open('commands/set.html');
    await page.locator('[data-mode="Flame"]').click();
    await page.locator('svg.flame text', { hasText: 'processCommand' }).first().waitFor();
    await page.locator('[data-mode="Timeline"]').click();
    const event = page.locator('.phase.p-connSocketEventHandler').first();
    expect(await event.textContent()).to.contain('setCommand');
    await event.click();
    await page.locator('.row.here', { hasText: 'connSocketEventHandler' }).waitFor();
    expect(page.url()).to.match(/#t=set\/[\d.l]+$/);
  });

  it('opens a variant and a frame of its tree from an address', async () => {
    await open('commands/set.html');
    await page.locator('[data-scenario="set.ex"]').click();
    await page.locator('[data-watch][data-ready="set.ex"]').waitFor();
    const row = page.locator('.calltree .row', { hasText: /^processCommand\(/ }).first();
    await row.click({ position: { x: 4, y: 4 } });
    const { hash } = new URL(page.url());
    expect(hash).to.match(/^#t=set\.ex\/[\d.l]+$/);
    await page.goto('about:blank');
    await open(`commands/set.html${hash}`);
    await page.locator('.row.here', { hasText: 'processCommand(' }).waitFor();
    expect(await page.locator('[aria-selected="true"]').getAttribute('data-scenario')).to.equal(
      'set.ex',
    );
  });

  it('is walked with the keyboard: frames, callers, callees', async () => {
    await open('networking/networking/readQueryFromClient.html');
    await page.locator('body[data-ready]').waitFor();
    await page.keyboard.press('j');
    expect(await page.locator('.here .fn').textContent()).to.equal('readQueryFromClient');
    await page.keyboard.press('j');
    expect(await page.locator('.here .fn').textContent()).to.equal('callHandler');
    await page.keyboard.press('u');
    expect(await page.locator('.here .fn').textContent()).to.equal('connSocketEventHandler');
    await page.keyboard.press('k');
    await page.keyboard.press('Enter');
    await page.waitForURL(/connhelpers\/callHandler\.html$/);
    await page.locator('body[data-ready]').waitFor();
    await page.keyboard.press('u');
    await page.waitForURL(/connection\/connSocketEventHandler\.html$/);
    await page.keyboard.press('?');
    await page.locator('dialog.keys').waitFor();
  });

  it('walks in a tree from a call to the one around it, and into it', async () => {
    await open('commands/get.html');
    await page.locator('[data-watch][data-ready="get"]').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('d');
    await page.locator('.row.here', { hasText: 'aeProcessEvents' }).waitFor();
    await page.keyboard.press('u');
    await page.locator('.row.here', { hasText: 'aeMain' }).waitFor();
  });

  it('fits the screen of a phone', async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    for (const path of [
      'index.html',
      'commands/set.html',
      'server/server/processCommand.html',
      'read/en/a-command-travels.html',
      'state.html',
    ]) {
      await open(path);
      await page.locator('body[data-settled]').waitFor({ state: 'attached' });
      const width = await page.evaluate<number>('document.documentElement.scrollWidth');
      expect(width, path).to.be.at.most(390);
    }
    await open('server/server/processCommand.html');
    await page.locator('button.menu').click();
    expect(await page.locator('.left').isVisible()).to.equal(true);
  });

  /** Pages from a file get a process each in the browser, which may ask for what was kept before it has come from the last one. */
  describe('served', () => {
    let server: Server;

    before(async () => {
      server = await serve(site, 0);
    });

    after(() => server?.close());

    const visit = async (path: string): Promise<void> => {
      await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/${path}`);
    };

    it('is the same site, and nothing outside of it', async () => {
      await visit('');
      expect(await page.title()).to.contain('redis-readable');
      const outside = await fetch(new URL('..%2f..%2fpackage.json', page.url()));
      expect(outside.status).to.equal(404);
    });

    it('keeps a trail of what was visited', async () => {
      await visit('networking/networking/readQueryFromClient.html');
      await visit('server/server/processCommand.html');
      await page.locator('.trail a', { hasText: 'readQueryFromClient' }).waitFor();
      await page.locator('[data-trail] button').click();
      expect(await page.locator('.trail a').count()).to.equal(0);
    });

    it('is read in both languages', async () => {
      await visit('read/en/a-command-travels.html');
      expect(await page.locator('html').getAttribute('lang')).to.equal('en');
      await page.locator('[data-lang-switch]').click();
      await page.waitForURL(/read\/zh\/a-command-travels\.html$/);
      expect(await page.locator('article p').first().textContent()).to.match(/[\u4e00-\u9fff]/);
      // The frame of other pages follows.
      await visit('commands/set.html');
      expect(await page.locator('.sections a').nth(1).textContent()).to.equal('命令');
      await page.locator('[data-lang-switch]').click();
      expect(await page.locator('.sections a').nth(1).textContent()).to.equal('Commands');
    });

    it('is light or dark, as the system is, or as one chooses', async () => {
      await page.emulateMedia({ colorScheme: 'dark' });
      await visit('index.html');
      const paper = (): Promise<string> =>
        page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const dark = await paper();
      await page.keyboard.press('t');
      const light = await paper();
      expect(light).to.not.equal(dark);
      await page.reload();
      expect(await paper()).to.equal(light);
    });
  });
});
