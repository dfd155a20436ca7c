/**
 * The theme: TypeDoc reads the sources and knows names, types, comments and addresses; this makes the pages from them and
 * adds those that TypeDoc does not know: sources, commands, scenes, tours, lists, data.
 *
 *     TypeDoc's pages          ─► render()      modules, functions, classes, interfaces
 *     everything else          ─► postRender()
 *
 * Who calls in: TypeDoc, by way of plugin.ts. Whom it calls: all other files of this folder.
 */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build } from 'esbuild';
import MarkdownIt from 'markdown-it';
import {
  DefaultTheme,
  DefaultThemeRenderContext,
  JSX,
  ReflectionKind,
  StructureRouter,
  Theme,
  type Comment,
  type DeclarationReflection,
  type PageDefinition,
  type PageEvent,
  type Reflection,
  type Renderer,
  type RendererEvent,
  type RouterTarget,
  type SignatureReflection,
} from 'typedoc';
import { readCFunctions, root } from '../../test/support/sources.ts';
import { cUrl, esc, pageOf, sourceOf } from '../browser/view.ts';
import { statusOf } from '../status.ts';
import {
  commandPage,
  prose,
  scenarioData,
  scenePage,
  slugOf,
  tracesByCommand,
} from './command_page.ts';
import { SiteData, prepare } from './data.ts';
import { functionData, functionSections, gdbStacksOf, originHtml } from './function_page.ts';
import { heading, layout, rootOf } from './layout.ts';
import {
  commandsPage,
  firstSentence,
  functionsPage,
  scenesPage,
  searchIndex,
  statePage,
} from './lists.ts';
import { SourceLinks, sourcePage } from './source_page.ts';
import { conceptsPage, homePage, tourPages } from './tours.ts';

/** Functions and types have pages of their own; constants stand on the page of their file. */
export class ReadingRouter extends StructureRouter {
  protected override getPageKind(target: RouterTarget) {
    const kind = (target as Partial<Reflection>).kind;
    if (kind === ReflectionKind.Variable || kind === ReflectionKind.TypeAlias) return undefined;
    return super.getPageKind(target);
  }
}

/** Tags that the page shows in its own way. */
const OWN_TAGS = new Set(['@c', '@own']);

/** `networking/networking.readQueryFromClient`, as the recorder calls it. */
function idOf(reflection: Reflection): string {
  const names: string[] = [];
  for (let at: Reflection | undefined = reflection; at && !at.isProject(); at = at.parent) {
    names.unshift(at.name);
  }
  return names.join('.');
}

function html(element: JSX.Element | undefined): string {
  // Type parameters would be linked to places that these pages do not have.
  return element === undefined
    ? ''
    : JSX.renderElement(element).replace(/<a [^>]*?href="#[^"]*"[^>]*>(.*?)<\/a>/g, '$1');
}

/** What a file says of itself, without the stars. */
export function openingOf(text: string): string {
  const [, comment = ''] = /^\s*\/\*\*?([\s\S]*?)\*\//.exec(text) ?? [];
  return comment
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, ''))
    .filter((line) => !/^@packageDocumentation/.test(line))
    .join('\n')
    .trim();
}

/** The first sentence that a file says of itself, without its name and without drawings. */
export function fileSummary(opening: string): string {
  const [paragraph] = opening.split(/\n\s*\n/);
  const text = paragraph
    .replace(/^[\w.-]+\.[ch](?: and [\w.-]+\.[ch])?: /, '')
    .replace(/\s+/g, ' ');
  return firstSentence(text);
}

/** Renders the pages. */
export class ReadingTheme extends Theme {
  /** Renders comments and types. */
  readonly #inner: DefaultTheme;
  readonly #markdown = new MarkdownIt({ html: false });
  #data: SiteData | null = null;
  #ends = new Map<string, number>();
  readonly #others: [name: string, url: string][] = [];

  constructor(renderer: Renderer) {
    super(renderer);
    this.#inner = new DefaultTheme(renderer);
  }

  get data(): SiteData {
    if (this.#data === null) throw new Error('there is no data before preRender');
    return this.#data;
  }

  override async preRender(event: RendererEvent): Promise<void> {
    await this.#inner.preRender(event);
    const folder = await prepare((text) => this.application.logger.info(text));
    const data = new SiteData(folder);
    this.#data = data;
    for (const { tree, functions, file } of data.files) {
      // A function ends before the next begins; good enough for counting its lines.
      functions.forEach((fn, i) => {
        const next = functions[i + 1]?.line ?? tree.getLineStarts().length;
        this.#ends.set(`${file.replace(/\.ts$/, '')}.${fn.name}`, next - 1);
      });
    }
    for (const { model, url } of event.pages as PageDefinition<Reflection>[]) {
      if (!model.kindOf(ReflectionKind.Function)) continue;
      const id = idOf(model);
      data.withPage.add(id);
      if (pageOf({ root: '', pages: {} }, id) !== url) data.pages[id] = url;
    }
    const { router } = this.#inner;
    for (const target of router.getLinkTargets()) {
      const reflection = target as Reflection;
      if (
        reflection.kindOf?.([
          ReflectionKind.Variable,
          ReflectionKind.Class,
          ReflectionKind.Interface,
          ReflectionKind.TypeAlias,
        ])
      ) {
        this.#others.push([reflection.name, router.getFullUrl(reflection)]);
      }
    }
  }

  override render(page: PageEvent): string {
    const model = page.model as Reflection;
    if (model.isProject()) return homePage(this.data, this.#numbers(), 'en');
    const context = new DefaultThemeRenderContext(
      this.#inner.router,
      this.#inner,
      page as PageEvent<Reflection>,
      this.application.options,
    );
    const declaration = model as DeclarationReflection;
    if (model.kindOf(ReflectionKind.Function)) {
      return this.#functionPage(page.url, declaration, context);
    }
    if (model.kindOf(ReflectionKind.Module)) {
      return this.#modulePage(page.url, declaration, context);
    }
    return this.#typePage(page.url, declaration, context);
  }

  #comment(context: DefaultThemeRenderContext, comment: Comment | undefined): string {
    if (comment === undefined) return '';
    const parts = [context.markdown(comment.summary)];
    for (const tag of comment.blockTags) {
      if (OWN_TAGS.has(tag.tag)) continue;
      parts.push(
        `<h4>${esc(tag.tag.slice(1))}${tag.name === undefined ? '' : ` <code>${esc(tag.name)}</code>`}</h4>${context.markdown(tag.content)}`,
      );
    }
    return parts.join('');
  }

  #signature(context: DefaultThemeRenderContext, signature: SignatureReflection): string {
    const parameters = (signature.parameters ?? [])
      .filter((parameter) => parameter.hasComment())
      .map(
        (parameter) =>
          `<dt><code>${esc(parameter.name)}</code></dt><dd>${this.#comment(context, parameter.comment)}</dd>`,
      );
    return (
      `<pre class="signature"><code>${html(context.memberSignatureTitle(signature))}</code></pre>` +
      this.#comment(context, signature.comment) +
      (parameters.length > 0 ? `<dl class="facts">${parameters.join('')}</dl>` : '')
    );
  }

  #functionPage(
    url: string,
    model: DeclarationReflection,
    context: DefaultThemeRenderContext,
  ): string {
    const { data } = this;
    const id = idOf(model);
    const fn = data.functions.get(id);
    const view = { root: rootOf(url), pages: data.pages };
    const contract = (model.signatures ?? [])
      .map((signature) => this.#signature(context, signature))
      .join('');
    const file = fn === undefined ? null : data.functionFile(id);
    const gdb = file === null ? [] : gdbStacksOf(data, file);
    const sections =
      fn === undefined
        ? []
        : functionSections(data, view, fn, file, gdb, this.#ends.get(id) ?? fn.line);
    const unreached =
      fn !== undefined && fn.hits === 0 ? '<p class="meta">No recorded run reaches it.</p>' : '';
    const body =
      `<h1><code>${esc(model.name)}</code></h1>${fn === undefined ? '' : originHtml(data, view, fn)}` +
      `<div class="contract">${contract}</div>${unreached}${sections.map((section) => section.html).join('')}`;
    return layout({
      url,
      title: model.name,
      kind: 'function',
      subject: id,
      body,
      headings: sections.map((section): [string, string] => [section.id, section.title]),
      description: firstSentence(data.declared.get(id)?.contract ?? ''),
    });
  }

  #modulePage(
    url: string,
    model: DeclarationReflection,
    context: DefaultThemeRenderContext,
  ): string {
    const { data } = this;
    const file = `${model.name}.ts`;
    const source = data.files.find((entry) => entry.file === file);
    const view = { root: rootOf(url), pages: data.pages };
    const children = model.children ?? [];
    const of = (...kinds: ReflectionKind[]): DeclarationReflection[] =>
      children.filter((child) => kinds.some((kind) => child.kindOf(kind)));
    const functions = of(ReflectionKind.Function).map((child) => {
      const id = idOf(child);
      const declared = data.declared.get(id);
      const hits = data.functions.get(id)?.hits ?? 0;
      const [tag] = declared?.tags ?? [];
      return (
        `<tr><th><a class="fn${hits === 0 ? ' unreached' : ''}" href="${pageOf(view, id)}">${esc(child.name)}</a></th>` +
        `<td>${prose(firstSentence(declared?.contract ?? ''))}</td>` +
        `<td class="where">${tag === undefined ? '' : `<a class="c" href="${cUrl(tag.file, tag.line)}">${tag.file}:${tag.line}</a>`}</td></tr>`
      );
    });
    const types = of(ReflectionKind.Class, ReflectionKind.Interface).map(
      (child) =>
        `<tr><th><a class="ty" href="${context.urlTo(child) ?? ''}">${esc(child.name)}</a></th><td>${this.#brief(context, child)}</td></tr>`,
    );
    const aliases = of(ReflectionKind.TypeAlias).map(
      (child) =>
        `<tr id="${context.getAnchor(child) ?? ''}"><th><code>${esc(child.name)}</code></th><td><code class="type">${html(context.type(child.type))}</code>${this.#brief(context, child)}</td></tr>`,
    );
    const constants = of(ReflectionKind.Variable).map((child) => {
      const value = child.defaultValue ?? '';
      return (
        `<tr id="${context.getAnchor(child) ?? ''}"><th><a href="${sourceOf(view, file, child.sources?.[0]?.line)}"><code>${esc(child.name)}</code></a></th>` +
        `<td>${value === '' || value === '...' ? '' : `<code>${esc(value.slice(0, 80))}</code> `}${this.#brief(context, child)}</td></tr>`
      );
    });
    const sections: [string, string, string[]][] = [
      ['functions', 'Functions', functions],
      ['types', 'Types', [...types, ...aliases]],
      ['constants', 'Constants', constants],
    ];
    const shown = sections.filter(([, , rows]) => rows.length > 0);
    const opening = source === undefined ? '' : this.#markdown.render(openingOf(source.text));
    const body =
      `<h1><code>${esc(file)}</code></h1><p class="origin"><a class="ts" href="${sourceOf(view, file)}">source</a></p><div class="opening">${opening}</div>` +
      shown
        .map(
          ([id, title, rows]) =>
            `<section>${heading(id, title)}<div class="scroll"><table class="list"><tbody>${rows.join('')}</tbody></table></div></section>`,
        )
        .join('');
    return layout({
      url,
      title: file,
      kind: 'module',
      subject: file,
      body,
      headings: shown.map(([id, title]): [string, string] => [id, title]),
    });
  }

  #brief(context: DefaultThemeRenderContext, reflection: DeclarationReflection): string {
    return reflection.comment === undefined ? '' : context.markdown(reflection.comment.summary);
  }

  #typePage(url: string, model: DeclarationReflection, context: DefaultThemeRenderContext): string {
    const members = (model.children ?? []).map((child) => {
      const anchor = context.getAnchor(child) ?? child.name;
      const signatures =
        child.signatures ?? [child.getSignature, child.setSignature].filter(Boolean);
      if (signatures.length > 0) {
        const parts = signatures.map((signature) =>
          this.#signature(context, signature as SignatureReflection),
        );
        return `<div class="member" id="${anchor}">${parts.join('')}</div>`;
      }
      return `<div class="member" id="${anchor}"><pre class="signature"><code><b>${esc(child.name)}</b>: ${html(context.type(child.type))}</code></pre>${this.#comment(context, child.comment)}</div>`;
    });
    const [place] = model.sources ?? [];
    const file = place?.fileName ?? '';
    const view = { root: rootOf(url), pages: this.data.pages };
    const origin = this.data.files.some((entry) => entry.file === file)
      ? `<p class="origin"><a class="ts" href="${sourceOf(view, file, place.line)}">${esc(file)}:${place.line}</a></p>`
      : '';
    const body = `<h1><code>${esc(model.name)}</code></h1>${origin}<div class="contract">${this.#comment(context, model.comment)}</div>${members.join('')}`;
    return layout({ url, title: model.name, kind: 'type', subject: file, body });
  }

  #numbers() {
    const { data } = this;
    const { files, stacks, entries } = statusOf(data);
    return {
      mirrored: files.reduce((sum, file) => sum + file.mirrored + file.different, 0),
      functions: data.functions.size,
      reached: data.index.functions.filter(({ hits }) => hits > 0).length,
      scenarios: data.index.scenarios.length,
      stacks: { agree: stacks.agree, of: stacks.of },
      entries,
      commands: data.commands.filter(({ function: fn }) => fn !== undefined).length,
    };
  }

  override async postRender(event: RendererEvent): Promise<void> {
    const { data } = this;
    const out = event.outputDirectory;
    const write = (path: string, text: string): void => {
      const file = join(out, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, text);
    };
    const writeData = (path: string, value: unknown): void =>
      write(`data/${path}.js`, `window.__data(${JSON.stringify(path)},${scriptText(value)})\n`);

    write('index.html', homePage(data, this.#numbers(), 'en'));
    write('index.zh.html', homePage(data, this.#numbers(), 'zh'));
    for (const [url, text] of tourPages(data)) write(url, text);
    write('concepts.html', conceptsPage(data));
    write('state.html', statePage(data, statusOf(data)));
    write('commands/index.html', commandsPage(data));
    write('scenes/index.html', scenesPage(data));
    const opening = new Map(data.files.map(({ file, text }) => [file, openingOf(text)]));
    write(
      'functions.html',
      functionsPage(data, (file) => fileSummary(opening.get(file) ?? '')),
    );

    const links = new SourceLinks(data, data.files);
    for (const source of data.files) {
      write(`source/${source.file}.html`, sourcePage(data, links, source));
    }
    const traces = tracesByCommand(data);
    for (const command of data.commands) {
      const ids = traces.get(command.fullName) ?? [];
      write(`commands/${slugOf(command.fullName)}.html`, commandPage(data, command, ids));
      if (ids.length > 0) writeData(`g/${slugOf(command.fullName)}`, this.#tracesOf(ids));
    }
    for (const { id, kind } of data.index.scenarios) {
      const scenario = data.scenario(id);
      if (kind === 'scene') write(`scenes/${id.slice(6)}.html`, scenePage(data, id));
      writeData(`s/${id}`, scenarioData(scenario));
    }
    for (const { id } of data.index.functions) {
      const file = data.functionFile(id);
      if (file !== null && file.hits > 0) writeData(`f/${id}`, functionData(data, file));
    }
    writeData('index', searchIndex(data, this.#others));

    mkdirSync(join(out, 'assets'), { recursive: true });
    for (const asset of ['site.css', 'icon.svg']) {
      copyFileSync(join(root, 'docs/theme', asset), join(out, 'assets', asset));
    }
    await build({
      entryPoints: [join(root, 'docs/browser/main.ts')],
      outfile: join(out, 'assets/site.js'),
      bundle: true,
      minify: true,
      platform: 'browser',
      target: 'es2022',
      format: 'iife',
      logLevel: 'error',
      tsconfig: join(root, 'docs/browser/tsconfig.json'),
    });
  }

  /** gdb's call trees beside ours, with the functions that the names lead to. */
  #tracesOf(ids: readonly string[]): unknown {
    const { data } = this;
    const names = new Set<string>();
    const traces = data.compared.traces
      .filter(({ id }) => ids.includes(id))
      .map(({ id, setup, trigger, pieces }) => ({
        id,
        setup,
        trigger,
        pieces: pieces.map((lines) =>
          lines.map(({ side, depth, name }) => {
            names.add(name);
            return [side, depth, name];
          }),
        ),
      }));
    const places = new Map<string, string>();
    for (const { name, file, start, compiled } of this.#cFunctions()) {
      if (compiled && names.has(name) && !places.has(name)) places.set(name, `${file}:${start}`);
    }
    const functions: Record<string, [id: string, c: string]> = {};
    for (const name of names) {
      const fn = data.mirrorOf(name);
      functions[name] = [fn?.id ?? '', fn?.c ?? places.get(name) ?? ''];
    }
    return { traces, functions };
  }

  #c: ReturnType<typeof readCFunctions> | null = null;

  #cFunctions(): ReturnType<typeof readCFunctions> {
    return (this.#c ??= readCFunctions());
  }
}

/** JSON that may stand in a script. */
export function scriptText(value: unknown): string {
  return JSON.stringify(value).replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029');
}
