/**
 * Every function says which C function it mirrors, and what it says is true: the place exists in
 * Redis 7.0.5, the name is the same, static is static, and the functions of a file stand in C's
 * order. What is placed otherwise stands in DIFFERENCES.md, in the tables 'Homes' and 'Moved'.
 */
import { expect } from 'chai';
import { quotedNames } from '../support/mirror.ts';
import {
  bareName,
  differenceRows,
  mirrorRooms,
  readCFunctions,
  readSource,
  sourceFiles,
  type OurFunction,
} from '../support/sources.ts';

const cFunctions = new Map(readCFunctions().map((fn) => [`${fn.file}:${fn.start}`, fn]));
const files = sourceFiles(mirrorRooms).map(readSource);
// posix/ mirrors no C file: its functions are the system calls, and their file says so for all.
const functions = files.flatMap((file) => file.functions);
const tagged = functions.filter((fn) => !fn.file.startsWith('posix/'));

function where(fn: OurFunction): string {
  return `${fn.file}:${fn.line} ${fn.name}`;
}

/** Fails with one line for each finding. */
function expectNone(findings: string[]): void {
  expect(findings, `\n  ${findings.join('\n  ')}\n`).to.have.length(0);
}

describe('The tags that tie each function to C', () => {
  it('stand on every function: @c with a place, or @own with a reason', () => {
    expectNone(
      tagged
        .filter((fn) => fn.tags.length === 0 && (fn.own === null || fn.own.length < 4))
        .map((fn) => `${where(fn)}${fn.hasComment ? '' : ': no comment'}`),
    );
  });

  it('come after a contract of at least one sentence', () => {
    const isSentence = (text: string): boolean =>
      text.split(/\s+/).length >= 2 && /[.:!?)`]$/.test(text);
    expectNone(
      functions
        .filter((fn) => !isSentence(fn.contract))
        // What a macro of the system's headers does stands in the system's manual.
        // The kernels behind the interface of posix.ts have their contracts there.
        .filter((fn) => !(fn.file.startsWith('posix/') && fn.isMethod))
        .filter((fn) => !(fn.file.startsWith('posix/') && /^macro .* of /.test(fn.own ?? '')))
        .map((fn) => `${where(fn)}: '${fn.contract.slice(-40)}'`),
    );
  });

  it('have the form @c file.c:line [name]', () => {
    expectNone(functions.flatMap((fn) => fn.badTags.map((tag) => `${where(fn)}: ${tag}`)));
  });

  it('name a function that starts on that line of that file', () => {
    const findings: string[] = [];
    for (const fn of functions) {
      for (const tag of fn.tags) {
        const c = cFunctions.get(`${tag.file}:${tag.line}`);
        if (c === undefined)
          findings.push(`${where(fn)}: nothing starts at ${tag.file}:${tag.line}`);
        else if (c.name !== tag.name) findings.push(`${where(fn)}: ${tag.text} is ${c.name}`);
      }
    }
    expectNone(findings);
  });

  it('claim each C function once', () => {
    const seen = new Map<string, string>();
    const findings: string[] = [];
    for (const fn of functions) {
      for (const tag of fn.tags) {
        const place = `${tag.file}:${tag.line}`;
        const other = seen.get(place);
        if (other !== undefined) findings.push(`${where(fn)}: ${place} is mirrored by ${other}`);
        seen.set(place, where(fn));
      }
    }
    expectNone(findings);
  });

  it('say @cstatic exactly where C says static', () => {
    const findings: string[] = [];
    for (const fn of tagged) {
      const c = fn.tags.map((tag) => cFunctions.get(`${tag.file}:${tag.line}`)).find(Boolean);
      if (fn.cstatic && (c === undefined || !c.isStatic))
        findings.push(`${where(fn)}: not static in C`);
      if (!fn.cstatic && c?.isStatic === true && c.file.endsWith('.c'))
        findings.push(`${where(fn)}: static in C`);
    }
    expectNone(findings);
  });

  it('stand on exported functions, static in C or not', () => {
    expectNone(tagged.filter((fn) => fn.tags.length > 0 && !fn.isExported).map(where));
  });

  it('are in a module of the name of the C file, or of a home that DIFFERENCES.md names', () => {
    const homes = new Set(
      differenceRows()
        .filter((row) => row.section === 'Homes')
        .flatMap((row) =>
          quotedNames(row.cells[0] ?? '').flatMap((cName) =>
            quotedNames(row.cells[1] ?? '').map((module) => `${cName} in ${module}`),
          ),
        ),
    );
    const findings = functions.flatMap((fn) =>
      fn.tags
        .filter(
          (tag) =>
            bareName(tag.file) !== bareName(fn.file) &&
            // server.h.ts holds what the headers of the core declare.
            !(tag.file.endsWith('.h') && fn.file.endsWith('.h.ts')) &&
            !homes.has(`${tag.file} in ${fn.file}`) &&
            !homes.has(`${tag.name} in ${fn.file}`),
        )
        .map((tag) => `${where(fn)}: ${tag.file} has no home in ${fn.file}`),
    );
    expectNone(findings);
  });

  it('ascend in a file, as the functions do in C, save those that DIFFERENCES.md lists as moved', () => {
    const moved = new Set(
      differenceRows()
        .filter((row) => row.section === 'Moved')
        .flatMap((row) => quotedNames(row.cells[0] ?? '')),
    );
    const findings: string[] = [];
    for (const file of files) {
      const last = new Map<string, number>();
      for (const fn of file.functions) {
        const tag = fn.tags[0];
        if (tag === undefined || moved.has(tag.name)) continue;
        const before = last.get(tag.file) ?? 0;
        if (tag.line < before)
          findings.push(`${where(fn)}: ${tag.text} stands after line ${before}`);
        last.set(tag.file, Math.max(before, tag.line));
      }
    }
    expectNone(findings);
  });
});
