/**
 * What every program does before it loads anything else. It must be the first import of an entry.
 *
 * Errors of the compiled program name the lines of the TypeScript sources: Node reads the maps that
 * the compiler wrote beside the code. And where Node can (22.8 and later), the code that V8 compiled
 * is kept on disk, so that the next start is quicker. Not while coverage is measured: functions
 * that come from that cache are counted less exactly.
 */
import * as nodeModule from 'node:module';

process.setSourceMapsEnabled(true);
if (process.env['NODE_V8_COVERAGE'] === undefined) {
  (nodeModule as { enableCompileCache?: () => unknown }).enableCompileCache?.();
}
