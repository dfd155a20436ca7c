/** DIFFERENCES.md is read by people and by tests: its tables must have the promised form, and be true. */
import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { quotedNames } from '../support/mirror.ts';
import { differenceRows, readCFunctions, root } from '../support/sources.ts';

const rows = differenceRows();
const cFunctions = readCFunctions();

function expectNone(findings: string[]): void {
  expect(findings, `\n  ${findings.join('\n  ')}\n`).to.have.length(0);
}

describe('DIFFERENCES.md', () => {
  it('gives each difference four cells, none of them empty', () => {
    expectNone(
      rows
        .filter((row) => row.section.startsWith('Different'))
        .filter((row) => row.cells.length !== 4 || row.cells.some((cell) => cell === ''))
        .map((row) => `line ${row.line}: ${row.cells.join(' | ')}`),
    );
  });

  it('names for each difference a test that exists', () => {
    const findings: string[] = [];
    for (const row of rows.filter((entry) => entry.section.startsWith('Different'))) {
      const tests = quotedNames(row.cells[3] ?? '');
      if (tests.length === 0) findings.push(`line ${row.line}: no test in back quotes`);
      for (const test of tests) {
        // `test/room/module.test.ts`, with the title of one test after a colon where that helps.
        const [file = '', title = ''] = test.split(/:(.*)/s);
        if (!existsSync(join(root, file))) findings.push(`line ${row.line}: no file ${file}`);
        else if (!readFileSync(join(root, file), 'utf8').includes(title.trim())) {
          findings.push(`line ${row.line}: no '${title.trim()}' in ${file}`);
        }
      }
    }
    expectNone(findings);
  });

  it("names under 'Not here' C files and functions that exist, each with a reason", () => {
    const findings: string[] = [];
    for (const row of rows.filter((entry) => entry.section === 'Not here')) {
      const files = quotedNames(row.cells[0] ?? '');
      const matching = cFunctions.filter((fn) => files.includes(fn.file));
      if (matching.length === 0) findings.push(`line ${row.line}: no such C file`);
      for (const name of quotedNames(row.cells[1] ?? '')) {
        if (!name.includes('*') && !matching.some((fn) => fn.name === name)) {
          findings.push(`line ${row.line}: no ${name} in ${files.join(', ')}`);
        }
      }
      if ((row.cells[2] ?? '').length < 10) findings.push(`line ${row.line}: no reason`);
    }
    expectNone(findings);
  });

  it("names under 'Homes' and 'Moved' only what exists", () => {
    const findings: string[] = [];
    for (const row of rows.filter((entry) => ['Homes', 'Moved'].includes(entry.section))) {
      for (const name of quotedNames(row.cells[0] ?? '')) {
        if (!cFunctions.some((fn) => fn.name === name || fn.file === name)) {
          findings.push(`line ${row.line}: C has no ${name}`);
        }
      }
      for (const file of quotedNames(row.cells[1] ?? '')) {
        if (!existsSync(join(root, file))) findings.push(`line ${row.line}: no file ${file}`);
      }
    }
    expectNone(findings);
  });
});
