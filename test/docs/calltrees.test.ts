/**
 * The call trees of commands, beside those that gdb recorded on the C server: every entry of a mirrored function, in order and depth.
 * What is left out and what differs is listed in docs/recorder/differences.ts, with the reason.
 */
import { expect } from 'chai';
import { compareTraces, type ComparedTrace } from '../../docs/recorder/compare.ts';
import { leftOutOfTrees, treeDifferences } from '../../docs/recorder/differences.ts';

const patterns = leftOutOfTrees.flatMap(({ names }) => names);
const exact = new Set(patterns.filter((name) => !name.endsWith('*')));
const prefixes = patterns.filter((name) => name.endsWith('*')).map((name) => name.slice(0, -1));

function isLeftOut(name: string): boolean {
  return exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
}

/** The entries that only one side has, `C getClientType < clientHasPendingReplies`, with the trace. */
function differencesOf({ trace, pieces }: ComparedTrace): string[] {
  const found: string[] = [];
  for (const lines of pieces) {
    const path: string[] = [];
    for (const { side, depth, name } of lines) {
      path.length = depth;
      path[depth] = name;
      if (side !== '=') found.push(`${side} ${name} < ${path[depth - 1] ?? ''} (${trace.id})`);
    }
  }
  return found;
}

describe('The call trees of commands, beside those of the C server', function () {
  this.timeout(60000);
  let compared: ComparedTrace[] = [];
  const listed = new Set(
    treeDifferences.flatMap(({ side, calls }) => calls.map((call) => `${side} ${call}`)),
  );
  const withoutTrace = (difference: string): string => difference.replace(/ \(.*\)$/, '');

  before(() => {
    compared = compareTraces(isLeftOut);
  });

  it('have the same functions in the same order and depth, but for the listed ones', () => {
    const unlisted = compared
      .flatMap(differencesOf)
      .filter((difference) => !listed.has(withoutTrace(difference)));
    expect([...new Set(unlisted)].join('\n')).to.equal('');
  });

  it('differ where a difference is listed', () => {
    const found = new Set(compared.flatMap(differencesOf).map(withoutTrace));
    expect([...listed].filter((difference) => !found.has(difference))).to.deep.equal([]);
  });

  it('are compared for all triggers whose commands exist', () => {
    const lines = compared.flatMap(({ pieces }) => pieces.flat());
    const same = lines.filter(({ side }) => side === '=').length;
    const percent = ((100 * same) / lines.length).toFixed(1);
    process.stdout.write(
      `      ${compared.length} trees, ${same} of ${lines.length} entries are gdb's: ${percent} %\n`,
    );
    expect(compared.length).to.be.at.least(41);
    expect(same / lines.length).to.be.above(0.99);
  });
});
