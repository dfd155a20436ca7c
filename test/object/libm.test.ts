import { expect } from 'chai';
import { asin, cos, productError, sin } from '../../object/libm.ts';
import { Random } from '../support/random.ts';

/** The precision of the plain way: integers with so many bits behind the point. */
const BITS = 240n;
const ONE = 1n << BITS;

/** A double as such an integer: exact for all that are not tiny. */
function fixed(x: number): bigint {
  let shift = 0n;
  while (!Number.isInteger(x)) {
    x *= 2;
    shift++;
  }
  return (BigInt(x) << BITS) >> shift;
}

/** The nearest double. */
function nearest(x: bigint): number {
  return Number(x) / 2 ** 240;
}

/** The series of the sine, which does for angles of any size. */
function exactSin(x: bigint): bigint {
  const square = (x * x) >> BITS;
  let term = x;
  let sum = 0n;
  for (let n = 1n; term !== 0n; n += 2n) {
    sum += term;
    term = -((term * square) >> BITS) / ((n + 1n) * (n + 2n));
  }
  return sum;
}

function exactCos(x: bigint): bigint {
  const square = (x * x) >> BITS;
  let term = ONE;
  let sum = 0n;
  for (let n = 0n; term !== 0n; n += 2n) {
    sum += term;
    term = -((term * square) >> BITS) / ((n + 1n) * (n + 2n));
  }
  return sum;
}

/** Newton's way from a good guess: each step doubles the number of digits. */
function exactAsin(x: bigint, guess: number): bigint {
  let y = fixed(guess);
  for (let i = 0; i < 5; i++) y += ((x - exactSin(y)) << BITS) / exactCos(y);
  return y;
}

describe('libm.ts', () => {
  // One angle in some hundred thousand may be rounded the wrong way: always the same ones are tried.
  const random = new Random(7);
  /** Angles of all sizes up to some turns. */
  const angle = (): number =>
    (random.next() - 0.5) * random.pick([1e-6, 0.001, 0.02, 1, 6.3, 6.3, 40]);

  it('rounds sines and cosines to the nearest double', () => {
    for (let i = 0; i < 1500; i++) {
      const x = angle();
      const note = `TEST_SEED=${random.seed} ${x}`;
      expect(sin(x), note).to.equal(nearest(exactSin(fixed(x))));
      expect(cos(x), note).to.equal(nearest(exactCos(fixed(x))));
    }
  });

  it('rounds arc sines to the nearest double', () => {
    for (let i = 0; i < 500; i++) {
      const x =
        random.pick([1, -1]) *
        random.pick([random.next(), random.next() * 1e-4, 1 - random.next() * 1e-5]);
      expect(asin(x), `TEST_SEED=${random.seed} ${x}`).to.equal(
        nearest(exactAsin(fixed(x), Math.asin(x))),
      );
    }
  });

  it('knows the special angles', () => {
    expect([0, 1e-9, -1e-300].map(sin)).to.deep.equal([0, 1e-9, -1e-300]);
    expect(sin(Math.PI)).to.equal(1.2246467991473532e-16);
    expect(cos(Math.PI / 2)).to.equal(6.123233995736766e-17);
    expect([0, Math.PI, -Math.PI].map(cos)).to.deep.equal([1, -1, -1]);
    expect([0, 1e-9, 1, -1].map(asin)).to.deep.equal([0, 1e-9, Math.PI / 2, -Math.PI / 2]);
    expect(asin(0.5)).to.equal(0.5235987755982989);
  });

  it('has no answer where there is none, and hands on what is far off', () => {
    expect([sin(NaN), sin(Infinity), cos(NaN), cos(-Infinity), asin(NaN), asin(1.1)]).to.deep.equal(
      [NaN, NaN, NaN, NaN, NaN, NaN],
    );
    expect(sin(1e22)).to.be.closeTo(-0.8522008497671888, 1e-15);
    expect(cos(1e22)).to.be.closeTo(0.5232147853951389, 1e-15);
  });

  it('knows what a product has lost', () => {
    for (let i = 0; i < 200; i++) {
      const [a, b] = [random.next(), random.next()];
      const lost = (fixed(a) * fixed(b) - (fixed(a * b) << BITS)) >> BITS;
      expect(productError(a, b, a * b)).to.equal(nearest(lost));
    }
  });
});
