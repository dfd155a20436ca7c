/**
 * The rules of the house that a linter does not know: how a file opens, how much of it explains, and
 * words that do not belong into a finished text.
 */
import { expect } from 'chai';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import {
  coreRooms,
  mirrorRooms,
  readSource,
  root,
  sourceFiles,
  type OurFile,
} from '../support/sources.ts';

const core = sourceFiles(coreRooms).map(readSource);
const mirrored = sourceFiles(mirrorRooms).map(readSource);
// This folder spells the forbidden words out, so it cannot be asked whether it contains them.
const everything = sourceFiles([...mirrorRooms, 'bin', 'test', 'bench', 'tools']).filter(
  (file) => !file.startsWith('test/tidy/'),
);
const prose = readdirSync(root).filter((file) =>
  /^(Makefile|.*\.(md|conf|cjs|mjs|json))$/.test(file),
);

/** Files in which the process may keep state of its own: see DIFFERENCES.md. */
const mayHoldState = /^(posix\/.*|server\/server\.h\.ts|object\/zmalloc\.ts)$/;

/** The command table is data, written out from server/commands/*.json. */
const isData = /^server\/commands\.ts$/;

/** The two kernels: the contracts of their methods stand once, on the interface that both implement. */
const isKernel = /^posix\/posix_(libc|sim)\.ts$/;

function expectNone(findings: string[]): void {
  expect(findings, `\n  ${findings.join('\n  ')}\n`).to.have.length(0);
}

/** All lines of all files that match, as `file:line: text`. */
function grep(files: string[], pattern: RegExp): string[] {
  const findings: string[] = [];
  for (const file of files) {
    if (!existsSync(join(root, file))) continue;
    readFileSync(join(root, file), 'utf8')
      .split('\n')
      .forEach((line, index) => {
        if (pattern.test(line)) findings.push(`${file}:${index + 1}: ${line.trim().slice(0, 100)}`);
      });
  }
  return findings;
}

/** Share of the lines with text that are comment, or carry one behind code. */
function commentShare(text: string): number {
  let inBlock = false;
  let comments = 0;
  let lines = 0;
  for (const line of text.split('\n').map((row) => row.trim())) {
    if (line === '') continue;
    lines++;
    const opens = /^\/\*/.test(line);
    if (inBlock || opens || line.startsWith('//') || /\S\s+(\/\/|\/\*) \S/.test(line)) comments++;
    if (opens || inBlock) inBlock = !line.includes('*/');
  }
  return lines === 0 ? 1 : comments / lines;
}

/** Places of nodes of one file for which `test` holds. */
function nodesWhere({ file, tree }: OurFile, test: (node: ts.Node) => boolean): string[] {
  const findings: string[] = [];
  const visit = (node: ts.Node): void => {
    if (test(node)) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree));
      findings.push(`${file}:${line + 1}: ${node.getText(tree).split('\n')[0]?.slice(0, 80)}`);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return findings;
}

describe('The house rules', () => {
  it('let no file open without saying what it is for, in three lines at least', () => {
    expectNone(
      mirrored
        .filter(({ text }) => {
          const opening = /^\s*\/\*[\s\S]*?\*\//.exec(text)?.[0] ?? '';
          return opening.split('\n').filter((line) => /\w/.test(line)).length < 3;
        })
        .map(({ file }) => file),
    );
  });

  it('want a comment on every sixth line of the core at the least', () => {
    expectNone(
      core
        .filter(({ file }) => !isData.test(file) && !isKernel.test(file))
        .map(({ file, text }) => ({ file, share: commentShare(text) }))
        .filter(({ share }) => share < 0.15)
        .map(({ file, share }) => `${file}: ${(share * 100).toFixed(0)} % comment`),
    );
  });

  it('keep mutable state out of the modules', () => {
    expectNone(
      mirrored
        .filter(({ file }) => !mayHoldState.test(file) && !file.startsWith('cli/'))
        .flatMap((source) =>
          nodesWhere(
            source,
            (node) =>
              ts.isVariableStatement(node) &&
              ts.isSourceFile(node.parent) &&
              (node.declarationList.flags & ts.NodeFlags.Const) === 0 &&
              !(ts.getModifiers(node) ?? []).some((m) => m.kind === ts.SyntaxKind.DeclareKeyword),
          ),
        ),
    );
  });

  it('keep the core synchronous: no async, no await, no promise', () => {
    expectNone(
      core.flatMap((source) =>
        nodesWhere(
          source,
          (node) =>
            node.kind === ts.SyntaxKind.AsyncKeyword ||
            ts.isAwaitExpression(node) ||
            (ts.isIdentifier(node) && node.text === 'Promise'),
        ),
      ),
    );
  });

  it('leave no notes to self', () => {
    expectNone(grep([...everything, ...prose], /\b(TODO|FIXME|XXX|HACK)\b/));
  });

  it('speak of what is there, not of what might come', () => {
    const pattern =
      /(?<!'Function )\bnot (yet )?implemented\b|\bunimplemented\b|\blater work\b|\bstub(s|bed)?\b|\bfor the time being\b|\bplaceholder\b/i;
    expectNone(grep([...everything, ...prose], pattern));
  });

  it('speak of the project, not of how it was made', () => {
    const pattern =
      /\bissue #\d|\b(this|previous|last|next|earlier) session\b|\bas (an )?AI\b|\bthe (helper|lead) (that|who|will|integrates)\b|\bmy brief\b/i;
    expectNone(grep([...everything, ...prose], pattern));
  });

  it('switch no rule off in place', () => {
    expectNone(grep(everything, /eslint-disable|@ts-(ignore|nocheck|expect-error)/));
  });

  it('name no path of one machine', () => {
    expectNone(
      grep([...everything, ...prose, '.ci/run'], /(^|[^\w.*$}])\/(work|home|root|Users)\//),
    );
  });

  it('leave no test switched off or alone, save for what the machine lacks', () => {
    expectNone(
      grep(
        sourceFiles(['test']),
        /^\s*(describe|it)\.(only|skip)\((?!'needs? )|^\s*x(it|describe)\(/,
      ),
    );
  });
});
