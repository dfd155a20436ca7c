import { expect } from 'chai';
import { ledger } from '../../object/zmalloc.ts';
import {
  SPARKLINE_FILL,
  SPARKLINE_LOG_SCALE,
  SPARKLINE_NO_FLAGS,
  createSparklineSequence,
  freeSparklineSequence,
  sparklineRender,
  sparklineRenderRange,
  sparklineSequenceAddSample,
  type sequence,
} from '../../server/sparkline.ts';

/** A sequence of these values, labelled if labels are given. */
function sequenceOf(values: number[], labels: (string | null)[] = []): sequence {
  const seq = createSparklineSequence();
  values.forEach((value, i) => sparklineSequenceAddSample(seq, value, labels[i] ?? null));
  return seq;
}

describe('sparkline.ts', () => {
  it('draws a rising line over the whole height, three steps a row', () => {
    const seq = sequenceOf([0, 1, 2, 3, 4, 5, 6]);
    expect(sparklineRender('', seq, 80, 2, SPARKLINE_NO_FLAGS)).to.equal('   _-``\n_-`    \n');
  });

  it('fills what lies below the line', () => {
    const seq = sequenceOf([0, 1, 2, 3, 4, 5, 6]);
    expect(sparklineRender('', seq, 80, 2, SPARKLINE_FILL)).to.equal('   _o##\n_o#||||\n');
  });

  it('draws equal values at the bottom, on a linear and on a logarithmic scale', () => {
    const seq = sequenceOf([5, 5, 5]);
    expect(sparklineRender('', seq, 80, 2, SPARKLINE_NO_FLAGS)).to.equal('   \n___\n');
    expect(sparklineRender('', seq, 80, 2, SPARKLINE_LOG_SCALE)).to.equal('   \n___\n');
  });

  it('shows small differences beside a large value on a logarithmic scale', () => {
    const seq = sequenceOf([0, 9, 99, 999]);
    expect(sparklineRender('', seq, 80, 2, SPARKLINE_NO_FLAGS)).to.equal('   `\n___ \n');
    expect(sparklineRender('', seq, 80, 2, SPARKLINE_LOG_SCALE)).to.equal('  _`\n_-  \n');
  });

  it('writes labels downwards below an empty row', () => {
    const seq = sequenceOf([1, 2, 3], ['12s', null, '3s']);
    expect(sparklineRender('', seq, 80, 1, SPARKLINE_NO_FLAGS)).to.equal(
      ['_-`', '   ', '1 3', '2 s', 's  ', ''].join('\n'),
    );
  });

  it('takes an empty label for none', () => {
    const seq = sequenceOf([1, 2], ['', '']);
    expect(seq.labels).to.equal(0);
    expect(sparklineRender('', seq, 80, 1, SPARKLINE_NO_FLAGS)).to.equal('_`\n');
  });

  it('breaks a long sequence into parts of the same scale', () => {
    const seq = sequenceOf([0, 1, 2, 9]);
    expect(sparklineRender('head\n', seq, 3, 1, SPARKLINE_NO_FLAGS)).to.equal('head\n___\n\n`\n');
  });

  it('draws nothing of an empty sequence', () => {
    expect(sparklineRender('x', createSparklineSequence(), 80, 4, SPARKLINE_FILL)).to.equal('x');
  });

  it('can draw any part', () => {
    const seq = sequenceOf([0, 1, 2, 1, 0]);
    expect(sparklineRenderRange('', seq, 1, 1, 3, SPARKLINE_NO_FLAGS)).to.equal('-`-\n');
  });

  it('gives back the memory that it accounted for', () => {
    const before = ledger.used;
    const seq = sequenceOf([1, 2, 3], ['one', null, 'three']);
    expect(ledger.used).to.be.greaterThan(before);
    freeSparklineSequence(seq);
    const empty = createSparklineSequence();
    freeSparklineSequence(empty);
    expect(ledger.used).to.equal(before);
  });
});
