/**
 * The stacks in which functions are reached, beside those that gdb showed on the C server: the same names, from the deepest frame
 * to aeMain (or main, before the loop runs). What differs is listed in docs/recorder/differences.ts, with the reason.
 */
import { expect } from 'chai';
import { compareStacks, type ComparedStack } from '../../docs/recorder/compare.ts';
import { stackDifferences } from '../../docs/recorder/differences.ts';
import { allScenarios } from '../../docs/recorder/scenarios/scenario.ts';

describe('The stacks of our functions, beside those of the C server', function () {
  this.timeout(120000);
  let compared: ComparedStack[] = [];
  const listed = new Set(stackDifferences.flatMap(({ ids }) => ids));

  before(() => {
    compared = compareStacks(allScenarios());
  });

  it('are the same but for the listed ones', () => {
    const unlisted = compared
      .filter(({ stack, verdict }) => verdict === 'differs' && !listed.has(stack.id))
      .map(
        ({ stack, names, ours }) =>
          `${stack.id}\n  C    ${names.join(' ')}\n  ours ${ours.join('\n       ')}`,
      );
    expect(unlisted.join('\n')).to.equal('');
  });

  it('differ where a difference is listed', () => {
    const agreeing = compared.filter(
      ({ stack, verdict }) => verdict === 'agrees' && listed.has(stack.id),
    );
    expect(agreeing.map(({ stack }) => stack.id)).to.deep.equal([]);
    const known = new Set(compared.map(({ stack }) => stack.id));
    expect([...listed].filter((id) => !known.has(id))).to.deep.equal([]);
  });

  it('are compared for nearly every mirrored function that has one', () => {
    const played = compared.filter(({ verdict }) => verdict !== 'unplayable');
    const agreeing = played.filter(({ verdict }) => verdict === 'agrees').length;
    const percent = ((100 * agreeing) / played.length).toFixed(1);
    process.stdout.write(`      ${agreeing} of ${played.length} stacks are gdb's: ${percent} %\n`);
    expect(played.length).to.be.above(1600);
    expect(agreeing / played.length).to.be.above(0.98);
  });
});
