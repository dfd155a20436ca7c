/**
 * redis.conf is for users: it names every directive of Redis 7.0.5 that is not hidden, with its
 * default. That a server starts with it is seen in test/integration/start.test.ts.
 */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../support/sources.ts';

const text = readFileSync(join(root, 'redis.conf'), 'utf8');
const shown = new Set([...text.matchAll(/^(?:# )?([a-z][a-z_-]+) /gm)].map((match) => match[1]));
const facts = readFileSync(join(root, 'test/facts/config.tsv'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => line.split('\t') as [string, string]);

describe('redis.conf', () => {
  it('names every directive', () => {
    const missing = facts.map(([name]) => name).filter((name) => !shown.has(name));
    expect(missing).to.deep.equal([]);
  });

  it('shows the default of each directive that has a plain one', () => {
    const bytes = (value: string): number | string => {
      const [, number = '', unit = ''] = /^(\d+)(kb|mb|gb)$/.exec(value) ?? [];
      const factor = { kb: 1024, mb: 1024 ** 2, gb: 1024 ** 3 }[unit];
      return factor === undefined ? value : Number(number) * factor;
    };
    for (const [name, value] of facts) {
      // What has several words is laid out over lines, and paths and names show an example.
      if (value === '' || value.includes(' ') || name === 'bind' || name === 'unixsocketperm')
        continue;
      const line = new RegExp(`^(?:# )?${name} "?(.*?)"?$`, 'm').exec(text)?.[1] ?? '';
      expect(String(bytes(line)), name).to.equal(value);
    }
  });
});
