/**
 * Compares the functions of the C program with those of the project: which are mirrored, which are
 * different here on purpose, which stand nowhere. Used by `npm run mirror` and by the test that
 * keeps the numbers from growing.
 */
import {
  differenceRows,
  mirrorRooms,
  readCFunctions,
  readSource,
  sourceFiles,
  type CFunction,
} from './sources.ts';

/** What became of one C file. */
export interface MirroredFile {
  cFile: string;
  /** The modules that hold its functions. */
  modules: string[];
  /** Functions that the C programs compile. */
  total: number;
  mirrored: number;
  /** Named in a table of DIFFERENCES.md, whether or not a function of the name exists. */
  different: number;
  /** Left out on purpose: the table 'Not here' of DIFFERENCES.md. */
  notHere: number;
  /** Neither here nor explained. */
  missing: string[];
}

/** The names between back quotes in a cell. */
export function quotedNames(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}

function matches(pattern: string, name: string): boolean {
  if (!pattern.includes('*')) return pattern === name;
  return new RegExp(`^${pattern.split('*').join('.*')}$`).test(name);
}

/** The state of every C file, in the order of test/facts/functions.tsv. */
export function compareWithC(): MirroredFile[] {
  const tagged = new Map<string, string>();
  for (const file of sourceFiles(mirrorRooms)) {
    for (const fn of readSource(file).functions) {
      for (const tag of fn.tags) tagged.set(`${tag.file}:${tag.line}`, file);
    }
  }
  const rows = differenceRows();
  const leftOut = rows
    .filter((row) => row.section === 'Not here')
    .map((row) => ({
      files: quotedNames(row.cells[0] ?? ''),
      functions: quotedNames(row.cells[1] ?? ''),
    }));
  const changed = new Set(
    rows
      .filter((row) => row.section.startsWith('Different'))
      .flatMap((row) => quotedNames(row.cells[0] ?? '')),
  );
  const isLeftOut = (fn: CFunction): boolean =>
    leftOut.some(
      (row) =>
        row.files.some((pattern) => matches(pattern, fn.file)) &&
        row.functions.some((pattern) => matches(pattern, fn.name)),
    );

  const byFile = new Map<string, MirroredFile>();
  for (const fn of readCFunctions()) {
    if (!fn.compiled) continue;
    let entry = byFile.get(fn.file);
    if (entry === undefined) {
      entry = {
        cFile: fn.file,
        modules: [],
        total: 0,
        mirrored: 0,
        different: 0,
        notHere: 0,
        missing: [],
      };
      byFile.set(fn.file, entry);
    }
    entry.total++;
    const module = tagged.get(`${fn.file}:${fn.start}`);
    if (module !== undefined && !entry.modules.includes(module)) entry.modules.push(module);
    if (changed.has(fn.name)) entry.different++;
    else if (module !== undefined) entry.mirrored++;
    else if (isLeftOut(fn)) entry.notHere++;
    else entry.missing.push(fn.name);
  }
  return [...byFile.values()];
}
