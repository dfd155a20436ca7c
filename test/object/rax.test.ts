import { expect } from 'chai';
import * as R from '../../object/rax.ts';
import { srandom } from '../../object/util.ts';
import { Ledger, useLedger } from '../../object/zmalloc.ts';
import { Random } from '../support/random.ts';

/** Checks every rule of the structure, and counts nodes and keys. */
function check<V>(r: R.rax<V>): void {
  let nodes = 0;
  let ele = 0;
  const walk = (n: R.raxNode<V>): void => {
    nodes++;
    if (n.iskey) ele++;
    if (n.data.length !== n.size) throw new Error('size');
    if (n.children.length !== (n.iscompr ? 1 : n.size)) throw new Error('children');
    if (n.iscompr && n.size < 2) throw new Error('compressed node of one character');
    if (n.size === 0 && !n.iskey && n !== r.head) throw new Error('dead end');
    for (let i = 1; i < n.size && !n.iscompr; i++) {
      if (n.data[i - 1] >= n.data[i]) throw new Error('order');
    }
    for (const c of n.children) walk(c);
  };
  walk(r.head);
  if (nodes !== r.numnodes) throw new Error('numnodes');
  if (ele !== r.numele) throw new Error('numele');
}

/** A tree of words with their index as value. */
function tree(...words: string[]): R.rax<number> {
  const r = R.raxNew<number>();
  words.forEach((w, i) => R.raxInsert(r, w, i, null));
  check(r);
  return r;
}

function forward<V>(r: R.rax<V>): string[] {
  const it = new R.raxIterator<V>();
  R.raxStart(it, r);
  R.raxSeek(it, '^', '');
  const out: string[] = [];
  while (R.raxNext(it)) out.push(it.key);
  R.raxStop(it);
  return out;
}

describe('rax', () => {
  let old: Ledger;
  let account: Ledger;
  beforeEach(() => {
    account = new Ledger();
    old = useLedger(account);
    srandom(1);
  });
  afterEach(() => {
    useLedger(old);
  });

  it('splits a compressed node in each of the five ways', () => {
    const show = (...words: string[]): string => R.raxShow(tree(...words));
    expect(show('ANNIBALESCO')).to.equal('"ANNIBALESCO" -> []=0\n');
    expect(show('ANNIBALE', 'ANNIENTARE')).to.equal(
      '"ANNI" -> [BE]\n        `-(B) "ALE" -> []=0\n        `-(E) "NTARE" -> []=1\n',
    );
    expect(show('ANNIBALE', 'ANNIBALI')).to.contain('"ANNIBAL" -> [EI]');
    expect(show('ANNIBALE', 'AGO')).to.contain('[A] -> [GN]');
    expect(show('ANNIBALE', 'CIAO')).to.match(/^\[AC\]\n/);
    expect(show('ANNIBALE', 'ANNI')).to.equal('"ANNI" -> "BALE"=1 -> []=0\n');
    expect(show('ANNIBALE', 'ANNIBAL')).to.equal('"ANNIBAL" -> [E]=1 -> []=0\n');
    expect(show('ANNIBALE', 'A')).to.equal('[A] -> "NNIBALE"=1 -> []=0\n');
    expect(show('AB', 'A', 'AC', '')).to.match(/^\[A\]=3 -> \[BC\]=1/);
  });

  it('compresses again when a branch goes, or a key in a chain if its node is plain', () => {
    const r = tree('FOO', 'FOOBAR');
    R.raxRemove(r, 'FOO', null);
    expect(R.raxShow(r)).to.equal('"FOO" -> "BAR" -> []=1\n');
    const q = tree('FOO', 'FOOB');
    R.raxRemove(q, 'FOO', null);
    expect(R.raxShow(q)).to.equal('"FOOB" -> []=1\n');
    const s = tree('FOOBAR', 'FOOTER');
    R.raxRemove(s, 'FOOTER', null);
    expect(R.raxShow(s)).to.equal('"FOOBAR" -> []=0\n');
    R.raxRemove(s, 'FOOBAR', null);
    expect([R.raxShow(s), s.numnodes]).to.deep.equal(['[]\n', 1]);
  });

  it('keeps null values apart from absent keys, and reports the old value', () => {
    const r = R.raxNew<string>();
    const was = new R.raxOld<string>();
    expect(R.raxInsert(r, 'a', null, was)).to.equal(1);
    expect(R.raxFind(r, 'a')).to.equal(null);
    expect(R.raxFind(r, 'b')).to.equal(R.raxNotFound);
    expect(R.raxFind(r, 'aa')).to.equal(R.raxNotFound);
    expect(R.raxInsert(r, 'a', 'x', was)).to.equal(0);
    expect(was.value).to.equal(null);
    expect(R.raxTryInsert(r, 'a', 'y', was)).to.equal(0);
    expect([was.value, R.raxFind(r, 'a')]).to.deep.equal(['x', 'x']);
    expect(R.raxTryInsert(r, 'b', 'y', null)).to.equal(1);
    expect(R.raxRemove(r, 'a', was)).to.equal(1);
    expect(R.raxRemove(r, 'a', null)).to.equal(0);
    expect(was.value).to.equal('x');
    expect(R.raxSize(r)).to.equal(1);
  });

  /** Random keys: few letters and short, so that they share prefixes; or binary; or counters; or long runs. */
  function randomKey(rnd: Random, mode: number): string {
    let key = '';
    if (mode === 0) for (let n = rnd.int(0, 6); n > 0; n--) key += 'abc'[rnd.int(0, 2)];
    else if (mode === 1)
      for (let n = rnd.int(0, 3); n > 0; n--) key += String.fromCharCode(rnd.int(0, 255));
    else if (mode === 2) key = String(rnd.int(0, 2000));
    else key = 'A'.repeat(rnd.int(0, 40)) + 'B'.repeat(rnd.int(0, 3));
    return key;
  }

  it('behaves as a sorted map under random operations, seeks and walks included', () => {
    for (let mode = 0; mode < 4; mode++) {
      const rnd = new Random(100 + mode);
      const r = R.raxNew<number>();
      const model = new Map<string, number | null>();
      for (let step = 0; step < 2500; step++) {
        const key = randomKey(rnd, mode);
        const has = model.has(key);
        const data = rnd.chance(0.2) ? null : step;
        const was = new R.raxOld<number>();
        switch (rnd.int(0, step % 1000 < 600 ? 3 : 5)) {
          case 0:
          case 1:
            if (R.raxInsert(r, key, data, was) !== (has ? 0 : 1)) throw new Error('insert');
            if (has && was.value !== model.get(key)) throw new Error('old');
            model.set(key, data);
            break;
          case 2:
            if (R.raxTryInsert(r, key, data, was) !== (has ? 0 : 1)) throw new Error('try');
            if (!has) model.set(key, data);
            break;
          case 3:
            if (R.raxFind(r, key) !== (has ? model.get(key) : R.raxNotFound))
              throw new Error('find');
            break;
          default:
            if (R.raxRemove(r, key, was) !== (has ? 1 : 0)) throw new Error('remove');
            if (has && was.value !== model.get(key)) throw new Error('removed value');
            model.delete(key);
        }
        if (step % 10 === 0) check(r);
        if (step % 100 !== 0) continue;

        const sorted = [...model.keys()].sort((a, b) => (a < b ? -1 : 1));
        expect(forward(r)).to.deep.equal(sorted);
        const it = new R.raxIterator<number>();
        R.raxStart(it, r);
        for (let probe = 0; probe < 40; probe++) {
          const ele = randomKey(rnd, mode);
          const op = rnd.pick(['>', '>=', '<', '<=', '=', '^', '$']);
          R.raxSeek(it, op, ele);
          let at = -1;
          if (op === '^') at = sorted.length > 0 ? 0 : -1;
          else if (op === '$') at = sorted.length - 1;
          else if (op[0] === '>') at = sorted.findIndex((k) => (op === '>' ? k > ele : k >= ele));
          else if (op === '=') at = sorted.indexOf(ele);
          else at = sorted.findLastIndex((k) => (op === '<' ? k < ele : k <= ele));
          if (R.raxEOF(it) !== (at === -1)) throw new Error(`EOF ${op} ${ele}`);
          const back = rnd.chance(0.5);
          for (let n = 0; n < 6; n++) {
            const more = back ? R.raxPrev(it) : R.raxNext(it);
            if (more !== (at >= 0 && at < sorted.length ? 1 : 0))
              throw new Error(`step ${op} ${ele}`);
            if (more === 0) break;
            if (it.key !== sorted[at] || it.data !== model.get(it.key))
              throw new Error(`at ${op} ${ele}`);
            at += back ? -1 : 1;
          }
        }
        R.raxStop(it);
      }
      const freed: number[] = [];
      R.raxFreeWithCallback(r, (v) => freed.push(v));
      expect(freed.length).to.equal([...model.values()].filter((v) => v !== null).length);
      expect(account.used).to.equal(0);
    }
  });

  it('has keys of any length as strings', () => {
    const words = [1, 63, 64, 65, 300000].map((n) => '\xff'.repeat(n - 1) + 'a').sort();
    expect(forward(tree(...words))).to.deep.equal(words);
  });

  it('turns around in the middle, and stays at its last key at an end', () => {
    const it = new R.raxIterator<number>();
    R.raxStart(it, tree('a', 'ab', 'abc', 'b'));
    R.raxSeek(it, '=', 'ab');
    R.raxNext(it);
    R.raxNext(it);
    expect(it.key).to.equal('abc');
    R.raxPrev(it);
    R.raxPrev(it);
    expect([it.key, it.data]).to.deep.equal(['a', 0]);
    expect([R.raxPrev(it), it.key, R.raxEOF(it)]).to.deep.equal([0, 'a', true]);
    expect(R.raxNext(it)).to.equal(0);
  });

  it('goes to the last key whatever came, went and stepped since the last time', () => {
    const r = tree('a', 'footer', 'fooz');
    const [one, other] = [new R.raxIterator<number>(), new R.raxIterator<number>()];
    for (const it of [one, other]) {
      R.raxStart(it, r);
      R.raxSeek(it, '$', '');
    }
    // One goes back, and elsewhere; the other one stays where it is.
    expect([R.raxPrev(one), R.raxPrev(one), one.key]).to.deep.equal([1, 1, 'footer']);
    R.raxSeek(one, '>=', 'b');
    expect([R.raxNext(one), one.key, other.key]).to.deep.equal([1, 'footer', 'fooz']);

    const lastNow = (): unknown[] => {
      R.raxSeek(one, '$', '');
      return [one.key, one.data, R.raxPrev(one), R.raxPrev(one), one.key];
    };
    R.raxInsert(r, 'foozy', 7, null);
    expect(lastNow()).to.deep.equal(['foozy', 7, 1, 1, 'fooz']);
    R.raxInsert(r, 'foozy', 8, null);
    expect(lastNow()).to.deep.equal(['foozy', 8, 1, 1, 'fooz']);
    R.raxRemove(r, 'fooz', null);
    expect(lastNow()).to.deep.equal(['foozy', 8, 1, 1, 'footer']);
    R.raxRemove(r, 'foozy', null);
    expect([R.raxSeek(one, '<', 'footerx'), R.raxPrev(one), one.key]).to.deep.equal([
      1,
      1,
      'footer',
    ]);
    expect(lastNow().slice(0, 2)).to.deep.equal(['footer', R.raxFind(r, 'footer')]);
  });

  it('is at its end before a seek, in an empty tree and after an unknown operator', () => {
    const it = new R.raxIterator<number>();
    R.raxStart(it, R.raxNew<number>());
    expect(R.raxNext(it)).to.equal(0);
    expect(R.raxSeek(it, '^', '')).to.equal(1);
    expect(R.raxEOF(it)).to.equal(true);
    expect(R.raxRandomWalk(it, 0)).to.equal(0);
    expect(R.raxSeek(it, '?', '')).to.equal(0);
  });

  it('compares the current key', () => {
    const it = new R.raxIterator<number>();
    R.raxStart(it, tree('foo'));
    R.raxSeek(it, '^', '');
    R.raxNext(it);
    for (const [op, key, want] of [
      ['==', 'foo', true],
      ['==', 'fo', false],
      ['=', 'foo', false],
      ['>', 'fo', true],
      ['>', 'foo', false],
      ['>=', 'foo', true],
      ['<', 'fooo', true],
      ['<=', 'foo', true],
      ['<', 'foa', false],
      ['?', 'foo', false],
    ] as const) {
      expect(R.raxCompare(it, op, key), `${op} ${key}`).to.equal(want);
    }
  });

  it('reaches every key by random walks', () => {
    const r = tree('a', 'ab', 'foobar', 'footer', 'zz', 'zzz');
    const it = new R.raxIterator<number>();
    R.raxStart(it, r);
    R.raxSeek(it, '^', '');
    const seen = new Set<string>();
    for (let i = 0; i < 1000; i++) {
      expect(R.raxRandomWalk(it, i % 3)).to.equal(1);
      if (R.raxFind(r, it.key) !== it.data) throw new Error('key and value do not belong together');
      seen.add(it.key);
    }
    expect(seen.size).to.equal(6);
  });

  it('shows every node but the head to the node callback, which may replace it', () => {
    const r = tree('foobar', 'footer');
    const it = new R.raxIterator<number>();
    R.raxStart(it, r);
    let calls = 0;
    it.node_cb = (n) => {
      calls++;
      const copy = new R.raxNode<number>(n.size);
      Object.assign(copy, n);
      return copy;
    };
    R.raxSeek(it, '^', '');
    while (R.raxNext(it));
    expect(calls).to.equal(r.numnodes - 1);
    check(r);
    expect(forward(r)).to.deep.equal(['foobar', 'footer']);
  });

  it('accounts for nodes at their size in C', () => {
    const r = R.raxNew<number>();
    expect(account.used).to.equal(24 + 8);
    R.raxInsert(r, 'abcdef', 1, null);
    // "abcdef": 4 + 6 + 6 of padding + 8; the empty child with its value: 4 + 4 + 8.
    expect(account.used).to.equal(24 + 24 + 16);
    expect(R.raxPadding(4)).to.equal(0);
    R.raxFree(r);
    expect(account.used).to.equal(0);
  });
});
