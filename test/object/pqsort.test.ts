import { expect } from 'chai';
import { med3, pqsort, qsort } from '../../object/pqsort.ts';
import { Random } from '../support/random.ts';

interface Item {
  key: number;
  id: number;
}

const byKey = (a: Item, b: Item): number => a.key - b.key;

/** Items with keys from few or many values, in some order or in none. */
function items(random: Random, n: number): Item[] {
  const keys = random.pick([1, 3, 10, n, 1e6]);
  const list = Array.from({ length: n }, (_, id) => ({ key: random.int(0, keys), id }));
  const order = random.pick(['none', 'up', 'down', 'pipe']);
  if (order !== 'none') list.sort(byKey);
  if (order === 'down') list.reverse();
  if (order === 'pipe') list.push(...list.splice(0, n >> 1).reverse());
  return list;
}

describe('pqsort.ts', () => {
  const random = Random.fromEnvironment();

  it('brings to each place of the range what a whole sort brings there', () => {
    for (let i = 0; i < 400; i++) {
      const n = random.pick([0, 1, 2, 6, 7, 8, 40, 41, random.int(0, 300)]);
      const array = items(random, n);
      const before = [...array];
      const l = random.int(0, n);
      const r = random.int(l - 1, n);
      pqsort(array, n, byKey, l, r);
      const sorted = [...before].sort(byKey).map((item) => item.key);
      const note = `TEST_SEED=${random.seed} ${n} ${l} ${r}`;
      expect(array.map((item) => item.key).slice(l, r + 1), note).to.deep.equal(
        sorted.slice(l, r + 1),
      );
      // Nothing was lost.
      expect(
        array.map((item) => item.id).sort((a, b) => a - b),
        note,
      ).to.deep.equal(before.map((item) => item.id).sort((a, b) => a - b));
    }
  });

  it('leaves parts as they are in which the range has none', () => {
    const array = Array.from({ length: 1000 }, (_, i) => ({ key: (i * 7919) % 1000, id: i }));
    let calls = 0;
    pqsort(
      array,
      1000,
      (a, b) => {
        calls++;
        return byKey(a, b);
      },
      0,
      4,
    );
    expect(array.slice(0, 5).map((item) => item.key)).to.deep.equal([0, 1, 2, 3, 4]);
    expect(array.map((item) => item.key)).not.to.deep.equal(
      [...array].sort(byKey).map((i) => i.key),
    );
    expect(calls).to.be.below(5000);
  });

  it('takes only the first elements of the array', () => {
    const array = [5, 4, 3, 2, 1];
    pqsort(array, 3, (a, b) => a - b, 0, 2);
    expect(array).to.deep.equal([3, 4, 5, 2, 1]);
    qsort(array, 4, (a, b) => a - b);
    expect(array).to.deep.equal([2, 3, 4, 5, 1]);
  });

  it('finds the middle one of three', () => {
    for (const [array, middle] of [
      [[1, 2, 3], 1],
      [[1, 3, 2], 2],
      [[2, 1, 3], 0],
      [[3, 1, 2], 2],
      [[2, 3, 1], 0],
      [[3, 2, 1], 1],
    ] as [number[], number][]) {
      expect(
        med3(array, 0, 1, 2, (a, b) => a - b),
        array.join(),
      ).to.equal(middle);
    }
  });

  it('has a qsort() that keeps equal elements in their order', () => {
    for (let i = 0; i < 100; i++) {
      const array = items(random, random.int(0, 200));
      const model = array.map((item, at) => ({ item, at }));
      model.sort((a, b) => byKey(a.item, b.item) || a.at - b.at);
      qsort(array, array.length, byKey);
      expect(array, `TEST_SEED=${random.seed}`).to.deep.equal(model.map(({ item }) => item));
    }
  });
});
