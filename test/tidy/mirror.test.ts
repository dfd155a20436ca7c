/**
 * The number of C functions that are neither here nor explained may only fall. The numbers that hold
 * stand in test/facts/mirror.json; `npm run mirror -- --write` writes them anew.
 */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareWithC } from '../support/mirror.ts';
import { root } from '../support/sources.ts';

describe('The mirror of the C program', () => {
  it('loses no function that it had', () => {
    const text = readFileSync(join(root, 'test/facts/mirror.json'), 'utf8');
    const allowed = JSON.parse(text) as Record<string, number>;
    const worse = compareWithC()
      .filter((file) => file.missing.length > (allowed[file.cFile] ?? 0))
      .map((file) => {
        const names = file.missing.slice(0, 10).join(' ');
        return `${file.cFile}: ${file.missing.length} missing, ${allowed[file.cFile] ?? 0} allowed: ${names}`;
      });
    expect(worse, `\n  ${worse.join('\n  ')}\n`).to.have.length(0);
  });
});
