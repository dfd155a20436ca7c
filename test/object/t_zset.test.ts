import { expect } from 'chai';
import { dictCreate, dictFind, dictRelease, dictSize } from '../../object/dict.ts';
import { createObject, createStringObject, decrRefCount } from '../../object/object.ts';
import {
  deletedCount,
  genericZpopCommand,
  keyDeleted,
  REDIS_AGGR_MAX,
  REDIS_AGGR_MIN,
  REDIS_AGGR_SUM,
  scoreRef,
  sdscmplex,
  setAccumulatorDictType,
  zsetAdd,
  zsetAddResult,
  zsetConvert,
  zsetConvertToListpackIfNeeded,
  zsetDel,
  zsetDictGetMaxElementLength,
  zsetDup,
  zsetLength,
  zsetopsrc,
  zsetopval,
  zsetRank,
  zsetScore,
  zslCreate,
  zslCreateNode,
  zslDelete,
  zslDeleteRangeByRank,
  zslFirstInLexRange,
  zslFirstInRange,
  zslFree,
  zslFreeLexRange,
  zslFreeNode,
  zslGetElementByRank,
  zslGetRank,
  zslInsert,
  zslLastInLexRange,
  zslLastInRange,
  zslParseLexRange,
  zslParseRange,
  zslRandomLevel,
  zslResize,
  zslUnlinked,
  zslUpdateScore,
  zuiBufferFromValue,
  zuiClearIterator,
  zuiCompareByCardinality,
  zuiDiscardDirtyValue,
  zuiFind,
  zuiInitIterator,
  zuiLength,
  zuiLongLongFromValue,
  zuiNewSdsFromValue,
  zuiNext,
  zuiSdsFromValue,
  zunionInterAggregate,
  zzlCompareElements,
  zzlDeleteRangeByRank,
  zzlFind,
  zzlFirstInLexRange,
  zzlFirstInRange,
  zzlGetScore,
  zzlInsert,
  zzlLastInLexRange,
  zzlLastInRange,
  zzlLength,
  zzlNext,
  zzlPrev,
  zzlStrtod,
} from '../../object/t_zset.ts';
import { ledger, zmalloc_used_memory } from '../../object/zmalloc.ts';
import { lpBytes, lpFree, lpNew, lpNext, lpPos, lpSeek } from '../../quicklist/listpack.ts';
import {
  LEVEL_FORWARD,
  LEVEL_WORDS,
  OBJ_ENCODING_LISTPACK,
  OBJ_ENCODING_RAW,
  OBJ_ENCODING_SKIPLIST,
  OBJ_HASH,
  OBJ_SET,
  OBJ_ZSET,
  ZADD_IN_GT,
  ZADD_IN_INCR,
  ZADD_IN_LT,
  ZADD_IN_NONE,
  ZADD_IN_NX,
  ZADD_IN_XX,
  ZADD_OUT_ADDED,
  ZADD_OUT_NAN,
  ZADD_OUT_NOP,
  ZADD_OUT_UPDATED,
  ZSET_MIN,
  ZSKIPLIST_MAXLEVEL,
  ZSKIPLIST_TABLE_MIN,
  ZSKIPLIST_TABLE_START,
  shared,
  zslSearch,
  type robj,
  zset,
  type zskiplist,
  type zskiplistNode,
} from '../../server/server.h.ts';
import { Random } from '../support/random.ts';
import { Keyspace } from '../server/keyspace.ts';
import { zsetDictType } from '../../server/server.ts';

/** The elements of a skiplist with their scores, in order. */
function contents(zsl: zskiplist): [string, number][] {
  const all: [string, number][] = [];
  for (let x = zsl.header.forward(0); x !== null; x = x.forward(0)) {
    all.push([x.ele as string, x.score]);
  }
  return all;
}

/** Fails unless all that must hold in a skiplist holds. */
function check(zsl: zskiplist): void {
  const nodes = [zsl.header];
  // By the lowest level: pointers to the same node are not the same object.
  const ranks = new Map([[zsl.header.level, 0]]);
  let before: zskiplistNode | null = null;
  for (let x = zsl.header.forward(0); x !== null; x = x.forward(0)) {
    ranks.set(x.level, nodes.length);
    nodes.push(x);
    expect(x.backward).to.deep.equal(before);
    if (before !== null) {
      const inOrder = before.score < x.score || (before.score === x.score && before.ele! < x.ele!);
      expect(inOrder, `${before.ele} before ${x.ele}`).to.equal(true);
    }
    before = x;
  }
  expect(zsl.tail).to.deep.equal(before);
  expect(zsl.length).to.equal(nodes.length - 1);
  expect(zsl.header.height).to.equal(ZSKIPLIST_MAXLEVEL);
  let highest = 1;
  for (let i = 0; i < ZSKIPLIST_MAXLEVEL; i++) {
    if (zsl.header.forward(i) !== null) highest = i + 1;
    if (i >= zsl.level) continue;
    for (let x: zskiplistNode | null = zsl.header; x !== null; x = x.forward(i)) {
      const next = x.forward(i);
      const to = next === null ? zsl.length : ranks.get(next.level)!;
      expect(x.span(i), `level ${i} from ${x.ele}`).to.equal(to - ranks.get(x.level)!);
      if (next !== null) expect(next.height).to.be.above(i);
    }
  }
  expect(zsl.level).to.equal(highest);
  checkTable(zsl, nodes);
}

/** Fails unless each level in the table belongs to one of these nodes, or to one freed node that will be handed out again. */
function checkTable(zsl: zskiplist, nodes: zskiplistNode[]): void {
  const { table } = zsl;
  const all = [...nodes];
  for (let height = 1; height <= ZSKIPLIST_MAXLEVEL; height++) {
    for (let at = table.links[height]; at !== 0; at = table.links[at + LEVEL_FORWARD]) {
      const freed = table.node(at)!;
      expect(freed).to.include({ ele: null, level: at, height });
      all.push(freed);
    }
  }
  all.sort((a, b) => a.level - b.level);
  // They follow each other without gaps.
  let next = ZSKIPLIST_TABLE_START;
  for (const node of all) {
    expect(node.table).to.equal(table);
    expect(node.level).to.equal(next);
    for (let i = 0; i < node.height; i++) {
      expect(table.scores[next >> 1]).to.equal(node.score);
      expect(table.eles[next >> 2]).to.equal(node.ele);
      next += LEVEL_WORDS;
    }
  }
  expect(table.top).to.equal(next);
  expect(table.eles).to.have.length(next / LEVEL_WORDS);
  expect(table.links).to.have.length(LEVEL_WORDS * table.backs.length);
  expect(table.scores).to.have.length((LEVEL_WORDS / 2) * table.backs.length);
  expect(table.top).to.be.at.most(table.links.length);
}

const word = (s: string): robj => createStringObject(s);

describe('t_zset.ts', () => {
  let ks: Keyspace;
  let before: number;

  beforeEach(() => {
    ks = new Keyspace();
    ledger.arena.poison = true;
    before = zmalloc_used_memory();
  });

  /** A sorted set of its own, in either encoding, from elements and scores in turn. */
  function make(encoding: number, ...pairs: (string | number)[]): robj {
    const zl = lpNew(0);
    const o = createObject(OBJ_ZSET, zl);
    o.encoding = OBJ_ENCODING_LISTPACK;
    for (let i = 0; i < pairs.length; i += 2) {
      zsetAdd(o, Number(pairs[i + 1]), String(pairs[i]), ZADD_IN_NONE, new zsetAddResult());
    }
    zsetConvert(o, encoding);
    return o;
  }

  const encodings = [OBJ_ENCODING_LISTPACK, OBJ_ENCODING_SKIPLIST];

  describe('the skiplist', () => {
    it('stays in order, with right spans, through random insertions, changes and deletions', () => {
      const random = Random.fromEnvironment();
      const zsl = zslCreate();
      const model = new Map<string, number>();
      for (let round = 0; round < 1500; round++) {
        const ele = `e${random.int(0, 150)}`;
        const score = random.pick([random.int(-5, 5), random.int(-5, 5) / 4, Infinity, -Infinity]);
        const there = model.get(ele);
        if (there === undefined) {
          expect(zslInsert(zsl, score, ele).score).to.equal(score);
          model.set(ele, score);
        } else if (random.chance(0.4)) {
          expect(zslDelete(zsl, there, ele, null)).to.equal(1);
          model.delete(ele);
        } else {
          expect(zslUpdateScore(zsl, there, ele, score)).to.include({ ele, score });
          model.set(ele, score);
        }
        if (round % 25 === 0) check(zsl);
      }
      check(zsl);
      const sorted = [...model].sort((a, b) =>
        a[1] !== b[1] ? (a[1] < b[1] ? -1 : 1) : a[0] < b[0] ? -1 : 1,
      );
      expect(contents(zsl), `TEST_SEED=${random.seed}`).to.deep.equal(sorted);
      sorted.forEach(([ele, score], i) => {
        expect(zslGetRank(zsl, score, ele)).to.equal(i + 1);
        expect(zslGetElementByRank(zsl, i + 1)?.ele).to.equal(ele);
      });
      expect(zslGetRank(zsl, 0, 'nobody')).to.equal(0);
      expect(zslGetElementByRank(zsl, sorted.length + 1)).to.equal(null);
      zslFree(zsl);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('has a node in four on the next level', () => {
      const counts = new Array<number>(ZSKIPLIST_MAXLEVEL + 1).fill(0);
      for (let i = 0; i < 40000; i++) counts[zslRandomLevel()]++;
      expect(counts[0]).to.equal(0);
      expect(counts[1]).to.be.within(29000, 31000);
      expect(counts[2]).to.be.within(7000, 8000);
    });

    it('gives a deleted node to the caller who wants it', () => {
      const zsl = zslCreate();
      zslInsert(zsl, 1, 'a');
      const out = new zslUnlinked();
      expect(zslDelete(zsl, 2, 'a', out)).to.equal(0);
      expect(zslDelete(zsl, 1, 'b', out)).to.equal(0);
      expect(zslDelete(zsl, 1, 'a', out)).to.equal(1);
      expect(out.node?.ele).to.equal('a');
      zslFreeNode(out.node!);
      zslFree(zsl);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('keeps a node whose new score leaves it between its neighbours', () => {
      const zsl = zslCreate();
      const node = [1, 2, 3].map((n) => zslInsert(zsl, n, `e${n}`))[1];
      expect(zslUpdateScore(zsl, 2, 'e2', 2.5)).to.deep.equal(node);
      expect(zslUpdateScore(zsl, 2.5, 'e2', 3)).to.not.deep.equal(node);
      // The first one has nothing before it, and the last one nothing behind.
      const first = zsl.header.forward(0);
      expect(zslUpdateScore(zsl, 1, 'e1', -Infinity)).to.deep.equal(first);
      const { tail } = zsl;
      expect(zslUpdateScore(zsl, 3, tail!.ele!, Infinity)).to.deep.equal(tail);
      check(zsl);
      zslFree(zsl);
    });

    it('tells all levels of a node that stays where it is the new score', () => {
      const zsl = zslCreate();
      const nodes = Array.from({ length: 300 }, (_, i) => zslInsert(zsl, 10 * i, `e${i}`));
      expect(nodes.some(({ height }) => height > 2)).to.equal(true);
      const levels = nodes.map(({ level }) => level);
      nodes.forEach((node, i) => {
        expect(zslUpdateScore(zsl, 10 * i, node.ele!, 10 * i + 7)).to.deep.equal(node);
        expect(zslUpdateScore(zsl, 10 * i + 7, node.ele!, 10 * i + 3)).to.deep.equal(node);
      });
      check(zsl);
      expect(nodes.map(({ level }) => level)).to.deep.equal(levels);
      expect(nodes.map(({ score }) => score)).to.deep.equal(nodes.map((_, i) => 10 * i + 3));
      nodes.forEach(({ ele, score }, i) => expect(zslGetRank(zsl, score, ele!)).to.equal(i + 1));
      zslFree(zsl);
    });

    it('takes minus zero for zero, and keeps it', () => {
      const zsl = zslCreate();
      const [b, a, c] = [zslInsert(zsl, 0, 'b'), zslInsert(zsl, -0, 'a'), zslInsert(zsl, -0, 'c')];
      expect([a, b, c].map(({ score }) => Object.is(score, -0))).to.deep.equal([true, false, true]);
      expect(contents(zsl).map(([ele]) => ele)).to.deep.equal(['a', 'b', 'c']);
      expect(zslGetRank(zsl, 0, 'c')).to.equal(3);
      expect(zslDelete(zsl, 0, 'a', null)).to.equal(1);
      expect(zslDelete(zsl, -0, 'b', null)).to.equal(1);
      check(zsl);
      zslFree(zsl);
    });
  });

  describe('the table of the levels', () => {
    beforeEach(() => {
      zslSearch.spare = null;
    });

    it('grows while elements come, and no node notices', () => {
      const random = Random.fromEnvironment();
      const zsl = zslCreate();
      const { table } = zsl;
      expect(table.backs).to.have.length(ZSKIPLIST_TABLE_MIN);
      const nodes: zskiplistNode[] = [];
      let sizes = 0;
      for (let i = 0; i < 3000; i++) {
        const { links } = table;
        const levels = nodes.map(({ level }) => level);
        nodes.push(zslInsert(zsl, random.int(0, 100), `e${i}`));
        if (table.links === links) continue;
        expect(table.links.length, `TEST_SEED=${random.seed}`).to.equal(2 * links.length);
        levels.push(nodes[i].level);
        expect(nodes.map(({ level }) => level)).to.deep.equal(levels);
        check(zsl);
        sizes++;
      }
      expect(sizes).to.be.at.least(5);
      check(zsl);
      expect(new Set(contents(zsl).map(([ele]) => ele)).size).to.equal(3000);
      zslFree(zsl);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('grows for an element that only moves', () => {
      const zsl = zslCreate();
      for (let i = 0; i < 5; i++) zslInsert(zsl, i, `e${i}`);
      const { table } = zsl;
      const others: zskiplistNode[] = [];
      while (table.top < table.links.length) others.push(zslCreateNode(table, 1, 0, 'x'));
      expect(zslUpdateScore(zsl, 0, 'e0', 9)).to.include({ ele: 'e0', score: 9 });
      expect(table.backs).to.have.length(2 * ZSKIPLIST_TABLE_MIN);
      others.forEach(zslFreeNode);
      check(zsl);
      expect(contents(zsl).map(([ele]) => ele)).to.deep.equal(['e1', 'e2', 'e3', 'e4', 'e0']);
      zslFree(zsl);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('hands out freed nodes of each height again', () => {
      const zsl = zslCreate();
      const { table } = zsl;
      const heights = Array.from({ length: ZSKIPLIST_MAXLEVEL }, (_, i) => i + 1);
      const made = heights.map((n) =>
        [1, 2, 3].map((i) => zslCreateNode(table, n, i, `${n}:${i}`)),
      );
      const { top } = table;
      for (const nodes of made) nodes.forEach(zslFreeNode);
      checkTable(zsl, [zsl.header]);
      for (const [i, nodes] of made.entries()) {
        // The last one that was freed comes first.
        for (const node of nodes.toReversed()) {
          const again = zslCreateNode(table, i + 1, -i, `again ${i}`);
          expect(again).to.deep.equal(node);
          expect(again).to.include({ ele: `again ${i}`, height: i + 1 });
        }
      }
      expect(table.top).to.equal(top);
      checkTable(zsl, [zsl.header, ...made.flat()]);
      expect(zslCreateNode(table, 5, 0, 'new').level).to.equal(top);
      for (const nodes of made) nodes.forEach(zslFreeNode);
      zslFreeNode(table.node(top)!);
      zslFree(zsl);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('stays as it is while elements come and go', () => {
      const random = Random.fromEnvironment();
      const zsl = zslCreate();
      const scores = Array.from({ length: 200 }, (_, i) => zslInsert(zsl, i, `e${i}`).score);
      for (let round = 0; round < 20000; round++) {
        const i = random.int(0, 199);
        const score = random.int(0, 500);
        if (score === scores[i]) continue;
        zslUpdateScore(zsl, scores[i], `e${i}`, score);
        scores[i] = score;
      }
      check(zsl);
      // 200 nodes, and for each height as many as there ever were at a time.
      expect(zsl.table.backs.length, `TEST_SEED=${random.seed}`).to.be.at.most(1024);
      zslFree(zsl);
    });

    it('becomes small again when most elements are gone, and all else stays right', () => {
      const random = Random.fromEnvironment();
      const o = make(OBJ_ENCODING_SKIPLIST);
      const { zsl, dict } = o.ptr as zset;
      const out = new zsetAddResult();
      const size = 6000;
      for (let i = 0; i < size; i++) zsetAdd(o, i >> 2, `e${i}`, ZADD_IN_NONE, out);
      const { links, backs } = zsl.table;
      expect(backs.length).to.be.at.least(8192);
      const left = new Map<string, number>();
      let rebuilt = 0;
      for (let i = 0; i < size; i++) {
        // One in a hundred stays.
        if (i % 100 === 57) {
          left.set(`e${i}`, i >> 2);
          continue;
        }
        const was = zsl.table.links;
        expect(zsetDel(o, `e${i}`)).to.equal(1);
        if (was === zsl.table.links) continue;
        rebuilt++;
        check(zsl);
      }
      expect(rebuilt, `TEST_SEED=${random.seed}`).to.be.at.least(1);
      check(zsl);
      expect(zsl.table.links.buffer.byteLength).to.be.at.most(links.buffer.byteLength / 8);
      expect(zsl.table.eles.length).to.be.at.most(zsl.table.backs.length);
      expect(contents(zsl)).to.deep.equal([...left]);
      [...left].forEach(([ele, score], rank) => {
        const { v: level } = dictFind(dict, ele)!;
        expect(zsl.table.node(level)).to.include({ ele, score });
        expect(zslGetRank(zsl, score, ele)).to.equal(rank + 1);
        expect(zslGetElementByRank(zsl, rank + 1)).to.include({ level });
      });
      expect(zsl.tail!.ele).to.equal([...left.keys()].at(-1));

      // It works on as before: the table grows again, elements move and go.
      for (let i = 0; i < 1000; i++) {
        zsetAdd(o, random.int(0, size), `f${random.int(0, 400)}`, ZADD_IN_NONE, out);
      }
      check(zsl);
      for (const ele of contents(zsl).map(([name]) => name)) expect(zsetDel(o, ele)).to.equal(1);
      check(zsl);
      expect(zsl.level).to.equal(1);
      decrRefCount(o);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('goes to the next skiplist if it has not grown', () => {
      const first = zslCreate();
      for (let i = 0; i < 8; i++) zslInsert(first, i, `e${i}`);
      const { table } = first;
      zslFree(first);
      expect(zslSearch.spare).to.equal(table);
      const second = zslCreate();
      expect(second.table).to.equal(table);
      check(second);
      const third = zslCreate();
      expect(third.table).to.not.equal(table);
      for (let i = 0; i < 200; i++) zslInsert(second, -i, `f${i}`);
      check(second);
      zslFree(second);
      expect(zslSearch.spare).to.equal(null);
      zslFree(third);
      expect(zslSearch.spare).to.equal(third.table);

      // So does that of a sorted set which turns out to be small.
      zslSearch.spare = null;
      const o = make(OBJ_ENCODING_SKIPLIST, 'a', 1, 'b', 2);
      const small = (o.ptr as zset).zsl.table;
      zsetConvert(o, OBJ_ENCODING_LISTPACK);
      const next = zslCreate();
      expect(next.table).to.equal(small);
      check(next);
      zslFree(next);
      decrRefCount(o);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('is left alone as long as it is not much too large', () => {
      const zs = new zset(dictCreate(zsetDictType), zslCreate());
      const { zsl } = zs;
      for (let i = 0; i < 1000; i++) zslInsert(zsl, i, `e${i}`);
      const { links } = zsl.table;
      zslResize(zs);
      for (let i = 0; i < 700; i++) zslDelete(zsl, i, `e${i}`, null);
      zslResize(zs);
      expect(zsl.table.links).to.equal(links);
      for (let i = 700; i < 1000; i++) zslDelete(zsl, i, `e${i}`, null);
      zslResize(zs);
      expect(zsl.table.backs).to.have.length(ZSKIPLIST_TABLE_MIN);
      expect(zsl.table.eles).to.have.length(
        ZSKIPLIST_TABLE_START / LEVEL_WORDS + ZSKIPLIST_MAXLEVEL,
      );
      check(zsl);
      dictRelease(zs.dict);
      zslFree(zsl);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('becomes small with the removal of ranges, and in a difference', () => {
      const run = (...args: (string | number)[]): string => ks.run(...args.map(String));
      const pairs = Array.from({ length: 4000 }, (_, i) => [i, `e${i}`]).flat();
      const tableOf = (key: string): number => (ks.value(key).ptr as zset).zsl.table.backs.length;
      for (const [command, from, to] of [
        ['ZREMRANGEBYRANK', 10, 3989],
        ['ZREMRANGEBYSCORE', 10, 3989],
      ]) {
        run('DEL', 'z');
        run('ZADD', 'z', ...pairs);
        expect(tableOf('z')).to.be.at.least(4096);
        expect(run(command, 'z', from, to)).to.equal(':3980\r\n');
        expect(tableOf('z')).to.be.at.most(128);
        check((ks.value('z').ptr as zset).zsl);
        expect(run('ZRANGE', 'z', 9, 10)).to.equal('*2\r\n$2\r\ne9\r\n$5\r\ne3990\r\n');
      }
      // As many sources as make the second algorithm the better one.
      run('DEL', 'z');
      run('ZADD', 'z', ...pairs);
      run('CONFIG', 'SET', 'zset-max-listpack-entries', 0);
      run('SADD', 's', ...pairs.filter((_, i) => i % 2 === 1).slice(20));
      expect(run('ZDIFFSTORE', 'd', 5, 'z', 's', 'n1', 'n2', 'n3')).to.equal(':20\r\n');
      run('CONFIG', 'SET', 'zset-max-listpack-entries', 128);
      expect(tableOf('d')).to.be.at.most(128);
      check((ks.value('d').ptr as zset).zsl);
      expect(run('ZRANGE', 'd', 18, -1)).to.equal('*2\r\n$3\r\ne18\r\n$3\r\ne19\r\n');
    });
  });

  describe('a range', () => {
    it('of scores is read as C reads it', () => {
      const range = (min: string, max: string): unknown => {
        const r = zslParseRange(word(min), word(max));
        return r === null ? null : [r.min, r.minex, r.max, r.maxex];
      };
      expect(range('1', '(2.5')).to.deep.equal([1, 0, 2.5, 1]);
      expect(range('(-inf', '+inf')).to.deep.equal([-Infinity, 1, Infinity, 0]);
      // strtod() takes these for a number, and a zero byte for the end.
      expect(range('', '(')).to.deep.equal([0, 0, 0, 1]);
      expect(range(' 0x10', '3\x00x')).to.deep.equal([16, 0, 3, 0]);
      for (const bad of ['x', '1 ', 'nan', '(nan', '1x']) {
        expect(range(bad, '1')).to.equal(null);
        expect(range('1', bad)).to.equal(null);
      }
      const int = createObject(0, 7);
      int.encoding = 1;
      expect(zslParseRange(int, int)).to.include({ min: 7, max: 7 });
    });

    it('of strings is read as C reads it', () => {
      const r = zslParseLexRange(word('[a'), word('(b'))!;
      expect(r).to.include({ min: 'a', minex: 0, max: 'b', maxex: 1 });
      zslFreeLexRange(r);
      expect(zslParseLexRange(word('-'), word('+\x00x'))).to.include({
        min: shared.minstring,
        max: shared.maxstring,
      });
      for (const bad of ['', 'a', '-a', '+a']) {
        expect(zslParseLexRange(word(bad), word('+'))).to.equal(null);
        expect(zslParseLexRange(word('-'), word(bad))).to.equal(null);
      }
      const int = createObject(0, 7);
      int.encoding = 1;
      expect(zslParseLexRange(int, word('+'))).to.equal(null);
    });

    it('of strings has ends that no string is equal to', () => {
      expect(sdscmplex(shared.minstring, 'minstring')).to.equal(-1);
      expect(sdscmplex('maxstring', shared.maxstring)).to.equal(-1);
      expect(sdscmplex('', shared.minstring)).to.equal(1);
      expect(sdscmplex(shared.maxstring, '\xff')).to.equal(1);
      expect(sdscmplex(shared.minstring, shared.minstring)).to.equal(0);
      expect(sdscmplex('a', 'a')).to.equal(0);
      expect(sdscmplex('a', 'B')).to.equal(1);
    });

    it('finds the same in a listpack and in a skiplist', () => {
      const ends = [
        '-inf',
        '(-inf',
        '-1',
        '1',
        '(1',
        '2',
        '(2',
        '2.5',
        '3',
        '(3',
        '9',
        '+inf',
        '(inf',
      ];
      const pairs = ['a', 1, 'b', 2, 'c', 2, 'd', 3];
      const lp = make(OBJ_ENCODING_LISTPACK, ...pairs);
      const sl = make(OBJ_ENCODING_SKIPLIST, ...pairs);
      const zl = lp.ptr as Buffer;
      const zsl = (sl.ptr as zset).zsl;
      const scoreAt = (p: number): number | null =>
        p === 0 ? null : zzlGetScore(zl, lpNext(zl, p));
      for (const min of ends) {
        for (const max of ends) {
          const r = zslParseRange(word(min), word(max))!;
          const inside = pairs.filter(
            (n) =>
              typeof n === 'number' &&
              (r.minex ? n > r.min : n >= r.min) &&
              (r.maxex ? n < r.max : n <= r.max),
          );
          const first = inside[0] ?? null;
          const last = inside.at(-1) ?? null;
          expect(zslFirstInRange(zsl, r)?.score ?? null, `${min} ${max}`).to.equal(first);
          expect(zslLastInRange(zsl, r)?.score ?? null).to.equal(last);
          expect(scoreAt(zzlFirstInRange(zl, r))).to.equal(first);
          expect(scoreAt(zzlLastInRange(zl, r))).to.equal(last);
        }
      }
      for (const o of [lp, sl]) decrRefCount(o);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('of strings finds the same in a listpack and in a skiplist', () => {
      const ends = ['-', '+', '[a', '(a', '[b', '(b', '[bb', '(c', '[c', '[d', '[1', '(5'];
      const elements = ['5', 'a', 'b', 'c'];
      const pairs = elements.flatMap((e) => [e, 0]);
      const lp = make(OBJ_ENCODING_LISTPACK, ...pairs);
      const sl = make(OBJ_ENCODING_SKIPLIST, ...pairs);
      const zl = lp.ptr as Buffer;
      const zsl = (sl.ptr as zset).zsl;
      const at = (e: string | null): number => (e === null ? 0 : zzlFind(zl, e, null));
      for (const min of ends) {
        for (const max of ends) {
          const r = zslParseLexRange(word(min), word(max))!;
          const inside = elements.filter(
            (e) =>
              sdscmplex(e, r.min) >= (r.minex ? 1 : 0) && sdscmplex(e, r.max) <= (r.maxex ? -1 : 0),
          );
          const first = inside[0] ?? null;
          const last = inside.at(-1) ?? null;
          expect(zslFirstInLexRange(zsl, r)?.ele ?? null, `${min} ${max}`).to.equal(first);
          expect(zslLastInLexRange(zsl, r)?.ele ?? null).to.equal(last);
          expect(zzlFirstInLexRange(zl, r)).to.equal(at(first));
          expect(zzlLastInLexRange(zl, r)).to.equal(at(last));
        }
      }
      for (const o of [lp, sl]) decrRefCount(o);
    });

    it('of an empty sorted set is empty', () => {
      const zl = lpNew(0);
      const zsl = zslCreate();
      const r = zslParseRange(word('-inf'), word('inf'))!;
      const lex = zslParseLexRange(word('-'), word('+'))!;
      expect(zslFirstInRange(zsl, r)).to.equal(null);
      expect(zslLastInLexRange(zsl, lex)).to.equal(null);
      expect(zzlLastInRange(zl, r)).to.equal(0);
      expect(zzlFirstInLexRange(zl, lex)).to.equal(0);
      expect(zzlFind(zl, 'a', null)).to.equal(0);
      lpFree(zl);
      zslFree(zsl);
    });
  });

  describe('the listpack', () => {
    it('holds elements and scores in turn, whole scores as integers', () => {
      let zl = lpNew(0);
      zl = zzlInsert(zl, 'b', 2.5);
      zl = zzlInsert(zl, 'a', 1);
      zl = zzlInsert(zl, '7', -Infinity);
      // Header: 28 bytes, 6 entries; integer 7; "-inf"; "a"; integer 1; "b"; "2.5"; the end.
      expect(zl.subarray(0, lpBytes(zl)).toString('hex')).to.equal(
        '1c000000' + '0600' + '0701' + '842d696e6605' + '816102' + '0101' + '816202' + '83322e3504' + 'ff',
      ); // prettier-ignore
      expect(zzlLength(zl)).to.equal(3);
      expect(zzlCompareElements(zl, lpSeek(zl, 0), '7')).to.equal(0);
      expect(zzlCompareElements(zl, lpSeek(zl, 0), '8')).to.equal(-1);
      expect(zzlCompareElements(zl, lpSeek(zl, 2), '')).to.equal(1);
      const score = new scoreRef();
      expect(zzlFind(zl, 'b', score)).to.equal(lpSeek(zl, 4));
      expect(score.score).to.equal(2.5);
      expect(zzlStrtod(`1${'0'.repeat(200)}`)).to.equal(1e126);

      const eptr = new lpPos();
      const sptr = new lpPos();
      eptr.p = lpSeek(zl, 2);
      sptr.p = lpSeek(zl, 3);
      zzlNext(zl, eptr, sptr);
      expect([eptr.p, sptr.p]).to.deep.equal([lpSeek(zl, 4), lpSeek(zl, 5)]);
      zzlNext(zl, eptr, sptr);
      expect([eptr.p, sptr.p]).to.deep.equal([0, 0]);
      eptr.p = lpSeek(zl, 2);
      sptr.p = lpSeek(zl, 3);
      zzlPrev(zl, eptr, sptr);
      expect([eptr.p, sptr.p]).to.deep.equal([lpSeek(zl, 0), lpSeek(zl, 1)]);
      zzlPrev(zl, eptr, sptr);
      expect([eptr.p, sptr.p]).to.deep.equal([0, 0]);

      const count = new deletedCount();
      zl = zzlDeleteRangeByRank(zl, 1, 2, count);
      expect(count.deleted).to.equal(2);
      expect(zzlLength(zl)).to.equal(1);
      lpFree(zl);
      expect(zmalloc_used_memory()).to.equal(before);
    });

    it('keeps minus zero as zero, and whole scores beyond 2^53 exactly', () => {
      let zl = lpNew(0);
      zl = zzlInsert(zl, 'a', -0);
      zl = zzlInsert(zl, 'b', 2 ** 60);
      zl = zzlInsert(zl, 'c', 2 ** 70);
      expect(Object.is(zzlGetScore(zl, lpSeek(zl, 1)), 0)).to.equal(true);
      expect(zzlGetScore(zl, lpSeek(zl, 3))).to.equal(2 ** 60);
      expect(zzlGetScore(zl, lpSeek(zl, 5))).to.equal(2 ** 70);
      lpFree(zl);
    });
  });

  describe('zsetAdd()', () => {
    for (const encoding of encodings) {
      it(`does what the flags say, encoding ${encoding}`, () => {
        const o = make(encoding, 'a', 5, 'i', Infinity);
        const out = new zsetAddResult();
        const add = (score: number, ele: string, flags: number): [number, number, number] => {
          out.newscore = -99;
          const retval = zsetAdd(o, score, ele, flags, out);
          return [retval, out.out_flags, out.newscore];
        };
        expect(add(1, 'a', ZADD_IN_NX)).to.deep.equal([1, ZADD_OUT_NOP, -99]);
        expect(add(1, 'x', ZADD_IN_XX)).to.deep.equal([1, ZADD_OUT_NOP, -99]);
        expect(add(NaN, 'a', ZADD_IN_NONE)).to.deep.equal([0, ZADD_OUT_NAN, -99]);
        expect(add(-Infinity, 'i', ZADD_IN_INCR)).to.deep.equal([0, ZADD_OUT_NAN, -99]);
        expect(add(4, 'a', ZADD_IN_GT)).to.deep.equal([1, ZADD_OUT_NOP, -99]);
        expect(add(6, 'a', ZADD_IN_LT)).to.deep.equal([1, ZADD_OUT_NOP, -99]);
        expect(add(6, 'a', ZADD_IN_GT | ZADD_IN_XX)).to.deep.equal([1, ZADD_OUT_UPDATED, 6]);
        expect(add(6, 'a', ZADD_IN_NONE)).to.deep.equal([1, 0, 6]);
        expect(add(-2, 'a', ZADD_IN_INCR)).to.deep.equal([1, ZADD_OUT_UPDATED, 4]);
        expect(add(3, 'n', ZADD_IN_INCR | ZADD_IN_NX)).to.deep.equal([1, ZADD_OUT_ADDED, 3]);
        expect(zsetScore(o, 'a')).to.equal(4);
        expect(zsetScore(o, 'nobody')).to.equal(null);
        expect(zsetRank(o, 'a', false)).to.equal(1);
        expect(zsetRank(o, 'a', true)).to.equal(1);
        expect(zsetRank(o, 'i', true)).to.equal(0);
        expect(zsetRank(o, 'nobody', false)).to.equal(-1);
        expect(zsetDel(o, 'a')).to.equal(1);
        expect(zsetDel(o, 'a')).to.equal(0);
        expect(zsetLength(o)).to.equal(2);
        decrRefCount(o);
        expect(zmalloc_used_memory()).to.equal(before);
      });
    }

    it('turns a listpack into a skiplist when it gets too long, or an element is', () => {
      for (const [count, length] of [
        [129, 3],
        [2, 65],
      ]) {
        const o = make(OBJ_ENCODING_LISTPACK);
        for (let i = 0; i < count; i++) {
          expect(o.encoding).to.equal(OBJ_ENCODING_LISTPACK);
          const ele = i === count - 1 ? 'e'.repeat(length) : `m${i}`;
          zsetAdd(o, 128 - i, ele, ZADD_IN_NONE, new zsetAddResult());
        }
        expect(o.encoding).to.equal(OBJ_ENCODING_SKIPLIST);
        const zs = o.ptr as zset;
        check(zs.zsl);
        expect(dictSize(zs.dict)).to.equal(count);
        for (const [ele] of contents(zs.zsl)) {
          expect(zs.zsl.table.node(dictFind(zs.dict, ele)!.v)!.ele).to.equal(ele);
        }
        decrRefCount(o);
      }
      expect(zmalloc_used_memory()).to.equal(before);
    });
  });

  it('a sorted set survives conversion and duplication', () => {
    const pairs = ['a', 1.5, '12', 2, 'c', Infinity];
    const o = make(OBJ_ENCODING_LISTPACK, ...pairs);
    const bytes = (x: robj): string =>
      (x.ptr as Buffer).subarray(0, lpBytes(x.ptr as Buffer)).toString('hex');
    const first = bytes(o);
    const dup = zsetDup(o);
    expect(bytes(dup)).to.equal(first);
    zsetConvert(o, OBJ_ENCODING_SKIPLIST);
    zsetConvert(o, OBJ_ENCODING_SKIPLIST);
    const dup2 = zsetDup(o);
    check((dup2.ptr as zset).zsl);
    expect(contents((dup2.ptr as zset).zsl)).to.deep.equal(contents((o.ptr as zset).zsl));
    zsetConvertToListpackIfNeeded(o, 65, 100);
    expect(o.encoding).to.equal(OBJ_ENCODING_SKIPLIST);
    zsetConvertToListpackIfNeeded(o, 64, 100);
    zsetConvertToListpackIfNeeded(o, 64, 100);
    expect(bytes(o)).to.equal(first);
    for (const x of [o, dup, dup2]) decrRefCount(x);
    expect(zmalloc_used_memory()).to.equal(before);
  });

  it('an encoding or a type that does not belong here is a panic', () => {
    const o = make(OBJ_ENCODING_LISTPACK, 'a', 1);
    expect(() => zsetConvert(o, OBJ_ENCODING_RAW)).to.throw();
    const bad = createObject(OBJ_ZSET, null);
    bad.encoding = OBJ_ENCODING_RAW;
    for (const fail of [
      () => zsetLength(bad),
      () => zsetConvert(bad, OBJ_ENCODING_LISTPACK),
      () => zsetScore(bad, 'a'),
      () => zsetAdd(bad, 1, 'a', 0, new zsetAddResult()),
      () => zsetDel(bad, 'a'),
      () => zsetDup(bad),
      () => zunionInterAggregate(1, 2, 9),
    ]) {
      expect(fail).to.throw();
    }
    for (const [type, encoding] of [
      [OBJ_SET, OBJ_ENCODING_RAW],
      [OBJ_ZSET, OBJ_ENCODING_RAW],
      [OBJ_HASH, OBJ_ENCODING_RAW],
    ]) {
      const op = new zsetopsrc();
      op.subject = bad;
      op.type = type;
      op.encoding = encoding;
      const val = new zsetopval();
      expect(() => zuiInitIterator(op)).to.throw();
      expect(() => zuiClearIterator(op)).to.throw();
      expect(() => zuiLength(op)).to.throw();
      expect(() => zuiNext(op, val)).to.throw();
      expect(() => zuiFind(op, val, new scoreRef())).to.throw();
    }
  });

  describe('the sources of unions', () => {
    it('with opposite infinities add up to zero', () => {
      expect(zunionInterAggregate(1, 2, REDIS_AGGR_SUM)).to.equal(3);
      expect(zunionInterAggregate(Infinity, -Infinity, REDIS_AGGR_SUM)).to.equal(0);
      expect(zunionInterAggregate(1, 2, REDIS_AGGR_MIN)).to.equal(1);
      expect(zunionInterAggregate(1, 2, REDIS_AGGR_MAX)).to.equal(2);
    });

    it('that do not exist are empty', () => {
      const op = new zsetopsrc();
      const val = new zsetopval();
      zuiInitIterator(op);
      expect(zuiLength(op)).to.equal(0);
      expect(zuiNext(op, val)).to.equal(false);
      expect(zuiFind(op, val, new scoreRef())).to.equal(false);
      zuiClearIterator(op);
      expect(zuiCompareByCardinality(op, op)).to.equal(0);
    });

    it('give their values in each form that is asked for', () => {
      const val = new zsetopval();
      val.ell = 42;
      expect(zuiLongLongFromValue(val)).to.equal(true);
      expect(zuiSdsFromValue(val)).to.equal('42');
      expect(zuiNewSdsFromValue(val)).to.equal('42');
      expect(val.ele).to.equal(null);
      expect(zuiNewSdsFromValue(val)).to.equal('42');
      expect(zuiBufferFromValue(val)).to.equal(true);
      expect(val.estr).to.equal('42');
      const text = new zsetopval();
      text.estr = 'x';
      expect(zuiNewSdsFromValue(text)).to.equal('x');
      expect(zuiLongLongFromValue(text)).to.equal(false);
      expect(zuiLongLongFromValue(text)).to.equal(false);
      expect(zuiSdsFromValue(text)).to.equal('x');
      zuiDiscardDirtyValue(text);
      expect(text.ele).to.equal(null);
      const own = new zsetopval();
      own.ele = '7';
      expect(zuiNewSdsFromValue(own)).to.equal('7');
      expect(zuiLongLongFromValue(own)).to.equal(true);
      zuiBufferFromValue(own);
      expect(own.estr).to.equal('7');
    });

    it('tell the longest element of a result', () => {
      const o = make(OBJ_ENCODING_SKIPLIST, 'a', 1, 'abc', 2);
      expect(zsetDictGetMaxElementLength((o.ptr as zset).dict, null)).to.equal(3);
      expect(setAccumulatorDictType().hashFunction('a')).to.be.a('number');
      decrRefCount(o);
    });
  });

  it('ranks to delete are counted from one', () => {
    const o = make(OBJ_ENCODING_SKIPLIST, 'a', 1, 'b', 2, 'c', 3, 'd', 4);
    const zs = o.ptr as zset;
    expect(zslDeleteRangeByRank(zs.zsl, 2, 3, zs.dict)).to.equal(2);
    expect(contents(zs.zsl).map(([e]) => e)).to.deep.equal(['a', 'd']);
    check(zs.zsl);
    decrRefCount(o);
  });

  describe('commands', () => {
    const run = (...args: (string | number)[]): string => ks.run(...args);
    /** An array of bulk strings, as RESP2 has it. */
    const bulks = (...items: (string | number)[]): string =>
      items.reduce<string>(
        (out, item) => `${out}$${String(item).length}\r\n${item}\r\n`,
        `*${items.length}\r\n`,
      );
    const small = (): void => void run('CONFIG', 'SET', 'zset-max-listpack-entries', 128);
    const large = (): void => void run('CONFIG', 'SET', 'zset-max-listpack-entries', 0);
    const syntax = '-ERR syntax error\r\n';
    const wrongtype = '-WRONGTYPE Operation against a key holding the wrong kind of value\r\n';

    for (const encoding of ['listpack', 'skiplist']) {
      describe(`on a ${encoding}`, () => {
        beforeEach(() => {
          if (encoding === 'listpack') small();
          else large();
        });

        it('ZADD adds, changes, and tells what was done', () => {
          expect(run('ZADD', 'z', 1, 'a', 2, 'b')).to.equal(':2\r\n');
          expect(run('OBJECT', 'ENCODING', 'z')).to.equal(`$8\r\n${encoding}\r\n`);
          expect(run('ZADD', 'z', 'CH', 1, 'a', 3, 'b', 4, 'c')).to.equal(':2\r\n');
          expect(run('ZADD', 'z', 'NX', 9, 'a')).to.equal(':0\r\n');
          expect(run('ZADD', 'z', 'XX', 'GT', 'CH', 9, 'a', 9, 'x')).to.equal(':1\r\n');
          expect(run('ZADD', 'z', 'INCR', 1.5, 'a')).to.equal('$4\r\n10.5\r\n');
          expect(run('ZADD', 'z', 'INCR', 'LT', 1, 'a')).to.equal('$-1\r\n');
          expect(run('ZINCRBY', 'z', '-0.5', 'a')).to.equal('$2\r\n10\r\n');
          expect(run('ZADD', 'z', 'inf', 'i')).to.equal(':1\r\n');
          expect(run('ZINCRBY', 'z', '-inf', 'i')).to.equal(
            '-ERR resulting score is not a number (NaN)\r\n',
          );
          expect(run('ZADD', 'nokey', 'XX', 1, 'a')).to.equal(':0\r\n');
          expect(run('ZADD', 'nokey', 'XX', 'INCR', 1, 'a')).to.equal('$-1\r\n');
          expect(run('EXISTS', 'nokey')).to.equal(':0\r\n');
        });

        it('ZSCORE, ZMSCORE, ZRANK and ZCARD read', () => {
          run('ZADD', 'z', 1, 'a', 2.25, 'b', 3, '5');
          expect(run('ZSCORE', 'z', 'b')).to.equal('$4\r\n2.25\r\n');
          expect(run('ZSCORE', 'z', 'x')).to.equal('$-1\r\n');
          expect(run('ZMSCORE', 'z', '5', 'x')).to.equal('*2\r\n$1\r\n3\r\n$-1\r\n');
          expect(run('ZMSCORE', 'nokey', '5')).to.equal('*1\r\n$-1\r\n');
          expect(run('ZRANK', 'z', '5')).to.equal(':2\r\n');
          expect(run('ZREVRANK', 'z', '5')).to.equal(':0\r\n');
          expect(run('ZREVRANK', 'z', 'x')).to.equal('$-1\r\n');
          expect(run('ZCARD', 'z')).to.equal(':3\r\n');
        });

        it('ZRANGE and its relatives give ranges by rank, score and string, both ways', () => {
          run('ZADD', 'z', 1, 'a', 2, 'b', 2, 'c', 3, '4');
          expect(run('ZRANGE', 'z', 1, -2)).to.equal(bulks('b', 'c'));
          expect(run('ZRANGE', 'z', -100, 100, 'REV')).to.equal(bulks('4', 'c', 'b', 'a'));
          expect(run('ZRANGE', 'z', 2, 1)).to.equal('*0\r\n');
          expect(run('ZREVRANGE', 'z', 1, 2, 'WITHSCORES')).to.equal(bulks('c', 2, 'b', 2));
          expect(run('ZRANGE', 'z', 2, 2, 'WITHSCORES')).to.equal(bulks('c', 2));
          expect(run('ZRANGEBYSCORE', 'z', '(1', 3)).to.equal(bulks('b', 'c', '4'));
          expect(run('ZRANGEBYSCORE', 'z', 0, 9, 'LIMIT', 1, 2)).to.equal(bulks('b', 'c'));
          expect(run('ZRANGEBYSCORE', 'z', 0, 9, 'LIMIT', 9, 2)).to.equal('*0\r\n');
          expect(run('ZRANGEBYSCORE', 'z', 0, 9, 'LIMIT', -1, 2)).to.equal('*0\r\n');
          expect(run('ZREVRANGEBYSCORE', 'z', '(3', '-inf', 'LIMIT', 1, -1)).to.equal(
            bulks('b', 'a'),
          );
          expect(run('ZREVRANGEBYSCORE', 'z', 9, 2, 'WITHSCORES')).to.equal(
            bulks('4', 3, 'c', 2, 'b', 2),
          );
          expect(run('ZRANGE', 'z', 3, '(2', 'BYSCORE', 'REV')).to.equal(bulks('4'));
          run('ZADD', 'l', 0, 'a', 0, 'b', 0, '7', 0, 'd');
          expect(run('ZRANGEBYLEX', 'l', '-', '(b')).to.equal(bulks('7', 'a'));
          expect(run('ZRANGEBYLEX', 'l', '-', '+', 'LIMIT', 1, 1)).to.equal(bulks('a'));
          expect(run('ZREVRANGEBYLEX', 'l', '+', '(a')).to.equal(bulks('d', 'b'));
          expect(run('ZREVRANGEBYLEX', 'l', '[c', '-', 'LIMIT', 1, 9)).to.equal(bulks('a', '7'));
          expect(run('ZRANGE', 'l', '[a', '[c', 'BYLEX')).to.equal(bulks('a', 'b'));
          expect(run('ZCOUNT', 'z', '(1', 2)).to.equal(':2\r\n');
          expect(run('ZCOUNT', 'z', 1.5, 1.7)).to.equal(':0\r\n');
          expect(run('ZCOUNT', 'z', 8, 9)).to.equal(':0\r\n');
          expect(run('ZLEXCOUNT', 'l', '[a', '+')).to.equal(':3\r\n');
          expect(run('ZLEXCOUNT', 'l', '[e', '+')).to.equal(':0\r\n');
          run('HELLO', 3);
          expect(run('ZRANGE', 'z', 0, 1, 'WITHSCORES')).to.equal(
            '*2\r\n*2\r\n$1\r\na\r\n,1\r\n*2\r\n$1\r\nb\r\n,2\r\n',
          );
          expect(run('ZRANGEBYSCORE', 'z', 3, 3, 'WITHSCORES')).to.equal(
            '*1\r\n*2\r\n$1\r\n4\r\n,3\r\n',
          );
        });

        it('ZRANGESTORE stores a range', () => {
          run('ZADD', 'z', 1, 'a', 2, 'b', 3, '4');
          expect(run('ZRANGESTORE', 'd', 'z', 1, 2)).to.equal(':2\r\n');
          expect(run('ZRANGE', 'd', 0, -1, 'WITHSCORES')).to.equal(bulks('b', 2, '4', 3));
          expect(run('ZRANGESTORE', 'd', 'z', 0, 1, 'BYSCORE')).to.equal(':1\r\n');
          expect(run('ZRANGESTORE', 'd', 'z', '-', '+', 'BYLEX', 'LIMIT', 0, 1)).to.equal(':1\r\n');
          expect(run('ZRANGESTORE', 'd', 'z', 9, 10)).to.equal(':0\r\n');
          expect(run('EXISTS', 'd')).to.equal(':0\r\n');
          expect(run('ZRANGESTORE', 'd', 'nokey', 0, -1)).to.equal(':0\r\n');
          expect(run('ZRANGESTORE', 'd', 'z', 0, -1, 'WITHSCORES')).to.equal(syntax);
        });

        it('ZREM and ZREMRANGEBY... take away, and the last element takes the key along', () => {
          const fill = (): void => {
            run('DEL', 'z');
            for (let i = 0; i < 10; i++) run('ZADD', 'z', i, `m${i}`);
          };
          fill();
          expect(run('ZREM', 'z', 'm0', 'm9', 'x')).to.equal(':2\r\n');
          expect(run('ZREMRANGEBYRANK', 'z', 1, -2)).to.equal(':6\r\n');
          expect(run('ZREMRANGEBYRANK', 'z', 5, 9)).to.equal(':0\r\n');
          expect(run('ZREMRANGEBYRANK', 'z', 0, 100)).to.equal(':2\r\n');
          expect(run('EXISTS', 'z')).to.equal(':0\r\n');
          fill();
          expect(run('ZREMRANGEBYSCORE', 'z', '(2', '(8')).to.equal(':5\r\n');
          expect(run('ZREMRANGEBYSCORE', 'z', 2.5, 7)).to.equal(':0\r\n');
          expect(run('ZREMRANGEBYSCORE', 'z', 3, 'inf')).to.equal(':2\r\n');
          expect(run('ZREMRANGEBYSCORE', 'z', '-inf', 'inf')).to.equal(':3\r\n');
          fill();
          expect(run('ZREMRANGEBYLEX', 'z', '[m2', '(m4')).to.equal(':2\r\n');
          expect(run('ZREMRANGEBYLEX', 'z', '[m2', '(m4')).to.equal(':0\r\n');
          expect(run('ZREMRANGEBYLEX', 'z', '-', '+')).to.equal(':8\r\n');
          expect(run('EXISTS', 'z')).to.equal(':0\r\n');
          expect(run('ZREM', 'z', 'a')).to.equal(':0\r\n');
          fill();
          const names = Array.from({ length: 12 }, (_, i) => `m${i}`);
          expect(run('ZREM', 'z', ...names)).to.equal(':10\r\n');
        });

        it('ZPOPMIN, ZPOPMAX and ZMPOP take from the ends', () => {
          run('ZADD', 'z', 1, 'a', 2, '5', 3, 'c', 4, 'd');
          expect(run('ZPOPMIN', 'z')).to.equal(bulks('a', 1));
          expect(run('ZPOPMAX', 'z', 2)).to.equal(bulks('d', 4, 'c', 3));
          expect(run('ZPOPMAX', 'z', 0)).to.equal('*0\r\n');
          expect(run('ZMPOP', 2, 'nokey', 'z', 'MIN', 'COUNT', 9)).to.equal(
            '*2\r\n$1\r\nz\r\n*1\r\n*2\r\n$1\r\n5\r\n$1\r\n2\r\n',
          );
          expect(ks.rewritten).to.deep.equal(['ZPOPMIN', 'z', '1']);
          expect(run('ZPOPMIN', 'z')).to.equal('*0\r\n');
          expect(run('ZMPOP', 1, 'z', 'MAX')).to.equal('*-1\r\n');
          run('HELLO', 3);
          run('ZADD', 'z', 1, 'a', 2, 'b');
          expect(run('ZPOPMIN', 'z')).to.equal('*2\r\n$1\r\na\r\n,1\r\n');
          expect(run('ZPOPMIN', 'z', 1)).to.equal('*1\r\n*2\r\n$1\r\nb\r\n,2\r\n');
        });

        it('BZPOPMIN, BZPOPMAX and BZMPOP take at once what there is', () => {
          run('ZADD', 'z', 1, 'a', 2, 'b', 3, 'c');
          expect(run('BZPOPMIN', 'nokey', 'z', 0)).to.equal(bulks('z', 'a', 1));
          expect(ks.rewritten).to.deep.equal(['ZPOPMIN', 'z']);
          expect(run('BZPOPMAX', 'z', 0)).to.equal(bulks('z', 'c', 3));
          expect(run('BZMPOP', 0, 1, 'z', 'MAX', 'COUNT', 5)).to.equal(
            '*2\r\n$1\r\nz\r\n*1\r\n*2\r\n$1\r\nb\r\n$1\r\n2\r\n',
          );
          expect(ks.rewritten).to.deep.equal(['ZPOPMAX', 'z', '1']);
          expect(run('BZPOPMIN', 'z', '-1')).to.equal('-ERR timeout is negative\r\n');
          expect(run('BZPOPMIN', 'z', 'x')).to.equal(
            '-ERR timeout is not a float or out of range\r\n',
          );
          run('MULTI');
          run('BZPOPMIN', 'z', 0);
          expect(run('EXEC')).to.equal('*1\r\n*-1\r\n');
        });

        it('ZUNION, ZINTER and ZDIFF take sets as well', () => {
          run('ZADD', 'z', 1, 'a', 2, '2', 3, 'c');
          run('ZADD', 'y', 10, 'a', 20, '2', 'inf', 'i');
          run('SADD', 'ints', 2, 4);
          run('SADD', 'words', 'a', 'w');
          expect(run('ZUNION', 2, 'z', 'y', 'WITHSCORES')).to.equal(
            bulks('c', 3, 'a', 11, '2', 22, 'i', 'inf'),
          );
          expect(run('ZUNION', 3, 'z', 'ints', 'words', 'WEIGHTS', 2, 3, 4)).to.equal(
            bulks('4', 'w', 'a', 'c', '2'),
          );
          expect(run('ZUNION', 2, 'z', 'y', 'AGGREGATE', 'MIN', 'WITHSCORES')).to.equal(
            bulks('a', 1, '2', 2, 'c', 3, 'i', 'inf'),
          );
          expect(run('ZUNION', 1, 'y', 'WEIGHTS', 0, 'WITHSCORES')).to.equal(
            bulks('2', 0, 'a', 0, 'i', 0),
          );
          expect(run('ZINTER', 2, 'z', 'y', 'AGGREGATE', 'MAX', 'WITHSCORES')).to.equal(
            bulks('a', 10, '2', 20),
          );
          expect(run('ZINTER', 2, 'z', 'z', 'WITHSCORES')).to.equal(bulks('a', 2, '2', 4, 'c', 6));
          expect(run('ZINTER', 2, 'z', 'words', 'WITHSCORES')).to.equal(bulks('a', 2));
          expect(run('ZINTER', 2, 'ints', 'z')).to.equal(bulks('2'));
          expect(run('ZINTER', 2, 'ints', 'words')).to.equal('*0\r\n');
          expect(run('ZINTER', 2, 'nokey', 'z')).to.equal('*0\r\n');
          expect(run('ZINTERCARD', 2, 'z', 'y')).to.equal(':2\r\n');
          expect(run('ZINTERCARD', 2, 'z', 'y', 'LIMIT', 1)).to.equal(':1\r\n');
          expect(run('ZDIFF', 2, 'z', 'words')).to.equal(bulks('2', 'c'));
          expect(run('ZDIFF', 3, 'z', 'ints', 'nokey', 'WITHSCORES')).to.equal(
            bulks('a', 1, 'c', 3),
          );
          expect(run('ZDIFF', 2, 'z', 'z')).to.equal('*0\r\n');
          expect(run('ZDIFF', 1, 'nokey')).to.equal('*0\r\n');
          expect(run('ZUNIONSTORE', 'd', 2, 'z', 'y')).to.equal(':4\r\n');
          expect(run('OBJECT', 'ENCODING', 'd')).to.equal(`$8\r\n${encoding}\r\n`);
          expect(run('ZINTERSTORE', 'd', 2, 'z', 'y')).to.equal(':2\r\n');
          expect(run('ZDIFFSTORE', 'd', 2, 'z', 'y')).to.equal(':1\r\n');
          expect(run('ZDIFFSTORE', 'd', 2, 'z', 'z')).to.equal(':0\r\n');
          expect(run('EXISTS', 'd')).to.equal(':0\r\n');
          expect(run('ZDIFFSTORE', 'd', 2, 'z', 'z')).to.equal(':0\r\n');
          run('HELLO', 3);
          expect(run('ZINTER', 2, 'z', 'words', 'WITHSCORES')).to.equal(
            '*1\r\n*2\r\n$1\r\na\r\n,2\r\n',
          );
        });

        it('a difference from large sources goes the other way about', () => {
          // Small first source, many others: adding up their lengths is less work.
          for (let i = 0; i < 20; i++) run('ZADD', 'z', i, `m${i}`);
          const others = Array.from({ length: 8 }, (_, i) => `o${i}`);
          others.forEach((o, i) => run('ZADD', o, 1, `m${i}`));
          expect(run('ZDIFF', 9, 'z', ...others)).to.equal(
            bulks(...Array.from({ length: 12 }, (_, i) => `m${i + 8}`)),
          );
          run('ZADD', 'one', 1, 'm1', 2, 'm2');
          expect(run('ZDIFF', 9, 'one', ...others)).to.equal('*0\r\n');
          expect(run('ZDIFFSTORE', 'd', 9, 'z', ...others)).to.equal(':12\r\n');
          // All of a long source is taken away before the others are looked at.
          for (let i = 0; i < 20; i++) run('SADD', 's', `m${i}`);
          expect(run('ZDIFF', 9, 'z', 's', ...others.slice(1))).to.equal('*0\r\n');
        });

        it('ZRANDMEMBER draws', () => {
          const pairs = Array.from({ length: 40 }, (_, i) => [i / 2, i % 2 ? `m${i}` : String(i)]);
          run('ZADD', 'z', ...pairs.flat());
          const scores = new Map(pairs.map(([score, ele]) => [String(ele), String(score)]));
          const items = (reply: string): string[] =>
            reply.split('\r\n').filter((_, i) => i > 0 && i % 2 === 0);
          expect(scores.has(run('ZRANDMEMBER', 'z').split('\r\n')[1])).to.equal(true);
          expect(run('ZRANDMEMBER', 'z', 0)).to.equal('*0\r\n');
          expect(run('ZRANDMEMBER', 'nokey')).to.equal('$-1\r\n');
          expect(run('ZRANDMEMBER', 'nokey', 3)).to.equal('*0\r\n');
          for (const count of [1, 3, 10, 30, 40, 50]) {
            const plain = items(run('ZRANDMEMBER', 'z', count));
            expect(new Set(plain).size).to.equal(Math.min(count, 40));
            const both = items(run('ZRANDMEMBER', 'z', count, 'WITHSCORES'));
            expect(both).to.have.length(2 * Math.min(count, 40));
            for (let i = 0; i < both.length; i += 2) {
              expect(scores.get(both[i])).to.equal(both[i + 1]);
            }
          }
          expect(items(run('ZRANDMEMBER', 'z', -2500))).to.have.length(2500);
          const both = items(run('ZRANDMEMBER', 'z', -50, 'WITHSCORES'));
          expect(both).to.have.length(100);
          for (let i = 0; i < both.length; i += 2)
            expect(scores.get(both[i])).to.equal(both[i + 1]);
          run('HELLO', 3);
          for (const count of [-2, 2, 20, 40]) {
            const reply = run('ZRANDMEMBER', 'z', count, 'WITHSCORES');
            expect(reply.startsWith(`*${Math.abs(count)}\r\n*2\r\n$`)).to.equal(true);
          }
        });

        it('ZSCAN walks', () => {
          run('ZADD', 'z', 1, 'a', 2, 'b');
          const reply = run('ZSCAN', 'z', 0);
          expect(reply.startsWith('*2\r\n$1\r\n0\r\n*4\r\n')).to.equal(true);
          expect(run('ZSCAN', 'z', 0, 'MATCH', 'a')).to.equal(
            '*2\r\n$1\r\n0\r\n*2\r\n$1\r\na\r\n$1\r\n1\r\n',
          );
          expect(run('ZSCAN', 'nokey', 0)).to.equal('*2\r\n$1\r\n0\r\n*0\r\n');
          expect(run('ZSCAN', 'z', 'x')).to.equal('-ERR invalid cursor\r\n');
        });

        it('give all memory back', () => {
          const all = (): void => {
            for (let i = 0; i < 30; i++) run('ZADD', 'z', i, `member:${i}`, -i, `other:${i}`);
            run('ZUNIONSTORE', 'u', 2, 'z', 'z');
            run('COPY', 'z', 'c');
            run('ZRANGESTORE', 'r', 'z', 2, 40);
            run('ZRANDMEMBER', 'z', 5);
            run('ZREMRANGEBYRANK', 'c', 2, 10);
            for (let i = 0; i < 30; i++) run('ZINCRBY', 'z', 31.5, `member:${i}`);
            run('ZPOPMAX', 'z', 3);
          };
          // The first run of a command makes what belongs to the command.
          all();
          run('DEL', 'z', 'u', 'c', 'r');
          const empty = zmalloc_used_memory();
          all();
          expect(zmalloc_used_memory()).to.be.above(empty);
          run('DEL', 'z', 'u', 'c', 'r');
          expect(zmalloc_used_memory()).to.equal(empty);
        });
      });
    }

    it('refuse what makes no sense', () => {
      run('SET', 's', 'x');
      run('ZADD', 'z', 1, 'a');
      const cases: [string, string][] = [
        ['ZADD z 1', '-ERR wrong number of arguments'],
        ['ZADD z 1 a 2', syntax],
        ['ZADD z NX XX', syntax],
        ['ZADD z NX XX 1 a', '-ERR XX and NX options at the same time are not compatible'],
        ['ZADD z GT NX 1 a', '-ERR GT, LT, and/or NX options at the same time are not'],
        ['ZADD z GT LT 1 a', '-ERR GT, LT, and/or NX options at the same time are not'],
        ['ZADD z INCR 1 a 2 b', '-ERR INCR option supports a single increment-element pair'],
        ['ZADD z x a', '-ERR value is not a valid float'],
        ['ZADD z 1 b nan a', '-ERR value is not a valid float'],
        ['ZADD s 1 a', wrongtype],
        ['ZREM s a', wrongtype],
        ['ZCARD s', wrongtype],
        ['ZSCORE s a', wrongtype],
        ['ZMSCORE s a', wrongtype],
        ['ZRANK s a', wrongtype],
        ['ZRANGE s 0 1', wrongtype],
        ['ZRANGEBYLEX s - +', wrongtype],
        ['ZCOUNT s 0 1', wrongtype],
        ['ZLEXCOUNT s - +', wrongtype],
        ['ZREMRANGEBYRANK s 0 1', wrongtype],
        ['ZREMRANGEBYLEX s - +', wrongtype],
        ['ZUNION 2 z s', wrongtype],
        ['ZPOPMIN s', wrongtype],
        ['BZPOPMIN s 0', wrongtype],
        ['ZRANDMEMBER s', wrongtype],
        ['ZRANDMEMBER s 2', wrongtype],
        ['ZSCAN s 0', wrongtype],
        ['ZRANGE z 0 1 NOSUCH', syntax],
        ['ZRANGE z 0 1 LIMIT 0', syntax],
        ['ZRANGE z a 1', '-ERR value is not an integer or out of range'],
        ['ZRANGE z 0 1 BYSCORE LIMIT a 1', '-ERR value is not an integer or out of range'],
        ['ZRANGE z 0 1 LIMIT 0 1', '-ERR syntax error, LIMIT is only supported in combination'],
        ['ZRANGE z - + BYLEX WITHSCORES', '-ERR syntax error, WITHSCORES not supported'],
        ['ZRANGEBYSCORE z a 1', '-ERR min or max is not a float'],
        ['ZRANGEBYLEX z a 1', '-ERR min or max not valid string range item'],
        ['ZCOUNT z a 1', '-ERR min or max is not a float'],
        ['ZLEXCOUNT z a 1', '-ERR min or max not valid string range item'],
        ['ZREMRANGEBYRANK z a 1', '-ERR value is not an integer or out of range'],
        ['ZREMRANGEBYSCORE z a 1', '-ERR min or max is not a float'],
        ['ZREMRANGEBYLEX z a 1', '-ERR min or max not valid string range item'],
        ['ZUNION x z', '-ERR value is not an integer or out of range'],
        ['ZUNION 0 z', "-ERR at least 1 input key is needed for 'zunion' command"],
        ['ZUNIONSTORE d 0 z', "-ERR at least 1 input key is needed for 'zunionstore' command"],
        ['ZUNION 2 z', syntax],
        ['ZUNION 1 z WEIGHTS', syntax],
        ['ZUNION 1 z WEIGHTS x', '-ERR weight value is not a float'],
        ['ZUNION 1 z AGGREGATE AVG', syntax],
        ['ZUNIONSTORE d 1 z WITHSCORES', syntax],
        ['ZDIFF 1 z WEIGHTS 1', syntax],
        ['ZINTERCARD 1 z LIMIT -1', "-ERR LIMIT can't be negative"],
        ['ZINTERCARD 1 z WITHSCORES', syntax],
        ['ZPOPMIN z 1 2', syntax],
        ['ZPOPMIN z -1', '-ERR value is out of range, must be positive'],
        ['ZMPOP 0 z MIN', '-ERR numkeys should be greater than 0'],
        ['ZMPOP 2 z MIN', syntax],
        ['ZMPOP 1 z MID', syntax],
        ['ZMPOP 1 z MIN COUNT 0', '-ERR count should be greater than 0'],
        ['ZMPOP 1 z MIN COUNT', syntax],
        ['ZMPOP 1 z MIN COUNT 1 COUNT 1', syntax],
        ['ZRANDMEMBER z x', '-ERR value is not an integer or out of range'],
        ['ZRANDMEMBER z 1 SCORES', syntax],
        ['ZRANDMEMBER z -9223372036854775808', '-ERR value is out of range'],
        ['ZRANDMEMBER z -9223372036854775807 WITHSCORES', '-ERR value is out of range'],
      ];
      for (const [line, reply] of cases) {
        expect(run(...line.split(' ')).startsWith(reply), line).to.equal(true);
      }
      expect(run('ZRANGE', 'z', 0, -1, 'WITHSCORES')).to.equal(bulks('a', 1));
      expect(run('GET', 's')).to.equal('$1\r\nx\r\n');
    });

    it('have their keys found', () => {
      const keys = (...args: (string | number)[]): string => run('COMMAND', 'GETKEYS', ...args);
      expect(keys('ZUNIONSTORE', 'd', 2, 'a', 'b', 'WEIGHTS', 1, 2)).to.equal(bulks('d', 'a', 'b'));
      expect(keys('ZINTER', 2, 'a', 'b')).to.equal(bulks('a', 'b'));
      expect(keys('ZMPOP', 2, 'a', 'b', 'MIN')).to.equal(bulks('a', 'b'));
      expect(keys('BZMPOP', 0, 1, 'a', 'MIN')).to.equal(bulks('a'));
      expect(keys('BZPOPMIN', 'a', 'b', 0)).to.equal(bulks('a', 'b'));
      expect(keys('ZRANGESTORE', 'd', 'a', 0, 1)).to.equal(bulks('d', 'a'));
    });

    it('make a skiplist of a first element that is too long for a listpack', () => {
      run('ZADD', 'z', 1, 'x'.repeat(65));
      expect(run('OBJECT', 'ENCODING', 'z')).to.equal('$8\r\nskiplist\r\n');
    });

    it('tell who pops for somebody else whether the key went', () => {
      run('ZADD', 'z', 1, 'a', 2, 'b');
      run('ECHO', 'x');
      const c = ks.newClient();
      c.cmd = ks.client.lastcmd;
      const deleted = new keyDeleted();
      const pop = (): void => {
        genericZpopCommand(c, [word('z')], 1, ZSET_MIN, false, -1, false, false, deleted);
      };
      pop();
      expect(deleted.deleted).to.equal(false);
      pop();
      expect(deleted.deleted).to.equal(true);
    });

    it('wait for elements if they may', () => {
      const waiting = ks.newClient();
      const other = ks.newClient();
      expect(ks.runAs(waiting, 'BZPOPMIN', 'z', 'y', 0)).to.equal('');
      expect(ks.runAs(other, 'BZMPOP', 0, 1, 'z', 'MAX', 'COUNT', 2)).to.equal('');
      run('ZADD', 'z', 1, 'a', 2, 'b', 3, 'c', 4, 'd');
      expect(ks.taken(waiting)).to.equal(bulks('z', 'a', 1));
      expect(ks.taken(other)).to.equal(
        '*2\r\n$1\r\nz\r\n*2\r\n*2\r\n$1\r\nd\r\n$1\r\n4\r\n*2\r\n$1\r\nc\r\n$1\r\n3\r\n',
      );
      expect(run('ZRANGE', 'z', 0, -1)).to.equal(bulks('b'));
    });
  });
});
