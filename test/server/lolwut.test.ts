import { expect } from 'chai';
import { createHash } from 'node:crypto';
import { ledger } from '../../object/zmalloc.ts';
import { srandom } from '../../object/util.ts';
import {
  lwCreateCanvas,
  lwDrawLine,
  lwDrawPixel,
  lwDrawSquare,
  lwFreeCanvas,
  lwGetPixel,
  round,
  type lwCanvas,
} from '../../server/lolwut.ts';
import * as five from '../../server/lolwut5.ts';
import * as six from '../../server/lolwut6.ts';
import { Keyspace } from './keyspace.ts';

/** The canvas as rows of `.` and `#`. */
function rowsOf(canvas: lwCanvas): string[] {
  return Array.from({ length: canvas.height }, (_, y) =>
    Array.from({ length: canvas.width }, (__, x) => (lwGetPixel(canvas, x, y) ? '#' : '.')).join(
      '',
    ),
  );
}

function utf8(bytes: string): string {
  return Buffer.from(bytes, 'latin1').toString('utf8');
}

/** The payload of a bulk string reply. */
function bulk(reply: string): string {
  expect(reply).to.match(/^\$\d+\r\n[^]*\r\n$/);
  return reply.slice(reply.indexOf('\n') + 1, -2);
}

describe('lolwut.ts', () => {
  describe('the canvas', () => {
    it('ignores what is drawn outside of it, and reads 0 there', () => {
      const canvas = lwCreateCanvas(3, 2, 1);
      lwDrawPixel(canvas, -1, 0, 7);
      lwDrawPixel(canvas, 3, 0, 7);
      lwDrawPixel(canvas, 0, 2, 7);
      expect([...canvas.pixels]).to.deep.equal([1, 1, 1, 1, 1, 1]);
      expect(lwGetPixel(canvas, 3, 1)).to.equal(0);
      expect(lwGetPixel(canvas, 2, 1)).to.equal(1);
    });

    it('draws lines in any direction, both ends included', () => {
      const canvas = lwCreateCanvas(6, 3, 0);
      lwDrawLine(canvas, 5, 2, 0, 0, 1);
      expect(rowsOf(canvas)).to.deep.equal(['##....', '..##..', '....##']);
      const dot = lwCreateCanvas(2, 1, 0);
      lwDrawLine(dot, 1, 0, 1, 0, 1);
      expect(rowsOf(dot)).to.deep.equal(['.#']);
    });

    it('draws squares, upright and turned', () => {
      const upright = lwCreateCanvas(7, 7, 0);
      lwDrawSquare(upright, 3, 3, 4, 0, 1);
      expect(rowsOf(upright)).to.deep.equal([
        '.......',
        '.#####.',
        '.#...#.',
        '.#...#.',
        '.#...#.',
        '.#####.',
        '.......',
      ]);
      const turned = lwCreateCanvas(7, 7, 0);
      lwDrawSquare(turned, 3, 3, 4.3, Math.PI / 4, 1);
      expect(rowsOf(turned)).to.deep.equal([
        '...#...',
        '..#.#..',
        '.#...#.',
        '#.....#',
        '.#...#.',
        '..#.#..',
        '...#...',
      ]);
    });

    it('rounds halves away from 0, as C does', () => {
      expect([0.5, 1.5, 2.4, -0.5, -1.5, -2.4].map(round)).to.deep.equal([1, 2, 2, -1, -2, -2]);
    });

    it('gives back the memory that it accounted for', () => {
      const before = ledger.used;
      const canvas = lwCreateCanvas(100, 10, 0);
      expect(ledger.used).to.be.at.least(before + 1000);
      lwFreeCanvas(canvas);
      expect(ledger.used).to.equal(before);
    });
  });

  describe('the picture of version 5', () => {
    it('counts the dots of a Braille character in the order of Unicode', () => {
      expect(utf8(five.lwTranslatePixelsGroup(0))).to.equal('\u2800');
      expect(utf8(five.lwTranslatePixelsGroup(0xff))).to.equal('\u28ff');
      const canvas = lwCreateCanvas(2, 4, 0);
      lwDrawPixel(canvas, 0, 3, 1);
      expect(utf8(five.renderCanvas(canvas))).to.equal('\u2840\n');
    });

    // The first two rows stand straight, so that no chance is in these: they were taken from a redis-server 7.0.
    it('is the same as that of the C program, pixel by pixel', () => {
      expect(utf8(five.renderCanvas(five.lwDrawSchotter(13, 1, 1)))).to.equal(
        [
          '⠀⡤⠤⠤⠤⠤⠤⠤⠤⠤⠤⠤⡄',
          '⠀⡇⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡇',
          '⠀⡇⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡇',
          '⠀⡇⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡇',
          '⠀⡇⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡇',
          '⠀⡇⠀⠀⠀⠀⠀⠀⠀⠀⠀⠀⡇',
          '⠀⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠉⠁',
          '',
        ].join('\n'),
      );
      for (const [cols, squares, hash] of [
        [66, 8, '109276822e98694ed70587ef2e9221a85c2a63ba'],
        [40, 5, '3f0fcc37bb770535f49711376c2d63c9bb1ad17f'],
        [1000, 200, '1c19a03f6790a6d4dc290cafee134208251616bd'],
      ] as const) {
        const text = five.renderCanvas(five.lwDrawSchotter(cols, squares, 2));
        expect(createHash('sha1').update(text, 'latin1').digest('hex')).to.equal(hash);
      }
    });

    it('falls into disorder below, by chance', () => {
      srandom(1);
      const one = five.renderCanvas(five.lwDrawSchotter(66, 8, 12));
      srandom(2);
      const two = five.renderCanvas(five.lwDrawSchotter(66, 8, 12));
      srandom(1);
      expect(five.renderCanvas(five.lwDrawSchotter(66, 8, 12))).to.equal(one);
      const straight = (text: string): string => text.split('\n').slice(0, 8).join('\n');
      expect(straight(one)).to.equal(straight(two));
      expect(one).not.to.equal(two);
    });
  });

  describe('the picture of version 6', () => {
    it('writes a pixel as a blank on coloured ground', () => {
      const canvas = lwCreateCanvas(2, 2, 3);
      lwDrawPixel(canvas, 1, 0, 0);
      lwDrawPixel(canvas, 0, 1, 1);
      lwDrawPixel(canvas, 1, 1, 2);
      expect(six.renderCanvas(canvas)).to.equal(
        '\x1b[0;97;107m \x1b[0m\x1b[0;30;40m \x1b[0m\n\x1b[0;90;100m \x1b[0m\x1b[0;37;47m \x1b[0m',
      );
    });

    it('draws a tower with a narrower roof, and windows two pixels wide', () => {
      const canvas = lwCreateCanvas(12, 9, 3);
      const si = new six.skyscraper();
      si.xoff = 1;
      si.width = 10;
      si.height = 8;
      si.windows = true;
      six.generateSkyscraper(canvas, si);
      const rows = Array.from({ length: 9 }, (_, y) =>
        [...canvas.pixels.subarray(y * 12, y * 12 + 12)].join(''),
      );
      expect(rows[0]).to.equal('333333333333');
      expect(rows[1]).to.equal('333000000333');
      expect(rows[8]).to.equal('300000000003');
      for (const y of [3, 5])
        expect(rows[y]).to.match(/^3000(11|22)00(11|22|00)003$|^3000(11|22)00(1|2)003$/);
      for (const y of [2, 4, 6, 7]) expect(rows[y]).to.equal('300000000003');
    });

    it('leaves sky above and black towers below', () => {
      srandom(3);
      const canvas = lwCreateCanvas(80, 20, 3);
      six.generateSkyline(canvas);
      expect(new Set(canvas.pixels)).to.deep.equal(new Set([0, 1, 2, 3]));
      expect([...canvas.pixels.subarray(19 * 80)]).to.include(0);
    });
  });

  describe('the command', () => {
    let ks: Keyspace;

    beforeEach(() => {
      ks = new Keyspace();
    });

    it('says the version when the version has no picture', () => {
      expect(bulk(ks.run('LOLWUT'))).to.equal('Redis ver. 7.0.5\n');
      expect(bulk(ks.run('LOLWUT', 'VERSION', '7', '10'))).to.equal('Redis ver. 7.0.5\n');
      expect(bulk(ks.run('LOLWUT', 'VERSION', '50'))).to.equal('Redis ver. 7.0.5\n');
      ks.client.resp = 3;
      expect(ks.run('LOLWUT')).to.equal('=21\r\ntxt:Redis ver. 7.0.5\n\r\n');
    });

    it('draws the picture of the version that is asked for, and ends with its own', () => {
      const picture = bulk(ks.run('LOLWUT', 'version', '5', '13', '1', '1'));
      expect(picture).to.match(
        /\nGeorg Nees - schotter, plotter on paper, 1968\. Redis ver\. 7\.0\.5\n$/,
      );
      expect(utf8(picture).split('\n')).to.have.length(10);
      const skyline = bulk(ks.run('LOLWUT', 'VERSION', '6', '10', '3'));
      expect(skyline.split('\x1b[0m')).to.have.length(31);
      expect(skyline).to.match(/Plaguemon by hikikomori\. Redis ver\. 7\.0\.5\n$/);
    });

    it('holds the numbers within limits', () => {
      expect(utf8(bulk(ks.run('LOLWUT', 'VERSION', '5', '-3', '0', '0')))).to.match(/^.\n/u);
      const skyline = bulk(ks.run('LOLWUT', 'VERSION', '6', '0', '-1'));
      expect(skyline.split('\x1b[0m')).to.have.length(2);
    });

    it('refuses what is no number, and leaves the arguments as they came', () => {
      const error = '-ERR value is not an integer or out of range\r\n';
      expect(ks.run('LOLWUT', 'VERSION', 'x')).to.equal(error);
      expect(ks.run('LOLWUT', 'VERSION', '5', 'x')).to.equal(error);
      expect(ks.rewritten).to.deep.equal(['LOLWUT', 'VERSION', '5', 'x']);
      expect(ks.run('LOLWUT', 'VERSION', '5', '1', '1', 'x')).to.equal(error);
      expect(ks.run('LOLWUT', 'VERSION', '6', '1', 'x')).to.equal(error);
    });
  });
});
