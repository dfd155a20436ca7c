/**
 * The examples of the tours run, end by themselves, and print what the pages say that they print.
 */
import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../support/sources.ts';

const folder = join(root, 'docs/examples');
const examples = readdirSync(folder).filter(
  // Not an example of its own: the other end of the pipes.
  (file) => file.endsWith('.ts') && file !== 'slow_writer.ts',
);

/** The blocks "```text docs/examples/x.ts output" of the English pages, by the example. */
function quotedOutputs(): Map<string, string[]> {
  const outputs = new Map<string, string[]>();
  const pages = join(root, 'docs/pages/en');
  for (const page of readdirSync(pages)) {
    const text = readFileSync(join(pages, page), 'utf8');
    for (const [, file, body] of text.matchAll(
      /^```text docs\/examples\/(\S+) output\n([\s\S]*?)^```$/gm,
    )) {
      outputs.set(file, [...(outputs.get(file) ?? []), body]);
    }
  }
  return outputs;
}

const outputs = quotedOutputs();

describe('The examples of the tours', function () {
  this.timeout(60000);

  for (const file of examples) {
    it(`${file} runs, and prints what its page quotes`, async () => {
      const { stdout, stderr } = await promisify(execFile)(
        process.execPath,
        ['-r', 'ts-node/register', join('docs/examples', file)],
        { cwd: root, timeout: 50000 },
      );
      expect(stderr).to.equal('');
      expect(stdout).to.not.equal('');
      for (const body of outputs.get(file) ?? []) {
        expect(stdout, `${file} printed\n${stdout}`).to.include(body);
      }
    });
  }

  it('are all told of on some page', () => {
    const text = readdirSync(join(root, 'docs/pages/en'))
      .map((page) => readFileSync(join(root, 'docs/pages/en', page), 'utf8'))
      .join('\n');
    expect(examples.filter((file) => !text.includes(`docs/examples/${file}`))).to.deep.equal([]);
  });

  it('have outputs quoted of examples that exist only', () => {
    expect([...outputs.keys()].filter((file) => !examples.includes(file))).to.deep.equal([]);
  });
});
