import { expect } from 'chai';
import * as S from '../../object/sds.ts';
import { Ledger, useLedger } from '../../object/zmalloc.ts';

describe('sds', () => {
  let old: Ledger;
  let account: Ledger;
  beforeEach(() => {
    account = new Ledger();
    old = useLedger(account);
  });
  afterEach(() => {
    useLedger(old);
  });

  it('is made from a string, from bytes, as zeroes, empty, and as a copy', () => {
    expect(S.sdsToString(S.sdsnew('foo\xff'))).to.equal('foo\xff');
    expect(S.sdsToString(S.sdsnewlen('foo', 2))).to.equal('fo');
    expect(S.sdsToString(S.sdsnewlen(Uint8Array.of(65, 66, 67), 2))).to.equal('AB');
    expect(S.sdsToString(S.sdsnewlen(null, 3))).to.equal('\0\0\0');
    expect(S.sdslen(S.sdsnewlen(S.SDS_NOINIT, 9))).to.equal(9);
    expect(S.sdsToString(S.sdsnew(null))).to.equal('');
    const s = S.sdsnew('abc');
    const t = S.sdsdup(s);
    s.buf[0] = 0x7a;
    expect(S.sdsToString(t)).to.equal('abc');
  });

  it('gets header, room and account as C does', () => {
    const short = S.sdsnew('x'.repeat(31));
    expect([short.flags, S.sdsalloc(short), S.sdsAllocSize(short)]).to.deep.equal([0, 31, 33]);
    expect(S.sdsMallocSize(short)).to.equal(40);
    const empty = S.sdsempty();
    expect([empty.flags, S.sdsalloc(empty)]).to.deep.equal([S.SDS_TYPE_8, 4]);
    const mid = S.sdsnew('x'.repeat(255));
    expect([mid.flags, S.sdsalloc(mid)]).to.deep.equal([S.SDS_TYPE_8, 255]);
    const long = S.sdsnew('x'.repeat(256));
    expect([long.flags, S.sdsalloc(long)]).to.deep.equal([S.SDS_TYPE_16, 320 - 6]);
    const huge = S.sdsnewlen(null, 65536);
    expect(huge.flags).to.equal(S.SDS_TYPE_32);
    expect(account.used).to.equal(40 + 8 + 320 + 320 + 81920);
    for (const s of [short, empty, mid, long, huge, null]) S.sdsfree(s);
    expect(account.used).to.equal(0);
    for (const n of [0, 1, 31, 32, 255, 256, 65535, 65536]) {
      const s = S.sdsnewlen(null, n);
      expect(S.sdsStringAllocSize(n)).to.equal(S.sdsMallocSize(s));
    }
    expect(S.sdsHdrSize(S.sdsReqType(2 ** 32))).to.equal(17);
    expect(S.sdsTypeMaxSize(S.SDS_TYPE_64)).to.be.above(2 ** 32);
  });

  it('takes over the object that came back with its block, unless that has gone elsewhere or is poisoned', () => {
    // A size that nobody else has here, so that the block comes back to the next string.
    const text = 'x'.repeat(3000);
    const first = S.sdsnewlen(text, text.length);
    const { buf } = first;
    S.sdsfree(first);
    expect(S.sdslen(first), 'whoever still has it finds nothing').to.equal(0);
    const second = S.sdsnewlen(text.slice(1), text.length - 1);
    expect(second).to.equal(first);
    expect([second.buf, S.sdsToString(second)]).to.deep.equal([buf, text.slice(1)]);

    // It grows out of its block: the block gets another object, and both live.
    const grown = S.sdscatlen(second, text, text.length);
    expect(grown.buf).not.to.equal(buf);
    const third = S.sdsnewlen(text, text.length);
    expect(third.buf).to.equal(buf);
    expect(third).not.to.equal(grown);
    expect(S.sdsToString(grown)).to.equal(text.slice(1) + text);
    expect(S.sdsToString(third)).to.equal(text);
    S.sdsfree(grown);

    account.arena.poison = true;
    S.sdsfree(third);
    account.arena.poison = false;
    expect(third.buf, 'a poisoned string has no bytes any more').to.have.length(0);
    expect(S.sdsnewlen(text, text.length)).not.to.equal(third);
  });

  it('leaves the query buffer with the free room that CLIENT LIST shows', () => {
    const s = S.sdsempty();
    S.sdsMakeRoomForNonGreedy(s, 16 * 1024);
    expect(S.sdsavail(s)).to.equal(20474);
  });

  it('doubles below a megabyte and adds a megabyte above', () => {
    const s = S.sdsnew('a');
    S.sdsMakeRoomFor(s, 99);
    expect(S.sdsalloc(s)).to.equal(224 - 4);
    expect(S.sdsMakeRoomFor(s, 5)).to.equal(s);
    expect(S.sdsalloc(s)).to.equal(224 - 4);
    S.sdsgrowzero(s, 2 * 1024 * 1024);
    expect(S.sdsalloc(s)).to.be.within(3 * 1024 * 1024, 3.5 * 1024 * 1024);
    expect(s.buf[0]).to.equal(0x61);
    expect(s.buf.subarray(1, s.len).every((b) => b === 0)).to.equal(true);
    S.sdsgrowzero(s, 5);
    expect(s.len).to.equal(2 * 1024 * 1024);
    S.sdsfree(s);
    expect(account.used).to.equal(0);
  });

  it('gives free room back, and keeps a wide header unless the string is short', () => {
    const s = S.sdsnew('hello');
    S.sdsMakeRoomFor(s, 1000);
    S.sdsRemoveFreeSpace(s);
    expect([S.sdsavail(s), s.flags, S.sdsToString(s)]).to.deep.equal([0, S.SDS_TYPE_5, 'hello']);
    S.sdsRemoveFreeSpace(s);
    const t = S.sdsnewlen(null, 70000);
    S.sdssetlen(t, 300);
    S.sdsRemoveFreeSpace(t);
    expect([S.sdsavail(t), t.flags]).to.deep.equal([0, S.SDS_TYPE_32]);
    S.sdsfree(s);
    S.sdsfree(t);
    expect(account.used).to.equal(0);
  });

  it('resizes to exactly what is asked for', () => {
    const s = S.sdsnew('1234567890123456789012345678901234567890');
    for (const [size, len] of [
      [200, 40],
      [80, 40],
      [30, 30],
      [400, 30],
      [4, 4],
      [4, 4],
    ]) {
      S.sdsResize(s, size);
      expect([S.sdsalloc(s), s.len]).to.deep.equal([size, len]);
    }
    expect(S.sdsToString(s)).to.equal('1234');
    expect(s.flags).to.equal(S.SDS_TYPE_8);
  });

  it('concatenates like a string, whatever the pieces', () => {
    const s = S.sdsempty();
    let model = '';
    for (let i = 0; i < 500; i++) {
      const piece = String.fromCharCode(i & 0xff).repeat(i % 17);
      if (i % 4 === 0) S.sdscat(s, piece);
      else if (i % 4 === 1) S.sdscatlen(s, Buffer.from(piece, 'latin1'), piece.length);
      else if (i % 4 === 2) S.sdscatsds(s, S.sdsnew(piece));
      else S.sdscatlen(s, piece + 'tail', piece.length);
      model += piece;
    }
    expect(S.sdsToString(s)).to.equal(model);
    S.sdscpy(s, 'short');
    expect(S.sdsToString(s)).to.equal('short');
    S.sdscpylen(s, Buffer.alloc(20000, 0x41), 19999);
    expect(S.sdsToString(s)).to.equal('A'.repeat(19999));
    S.sdsclear(s);
    expect(S.sdslen(s)).to.equal(0);
  });

  it('takes what was written behind the content, and refuses what was not', () => {
    const s = S.sdsMakeRoomFor(S.sdsnew('0'), 10);
    s.buf.write('ABC', 1);
    S.sdsIncrLen(s, 3);
    expect(S.sdsToString(s)).to.equal('0ABC');
    S.sdsIncrLen(s, -2);
    S.sdsinclen(s, 1);
    expect(S.sdsToString(s)).to.equal('0AB');
    expect(() => S.sdsIncrLen(s, 1000)).to.throw(RangeError);
    expect(() => S.sdsIncrLen(s, -4)).to.throw(RangeError);
    s.buf[1] = 0;
    S.sdsupdatelen(s);
    expect(S.sdsToString(s)).to.equal('0');
    S.sdsupdatelen(s);
    expect(s.len).to.equal(1);
  });

  it('cuts ranges as a slice does, for all indexes', () => {
    const text = 'ciao';
    for (let a = -6; a <= 6; a++) {
      for (let b = -6; b <= 6; b++) {
        const s = S.sdsnew(text);
        S.sdsrange(s, a, b);
        const start = a < 0 ? a + 4 : a;
        const end = b < 0 ? b + 4 : b;
        // A start before the first byte wraps in C to a huge number, beyond the string.
        const expected = start > end || start < 0 ? '' : text.slice(start, end + 1);
        expect(S.sdsToString(s), `${String(a)} ${String(b)}`).to.equal(expected);
      }
    }
    const empty = S.sdsempty();
    S.sdsrange(empty, 0, -1);
    expect(empty.len).to.equal(0);
  });

  it('trims both ends, of zero bytes, too', () => {
    for (const [s, cset, out] of [
      [' x ', ' x', ''],
      [' x ', ' ', 'x'],
      ['xxciaoyyy', 'xy', 'ciao'],
      ['AA...AA.a.aa.aHelloWorld     :::', 'Aa. :', 'HelloWorld'],
      ['\0 a\0', ' ', 'a'],
      ['', ' ', ''],
    ]) {
      expect(S.sdstrim(s, cset)).to.equal(out);
    }
  });

  it('compares as memcmp does, across both kinds', () => {
    const words = ['', 'a', 'aar', 'bar', 'bar\0', 'foa', 'foo', '\x7f', '\x80', '\xff'];
    for (const a of words) {
      for (const b of words) {
        const want = Math.sign(Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1')));
        expect(Math.sign(S.sdscmp(a, b))).to.equal(want);
        expect(Math.sign(S.sdscmp(S.sdsnew(a), b))).to.equal(want);
        expect(Math.sign(S.sdscmp(a, S.sdsnew(b)))).to.equal(want);
      }
    }
  });

  it('splits at a separator of any length', () => {
    expect(S.sdssplitlen('foo_-_bar', '_-_')).to.deep.equal(['foo', 'bar']);
    expect(S.sdssplitlen('a,,b,', ',')).to.deep.equal(['a', '', 'b', '']);
    expect(S.sdssplitlen('', ',')).to.deep.equal([]);
    expect(S.sdssplitlen('a', '')).to.deep.equal([]);
  });

  it('changes the case of ASCII letters only, maps, joins, prints numbers', () => {
    expect(S.sdstolower('HeLLo \xc0Z')).to.equal('hello \xc0z');
    expect(S.sdstoupper('HeLLo \xe0z')).to.equal('HELLO \xe0Z');
    expect(S.sdsmapchars('hello', 'ho', '01')).to.equal('0ell1');
    expect(S.sdsjoin(['a', 'b', 'c'], ', ')).to.equal('a, b, c');
    expect(S.sdsjoinsds([], ',')).to.equal('');
    expect(S.sdsfromlonglong(-9223372036854775808n)).to.equal('-9223372036854775808');
    expect(S.sdsull2str(18446744073709551615n)).to.equal('18446744073709551615');
  });

  it('quotes so that splitting gives the same back, for every byte', () => {
    expect(S.sdscatrepr('\x07\n\0foo\r"\\\t\b\x7f\xe9')).to.equal(
      '"\\a\\n\\x00foo\\r\\"\\\\\\t\\b\\x7f\\xe9"',
    );
    let all = '';
    for (let c = 0; c < 256; c++) {
      const ch = String.fromCharCode(c);
      all += ch;
      expect(S.sdssplitargs(S.sdscatrepr(ch))).to.deep.equal([ch]);
      if (!S.sdsneedsrepr(ch))
        expect(S.sdssplitargs(ch)).to.satisfy(
          (v: unknown) => v === null || (v as string[])[0] === ch,
        );
    }
    expect(S.sdssplitargs(`a ${S.sdscatrepr(all)} b`)).to.deep.equal(['a', all, 'b']);
    expect(S.sdsneedsrepr('plain')).to.equal(false);
    expect(S.sdsneedsrepr('a b')).to.equal(true);
  });

  it('splits arguments by the rules of quotes', () => {
    for (const [line, want] of [
      ['', []],
      ['  \t\r\n ', []],
      ['set foo  bar', ['set', 'foo', 'bar']],
      ["\"a\\x41\\n\\q\" 'it\\'s\\n'", ['aA\nq', "it's\\n"]],
      ['ab"cd ef"', ['abcd ef']],
      ["ab'cd ef'", ['abcd ef']],
      ['""', ['']],
      ["''", ['']],
      ['"\\xzz\\x4"', ['xzzx4']],
      ['"foo"bar', null],
      ["'foo'bar", null],
      ['"foo', null],
      ["'foo", null],
      ['"foo\\', null],
      ['\\n', ['\\n']],
      ['a\0b', ['a']],
      ['a\vb', ['a\vb']],
    ] as const) {
      expect(S.sdssplitargs(line), JSON.stringify(line)).to.deep.equal(want);
    }
  });

  it('fills in templates, and refuses broken ones', () => {
    const cb = (name: string): string | null =>
      name === 'variable1' ? 'value1' : name === 'variable2' ? 'value2' : null;
    expect(S.sdstemplate('v1={variable1} v2={variable2}', cb)).to.equal('v1=value1 v2=value2');
    expect(S.sdstemplate('v1={{{variable1}} {{} v2={variable2}', cb)).to.equal(
      'v1={value1} {} v2=value2',
    );
    for (const bad of ['v3={doesnotexist}', 'v1={', 'v1={start']) {
      expect(S.sdstemplate(bad, cb)).to.equal(null);
    }
    expect(S.sdstemplate('plain', cb)).to.equal('plain');
  });

  it('fails softly or by the handler when memory is wanting', () => {
    let asked = 0;
    account.oom_handler = (size) => {
      asked = size;
    };
    expect(S.sdstrynewlen(null, 2 ** 52)).to.equal(null);
    expect(asked).to.equal(0);
    expect(() => S.sdsnewlen(null, 2 ** 52)).to.throw(RangeError);
    expect(asked).to.be.above(2 ** 52);
    expect(() => S.sdsMakeRoomFor(S.sdsempty(), 2 ** 52)).to.throw(RangeError);
  });
});
