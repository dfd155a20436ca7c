/**
 * C's client flags are one 64 bit word; here bits 31 and above live in `flags_hi`. A test of the wrong half compiles, and finds another flag:
 * this test looks for it in the sources.
 */
import { expect } from 'chai';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { coreRooms, root, sourceFiles } from '../support/sources.ts';

describe('client flags', () => {
  const header = readFileSync(join(root, 'server/server.h.ts'), 'utf8');
  const names = [...header.matchAll(/^export const (CLIENT_\w+) = /gm)].map((m) => m[1]);
  const first = names.indexOf('CLIENT_TRACKING');
  const last = names.indexOf('CLIENT_NO_EVICT');
  const upper = new Set(names.slice(first, last + 1));
  const all = new Set(names.slice(names.indexOf('CLIENT_SLAVE'), last + 1));

  it('are tested against the half of the word in which they are', () => {
    expect(upper.size).to.equal(13);
    const wrong: string[] = [];
    for (const file of sourceFiles(coreRooms)) {
      const text = readFileSync(join(root, file), 'utf8');
      for (const m of text.matchAll(/\.(flags|flags_hi)\s*(?:[&|]=?)\s*~?\(?([A-Z_|\s]+)/g)) {
        for (const name of m[2].split('|').map((s) => s.trim())) {
          if (!all.has(name)) continue;
          if (upper.has(name) !== (m[1] === 'flags_hi')) wrong.push(`${file}: ${m[1]} and ${name}`);
        }
      }
    }
    expect(wrong).to.deep.equal([]);
  });
});
