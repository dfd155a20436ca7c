/**
 * The tours hold what they promise: every function, scenario, place in C and drawing that a page names is there, recorded runs pass
 * through the functions that a page shows them at, quoted code stands in its file, and both languages tell the same.
 */
import { expect } from 'chai';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { walkCalls, type ScenarioFile } from '../../docs/recorder/format.ts';
import { Recorder } from '../../docs/recorder/record.ts';
import { allScenarios } from '../../docs/recorder/scenarios/scenario.ts';
import { mirrorRooms, readCFunctions, readSource, root, sourceFiles } from '../support/sources.ts';

interface PageEntry {
  id: string;
  file: string;
  title: { en: string; zh: string };
  functions: string[];
}

/** A tag of a page: `{@callstack scenario=set at=call}` has the name callstack and the text behind it. */
interface Tag {
  page: string;
  name: string;
  text: string;
}

/** A block of code that a page quotes: the words behind the three backticks, and the lines. */
interface Block {
  page: string;
  info: string[];
  lines: string[];
}

const folder = join(root, 'docs/pages');
const languages = ['en', 'zh'] as const;
const order = JSON.parse(readFileSync(join(folder, 'reading-order.json'), 'utf8')) as PageEntry[];
const pages = languages.flatMap((language) =>
  order.map(({ file }) => ({
    name: `${language}/${file}.md`,
    text: readFileSync(join(folder, language, `${file}.md`), 'utf8'),
  })),
);
const tags = pages.flatMap(({ name, text }) => tagsOf(name, text));
const blocks = pages.flatMap(({ name, text }) => blocksOf(name, text));
const functions = new Set(
  sourceFiles(mirrorRooms).flatMap((file) => readSource(file).functions.map(({ name }) => name)),
);
const scenarios = new Map(allScenarios().map((scenario) => [scenario.id, scenario]));

function blocksOf(page: string, text: string): Block[] {
  return [...text.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info, body]) => ({
    page,
    info: info.split(' '),
    lines: body.trimEnd().split('\n'),
  }));
}

/** Tags outside of code: what stands between backticks is shown as it is. */
function tagsOf(page: string, text: string): Tag[] {
  const prose = text.replace(/^```[\s\S]*?^```$/gm, '').replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\{@(\w+)\s+([^}]*)\}/g)].map(([, name, rest]) => ({
    page,
    name,
    text: rest.trim(),
  }));
}

/** `scenario=set at=call` as an object. */
function membersOf({ text }: Tag): Record<string, string> {
  return Object.fromEntries(text.split(/\s+/).map((word) => word.split('=', 2))) as Record<
    string,
    string
  >;
}

function named(name: string): Tag[] {
  return tags.filter((tag) => tag.name === name);
}

function show(findings: { page: string; text: string }[]): string[] {
  return findings.map(({ page, text }) => `${page}: ${text}`);
}

describe('The tours', () => {
  it('are the same pages in both languages, and all of them stand in the reading order', () => {
    const wanted = order.map(({ file }) => `${file}.md`).sort();
    for (const language of languages) {
      expect(readdirSync(join(folder, language)).sort()).to.deep.equal(wanted);
    }
    for (const { title } of order) {
      expect(title.en).to.not.equal('');
      expect(title.zh).to.match(/[\u4e00-\u9fff]/);
    }
  });

  it('have the same tags, the same code and the same number of headings in both languages', () => {
    for (const { file } of order) {
      const [en, zh] = languages.map((language) => {
        const { name, text } = pages.find((page) => page.name === `${language}/${file}.md`)!;
        return {
          tags: tagsOf(name, text).map((tag) => `${tag.name} ${tag.text}`),
          code: blocksOf(name, text)
            .filter(({ info }) => info.length > 1)
            .map(({ info, lines }) => [...info, ...lines].join('\n')),
          headings: text.match(/^#+ /gm)?.length,
        };
      });
      expect(zh, file).to.deep.equal(en);
    }
  });

  it('use the tags that the site knows', () => {
    const known = ['callstack', 'calltree', 'fn', 'c', 'drawing'];
    expect(show(tags.filter(({ name }) => !known.includes(name)))).to.deep.equal([]);
  });

  it('name functions that exist', () => {
    const missing = [
      ...named('fn').filter(({ text }) => !functions.has(text)),
      ...order.flatMap(({ id, functions: list }) =>
        list.filter((name) => !functions.has(name)).map((text) => ({ page: id, text })),
      ),
    ];
    expect(show(missing)).to.deep.equal([]);
  });

  it('name lines of C that lie within a function', () => {
    const c = readCFunctions();
    const missing = named('c').filter(({ text }) => {
      const [file, line] = text.split(':');
      return !c.some((f) => f.file === file && f.start <= Number(line) && Number(line) <= f.end);
    });
    expect(show(missing)).to.deep.equal([]);
  });

  it('show recorded runs at functions that these runs reach', function () {
    this.timeout(120000);
    const recorder = new Recorder();
    const recorded = new Map<string, ScenarioFile>();
    const missing = [...named('callstack'), ...named('calltree')].filter((tag) => {
      const { scenario: id, at, root: from, depth } = membersOf(tag);
      const scenario = scenarios.get(id);
      if (scenario === undefined) return true;
      if (tag.name === 'calltree' && !/^\d+$/.test(depth)) return true;
      let file = recorded.get(id);
      if (file === undefined) recorded.set(id, (file = recorder.record(scenario)));
      const wanted = tag.name === 'callstack' ? at : from;
      let isReached = false;
      walkCalls(file.tree, ({ node }) => {
        if (file.shared.frames[node.f].name === wanted) isReached = true;
        return !isReached;
      });
      return !isReached;
    });
    expect(show(missing)).to.deep.equal([]);
  });

  it('have drawings that can be drawn, the same each time', async () => {
    for (const { text } of named('drawing')) {
      const [name, ...args] = text.split(/\s+/);
      // The path is computed: the compiler cannot know the type.
      const drawing = (await import(join(root, 'docs/drawings', `${name}.ts`))) as {
        default: (args: string[]) => string;
      };
      const drawn = drawing.default(args);
      expect(drawn, text).to.match(/^<svg [^>]*viewBox=/);
      expect(drawn, text).to.match(/<\/svg>$/);
      expect(drawn, text).to.not.match(/NaN|undefined|\[object/);
      expect(drawing.default(args), text).to.equal(drawn);
    }
  });

  it('quote code as it stands in its file', () => {
    const wrong = blocks
      .filter(({ info }) => info.length === 2)
      .filter(({ info: [, file], lines }) => {
        if (!existsSync(join(root, file))) return true;
        const text = readFileSync(join(root, file), 'utf8')
          .split('\n')
          .map((line) => line.trim())
          .join('\n');
        let from = 0;
        // A line of dots stands for code that is left out; the pieces come in the order of the file.
        return lines
          .map((line) => line.trim())
          .join('\n')
          .split('\n...\n')
          .some((piece) => {
            const at = text.indexOf(piece, from);
            from = at + piece.length;
            return at === -1;
          });
      });
    expect(show(wrong.map(({ page, info }) => ({ page, text: info.join(' ') })))).to.deep.equal([]);
  });

  it('link to pages and files that are there', () => {
    const broken = pages.flatMap(({ name, text }) =>
      [...text.matchAll(/\]\(([^)#]+)[^)]*\)/g)]
        .map(([, target]) => target)
        .filter((target) => !/^https?:/.test(target))
        .filter((target) => !existsSync(join(folder, name, '..', target)))
        .map((target) => ({ page: name, text: target })),
    );
    expect(show(broken)).to.deep.equal([]);
  });

  it('name scripts of package.json and targets of the Makefile that are there', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const makefile = readFileSync(join(root, 'Makefile'), 'utf8');
    const missing = pages.flatMap(({ name, text }) => [
      ...[...text.matchAll(/npm run ([\w:-]+)/g)]
        .filter(([, script]) => scripts[script] === undefined)
        .map(([text]) => ({ page: name, text })),
      ...[...text.matchAll(/^make ([a-z]+)$/gm)]
        .filter(([, target]) => !new RegExp(`^[a-z ]*\\b${target}\\b[a-z ]*:`, 'm').test(makefile))
        .map(([text]) => ({ page: name, text })),
    ]);
    expect(show(missing)).to.deep.equal([]);
  });
});
