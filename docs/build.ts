/**
 * Builds the site: `npm run docs` writes docs/site.
 *
 *     node -r ts-node/register docs/build.ts [folder]
 *
 * The recording and TypeDoc's reading of the sources go on at the same time, on two processors. A tour that names what the recording
 * does not have makes the build fail.
 *
 * Who calls in: `npm run docs`, the tests of the site. Whom it calls: TypeDoc, with docs/plugin.
 */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Application, LogLevel } from 'typedoc';
import { prepare } from './plugin/data.ts';

const root = resolve(__dirname, '..');

/** Where the site stands. */
export const siteFolder = join(root, 'docs/site');

/** Builds the site into a folder; throws when something is wrong with it. */
export async function buildSite(
  folder = siteFolder,
  say: (text: string) => void = () => {},
): Promise<void> {
  const prepared = prepare(say);
  // TypeDoc asks for it again, and says what went wrong.
  prepared.catch(() => {});
  const app = await Application.bootstrapWithPlugins({
    options: join(root, 'typedoc.json'),
    out: folder,
    logLevel: LogLevel.Warn,
  });
  const project = await app.convert();
  if (project === undefined) throw new Error('TypeDoc could not read the sources');
  await prepared;
  await app.generateDocs(project, folder);
  if (app.logger.hasErrors()) throw new Error('TypeDoc reported errors');
}

/** Whether the site is newer than everything that it is made of. */
export function isFresh(folder = siteFolder): boolean {
  const stamp = join(folder, 'assets/site.js');
  if (!existsSync(stamp)) return false;
  const built = statSync(stamp).mtimeMs;
  const entries = readdirSync(root, { withFileTypes: true })
    .filter(
      (entry) =>
        entry.isDirectory() &&
        !/^(?:\.|node_modules|coverage|dist|test|bench|utils)/.test(entry.name),
    )
    .map(({ name }) => name);
  const newer = (path: string): boolean => {
    if (path === folder || path.endsWith('/site')) return false;
    const stat = statSync(path);
    if (!stat.isDirectory())
      return /\.(?:ts|json|md|css|svg|tsv)$/.test(path) && stat.mtimeMs > built;
    return readdirSync(path).some((name) => newer(join(path, name)));
  };
  return ![...entries, 'typedoc.json', 'DIFFERENCES.md'].some((name) => newer(join(root, name)));
}

/** Bytes of all files in a folder, and how many there are. */
export function sizeOf(folder: string): { files: number; bytes: number } {
  const sum = { files: 0, bytes: 0 };
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    sum.files++;
    sum.bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return sum;
}

async function main(): Promise<void> {
  const [target] = process.argv.slice(2);
  const folder = target === undefined ? siteFolder : resolve(target);
  const began = performance.now();
  await buildSite(folder, (text) => console.log(text));
  const { files, bytes } = sizeOf(folder);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${files} files, ${(bytes / 1e6).toFixed(1)} MB, ${seconds} s: ${folder}/index.html`);
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}
