import { expect } from 'chai';
import * as A from '../../object/adlist.ts';
import { Ledger, useLedger } from '../../object/zmalloc.ts';

/** The values forward; fails if the links backward say something else. */
function values<T>(l: A.list<T>): T[] {
  const out: T[] = [];
  const back: T[] = [];
  const it = A.listGetIterator(l, A.AL_START_HEAD);
  for (let n = A.listNext(it); n !== null; n = A.listNext(it)) out.push(n.value);
  A.listReleaseIterator(it);
  A.listRewindTail(l, it);
  for (let n = A.listNext(it); n !== null; n = A.listNext(it)) back.unshift(n.value);
  expect(back).to.deep.equal(out);
  expect(A.listLength(l)).to.equal(out.length);
  return out;
}

describe('adlist', () => {
  let old: Ledger;
  let account: Ledger;
  beforeEach(() => {
    account = new Ledger();
    old = useLedger(account);
  });
  afterEach(() => {
    useLedger(old);
  });

  it('adds at both ends and beside a node', () => {
    const l = A.listCreate<number>();
    A.listAddNodeTail(l, 2);
    A.listAddNodeHead(l, 1);
    A.listAddNodeTail(l, 4);
    A.listInsertNode(l, A.listIndex(l, 1)!, 3, true);
    A.listInsertNode(l, A.listFirst(l)!, 0, false);
    A.listInsertNode(l, A.listLast(l)!, 5, true);
    A.listInsertNode(l, A.listLast(l)!, 4.5, false);
    expect(values(l)).to.deep.equal([0, 1, 2, 3, 4, 4.5, 5]);
    expect(A.listNodeValue(A.listNextNode(A.listFirst(l)!)!)).to.equal(1);
    expect(A.listNodeValue(A.listPrevNode(A.listLast(l)!)!)).to.equal(4.5);
  });

  it('starts with one node from an empty list at either end', () => {
    const l = A.listCreate<string>();
    A.listAddNodeHead(l, 'a');
    expect(l.head).to.equal(l.tail);
    A.listDelNode(l, l.head!);
    expect([l.head, l.tail, l.len]).to.deep.equal([null, null, 0]);
    A.listAddNodeTail(l, 'b');
    expect(values(l)).to.deep.equal(['b']);
  });

  it('hands the values of removed nodes to the free method, and the memory back', () => {
    const freed: number[] = [];
    const l = A.listCreate<number>();
    A.listSetFreeMethod(l, (v) => freed.push(v));
    for (let i = 0; i < 5; i++) A.listAddNodeTail(l, i);
    expect(account.used).to.equal(48 + 5 * 24);
    A.listDelNode(l, A.listIndex(l, 2)!);
    A.listRelease(l);
    expect(freed).to.deep.equal([2, 0, 1, 3, 4]);
    expect(account.used).to.equal(0);
  });

  it('allows the current node to be removed during an iteration', () => {
    const l = A.listCreate<number>();
    for (let i = 0; i < 10; i++) A.listAddNodeTail(l, i);
    const it = new A.listIter<number>();
    A.listRewind(l, it);
    for (let n = A.listNext(it); n !== null; n = A.listNext(it)) {
      if (n.value % 2 === 0) A.listDelNode(l, n);
    }
    expect(values(l)).to.deep.equal([1, 3, 5, 7, 9]);
  });

  it('copies values by the dup method, shares them without, and gives up when it fails', () => {
    const l = A.listCreate<{ n: number }>();
    const freed: number[] = [];
    for (let i = 0; i < 3; i++) A.listAddNodeTail(l, { n: i });
    const shared = A.listDup(l)!;
    expect(shared.head!.value).to.equal(l.head!.value);
    A.listSetDupMethod(l, (v) => ({ n: v.n }));
    const deep = A.listDup(l)!;
    expect(deep.head!.value).to.not.equal(l.head!.value);
    expect(values(deep)).to.deep.equal(values(l));
    A.listSetFreeMethod(l, (v) => freed.push(v.n));
    A.listSetDupMethod(l, (v) => (v.n === 2 ? null : { n: v.n }));
    const before = account.used;
    expect(A.listDup(l)).to.equal(null);
    expect(freed).to.deep.equal([0, 1]);
    expect(account.used).to.equal(before);
  });

  it('finds by identity or by the match method', () => {
    const l = A.listCreate<string>();
    for (const s of ['a', 'B', 'b']) A.listAddNodeTail(l, s);
    expect(A.listSearchKey(l, 'b')).to.equal(l.tail);
    expect(A.listSearchKey(l, 'x')).to.equal(null);
    A.listSetMatchMethod(l, (v, k) => v.toLowerCase() === k);
    expect(A.listSearchKey(l, 'b')!.value).to.equal('B');
    expect(A.listSearchKey(l, 'x')).to.equal(null);
  });

  it('indexes from both ends, rotates and joins as an array does', () => {
    const l = A.listCreate<number>();
    const model: number[] = [];
    A.listRotateHeadToTail(l);
    A.listRotateTailToHead(l);
    for (let i = 0; i < 7; i++) {
      A.listAddNodeTail(l, i);
      model.push(i);
      A.listRotateHeadToTail(l);
      model.push(model.shift()!);
      expect(values(l)).to.deep.equal(model);
      A.listRotateTailToHead(l);
      A.listRotateTailToHead(l);
      model.unshift(model.pop()!);
      model.unshift(model.pop()!);
      expect(values(l)).to.deep.equal(model);
    }
    for (let i = -9; i < 9; i++) {
      expect(A.listIndex(l, i)?.value).to.equal(model.at(i));
    }
    const o = A.listCreate<number>();
    A.listJoin(l, o);
    expect(values(l)).to.deep.equal(model);
    A.listJoin(o, l);
    expect(values(o)).to.deep.equal(model);
    expect(values(l)).to.deep.equal([]);
    A.listAddNodeTail(l, 100);
    A.listJoin(o, l);
    expect(values(o)).to.deep.equal([...model, 100]);
  });
});
