/**
 * The state of the work, file by file: what of C is mirrored, different, left out, missing; and what of ours is documented, reached
 * in recorded runs, covered by tests.
 *
 *     node -r ts-node/register docs/status.ts        prints it
 *
 * Who calls in: the site's page of the state, a person. Whom it calls: test/support/mirror.ts, docs/plugin/data.ts.
 */
import { compareWithC, type MirroredFile } from '../test/support/mirror.ts';
import { SiteData, prepare } from './plugin/data.ts';

/** One C file, and what stands for it here. */
export interface FileState extends MirroredFile {
  /** Functions of ours that mirror one of it. */
  ours: number;
  documented: number;
  traced: number;
  /** Lines that the tests run, of how many; null when there is no coverage. */
  covered: { hit: number; of: number } | null;
}

/** The numbers that stand over everything. */
export interface Status {
  files: FileState[];
  stacks: { agree: number; of: number; listed: number; unplayable: number };
  entries: { same: number; of: number; traces: number };
}

/** Puts it all together. */
export function statusOf(data: SiteData): Status {
  const files = compareWithC()
    .filter(
      ({ modules, notHere, missing, total }) =>
        modules.length > 0 || notHere + missing.length === total,
    )
    .map((file): FileState => {
      const ours = [...data.declared].filter(([, fn]) =>
        fn.tags.some((tag) => tag.file === file.cFile),
      );
      let covered: FileState['covered'] = null;
      for (const module of file.modules) {
        const lines = data.coverage.get(module);
        if (lines === undefined) continue;
        covered ??= { hit: 0, of: 0 };
        covered.of += lines.size;
        for (const count of lines.values()) if (count > 0) covered.hit++;
      }
      return {
        ...file,
        ours: ours.length,
        documented: ours.filter(([, fn]) => fn.contract !== '').length,
        traced: ours.filter(([id]) => (data.functions.get(id)?.hits ?? 0) > 0).length,
        covered,
      };
    });
  const { stacks, traces, why } = data.compared;
  const played = stacks.filter(({ verdict }) => verdict !== 'unplayable');
  const lines = traces.flatMap(({ pieces }) => pieces.flat());
  return {
    files,
    stacks: {
      agree: played.filter(({ verdict }) => verdict === 'agrees').length,
      of: played.length,
      listed: played.filter(({ verdict, stack }) => verdict === 'differs' && stack.id in why)
        .length,
      unplayable: stacks.length - played.length,
    },
    entries: {
      same: lines.filter(({ side }) => side === '=').length,
      of: lines.length,
      traces: traces.length,
    },
  };
}

/** A share as one prints it. */
export function percent(part: number, whole: number): string {
  return whole === 0 ? '' : `${((100 * part) / whole).toFixed(1)} %`;
}

async function main(): Promise<void> {
  const data = new SiteData(await prepare(() => {}));
  const { files, stacks, entries } = statusOf(data);
  const row = (name: string, ...cells: (string | number)[]): string =>
    name.padEnd(20) + cells.map((cell) => String(cell).padStart(11)).join('');
  console.log(
    row(
      'C file',
      'functions',
      'mirrored',
      'different',
      'not here',
      'missing',
      'documented',
      'traced',
      'covered',
    ),
  );
  for (const file of files.filter(({ modules }) => modules.length > 0)) {
    const { cFile, total, mirrored, different, notHere, missing, documented, traced, covered } =
      file;
    const share = covered === null ? '' : percent(covered.hit, covered.of);
    console.log(
      row(cFile, total, mirrored, different, notHere, missing.length, documented, traced, share),
    );
  }
  console.log(
    `stacks that are gdb's: ${stacks.agree} of ${stacks.of}, ${percent(stacks.agree, stacks.of)}; entries of call trees: ${entries.same} of ${entries.of}, ${percent(entries.same, entries.of)}`,
  );
}

if (require.main === module) void main();
