import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import * as L from '../../object/longdouble.ts';
import * as U from '../../object/util.ts';
import { Ledger, useLedger } from '../../object/zmalloc.ts';
import { ENAMETOOLONG, ENOENT, ENOTDIR, posix, usePosix } from '../../posix/posix.ts';
import { LibcKernel } from '../../posix/posix_libc.ts';
import { Random } from '../support/random.ts';

describe('util', () => {
  before(() => {
    usePosix(new LibcKernel());
  });

  it('reads exactly the integers that it writes', () => {
    for (const [s, want] of [
      ['0', 0],
      ['-1', -1],
      ['99', 99],
      ['9007199254740991', 9007199254740991],
      ['9007199254740992', 9007199254740992n],
      ['-9007199254740993', -9007199254740993n],
      ['9223372036854775807', 9223372036854775807n],
      ['9223372036854775808', null],
      ['-9223372036854775808', -9223372036854775808n],
      ['-9223372036854775809', null],
      ['99999999999999999999', null],
      ['184467440737095516160', null],
      ['', null],
      ['-', null],
      ['-0', null],
      ['+1', null],
      [' 1', null],
      ['1 ', null],
      ['01', null],
      ['1a', null],
      ['\xb2', null],
    ] as const) {
      expect(U.string2ll(s), s).to.equal(want);
      expect(U.string2l(s), s).to.equal(want);
      if (want !== null) expect(U.ll2string(want)).to.equal(s);
    }
  });

  it('reads unsigned integers as leniently as strtoull does', () => {
    for (const [s, want] of [
      ['18446744073709551615', 18446744073709551615n],
      ['18446744073709551616', null],
      ['-1', null],
      ['-01', 18446744073709551615n],
      ['+5', 5],
      [' 5', 5],
      ['5 ', null],
      ['', null],
      ['abc', null],
      ['5\0x', 5],
    ] as const) {
      expect(U.string2ull(s), s).to.equal(want);
    }
    expect(U.ull2string(18446744073709551615n)).to.equal('18446744073709551615');
  });

  it('counts digits', () => {
    for (let e = 0; e <= 14; e++) {
      expect(U.digits10(10 ** e)).to.equal(e + 1);
      expect(U.digits10(10 ** (e + 1) - 1)).to.equal(e + 1);
    }
    expect(U.digits10(18446744073709551615n)).to.equal(20);
    expect(U.sdigits10(-9223372036854775808n)).to.equal(20);
    expect(U.sdigits10(-5)).to.equal(2);
  });

  it('writes doubles as C does, ties and all', () => {
    for (const [x, want] of [
      [0, '0'],
      [-0, '-0'],
      [NaN, 'nan'],
      [Infinity, 'inf'],
      [-Infinity, '-inf'],
      [3, '3'],
      [0.1, '0.10000000000000001'],
      [-1.5, '-1.5'],
      [1e100, '1e+100'],
      [1e-5, '1.0000000000000001e-05'],
      [123456.789, '123456.789'],
      [2 ** 53 + 2, '9007199254740994'],
      [2 ** 62, '4611686018427387904'],
      [2 ** 63, '9.2233720368547758e+18'],
      [2 ** -25, '2.9802322387695312e-08'],
      [3 * 2 ** -25, '8.9406967163085938e-08'],
      [5e-324, '4.9406564584124654e-324'],
    ] as const) {
      expect(U.d2string(x)).to.equal(want);
    }
    expect(L.printf_f(0.125, 2)).to.equal('0.12');
    expect(L.printf_f(0.375, 2)).to.equal('0.38');
    expect(L.printf_f(-2.5, 0)).to.equal('-2');
    expect(L.printf_f(1e22, 1)).to.equal('10000000000000000000000.0');
    expect(L.printf_f(NaN, 1) + L.printf_f(-Infinity, 1)).to.equal('nan-inf');
    expect(L.printf_g(100000, 6) + ' ' + L.printf_g(1e6, 6)).to.equal('100000 1e+06');
    expect(L.printf_g(2.5, 1) + L.printf_g(3.5, 0) + L.printf_g(-0, 3)).to.equal('24-0');
    expect(L.printf_g(NaN, 3) + L.printf_g(Infinity, 3)).to.equal('naninf');
  });

  it('writes doubles that come back the same, for random bits', () => {
    const rnd = new Random(5);
    const view = new DataView(new ArrayBuffer(8));
    for (let i = 0; i < 3000; i++) {
      view.setUint32(0, rnd.int(0, 0xffffffff));
      view.setUint32(4, rnd.int(0, 0xffffffff));
      const x = view.getFloat64(0);
      if (Number.isNaN(x)) continue;
      if (U.string2d(U.d2string(x)) !== x) throw new Error(String(x));
      // The fast digits of V8 and the exact ones agree.
      if (Number.isFinite(x)) {
        const d = L.decompose(Math.abs(x));
        const exact = (x < 0 ? '-' : '') + L.formatGeneral(d.mant, d.exp, 17);
        if (L.printf_g(x, 17) !== exact) throw new Error(`${String(x)} ${exact}`);
      }
    }
  });

  it('reads doubles as strtod does, but strictly', () => {
    for (const [s, want] of [
      ['1.5', 1.5],
      ['.5', 0.5],
      ['5.', 5],
      ['+5', 5],
      ['-1e3', -1000],
      ['0x10', 16],
      ['-0x1.8p1', -3],
      ['0x1p-1074', 5e-324],
      ['0x1p-1075', null],
      ['0x1p1024', null],
      ['0x1p99999', null],
      ['0x0p99999', 0],
      ['0x1p-99999', null],
      ['inf', Infinity],
      ['-INFINITY', -Infinity],
      ['nan', null],
      ['1e400', null],
      ['1e-400', null],
      ['1e-310', 1e-310],
      ['', null],
      [' 1', null],
      ['1 ', null],
      ['1e', null],
      ['abc', null],
      ['1\0', null],
    ] as const) {
      expect(U.string2d(s), s).to.equal(want);
    }
    expect(U.strtod('  12abc')).to.deep.equal({ value: 12, end: 4, erange: false });
    expect(U.strtod('nan(1)').end).to.equal(6);
  });

  it('tells doubles that are integers', () => {
    expect(U.double2ll(5)).to.equal(5);
    expect(Object.is(U.double2ll(-0), 0)).to.equal(true);
    expect(U.double2ll(-(2 ** 62))).to.equal(-4611686018427387904n);
    expect(U.double2ll(2 ** 62 + 1024)).to.equal(null);
    expect(U.double2ll(0.5)).to.equal(null);
    expect(U.double2ll(NaN)).to.equal(null);
  });

  it('computes with the 64 bits of a long double', () => {
    const add = (a: string, b: string): string =>
      U.ld2string(L.ld_add(U.string2ld(a)!, U.string2ld(b)!), U.LD_STR_HUMAN);
    expect(add('10.50', '0.1')).to.equal('10.6');
    expect(add('5.0e3', '2.0e2')).to.equal('5200');
    expect(add('0.1', '0.2')).to.equal('0.3');
    expect(add('9223372036854775807', '1')).to.equal('9223372036854775808');
    expect(add('18446744073709551615', '1')).to.equal('18446744073709551616');
    expect(add('18446744073709551617', '0')).to.equal('18446744073709551616');
    expect(add('1', '-1')).to.equal('0');
    expect(add('-0', '-0')).to.equal('0');
    expect(add('3', '0.000000000000000001')).to.equal('3');
    expect(add('1e4900', '1')).to.have.length(4901);
    expect(add('inf', '1')).to.equal('inf');
    expect(add('1', '-inf')).to.equal('-inf');
    expect(add('1.18973149535723176502e+4932', '1.18973149535723176502e+4932')).to.equal('inf');
    const nan = L.ld_add(U.string2ld('inf')!, U.string2ld('-inf')!);
    expect(L.ld_isnan(L.ld_add(nan, nan)) && L.ld_isnan(L.ld_add(U.string2ld('1')!, nan))).to.equal(
      true,
    );
    expect(L.ld_format_f(nan, 2) + L.ld_format_g(nan, 2) + L.ld_format_a(nan)).to.equal(
      '-nan-nan-nan',
    );
  });

  it('refuses as long double what is none or out of range', () => {
    for (const s of [
      '',
      ' 1',
      '1 ',
      'nan',
      '1e5000',
      '-1e99999999',
      '1e-5000',
      '1e-99999999',
      '0x1p99999',
      'x',
      '1'.repeat(5120),
    ]) {
      expect(U.string2ld(s), s.slice(0, 20)).to.equal(null);
    }
    expect(U.string2ld('3.6451995318824746025e-4951')).to.not.equal(null);
    expect(U.strtold('1e-4940').erange).to.equal(true);
    expect(U.strtold('0x1p-16445').erange).to.equal(false);
    expect(U.strtold('0x1p-16446').erange).to.equal(true);
    expect(U.strtold('').end).to.equal(0);
  });

  it('writes long doubles in the three modes', () => {
    const ld = (s: string): L.longdouble => U.string2ld(s)!;
    expect(U.ld2string(ld('1.5'), U.LD_STR_AUTO)).to.equal('1.5');
    expect(U.ld2string(ld('1e30'), U.LD_STR_AUTO)).to.equal('1e+30');
    expect(U.ld2string(ld('-0.0001'), U.LD_STR_AUTO)).to.equal('-0.0001');
    expect(U.ld2string(ld('1'), U.LD_STR_HEX)).to.equal('0x8p-3');
    expect(U.ld2string(ld('-3.5'), U.LD_STR_HEX)).to.equal('-0xep-2');
    expect(U.ld2string(ld('0'), U.LD_STR_HEX)).to.equal('0x0p+0');
    expect(U.ld2string(ld('0.1'), U.LD_STR_HEX)).to.equal('0xc.ccccccccccccccdp-7');
    expect(U.ld2string(ld('1e20'), U.LD_STR_HUMAN)).to.equal('100000000000000000000');
    expect(U.ld2string(ld('0'), U.LD_STR_AUTO)).to.equal('0');
    expect(
      U.trimDoubleString('1.500') + U.trimDoubleString('2.0') + U.trimDoubleString('100'),
    ).to.equal('1.52100');
    for (const x of [0, -0, 1.1, -5e-324, 1.7976931348623157e308, Infinity, -Infinity, NaN]) {
      expect(Object.is(L.ld_to_number(L.ld_from_number(x)), x)).to.equal(true);
    }
    expect(L.ld_to_number(ld('1e400'))).to.equal(Infinity);
    expect(L.ld_to_number(L.ld_from_bigint(-(2n ** 63n)))).to.equal(-(2 ** 63));
  });

  it('matches globs', () => {
    for (const [p, s, want] of [
      ['*', '', false],
      ['', '', true],
      ['', 'a', false],
      ['*', 'a', true],
      ['a**b', 'axxb', true],
      ['h?llo', 'hello', true],
      ['h[^e]llo', 'hello', false],
      ['h[a-f]llo', 'hello', true],
      ['h[f-a]llo', 'hello', true],
      ['h[\\]x]llo', 'h]llo', true],
      ['[abc', 'c', true],
      ['[', 'a', false],
      ['[^', 'a', true],
      ['a\\', 'a\\', true],
      ['a\\*', 'a*', true],
      ['a\\*', 'ab', false],
      ['[\x00-\x7f]', '\x80', false],
      ['[\x80-\xff]', '\x90', true],
      ['a*', 'a', true],
      ['a?', 'a', false],
      ['*a*a*a*b', 'aaaaaaa', false],
    ] as const) {
      expect(U.stringmatch(p, s, false), `${p} ${s}`).to.equal(want);
    }
    expect(U.stringmatchlen('H[A-F]LL\\O', 'hello', true)).to.equal(true);
    expect(U.stringmatchlen('[XYZ]a', 'yA', true)).to.equal(true);
    expect(U.stringmatchlen('[XYZ]', 'a', true)).to.equal(false);
    expect(U.stringmatchlen('HELLO', 'hellx', true)).to.equal(false);
  });

  it('ends on any pattern and string', () => {
    const rnd = new Random(3);
    const alphabet = 'ab*?[]^-\\\0\xff';
    const word = (n: number): string => {
      let out = '';
      while (n-- > 0) out += alphabet[rnd.int(0, alphabet.length - 1)];
      return out;
    };
    for (let i = 0; i < 20000; i++)
      U.stringmatch(word(rnd.int(0, 12)), word(rnd.int(0, 12)), rnd.chance(0.5));
  });

  it('reads amounts of memory', () => {
    for (const [s, value, err] of [
      ['100', 100, 0],
      ['1b', 1, 0],
      ['1k', 1000, 0],
      ['1Kb', 1024, 0],
      ['1m', 1e6, 0],
      ['1MB', 1048576, 0],
      ['1G', 1e9, 0],
      ['1gb', 1073741824, 0],
      ['', 0, 0],
      ['gb', 0, 0],
      ['-1', 0, 1],
      ['1x', 0, 1],
      ['1'.repeat(128), 0, 1],
      ['18446744073709551615', 18446744073709551615n, 0],
      ['18446744073709551615kb', 18446744073709550592n, 0],
      ['1\0x', 1, 0],
    ] as const) {
      expect(U.memtoull(s), s).to.deep.equal({ value, err });
    }
  });

  it('does what libc does with text', () => {
    expect(U.strcasecmp('FOO', 'foo')).to.equal(0);
    expect(U.strcasecmp('fo', 'foo')).to.be.below(0);
    expect(U.strcasecmp('fop', 'FOO')).to.be.above(0);
    expect(U.strcasecmp('foo', 'fo')).to.be.above(0);
    expect(U.strcasecmp('\xc0', '\xe0')).to.not.equal(0);
    expect(U.strncasecmp('FOObar', 'foobaz', 5)).to.equal(0);
    expect(U.strtoll('-0x1fz', 16)).to.deep.equal({ value: -31, end: 5, erange: false });
    expect(U.strtoll('010', 0).value).to.equal(8);
    expect(U.strtoll('0x10', 0).value).to.equal(16);
    expect(U.strtoll('10', 0).value).to.equal(10);
    expect(U.strtoll('99999999999999999999', 10)).to.deep.equal({
      value: 2n ** 63n - 1n,
      end: 20,
      erange: true,
    });
    expect(U.strtoll('-99999999999999999999', 10).value).to.equal(-(2n ** 63n));
    expect(U.strtoull('-1', 10).value).to.equal(2n ** 64n - 1n);
    expect(U.strtoull('99999999999999999999', 10).erange).to.equal(true);
    expect(U.strtoll('x', 10).end).to.equal(0);
    expect([U.atoi('12ab'), U.atoi(' -7'), U.atoi('x'), U.atoi('4294967297')]).to.deep.equal([
      12, -7, 0, 1,
    ]);
    expect(U.isprint(0x7f) || U.isprint(0x80) || !U.isprint(0x20)).to.equal(false);
    expect(String.fromCharCode(U.toupper(0x61), U.tolower(0x5a), U.toupper(0x5a))).to.equal('AzZ');
    expect(U.mempbrk('hello', 'lo')).to.equal(2);
    expect(U.mempbrk('hello', 'xyz')).to.equal(-1);
    expect(U.memmapchars('hello', 'ho', '01')).to.equal('0ell1');
  });

  it('repeats random numbers from a seed, for each ledger, and fills their range', () => {
    const old = useLedger(new Ledger());
    U.srandom(7);
    const a = Array.from({ length: 100 }, () => U.random());
    useLedger(new Ledger());
    U.srandom(7);
    expect(Array.from({ length: 100 }, () => U.rand())).to.deep.equal(a);
    expect(Math.max(...a)).to.be.within(2 ** 30, 2 ** 31 - 1);
    let top = 0;
    for (let i = 0; i < 1000; i++) if (U.randomULong() >= 2 ** 31) top++;
    expect(top).to.be.within(400, 600);
    useLedger(old);
  });

  it('makes run ids', () => {
    const id = U.getRandomHexChars(40);
    expect(id).to.match(/^[0-9a-f]{40}$/);
    expect(U.getRandomHexChars(40)).to.not.equal(id);
  });

  it('makes paths absolute', () => {
    const cwd = posix.getcwd();
    expect(U.getAbsolutePath(' /etc/x \n')).to.equal('/etc/x');
    expect(U.getAbsolutePath('x')).to.equal(`${cwd}/x`);
    expect(U.getAbsolutePath('../x')).to.equal(`${U.dirname(cwd) === '/' ? '' : U.dirname(cwd)}/x`);
    expect(U.getAbsolutePath(`${'../'.repeat(50)}x`)).to.equal('/x');
    expect(['a/b', 'a', '/a', '/', '', 'a//b/'].map(U.dirname)).to.deep.equal([
      'a',
      '.',
      '/',
      '/',
      '.',
      'a',
    ]);
    expect(
      U.pathIsBaseName('a.rdb') && !U.pathIsBaseName('a/b') && !U.pathIsBaseName('a\\b'),
    ).to.equal(true);
    expect(U.makePath('a', 'b')).to.equal('a/b');
    expect(U.getTimeZone() % 900).to.equal(0);
  });

  it('makes, tells and removes files and directories', () => {
    const tmp = mkdtempSync(join(tmpdir(), 'util-test-'));
    try {
      const dir = `${tmp}/d`;
      expect(U.dirCreateIfMissing(dir)).to.equal(0);
      expect(U.dirCreateIfMissing(dir)).to.equal(0);
      expect(U.dirCreateIfMissing(`${tmp}/no/d`)).to.equal(-1);
      expect(posix.errno).to.equal(ENOENT);
      writeFileSync(`${dir}/f`, 'x');
      expect(U.dirCreateIfMissing(`${dir}/f`)).to.equal(-1);
      expect(posix.errno).to.equal(ENOTDIR);
      expect([
        U.fileExist(`${dir}/f`),
        U.fileExist(dir),
        U.dirExists(dir),
        U.dirExists(`${dir}/f`),
      ]).to.deep.equal([true, false, true, false]);
      U.dirCreateIfMissing(`${dir}/sub`);
      writeFileSync(`${dir}/sub/g`, 'x');
      expect(U.fsyncFileDir(`${dir}/f`)).to.equal(0);
      expect(U.fsyncFileDir(`${dir}/none/f`)).to.equal(-1);
      expect(U.fsyncFileDir('x'.repeat(4097))).to.equal(-1);
      expect(posix.errno).to.equal(ENAMETOOLONG);
      expect(U.dirRemove(dir)).to.equal(0);
      expect(U.dirExists(dir)).to.equal(false);
      expect(U.dirRemove(dir)).to.equal(-1);
    } finally {
      rmSync(tmp, { recursive: true, force: true });
    }
  });
});
