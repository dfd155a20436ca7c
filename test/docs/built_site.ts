/** The built site for tests: docs/site when it is as new as the sources, or one that is built once for all tests. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { isFresh, siteFolder } from '../../docs/build.ts';
import { root } from '../support/sources.ts';

/** Where the site of the tests stands. It stays, so that the next run finds it when nothing has changed. */
const testSite = join(root, 'node_modules/.cache/site');

let built: string | null = null;

/** The folder of a site that shows the present sources. Building it takes a while: give the hook time. */
export function builtSite(): string {
  if (built !== null) return built;
  for (const folder of [siteFolder, testSite]) if (isFresh(folder)) return (built = folder);
  const env = { ...process.env };
  // What a child executes would be counted, and that is slow.
  delete env.NODE_V8_COVERAGE;
  const build = spawnSync(
    process.execPath,
    [
      ...process.execArgv.filter((arg) => arg.includes('strip-types')),
      '-r',
      'ts-node/register',
      'docs/build.ts',
      testSite,
    ],
    { cwd: root, env, encoding: 'utf8' },
  );
  if (build.status !== 0) throw new Error(`the site cannot be built:\n${build.stderr}`);
  return (built = testSite);
}

/** The browser of the machine, if it has one. */
export function chromium(): string | null {
  const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return places.find((place) => existsSync(place)) ?? null;
}
