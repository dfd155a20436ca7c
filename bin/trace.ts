import { existsSync, realpathSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/**
 * `redis-server --trace SET`: hands over to the instrumented copy of the server, which prints the calls of the commands that are
 * named while it serves. It is made from the sources, so it needs a checkout. True when it took over, or said that it cannot.
 */
export function traced(argv: string[]): boolean {
  if (!argv.includes('--trace')) return false;
  const entry = realpathSync(argv[1]);
  for (const root of ['..', '../..']) {
    const tool = join(dirname(entry), root, 'tools/trace-server.cjs');
    if (!existsSync(tool)) continue;
    createRequire(entry)(tool);
    return true;
  }
  console.error(
    '--trace needs a checkout of the sources, with the packages for development installed',
  );
  process.exitCode = 1;
  return true;
}
